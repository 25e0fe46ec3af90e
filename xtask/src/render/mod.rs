//! All text for people: problems, differences, updates, lists.

mod diagnostics;
mod files;
mod history;
mod list;
mod update;

pub(crate) use diagnostics::diagnostics;
pub(crate) use files::file_changes;
pub(crate) use history::{Outcome, Step, Walk, history_json, history_markdown, history_text};
pub(crate) use list::{integration, integrations};
pub(crate) use update::update;
