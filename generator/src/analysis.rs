//! Turns sources into models: reads, checks and resolves every manifest, and collects all problems.

use std::collections::HashSet;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, JsonPath};
use crate::manifest::Manifest;
use crate::merge::{self, Merged};
use crate::model::Integration;
use crate::overrides::{self, Corrections, Overrides};
use crate::source::{self, Source};
use crate::{limits, lint, read, resolve};

/// The result of analyzing one source.
#[derive(Clone, Debug, Default)]
pub struct SourceReport {
    /// The manifest and its model; `None` if there is an error.
    pub analyzed: Option<Analyzed>,
    /// All problems of the source.
    pub diagnostics: Vec<Diagnostic>,
    /// Overrides for this integration that match nothing, or that upstream now has itself. Empty if
    /// the source could be read only in part, because an override may be for the missing part.
    pub override_problems: Vec<Diagnostic>,
}

impl SourceReport {
    fn from_error(problem: Diagnostic) -> Self {
        Self {
            diagnostics: vec![problem],
            ..Self::default()
        }
    }

    /// Whether there is an error, so that nothing can be generated.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// The result of analyzing all sources.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    /// The manifests without errors, sorted by key.
    pub analyzed: Vec<Analyzed>,
    /// The integrations that have no manifest, only a supplement, sorted by key.
    pub supplements: Vec<Integration>,
    /// All problems of all sources, in the order of the sources' keys.
    pub diagnostics: Vec<Diagnostic>,
}

/// A manifest and its model.
#[derive(Clone, Debug)]
pub struct Analyzed {
    /// The file it was read from, as the user knows it.
    pub origin: String,
    /// The manifest.
    pub manifest: Manifest,
    /// Its model.
    pub integration: Integration,
}

impl Analysis {
    /// All integrations, with and without a manifest, sorted by key.
    #[must_use]
    pub fn integrations(&self) -> Vec<&Integration> {
        let with_manifest = self.analyzed.iter().map(|entry| &entry.integration);
        let mut all: Vec<&Integration> = with_manifest.chain(&self.supplements).collect();
        all.sort_by_key(|integration| &integration.key);
        all
    }

    /// Whether there is an error, so that nothing can be generated.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// The number of warnings.
    #[must_use]
    pub fn warnings(&self) -> usize {
        self.diagnostics
            .iter()
            .filter(|diagnostic| !diagnostic.is_error())
            .count()
    }
}

/// Reads, checks and resolves all sources, and the integrations that only a supplement defines. The
/// order of the sources doesn't matter.
///
/// Set `partial` if `sources` doesn't have all upstream manifests. Then overrides for absent
/// integrations aren't reported, and integrations without a manifest are left out.
#[must_use]
pub fn analyze(sources: &[Source], overrides: &Overrides, partial: bool) -> Analysis {
    let mut sorted: Vec<&Source> = sources.iter().collect();
    sorted.sort_by(|a, b| (&a.key, &a.origin).cmp(&(&b.key, &b.origin)));
    if let Some(problem) = limits::check_total(&sorted) {
        return Analysis {
            diagnostics: vec![problem],
            ..Analysis::default()
        };
    }
    let reports: Vec<SourceReport> = sorted
        .par_iter()
        .map(|source| analyze_source(source, overrides))
        .collect();

    let mut analysis = Analysis::default();
    let mut override_problems = Vec::new();
    for report in reports {
        analysis.analyzed.extend(report.analyzed);
        analysis.diagnostics.extend(report.diagnostics);
        override_problems.extend(report.override_problems);
    }
    if !partial {
        let present: HashSet<&str> = sorted.iter().map(|source| source.key.as_str()).collect();
        for key in overrides
            .integrations()
            .filter(|key| !present.contains(key))
        {
            let (integration, problems) = analyze_without_manifest(key, overrides);
            analysis.supplements.extend(integration);
            override_problems.extend(problems);
        }
    }
    let supplements = analysis.supplements.iter();
    let integrations = analysis
        .analyzed
        .iter()
        .map(|entry| (&entry.integration, entry.origin.as_str()))
        .chain(supplements.map(|integration| (integration, overrides::FILE)));
    let mut collisions = resolve::module_collisions(integrations);
    for collision in &mut collisions {
        if collision.origin == overrides::FILE
            && let Some(key) = collision.integrations.last().cloned()
        {
            overrides.of(&key).locate_supplement(collision);
        }
    }
    analysis.diagnostics.extend(collisions);
    override_problems.sort_by_key(|problem| problem.location.as_ref().map(|at| at.span.start));
    analysis.diagnostics.extend(override_problems);
    analysis
}

/// The model of an integration that has no manifest, and the problems of its overrides.
fn analyze_without_manifest(
    key: &str,
    overrides: &Overrides,
) -> (Option<Integration>, Vec<Diagnostic>) {
    let corrections = overrides.of(key);
    let (merged, mut problems) = merge::supplement_only(key, corrections);
    let integration = merged.and_then(|merged| {
        let (integration, found) = resolve_merged(&merged, corrections);
        problems.extend(found);
        integration
    });
    for problem in &mut problems {
        problem.integrations = vec![key.to_owned()];
    }
    (integration, problems)
}

/// The model and its problems. Problems of the supplement are located in `overrides.toml`.
fn resolve_merged(
    merged: &Merged<'_>,
    corrections: Corrections<'_>,
) -> (Option<Integration>, Vec<Diagnostic>) {
    let (integration, mut diagnostics) = resolve::integration(merged);
    if let Some(supplement) = corrections.supplement() {
        diagnostics.extend(supplement.warnings.iter().cloned());
        let problems = diagnostics.iter_mut();
        corrections.locate(problems.filter(|problem| problem.path.starts_with(&supplement.path)));
    }
    (integration, diagnostics)
}

/// Reads, checks and resolves one source, for callers that cache the result. Problems between two
/// integrations, such as equal module names, are found by [`analyze`] only.
#[must_use]
pub fn analyze_source(source: &Source, overrides: &Overrides) -> SourceReport {
    let corrections = overrides.of(&source.key);
    let mut report = match source::decode(source) {
        Ok(text) => analyze_text(source, text, corrections),
        Err(diagnostic) => SourceReport::from_error(*diagnostic),
    };
    truncate_diagnostics(&mut report.diagnostics);
    for diagnostic in &mut report.diagnostics {
        // Diagnostics about overrides have their own origin.
        if diagnostic.origin.is_empty() {
            diagnostic.origin.clone_from(&source.origin);
        }
        diagnostic.integrations = vec![source.key.clone()];
    }
    report
}

fn analyze_text(source: &Source, text: &str, corrections: Corrections<'_>) -> SourceReport {
    let document = match source::parse(text) {
        Ok(document) => document,
        Err(diagnostic) => return SourceReport::from_error(*diagnostic),
    };
    let read = read::manifest(document);
    let mut report = SourceReport {
        diagnostics: read.diagnostics,
        ..SourceReport::default()
    };
    if let Some(manifest) = read.manifest {
        report.diagnostics.extend(lint::manifest(&manifest));
        let (merged, problems) = merge::merge(&source.key, &manifest, corrections);
        let (integration, found) = resolve_merged(&merged, corrections);
        report.diagnostics.extend(found);
        // An override may be for a part that couldn't be read.
        if read.complete {
            report.override_problems = problems;
            report.analyzed = integration.map(|integration| Analyzed {
                origin: source.origin.clone(),
                manifest,
                integration,
            });
        }
    }
    source::locate(text, &mut report.diagnostics);
    // Diagnostics about overrides come last.
    report.diagnostics.sort_by_key(|diagnostic| {
        let start = diagnostic.location.as_ref().map(|place| place.span.start);
        (!diagnostic.origin.is_empty(), start)
    });
    report
}

/// Cuts the list after [`limits::PROBLEMS`] and adds an error that gives the total number.
fn truncate_diagnostics(diagnostics: &mut Vec<Diagnostic>) {
    let found = diagnostics.len();
    if found > limits::PROBLEMS {
        diagnostics.truncate(limits::PROBLEMS);
        let path = JsonPath::root();
        diagnostics.push(limits::too_many(path, "problems", found, limits::PROBLEMS));
    }
}

/// An error about a source whose bytes can't be read. `key` is `None` if the file's name isn't an
/// integration key.
#[must_use]
pub fn read_error(key: Option<&str>, origin: &str, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error("unreadable", JsonPath::root(), message)
        .origin(origin)
        .integrations(key)
}
