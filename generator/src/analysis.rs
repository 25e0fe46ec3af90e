//! Sources to models: every manifest read, checked and resolved, with all that is wrong with any.

use std::collections::HashSet;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, JsonPath};
use crate::manifest::Manifest;
use crate::merge::{self, Merged};
use crate::model::Integration;
use crate::overrides::{self, Corrections, Overrides};
use crate::source::{self, Source};
use crate::{limits, lint, read, resolve};

/// What was found in one source.
#[derive(Clone, Debug, Default)]
pub struct SourceReport {
    /// The manifest and what it generates, if nothing is wrong with it.
    pub analyzed: Option<Analyzed>,
    /// All problems of the source.
    pub diagnostics: Vec<Diagnostic>,
    /// The problems of the overrides for it: what of them matches nothing in the source, or is in the
    /// source by now. None if the source can't be read as a whole, since that may be what they are for.
    pub override_problems: Vec<Diagnostic>,
}

impl SourceReport {
    fn unreadable(problem: Diagnostic) -> Self {
        Self {
            diagnostics: vec![problem],
            ..Self::default()
        }
    }

    /// Whether anything stands against generating.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// What was found in all sources.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    /// The manifests that nothing is wrong with, sorted by key.
    pub entries: Vec<Analyzed>,
    /// The integrations that only a supplement has, sorted by key.
    pub supplements: Vec<Integration>,
    /// All problems of all sources, in the order of the sources' keys.
    pub diagnostics: Vec<Diagnostic>,
}

/// A manifest and what it generates.
#[derive(Clone, Debug)]
pub struct Analyzed {
    /// Where it came from, as the user knows it.
    pub origin: String,
    /// What it says.
    pub manifest: Manifest,
    /// What it generates.
    pub integration: Integration,
}

impl Analysis {
    /// Every integration, with a manifest or without, sorted by key.
    #[must_use]
    pub fn integrations(&self) -> Vec<&Integration> {
        let with_manifest = self.entries.iter().map(|entry| &entry.integration);
        let mut all: Vec<&Integration> = with_manifest.chain(&self.supplements).collect();
        all.sort_by_key(|integration| &integration.key);
        all
    }

    /// Whether anything stands against generating.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// How many warnings there are.
    #[must_use]
    pub fn warnings(&self) -> usize {
        self.diagnostics
            .iter()
            .filter(|diagnostic| !diagnostic.is_error())
            .count()
    }
}

/// Reads, checks and resolves every source, and what only supplements have; the order of the sources
/// doesn't matter.
///
/// With `partial`, the sources are not all there are: overrides for absent integrations are left alone,
/// and integrations without a manifest are left out.
#[must_use]
pub fn analyze(sources: &[Source], overrides: &Overrides, partial: bool) -> Analysis {
    let mut sorted: Vec<&Source> = sources.iter().collect();
    sorted.sort_by(|a, b| (&a.key, &a.origin).cmp(&(&b.key, &b.origin)));
    if let Some(problem) = limits::whole(&sorted) {
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
        analysis.entries.extend(report.analyzed);
        analysis.diagnostics.extend(report.diagnostics);
        override_problems.extend(report.override_problems);
    }
    if !partial {
        let present: HashSet<&str> = sorted.iter().map(|source| source.key.as_str()).collect();
        for key in overrides
            .integrations()
            .filter(|key| !present.contains(key))
        {
            let (integration, problems) = analyze_absent(key, overrides);
            analysis.supplements.extend(integration);
            override_problems.extend(problems);
        }
    }
    let supplements = analysis.supplements.iter();
    let integrations = analysis
        .entries
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

/// What overrides have for an integration that has no manifest, and what is wrong with them.
fn analyze_absent(key: &str, overrides: &Overrides) -> (Option<Integration>, Vec<Diagnostic>) {
    let corrections = overrides.of(key);
    let (merged, mut problems) = merge::whole(key, corrections);
    let integration = merged.and_then(|merged| {
        let (integration, found) = resolved(&merged, corrections);
        problems.extend(found);
        integration
    });
    for problem in &mut problems {
        problem.integrations = vec![key.to_owned()];
    }
    (integration, problems)
}

/// The integration, and what is wrong with it; what its supplement is to blame for has its place there.
fn resolved(
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

/// Reads, checks and resolves one source, for those who keep what they have read. What only shows
/// beside others, such as two integrations of one module name, is [`analyze`]'s.
#[must_use]
pub fn analyze_source(source: &Source, overrides: &Overrides) -> SourceReport {
    let corrections = overrides.of(&source.key);
    let mut report = match source::decode(source) {
        Ok(text) => analyze_text(source, text, corrections),
        Err(diagnostic) => SourceReport::unreadable(*diagnostic),
    };
    keep_readable(&mut report.diagnostics);
    for diagnostic in &mut report.diagnostics {
        // Some are about the overrides.
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
        Err(diagnostic) => return SourceReport::unreadable(*diagnostic),
    };
    let read = read::manifest(document);
    let mut report = SourceReport {
        diagnostics: read.diagnostics,
        ..SourceReport::default()
    };
    if let Some(manifest) = read.manifest {
        report.diagnostics.extend(lint::manifest(&manifest));
        let (merged, problems) = merge::merge(&source.key, &manifest, corrections);
        let (integration, found) = resolved(&merged, corrections);
        report.diagnostics.extend(found);
        // What couldn't be read may be what they are for.
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
    // What is about the overrides comes last.
    report.diagnostics.sort_by_key(|diagnostic| {
        let start = diagnostic.location.as_ref().map(|place| place.span.start);
        (!diagnostic.origin.is_empty(), start)
    });
    report
}

/// Leaves as many problems as can be read, and says that there were more.
fn keep_readable(diagnostics: &mut Vec<Diagnostic>) {
    let found = diagnostics.len();
    if found > limits::PROBLEMS {
        diagnostics.truncate(limits::PROBLEMS);
        let path = JsonPath::root();
        diagnostics.push(limits::too_many(path, "problems", found, limits::PROBLEMS));
    }
}

/// A problem of a whole source that can't be read, for those who find sources. `key` is `None` where
/// the file's name gives no integration key.
#[must_use]
pub fn unreadable(key: Option<&str>, origin: &str, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error("unreadable", JsonPath::root(), message)
        .origin(origin)
        .integrations(key)
}
