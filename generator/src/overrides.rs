//! `manifests/overrides.toml`: what we know better than the manifests.

use std::collections::HashSet;

use serde::Deserialize;

use crate::diagnostic::{Diagnostic, JsonPath};
use crate::manifest::Manifest;
use crate::naming;

/// The file that this module reads, for diagnostics.
pub const FILE: &str = "manifests/overrides.toml";

/// Corrections, each with its reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overrides {
    /// Fields that are secret although upstream doesn't say so.
    #[serde(default)]
    secret: Vec<Secret>,
    /// Names that settle a collision or name what can't be named.
    #[serde(default)]
    rename: Vec<Rename>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Secret {
    integration: String,
    #[serde(default = "top_level")]
    block: String,
    field: String,
    reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rename {
    integration: String,
    #[serde(default = "top_level")]
    block: String,
    field: Option<String>,
    value: Option<String>,
    to: String,
    reason: String,
}

impl Rename {
    fn check(&self) -> Option<Diagnostic> {
        if !naming::is_identifier(&self.to) {
            let message = "a rename to what is no Rust identifier";
            return Some(self.bad(message, "ASCII letters, digits and `_`, no keyword"));
        }
        // What Rust warns of doesn't get into generated code.
        let capital = self
            .to
            .starts_with(|first: char| first.is_ascii_uppercase());
        let message = "a rename against Rust's conventions";
        if self.names_a_type() {
            let camel = capital && !self.to.contains('_');
            return (!camel).then(|| self.bad(message, "UpperCamelCase for a value or a block"));
        }
        let snake = !self.to.contains(|c: char| c.is_ascii_uppercase());
        (!snake).then(|| self.bad(message, "snake_case for a field or a module"))
    }

    /// Whether it is for a listed value, or for the types of a capability's block.
    fn names_a_type(&self) -> bool {
        self.value.is_some() || (self.field.is_none() && self.block != TOP_LEVEL)
    }

    fn bad(&self, message: &str, expected: &str) -> Diagnostic {
        error("bad-override", message.to_owned())
            .found(&self.to)
            .expected(expected)
    }
}

/// The block of a manifest's own form variables; others are `capability.block`.
pub const TOP_LEVEL: &str = "formVariables";

fn top_level() -> String {
    TOP_LEVEL.to_owned()
}

impl Overrides {
    /// Reads the file's text.
    ///
    /// # Errors
    /// A diagnostic if it isn't TOML, has an entry without a reason, or a name that Rust refuses.
    pub fn parse(text: &str) -> Result<Self, Box<Diagnostic>> {
        let overrides: Self = toml::from_str(text).map_err(|cause| {
            let mut diagnostic = error("bad-override", cause.message().to_owned());
            diagnostic.location = cause
                .span()
                .map(|span| crate::diagnostic::Location::of(text, span));
            Box::new(diagnostic)
        })?;
        overrides
            .check()
            .map_or(Ok(overrides), |problem| Err(problem.into()))
    }

    fn check(&self) -> Option<Diagnostic> {
        let reasons = self
            .secret
            .iter()
            .map(|entry| (&entry.integration, &entry.reason));
        let mut reasons = reasons.chain(
            self.rename
                .iter()
                .map(|entry| (&entry.integration, &entry.reason)),
        );
        if let Some((integration, _)) = reasons.find(|(_, reason)| reason.trim().is_empty()) {
            return Some(error(
                "bad-override",
                format!("an entry for `{integration}` gives no reason"),
            ));
        }
        self.rename.iter().find_map(Rename::check)
    }

    /// Whether a field is to be treated as a secret.
    #[must_use]
    pub fn is_secret(&self, integration: &str, block: &str, field: &str) -> bool {
        self.secret.iter().any(|entry| {
            entry.integration == integration && entry.block == block && entry.field == field
        })
    }

    /// The module name of an integration, if it is settled here.
    #[must_use]
    pub fn module(&self, integration: &str) -> Option<&str> {
        self.renamed(integration, TOP_LEVEL, None, None)
    }

    /// What the names of a capability block's types begin with, if it is settled here.
    #[must_use]
    pub fn block(&self, integration: &str, block: &str) -> Option<&str> {
        self.renamed(integration, block, None, None)
    }

    /// The name of a field, if it is settled here.
    #[must_use]
    pub fn field(&self, integration: &str, block: &str, field: &str) -> Option<&str> {
        self.renamed(integration, block, Some(field), None)
    }

    /// The variant of a listed value, if it is settled here.
    #[must_use]
    pub fn variant(
        &self,
        integration: &str,
        block: &str,
        field: &str,
        value: &str,
    ) -> Option<&str> {
        self.renamed(integration, block, Some(field), Some(value))
    }

    fn renamed(
        &self,
        integration: &str,
        block: &str,
        field: Option<&str>,
        value: Option<&str>,
    ) -> Option<&str> {
        let entry = self.rename.iter().find(|entry| {
            entry.integration == integration
                && entry.block == block
                && entry.field.as_deref() == field
                && entry.value.as_deref() == value
        });
        entry.map(|entry| entry.to.as_str())
    }

    /// These overrides but for those of some integrations.
    #[must_use]
    pub fn without(&self, integrations: &HashSet<&str>) -> Self {
        let mut rest = self.clone();
        rest.secret
            .retain(|entry| !integrations.contains(entry.integration.as_str()));
        rest.rename
            .retain(|entry| !integrations.contains(entry.integration.as_str()));
        rest
    }

    /// An error for every entry that matches nothing of `manifests`.
    ///
    /// With `partial`, the manifests are not all there are, and entries for absent integrations are
    /// left alone.
    #[must_use]
    pub fn unmatched<'a>(
        &self,
        manifest: impl Fn(&str) -> Option<&'a Manifest>,
        partial: bool,
    ) -> Vec<Diagnostic> {
        let secrets = self
            .secret
            .iter()
            .map(|entry| (&entry.integration, &entry.block, Some(&entry.field), None));
        let renames = self.rename.iter().map(|entry| {
            (
                &entry.integration,
                &entry.block,
                entry.field.as_ref(),
                entry.value.as_ref(),
            )
        });
        secrets
            .chain(renames)
            .filter(
                |(integration, block, field, value)| match manifest(integration) {
                    None => !partial,
                    Some(manifest) => !has(
                        manifest,
                        block,
                        field.map(String::as_str),
                        value.map(String::as_str),
                    ),
                },
            )
            .map(|(integration, block, field, value)| {
                let mut place = integration.clone();
                let block = Some(block).filter(|block| field.is_some() || *block != TOP_LEVEL);
                for part in [block, field, value].into_iter().flatten() {
                    place.push_str(" / ");
                    place.push_str(part);
                }
                error(
                    "unmatched-override",
                    "an entry matches nothing in the manifests".into(),
                )
                .found(place)
                .integrations([integration.as_str()])
                .help("remove it, or correct it if upstream renamed what it means")
            })
            .collect()
    }
}

fn error(code: &'static str, message: String) -> Diagnostic {
    Diagnostic::error(code, JsonPath::root(), message).origin(FILE)
}

fn has(manifest: &Manifest, block: &str, field: Option<&str>, value: Option<&str>) -> bool {
    let variables = if block == TOP_LEVEL {
        Some(&manifest.form_variables)
    } else {
        manifest.capabilities.iter().find_map(|capability| {
            let name = block
                .strip_prefix(capability.name.as_str())?
                .strip_prefix('.')?;
            capability
                .blocks
                .iter()
                .find(|block| block.name == name)
                .map(|block| &block.variables)
        })
    };
    let (Some(variables), Some(field)) = (variables, field) else {
        return variables.is_some();
    };
    let variable = variables.iter().find(|variable| variable.key == field);
    match (variable, value) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(variable), Some(value)) => {
            variable.listed_values().any(|(listed, _)| listed == value)
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
    "#;

    fn manifest(text: &str) -> Manifest {
        crate::read::manifest(serde_json::from_str(text).unwrap())
            .0
            .unwrap()
    }

    #[test]
    fn entries_apply_where_they_say() {
        let overrides = Overrides::parse(TEXT).unwrap();
        assert!(overrides.is_secret("pagerduty", TOP_LEVEL, "integrationKey"));
        assert!(!overrides.is_secret("pagerduty", TOP_LEVEL, "other"));
        let name = overrides.variant("acme", "featureStore.formVariables", "size", "1.2");
        assert_eq!(name, Some("OneTwo"));
        assert_eq!(overrides.module("acme"), None);
    }

    #[test]
    fn entries_that_match_nothing_are_errors() {
        let overrides = Overrides::parse(TEXT).unwrap();
        let acme = manifest(
            r#"{"capabilities": {"featureStore": {"formVariables": [
                {"key": "size", "type": "enum", "allowedValues": ["1.2"]}]}}}"#,
        );
        let find = |key: &str| (key == "acme").then_some(&acme);
        let missing = overrides.unmatched(find, false);
        assert_eq!(missing.len(), 1);
        assert_eq!(
            missing[0].found.as_deref(),
            Some("pagerduty / formVariables / integrationKey")
        );
        assert_eq!(overrides.unmatched(find, true), []);

        let changed = manifest(r#"{"capabilities": {"featureStore": {"formVariables": []}}}"#);
        let find = |key: &str| (key == "acme").then_some(&changed);
        assert_eq!(overrides.unmatched(find, true).len(), 1);
    }

    #[test]
    fn a_block_can_be_renamed_and_must_be_there() {
        let text = "[[rename]]\nintegration = 'acme'\nblock = 'featureStore.formVariables'\nto = 'Store'\nreason = 'r'";
        let overrides = Overrides::parse(text).unwrap();
        let block = "featureStore.formVariables";
        assert_eq!(overrides.block("acme", block), Some("Store"));
        assert_eq!(overrides.module("acme"), None);
        for (block, missing) in [("formVariables", 0), ("environmentFormVariables", 1)] {
            let text = format!(r#"{{"capabilities": {{"featureStore": {{"{block}": []}}}}}}"#);
            let acme = manifest(&text);
            let found = overrides.unmatched(|_| Some(&acme), false);
            assert_eq!(found.len(), missing, "{found:?}");
        }
        let none = overrides.unmatched(|_| None, false);
        assert_eq!(
            none[0].found.as_deref(),
            Some("acme / featureStore.formVariables")
        );
    }

    #[test]
    fn bad_files_are_refused() {
        assert!(
            Overrides::parse("[[secret]]\nintegration = 'a'\nfield = 'b'").is_err(),
            "no reason"
        );
        assert!(Overrides::parse("[[secrets]]").is_err(), "unknown table");
        let keyword = "[[rename]]\nintegration = 'a'\nto = 'type'\nreason = 'r'";
        assert_eq!(Overrides::parse(keyword).unwrap_err().code, "bad-override");
        for (value, to) in [
            ("", "BaseUrl"),
            ("value = 'v'", "one"),
            ("value = 'v'", "A_B"),
        ] {
            let text = format!(
                "[[rename]]\nintegration = 'a'\nfield = 'f'\n{value}\nto = '{to}'\nreason = 'r'"
            );
            let problem = Overrides::parse(&text).unwrap_err();
            assert!(problem.message.contains("conventions"), "{problem}");
        }
    }
}
