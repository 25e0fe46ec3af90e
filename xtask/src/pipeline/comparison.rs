//! Two sets of manifests, compared: what differs, and its semver impact.

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

/// One side of a comparison: manifests that can be generated from.
#[derive(Debug)]
pub(crate) struct Compared {
    side: Side,
    analysis: Analysis,
}

impl Compared {
    /// An update, which was analysed already.
    pub(crate) fn new(side: Side, analysis: Analysis) -> Self {
        Self { side, analysis }
    }

    /// Analyses one side. Its errors go to stderr and are refused.
    pub(crate) fn analyze(
        workspace: &Workspace,
        mut input: Input,
        side: Side,
    ) -> Result<Self, Error> {
        // Another revision needn't have everything that overrides are for.
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

    /// What differs between this side and a newer one.
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
            output::release(workspace)?,
        );
        report.held_back = held_back;
        Ok(report)
    }

    fn integrations(&self) -> Vec<&Integration> {
        let entries = self.analysis.entries.iter();
        entries.map(|entry| &entry.integration).collect()
    }

    /// The problems of `new` that this side has fewer of, each in one line. No errors are among them
    /// but those of overrides, which stop an update and no comparison.
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
        let entries = self.analysis.entries.iter();
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

/// What stays the same of a problem when others come and go: the integration, the message and the
/// value found, but no line and no position in a list.
type ProblemId<'a> = (&'a str, &'a str, Option<&'a str>);
