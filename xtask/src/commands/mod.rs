//! One module for each command.

pub(crate) mod ci;
pub(crate) mod diff;
pub(crate) mod history;
pub(crate) mod lint;
pub(crate) mod list;
pub(crate) mod regen;
