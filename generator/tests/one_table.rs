//! A type of form variable has one row in the generator, one in the generated crate and one in the
//! tests, and nothing else knows it by name.
#![allow(
    clippy::unwrap_used,
    reason = "a helper of a test that unwraps fails the test with the reason"
)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use generator::{Manifest, Overrides, analyze};
use serde_json::{Value, json};
use support::types::{TYPES, is_absolute_url, known};
use support::{committed, emit_all, fixtures, source, workspace};

/// Rust without comments and unit tests.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("\n#[cfg(test)]").next().unwrap();
    let lines = text.lines();
    let code = lines.filter(|line| !line.trim_start().starts_with("//"));
    code.map(|line| format!("{line}\n")).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}

/// The files of a folder that hold any of these texts.
fn holders(folder: &str, except: &[&str], texts: &[String]) -> Vec<String> {
    let folder = workspace().join(folder);
    let mut files = Vec::new();
    collect(&folder, &mut files);
    let mut holders = Vec::new();
    for path in files {
        let name = path
            .strip_prefix(&folder)
            .unwrap()
            .to_str()
            .unwrap()
            .replace('\\', "/");
        if !name.ends_with(".rs") || except.iter().any(|other| name.starts_with(other)) {
            continue;
        }
        let code = code(&path);
        let found = texts.iter().filter(|text| code.contains(text.as_str()));
        holders.extend(found.map(|text| format!("{name}: {text}")));
    }
    holders
}

#[test]
fn nothing_matches_on_a_type_outside_its_table() {
    // Rust and JSON Schema have these words, too: `naming.rs` and `manifest.rs` name them.
    let own = known().filter(|name| !["string", "enum"].contains(name));
    let literals: Vec<String> = own.map(|name| format!("\"{name}\"")).collect();
    let found = holders("generator/src", &["types.rs"], &literals);
    assert!(
        found.is_empty(),
        "what a type means belongs into its row in generator/src/types.rs: {found:#?}"
    );
    let words = ["\"string\"", "\"enum\""].map(str::to_owned);
    let own = ["types.rs", "manifest.rs", "naming.rs"];
    let found = holders("generator/src", &own, &words);
    assert!(
        found.is_empty(),
        "what a type means belongs into its row in generator/src/types.rs: {found:#?}"
    );
    let kinds = ["FieldKind::".to_owned()];
    let found = holders("generated/src", &["values/", "integrations/"], &kinds);
    assert!(
        found.is_empty(),
        "what a type means belongs into its file in generated/src/values: {found:#?}"
    );
    // What is forbidden is found where it is allowed.
    let table = holders("generator/src", &[], &literals);
    assert_eq!(table.len(), literals.len(), "{table:#?}");
}

#[test]
fn the_three_tables_have_the_same_types() {
    let schema = schemars::schema_for!(Manifest).to_value();
    let generator = &schema["$defs"]["VariableType"]["enum"];
    let mut generator: Vec<&str> = generator
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap())
        .collect();
    generator.sort_unstable();
    let mut tests: Vec<&str> = known().collect();
    tests.sort_unstable();
    assert_eq!(generator, tests, "generator/tests/support/types.json");
    let kinds = code(&workspace().join("generated/src/values/kinds.rs"));
    for name in tests {
        assert!(
            kinds.contains(&format!(" = \"{name}\", ")),
            "kinds.rs: {name}"
        );
    }
}

/// `None` if the manifest's default was dropped.
fn default_of(kind: &str, default: &Value) -> Option<Value> {
    let variable = json!({"key": "k", "name": "N", "type": kind, "defaultValue": default});
    let manifest = json!({ "formVariables": [variable] });
    let sources = [source("acme", manifest.to_string())];
    let analysis = analyze(&sources, &Overrides::default(), true);
    let field = &analysis.integrations()[0].config.fields[0];
    Some(field.default()?.to_json())
}

#[test]
fn all_agree_on_what_an_absolute_url_is() {
    // The generated crate's tests ask `Uri` and the JSON Schema about the same texts.
    let urls = include_str!("../../generated/tests/support/urls.json");
    let urls: Vec<(bool, Vec<String>)> = serde_json::from_str(urls).unwrap();
    for (good, texts) in urls {
        for text in texts {
            assert_eq!(is_absolute_url(&text), good, "{text:?}");
            let default = default_of("uri", &json!(text));
            assert_eq!(default.is_some(), good, "{text:?}");
        }
    }
}

#[test]
fn defaults_fit_as_the_table_says() {
    for case in TYPES.iter().filter(|case| !case.is_listed()) {
        for default in &case.default {
            let found = default_of(&case.name, default);
            assert_eq!(found.as_ref(), Some(default), "{}", case.name);
        }
        for misfit in &case.misfit {
            let found = default_of(&case.name, misfit);
            assert_eq!(found, None, "{}: {misfit}", case.name);
        }
    }
}

#[test]
fn a_module_alone_is_the_same_as_among_all() {
    for snapshot in [committed(), fixtures()] {
        let all = snapshot.emit().modules;
        let analysis = analyze(&snapshot.sources, &snapshot.overrides, false);
        let integrations = analysis.integrations();
        for integration in &integrations {
            let alone = generator::emit(&[integration], generator::EmitOptions::default()).unwrap();
            let name = format!("{}.rs", integration.module);
            assert!(alone.modules[&name] == all[&name], "{name}");
        }
        let mut reversed = integrations.clone();
        reversed.reverse();
        let options = generator::EmitOptions {
            pin: Some(&snapshot.pin),
            descriptions: false,
        };
        let reversed = generator::emit(&reversed, options).unwrap();
        assert!(reversed == snapshot.emit(), "unsorted input");
    }
}

#[test]
fn a_type_that_the_table_lacks_is_any_json() {
    let manifest = json!({"formVariables": [
        {"key": "shape", "name": "Shape", "type": "holograph"},
        {"key": "secret-shape", "name": "Shape", "type": "holograph", "isSecret": true, "isOptional": true},
    ]});
    let sources = [source("acme", manifest.to_string())];
    let analysis = analyze(&sources, &Overrides::default(), true);
    let codes: Vec<&str> = analysis.diagnostics.iter().map(|said| said.code).collect();
    assert_eq!(
        codes.iter().filter(|code| **code == "unknown-type").count(),
        2
    );
    let module = &emit_all(&analysis, None, false).modules["acme.rs"];
    for text in [
        "pub shape: ::serde_json::Value,",
        "pub secret_shape: Option<crate::SecretJson>,",
        "crate::FieldKind::Unknown(\"holograph\")",
        "the type `holograph`, which this crate doesn't know",
    ] {
        assert!(module.contains(text), "{text}\n{module}");
    }
}
