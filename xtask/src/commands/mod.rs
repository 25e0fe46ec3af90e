//! One module per command.

pub(crate) mod ci;
pub(crate) mod completions;
pub(crate) mod diff;
pub(crate) mod history;
pub(crate) mod lint;
pub(crate) mod list;
pub(crate) mod pin;
pub(crate) mod regen;

use std::fs;
use std::io;
use std::path::Path;

use generator::analysis::{Analysis, analyse};
use generator::diagnostic::Diagnostic;
use generator::overrides::Overrides;

use crate::error::Failure;
use crate::git;
use crate::input::{self, Input};
use crate::journal;
use crate::progress::FetchProgress;
use crate::report;
use crate::workspace::Workspace;

/// The manifests of a directory, or else of the pinned snapshot, or else of the pinned commit.
fn read_input(workspace: &Workspace, from: Option<&Path>) -> Result<Input, Failure> {
    let console = workspace.console();
    if let Some(dir) = from {
        console.detail(format_args!("reading {}", dir.display()));
        return console.stage("read", || input::from_directory(dir));
    }
    let dir = workspace.manifests();
    journal::refuse_unfinished(&dir)?;
    console.detail(format_args!("reading {}", workspace.shown(&dir)));
    match console.stage("read", || input::from_snapshot(&dir))? {
        Some(input) => Ok(input),
        None => fetch_pinned(workspace),
    }
}

/// manifests/ has no snapshot: fetches the commit that its pin names, or upstream's newest.
fn fetch_pinned(workspace: &Workspace) -> Result<Input, Failure> {
    let pin = input::read_pin(&workspace.manifests())?;
    let repository = pin.as_ref().map_or(crate::UPSTREAM, |pin| &pin.repository);
    let revision = pin.as_ref().map(|pin| pin.revision.as_str());
    Ok(input::from_commit(
        fetch(workspace, repository, revision)?,
        repository,
    ))
}

fn fetch(
    workspace: &Workspace,
    repository: &str,
    revision: Option<&str>,
) -> Result<git::Snapshot, Failure> {
    let cache = workspace.cache();
    workspace.console().detail(format_args!(
        "fetching {repository} into {}",
        workspace.shown(&cache)
    ));
    let progress = FetchProgress::new(repository, workspace.console());
    let request = git::Request {
        repository,
        revision,
        cache: &cache,
    };
    let fetched = git::fetch(&request, &mut |step| progress.show(step))?;
    progress.finish(&fetched.revision, fetched.transfer);
    Ok(fetched)
}

/// Completes the snapshot that an interrupted run had begun, and says so.
fn complete_snapshot(workspace: &Workspace) -> Result<(), Failure> {
    let manifests = workspace.manifests();
    if journal::complete(&manifests)? {
        workspace.console().note(format_args!(
            "completed {}, which an interrupted run had begun to replace",
            workspace.shown(&manifests)
        ));
    }
    Ok(())
}

/// What the manifests amount to, with the problems of those that couldn't be read.
fn analyse_input(workspace: &Workspace, input: &Input) -> Result<Analysis, Failure> {
    // What couldn't be read may be what an override is for.
    let partial = input.partial || !input.unreadable.is_empty();
    let analyse = |overrides: &Overrides| {
        let analysing = || analyse(&input.sources, overrides, partial);
        workspace.console().stage("analyse", analysing)
    };
    let mut analysis = match read_overrides(&workspace.overrides())? {
        Ok(overrides) => analyse(&overrides),
        Err(problems) => {
            let mut analysis = analyse(&Overrides::default());
            analysis.diagnostics.extend(problems);
            analysis
        }
    };
    analysis
        .diagnostics
        .extend(input.unreadable.iter().cloned());
    Ok(analysis)
}

fn read_overrides(path: &Path) -> Result<Result<Overrides, Vec<Diagnostic>>, Failure> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Overrides::parse(&text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Ok(Overrides::default())),
        Err(error) => Err(Failure::io("read", path)(error)),
    }
}

/// What the manifests amount to, if nothing stands against it; else its problems go to stderr.
fn accepted(workspace: &Workspace, input: &Input, strict: bool) -> Result<Analysis, Failure> {
    let analysis = analyse_input(workspace, input)?;
    let verdict = accept(&analysis, strict);
    if verdict.is_err() {
        let report = report::diagnostics(&analysis.diagnostics, &input.sources);
        workspace.console().problems(&report);
    }
    verdict.map(|()| analysis)
}

/// Refuses manifests with errors, and with `strict` those with warnings.
fn accept(analysis: &Analysis, strict: bool) -> Result<(), Failure> {
    let errors = analysis.diagnostics.len() - analysis.warnings();
    if errors > 0 {
        return Err(Failure::BadInput(errors));
    }
    if strict && analysis.warnings() > 0 {
        return Err(Failure::Strict(analysis.warnings()));
    }
    Ok(())
}
