//! `cargo xtask regen`: manifests in, generated files out.

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use generator::analysis::Analysis;
use generator::diff::{Report, Side};
use generator::emit;
use generator::model::Integration;

use super::diff::{self, Compared};
use crate::cli;
use crate::comparison::{Change, ChangeKind, Ours, Target};
use crate::diff_text;
use crate::error::{Failure, counted};
use crate::input::{self, Input};
use crate::journal;
use crate::lock::{self, Access};
use crate::plan::Plan;
use crate::report;
use crate::snapshot;
use crate::version;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, arguments: &cli::Regen) -> Result<(), Failure> {
    let start = Instant::now();
    if arguments.descriptions && !arguments.update && arguments.from.is_none() {
        return Err(Failure::NoDescriptions);
    }
    let fetched = fetch_update(workspace, arguments)?;
    let _lock = lock::workspace(workspace, workspace_access(arguments))?;
    settle_snapshot(workspace, arguments)?;
    let (before, input) = match fetched {
        Some(input) => (Compared::before_update(workspace)?, input),
        None => (
            None,
            super::read_input(workspace, arguments.from.as_deref())?,
        ),
    };
    let analysis = super::accepted(workspace, &input, arguments.strict)?;

    let (snapshot, generated) = targets(workspace, arguments, &input, &analysis)?;
    let _folder_lock = lock::folder(
        workspace,
        &modules(workspace, arguments),
        modules_access(arguments),
    )?;
    let compare = || Plan::new(snapshot, &generated);
    let mut plan = workspace.console().stage("compare", compare)?;
    let report = report_update(workspace, before.as_ref(), &input, &analysis)?;
    match &report {
        Some(report) if arguments.bump => plan.add(version::changes(workspace, report)?),
        None if arguments.bump || arguments.report.is_some() => workspace
            .console()
            .note("there is nothing to compare with: no report, and the version stays"),
        _ => {}
    }
    if arguments.check {
        crate::print(&report::changes(plan.changes(), workspace))?;
    } else {
        write(&plan, workspace)?;
        warn_of_foreign(&plan, workspace);
    }
    if let Some(report) = &report {
        tell(arguments, report)?;
    }
    let changed = changed(&plan, arguments.check);
    let milliseconds = start.elapsed().as_millis();
    let summary = summary(&analysis, changed);
    workspace
        .console()
        .summary(format_args!("{summary}, {milliseconds} ms"))?;
    if arguments.check && changed > 0 {
        return Err(Failure::Drift(changed));
    }
    Ok(())
}

/// How many files are, or would be, other than before. What isn't ours is left alone, and yet should
/// not be there.
fn changed(plan: &Plan, check: bool) -> usize {
    let counts = |change: &&Change| check || change.kind != ChangeKind::Foreign;
    plan.changes().filter(counts).count()
}

/// With `--update`, what upstream has; before any lock, as a network takes its time.
fn fetch_update(workspace: &Workspace, arguments: &cli::Regen) -> Result<Option<Input>, Failure> {
    if !arguments.update {
        return Ok(None);
    }
    let repository = arguments.repo.as_deref().unwrap_or(crate::UPSTREAM);
    let commit = super::fetch(workspace, repository, arguments.rev.as_deref())?;
    Ok(Some(input::from_commit(commit, repository)))
}

/// What an update changes for users, if there was a snapshot to compare with.
fn report_update(
    workspace: &Workspace,
    before: Option<&Compared>,
    input: &Input,
    analysis: &Analysis,
) -> Result<Option<Report>, Failure> {
    let (Some(before), Some(commit)) = (before, &input.commit) else {
        return Ok(None);
    };
    let after = Compared::new(Side::from(commit), analysis.clone());
    diff::report(workspace, before, &after).map(Some)
}

/// What an update changes for users: on stdout, and in a file if one is asked for.
fn tell(arguments: &cli::Regen, report: &Report) -> Result<(), Failure> {
    if let Some(path) = &arguments.report {
        fs::write(path, report.to_markdown()).map_err(Failure::io("write", path))?;
    }
    crate::print(&format!("{}\n", diff_text::report(report)))
}

/// What this run may do to the workspace: with a source and an output elsewhere, nothing.
fn workspace_access(arguments: &cli::Regen) -> Access {
    if arguments.from.is_some() && arguments.out.is_some() {
        Access::Read
    } else {
        modules_access(arguments)
    }
}

/// What this run may do to the generated modules.
fn modules_access(arguments: &cli::Regen) -> Access {
    if arguments.check {
        Access::Read
    } else {
        Access::Write
    }
}

/// Sees to what an interrupted run has left of manifests/, unless this run has no use for it.
fn settle_snapshot(workspace: &Workspace, arguments: &cli::Regen) -> Result<(), Failure> {
    if arguments.from.is_some() {
        return Ok(());
    }
    match workspace_access(arguments) {
        Access::Read => journal::refuse_unfinished(&workspace.manifests()),
        Access::Write => super::complete_snapshot(workspace),
    }
}

/// The folder of the generated modules.
fn modules(workspace: &Workspace, arguments: &cli::Regen) -> PathBuf {
    let out = arguments.out.clone();
    out.unwrap_or_else(|| workspace.integrations())
}

/// What the manifests give: the snapshot, if it isn't to stay as it is, and what is generated.
fn targets(
    workspace: &Workspace,
    arguments: &cli::Regen,
    input: &Input,
    analysis: &Analysis,
) -> Result<(Option<Target>, Vec<Target>), Failure> {
    let mut pin = input.pin.clone();
    let mut snapshot = None;
    let mut generated = Vec::new();
    if let Some(origin) = &input.commit {
        let (new_pin, target) = snapshot::target(workspace, analysis, origin.clone());
        if !arguments.update {
            snapshot::verify_refetched(workspace, &new_pin)?;
        }
        pin = Some(new_pin);
        snapshot = Some(target);
    } else if arguments.from.is_none() {
        generated.push(Target::without_leftovers(workspace.manifests()));
    }
    let integrations = analysis.integrations();
    let options = emit::Options {
        pin: pin.as_ref(),
        descriptions: arguments.descriptions,
    };
    let emitted = || emit::files(&integrations, options);
    let emit::Files { modules, pages } = workspace.console().stage("emit", emitted)?;
    generated.push(Target {
        dir: self::modules(workspace, arguments),
        files: modules,
        ours: Ours::Marked,
    });
    // The pages are about the package, of which another folder is no part.
    if arguments.out.is_none() {
        generated.push(Target {
            dir: workspace.package(),
            files: pages,
            ours: Ours::MarkedAmongOthers,
        });
    }
    Ok((snapshot, generated))
}

fn write(plan: &Plan, workspace: &Workspace) -> Result<(), Failure> {
    let console = workspace.console();
    console.stage("write", || plan.carry_out())?;
    for change in plan.changes() {
        let done = match change.kind {
            ChangeKind::Changed { .. } | ChangeKind::Missing { .. } => "wrote",
            ChangeKind::Extra { .. } => "deleted",
            ChangeKind::InTheWay { .. } | ChangeKind::Foreign => continue,
        };
        console.detail(format_args!("{done} {}", workspace.shown(&change.path)));
    }
    Ok(())
}

fn warn_of_foreign(plan: &Plan, workspace: &Workspace) {
    for change in plan
        .changes()
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
