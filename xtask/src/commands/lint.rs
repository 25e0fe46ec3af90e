//! `cargo xtask lint`: shows all diagnostics and writes nothing.

use crate::cli;
use crate::error::{Error, counted};
use crate::lock::{self, Access};
use crate::pipeline;
use crate::render;
use crate::ui;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, arguments: &cli::Lint) -> Result<(), Error> {
    let _lock = lock::workspace(workspace, Access::Read)?;
    let input = pipeline::read(workspace, arguments.from.as_deref())?;
    let mut analysis = pipeline::analyze(workspace, &input)?;
    if let Some(pin) = &input.pin {
        let held_back = pipeline::held_back_diagnostics(pin);
        analysis.diagnostics.extend(held_back);
    }
    ui::print(&render::diagnostics(&analysis.diagnostics, &input.sources))?;
    pipeline::errors_to_result(&analysis, arguments.strict)?;
    ui::print(&format!(
        "{}, {}\n",
        counted(analysis.analyzed.len(), "manifest"),
        counted(analysis.warnings(), "warning")
    ))
}
