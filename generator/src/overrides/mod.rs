//! `manifests/overrides.toml`: corrections and additions to the manifests.
//!
//! [`merge`](crate::merge) applies each entry. An entry that matches nothing is an error.

mod document;
mod file;

use std::collections::{BTreeMap, HashSet};

use crate::diagnostic::{Diagnostic, JsonPath};
use crate::manifest::Manifest;

/// The path of the file, for diagnostics.
pub const FILE: &str = "manifests/overrides.toml";

/// The block of a manifest's own form variables; the blocks of capabilities are `capability.block`.
pub const TOP_LEVEL: &str = "formVariables";

/// The entries of the file, by integration key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overrides {
    /// The file's content, to find line and column of diagnostics.
    text: String,
    integrations: BTreeMap<String, IntegrationEntries>,
}

/// The entries for one integration.
#[derive(Clone, Debug, Default, PartialEq)]
struct IntegrationEntries {
    corrections: Vec<CorrectionEntry>,
    supplement: Option<SupplementEntry>,
}

/// A `[[secret]]` or a `[[rename]]`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CorrectionEntry {
    path: JsonPath,
    pub(crate) target: CorrectionTarget,
    pub(crate) correction: Correction,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Correction {
    /// Marks a field as secret.
    Secret,
    /// Sets a name, where the derived name collides or can't be derived.
    Name(String),
}

/// The target of a correction. With `field`, it is a field or one of its listed values. Without, it is
/// the integration's module for [`TOP_LEVEL`], and the types of the block otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CorrectionTarget {
    pub(crate) block: String,
    pub(crate) field: Option<String>,
    pub(crate) value: Option<String>,
}

/// A `[[supplement]]`: form variables and capabilities that LaunchDarkly's server has and no public
/// manifest has.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SupplementEntry {
    /// Its path in the file.
    pub path: JsonPath,
    /// What it adds. If it has a `name`, it defines an integration without a manifest.
    pub manifest: Manifest,
    /// How it is known.
    pub reason: String,
    /// The page that shows it.
    pub evidence: String,
    /// The style warnings about it.
    pub warnings: Vec<Diagnostic>,
}

impl SupplementEntry {
    /// Whether it defines an integration without a manifest.
    #[must_use]
    pub(crate) const fn defines_integration(&self) -> bool {
        self.manifest.name.is_some()
    }
}

impl CorrectionEntry {
    fn conflicts_with(&self, other: &Self) -> bool {
        let kind = std::mem::discriminant::<Correction>;
        self.target == other.target && kind(&self.correction) == kind(&other.correction)
    }

    /// The error for an entry that matches nothing.
    pub(crate) fn unmatched(&self, integration: &str) -> Diagnostic {
        Diagnostic::error(
            "unmatched-override",
            self.path.clone(),
            "the entry matches nothing in the manifests",
        )
        .found(self.target.describe(integration))
        .help("remove it, or correct it if upstream renamed its target")
    }
}

impl CorrectionTarget {
    /// Whether it is a listed value or the types of a capability's block.
    fn names_a_type(&self) -> bool {
        self.value.is_some() || (self.field.is_none() && self.block != TOP_LEVEL)
    }

    /// `integration / block / field / value`, without the parts that aren't set.
    fn describe(&self, integration: &str) -> String {
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
    /// Returns all problems of the file with line and column: invalid TOML; a property that is missing,
    /// unknown or of the wrong type; an empty reason; a name that isn't valid in Rust; two entries for
    /// the same target. Each names the integration of its entry, except for invalid TOML.
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

    /// A copy without the entries for some integrations.
    #[must_use]
    pub fn without(&self, integrations: &HashSet<&str>) -> Self {
        let mut rest = self.clone();
        rest.integrations
            .retain(|key, _| !integrations.contains(key.as_str()));
        rest
    }

    fn entries(&mut self, integration: &str) -> &mut IntegrationEntries {
        self.integrations.entry(integration.to_owned()).or_default()
    }
}

/// The entries for one integration.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Corrections<'a> {
    integration: &'a str,
    text: &'a str,
    entries: Option<&'a IntegrationEntries>,
}

impl<'a> Corrections<'a> {
    pub(crate) fn entries(self) -> &'a [CorrectionEntry] {
        self.entries.map_or(&[], |entries| &entries.corrections)
    }

    /// The supplement for the integration, if there is one.
    pub(crate) fn supplement(self) -> Option<&'a SupplementEntry> {
        self.entries?.supplement.as_ref()
    }

    /// Sets location and integration of diagnostics about the entries.
    pub(crate) fn locate<'d>(self, problems: impl IntoIterator<Item = &'d mut Diagnostic>) {
        let mut problems: Vec<&mut Diagnostic> = problems.into_iter().collect();
        // The file is parsed only if there is a diagnostic.
        if !problems.is_empty() {
            document::locate(self.text, problems.iter_mut().map(|problem| &mut **problem));
        }
        for problem in problems {
            problem.integrations = vec![self.integration.to_owned()];
        }
    }

    /// Sets the location of a diagnostic about the integration to that of its supplement.
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
