//! Converts JSON to a [`Manifest`] and reports all errors of the document.
//!
//! serde's derived `Deserialize` stops at the first error. A maintainer wants to see all of them, so this
//! module reads the properties one by one.

use std::borrow::Cow;

use crate::diagnostic::{Diagnostic, JsonPath, escape_and_truncate, most_similar};
use crate::json::Node;
use crate::manifest::{Block, Capability, FormVariable, Manifest, MultiselectOption, VariableType};

/// The result of reading a document.
pub(crate) struct Document {
    /// The manifest, without the form variables that have errors; `None` if the document isn't an object.
    pub(crate) manifest: Option<Manifest>,
    /// Whether there was no error.
    pub(crate) complete: bool,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Reads a manifest.
pub(crate) fn manifest(document: Node<'_>) -> Document {
    let mut reader = Reader::default();
    let properties = reader.object(JsonPath::root(), document);
    let manifest = properties.map(|mut properties| reader.manifest(&mut properties));
    Document {
        manifest,
        complete: reader.errors == 0,
        diagnostics: reader.diagnostics,
    }
}

/// Reads properties one by one and collects all problems.
#[derive(Default)]
pub(crate) struct Reader {
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The number of errors among them.
    pub(crate) errors: usize,
}

/// The properties of an object that weren't read yet, and the object's path.
pub(crate) struct Properties<'a> {
    pub(crate) path: JsonPath,
    pub(crate) entries: Vec<(Cow<'a, str>, Node<'a>)>,
}

impl<'a> Properties<'a> {
    /// Removes and returns the property with this name.
    fn take(&mut self, name: &str) -> Option<(JsonPath, Node<'a>)> {
        let position = self.entries.iter().position(|(found, _)| found == name)?;
        let (_, node) = self.entries.remove(position);
        Some((self.path.key(name), node))
    }
}

/// The properties of a form variable that [`Reader::variable`] reads.
const VARIABLE_PROPERTIES: [&str; 16] = [
    "key",
    "name",
    "type",
    "description",
    "placeholder",
    "isOptional",
    "isSecret",
    "isHidden",
    "defaultValue",
    "allowedValues",
    "multiselectOptions",
    "multiselectDefaultOptions",
    "dynamicOptions",
    "dependsOn",
    "disableAfterSaving",
    "hideEmpty",
];

impl Reader {
    /// Reads the properties of a manifest from a document, or from an entry of `overrides.toml`.
    pub(crate) fn manifest(&mut self, properties: &mut Properties<'_>) -> Manifest {
        Manifest {
            name: self.optional(properties, "name", Self::string),
            version: self.optional(properties, "version", Self::string),
            requires_oauth: self.optional(properties, "requiresOAuth", Self::boolean),
            allow_integration_configurations: self.optional(
                properties,
                "allowIntegrationConfigurations",
                Self::boolean,
            ),
            other_capabilities: self
                .optional(properties, "otherCapabilities", Self::strings)
                .unwrap_or_default(),
            capabilities: self
                .optional(properties, "capabilities", Self::capabilities)
                .unwrap_or_default(),
            form_variables: self
                .optional(properties, "formVariables", Self::variables)
                .unwrap_or_default(),
        }
    }

    fn capabilities(&mut self, path: JsonPath, node: Node<'_>) -> Option<Vec<Capability>> {
        let properties = self.object(path, node)?;
        let mut capabilities = Vec::new();
        for (name, node) in properties.entries {
            capabilities.push(Capability {
                blocks: self.blocks(&properties.path.key(&name), node),
                name: name.into_owned(),
            });
        }
        Some(capabilities)
    }

    /// The blocks of a capability: every array under a name that ends in `ormVariables`.
    fn blocks(&mut self, path: &JsonPath, node: Node<'_>) -> Vec<Block> {
        // Some capabilities are `true` or a list: they have no form variables.
        if !matches!(node, Node::Object(_)) {
            return Vec::new();
        }
        let Some(properties) = self.object(path.clone(), node) else {
            return Vec::new();
        };
        let mut blocks = Vec::new();
        for (name, node) in properties.entries {
            // `allowAdditionalApprovalFormVariables` is a flag, not a block.
            if is_block_name(&name) && !matches!(node, Node::Bool(_)) {
                let path = path.key(&name);
                let variables = self.variables(path, node).unwrap_or_default();
                blocks.push(Block {
                    name: name.into_owned(),
                    variables,
                });
            }
        }
        blocks
    }

    fn variables(&mut self, path: JsonPath, node: Node<'_>) -> Option<Vec<FormVariable>> {
        let Node::Array(items) = node else {
            return self.wrong_type(path, &node, "an array");
        };
        let mut variables = Vec::new();
        for (position, item) in items.into_iter().enumerate() {
            let errors = self.errors;
            let variable = self.variable(path.index(position), position, item);
            variables.extend(variable.filter(|_| self.errors == errors));
        }
        Some(variables)
    }

    fn variable(
        &mut self,
        path: JsonPath,
        position: usize,
        node: Node<'_>,
    ) -> Option<FormVariable> {
        let mut properties = self.object(path, node)?;
        let key = self.required(&mut properties, "key", Self::string);
        let kind = self.required(&mut properties, "type", Self::string);
        let variable = FormVariable {
            position,
            key: key.unwrap_or_default(),
            kind: VariableType::from_name(&kind.unwrap_or_default()),
            name: self.optional(&mut properties, "name", Self::string),
            description: self.optional(&mut properties, "description", Self::string),
            placeholder: self.optional(&mut properties, "placeholder", Self::string),
            is_optional: self.optional(&mut properties, "isOptional", Self::boolean),
            is_secret: self.optional(&mut properties, "isSecret", Self::boolean),
            is_hidden: self.optional(&mut properties, "isHidden", Self::boolean),
            default_value: properties
                .take("defaultValue")
                .map(|(_, node)| node.to_value()),
            allowed_values: self.optional(&mut properties, "allowedValues", Self::strings),
            multiselect_options: self.optional(
                &mut properties,
                "multiselectOptions",
                Self::options,
            ),
            multiselect_default_options: self.optional(
                &mut properties,
                "multiselectDefaultOptions",
                Self::strings,
            ),
            dynamic_options: properties
                .take("dynamicOptions")
                .map(|(_, node)| node.to_value()),
            depends_on: properties
                .take("dependsOn")
                .map(|(_, node)| node.to_value()),
            disable_after_saving: self.optional(
                &mut properties,
                "disableAfterSaving",
                Self::boolean,
            ),
            hide_empty: self.optional(&mut properties, "hideEmpty", Self::boolean),
        };
        self.unknown_properties(&properties);
        Some(variable)
    }

    fn strings(&mut self, path: JsonPath, node: Node<'_>) -> Option<Vec<String>> {
        self.array(path, node, Self::string)
    }

    fn options(&mut self, path: JsonPath, node: Node<'_>) -> Option<Vec<MultiselectOption>> {
        self.array(path, node, |reader, path, node| {
            let mut properties = reader.object(path, node)?;
            let value = reader.required(&mut properties, "value", Self::string);
            let label = reader.optional(&mut properties, "label", Self::string);
            Some(MultiselectOption {
                label,
                value: value?,
            })
        })
    }

    fn unknown_properties(&mut self, properties: &Properties<'_>) {
        for (name, _) in &properties.entries {
            let most_similar = most_similar(name, VARIABLE_PROPERTIES);
            let mut diagnostic = Diagnostic::warning(
                "unknown-property",
                properties.path.key(name),
                format!(
                    "a form variable has no property {:?}; it is ignored",
                    escape_and_truncate(name)
                ),
            );
            diagnostic.help = Some(most_similar.map_or_else(
                || "if upstream added it, add it to generator/src/manifest.rs and read.rs".into(),
                |near| format!("did upstream mean `{near}`?"),
            ));
            self.report(diagnostic);
        }
    }

    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.errors += usize::from(diagnostic.is_error());
        self.diagnostics.push(diagnostic);
    }

    pub(crate) fn required<'a, T>(
        &mut self,
        properties: &mut Properties<'a>,
        name: &str,
        read: impl FnOnce(&mut Self, JsonPath, Node<'a>) -> Option<T>,
    ) -> Option<T> {
        if let Some((path, node)) = properties.take(name) {
            return read(self, path, node);
        }
        let unread = properties.entries.iter().map(|(name, _)| name.as_ref());
        let mut diagnostic = Diagnostic::error(
            "missing-property",
            properties.path.key(name),
            format!("`{name}` is missing"),
        )
        .expected(format!("a string `{name}`"));
        diagnostic.help = most_similar(name, unread).map(|near| {
            format!(
                "there is `{}`: did upstream mean `{name}`?",
                escape_and_truncate(near)
            )
        });
        self.report(diagnostic);
        None
    }

    pub(crate) fn optional<'a, T>(
        &mut self,
        properties: &mut Properties<'a>,
        name: &str,
        read: impl FnOnce(&mut Self, JsonPath, Node<'a>) -> Option<T>,
    ) -> Option<T> {
        let (path, node) = properties.take(name)?;
        read(self, path, node)
    }

    pub(crate) fn object<'a>(&mut self, path: JsonPath, node: Node<'a>) -> Option<Properties<'a>> {
        let Node::Object(entries) = node else {
            return self.wrong_type(path, &node, "an object");
        };
        Some(Properties { path, entries })
    }

    fn array<'a, T>(
        &mut self,
        path: JsonPath,
        node: Node<'a>,
        read: impl Fn(&mut Self, JsonPath, Node<'a>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let Node::Array(items) = node else {
            return self.wrong_type(path, &node, "an array");
        };
        let read: Vec<Option<T>> = items
            .into_iter()
            .enumerate()
            .map(|(position, item)| read(self, path.index(position), item))
            .collect();
        read.into_iter().collect()
    }

    pub(crate) fn string(&mut self, path: JsonPath, node: Node<'_>) -> Option<String> {
        match node {
            Node::String(text) => Some(text.into_owned()),
            other => self.wrong_type(path, &other, "a string"),
        }
    }

    fn boolean(&mut self, path: JsonPath, node: Node<'_>) -> Option<bool> {
        match node {
            Node::Bool(value) => Some(value),
            other => self.wrong_type(path, &other, "true or false"),
        }
    }

    pub(crate) fn wrong_type<T>(
        &mut self,
        path: JsonPath,
        node: &Node<'_>,
        expected: &str,
    ) -> Option<T> {
        let message = format!("{} is not allowed here", node.kind());
        self.report(
            Diagnostic::error("wrong-type", path, message)
                .found(node)
                .expected(expected),
        );
        None
    }
}

fn is_block_name(name: &str) -> bool {
    name == "formVariables" || name.ends_with("FormVariables")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<Manifest>, Vec<Diagnostic>) {
        let read = manifest(serde_json::from_str(text).unwrap());
        (read.manifest, read.diagnostics)
    }

    #[test]
    fn every_problem_is_reported_at_once() {
        let (manifest, diagnostics) = read(
            r#"{"name": 5, "formVariables": [
                {"kye": "a", "type": "string"},
                {"key": "b", "isOptional": "yes"},
                7
            ]}"#,
        );
        assert_eq!(manifest.unwrap().form_variables, []);
        let found: Vec<_> = diagnostics
            .iter()
            .map(|d| (d.code, d.path.to_string()))
            .collect();
        assert_eq!(
            found,
            [
                ("wrong-type", "$.name".into()),
                ("missing-property", "$.formVariables[0].key".into()),
                ("unknown-property", "$.formVariables[0].kye".into()),
                ("missing-property", "$.formVariables[1].type".into()),
                ("wrong-type", "$.formVariables[1].isOptional".into()),
                ("wrong-type", "$.formVariables[2]".into()),
            ]
        );
        assert!(diagnostics[1].help.as_deref().unwrap().contains("kye"));
    }

    #[test]
    fn blocks_are_found_in_any_capability() {
        let (manifest, diagnostics) = read(
            r#"{"capabilities": {"x": {"allowFormVariables": true, "fooFormVariables": [{"key": "a", "type": "uri"}]},
                "y": true}}"#,
        );
        assert_eq!(diagnostics, []);
        let capabilities = manifest.unwrap().capabilities;
        assert_eq!(capabilities[0].blocks.len(), 1);
        assert_eq!(
            capabilities[0].blocks[0].variables[0].kind,
            VariableType::from_name("uri")
        );
        assert_eq!(capabilities[1].blocks, []);
    }
}
