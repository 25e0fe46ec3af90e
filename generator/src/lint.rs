//! Upstream's own style rules for form variables, as warnings.
//!
//! Real manifests break some of them, so none of these stops generation. What can't be generated
//! as written is the [`model`](crate::model)'s to report.

use crate::diagnostic::{Diagnostic, JsonPath, bounded};
use crate::manifest::{FormVariable, Manifest, VariableType};

/// The longest key that upstream's schema allows, in characters.
const MAX_KEY_LENGTH: usize = 20;

/// Every broken style rule of a manifest.
#[must_use]
pub fn manifest(manifest: &Manifest) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (path, variables) in blocks(manifest) {
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

/// Every block of form variables and where it stands.
fn blocks(manifest: &Manifest) -> impl Iterator<Item = (JsonPath, &[FormVariable])> {
    let top = (
        JsonPath::root().key("formVariables"),
        manifest.form_variables.as_slice(),
    );
    let inner = manifest.capabilities.iter().flat_map(|capability| {
        let path = JsonPath::root().key("capabilities").key(&capability.name);
        capability
            .blocks
            .iter()
            .map(move |block| (path.key(&block.name), block.variables.as_slice()))
    });
    std::iter::once(top).chain(inner)
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
        self.dynamic_options();
        self.misplaced();
    }

    fn key(&mut self) {
        let key = &self.variable.key;
        if key.chars().count() > MAX_KEY_LENGTH || key.contains(char::is_whitespace) {
            self.warn(
                "key-style",
                "key",
                format!("the key {:?} breaks upstream's style", bounded(key)),
            )
            .expected = Some(format!(
                "at most {MAX_KEY_LENGTH} characters, no white space"
            ));
        }
    }

    fn label(&mut self) {
        if self.variable.name.is_none() {
            self.warn("missing-label", "name", "the variable has no `name`".into())
                .help = Some("its key serves as the label".into());
        }
    }

    fn default(&mut self) {
        let optional = self.variable.is_optional == Some(true);
        let has_default = self.variable.default_value.is_some();
        if has_default && !optional {
            self.warn(
                "default-not-optional",
                "defaultValue",
                "a default on a variable that isn't optional".into(),
            )
            .help = Some("the default is filled in and sent".into());
        }
        if optional && !has_default && !self.is_selection() {
            self.warn(
                "optional-without-default",
                "defaultValue",
                "an optional variable without a default".into(),
            );
        }
    }

    fn secret(&mut self) {
        let variable = self.variable;
        if variable.is_secret == Some(true) && variable.kind != VariableType::String {
            let message = format!(
                "`isSecret` on a variable of type `{}`",
                bounded(variable.kind.as_str())
            );
            self.warn("secret-not-string", "isSecret", message).expected =
                Some("it only on type `string`".into());
        }
    }

    fn dynamic_options(&mut self) {
        let dynamic = self.variable.kind == VariableType::DynamicEnum;
        match (dynamic, self.variable.dynamic_options.is_some()) {
            (true, false) => {
                self.warn(
                    "dynamic-options",
                    "dynamicOptions",
                    "a `dynamicEnum` without `dynamicOptions`".into(),
                );
            }
            (false, true) => self.misplaced_property("dynamicOptions", "dynamicEnum"),
            _ => {}
        }
    }

    fn misplaced(&mut self) {
        let variable = self.variable;
        if variable.allowed_values.is_some() && variable.kind != VariableType::Enum {
            self.misplaced_property("allowedValues", "enum");
        }
        let multiselect = variable.kind == VariableType::Multiselect;
        if variable.multiselect_options.is_some() && !multiselect {
            self.misplaced_property("multiselectOptions", "multiselect");
        }
        if variable.multiselect_default_options.is_some() && !multiselect {
            self.misplaced_property("multiselectDefaultOptions", "multiselect");
        }
        if variable.default_value.is_some() && self.is_selection() {
            self.misplaced_property("defaultValue", "string, boolean or enum");
        }
    }

    fn misplaced_property(&mut self, property: &'static str, belongs_to: &str) {
        let message = format!(
            "`{property}` on a variable of type `{}`",
            bounded(self.variable.kind.as_str())
        );
        self.warn("misplaced-property", property, message).expected =
            Some(format!("it only on type `{belongs_to}`"));
    }

    /// Whether the value is picked from a list or a tree, for which upstream asks no default.
    fn is_selection(&self) -> bool {
        matches!(
            self.variable.kind,
            VariableType::Multiselect | VariableType::EnvironmentSelector
        )
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
        let (read, problems) = crate::read::manifest(serde_json::from_str(&text).unwrap());
        assert_eq!(problems, []);
        manifest(&read.unwrap())
            .iter()
            .map(|diagnostic| diagnostic.code)
            .collect()
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
