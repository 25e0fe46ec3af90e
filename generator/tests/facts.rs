//! Compares the facts of upstream manifests with those that the tests parse with their own code.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic in a test helper fails the test"
)]

mod support;

use std::collections::BTreeMap;

use generator::{Analysis, Catalog, Overrides, Source, model::Integration, snapshot};
use serde_json::{Map, Value, json};
use support::types::TypeCase;
use support::{
    Facts, FieldFacts, analyze_valid, committed, files_of, integrations, pinned_upstream, source,
    stored_upstream, upstream_sources, workspace,
};

/// Upstream's files and their analysis.
fn upstream() -> Option<(Vec<Source>, Analysis)> {
    let sources = upstream_sources(&stored_upstream()?);
    let analysis = analyze_valid(&sources, &Overrides::default());
    Some((sources, analysis))
}

#[test]
fn the_catalog_has_the_facts_of_every_manifest() {
    let Some((mut sources, analysis)) = upstream() else {
        return;
    };
    sources.sort_by(|a, b| a.key.cmp(&b.key));
    let pin = committed().pin;
    let text = Catalog::new(Some(&pin), &integrations(&analysis)).to_json();
    let catalog: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        catalog["upstream"],
        json!({"repository": pin.repository, "revision": pin.revision, "committed": pin.committed})
    );

    let listed = catalog["integrations"].as_array().unwrap();
    assert_eq!(listed.len(), sources.len());
    for (found, source) in listed.iter().zip(&sources) {
        let facts = Facts::read(source);
        compare(found, &facts);
    }
}

fn compare(found: &Value, facts: &Facts) {
    let place = &facts.key;
    for (name, expected) in [
        ("key", json!(facts.key)),
        ("name", json!(facts.name)),
        ("version", json!(facts.version)),
        ("requires_oauth", json!(facts.requires_oauth)),
        (
            "allow_integration_configurations",
            facts.allow_integration_configurations.clone(),
        ),
        ("capabilities", json!(facts.capabilities)),
        ("other_capabilities", json!(facts.other_capabilities)),
        ("endpoints", json!(facts.all_endpoints())),
        (
            "creatable",
            json!(facts.endpoints.contains(&"integration-configuration")),
        ),
    ] {
        assert_eq!(found[name], expected, "{place}: {name}");
    }
    compare_fields(place, &found["fields"], &facts.fields);
    let blocks = found["capability_fields"].as_object().unwrap();
    let expected: BTreeMap<&str, &[FieldFacts]> = facts
        .capability_fields
        .iter()
        .map(|(name, fields)| (name.as_str(), fields.as_slice()))
        .collect();
    let names: Vec<&str> = blocks.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        expected.keys().copied().collect::<Vec<_>>(),
        "{place}"
    );
    for (name, fields) in expected {
        compare_fields(&format!("{place} {name}"), &blocks[name], fields);
    }
}

fn compare_fields(place: &str, found: &Value, expected: &[FieldFacts]) {
    let found = found.as_array().unwrap();
    assert_eq!(found.len(), expected.len(), "{place}");
    for (found, facts) in found.iter().zip(expected) {
        let place = format!("{place}: {}", facts.key);
        let Value::Object(mut found) = found.clone() else {
            panic!("{place} is not an object");
        };
        let field = found.remove("field").unwrap();
        assert_eq!(
            field.as_str().unwrap().replace('_', ""),
            facts.key.replace(['_', '-'], "").to_lowercase(),
            "{place}"
        );
        let rust_type = found.remove("rust_type").unwrap();
        check_rust_type(&place, rust_type.as_str().unwrap(), facts);
        assert_eq!(Value::Object(found), fact_object(facts), "{place}");
    }
}

fn fact_object(facts: &FieldFacts) -> Value {
    let mut object = Map::new();
    for (name, value) in [
        ("key", json!(facts.key)),
        ("label", json!(facts.label)),
        ("type", json!(facts.kind)),
        ("optional", json!(facts.optional)),
        ("secret", json!(facts.secret)),
        ("hidden", json!(facts.hidden)),
        ("default", facts.default.clone()),
        ("allowed_values", json!(facts.allowed_values)),
    ] {
        object.insert(name.to_owned(), value);
    }
    Value::Object(object)
}

fn check_rust_type(place: &str, found: &str, facts: &FieldFacts) {
    let inner = match found.strip_prefix("Option<") {
        Some(inner) => inner.strip_suffix('>').unwrap(),
        None => found,
    };
    assert_eq!(
        found.starts_with("Option<"),
        facts.optional,
        "{place}: {found}"
    );
    let case = TypeCase::of(&facts.kind);
    if case.is_listed() {
        assert_eq!(inner.starts_with("Vec<"), case.many(), "{place}: {found}");
        assert!(!facts.allowed_values.is_empty(), "{place}");
        assert_ne!(inner.trim_start_matches("Vec<"), "String", "{place}");
        return;
    }
    let secret = format!("Secret{}", case.rust);
    let expected = if facts.secret && case.secret {
        &secret
    } else {
        &case.rust
    };
    assert_eq!(inner, *expected, "{place}");
}

#[test]
fn the_snapshot_of_a_manifest_has_the_same_facts() {
    let Some((_, analysis)) = upstream() else {
        return;
    };
    let snapshots: Vec<Source> = analysis
        .analyzed
        .iter()
        .map(|entry| source(&entry.integration.key, snapshot::to_json(&entry.manifest)))
        .collect();
    let again = analyze_valid(&snapshots, &Overrides::default());
    assert_eq!(again.analyzed.len(), analysis.analyzed.len());
    for (again, entry) in again.analyzed.iter().zip(&analysis.analyzed) {
        let mut integration = entry.integration.clone();
        without_descriptions(&mut integration);
        assert_eq!(again.integration, integration);
    }
}

fn without_descriptions(integration: &mut Integration) {
    let blocks = integration
        .capability_configs
        .iter_mut()
        .map(|block| &mut block.config);
    for values in std::iter::once(&mut integration.config).chain(blocks) {
        for field in &mut values.fields {
            field.description = None;
        }
    }
}

#[test]
fn the_committed_snapshot_matches_upstream() {
    let Some(upstream) = pinned_upstream() else {
        return;
    };
    let analysis = analyze_valid(&upstream_sources(&upstream), &Overrides::default());
    let mut expected: BTreeMap<String, String> = analysis
        .analyzed
        .iter()
        .map(|entry| {
            let name = snapshot::file_name(&entry.integration.key);
            (name, snapshot::to_json(&entry.manifest))
        })
        .collect();
    expected.insert(snapshot::PIN_FILE.to_owned(), committed().pin.to_json());
    let mut found = files_of(&workspace().join("manifests"));
    found.retain(|name, _| name.ends_with(".json"));
    assert_eq!(
        found.keys().collect::<Vec<_>>(),
        expected.keys().collect::<Vec<_>>()
    );
    for (name, text) in expected {
        assert!(found[&name] == text.as_bytes(), "{name}");
    }
}

#[test]
fn no_description_of_upstream_is_committed() {
    let Some((sources, _)) = upstream() else {
        return;
    };
    let mut prose = Vec::new();
    // The repository's URL is a fact, and one placeholder is the beginning of it.
    let mut facts = committed().pin.repository;
    // The URLs in the overrides are facts, too.
    let overrides = workspace().join(generator::OVERRIDES_FILE);
    for line in std::fs::read_to_string(overrides).unwrap().lines() {
        facts.push_str(line.strip_prefix("evidence = ").unwrap_or_default());
    }
    for source in &sources {
        let manifest: Value = serde_json::from_slice(&source.bytes).unwrap();
        texts_under(&manifest, false, &mut prose);
        let read = Facts::read(source);
        facts.push_str(&read.name);
        for field in read.blocks().flat_map(|(_, fields)| fields) {
            for fact in [&field.label, &field.default.to_string()]
                .into_iter()
                .chain(&field.allowed_values)
            {
                facts.push('\n');
                facts.push_str(fact);
            }
        }
    }
    let facts = letters(&facts);
    let prose: Vec<(String, String)> = prose
        .into_iter()
        .map(|text| (letters(&text), text))
        .filter(|(letters, text)| {
            // Shorter strings are common words.
            text.chars().count() >= 12 && letters.len() >= 8 && !facts.contains(letters)
        })
        .collect();
    assert!(prose.len() > 300, "{} texts", prose.len());
    for folder in ["manifests", "generated/src/integrations"] {
        for (name, bytes) in files_of(&workspace().join(folder)) {
            // Compares letters only, so that escapes and line breaks make no difference.
            let text = letters(&String::from_utf8(bytes).unwrap());
            for (letters, original) in &prose {
                assert!(!text.contains(letters), "{folder}/{name}: {original}");
            }
        }
    }
}

/// All strings in properties that are prose.
fn texts_under(value: &Value, is_prose: bool, found: &mut Vec<String>) {
    match value {
        Value::String(text) if is_prose => found.push(text.clone()),
        Value::Array(items) => {
            for item in items {
                texts_under(item, is_prose, found);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let is_prose = matches!(
                    name.as_str(),
                    "description" | "placeholder" | "overview" | "details" | "documentation"
                );
                texts_under(member, is_prose, found);
            }
        }
        _ => {}
    }
}

fn letters(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
