//! `cargo xtask pin`: the snapshot from a checkout, where upstream can't be reached.

use generator::analysis::Analysis;
use generator::snapshot::Pin;

use super::regen;
use crate::cli;
use crate::error::{Failure, counted};
use crate::input;
use crate::output;
use crate::report;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, arguments: &cli::Pin) -> Result<(), Failure> {
    if arguments.revision.len() != 40
        || !arguments
            .revision
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit())
    {
        return Err(Failure::BadRevision(arguments.revision.clone()));
    }
    let input = input::Input {
        partial: false,
        ..input::from_directory(&arguments.dir)?
    };
    let analysis: Analysis = super::analyse_input(workspace, &input)?;
    if analysis.has_errors() {
        anstream::eprint!(
            "{}",
            report::diagnostics(&analysis.diagnostics, &input.sources)
        );
    }
    super::accept(&analysis, false)?;
    let origin = Pin {
        repository: arguments.repository.clone(),
        revision: arguments.revision.to_ascii_lowercase(),
        committed: arguments.committed.clone(),
        digest: String::new(),
    };
    let (_, snapshot) = regen::snapshot(workspace, &analysis, origin);
    let changes = snapshot.changes()?;
    output::apply(&changes)?;
    crate::print(&format!(
        "{} pinned, {} changed\n",
        counted(analysis.entries.len(), "manifest"),
        counted(changes.len(), "file")
    ))
}
