//! Sources to models: every manifest read, checked and resolved, with all that is wrong with any.

use std::collections::HashSet;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, JsonPath};
use crate::manifest::Manifest;
use crate::model::Integration;
use crate::overrides::{self, Corrections, Overrides};
use crate::source::{self, Source};
use crate::{limits, lint, read, resolve};

/// What one source amounts to.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The manifest and what it generates, if nothing is wrong with it.
    pub entry: Option<Entry>,
    /// All problems of the source.
    pub diagnostics: Vec<Diagnostic>,
    /// The problems of the overrides for it: what of them matches nothing in the source, or is in the
    /// source by now. None if the source can't be read as a whole, since that may be what they are for.
    pub override_problems: Vec<Diagnostic>,
}

impl Reading {
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

/// What the sources amount to.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    /// The manifests that nothing is wrong with, sorted by key.
    pub entries: Vec<Entry>,
    /// The integrations that only a supplement has, sorted by key.
    pub supplements: Vec<Integration>,
    /// All problems of all sources, in the order of the sources' keys.
    pub diagnostics: Vec<Diagnostic>,
}

/// A manifest and what it generates.
#[derive(Clone, Debug)]
pub struct Entry {
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
pub fn analyse(sources: &[Source], overrides: &Overrides, partial: bool) -> Analysis {
    let mut sorted: Vec<&Source> = sources.iter().collect();
    sorted.sort_by(|a, b| (&a.key, &a.origin).cmp(&(&b.key, &b.origin)));
    if let Some(problem) = limits::whole(&sorted) {
        return Analysis {
            diagnostics: vec![problem],
            ..Analysis::default()
        };
    }
    let readings: Vec<Reading> = sorted
        .par_iter()
        .map(|source| analyse_source(source, overrides))
        .collect();

    let mut analysis = Analysis::default();
    let mut override_problems = Vec::new();
    for reading in readings {
        analysis.entries.extend(reading.entry);
        analysis.diagnostics.extend(reading.diagnostics);
        override_problems.extend(reading.override_problems);
    }
    if !partial {
        let present: HashSet<&str> = sorted.iter().map(|source| source.key.as_str()).collect();
        for key in overrides
            .integrations()
            .filter(|key| !present.contains(key))
        {
            let (integration, problems) = analyse_absent(key, overrides);
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
            && let Some(key) = collision.integrations.last()
        {
            overrides.of(key).locate_supplement(collision);
        }
    }
    analysis.diagnostics.extend(collisions);
    override_problems.sort_by_key(|problem| problem.location.as_ref().map(|at| at.span.start));
    analysis.diagnostics.extend(override_problems);
    analysis
}

/// What overrides have for an integration that has no manifest, and what is wrong with them.
fn analyse_absent(key: &str, overrides: &Overrides) -> (Option<Integration>, Vec<Diagnostic>) {
    let mut corrections = overrides.of(key);
    let (integration, mut problems) = match resolve::supplement(key, &mut corrections) {
        Some(resolved) => resolved,
        None => (None, Vec::new()),
    };
    problems.extend(corrections.problems(key, false));
    for problem in &mut problems {
        problem.integrations = vec![key.to_owned()];
    }
    (integration, problems)
}

/// Reads, checks and resolves one source, for those who keep what they have read. What only shows
/// beside others, such as two integrations of one module name, is [`analyse`]'s.
#[must_use]
pub fn analyse_source(source: &Source, overrides: &Overrides) -> Reading {
    let corrections = overrides.of(&source.key);
    let mut reading = match source::decode(source) {
        Ok(text) => analyse_text(source, text, corrections),
        Err(diagnostic) => Reading::unreadable(*diagnostic),
    };
    keep_readable(&mut reading.diagnostics);
    for diagnostic in &mut reading.diagnostics {
        // Some are about the overrides.
        if diagnostic.origin.is_empty() {
            diagnostic.origin.clone_from(&source.origin);
        }
        diagnostic.integrations = vec![source.key.clone()];
    }
    reading
}

fn analyse_text(source: &Source, text: &str, mut corrections: Corrections<'_>) -> Reading {
    let document = match source::parse(text) {
        Ok(document) => document,
        Err(diagnostic) => return Reading::unreadable(*diagnostic),
    };
    let (manifest, mut diagnostics) = read::manifest(document);
    let is_whole = !diagnostics.iter().any(Diagnostic::is_error);
    let entry = manifest.and_then(|manifest| {
        diagnostics.extend(lint::manifest(&manifest));
        let (integration, problems) =
            resolve::integration(&source.key, &manifest, &mut corrections);
        diagnostics.extend(problems);
        Some(Entry {
            origin: source.origin.clone(),
            manifest,
            integration: integration.filter(|_| is_whole)?,
        })
    });
    source::locate(text, &mut diagnostics);
    // What is about the overrides comes last.
    diagnostics.sort_by_key(|diagnostic| {
        let start = diagnostic.location.as_ref().map(|place| place.span.start);
        (!diagnostic.origin.is_empty(), start)
    });
    let override_problems = if is_whole {
        corrections.problems(&source.key, true)
    } else {
        Vec::new()
    };
    Reading {
        entry,
        diagnostics,
        override_problems,
    }
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
