//! Compares two sets of manifests.

use std::collections::HashMap;

use generator::{
    Analysis, Diagnostic, HeldBack, diff::Diff, diff::Report, diff::Side, model::Integration,
};

use super::Input;
use crate::error::Error;
use crate::output;
use crate::render;
use crate::ui;
use crate::workspace::Workspace;

/// One side of a comparison: manifests without errors.
#[derive(Debug)]
pub(crate) struct ComparisonSide {
    side: Side,
    analysis: Analysis,
}

impl ComparisonSide {
    /// A side from an analysis that has no errors.
    pub(crate) fn new(side: Side, analysis: Analysis) -> Self {
        Self { side, analysis }
    }

    /// Analyzes one side.
    ///
    /// # Errors
    /// Returns [`Error::NotComparable`] if the manifests have errors, which are printed to stderr.
    pub(crate) fn analyze(
        workspace: &Workspace,
        mut input: Input,
        side: Side,
    ) -> Result<Self, Error> {
        // Another revision may lack integrations that have overrides.
        input.partial = true;
        let analysis = super::analyze(workspace, &input)?;
        let problems = analysis.diagnostics.iter();
        let errors: Vec<&Diagnostic> = problems
            .filter(|problem| problem.is_error() && problem.origin != generator::OVERRIDES_FILE)
            .collect();
        if errors.is_empty() {
            return Ok(Self { side, analysis });
        }
        let problems = render::diagnostics(errors.iter().copied(), &input.sources);
        ui::eprint(problems);
        Err(Error::NotComparable {
            side: side.name(),
            errors: errors.len(),
        })
    }

    /// The report on the differences between this side and a newer one.
    pub(crate) fn report(
        &self,
        workspace: &Workspace,
        new: &Self,
        held_back: Vec<HeldBack>,
    ) -> Result<Report, Error> {
        let mut report = Report::new(
            (self.side.clone(), new.side.clone()),
            Diff::between(&self.integrations(), &new.integrations()),
            self.new_problems(new),
            output::versions(workspace)?,
        );
        report.held_back = held_back;
        Ok(report)
    }

    fn integrations(&self) -> Vec<&Integration> {
        let entries = self.analysis.analyzed.iter();
        entries.map(|entry| &entry.integration).collect()
    }

    /// The problems of `new` that this side doesn't have, one line each. These are warnings, and errors
    /// about overrides, which stop an update but not a comparison.
    fn new_problems(&self, new: &Self) -> Vec<String> {
        let mut known: HashMap<ProblemId<'_>, usize> = HashMap::new();
        for (id, _) in self.problems() {
            *known.entry(id).or_default() += 1;
        }
        let mut found = Vec::new();
        for (id, problem) in new.problems() {
            match known.get_mut(&id) {
                Some(left @ 1..) => *left -= 1,
                _ => {
                    let mut problem = problem.clone().origin(id.0);
                    problem.location = None;
                    found.push(problem.to_string());
                }
            }
        }
        found
    }

    fn problems(&self) -> impl Iterator<Item = (ProblemId<'_>, &Diagnostic)> {
        let entries = self.analysis.analyzed.iter();
        let keys: HashMap<&str, &str> = entries
            .map(|entry| (entry.origin.as_str(), entry.integration.key.as_str()))
            .collect();
        let problems = self.analysis.diagnostics.iter();
        problems.map(move |problem| {
            let origin = problem.origin.as_str();
            let place = keys.get(origin).copied().unwrap_or(origin);
            let id = (place, problem.message.as_str(), problem.found.as_deref());
            (id, problem)
        })
    }
}

/// The identity of a problem across revisions: the integration, the message and the found value. Line
/// and index are left out, because they change when other problems are added or removed.
type ProblemId<'a> = (&'a str, &'a str, Option<&'a str>);
