//! `manifests/overrides.toml`: what we know better than the manifests.
//!
//! [`merge`](crate::merge) gives each entry to what it is for; an entry that is for nothing is a
//! problem.

mod document;
mod file;

use std::collections::{BTreeMap, HashSet};

use crate::diagnostic::{Diagnostic, JsonPath};
use crate::manifest::Manifest;

/// The file that this module reads, for diagnostics.
pub const FILE: &str = "manifests/overrides.toml";

/// The block of a manifest's own form variables; others are `capability.block`.
pub const TOP_LEVEL: &str = "formVariables";

/// The entries of the file, by integration key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overrides {
    /// The file, in which the places of problems are looked up.
    text: String,
    integrations: BTreeMap<String, Entries>,
}

/// The entries for one integration.
#[derive(Clone, Debug, Default, PartialEq)]
struct Entries {
    corrections: Vec<Entry>,
    supplement: Option<Supplement>,
}

/// A `[[secret]]` or a `[[rename]]`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    path: JsonPath,
    pub(crate) place: Place,
    pub(crate) correction: Correction,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Correction {
    /// The field is secret although upstream doesn't say so.
    Secret,
    /// The name settles a collision, or names what can't be named.
    Name(String),
}

/// What a correction is for: an integration's module without a field at the top level, a block's
/// types without a field elsewhere, or else a field or one of its listed values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) block: String,
    pub(crate) field: Option<String>,
    pub(crate) value: Option<String>,
}

/// A `[[supplement]]`: form variables and capabilities that LaunchDarkly's server has and no public
/// manifest has.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Supplement {
    /// Where it is in the file.
    pub path: JsonPath,
    /// What it adds. With a `name` it is for an integration that has no manifest.
    pub manifest: Manifest,
    /// How it is known.
    pub reason: String,
    /// The page that shows it.
    pub evidence: String,
    /// What is wrong with its style.
    pub warnings: Vec<Diagnostic>,
}

impl Supplement {
    /// Whether it is for an integration that has no manifest.
    #[must_use]
    pub(crate) const fn is_whole(&self) -> bool {
        self.manifest.name.is_some()
    }
}

impl Entry {
    fn is_for_the_same(&self, other: &Self) -> bool {
        let kind = std::mem::discriminant::<Correction>;
        self.place == other.place && kind(&self.correction) == kind(&other.correction)
    }

    /// The problem of an entry that is for nothing.
    pub(crate) fn unmatched(&self, integration: &str) -> Diagnostic {
        Diagnostic::error(
            "unmatched-override",
            self.path.clone(),
            "an entry matches nothing in the manifests",
        )
        .found(self.place.shown(integration))
        .help("remove it, or correct it if upstream renamed what it means")
    }
}

impl Place {
    /// Whether it is a listed value, or the types of a capability's block.
    fn names_a_type(&self) -> bool {
        self.value.is_some() || (self.field.is_none() && self.block != TOP_LEVEL)
    }

    /// `integration / block / field / value`, as far as there is one.
    fn shown(&self, integration: &str) -> String {
        let block = Some(&self.block).filter(|block| self.field.is_some() || *block != TOP_LEVEL);
        let parts = [block, self.field.as_ref(), self.value.as_ref()];
        let mut shown = integration.to_owned();
        for part in parts.into_iter().flatten() {
            shown.push_str(" / ");
            shown.push_str(part);
        }
        shown
    }
}

impl Overrides {
    /// Reads the file's text.
    ///
    /// # Errors
    /// Every problem of the file, each with line and column and, unless the text isn't TOML, the
    /// integration of its entry: a property that is missing, unknown or of the wrong type, an empty
    /// reason, a name that Rust refuses, two entries for one place.
    pub fn parse(text: &str) -> Result<Self, Vec<Diagnostic>> {
        file::read(text)
    }

    /// The entries for an integration.
    pub(crate) fn of<'a>(&'a self, integration: &'a str) -> Corrections<'a> {
        Corrections {
            integration,
            text: &self.text,
            entries: self.integrations.get(integration),
        }
    }

    /// The keys of the integrations that have entries, sorted.
    pub fn integrations(&self) -> impl Iterator<Item = &str> {
        self.integrations.keys().map(String::as_str)
    }

    /// These overrides but for those of some integrations.
    #[must_use]
    pub fn without(&self, integrations: &HashSet<&str>) -> Self {
        let mut rest = self.clone();
        rest.integrations
            .retain(|key, _| !integrations.contains(key.as_str()));
        rest
    }

    fn entries(&mut self, integration: &str) -> &mut Entries {
        self.integrations.entry(integration.to_owned()).or_default()
    }
}

/// The entries for one integration.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Corrections<'a> {
    integration: &'a str,
    text: &'a str,
    entries: Option<&'a Entries>,
}

impl<'a> Corrections<'a> {
    pub(crate) fn entries(self) -> &'a [Entry] {
        self.entries.map_or(&[], |entries| &entries.corrections)
    }

    /// What the integration has beside its manifest.
    pub(crate) fn supplement(self) -> Option<&'a Supplement> {
        self.entries?.supplement.as_ref()
    }

    /// Gives problems of the entries their place in the file, and the integration.
    pub(crate) fn locate<'d>(self, problems: impl IntoIterator<Item = &'d mut Diagnostic>) {
        let mut problems: Vec<&mut Diagnostic> = problems.into_iter().collect();
        // The file is parsed only if there is something to look up.
        if !problems.is_empty() {
            document::locate(self.text, problems.iter_mut().map(|problem| &mut **problem));
        }
        for problem in problems {
            problem.integrations = vec![self.integration.to_owned()];
        }
    }

    /// Gives a diagnostic about the integration as a whole the place of its supplement.
    pub(crate) fn locate_supplement(self, problem: &mut Diagnostic) {
        if let Some(supplement) = self.supplement() {
            problem.path = supplement.path.clone();
            document::locate(self.text, [problem]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
        [[secret]]
        integration = "pagerduty"
        field = "integrationKey"
        reason = "it is a credential"

        [[rename]]
        integration = "acme"
        block = "featureStore.formVariables"
        field = "size"
        value = "1.2"
        to = "OneTwo"
        reason = "collides with 12"

        [[rename]]
        integration = "acme"
        to = "acme_inc"
        reason = "there is another acme"
    "#;

    #[test]
    fn entries_belong_to_their_integration() {
        let overrides = Overrides::parse(TEXT).unwrap();
        let count = |key| overrides.of(key).entries().len();
        assert_eq!(
            [count("pagerduty"), count("acme"), count("other")],
            [1, 2, 0]
        );
        let without = overrides.without(&HashSet::from(["acme"]));
        assert_eq!(without.integrations().collect::<Vec<_>>(), ["pagerduty"]);
    }
}
