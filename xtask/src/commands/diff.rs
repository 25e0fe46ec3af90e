//! `cargo xtask diff`: what changed, and what that weighs for users.

use std::collections::HashMap;
use std::path::Path;

use generator::analysis::Analysis;
use generator::diagnostic::Diagnostic;
use generator::diff::{Diff, Report, Side};
use generator::model::Integration;
use generator::overrides;
use generator::source::Source;

use crate::cli::{self, DiffFormat};
use crate::diff_text;
use crate::error::Failure;
use crate::input::{self, Input};
use crate::lock::{self, Access};
use crate::report;
use crate::version;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, arguments: &cli::Diff) -> Result<(), Failure> {
    let repository = arguments.repo.as_deref().unwrap_or(crate::UPSTREAM);
    if arguments.all {
        return super::history::run(workspace, repository, arguments.format);
    }
    let old = match &arguments.old {
        Some(named) => Compared::named(workspace, named, repository)?,
        None => Compared::pinned(workspace)?,
    };
    let new = match &arguments.new {
        Some(named) => Compared::named(workspace, named, repository)?,
        None => Compared::fetched(workspace, repository, None)?,
    };
    let report = report(workspace, &old, &new)?;
    crate::print(&match arguments.format {
        DiffFormat::Text => diff_text::report(&report),
        DiffFormat::Markdown => report.to_markdown(),
        DiffFormat::Json => report.to_json(),
    })
}

/// One of the two that are compared.
pub(crate) struct Compared {
    side: Side,
    analysis: Analysis,
}

impl Compared {
    /// The pinned snapshot.
    fn pinned(workspace: &Workspace) -> Result<Self, Failure> {
        let _lock = lock::workspace(workspace, Access::Read)?;
        let input = super::read_input(workspace, None)?;
        let pin = input.pin.as_ref().or(input.commit.as_ref());
        let side = pin.map_or_else(
            || Side::Directory(workspace.shown(&workspace.manifests())),
            Side::from,
        );
        Self::accepted(workspace, input, side)
    }

    /// A folder of that name, if there is one, or else a revision of the repository.
    fn named(workspace: &Workspace, named: &str, repository: &str) -> Result<Self, Failure> {
        let path = Path::new(named);
        // No revision begins with a dot or a slash, so that a mistyped folder gets its own error.
        if path.is_dir() || named.starts_with(['.', '/', '\\']) {
            let input = input::from_directory(path)?;
            return Self::accepted(workspace, input, Side::Directory(named.to_owned()));
        }
        Self::fetched(workspace, repository, Some(named))
    }

    /// A revision of the repository, or what its default branch has.
    fn fetched(
        workspace: &Workspace,
        repository: &str,
        revision: Option<&str>,
    ) -> Result<Self, Failure> {
        let input = input::from_commit(super::fetch(workspace, repository, revision)?, repository);
        let side = input
            .commit
            .as_ref()
            .map_or_else(|| Side::Directory(repository.to_owned()), Side::from);
        Self::accepted(workspace, input, side)
    }

    /// The snapshot that an update is about to replace; `None`, with a word, if there is none that can
    /// be compared. That stops no update, which may be what puts it right.
    pub(crate) fn before_update(workspace: &Workspace) -> Result<Option<Self>, Failure> {
        match Self::snapshot(workspace) {
            Err(
                failure @ (Failure::Digest { .. }
                | Failure::BadPin { .. }
                | Failure::NotComparable { .. }),
            ) => {
                let told = format_args!("what changes can't be told: {failure}");
                workspace.console().note(told);
                Ok(None)
            }
            outcome => outcome,
        }
    }

    fn snapshot(workspace: &Workspace) -> Result<Option<Self>, Failure> {
        let Some(mut input) = input::from_snapshot(&workspace.manifests())? else {
            return Ok(None);
        };
        let Some(pin) = input.pin.take() else {
            return Ok(None);
        };
        let (compared, errors, _) = Self::analysed(workspace, input, Side::from(&pin))?;
        match errors.len() {
            0 => Ok(Some(compared)),
            errors => Err(compared.refused(errors)),
        }
    }

    /// What was read already.
    pub(crate) fn new(side: Side, analysis: Analysis) -> Self {
        Self { side, analysis }
    }

    /// What can be generated from, which alone can be compared; else its problems go to stderr.
    fn accepted(workspace: &Workspace, input: Input, side: Side) -> Result<Self, Failure> {
        let (compared, errors, sources) = Self::analysed(workspace, input, side)?;
        if errors.is_empty() {
            return Ok(compared);
        }
        let problems = report::diagnostics(&errors, &sources);
        workspace.console().problems(&problems);
        Err(compared.refused(errors.len()))
    }

    /// What the manifests amount to, and what stands against generating from them.
    fn analysed(
        workspace: &Workspace,
        input: Input,
        side: Side,
    ) -> Result<(Self, Vec<Diagnostic>, Vec<Source>), Failure> {
        let input = Input {
            // Another revision needn't have all that overrides are for.
            partial: true,
            ..input
        };
        let analysis = super::analyse_input(workspace, &input)?;
        let errors = analysis
            .diagnostics
            .iter()
            .filter(|problem| problem.is_error() && problem.origin != overrides::FILE)
            .cloned()
            .collect();
        Ok((Self { side, analysis }, errors, input.sources))
    }

    fn refused(&self, errors: usize) -> Failure {
        Failure::NotComparable {
            side: self.side.name(),
            errors,
        }
    }

    fn integrations(&self) -> Vec<&Integration> {
        let entries = self.analysis.entries.iter();
        entries.map(|entry| &entry.integration).collect()
    }

    /// Problems that stop no comparison: warnings, and overrides that match nothing, which would stop
    /// an update. By what stays the same when others come and go: no line, no position in a list.
    fn remarks(&self) -> impl Iterator<Item = (Remark<'_>, &Diagnostic)> {
        let entries = self.analysis.entries.iter();
        let keys: HashMap<&str, &str> = entries
            .map(|entry| (entry.origin.as_str(), entry.integration.key.as_str()))
            .collect();
        let problems = self.analysis.diagnostics.iter();
        problems.map(move |problem| {
            let origin = problem.origin.as_str();
            let of = keys.get(origin).copied().unwrap_or(origin);
            let remark = (of, problem.message.as_str(), problem.found.as_deref());
            (remark, problem)
        })
    }
}

/// The integration, the message and the value found.
type Remark<'a> = (&'a str, &'a str, Option<&'a str>);

/// The remarks about `new` of which `old` has fewer, each in one line.
fn new_remarks(old: &Compared, new: &Compared) -> Vec<String> {
    let mut known: HashMap<Remark<'_>, usize> = HashMap::new();
    for (remark, _) in old.remarks() {
        *known.entry(remark).or_default() += 1;
    }
    let mut found = Vec::new();
    for (remark, problem) in new.remarks() {
        match known.get_mut(&remark) {
            Some(left @ 1..) => *left -= 1,
            _ => {
                let mut problem = problem.clone().origin(remark.0);
                problem.location = None;
                found.push(problem.to_string());
            }
        }
    }
    found
}

/// What differs, and what it comes to.
pub(crate) fn report(
    workspace: &Workspace,
    old: &Compared,
    new: &Compared,
) -> Result<Report, Failure> {
    Ok(Report::new(
        (old.side.clone(), new.side.clone()),
        Diff::between(&old.integrations(), &new.integrations()),
        new_remarks(old, new),
        version::current(workspace)?,
    ))
}
