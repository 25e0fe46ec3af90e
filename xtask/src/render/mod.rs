//! Formats everything that people read: diagnostics, file differences, updates, lists.

mod diagnostics;
mod files;
mod history;
mod list;
mod update;

pub(crate) use diagnostics::diagnostics;
pub(crate) use files::file_changes;
pub(crate) use history::{Outcome, Walk, WalkStep, history_json, history_markdown, history_text};
pub(crate) use list::{integration, integrations};
pub(crate) use update::update;
