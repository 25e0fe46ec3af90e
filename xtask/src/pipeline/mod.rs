//! From manifests to what is generated: read, analyze, hold back, compare.

mod comparison;
mod hold_back;
mod input;

use std::fs;
use std::io;
use std::path::Path;

use generator::{Analysis, Diagnostic, Overrides};

pub(crate) use comparison::Compared;
pub(crate) use hold_back::{Pinned, hold_back, problems_of_held_back};
pub(crate) use input::{Input, from_commit, from_folder, from_snapshot};

use crate::error::Error;
use crate::output;
use crate::render;
use crate::ui::{self, FetchProgress};
use crate::upstream;
use crate::workspace::Workspace;

/// The manifests of a folder, or else of the pinned snapshot.
pub(crate) fn read(workspace: &Workspace, from: Option<&Path>) -> Result<Input, Error> {
    if let Some(folder) = from {
        return from_folder(folder);
    }
    output::refuse_unfinished(workspace)?;
    from_snapshot(workspace)
}

/// Fetches a commit, and says what was received.
pub(crate) fn fetch(
    workspace: &Workspace,
    repository: &str,
    revision: Option<&str>,
) -> Result<upstream::Snapshot, Error> {
    let cache = workspace.cache();
    let progress = FetchProgress::new(repository);
    let request = upstream::Request {
        repository,
        revision,
        cache: &cache,
    };
    let fetched = upstream::fetch(&request, &mut |step| progress.show(step))?;
    progress.finish(&fetched.revision, fetched.transfer);
    if let Some(reference) = &fetched.outside {
        ui::note(format_args!(
            "no branch and no tag of {repository} reaches this commit: it was found by {reference}"
        ));
    }
    Ok(fetched)
}

/// Analyses manifests, together with the problems of those that couldn't be read and of
/// overrides.toml.
pub(crate) fn analyze(workspace: &Workspace, input: &Input) -> Result<Analysis, Error> {
    let (overrides, mut problems) = match read_overrides(workspace)? {
        Ok(overrides) => (overrides, Vec::new()),
        Err(problems) => (Overrides::default(), problems),
    };
    // An override may be for a manifest that couldn't be read.
    let partial = input.partial || !input.unreadable.is_empty();
    let mut analysis = generator::analyze(&input.sources, &overrides, partial);
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
        Ok(text) => Ok(Overrides::parse(&text)),
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
    let analysis = analyze(workspace, input)?;
    accept(input, &analysis, strict)?;
    Ok(analysis)
}

/// Refuses errors, and with `strict` warnings. All problems go to stderr then.
pub(crate) fn accept(input: &Input, analysis: &Analysis, strict: bool) -> Result<(), Error> {
    let verdict = verdict(analysis, strict);
    if verdict.is_err() {
        ui::eprint(render::diagnostics(&analysis.diagnostics, &input.sources));
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
