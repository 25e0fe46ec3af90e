//! Wrong, unexpected and malicious manifests, and the diagnostics for each.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic in a test helper fails the test"
)]

mod support;

use std::time::{Duration, Instant};

use generator::{Analysis, Diagnostic, Files, Overrides, Source, analyze, limits};
use serde_json::{Value, json};
use support::types::TYPES;
use support::{analyze_valid, emit, emit_all, hostile, source};

/// Marks the expected place of a diagnostic in a manifest. The tests remove it before they parse.
const MARK: char = '¶';

/// Analyzes one manifest and compares all its diagnostics with `expected`. Each is `severity code path`.
/// The marks have the same order. Diagnostics without a mark have no location.
fn expect(manifest: &str, expected: &[&str]) -> Vec<Diagnostic> {
    let (text, marks) = without_marks(manifest);
    let found = diagnose(&source("acme", text));
    compare(manifest, &found, expected);
    let mut marks = marks.into_iter();
    for diagnostic in &found {
        let place = diagnostic.location.as_ref();
        let place = place.map(|location| (location.line, location.column));
        assert_eq!(place, marks.next(), "{diagnostic}\n{manifest}");
    }
    assert_eq!(marks.next(), None, "{manifest}");
    found
}

/// Like [`expect`], for one form variable with a valid key and name.
fn expect_variable(properties: &str, expected: &[&str]) -> Vec<Diagnostic> {
    let manifest = format!(r#"{{"formVariables": [{{"key": "a", "name": "A", {properties}}}]}}"#);
    let expected: Vec<String> = expected
        .iter()
        .map(|expected| expected.replace("$.", "$.formVariables[0]."))
        .collect();
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    expect(&manifest, &expected)
}

/// Like [`expect`], for form variables that differ only in their keys.
fn expect_keys(keys: &[&str], expected: &[&str]) -> Vec<Diagnostic> {
    let variables: Vec<String> = keys
        .iter()
        .map(|key| {
            let (mark, key) = match key.strip_prefix(MARK) {
                Some(key) => ("¶", key),
                None => ("", *key),
            };
            format!(
                r#"{{"key": {mark}{}, "name": "A", "type": "string"}}"#,
                json!(key)
            )
        })
        .collect();
    let manifest = format!("{{\"formVariables\": [\n  {}\n]}}", variables.join(",\n  "));
    expect(&manifest, expected)
}

fn diagnose(source: &Source) -> Vec<Diagnostic> {
    let analysis = analyze(std::slice::from_ref(source), &Overrides::default(), true);
    for diagnostic in &analysis.diagnostics {
        assert_eq!(diagnostic.origin, source.origin);
        let line = diagnostic.to_string();
        assert!(line.len() < 2_000 && !line.contains('\n'), "{line}");
    }
    if !analysis.has_errors() {
        // Every accepted manifest gives Rust code, with and without descriptions.
        emit(&analysis, None, false);
        emit(&analysis, None, true);
    }
    analysis.diagnostics
}

fn compare(what: &str, found: &[Diagnostic], expected: &[&str]) {
    let shown: Vec<String> = found
        .iter()
        .map(|diagnostic| {
            format!(
                "{} {} {}",
                diagnostic.severity, diagnostic.code, diagnostic.path
            )
        })
        .collect();
    assert_eq!(shown, expected, "{what}");
}

fn without_marks(marked: &str) -> (String, Vec<(usize, usize)>) {
    let mut text = String::new();
    let mut marks = Vec::new();
    let (mut line, mut column) = (1, 1);
    for c in marked.chars() {
        match c {
            MARK => {
                marks.push((line, column));
                continue;
            }
            '\n' => (line, column) = (line + 1, 1),
            _ => column += 1,
        }
        text.push(c);
    }
    (text, marks)
}

fn mentions(diagnostic: &Diagnostic, texts: &[&str]) {
    let line = diagnostic.to_string();
    for text in texts {
        assert!(line.contains(text), "{text}: {line}");
    }
}

#[test]
fn invalid_json_is_an_error_with_a_location() {
    for (text, place) in [
        ("", (1, 1)),
        ("{", (1, 1)),
        ("{\"a\": }", (1, 7)),
        ("{\n  \"a\": tru\n}", (2, 11)),
        ("{\"name\": \"ünïcode\", }", (1, 21)),
        ("{\"ü\": 1}\n\n{", (3, 1)),
        ("{} x", (1, 4)),
        ("{}\n{}", (2, 1)),
        ("{\"a\": [1, 2", (1, 11)),
        ("{\"a\": \"tab\t\"}", (1, 11)),
        ("{'a': 1}", (1, 2)),
        ("{\"a\": 1e999}", (1, 11)),
        ("{\"a\": NaN}", (1, 7)),
        ("// no comments\n{}", (1, 1)),
    ] {
        let found = diagnose(&source("acme", text));
        compare(text, &found, &["error not-json $"]);
        let location = found[0].location.as_ref().unwrap();
        assert_eq!((location.line, location.column), place, "{}", found[0]);
    }
    // Half of a surrogate pair is not a valid string.
    let found = diagnose(&source("acme", "{\"a\": \"\\ud800\"}"));
    compare("surrogate", &found, &["error not-json $"]);
}

#[test]
fn invalid_utf8_is_an_error() {
    let utf16 = |order: fn(u16) -> [u8; 2], mark: &[u8]| -> Vec<u8> {
        let text = "{\"name\": \"Acme\"}".encode_utf16().flat_map(order);
        mark.iter().copied().chain(text).collect()
    };
    for (what, bytes, code) in [
        ("BOM", b"\xEF\xBB\xBF{}".to_vec(), "byte-order-mark"),
        ("UTF-16 LE", utf16(u16::to_le_bytes, b""), "not-utf8"),
        ("UTF-16 BE", utf16(u16::to_be_bytes, b""), "not-utf8"),
        (
            "UTF-16 LE, BOM",
            utf16(u16::to_le_bytes, b"\xFF\xFE"),
            "not-utf8",
        ),
        (
            "UTF-16 BE, BOM",
            utf16(u16::to_be_bytes, b"\xFE\xFF"),
            "not-utf8",
        ),
        ("Latin 1", b"{\"name\": \"\xE9\"}".to_vec(), "not-utf8"),
        (
            "surrogate",
            b"{\"name\": \"\xED\xA0\x80\"}".to_vec(),
            "not-utf8",
        ),
        ("overlong", b"{\"name\": \"\xC0\xAF\"}".to_vec(), "not-utf8"),
        ("cut", b"{\"name\": \"\xF0\x9F".to_vec(), "not-utf8"),
    ] {
        let found = diagnose(&source("acme", bytes));
        compare(what, &found, &[&format!("error {code} $")]);
        mentions(&found[0], &["expected UTF-8"]);
    }
}

#[test]
fn deep_nesting_is_an_error_everywhere() {
    for depth in [1_000, 20_000] {
        for (before, after) in [
            ("{\"ignored\": ", "}"),
            (
                "{\"formVariables\": [{\"key\": \"a\", \"name\": \"A\", \"type\": \"string\", \"defaultValue\": ",
                "}]}",
            ),
        ] {
            for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
                let inner = if open == "[" { "" } else { "1" };
                let text = format!(
                    "{before}{}{inner}{}{after}",
                    open.repeat(depth),
                    close.repeat(depth)
                );
                let found = diagnose(&source("acme", text));
                compare(before, &found, &["error too-deep $"]);
                mentions(&found[0], &["nested", "expected fewer than 128"]);
                assert_eq!(found[0].location.as_ref().unwrap().line, 1);
            }
        }
    }
    // One level below the limit is accepted.
    let deep = |depth| {
        let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        format!("{{\"ignored\": {deep}}}")
    };
    expect(&deep(limits::DEPTH - 2), &[]);
    let found = diagnose(&source("acme", deep(limits::DEPTH - 1)));
    compare("at the limit", &found, &["error too-deep $"]);
}

#[test]
fn a_manifest_must_be_an_object() {
    for text in ["¶[]", "¶null", "\n ¶42", "¶\"{}\"", "¶true"] {
        let found = expect(text, &["error wrong-type $"]);
        mentions(&found[0], &["an object"]);
    }
    expect("{}", &[]);
    expect(" \r\n{\"formVariables\": []}\t", &[]);
}

#[test]
fn repeated_names_are_errors() {
    // The parser stops at the end of the repeated name.
    let found = expect(
        r#"{"name": "A", "name¶": "B", "formVariables": []}"#,
        &["error repeated-name $"],
    );
    mentions(&found[0], &["\"name\" twice", "remove all but one"]);
    for text in [
        r#"{"formVariables": [{"key": "a", "name": "A", "key¶": "b", "type": "string"}]}"#,
        r#"{"formVariables": [{"key": "a", "dependsOn": {"x": [{"y": 1, "y¶": 2}]}}]}"#,
        // The same name, written with an escape.
        r#"{"capabilities": {"a": {}, "\u0061¶": {}}}"#,
    ] {
        expect(text, &["error repeated-name $"]);
    }
    let names: String = (0..100).map(|n| format!("\"x{n}\": 1, ")).collect();
    expect(
        &format!("{{{names}\"x7¶\": 1}}"),
        &["error repeated-name $"],
    );
}

#[test]
fn properties_of_the_wrong_type_are_errors() {
    let found = expect(
        r#"{"name": ¶1, "version": ¶null, "requiresOAuth": ¶"yes", "allowIntegrationConfigurations": ¶0,
            "otherCapabilities": [¶{}], "capabilities": ¶[], "formVariables": ¶{}}"#,
        &[
            "error wrong-type $.name",
            "error wrong-type $.version",
            "error wrong-type $.requiresOAuth",
            "error wrong-type $.allowIntegrationConfigurations",
            "error wrong-type $.otherCapabilities[0]",
            "error wrong-type $.capabilities",
            "error wrong-type $.formVariables",
        ],
    );
    mentions(
        &found[0],
        &[
            "a number is not allowed here",
            "found 1",
            "expected a string",
        ],
    );

    expect(
        r#"{"formVariables": [{
            "key": ¶7,
            "name": ¶{},
            "type": ¶["string"],
            "description": ¶true,
            "placeholder": ¶[],
            "isOptional": ¶"true",
            "isSecret": ¶1,
            "isHidden": ¶null,
            "allowedValues": ¶"a",
            "multiselectOptions": [¶"a", ¶{"label": "B"}, {"value": ¶1, "label": ¶2}],
            "multiselectDefaultOptions": ["a", ¶1],
            "disableAfterSaving": ¶{},
            "hideEmpty": ¶[]
        }, ¶"a", ¶null]}"#,
        &[
            "error wrong-type $.formVariables[0].key",
            "error wrong-type $.formVariables[0].name",
            "error wrong-type $.formVariables[0].type",
            "error wrong-type $.formVariables[0].description",
            "error wrong-type $.formVariables[0].placeholder",
            "error wrong-type $.formVariables[0].isOptional",
            "error wrong-type $.formVariables[0].isSecret",
            "error wrong-type $.formVariables[0].isHidden",
            "error wrong-type $.formVariables[0].allowedValues",
            "error wrong-type $.formVariables[0].multiselectOptions[0]",
            "error missing-property $.formVariables[0].multiselectOptions[1].value",
            "error wrong-type $.formVariables[0].multiselectOptions[2].value",
            "error wrong-type $.formVariables[0].multiselectOptions[2].label",
            "error wrong-type $.formVariables[0].multiselectDefaultOptions[1]",
            "error wrong-type $.formVariables[0].disableAfterSaving",
            "error wrong-type $.formVariables[0].hideEmpty",
            "error wrong-type $.formVariables[1]",
            "error wrong-type $.formVariables[2]",
        ],
    );
    expect(
        r#"{"capabilities": {"a": {"formVariables": ¶7}, "b": {"xFormVariables": [¶7]}, "c": 7}}"#,
        &[
            "error wrong-type $.capabilities.a.formVariables",
            "error wrong-type $.capabilities.b.xFormVariables[0]",
        ],
    );
}

#[test]
fn key_and_type_are_required() {
    let found = expect(
        r#"{"formVariables": [
            ¶{"name": "A", "type": "string"},
            ¶{"name": "A", "key": "a"},
            ¶¶{},
            ¶{"kye": ¶"a", "name": "A", "type": "string"}
        ]}"#,
        &[
            "error missing-property $.formVariables[0].key",
            "error missing-property $.formVariables[1].type",
            "error missing-property $.formVariables[2].key",
            "error missing-property $.formVariables[2].type",
            "error missing-property $.formVariables[3].key",
            "warning unknown-property $.formVariables[3].kye",
        ],
    );
    mentions(&found[4], &["`kye`: did upstream mean `key`?"]);
}

#[test]
fn unknown_properties_and_types_are_warnings_with_suggestions() {
    let found = expect_variable(
        r#""type": "string", "isOptionl": ¶true, "colour": ¶"red""#,
        &[
            "warning unknown-property $.isOptionl",
            "warning unknown-property $.colour",
        ],
    );
    mentions(&found[0], &["did upstream mean `isOptional`?"]);
    assert!(!found[1].to_string().contains("did upstream mean"));

    let found = expect_variable(r#""type": ¶"strng""#, &["warning unknown-type $.type"]);
    mentions(
        &found[0],
        &[
            "found \"strng\"",
            "string, boolean",
            "did upstream mean `string`?",
        ],
    );
    expect_variable(r#""type": ¶"""#, &["warning unknown-type $.type"]);
    expect_variable(
        r#""type": ¶"vault", "isSecret": ¶true"#,
        &[
            "warning unknown-type $.type",
            "warning secret-not-string $.isSecret",
        ],
    );
    assert_eq!(rust_type(r#""type": "vault""#), "Value");
    assert_eq!(
        rust_type(r#""type": "vault", "isSecret": true"#),
        "SecretJson"
    );
    assert_eq!(rust_type(r#""type": "uri", "isSecret": true"#), "SecretUri");
    assert_eq!(
        rust_type(r#""type": "oauth", "isSecret": true"#),
        "SecretString"
    );
}

fn rust_type(properties: &str) -> String {
    let text = format!(r#"{{"formVariables": [{{"key": "a", "name": "A", {properties}}}]}}"#);
    let analysis = analyze_valid(&[source("acme", text)], &Overrides::default());
    analysis.analyzed[0].integration.config.fields[0].rust_type()
}

#[test]
fn a_default_of_the_wrong_type_is_dropped_with_a_warning() {
    for case in TYPES.iter() {
        for misfit in case.misfit.iter().chain(&[json!("x".repeat(10_000))]) {
            let is_long = misfit.as_str().is_some_and(|text| text.len() > 100);
            let fits_any_text = case.default.first().is_some_and(Value::is_string);
            if is_long && (fits_any_text && !case.is_listed() && case.rust == "String") {
                continue;
            }
            let manifest = json!({"formVariables": [{"key": "a", "name": "A", "isOptional": true,
                "type": case.name, "defaultValue": misfit, "dynamicOptions": {},
                "allowedValues": ["a"], "multiselectOptions": [{"value": "a"}]}]});
            let manifest = manifest.to_string();
            let found = diagnose(&source("acme", manifest.clone()));
            let mut dropped = found
                .iter()
                .filter(|diagnostic| diagnostic.code == "default-dropped");
            let dropped = dropped
                .next()
                .unwrap_or_else(|| panic!("{manifest}\n{found:?}"));
            assert_eq!(dropped.path.to_string(), "$.formVariables[0].defaultValue");
            let place = dropped.location.as_ref().unwrap();
            assert_eq!(manifest[place.span.clone()], misfit.to_string());
            mentions(dropped, &["expected", "found", "as if it had no default"]);
        }
    }
    let found = expect_variable(
        r#""type": "multiselect", "multiselectOptions": [{"value": "a"}], "multiselectDefaultOptions": ["a", ¶"b"]"#,
        &["warning default-dropped $.multiselectDefaultOptions[1]"],
    );
    mentions(&found[0], &["one of a"]);
}

#[test]
fn repeated_values_are_warnings_and_colliding_names_are_errors() {
    expect_variable(
        r#""type": "enum", "allowedValues": ["a", "b", ¶"a"]"#,
        &["warning repeated-value $.allowedValues[2]"],
    );
    let found = expect_variable(
        r#""type": "enum", "allowedValues": ["us-east", ¶"US East", ¶"us_east"]"#,
        &[
            "error name-collision $.allowedValues[1]",
            "error name-collision $.allowedValues[2]",
        ],
    );
    mentions(&found[0], &["\"us-east\"", "\"US East\"", "`UsEast`"]);
}

#[test]
fn values_without_letters_or_digits_are_errors() {
    let found = expect_variable(
        r#""type": "enum", "allowedValues": ["a", ¶"", ¶"🚀", ¶"https://"]"#,
        &[
            "error unnameable $.allowedValues[1]",
            "error unnameable $.allowedValues[2]",
            "error unnameable $.allowedValues[3]",
        ],
    );
    mentions(&found[0], &["overrides.toml"]);
    // Names that generated code uses itself.
    expect_variable(
        r#""type": "enum", "allowedValues": ["unlisted", "Self", "err", "l-i-s-t-e-d"]"#,
        &[],
    );
    expect_variable(
        r#""type": "enum", "allowedValues": ["unlisted", ¶"Unlisted"]"#,
        &["error name-collision $.allowedValues[1]"],
    );
}

#[test]
fn an_enum_without_listed_values_accepts_any_string() {
    for (kind, property, expected) in [
        ("enum", "allowedValues", "String"),
        ("multiselect", "multiselectOptions", "Vec<String>"),
    ] {
        let path = format!("warning no-listed-values $.formVariables[0].{property}");
        let without =
            format!(r#"{{"formVariables": [¶{{"key": "a", "name": "A", "type": "{kind}"}}]}}"#);
        let found = expect(&without, &[&path]);
        mentions(&found[0], &["accepts any string"]);
        let empty = format!(
            r#"{{"formVariables": [{{"key": "a", "name": "A", "type": "{kind}", "{property}": ¶[]}}]}}"#
        );
        expect(&empty, &[&path]);
        assert_eq!(rust_type(&format!("\"type\": \"{kind}\"")), expected);
    }
}

#[test]
fn keys_without_letters_or_digits_are_errors() {
    let keys = ["¶", "¶🚀", "¶--", "¶名前", "a🚀b", "2fa", "ok"];
    let found = expect_keys(
        &keys,
        &[
            "error unnameable $.formVariables[0].key",
            "error unnameable $.formVariables[1].key",
            "error unnameable $.formVariables[2].key",
            "error unnameable $.formVariables[3].key",
        ],
    );
    mentions(
        &found[0],
        &["at least one ASCII letter or digit", "overrides.toml"],
    );
}

#[test]
fn colliding_keys_are_both_named_in_the_error() {
    let found = expect_keys(
        &["base-url", "¶baseUrl", "¶base_url", "other"],
        &[
            "error name-collision $.formVariables[1].key",
            "error name-collision $.formVariables[2].key",
        ],
    );
    mentions(
        &found[0],
        &[
            "\"base-url\"",
            "\"baseUrl\"",
            "`base_url`",
            "overrides.toml",
        ],
    );
    mentions(&found[1], &["\"base_url\""]);
    for pair in [
        ["type", "¶Type"],
        ["self", "¶Self"],
        ["2fa", "¶n2fa"],
        ["new", "¶New"],
    ] {
        expect_keys(&pair, &["error name-collision $.formVariables[1].key"]);
    }
    let found = expect_keys(
        &["hostUrl", "¶hostUrl"],
        &["error name-collision $.formVariables[1].key"],
    );
    mentions(&found[0], &["\"hostUrl\" is defined twice"]);
}

#[test]
fn colliding_types_and_constants_are_both_named_in_the_error() {
    let values = r#""name": "N", "type": "enum", "allowedValues": ["a"]"#;
    let found = expect(
        &format!(
            r#"{{"capabilities": {{"featureStore": {{"formVariables": [{{"key": "size", {values}}}]}}}},
                "formVariables": [{{"key": ¶"featureStoreSize", {values}}}, {{"key": ¶"featureStoreConfig", {values}}}]}}"#
        ),
        &[
            "error name-collision $.formVariables[0].key",
            "error name-collision $.formVariables[1].key",
        ],
    );
    mentions(
        &found[0],
        &["\"size\"", "\"featureStoreSize\"", "`FeatureStoreSize`"],
    );
    let required = r#""name": "N", "type": "string""#;
    let found = expect(
        &format!(
            r#"{{"capabilities": {{"store": {{"formVariables": [{{"key": "size", {required}}}]}}}},
                "formVariables": [{{"key": ¶"storeSize", {required}}}]}}"#
        ),
        &["error name-collision $.formVariables[0].key"],
    );
    mentions(
        &found[0],
        &["\"size\"", "\"storeSize\"", "`StoreSizeIsSet`"],
    );
    let block = r#"{"formVariables": [{"key": "a", "name": "A", "type": "string"}]}"#;
    let found = expect(
        &format!(
            r#"{{"capabilities": {{"ab": {block}, "a-b": {}}}}}"#,
            block.replacen('[', "¶[", 1)
        ),
        &["error name-collision $.capabilities[\"a-b\"].formVariables"],
    );
    mentions(
        &found[0],
        &["ab.formVariables", "a-b.formVariables", "`AB_FIELDS`"],
    );
    expect(
        r#"{"capabilities": {"🚀": {"formVariables": ¶[]}}}"#,
        &["error unnameable $.capabilities[\"🚀\"].formVariables"],
    );
}

#[test]
fn unsafe_integration_keys_are_errors_and_reserved_names_are_escaped() {
    let long = "a".repeat(300);
    for key in [
        "../../x",
        "",
        ".",
        "..",
        "a/b",
        "a\\b",
        &long,
        "ünïcode",
        "🚀",
        " a",
        "a b",
        "-a",
        "_a",
        ".a",
        "a\0",
        "a\n",
        "a%2f",
        "C:",
        "~",
    ] {
        let found = diagnose(&Source {
            origin: "integration".into(),
            ..source(key, "{}")
        });
        compare(key, &found, &["error bad-integration-key $"]);
        mentions(&found[0], &["found", "expected ASCII letters"]);
    }
    for (key, module) in [
        ("con", "con_"),
        ("COM1", "com1_"),
        ("mod", "mod_"),
        ("str", "str_"),
        ("upstream", "upstream"),
        ("self", "self_"),
        ("2x", "n2x"),
        ("roost.ai", "roost_ai"),
        ("a..b", "a_b"),
        ("Crate", "crate_"),
    ] {
        let analysis = analyze_valid(&[source(key, "{}")], &Overrides::default());
        assert_eq!(analysis.analyzed[0].integration.module, module, "{key}");
        let names: Vec<String> = emit(&analysis, None, false).into_keys().collect();
        assert!(names.contains(&format!("{module}.rs")), "{key}: {names:?}");
    }
}

/// Upstream chooses file names, and logs show them.
#[test]
fn an_origin_is_escaped_to_one_line() {
    let origin = "a\u{202e}nosj.\u{1b}[2J\n\u{2066}\u{200b}";
    let found = analyze_one(&Source {
        origin: origin.into(),
        ..source("acme", "{")
    });
    let line = found.diagnostics[0].to_string();
    let expected = r"a\u{202e}nosj.\u{1b}[2J\n\u{2066}\u{200b}:1:1: error[not-json]";
    assert!(line.starts_with(expected), "{line:?}");
}

#[test]
fn integrations_with_the_same_module_name_are_both_named_in_the_error() {
    let sources = ["a-b", "a_b", "a.b", "c"].map(|key| source(key, "{}"));
    let analysis = analyze(&sources, &Overrides::default(), true);
    compare(
        "modules",
        &analysis.diagnostics,
        &["error name-collision $", "error name-collision $"],
    );
    mentions(
        &analysis.diagnostics[0],
        &["\"a-b\"", "\"a.b\"", "`a_b`", "overrides.toml"],
    );

    let renames = "[[rename]]\nintegration = 'a_b'\nto = 'underscored'\nreason = 'r'\n\
        [[rename]]\nintegration = 'a.b'\nto = 'dotted'\nreason = 'r'";
    let analysis = analyze_valid(&sources, &Overrides::parse(renames).unwrap());
    let names: Vec<String> = emit(&analysis, None, false).into_keys().collect();
    assert_eq!(
        names,
        ["a_b.rs", "c.rs", "dotted.rs", "mod.rs", "underscored.rs"]
    );

    // The same key twice, and keys that give no name.
    let twice = [
        source("a", "{}"),
        source("a", "{}"),
        source("", "{}"),
        source("..", "{}"),
    ];
    let analysis = analyze(&twice, &Overrides::default(), true);
    let codes: Vec<&str> = analysis
        .diagnostics
        .iter()
        .map(|diagnostic| diagnostic.code)
        .collect();
    assert_eq!(
        codes,
        [
            "bad-integration-key",
            "bad-integration-key",
            "name-collision"
        ]
    );
}

/// The key is also the name of the snapshot's file, so a new module name is not enough.
#[test]
fn renaming_the_module_does_not_allow_a_bad_key() {
    let text = "[[rename]]\nintegration = '../../x'\nto = 'x'\nreason = 'r'";
    let overrides = Overrides::parse(text).unwrap();
    let analysis = analyze(&[source("../../x", "{}")], &overrides, false);
    let codes: Vec<&str> = analysis
        .diagnostics
        .iter()
        .map(|diagnostic| diagnostic.code)
        .collect();
    assert_eq!(codes, ["bad-integration-key"]);
}

#[test]
fn all_problems_of_all_manifests_are_reported_in_one_run() {
    let sources = [
        source("c", "{\"formVariables\": 1}"),
        source("a", "{"),
        source("b", "{\"name\": 1, \"version\": 2}"),
        source("d", "{}"),
    ];
    let analysis = analyze(&sources, &Overrides::default(), false);
    let found: Vec<(&str, &str)> = analysis
        .diagnostics
        .iter()
        .map(|diagnostic| (diagnostic.origin.as_str(), diagnostic.code))
        .collect();
    assert_eq!(
        found,
        [
            ("a.json", "not-json"),
            ("b.json", "wrong-type"),
            ("b.json", "wrong-type"),
            ("c.json", "wrong-type")
        ]
    );
}

#[test]
fn overrides_of_an_unreadable_manifest_are_not_reported_as_unmatched() {
    let text = "[[secret]]\nintegration = 'a'\nfield = 'k'\nreason = 'r'";
    let overrides = Overrides::parse(text).unwrap();
    let broken = analyze(&[source("a", "{")], &overrides, false);
    compare("broken", &broken.diagnostics, &["error not-json $"]);
    let gone = analyze(&[source("b", "{}")], &overrides, false);
    compare(
        "gone",
        &gone.diagnostics,
        &["error unmatched-override $.secret[0]"],
    );
}

#[test]
fn accepted_hostile_manifests_give_harmless_files() {
    // emitted.rs compiles and runs this code.
    let sources = hostile::accepted();
    let analysis = analyze_valid(&sources, &hostile::overrides());
    assert_eq!(analysis.analyzed.len(), sources.len());
    let Files { modules, pages } = emit_all(&analysis, None, true);
    for (name, text) in modules.into_iter().chain(pages) {
        assert!(!name.contains(['/', '\\']), "{name}");
        for c in text.chars() {
            let harmless = c == '\n' || !c.is_control();
            let reversing = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            assert!(harmless && !reversing, "{name} has {c:?}");
        }
        if !name.ends_with(".rs") {
            continue;
        }
        // No text of a manifest has become an item.
        let file = syn::parse_file(&text).unwrap();
        if name == "every_struct.rs" {
            assert!(matches!(file.items[..], [syn::Item::Macro(_)]));
            continue;
        }
        for item in &file.items {
            if let syn::Item::Fn(function) = item {
                assert_eq!(
                    (name.as_str(), function.sig.ident.to_string().as_str()),
                    ("mod.rs", "get")
                );
            }
            assert!(
                !matches!(item, syn::Item::Use(_) | syn::Item::ExternCrate(_)),
                "{name}"
            );
            if let syn::Item::Macro(call) = item {
                let path = &call.mac.path.segments;
                assert_eq!(
                    (path.len(), path[0].ident.to_string().as_str()),
                    (2, "crate")
                );
                assert!(call.ident.is_none(), "{name} defines a macro");
            }
        }
    }
}

fn analyze_one(source: &Source) -> Analysis {
    analyze(std::slice::from_ref(source), &Overrides::default(), true)
}

fn with_variables(variables: Vec<Value>) -> Source {
    source("acme", json!({ "formVariables": variables }).to_string())
}

#[test]
fn long_texts_are_cheap_and_are_not_written() {
    let variable = |properties: Value| -> Source {
        let mut variable = json!({"key": "a", "name": "A", "type": "string"});
        for (name, value) in properties.as_object().unwrap() {
            variable[name] = value.clone();
        }
        with_variables(vec![variable])
    };
    let long = "lorem ipsum ".repeat(limits::MANIFEST_BYTES / 26);
    let good = variable(json!({"description": long, "placeholder": long}));
    let start = Instant::now();
    let analysis = analyze_one(&good);
    assert_eq!(analysis.diagnostics, []);
    for descriptions in [false, true] {
        let Files { modules, pages } = emit_all(&analysis, None, descriptions);
        let texts = modules.values().chain(pages.values());
        let written: usize = texts.map(String::len).sum();
        assert!(written < 20_000, "{written} bytes");
    }
    assert!(
        start.elapsed() < Duration::from_secs(20),
        "{:?}",
        start.elapsed()
    );

    let long = long.repeat(2);
    let long = long.as_str();
    for bad in [
        variable(json!({"type": long})),
        variable(json!({"type": "boolean", "defaultValue": long, "isOptional": true})),
        variable(json!({"type": "boolean", "defaultValue": [long], "isOptional": true})),
        variable(json!({"isSecret": long})),
        variable(json!({ long: 1 })),
        with_variables(vec![json!({ long: 1 })]),
        variable(json!({ "key": long })),
        variable(json!({ "defaultValue": long })),
        source("acme", format!("{{\"name\": \"{long}")),
        source("acme", format!("{{}} {long}")),
        source("acme", json!({ "formVariables": long }).to_string()),
    ] {
        assert!(bad.bytes.len() <= limits::MANIFEST_BYTES);
        let start = Instant::now();
        let analysis = analyze_one(&bad);
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "{:?}",
            start.elapsed()
        );
        assert!(!analysis.diagnostics.is_empty());
        for diagnostic in &analysis.diagnostics {
            assert!(diagnostic.to_string().len() < 5_000);
        }
    }
}

#[test]
fn too_many_required_fields_are_an_error() {
    let required = |count: usize| {
        let variables =
            (0..count).map(|n| json!({"key": format!("k{n}"), "name": "N", "type": "string"}));
        analyze_one(&with_variables(variables.collect()))
    };
    assert!(!required(100).has_errors());
    let refused = required(101);
    let [problem] = &refused.diagnostics[..] else {
        panic!("{:?}", refused.diagnostics);
    };
    assert_eq!(problem.code, "too-many-required");
    mentions(problem, &["101", "at most 100"]);
}

/// Checks that the only diagnostic is the expected error and that the analysis is fast.
fn assert_refused(sources: &[Source], expected: &str, texts: &[&str]) {
    let start = Instant::now();
    let analysis = analyze(sources, &Overrides::default(), true);
    let took = start.elapsed();
    compare(expected, &analysis.diagnostics, &[expected]);
    mentions(&analysis.diagnostics[0], texts);
    mentions(&analysis.diagnostics[0], &["at most", "limits.rs"]);
    assert!(took < Duration::from_secs(2), "{expected}: {took:?}");
}

#[test]
fn a_manifest_above_the_size_limit_is_rejected_before_it_is_parsed() {
    for size in [limits::MANIFEST_BYTES + 1, 50_000_000] {
        for text in ["{", " ", "\u{feff}", "[[[[["] {
            let source = source("acme", text.repeat(size / text.len() + 1));
            let expected = ["the manifest is too large", "expected at most 131072 bytes"];
            assert_refused(&[source], "error too-large $", &expected);
        }
    }
    let mut largest = b"{}".to_vec();
    largest.resize(limits::MANIFEST_BYTES, b' ');
    assert_eq!(diagnose(&source("acme", largest)), []);
}

#[test]
fn the_number_and_the_total_size_of_manifests_are_limited() {
    let sources = |count: usize, size: usize| -> Vec<Source> {
        let text = format!("{{}}{}", " ".repeat(size));
        let sources = (0..count).map(|n| source(&format!("k{n:05}"), text.clone()));
        sources.collect()
    };
    let many = sources(limits::MANIFESTS + 1, 0);
    let expected = ["k10000.json", "too many manifests", "found 10001"];
    assert_refused(&many, "error too-many $", &expected);
    assert!(!analyze(&many[1..], &Overrides::default(), true).has_errors());

    let large = sources(129, limits::INPUT_BYTES / 128 - 2);
    let expected = [
        "k00128.json",
        "the total of all manifests up to this one",
        "16777216 bytes",
    ];
    assert_refused(&large, "error too-large $", &expected);
    assert!(!analyze(&large[1..], &Overrides::default(), true).has_errors());
}

#[test]
fn the_number_of_diagnostics_is_limited() {
    // Per variable: a warning for each of 100 unknown properties, and one for the missing label.
    let variables = (0..60).map(|n| {
        let mut variable = json!({"key": format!("k{n}"), "type": "string"});
        for n in 0..100 {
            variable[format!("x{n}")] = json!(1);
        }
        variable
    });
    let source = with_variables(variables.collect());
    let start = Instant::now();
    let analysis = analyze_one(&source);
    assert!(start.elapsed() < Duration::from_secs(20));
    assert_eq!(analysis.diagnostics.len(), limits::PROBLEMS + 1);
    assert!(analysis.has_errors());
    let last = analysis.diagnostics.last().unwrap();
    mentions(
        last,
        &["acme.json", "too many problems", "found 6060", "5000"],
    );
}

#[test]
fn many_variables_are_analyzed_quickly() {
    let variables = |count: usize| {
        let variables = (0..count)
            .map(|n| json!({"key": format!("key{n}"), "type": "string", "isOptional": true}));
        with_variables(variables.collect())
    };
    const MANY: usize = 2_000;
    let start = Instant::now();
    let analysis = analyze_one(&variables(MANY));
    let took = start.elapsed();
    // Two warnings for each variable: no label and no default. Each has a location.
    assert_eq!(analysis.warnings(), 2 * MANY);
    let diagnostics = &analysis.diagnostics;
    assert!(
        diagnostics
            .iter()
            .all(|diagnostic| diagnostic.location.is_some())
    );
    let fields = &analysis.analyzed[0].integration.config.fields;
    assert_eq!(fields.len(), MANY);
    assert!(took < Duration::from_secs(5), "{took:?}");

    let refused = variables(10_000);
    assert_refused(
        &[refused],
        "error too-large $",
        &["the manifest is too large"],
    );
}
