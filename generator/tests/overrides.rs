//! Problems in `overrides.toml`: one run reports all of them, each with its location and integration.
#![allow(
    clippy::unwrap_used,
    reason = "a panic in a test helper fails the test"
)]

mod support;

use generator::{Diagnostic, OVERRIDES_FILE, Overrides, analyze};
use serde_json::json;
use support::source;

/// The code, the integrations, and the rest of the line from the location on.
fn shown<'a>(text: &'a str, problem: &'a Diagnostic) -> (&'a str, String, &'a str) {
    assert_eq!(problem.origin, OVERRIDES_FILE, "{problem}");
    let place = problem.location.as_ref().unwrap();
    let line = text.lines().nth(place.line - 1).unwrap();
    let before = text[..place.span.start].rsplit('\n').next().unwrap();
    assert_eq!(before.chars().count() + 1, place.column, "{problem}");
    let integrations = problem.integrations.join(" ");
    (problem.code, integrations, &line[before.len()..])
}

/// Compares the problems with the expected codes and integrations. Each `¶` in `marked` is before the place of
/// a problem.
fn refused(marked: &str, expected: &[(&str, &str)]) {
    let text = marked.replace('¶', "");
    let problems = Overrides::parse(&text).unwrap_err();
    let found: Vec<_> = problems
        .iter()
        .map(|problem| shown(&text, problem))
        .collect();
    let places = marked.match_indices('¶').map(|(place, _)| {
        let rest = marked[place..].lines().next().unwrap();
        rest.replace('¶', "")
    });
    let found: Vec<_> = found
        .iter()
        .map(|(code, integration, rest)| (*code, integration.as_str(), (*rest).to_owned()))
        .collect();
    let expected: Vec<_> = expected
        .iter()
        .zip(places)
        .map(|((code, integration), rest)| (*code, *integration, rest))
        .collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn all_problems_are_reported_at_once() {
    refused(
        r#"
¶[[secret]]
integration = "no-reason"
field = "a"

[[secret]]
integration = "empty-reason"
field = "a"
reason = ¶" "

[[secret]]
integration = "wrong-type"
field = ¶1
reason = ¶true

¶[[secret]]
integration = "unknown"
feild = ¶"a"
reason = "ü"

[[rename]]
integration = "keyword"
to = ¶"type"
reason = "r"

[[rename]]
integration = "against-conventions"
field = "a"
to = ¶"BaseUrl"
reason = "r"

[[rename]]
integration = "against-conventions"
field = "a"
value = "b"
to = ¶"A_b"
reason = "r"

[[rename]]
integration = "of-nothing"
value = ¶"b"
to = "B"
reason = "r"

[[rename]]
integration = "twice"
to = "one"
reason = "r"

¶[[rename]]
integration = "twice"
block = "formVariables"
to = "two"
reason = "r"

¶[[rename]]
to = "nobody"
reason = "r"

[[secrets]]
¶integration = "unknown table"
"#
        .replace("[[secrets]]\n¶integration", "¶[[secrets]]\nintegration")
        .as_str(),
        &[
            ("missing-property", "no-reason"),
            ("bad-override", "empty-reason"),
            ("wrong-type", "wrong-type"),
            ("wrong-type", "wrong-type"),
            ("missing-property", "unknown"),
            ("unknown-property", "unknown"),
            ("bad-override", "keyword"),
            ("bad-override", "against-conventions"),
            ("bad-override", "against-conventions"),
            ("bad-override", "of-nothing"),
            ("repeated-override", "twice"),
            ("missing-property", ""),
            ("unknown-property", ""),
        ],
    );
}

#[test]
fn a_supplement_is_parsed_like_a_manifest() {
    refused(
        r#"
[[supplement]]
integration = "bad-variables"
reason = "r"
evidence = "https://example.com"
formVariables = [{ key = "a", type = ¶7 }, ¶{ name = "x", type = "string" }, ¶"y"]
capabilities.trigger.formVariables = ¶"z"

[[supplement]]
integration = "no-link"
reason = "r"
evidence = ¶"http://example.com"
capabilities.trigger = {}

¶[[supplement]]
integration = "nothing"
reason = "r"
evidence = "https://example.com"

[[supplement]]
integration = "facts-of-a-manifest"
reason = "r"
evidence = "https://example.com"
requiresOAuth = ¶true
capabilities.trigger = {}

[[supplement]]
integration = "facts-of-its-own"
name = "Acme"
reason = "r"
evidence = "https://example.com"
requiresOAuth = ¶"yes"
capabilities.trigger = {}

¶[[supplement]]
integration = "no-link"
reason = "r"
evidence = "https://example.com"
capabilities.trigger = {}
"#,
        &[
            ("wrong-type", "bad-variables"),
            ("missing-property", "bad-variables"),
            ("wrong-type", "bad-variables"),
            ("wrong-type", "bad-variables"),
            ("bad-override", "no-link"),
            ("bad-override", "nothing"),
            ("unknown-property", "facts-of-a-manifest"),
            ("wrong-type", "facts-of-its-own"),
            ("repeated-override", "no-link"),
        ],
    );
}

#[test]
fn invalid_toml_is_an_error_without_an_integration() {
    refused(
        "[[secret]]\nintegration = \"a\"\nreason = ¶\n",
        &[("not-toml", "")],
    );
    assert_eq!(Overrides::parse("").unwrap(), Overrides::default());
}

const UNMATCHED: &str = r#"
¶[[secret]]
integration = "acme"
field = "gone"
reason = "r"

[[secret]]
integration = "acme"
field = "url"
reason = "r"

¶[[rename]]
integration = "acme"
field = "size"
value = "gone"
to = "Gone"
reason = "r"

[[rename]]
integration = "acme"
field = "size"
value = "1"
to = "One"
reason = "r"

[[rename]]
integration = "acme"
block = "featureStore.formVariables"
to = "Store"
reason = "r"

¶[[rename]]
integration = "acme"
block = "trigger.formVariables"
to = "Trigger"
reason = "r"

[[rename]]
integration = "acme"
to = "acme_inc"
reason = "r"
"#;

#[test]
fn entries_that_match_nothing_are_errors() {
    let absent = "\n¶[[secret]]\nintegration = \"absent\"\nfield = \"a\"\nreason = \"r\"\n";
    let marked = UNMATCHED.to_owned() + absent;
    let text = marked.replace('¶', "");
    let overrides = Overrides::parse(&text).unwrap();
    let manifest = r#"{"capabilities": {"featureStore": {"formVariables": []}}, "formVariables": [
        {"key": "url", "name": "URL", "type": "uri"},
        {"key": "size", "name": "Size", "type": "enum", "allowedValues": ["1"]}]}"#;
    let acme = source("acme", manifest);
    for (partial, expected) in [(true, 3), (false, 4)] {
        // Twice with the same overrides: an analysis does not change them.
        for _ in 0..2 {
            let analysis = analyze(std::slice::from_ref(&acme), &overrides, partial);
            let found: Vec<_> = analysis
                .diagnostics
                .iter()
                .map(|problem| shown(&text, problem))
                .collect();
            let places = marked.matches('¶').count();
            assert_eq!(places, 4);
            assert_eq!(found.len(), expected, "{found:?}");
            for ((code, integration, _), key) in
                found.iter().zip(["acme", "acme", "acme", "absent"])
            {
                assert_eq!((*code, integration.as_str()), ("unmatched-override", key));
            }
            let integration = &analysis.analyzed[0].integration;
            assert_eq!(integration.module, "acme_inc");
            assert!(integration.config.fields[0].secret);
        }
    }

    // The overrides could match the variable that is invalid, so there is no error for them.
    let broken = source("acme", r#"{"formVariables": [{"key": "gone"}]}"#);
    let analysis = analyze(&[broken], &overrides, true);
    let codes: Vec<&str> = analysis
        .diagnostics
        .iter()
        .map(|problem| problem.code)
        .collect();
    assert_eq!(codes, ["missing-property"]);
}

#[test]
fn there_is_no_warning_for_a_field_that_an_override_makes_secret() {
    let acme = source(
        "acme",
        r#"{"formVariables": [{"key": "token", "name": "A", "type": "string"}]}"#,
    );
    let sources = std::slice::from_ref(&acme);
    let warned = analyze(sources, &Overrides::default(), true);
    assert_eq!(warned.diagnostics[0].code, "unmarked-secret");
    let help = warned.diagnostics[0].help.as_deref().unwrap();
    assert!(
        help.contains("[[secret]]") && help.contains(OVERRIDES_FILE),
        "{help}"
    );
    let text = "[[secret]]\nintegration = 'acme'\nfield = 'token'\nreason = 'r'";
    let with_override = analyze(sources, &Overrides::parse(text).unwrap(), true);
    assert_eq!(with_override.diagnostics, []);
}

#[test]
fn all_entries_that_do_not_fit_the_manifests_are_reported_in_one_run() {
    let text = r#"
[[secret]]
integration = "acme"
field = "no-such-field"
reason = "r"

[[rename]]
integration = "acme"
field = "size"
value = "no-such-value"
to = "Other"
reason = "r"

[[rename]]
integration = "acme"
block = "no.formVariables"
to = "Other"
reason = "r"

[[supplement]]
integration = "acme"
reason = "r"
evidence = "https://example.com/acme"
formVariables = [{ key = "size", name = "Size", type = "string" }]

[[secret]]
integration = "gone"
field = "key"
reason = "r"

[[supplement]]
integration = "left"
reason = "r"
evidence = "https://example.com/left"
formVariables = [{ key = "a", name = "A", type = "string" }]
"#;
    let overrides = Overrides::parse(text).unwrap();
    let acme = json!({"formVariables": [
        {"key": "size", "name": "Size", "type": "enum", "allowedValues": ["1"]},
    ]});
    let sources = [source("acme", acme.to_string())];
    let analysis = analyze(&sources, &overrides, false);
    let found: Vec<(&str, &str, usize)> = analysis
        .diagnostics
        .iter()
        .map(|problem| {
            assert_eq!(problem.origin, OVERRIDES_FILE);
            let line = problem.location.as_ref().unwrap().line;
            (problem.code, problem.integrations[0].as_str(), line)
        })
        .collect();
    assert_eq!(
        found,
        [
            ("unmatched-override", "acme", 2),
            ("unmatched-override", "acme", 7),
            ("unmatched-override", "acme", 14),
            ("superseded-supplement", "acme", 24),
            ("unmatched-override", "gone", 26),
            ("unmatched-override", "left", 31),
        ]
    );
}
