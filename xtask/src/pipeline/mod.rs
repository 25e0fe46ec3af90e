//! From manifests to what is generated: read, analyse, hold back, compare.

mod comparison;
mod hold_back;
mod input;

use std::fs;
use std::io;
use std::path::Path;

use generator::analysis::{self, Analysis};
use generator::diagnostic::Diagnostic;
use generator::overrides::Overrides;

pub(crate) use comparison::Compared;
pub(crate) use hold_back::{Pinned, hold_back, problems_of_held_back};
pub(crate) use input::{Input, from_commit, from_folder, from_snapshot};

use crate::error::Error;
use crate::output;
use crate::render;
use crate::ui::FetchProgress;
use crate::upstream;
use crate::workspace::Workspace;

/// The manifests of a folder, or else of the pinned snapshot.
pub(crate) fn read(workspace: &Workspace, from: Option<&Path>) -> Result<Input, Error> {
    let console = workspace.console();
    if let Some(folder) = from {
        console.detail(format_args!("reading {}", folder.display()));
        return console.stage("read", || from_folder(folder));
    }
    output::refuse_unfinished(workspace)?;
    let folder = workspace.manifests();
    console.detail(format_args!("reading {}", workspace.shown(&folder)));
    console.stage("read", || from_snapshot(&folder))
}

/// Fetches a commit, and says what was received.
pub(crate) fn fetch(
    workspace: &Workspace,
    repository: &str,
    revision: Option<&str>,
) -> Result<upstream::Snapshot, Error> {
    let cache = workspace.cache();
    let console = workspace.console();
    console.detail(format_args!(
        "fetching {repository} into {}",
        workspace.shown(&cache)
    ));
    let progress = FetchProgress::new(repository, console);
    let request = upstream::Request {
        repository,
        revision,
        cache: &cache,
    };
    let fetched = upstream::fetch(&request, &mut |step| progress.show(step))?;
    progress.finish(&fetched.revision, fetched.transfer);
    if let Some(reference) = &fetched.outside {
        console.note(format_args!(
            "no branch and no tag of {repository} reaches this commit: it was found by {reference}"
        ));
    }
    Ok(fetched)
}

/// Analyses manifests, together with the problems of those that couldn't be read and of
/// overrides.toml.
pub(crate) fn analyse(workspace: &Workspace, input: &Input) -> Result<Analysis, Error> {
    let (overrides, mut problems) = match read_overrides(workspace)? {
        Ok(overrides) => (overrides, Vec::new()),
        Err(problems) => (Overrides::default(), problems),
    };
    // An override may be for a manifest that couldn't be read.
    let partial = input.partial || !input.unreadable.is_empty();
    let analysing = || analysis::analyse(&input.sources, &overrides, partial);
    let mut analysis = workspace.console().stage("analyse", analysing);
    analysis.diagnostics.append(&mut problems);
    analysis.diagnostics.extend_from_slice(&input.unreadable);
    Ok(analysis)
}

/// overrides.toml, or its problems.
pub(crate) fn read_overrides(
    workspace: &Workspace,
) -> Result<Result<Overrides, Vec<Diagnostic>>, Error> {
    let path = workspace.overrides();
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Overrides::parse(&text).map_err(|problem| vec![*problem])),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Ok(Overrides::default())),
        Err(error) => Err(Error::io("read", &path)(error)),
    }
}

/// Analyses manifests and refuses errors, which go to stderr; with `strict`, warnings too.
pub(crate) fn analyse_strictly(
    workspace: &Workspace,
    input: &Input,
    strict: bool,
) -> Result<Analysis, Error> {
    let analysis = analyse(workspace, input)?;
    accept(workspace, input, &analysis, strict)?;
    Ok(analysis)
}

/// Refuses errors, and with `strict` warnings, after they went to stderr.
pub(crate) fn accept(
    workspace: &Workspace,
    input: &Input,
    analysis: &Analysis,
    strict: bool,
) -> Result<(), Error> {
    let verdict = verdict(analysis, strict);
    if verdict.is_err() {
        let problems = render::diagnostics(&analysis.diagnostics, &input.sources);
        workspace.console().problems(&problems);
    }
    verdict
}

/// Whether anything can be generated.
pub(crate) fn verdict(analysis: &Analysis, strict: bool) -> Result<(), Error> {
    let errors = analysis.diagnostics.len() - analysis.warnings();
    if errors > 0 {
        return Err(Error::BadInput(errors));
    }
    if strict && analysis.warnings() > 0 {
        return Err(Error::Strict(analysis.warnings()));
    }
    Ok(())
}
