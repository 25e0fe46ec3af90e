//! Sources to models: every manifest read, checked and resolved, with all that is wrong with any.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, JsonPath};
use crate::manifest::Manifest;
use crate::model::Integration;
use crate::overrides::Overrides;
use crate::source::{self, Source};
use crate::{limits, lint, read, resolve};

/// What one source amounts to.
#[derive(Clone, Debug)]
pub struct Reading {
    /// What could be read, if only in part.
    pub entry: Option<Entry>,
    /// All problems of the source.
    pub diagnostics: Vec<Diagnostic>,
}

impl Reading {
    /// Whether anything stands against generating.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// What the sources amount to.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    /// The manifests that could be read, if only in part, sorted by key.
    pub entries: Vec<Entry>,
    /// All problems of all sources, in the order of the sources' keys.
    pub diagnostics: Vec<Diagnostic>,
}

/// A manifest that could be read.
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

/// Reads, checks and resolves every source; their order doesn't matter.
///
/// With `partial`, the sources are not all there are, and overrides for absent integrations are
/// left alone.
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
    let mut broken = HashSet::new();
    for (source, reading) in sorted.iter().zip(readings) {
        if reading.has_errors() {
            broken.insert(source.key.as_str());
        }
        analysis.entries.extend(reading.entry);
        analysis.diagnostics.extend(reading.diagnostics);
    }
    let integrations = analysis
        .entries
        .iter()
        .map(|entry| (&entry.integration, entry.origin.as_str()));
    analysis
        .diagnostics
        .extend(resolve::module_collisions(integrations));
    // What a broken manifest lacks may be what couldn't be read.
    analysis.diagnostics.extend(unmatched_overrides(
        &analysis.entries,
        &overrides.without(&broken),
        partial,
    ));
    analysis
}

/// Reads, checks and resolves one source, for those who keep what they have read. What only shows
/// beside others, such as two integrations of one module name, is [`analyse`]'s.
#[must_use]
pub fn analyse_source(source: &Source, overrides: &Overrides) -> Reading {
    let (entry, mut diagnostics) = match source::decode(source) {
        Ok(text) => analyse_text(source, text, overrides),
        Err(diagnostic) => (None, vec![*diagnostic]),
    };
    keep_readable(&mut diagnostics);
    for diagnostic in &mut diagnostics {
        diagnostic.origin.clone_from(&source.origin);
        diagnostic.integrations = vec![source.key.clone()];
    }
    Reading { entry, diagnostics }
}

fn analyse_text(
    source: &Source,
    text: &str,
    overrides: &Overrides,
) -> (Option<Entry>, Vec<Diagnostic>) {
    let document = match source::parse(text) {
        Ok(document) => document,
        Err(diagnostic) => return (None, vec![*diagnostic]),
    };
    let (manifest, mut diagnostics) = read::manifest(document);
    let entry = manifest.map(|manifest| {
        diagnostics.extend(lint::manifest(&manifest));
        let (integration, problems) = resolve::integration(&source.key, &manifest, overrides);
        diagnostics.extend(problems);
        Entry {
            origin: source.origin.clone(),
            manifest,
            integration,
        }
    });
    source::locate(text, &mut diagnostics);
    diagnostics.sort_by_key(|diagnostic| {
        diagnostic
            .location
            .as_ref()
            .map(|location| location.span.start)
    });
    (entry, diagnostics)
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

fn unmatched_overrides(entries: &[Entry], overrides: &Overrides, partial: bool) -> Vec<Diagnostic> {
    let manifests: HashMap<&str, &Manifest> = entries
        .iter()
        .map(|entry| (entry.integration.key.as_str(), &entry.manifest))
        .collect();
    overrides.unmatched(|key| manifests.get(key).copied(), partial)
}

/// A problem of a whole source that can't be read, for those who find sources. `key` is `None` where
/// the file's name gives no integration key.
#[must_use]
pub fn unreadable(key: Option<&str>, origin: &str, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error("unreadable", JsonPath::root(), message)
        .origin(origin)
        .integrations(key)
}
