//! Upstream's own style rules for form variables, as warnings.
//!
//! Real manifests break some of them, so none of these stops generation. Problems that prevent
//! generation are reported by `read` and `resolve`.

use heck::ToSnakeCase;

use crate::diagnostic::{Diagnostic, JsonPath, escape_and_truncate};
use crate::manifest::{FormVariable, Manifest};
use crate::types::{ROWS, Row};

/// The longest key that upstream's schema allows, in characters.
const MAX_KEY_LENGTH: usize = 20;

/// Returns a warning for each style rule that a manifest breaks.
#[must_use]
pub(crate) fn manifest(manifest: &Manifest) -> Vec<Diagnostic> {
    manifest_at(&JsonPath::root(), manifest)
}

/// The same for a manifest that is a part of another document.
pub(crate) fn manifest_at(root: &JsonPath, manifest: &Manifest) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (path, variables) in blocks(root, manifest) {
        for variable in variables {
            Lint {
                path: path.index(variable.position),
                variable,
                found: &mut found,
            }
            .check();
        }
    }
    found
}

/// All blocks of form variables, each with its path.
fn blocks<'a>(
    root: &JsonPath,
    manifest: &'a Manifest,
) -> impl Iterator<Item = (JsonPath, &'a [FormVariable])> {
    let top = (
        root.key("formVariables"),
        manifest.form_variables.as_slice(),
    );
    let capabilities = root.key("capabilities");
    let inner = manifest.capabilities.iter().flat_map(move |capability| {
        let path = capabilities.key(&capability.name);
        capability
            .blocks
            .iter()
            .map(move |block| (path.key(&block.name), block.variables.as_slice()))
    });
    std::iter::once(top).chain(inner)
}

/// Names that suggest a secret, each split into words.
const SECRETS: [&[&str]; 16] = [
    &["access", "key"],
    &["api", "key"],
    &["apikey"],
    &["credential"],
    &["integration", "key"],
    &["license", "key"],
    &["passphrase"],
    &["password"],
    &["private", "key"],
    &["routing", "key"],
    &["secret"],
    &["signing", "key"],
    &["token"],
    &["web", "hook"],
    &["web", "trigger"],
    &["webhook"],
];

/// Returns a warning if a form variable has a name like a secret. Call it for variables that neither the
/// manifest nor an override marks as secret.
pub(crate) fn unmarked_secret(path: &JsonPath, variable: &FormVariable) -> Option<Diagnostic> {
    if !variable.kind.row().may_be_credential {
        return None;
    }
    let (property, name) = [
        ("key", Some(&variable.key)),
        ("name", variable.name.as_ref()),
    ]
    .into_iter()
    .filter_map(|(property, name)| Some((property, name?)))
    .find(|(_, name)| sounds_secret(name))?;
    Some(
        Diagnostic::warning(
            "unmarked-secret",
            path.key(property),
            "the variable has a name like a secret but isn't marked as secret",
        )
        .found(format!("{:?}", escape_and_truncate(name)))
        .help("if its value is a credential, add a `[[secret]]` entry to manifests/overrides.toml"),
    )
}

fn sounds_secret(name: &str) -> bool {
    let name = name.to_snake_case();
    let words: Vec<&str> = name
        .split('_')
        .map(|word| word.strip_suffix('s').unwrap_or(word))
        .collect();
    SECRETS
        .iter()
        .any(|secret| words.windows(secret.len()).any(|part| part == *secret))
}

/// The names of the types that match.
fn names(wanted: impl Fn(&Row) -> bool) -> String {
    let rows = ROWS.iter().filter(|row| wanted(row));
    rows.map(|row| row.name).collect::<Vec<_>>().join("`, `")
}

struct Lint<'a> {
    path: JsonPath,
    variable: &'a FormVariable,
    found: &'a mut Vec<Diagnostic>,
}

impl Lint<'_> {
    fn check(mut self) {
        self.key();
        self.label();
        self.default();
        self.secret();
        self.properties();
    }

    fn key(&mut self) {
        let key = &self.variable.key;
        if key.chars().count() > MAX_KEY_LENGTH || key.contains(char::is_whitespace) {
            self.warn(
                "key-style",
                "key",
                format!(
                    "the key {:?} breaks upstream's style",
                    escape_and_truncate(key)
                ),
            )
            .expected = Some(format!(
                "at most {MAX_KEY_LENGTH} characters without white space"
            ));
        }
    }

    fn label(&mut self) {
        if self.variable.name.is_none() {
            self.warn("missing-label", "name", "the variable has no `name`".into())
                .help = Some("its key is used as the label".into());
        }
    }

    fn default(&mut self) {
        let optional = self.variable.is_optional == Some(true);
        let has_default = self.variable.default_value.is_some();
        let is_expected = self.variable.kind.row().default_expected;
        if has_default && !optional {
            self.warn(
                "default-not-optional",
                "defaultValue",
                "the variable has a default but isn't optional".into(),
            )
            .help = Some("the default is sent unless another value is set".into());
        }
        if optional && !has_default && is_expected {
            self.warn(
                "optional-without-default",
                "defaultValue",
                "the variable is optional but has no default".into(),
            );
        }
        if has_default && !is_expected {
            self.misplaced("defaultValue", &names(|row| row.default_expected));
        }
    }

    fn secret(&mut self) {
        if self.variable.is_secret == Some(true) && !self.variable.kind.row().secret_allowed {
            let allowed = names(|row| row.secret_allowed);
            self.on_type("secret-not-string", "isSecret", &allowed);
        }
    }

    /// Checks the properties that only some types may have.
    fn properties(&mut self) {
        let variable = self.variable;
        let properties = [
            ("dynamicOptions", variable.dynamic_options.is_some()),
            ("allowedValues", variable.allowed_values.is_some()),
            ("multiselectOptions", variable.multiselect_options.is_some()),
            (
                "multiselectDefaultOptions",
                variable.multiselect_default_options.is_some(),
            ),
        ];
        for (property, is_there) in properties {
            let has = |row: &Row| row.properties.contains(&property);
            if is_there && !has(variable.kind.row()) {
                self.misplaced(property, &names(has));
            }
        }
        if let Some(property) = variable.kind.row().needs
            && !properties.contains(&(property, true))
        {
            let kind = variable.kind.as_str();
            let message = format!("a variable of type `{kind}` needs `{property}`");
            self.warn("dynamic-options", property, message);
        }
    }

    fn misplaced(&mut self, property: &'static str, belongs_to: &str) {
        self.on_type("misplaced-property", property, belongs_to);
    }

    /// Warns about a property that the variable's type may not have.
    fn on_type(&mut self, code: &'static str, property: &'static str, right: &str) {
        let kind = escape_and_truncate(self.variable.kind.as_str());
        let message = format!("a variable of type `{kind}` may not have `{property}`");
        self.warn(code, property, message).expected =
            Some(format!("`{property}` on type `{right}` only"));
    }

    fn warn(&mut self, code: &'static str, property: &str, message: String) -> &mut Diagnostic {
        self.found
            .push(Diagnostic::warning(code, self.path.key(property), message));
        let last = self.found.len() - 1;
        &mut self.found[last]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(variable: &str) -> Vec<&'static str> {
        let text = format!(r#"{{"formVariables": [{variable}]}}"#);
        let read = crate::read::manifest(serde_json::from_str(&text).unwrap());
        assert_eq!(read.diagnostics, []);
        manifest(&read.manifest.unwrap())
            .iter()
            .map(|diagnostic| diagnostic.code)
            .collect()
    }

    #[test]
    fn whole_words_sound_secret() {
        for name in [
            "token",
            "apiKey",
            "API key",
            "APIKeys",
            "apikey",
            "api_key",
            "X-Api-Key",
            "webhookUrl",
            "Incoming webhook URL",
            "Compass web trigger URL",
            "clientSecret",
            "Database password",
            "integrationKey",
            "AWS_SECRET_ACCESS_KEY",
        ] {
            assert!(sounds_secret(name), "{name}");
        }
        for name in [
            "tokenizer",
            "secretary",
            "monkeyApi",
            "Public key",
            "key",
            "keyApi",
            "compass",
            "",
            "🔑",
            "Hooks for the web",
        ] {
            assert!(!sounds_secret(name), "{name}");
        }
    }

    #[test]
    fn only_what_can_be_secret_is_treated_as_secret() {
        for (variable, place) in [
            (r#"{"key": "apiKey", "type": "string"}"#, Some("$.key")),
            (
                r#"{"key": "url", "name": "Webhook", "type": "uri"}"#,
                Some("$.name"),
            ),
            (r#"{"key": "a", "name": "A", "type": "string"}"#, None),
            (r#"{"key": "sendToken", "type": "boolean"}"#, None),
            (r#"{"key": "token", "type": "publicKey"}"#, None),
        ] {
            let text = format!(r#"{{"formVariables": [{variable}]}}"#);
            let read = crate::read::manifest(serde_json::from_str(&text).unwrap());
            let read = read.manifest.unwrap();
            let found = unmarked_secret(&JsonPath::root(), &read.form_variables[0]);
            let found = found.map(|warning| warning.path.to_string());
            assert_eq!(found.as_deref(), place, "{variable}");
        }
    }

    #[test]
    fn good_style_is_silent() {
        assert!(
            codes(r#"{"key": "a", "name": "A", "type": "string", "isSecret": true}"#).is_empty()
        );
        assert!(
            codes(r#"{"key": "a", "name": "A", "type": "uri", "isOptional": true, "defaultValue": "https://a"}"#)
                .is_empty()
        );
        assert!(
            codes(r#"{"key": "a", "name": "A", "type": "multiselect", "isOptional": true}"#)
                .is_empty()
        );
    }

    #[test]
    fn each_rule_speaks() {
        for (variable, code) in [
            (
                r#"{"key": "a b", "name": "A", "type": "string"}"#,
                "key-style",
            ),
            (
                r#"{"key": "aaaaaaaaaaaaaaaaaaaaa", "name": "A", "type": "string"}"#,
                "key-style",
            ),
            (r#"{"key": "a", "type": "string"}"#, "missing-label"),
            (
                r#"{"key": "a", "name": "A", "type": "string", "defaultValue": ""}"#,
                "default-not-optional",
            ),
            (
                r#"{"key": "a", "name": "A", "type": "string", "isOptional": true}"#,
                "optional-without-default",
            ),
            (
                r#"{"key": "a", "name": "A", "type": "uri", "isSecret": true}"#,
                "secret-not-string",
            ),
            (
                r#"{"key": "a", "name": "A", "type": "dynamicEnum"}"#,
                "dynamic-options",
            ),
            (
                r#"{"key": "a", "name": "A", "type": "string", "dynamicOptions": {}}"#,
                "misplaced-property",
            ),
            (
                r#"{"key": "a", "name": "A", "type": "string", "allowedValues": []}"#,
                "misplaced-property",
            ),
            (
                r#"{"key": "a", "name": "A", "type": "enum", "multiselectOptions": []}"#,
                "misplaced-property",
            ),
            (
                r#"{"key": "a", "name": "A", "type": "multiselect", "isOptional": true, "defaultValue": "x"}"#,
                "misplaced-property",
            ),
        ] {
            assert_eq!(codes(variable), [code], "{variable}");
        }
    }
}
