//! `cargo xtask regen`: manifests in, generated files out.

use std::time::Instant;

use generator::analysis::Analysis;
use generator::emit;
use generator::model::Integration;

use crate::cli;
use crate::error::{Failure, counted};
use crate::input::{self, Input};
use crate::output::{self, Change, ChangeKind, Ours, Target};
use crate::report;
use crate::snapshot;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, arguments: &cli::Regen) -> Result<(), Failure> {
    let start = Instant::now();
    if arguments.descriptions && !arguments.update && arguments.from.is_none() {
        return Err(Failure::NoDescriptions);
    }
    let input = if arguments.update {
        let repository = arguments.repo.as_deref().unwrap_or(crate::UPSTREAM);
        input::from_commit(
            super::fetch(workspace, repository, arguments.rev.as_deref())?,
            repository,
        )
    } else {
        super::read_input(workspace, arguments.from.as_deref())?
    };
    let analysis = super::accepted(workspace, &input, arguments.strict)?;

    let changes = changes(workspace, arguments, &input, &analysis)?;
    if arguments.check {
        crate::print(&report::changes(&changes, workspace))?;
    } else {
        write(&changes, workspace)?;
        warn_of_foreign(&changes, workspace);
    }
    let written = changes
        .iter()
        .filter(|change| arguments.check || change.kind != ChangeKind::Foreign)
        .count();
    workspace.console().summary(format_args!(
        "{}, {} ms",
        summary(&analysis, written),
        start.elapsed().as_millis()
    ))?;
    if arguments.check && !changes.is_empty() {
        return Err(Failure::Drift(changes.len()));
    }
    Ok(())
}

/// Every difference between what the manifests give and what is on disk, the snapshot first.
fn changes(
    workspace: &Workspace,
    arguments: &cli::Regen,
    input: &Input,
    analysis: &Analysis,
) -> Result<Vec<Change>, Failure> {
    let mut pin = input.pin.clone();
    let mut targets = Vec::new();
    if let Some(origin) = &input.commit {
        let (new_pin, target) = snapshot::target(workspace, analysis, origin.clone());
        if !arguments.update {
            snapshot::verify_refetched(workspace, &new_pin)?;
        }
        pin = Some(new_pin);
        targets.push(target);
    }
    let integrations: Vec<&Integration> = analysis
        .entries
        .iter()
        .map(|entry| &entry.integration)
        .collect();
    let options = emit::Options {
        pin: pin.as_ref(),
        descriptions: arguments.descriptions,
    };
    let console = workspace.console();
    let emit::Files { modules, pages } =
        console.stage("emit", || emit::files(&integrations, options))?;
    targets.push(Target {
        dir: arguments
            .out
            .clone()
            .unwrap_or_else(|| workspace.integrations()),
        files: modules,
        ours: Ours::Marked,
    });
    // The pages are about the package, of which another folder is no part.
    if arguments.out.is_none() {
        targets.push(Target {
            dir: workspace.package(),
            files: pages,
            ours: Ours::MarkedAmongOthers,
        });
    }
    let compare = || targets.iter().map(Target::changes).collect();
    let changes: Result<Vec<Vec<Change>>, Failure> = console.stage("compare", compare);
    Ok(changes?.into_iter().flatten().collect())
}

fn write(changes: &[Change], workspace: &Workspace) -> Result<(), Failure> {
    let console = workspace.console();
    console.stage("write", || output::apply(changes))?;
    for change in changes {
        let done = match change.kind {
            ChangeKind::Changed { .. } | ChangeKind::Missing { .. } => "wrote",
            ChangeKind::Extra { .. } => "deleted",
            ChangeKind::InTheWay { .. } | ChangeKind::Foreign => continue,
        };
        console.detail(format_args!("{done} {}", workspace.shown(&change.path)));
    }
    Ok(())
}

fn warn_of_foreign(changes: &[Change], workspace: &Workspace) {
    for change in changes
        .iter()
        .filter(|change| change.kind == ChangeKind::Foreign)
    {
        workspace.console().note(format_args!(
            "{} was not written by this command and is left alone",
            workspace.shown(&change.path)
        ));
    }
}

fn summary(analysis: &Analysis, files_changed: usize) -> String {
    let integrations = || analysis.entries.iter().map(|entry| &entry.integration);
    let with_fields = integrations()
        .filter(|integration| !integration.config.fields.is_empty())
        .count();
    let fields: usize = integrations()
        .map(|integration| integration.config.fields.len())
        .sum();
    let enums = integrations()
        .flat_map(Integration::structs)
        .flat_map(|values| &values.fields)
        .filter(|field| field.enumeration().is_some())
        .count();
    format!(
        "{}, {with_fields} with fields, {}, {}, {} changed, {}",
        counted(analysis.entries.len(), "manifest"),
        counted(fields, "field"),
        counted(enums, "enum"),
        counted(files_changed, "file"),
        counted(analysis.warnings(), "warning"),
    )
}
