//! Test cases for every struct, read from the manifests without the generator. The tests run in a copy of the
//! package.

use std::fmt::Write as _;

use generator::Analysis;
use serde_json::{Value, json};

use super::types::TypeCase;
use super::{Facts, FieldFacts};

/// A function that checks every struct of the modules. Only this code names the types.
pub(crate) fn calls(analysis: &Analysis) -> String {
    let mut calls = String::from("fn check_all(cases: &Cases) {\n");
    for entry in &analysis.analyzed {
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

/// The test case of an integration.
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
        "endpoints": facts.all_endpoints(),
        "blocks": blocks.collect::<Value>(),
    })
}

/// A field's facts, a sample as JSON, and the value that is sent if the field is omitted.
fn field_case(field: &FieldFacts, position: usize) -> Value {
    let case = TypeCase::of(&field.kind);
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
        // Listed values are public, so only free text can be secret.
        "free": case.text && field.allowed_values.is_empty(),
        "wrong": case.wrong(field),
    })
}

/// The manifest's default, if it is of the field's type.
pub(crate) fn usable_default(field: &FieldFacts) -> Value {
    TypeCase::of(&field.kind).usable_default(field)
}

/// A string in every sample of free text. The tests search for it in output that must not show a secret.
fn mark(position: usize) -> String {
    format!("mark{position}-")
}

/// A value of the field's type as JSON.
pub(crate) fn sample(field: &FieldFacts, position: usize) -> String {
    TypeCase::of(&field.kind).sample(field, &mark(position))
}
