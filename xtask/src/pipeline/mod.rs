//! The pipeline of commands: read manifests, analyze, hold back, compare.

mod comparison;
mod hold_back;
mod input;

use std::fs;
use std::io;
use std::path::Path;

use generator::{Analysis, Diagnostic, Overrides};

pub(crate) use comparison::ComparisonSide;
pub(crate) use hold_back::{Pinned, held_back_diagnostics, hold_back};
pub(crate) use input::{Input, from_commit, from_folder, from_snapshot};

use crate::error::Error;
use crate::output;
use crate::render;
use crate::ui::{self, FetchProgress};
use crate::upstream;
use crate::workspace::Workspace;

/// Reads the manifests of the folder `from`, or of the pinned snapshot without one.
pub(crate) fn read(workspace: &Workspace, from: Option<&Path>) -> Result<Input, Error> {
    if let Some(folder) = from {
        return from_folder(folder);
    }
    output::check_not_interrupted(workspace)?;
    from_snapshot(workspace)
}

/// Fetches a commit. A note on stderr says what was received.
pub(crate) fn fetch(
    workspace: &Workspace,
    repository: &str,
    revision: Option<&str>,
) -> Result<upstream::CommitManifests, Error> {
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
            "this commit is on no branch or tag of {repository}; it was found through {reference}"
        ));
    }
    Ok(fetched)
}

/// Analyzes the manifests. The diagnostics include those about unreadable files and overrides.toml.
pub(crate) fn analyze(workspace: &Workspace, input: &Input) -> Result<Analysis, Error> {
    let (overrides, mut problems) = match read_overrides(workspace)? {
        Ok(overrides) => (overrides, Vec::new()),
        Err(problems) => (Overrides::default(), problems),
    };
    // An override may be for a manifest that couldn't be read.
    let partial = input.partial || !input.read_errors.is_empty();
    let mut analysis = generator::analyze(&input.sources, &overrides, partial);
    analysis.diagnostics.append(&mut problems);
    analysis.diagnostics.extend_from_slice(&input.read_errors);
    Ok(analysis)
}

/// Reads overrides.toml, or returns its problems.
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

/// Analyzes the manifests.
///
/// # Errors
/// Returns an error if there are errors or, with `strict`, warnings. All problems are printed to stderr.
pub(crate) fn analyze_without_errors(
    workspace: &Workspace,
    input: &Input,
    strict: bool,
) -> Result<Analysis, Error> {
    let analysis = analyze(workspace, input)?;
    reject_errors(input, &analysis, strict)?;
    Ok(analysis)
}

/// Returns an error if there are errors or, with `strict`, warnings. All problems are printed to stderr.
pub(crate) fn reject_errors(input: &Input, analysis: &Analysis, strict: bool) -> Result<(), Error> {
    let verdict = errors_to_result(analysis, strict);
    if verdict.is_err() {
        ui::eprint(render::diagnostics(&analysis.diagnostics, &input.sources));
    }
    verdict
}

/// Returns an error if there are errors or, with `strict`, warnings.
pub(crate) fn errors_to_result(analysis: &Analysis, strict: bool) -> Result<(), Error> {
    let errors = analysis.diagnostics.len() - analysis.warnings();
    if errors > 0 {
        return Err(Error::BadInput(errors));
    }
    if strict && analysis.warnings() > 0 {
        return Err(Error::Strict(analysis.warnings()));
    }
    Ok(())
}
