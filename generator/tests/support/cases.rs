//! What every struct must do, from the manifests alone, for the tests in a copy of the package.

use std::fmt::Write as _;

use generator::Analysis;
use serde_json::{Value, json};

use super::{Facts, FieldFacts};

/// The calls that check every struct of the modules: the one thing for which types must be named.
pub(crate) fn calls(analysis: &Analysis) -> String {
    let mut calls = String::from("fn check_all(cases: &Cases) {\n");
    for entry in &analysis.entries {
        let integration = &entry.integration;
        let module = &integration.module;
        let inner = integration.capability_configs.iter();
        let inner = inner.map(|block| (block.path(), block.config.name.as_str()));
        let top = ("formVariables".to_owned(), integration.config.name.as_str());
        for (block, name) in std::iter::once(top).chain(inner) {
            writeln!(
                calls,
                "    cases.check::<launchdarkly_integrations::integrations::{module}::{name}>({:?}, {block:?});",
                integration.key
            )
            .unwrap();
        }
    }
    calls.push_str("}\n");
    calls
}

/// What the structs of an integration must do, from its manifest alone.
pub(crate) fn cases(facts: &Facts) -> Value {
    let blocks = facts.blocks().map(|(name, fields)| {
        let fields: Value = fields
            .iter()
            .enumerate()
            .map(|(position, field)| field_case(field, position))
            .collect();
        json!({"block": name, "fields": fields})
    });
    json!({
        "key": facts.key,
        "name": facts.name,
        "version": facts.version,
        "requires_oauth": facts.requires_oauth,
        "allow_integration_configurations": facts.allow_integration_configurations,
        "capabilities": facts.capabilities,
        "other_capabilities": facts.other_capabilities,
        "creatable": facts.creatable,
        "blocks": blocks.collect::<Value>(),
    })
}

/// A field's facts, a sample as JSON text, and the text that is its value when it is left out.
fn field_case(field: &FieldFacts, position: usize) -> Value {
    let default = usable_default(field);
    let left_out = if field.optional {
        Value::Null
    } else {
        default.clone()
    };
    json!({
        "key": field.key,
        "label": field.label,
        "kind": field.kind,
        "optional": field.optional,
        "secret": field.secret,
        "hidden": field.hidden,
        "default": default,
        "allowed_values": field.allowed_values,
        "mark": mark(position),
        "sample": sample(field, position),
        "left_out": left_out,
    })
}

/// The manifest's default, if it is of the field's type.
pub(crate) fn usable_default(field: &FieldFacts) -> Value {
    let default = &field.default;
    let listed = |value: &Value| {
        field.allowed_values.is_empty()
            || value
                .as_str()
                .is_some_and(|text| field.allowed_values.iter().any(|listed| listed == text))
    };
    let usable = match field.kind.as_str() {
        "boolean" => default.is_boolean(),
        "uri" => default.as_str().is_some_and(|text| {
            text.starts_with("https://") || (field.optional && text.is_empty())
        }),
        "enum" => default.is_string() && listed(default),
        "multiselect" => default
            .as_array()
            .is_some_and(|items| items.iter().all(listed)),
        "string" | "dynamicEnum" | "generated" | "publicKey" | "oauth" => default.is_string(),
        _ => false,
    };
    if usable { default.clone() } else { Value::Null }
}

/// Is in every sample that holds free text, to find it where a secret mustn't be.
fn mark(position: usize) -> String {
    format!("mark{position}-")
}

/// A value of the field's type as JSON text, in the order in which its own members are written; no
/// default, if there is anything else.
pub(crate) fn sample(field: &FieldFacts, position: usize) -> String {
    let mark = mark(position);
    let text = || json!(format!("{mark} \"\\ \u{1f511} \0"));
    let value = match field.kind.as_str() {
        "boolean" => json!(field.default != true),
        "uri" => json!(format!("https://{mark}.example/a?b=%20")),
        "enum" => listed_sample(field).map_or_else(text, |value| json!(value)),
        "multiselect" if field.allowed_values.is_empty() => json!([text(), ""]),
        // Backwards: the order is the caller's.
        "multiselect" => field.allowed_values.iter().rev().cloned().collect(),
        "string" | "dynamicEnum" | "generated" | "publicKey" | "oauth" => text(),
        "environmentSelector" => {
            return r#"{"projectKey":"p","environmentKey":"e","projectId":"1","environmentId":"2"}"#.to_owned();
        }
        _ => json!({"any": [1.5, null, {"json": mark}]}),
    };
    value.to_string()
}

fn listed_sample(field: &FieldFacts) -> Option<&String> {
    let mut others = field.allowed_values.iter().rev();
    others
        .find(|value| field.default != value.as_str())
        .or(field.allowed_values.last())
}
