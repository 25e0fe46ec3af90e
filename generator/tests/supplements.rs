//! Supplements: form variables and integrations that only LaunchDarkly's server has.
#![allow(
    clippy::unwrap_used,
    reason = "a panic in a test helper fails the test"
)]

mod support;

use generator::{
    Analysis, Catalog, OVERRIDES_FILE, Overrides, Pin, analyze, model::Integration,
    model::Presence, snapshot,
};
use serde_json::{Value, json};
use support::{analyze_complete, committed, emit_all, source};

const TEXT: &str = r#"
[[secret]]
integration = "acme"
field = "hook"
reason = "whoever has it can post"

[[supplement]]
integration = "acme"
reason = "a *client* sends them"
evidence = "https://example.com/acme"
capabilities.auditLogEventsHook = {}
capabilities.featureStore.formVariables = [{ key = "zone", name = "Zone", type = "string" }]
formVariables = [
  { key = "hook", name = "Hook", type = "uri", isOptional = true, defaultValue = "" },
  { key = "size", name = "Size", type = "enum", allowedValues = ["1", "2"] },
]

[[supplement]]
integration = "whole"
name = "Whole"
reason = "a client creates it"
evidence = "https://example.com/whole"
capabilities.auditLogEventsHook = {}
formVariables = [{ key = "a", name = "A", type = "string" }]
"#;

const ACME: &str = r#"{"name": "Acme", "version": "1.0.0",
    "capabilities": {"featureStore": {"formVariables": [{"key": "host", "name": "Host", "type": "string"}]}},
    "formVariables": [{"key": "own", "name": "Own", "type": "string"}]}"#;

fn analyze_with_supplements(manifests: &[(&str, &str)], partial: bool) -> Analysis {
    let sources: Vec<_> = manifests
        .iter()
        .map(|(key, text)| source(key, *text))
        .collect();
    analyze(&sources, &Overrides::parse(TEXT).unwrap(), partial)
}

fn keys(integration: &Integration) -> Vec<Vec<&str>> {
    let structs = integration.structs();
    let keys = structs.map(|values| values.fields.iter().map(|field| field.key.as_str()));
    keys.map(Iterator::collect).collect()
}

/// The code, integration and line of each problem in the overrides.
fn problems(analysis: &Analysis) -> Vec<(&str, &str, usize)> {
    let problems = analysis.diagnostics.iter();
    problems
        .filter(|problem| problem.origin == OVERRIDES_FILE)
        .map(|problem| {
            let line = problem.location.as_ref().unwrap().line;
            (problem.code, problem.integrations[0].as_str(), line)
        })
        .collect()
}

#[test]
fn a_supplement_adds_to_a_manifest() {
    let analysis = analyze_with_supplements(&[("acme", ACME)], false);
    assert_eq!(analysis.diagnostics, []);
    let acme = &analysis.analyzed[0].integration;
    assert_eq!(
        keys(acme),
        [vec!["own", "hook", "size"], vec!["host", "zone"]]
    );
    assert_eq!(acme.capabilities, ["featureStore", "auditLogEventsHook"]);
    let supplement = acme.supplement.as_ref().unwrap();
    assert_eq!(supplement.capabilities, ["auditLogEventsHook"]);
    let [own, hook, size] = acme.config.fields.as_slice() else {
        panic!("{:?}", acme.config.fields)
    };
    assert!(!own.supplement && hook.supplement && size.supplement);
    assert!(hook.secret, "a `[[secret]]` is for its fields, too");
    let empty = generator::model::FieldDefault::Value("".into());
    assert_eq!(hook.presence, Presence::Optional(Some(empty)));
    // The snapshot doesn't have the supplement.
    let snapshot = snapshot::to_json(&analysis.analyzed[0].manifest);
    assert!(
        !snapshot.contains("hook") && !snapshot.contains("audit"),
        "{snapshot}"
    );
}

#[test]
fn a_whole_integration_is_only_added_to_the_complete_set() {
    let all = analyze_with_supplements(&[("acme", ACME), ("zeta", "{}")], false);
    let found: Vec<&str> = all
        .integrations()
        .iter()
        .map(|one| one.key.as_str())
        .collect();
    assert_eq!(found, ["acme", "whole", "zeta"]);
    assert_eq!(all.analyzed.len(), 2, "`whole` has no manifest");
    let whole = &all.supplements[0];
    assert_eq!(
        (whole.module.as_str(), whole.version.as_str()),
        ("whole", "")
    );
    assert!(whole.supplement.as_ref().unwrap().whole_integration);

    let some = analyze_with_supplements(&[("zeta", "{}")], true);
    assert_eq!(some.integrations().len(), 1);
    assert_eq!(some.diagnostics, []);
    let some = analyze_with_supplements(&[("acme", ACME)], true);
    assert_eq!(some.integrations().len(), 1);
    assert_eq!(keys(some.integrations()[0])[0].len(), 3);
}

#[test]
fn upstream_takes_precedence_over_a_supplement_and_that_is_an_error() {
    let caught_up = r#"{"name": "Acme", "version": "1.0.0",
        "capabilities": {"featureStore": {"formVariables": [{"key": "zone", "name": "Theirs", "type": "boolean"}]},
            "auditLogEventsHook": {}},
        "formVariables": [{"key": "hook", "name": "Theirs", "type": "uri"},
            {"key": "zone", "name": "Elsewhere", "type": "string"}]}"#;
    for partial in [true, false] {
        let analysis = analyze_with_supplements(&[("acme", caught_up), ("whole", ACME)], partial);
        let expected = [
            ("superseded-supplement", "acme", 11),
            ("superseded-supplement", "acme", 12),
            ("superseded-supplement", "acme", 14),
            ("superseded-supplement", "whole", 19),
        ];
        assert_eq!(problems(&analysis), expected);
        let acme = &analysis.analyzed[0].integration;
        assert_eq!(keys(acme), [vec!["hook", "zone", "size"], vec!["zone"]]);
        assert_eq!(acme.config.fields[0].label, "Theirs");
        assert!(!acme.config.fields[0].supplement);
        let whole = &analysis.analyzed[1].integration;
        assert_eq!(
            (whole.name.as_str(), whole.supplement.as_ref()),
            ("Acme", None)
        );
        assert_eq!(analysis.supplements, []);
    }
}

#[test]
fn a_supplement_without_a_manifest_is_an_error() {
    let analysis = analyze_with_supplements(&[("zeta", "{}")], false);
    let unmatched = [
        ("unmatched-override", "acme", 2),
        ("unmatched-override", "acme", 7),
    ];
    assert_eq!(problems(&analysis), unmatched);
}

#[test]
fn supplements_get_all_checks_of_form_variables() {
    let text = r#"
[[supplement]]
integration = "acme"
reason = "r"
evidence = "https://example.com"
formVariables = [
  { key = "Own", name = "Own", type = "string" },
  { key = "colour", name = "Colour", type = "colour-picker" },
  { key = "flag", name = "Flag", type = "boolean", isOptional = true, defaultValue = "yes" },
  { key = "token", name = "T", type = "string", isSecrt = true },
  { key = "🚀", name = "Rocket", type = "string", isOptional = true },
]

[[supplement]]
integration = "ac.me"
name = "Another"
reason = "r"
evidence = "https://example.com"
capabilities.trigger = {}

[[supplement]]
integration = "../x"
name = "Outside"
reason = "r"
evidence = "https://example.com"
capabilities.trigger = {}
"#;
    let sources = [source("acme", ACME), source("ac-me", "{}")];
    let analysis = analyze(&sources, &Overrides::parse(text).unwrap(), false);
    let mut found = problems(&analysis);
    found.sort_by_key(|(.., line)| *line);
    assert_eq!(
        found,
        [
            ("name-collision", "acme", 7),
            ("unknown-type", "acme", 8),
            ("default-dropped", "acme", 9),
            ("unmarked-secret", "acme", 10),
            ("unknown-property", "acme", 10),
            ("optional-without-default", "acme", 11),
            ("unnameable", "acme", 11),
            ("name-collision", "ac-me", 14),
            ("bad-integration-key", "../x", 21),
        ]
    );
    let collision = analysis.diagnostics.iter();
    let mut collision = collision.filter(|problem| problem.integrations.len() == 2);
    assert_eq!(collision.next().unwrap().integrations, ["ac-me", "ac.me"]);
}

#[test]
fn generated_pages_and_the_catalog_say_how_a_supplement_is_known() {
    let analysis = analyze_with_supplements(&[("acme", ACME), ("plain", "{}")], false);
    let files = emit_all(&analysis, None, false);
    let acme = r"The public manifest doesn't have `hook`, `size`, `zone` and the capability `auditLogEventsHook`. a \*client\* sends them ([evidence](https://example.com/acme)).";
    let whole = "This integration isn't in a public manifest. a client creates it ([evidence](https://example.com/whole)).";
    let links = "Their pages say how they are known: [`acme`](mod@acme), [`whole`](mod@whole).";
    assert!(files.modules["mod.rs"].contains(links));
    let catalog = &files.pages["CATALOG.md"];
    for (module, said) in [("acme.rs", acme), ("whole.rs", whole)] {
        for text in [&files.modules[module], catalog] {
            assert!(text.contains(said), "{text}");
        }
    }
    let module = &files.modules["acme.rs"];
    assert_eq!(
        module.matches("Not in a public manifest.").count(),
        3,
        "each field"
    );
    assert!(module.contains("an absolute URL or the empty string; optional"));
    assert!(module.contains(r#"evidence: "https://example.com/acme","#));
    assert!(files.modules["whole.rs"].starts_with(&format!(
        "// @generated by `cargo xtask regen` from {OVERRIDES_FILE}; do not edit.\n"
    )));
    assert!(!files.modules["plain.rs"].contains("evidence"));

    let text = Catalog::new(None, &analysis.integrations()).to_json();
    let catalog_json: Value = serde_json::from_str(&text).unwrap();
    let [acme, plain, whole] = catalog_json["integrations"].as_array().unwrap().as_slice() else {
        panic!("{text}")
    };
    assert_eq!(
        acme["supplement"],
        json!({"whole": false, "capabilities": ["auditLogEventsHook"],
            "reason": "a *client* sends them", "evidence": "https://example.com/acme"})
    );
    assert_eq!(acme["fields"][0].get("supplement"), None);
    assert_eq!(acme["fields"][1]["supplement"], true);
    assert_eq!(
        acme["capability_fields"]["featureStore.formVariables"][1]["supplement"],
        true
    );
    // The capabilities of a supplement add endpoints, like those of a manifest.
    assert_eq!(
        acme["endpoints"],
        json!([
            "audit-log-subscription",
            "delivery-configuration",
            "integration-configuration"
        ])
    );
    assert_eq!(plain["endpoints"], json!(["integration-configuration"]));
    assert_eq!(plain.get("supplement"), None);
    assert_eq!(whole["supplement"]["whole"], true);
}

#[test]
fn the_committed_supplements_apply() {
    let committed = committed();
    let analysis = analyze_complete(&committed.sources, &committed.overrides);
    for integration in analysis.integrations() {
        let is_added = integration
            .structs()
            .any(|values| values.fields.iter().any(|field| field.supplement));
        assert!(
            integration.supplement.is_some() || !is_added,
            "{}",
            integration.key
        );
    }
    for whole in &analysis.supplements {
        assert!(
            whole.supplement.as_ref().unwrap().whole_integration,
            "{}",
            whole.key
        );
        assert!(!whole.config.fields.is_empty(), "{}", whole.key);
    }
}

#[test]
fn moving_the_pin_changes_one_line_of_one_file() {
    let committed = committed();
    let analysis = analyze_complete(&committed.sources, &committed.overrides);
    let old = committed.pin;
    let before = emit_all(&analysis, Some(&old), false);
    for new in [
        Pin {
            revision: "0".repeat(40),
            ..old.clone()
        },
        Pin {
            repository: "/a/mirror".to_owned(),
            ..old.clone()
        },
    ] {
        let after = emit_all(&analysis, Some(&new), false);
        assert_eq!(before.pages, after.pages);
        let changed: Vec<&str> = before
            .modules
            .iter()
            .filter(|(name, text)| after.modules[*name] != **text)
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(changed, ["mod.rs"]);
        let lines = before.modules["mod.rs"]
            .lines()
            .zip(after.modules["mod.rs"].lines());
        assert_eq!(lines.filter(|(before, after)| before != after).count(), 1);
    }
}
