//! The manifest model, compared with the schema that upstream publishes.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic in a test helper fails the test"
)]

mod support;

use std::collections::BTreeSet;
use std::fs;

use generator::Manifest;
use serde_json::Value;

#[test]
fn every_property_and_type_of_upstreams_schema_is_read() {
    let Some(upstream) = support::stored_upstream() else {
        return;
    };
    let text = fs::read_to_string(upstream.join("manifest.schema.json")).unwrap();
    let theirs: Value = serde_json::from_str(&text).unwrap();
    let ours: Value = schemars::schema_for!(Manifest).to_value();
    let variable = &ours["$defs"]["FormVariable"];

    let blocks = blocks(&theirs);
    let names: Vec<&str> = blocks.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "formVariables",
            "approval.approvalFormVariables",
            "approval.environmentFormVariables",
            "featureStore.formVariables",
            "flagCleanup.formVariables"
        ]
    );
    for (name, items) in blocks {
        compare_objects(name.as_str(), &ours, variable, items);
        let types = texts(&items["properties"]["type"]["enum"]);
        let known = texts(&ours["$defs"]["VariableType"]["enum"]);
        assert_eq!(types, known, "{name}");
        compare_objects(
            &format!("{name}.multiselectOptions"),
            &ours,
            &ours["$defs"]["MultiselectOption"],
            &items["properties"]["multiselectOptions"]["items"],
        );
    }
}

#[test]
fn the_properties_of_the_model_are_in_upstreams_schema() {
    let Some(upstream) = support::stored_upstream() else {
        return;
    };
    let text = fs::read_to_string(upstream.join("manifest.schema.json")).unwrap();
    let theirs: Value = serde_json::from_str(&text).unwrap();
    let ours: Value = schemars::schema_for!(Manifest).to_value();
    let allowed = texts(&theirs["propertyNames"]["enum"]);
    // Real manifests may omit any property.
    assert_eq!(ours.get("required"), None);
    for (name, schema) in ours["properties"].as_object().unwrap() {
        assert!(allowed.contains(name.as_str()), "{name}");
        compare_types(name, &ours, schema, &theirs["properties"][name]);
    }
}

/// Every block of form variables that the schema allows: its name, such as `capability.block`, and the
/// schema of its items.
fn blocks(schema: &Value) -> Vec<(String, &Value)> {
    let is_block = |(name, block): &(&String, &Value)| {
        name.ends_with("ormVariables") && block["type"] == "array"
    };
    let top = schema["properties"].as_object().unwrap().iter();
    let mut blocks: Vec<(String, &Value)> = top
        .filter(is_block)
        .map(|(name, block)| (name.clone(), &block["items"]))
        .collect();
    let capabilities = schema["properties"]["capabilities"]["properties"].as_object();
    let mut inner = Vec::new();
    for (capability, body) in capabilities.unwrap() {
        let properties = body["properties"].as_object().into_iter().flatten();
        for (name, block) in properties.filter(is_block) {
            inner.push((format!("{capability}.{name}"), &block["items"]));
        }
    }
    inner.sort_by(|a, b| a.0.cmp(&b.0));
    blocks.extend(inner);
    blocks
}

fn compare_objects(place: &str, root: &Value, ours: &Value, theirs: &Value) {
    let properties = ours["properties"].as_object().unwrap();
    let names: BTreeSet<&str> = properties.keys().map(String::as_str).collect();
    assert_eq!(names, texts(&theirs["propertyNames"]["enum"]), "{place}");
    for (name, schema) in properties {
        compare_types(
            &format!("{place}.{name}"),
            root,
            schema,
            &theirs["properties"][name],
        );
    }
    // Real manifests omit properties that upstream's schema requires, so the model requires fewer.
    let required = texts(&ours["required"]);
    assert!(
        required.is_subset(&texts(&theirs["required"])),
        "{place}: {required:?}"
    );
}

fn compare_types(place: &str, root: &Value, ours: &Value, theirs: &Value) {
    let our_types = types(root, ours);
    // The model accepts any JSON for a value that it does not use.
    if !our_types.is_empty() {
        assert_eq!(our_types, types(root, theirs), "{place}");
    }
}

/// The JSON types that a schema allows, except `null`, which schemars adds to each optional property.
fn types<'a>(root: &'a Value, schema: &'a Value) -> BTreeSet<&'a str> {
    if let Some(reference) = schema["$ref"].as_str() {
        let definition = root.pointer(reference.strip_prefix('#').unwrap());
        return types(root, definition.unwrap());
    }
    let alternatives = schema["anyOf"].as_array().into_iter().flatten();
    let mut found: BTreeSet<&str> = alternatives
        .flat_map(|alternative| types(root, alternative))
        .collect();
    match &schema["type"] {
        Value::String(text) => found.extend([text.as_str()]),
        Value::Array(_) => found.extend(texts(&schema["type"])),
        _ => {}
    }
    found.remove("null");
    found
}

fn texts(list: &Value) -> BTreeSet<&str> {
    let items = list.as_array().unwrap_or_else(|| panic!("{list}"));
    items.iter().map(|item| item.as_str().unwrap()).collect()
}
