//! `cargo xtask regen`: manifests in, generated files out.

use std::fs;
use std::time::Instant;

use generator::analysis::Analysis;
use generator::diff::{Report, Side};
use generator::emit;
use generator::model::Integration;

use super::diff::{self, Compared};
use crate::cli;
use crate::diff_text;
use crate::error::{Failure, counted};
use crate::input::{self, Input};
use crate::output::{self, Change, ChangeKind, Ours, Target};
use crate::report;
use crate::snapshot;
use crate::version;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, arguments: &cli::Regen) -> Result<(), Failure> {
    let start = Instant::now();
    if arguments.descriptions && !arguments.update && arguments.from.is_none() {
        return Err(Failure::NoDescriptions);
    }
    let before = if arguments.update {
        Compared::before_update(workspace)?
    } else {
        None
    };
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

    let mut changes = changes(workspace, arguments, &input, &analysis)?;
    let report = match (&before, &input.commit) {
        (Some(before), Some(commit)) => Some(diff::report(
            workspace,
            before,
            &Compared::new(Side::from(commit), analysis.clone()),
        )?),
        _ => None,
    };
    if let (true, Some(report)) = (arguments.bump, &report) {
        changes.extend(version::changes(workspace, report)?);
    }
    if arguments.check {
        crate::print(&report::changes(&changes, workspace))?;
    } else {
        output::apply(&changes)?;
        warn_of_foreign(&changes, workspace);
    }
    if let Some(report) = &report {
        tell(arguments, report)?;
    }
    let written = changes
        .iter()
        .filter(|change| arguments.check || change.kind != ChangeKind::Foreign)
        .count();
    crate::print(&format!(
        "{}, {} ms\n",
        summary(&analysis, written),
        start.elapsed().as_millis()
    ))?;
    if arguments.check && !changes.is_empty() {
        return Err(Failure::Drift(changes.len()));
    }
    Ok(())
}

/// What an update changes for users: on stdout, and in a file if one is asked for.
fn tell(arguments: &cli::Regen, report: &Report) -> Result<(), Failure> {
    if let Some(path) = &arguments.report {
        fs::write(path, report.to_markdown()).map_err(Failure::io("write", path))?;
    }
    crate::print(&format!("{}\n", diff_text::report(report)))
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
    let emit::Files { modules, pages } = emit::files(&integrations, options)?;
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
    let changes: Result<Vec<Vec<Change>>, Failure> = targets.iter().map(Target::changes).collect();
    Ok(changes?.into_iter().flatten().collect())
}

fn warn_of_foreign(changes: &[Change], workspace: &Workspace) {
    for change in changes
        .iter()
        .filter(|change| change.kind == ChangeKind::Foreign)
    {
        anstream::eprintln!(
            "{} was not written by this command and is left alone",
            workspace.shown(&change.path)
        );
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
