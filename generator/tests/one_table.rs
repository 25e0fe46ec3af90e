//! Each type of form variable has one row in the generator, one in the generated crate and one in the tests.
//! No other code has its name.
#![allow(
    clippy::unwrap_used,
    reason = "a panic in a test helper fails the test"
)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use generator::{Manifest, Overrides, analyze};
use serde_json::{Value, json};
use support::types::{TYPES, is_absolute_url, known};
use support::{committed, emit_all, fixtures, source, workspace};

/// The code of a file without comments and unit tests.
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

/// The files of a folder that contain one of these strings.
fn files_with(folder: &str, except: &[&str], texts: &[String]) -> Vec<String> {
    let folder = workspace().join(folder);
    let mut files = Vec::new();
    collect(&folder, &mut files);
    let mut files_with_text = Vec::new();
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
        files_with_text.extend(found.map(|text| format!("{name}: {text}")));
    }
    files_with_text
}

#[test]
fn nothing_matches_on_a_type_outside_its_table() {
    // `string` and `enum` are also words of Rust and JSON Schema, which `naming.rs` and `manifest.rs` use.
    let own = known().filter(|name| !["string", "enum"].contains(name));
    let literals: Vec<String> = own.map(|name| format!("\"{name}\"")).collect();
    let found = files_with("generator/src", &["types.rs"], &literals);
    assert!(
        found.is_empty(),
        "code for one type belongs in its row in generator/src/types.rs: {found:#?}"
    );
    let words = ["\"string\"", "\"enum\""].map(str::to_owned);
    let own = ["types.rs", "manifest.rs", "naming.rs"];
    let found = files_with("generator/src", &own, &words);
    assert!(
        found.is_empty(),
        "code for one type belongs in its row in generator/src/types.rs: {found:#?}"
    );
    let kinds = ["FieldKind::".to_owned()];
    let found = files_with("generated/src", &["values/", "integrations/"], &kinds);
    assert!(
        found.is_empty(),
        "code for one type belongs in its file in generated/src/values: {found:#?}"
    );
    // Checks the search itself: it finds all names in the table.
    let table = files_with("generator/src", &[], &literals);
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

/// The default of a form variable with this default in its manifest; `None` if it was dropped.
fn default_of(kind: &str, default: &Value) -> Option<Value> {
    let variable = json!({"key": "k", "name": "N", "type": kind, "defaultValue": default});
    let manifest = json!({ "formVariables": [variable] });
    let sources = [source("acme", manifest.to_string())];
    let analysis = analyze(&sources, &Overrides::default(), true);
    let field = &analysis.integrations()[0].config.fields[0];
    Some(field.default()?.to_json())
}

#[test]
fn the_generator_and_the_generated_crate_accept_the_same_urls() {
    // The tests of the generated crate check `Uri` and the JSON Schema with the same strings.
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
fn defaults_are_kept_if_they_fit_the_type() {
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
fn a_module_does_not_depend_on_other_integrations() {
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
fn an_unknown_type_accepts_any_json() {
    let manifest = json!({"formVariables": [
        {"key": "shape", "name": "Shape", "type": "holograph"},
        {"key": "secret-shape", "name": "Shape", "type": "holograph", "isSecret": true, "isOptional": true},
    ]});
    let sources = [source("acme", manifest.to_string())];
    let analysis = analyze(&sources, &Overrides::default(), true);
    let codes: Vec<&str> = analysis
        .diagnostics
        .iter()
        .map(|diagnostic| diagnostic.code)
        .collect();
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
