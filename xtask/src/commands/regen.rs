//! `cargo xtask regen`: generates the files from the manifests.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use generator::{Analysis, Pin, diff::Report, diff::Side, model::Integration, snapshot};

use crate::cli;
use crate::error::{Error, counted};
use crate::lock::{self, Access};
use crate::output::{self, Expected, FileChange, FileChangeKind, Managed, Plan, Recovery};
use crate::pipeline::{self, ComparisonSide, Input, Pinned};
use crate::render;
use crate::ui;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, arguments: &cli::Regen) -> Result<(), Error> {
    let start = Instant::now();
    if arguments.descriptions && !arguments.update && arguments.from.is_none() {
        return Err(Error::NoDescriptions);
    }
    let _lock = lock::workspace(workspace, access(arguments))?;
    if arguments.from.is_none() {
        recover(workspace, arguments)?;
    }
    let prepared = if arguments.update {
        update(workspace, arguments)?
    } else {
        regenerate(workspace, arguments)?
    };
    if arguments.check {
        ui::print(&render::file_changes(prepared.plan.changes(), workspace))?;
    } else {
        prepared.plan.apply(workspace)?;
        note_unmanaged(workspace, &prepared.plan);
    }
    if let Some(report) = &prepared.report {
        ui::print(&format!("{}\n", render::update(report)))?;
    }
    let changed = changed(&prepared.plan, arguments.check);
    let summary = summary(&prepared.analysis, prepared.held_back, changed);
    let milliseconds = start.elapsed().as_millis();
    ui::print(&format!("{summary}, {milliseconds} ms\n"))?;
    if arguments.check && changed > 0 {
        return Err(Error::Drift(changed));
    }
    Ok(())
}

/// The changes and messages of a run, before anything is written.
struct Prepared {
    analysis: Analysis,
    plan: Plan,
    report: Option<Report>,
    held_back: usize,
}

/// Generates the files from the snapshot or a folder.
fn regenerate(workspace: &Workspace, arguments: &cli::Regen) -> Result<Prepared, Error> {
    let input = pipeline::read(workspace, arguments.from.as_deref())?;
    let analysis = pipeline::analyze_without_errors(workspace, &input, arguments.strict)?;
    let mut generated = generated(workspace, arguments, input.pin.as_ref(), &analysis)?;
    if arguments.from.is_none() {
        generated.push(Expected::without_temporary_files(workspace.manifests()));
    }
    Ok(Prepared {
        plan: Plan::new(None, &generated)?,
        report: None,
        held_back: input.pin.map_or(0, |pin| pin.held_back.len()),
        analysis,
    })
}

/// Fetches a commit, and generates the new snapshot and the files from it.
fn update(workspace: &Workspace, arguments: &cli::Regen) -> Result<Prepared, Error> {
    let address = arguments.repo.as_deref().unwrap_or(crate::UPSTREAM);
    let pinned_repository = if arguments.fork {
        address
    } else {
        crate::UPSTREAM
    };
    let commit = pipeline::fetch(workspace, address, arguments.rev.as_deref())?;
    let before = snapshot_before(workspace)?;
    let mut input = pipeline::from_commit(commit, pinned_repository);
    let analyze = |input: &Input| pipeline::analyze(workspace, input);
    let analysis = if arguments.hold_back {
        let pinned = before.as_ref().map(Pinned::from).unwrap_or_default();
        let (held, analysis) = pipeline::hold_back(input, &pinned, analyze)?;
        input = held;
        analysis
    } else {
        analyze(&input)?
    };
    pipeline::reject_errors(&input, &analysis, arguments.strict)?;

    let (pin, snapshot) = new_snapshot(workspace, &input, &analysis, before.is_some());
    let generated = generated(workspace, arguments, Some(&pin), &analysis)?;
    let mut plan = Plan::new(Some(&snapshot), &generated)?;
    let held_back = pin.held_back.len();
    let report = report(workspace, before, &pin, &analysis)?;
    if let (Some(report), true) = (&report, arguments.bump) {
        plan.add(output::version_changes(workspace, report)?);
    }
    if let Some(file) = &arguments.report {
        plan.add_report(file, markdown(report.as_ref(), &pin));
    }
    Ok(Prepared {
        analysis,
        plan,
        report,
        held_back,
    })
}

/// The snapshot that an update replaces; `None` if it is missing or not valid. That is no error, because
/// the update rewrites it.
fn snapshot_before(workspace: &Workspace) -> Result<Option<Input>, Error> {
    match pipeline::from_snapshot(workspace) {
        Ok(input) => Ok(Some(input)),
        Err(error @ (Error::Digest { .. } | Error::BadPin { .. } | Error::NoPin(_))) => {
            ui::note(format_args!(
                "can't report what the update changes: {error}"
            ));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// The report on an update; `None` if there is no valid old snapshot.
fn report(
    workspace: &Workspace,
    before: Option<Input>,
    pin: &Pin,
    analysis: &Analysis,
) -> Result<Option<Report>, Error> {
    let Some(before) = before else {
        return Ok(None);
    };
    let Some(side) = before.pin.as_ref().map(Side::from) else {
        return Ok(None);
    };
    let before = match ComparisonSide::analyze(workspace, before, side) {
        Err(error @ Error::NotComparable { .. }) => {
            ui::note(format_args!(
                "can't report what the update changes: {error}"
            ));
            return Ok(None);
        }
        before => before?,
    };
    let after = ComparisonSide::new(Side::from(pin), analysis.clone());
    before
        .report(workspace, &after, pin.held_back.clone())
        .map(Some)
}

fn markdown(report: Option<&Report>, pin: &Pin) -> String {
    report.map_or_else(
        || {
            let commit = Side::from(pin).name();
            format!(
                "# Manifests at {commit}\n\nThere was no valid snapshot to compare with, so the \
                 version stays as it is.\n"
            )
        },
        Report::to_markdown,
    )
}

/// A run needs write access if it writes to the workspace, or if it fetches, because a fetch writes to
/// the cache.
fn access(arguments: &cli::Regen) -> Access {
    let elsewhere = arguments.from.is_some() && arguments.out.is_some();
    if !arguments.update && (arguments.check || elsewhere) {
        Access::Read
    } else {
        Access::Write
    }
}

/// Completes an update that was interrupted. With `--check`, this only returns an error.
fn recover(workspace: &Workspace, arguments: &cli::Regen) -> Result<(), Error> {
    if arguments.check {
        return output::check_not_interrupted(workspace);
    }
    let manifests = workspace.shown(&workspace.manifests());
    match output::recover(workspace)? {
        Recovery::Nothing => {}
        Recovery::Completed => ui::note(format_args!(
            "completed the interrupted update of {manifests}"
        )),
        Recovery::OutOfDate(changed) => ui::note(format_args!(
            "discarded an interrupted update, because {} has changed since then",
            workspace.shown(&changed)
        )),
    }
    Ok(())
}

/// The new snapshot, and the pin with its digest.
fn new_snapshot(
    workspace: &Workspace,
    input: &Input,
    analysis: &Analysis,
    verified: bool,
) -> (Pin, Expected) {
    let texts: BTreeMap<&str, String> = analysis
        .analyzed
        .iter()
        .map(|entry| {
            let key = entry.integration.key.as_str();
            (key, snapshot::to_json(&entry.manifest))
        })
        .collect();
    let digest = snapshot::digest(texts.iter().map(|(key, text)| (*key, text.as_bytes())));
    let pin = Pin {
        digest,
        ..input.pin.clone().unwrap_or_default()
    };
    let texts = texts.into_iter();
    let mut files: BTreeMap<String, String> = texts
        .map(|(key, text)| (snapshot::file_name(key), text))
        .collect();
    files.insert(snapshot::PIN_FILE.to_owned(), pin.to_json());
    let expected = Expected {
        folder: workspace.manifests(),
        files,
        managed: if verified {
            Managed::Snapshot
        } else {
            Managed::UnverifiedSnapshot
        },
    };
    (pin, expected)
}

/// The generated files: the modules, and the pages of the package.
fn generated(
    workspace: &Workspace,
    arguments: &cli::Regen,
    pin: Option<&Pin>,
    analysis: &Analysis,
) -> Result<Vec<Expected>, Error> {
    let integrations = analysis.integrations();
    let options = generator::EmitOptions {
        pin,
        descriptions: arguments.descriptions,
    };
    let generator::Files { modules, pages } = generator::emit(&integrations, options)?;
    let mut expected = vec![Expected {
        folder: modules_folder(workspace, arguments),
        files: modules,
        managed: Managed::Modules,
    }];
    // The pages belong to the package. With `--out`, only the modules are written.
    if arguments.out.is_none() {
        expected.push(Expected {
            folder: workspace.package(),
            files: pages,
            managed: Managed::Pages,
        });
    }
    Ok(expected)
}

fn modules_folder(workspace: &Workspace, arguments: &cli::Regen) -> PathBuf {
    let out = arguments.out.clone();
    out.unwrap_or_else(|| workspace.integrations())
}

fn note_unmanaged(workspace: &Workspace, plan: &Plan) {
    let unmanaged = |change: &&FileChange| change.kind == FileChangeKind::Unmanaged;
    for change in plan.changes().filter(unmanaged) {
        let path = workspace.shown(&change.path);
        ui::note(format_args!(
            "{path} was not written by this command, so it isn't changed"
        ));
    }
}

/// The number of files that change. With `--check`, unmanaged files count too, because they don't belong
/// in the folder.
fn changed(plan: &Plan, check: bool) -> usize {
    plan.changes()
        .filter(|change| check || change.kind != FileChangeKind::Unmanaged)
        .count()
}

fn summary(analysis: &Analysis, held_back: usize, files_changed: usize) -> String {
    let integrations = || analysis.integrations().into_iter();
    let with_fields = integrations()
        .filter(|integration| {
            integration
                .structs()
                .any(|values| !values.fields.is_empty())
        })
        .count();
    let fields = || {
        integrations()
            .flat_map(Integration::structs)
            .flat_map(|values| &values.fields)
    };
    let enums = fields()
        .filter(|field| field.enumeration().is_some())
        .count();
    let held_back = match held_back {
        0 => String::new(),
        count => format!("{count} held back, "),
    };
    format!(
        "{}, {with_fields} with fields, {}, {}, {held_back}{} changed, {}",
        counted(analysis.analyzed.len(), "manifest"),
        counted(fields().count(), "field"),
        counted(enums, "enum"),
        counted(files_changed, "file"),
        counted(analysis.warnings(), "warning"),
    )
}
