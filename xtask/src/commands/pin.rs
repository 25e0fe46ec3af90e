//! `cargo xtask pin`: the snapshot from a checkout, where upstream can't be reached.

use generator::snapshot::Pin;

use crate::cli;
use crate::error::{Failure, counted};
use crate::input;
use crate::lock::{self, Access};
use crate::plan::Plan;
use crate::snapshot;
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
    let _lock = lock::workspace(workspace, Access::Write)?;
    super::complete_snapshot(workspace)?;
    let input = input::Input {
        partial: false,
        ..input::from_directory(&arguments.dir)?
    };
    let analysis = super::accepted(workspace, &input, false)?;
    let origin = Pin {
        repository: arguments.repository.clone(),
        revision: arguments.revision.to_ascii_lowercase(),
        committed: arguments.committed.clone(),
        digest: String::new(),
        held_back: Vec::new(),
    };
    let (_, target) = snapshot::target(workspace, &analysis, origin);
    let plan = Plan::new(Some(target), &[])?;
    plan.carry_out()?;
    workspace.console().summary(format_args!(
        "{} pinned, {} changed",
        counted(analysis.entries.len(), "manifest"),
        counted(plan.changes().count(), "file")
    ))
}
