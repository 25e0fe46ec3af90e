//! The terminal: stdout and stderr, progress, colours.

mod console;
mod progress;
pub(crate) mod style;

pub(crate) use console::{eprint, note, print, print_error};
pub(crate) use progress::{FetchProgress, WalkProgress};
