//! `cargo xtask lint`: all diagnostics, nothing written.

use crate::cli;
use crate::error::{Failure, counted};
use crate::lock::{self, Access};
use crate::report;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, arguments: &cli::Lint) -> Result<(), Failure> {
    let _lock = lock::workspace(workspace, Access::Read)?;
    let input = super::read_input(workspace, arguments.from.as_deref())?;
    let analysis = super::analyse_input(workspace, &input)?;
    crate::print(&report::diagnostics(&analysis.diagnostics, &input.sources))?;
    super::accept(&analysis, arguments.strict)?;
    crate::print(&format!(
        "{}, {}\n",
        counted(analysis.entries.len(), "manifest"),
        counted(analysis.warnings(), "warning")
    ))
}
