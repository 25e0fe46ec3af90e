//! `manifests/overrides.toml`: what we know better than the manifests.
//!
//! Each integration's entries are taken out with [`Overrides::of`], and resolution marks those that it
//! used. What is left over matches nothing, which is a problem like any other.

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
struct Entry {
    path: JsonPath,
    place: Place,
    correction: Correction,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Correction {
    /// The field is secret although upstream doesn't say so.
    Secret,
    /// The name settles a collision, or names what can't be named.
    Name(String),
}

/// What a correction is for: an integration's module without a field at the top level, a block's
/// types without a field elsewhere, or else a field or one of its listed values.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    block: String,
    field: Option<String>,
    value: Option<String>,
}

/// A `[[supplement]]`: form variables and capabilities that LaunchDarkly's server has and no public
/// manifest has.
#[derive(Clone, Debug, PartialEq)]
pub struct Supplement {
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
    pub const fn is_whole(&self) -> bool {
        self.manifest.name.is_some()
    }
}

impl Entry {
    fn is_for_the_same(&self, other: &Self) -> bool {
        let kind = std::mem::discriminant::<Correction>;
        self.place == other.place && kind(&self.correction) == kind(&other.correction)
    }
}

impl Place {
    fn is(&self, block: &str, field: Option<&str>, value: Option<&str>) -> bool {
        self.block == block && self.field.as_deref() == field && self.value.as_deref() == value
    }

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

    /// The entries for an integration, none of them used.
    #[must_use]
    pub fn of(&self, integration: &str) -> Corrections<'_> {
        let entries = self.integrations.get(integration);
        Corrections {
            text: &self.text,
            corrections: entries
                .iter()
                .flat_map(|entries| &entries.corrections)
                .map(|entry| (entry, false))
                .collect(),
            supplement: entries.and_then(|entries| entries.supplement.as_ref()),
            problems: Vec::new(),
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

/// The entries for one integration, and which of them were used.
#[derive(Debug)]
pub struct Corrections<'a> {
    text: &'a str,
    /// Each with whether it was used.
    corrections: Vec<(&'a Entry, bool)>,
    supplement: Option<&'a Supplement>,
    problems: Vec<Diagnostic>,
}

impl<'a> Corrections<'a> {
    /// Whether a field is to be treated as a secret.
    pub(crate) fn is_secret(&mut self, block: &str, field: &str) -> bool {
        let entry = self.take(|entry| {
            entry.correction == Correction::Secret && entry.place.is(block, Some(field), None)
        });
        entry.is_some()
    }

    /// The name that is settled for a module, a block's types, a field or a listed value.
    pub(crate) fn name(
        &mut self,
        block: &str,
        field: Option<&str>,
        value: Option<&str>,
    ) -> Option<&'a str> {
        let entry = self.take(|entry| {
            entry.correction != Correction::Secret && entry.place.is(block, field, value)
        });
        match &entry?.correction {
            Correction::Name(name) => Some(name),
            Correction::Secret => None,
        }
    }

    /// What the integration has beside its manifest.
    pub(crate) const fn supplement(&self) -> Option<&'a Supplement> {
        self.supplement
    }

    /// Notes that upstream has by now what is at this path of the supplement.
    pub(crate) fn superseded(&mut self, path: JsonPath, what: &str) {
        self.problems.push(
            Diagnostic::error(
                "superseded-supplement",
                path,
                format!("upstream has {what} by now"),
            )
            .help("remove it here: what upstream has takes precedence"),
        );
    }

    /// What is wrong with the entries, once the integration is resolved: those that match nothing, and
    /// what of a supplement upstream has by now.
    #[must_use]
    pub fn problems(mut self, integration: &str, has_manifest: bool) -> Vec<Diagnostic> {
        if let Some(supplement) = self.supplement
            && !supplement.is_whole()
            && !has_manifest
        {
            self.problems.push(
                Diagnostic::error(
                    "unmatched-override",
                    supplement.path.clone(),
                    "a supplement adds to a manifest that isn't there",
                )
                .found(integration)
                .help("remove it, or give it a `name` if LaunchDarkly still has the integration"),
            );
        }
        let unused = self.corrections.iter().filter(|(_, used)| !used);
        let unused = unused.map(|(entry, _)| {
            Diagnostic::error(
                "unmatched-override",
                entry.path.clone(),
                "an entry matches nothing in the manifests",
            )
            .found(entry.place.shown(integration))
            .help("remove it, or correct it if upstream renamed what it means")
        });
        self.problems.extend(unused);
        let mut problems = std::mem::take(&mut self.problems);
        self.locate(&mut problems);
        for problem in &mut problems {
            problem.integrations = vec![integration.to_owned()];
        }
        problems
    }

    /// Gives each diagnostic its place in the file.
    pub(crate) fn locate<'d>(&self, problems: impl IntoIterator<Item = &'d mut Diagnostic>) {
        let mut problems = problems.into_iter().peekable();
        // The file is parsed only if there is something to look up.
        if problems.peek().is_some() {
            document::locate(self.text, problems);
        }
    }

    /// Gives a diagnostic about the integration as a whole the place of its supplement.
    pub(crate) fn locate_supplement(&self, problem: &mut Diagnostic) {
        if let Some(supplement) = self.supplement {
            problem.path = supplement.path.clone();
            self.locate([problem]);
        }
    }

    fn take(&mut self, is_meant: impl Fn(&Entry) -> bool) -> Option<&'a Entry> {
        let mut entries = self.corrections.iter_mut();
        let (entry, used) = entries.find(|(entry, _)| is_meant(entry))?;
        *used = true;
        Some(entry)
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
    fn entries_apply_where_they_say() {
        let overrides = Overrides::parse(TEXT).unwrap();
        let mut pagerduty = overrides.of("pagerduty");
        assert!(!pagerduty.is_secret(TOP_LEVEL, "other"));
        assert!(!pagerduty.is_secret("a.formVariables", "integrationKey"));
        assert_eq!(
            overrides.of("pagerduty").problems("pagerduty", true).len(),
            1
        );
        assert!(pagerduty.is_secret(TOP_LEVEL, "integrationKey"));
        assert!(
            pagerduty.is_secret(TOP_LEVEL, "integrationKey"),
            "more than once"
        );
        assert_eq!(pagerduty.problems("pagerduty", true), []);

        let mut acme = overrides.of("acme");
        let block = "featureStore.formVariables";
        assert_eq!(acme.name(block, Some("size"), Some("1.2")), Some("OneTwo"));
        assert_eq!(acme.name(block, Some("size"), None), None);
        let left = acme.problems("acme", true);
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].found.as_deref(), Some("acme"));
        assert_eq!(left[0].location.as_ref().map(|place| place.line), Some(15));

        assert_eq!(overrides.of("other").problems("other", true), []);
        let without = overrides.without(&HashSet::from(["acme"]));
        assert_eq!(without.integrations().collect::<Vec<_>>(), ["pagerduty"]);
    }
}
