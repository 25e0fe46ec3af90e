//! For many random changes of the real manifests, `diff` reports the impact that the generated code has:
//! a removed public name is breaking, a new one is minor, and any other difference is a patch.
#![allow(
    clippy::unwrap_used,
    reason = "a panic in a test helper fails the test"
)]

mod support;

use std::collections::{BTreeSet, HashMap};

use fastrand::Rng;
use generator::{
    Analysis, HeldBack, Overrides, Source, analyze, diff::Diff, diff::Impact,
    diff::PackageVersions, model::Integration,
};
use serde_json::{Value, json};
use support::public_names::names_of;
use support::types::TYPES;
use support::{analyze_valid, committed, fixtures, hostile, integrations, source};

/// The manifest after random changes.
fn changed(random: &mut Rng, source: &Source) -> Source {
    let mut manifest: Value = serde_json::from_slice(&source.bytes).unwrap();
    for _ in 0..random.usize(1..4) {
        change_integration(random, &mut manifest);
    }
    support::source(&source.key, manifest.to_string())
}

fn change_integration(random: &mut Rng, manifest: &mut Value) {
    match random.u8(0..12) {
        0 => manifest["version"] = json!(format!("{}.0.0", random.u8(2..9))),
        1 => manifest["requiresOAuth"] = json!(random.bool()),
        2 => manifest["capabilities"] = json!({"trigger": {}, "bigSegmentStore": {}}),
        3 => {
            let block = json!([a_field(random)]);
            manifest["capabilities"]["featureStore"] = json!({"formVariables": block});
        }
        4 => manifest["otherCapabilities"] = json!(["sso"]),
        _ => change_fields(random, &mut manifest["formVariables"]),
    }
}

fn change_fields(random: &mut Rng, fields: &mut Value) {
    if fields.is_null() {
        *fields = json!([]);
    }
    let fields = fields.as_array_mut().unwrap();
    let place = random.usize(0..=fields.len());
    match random.u8(0..8) {
        0 | 1 => fields.insert(place, a_field(random)),
        2 if place < fields.len() => drop(fields.remove(place)),
        3 => random.shuffle(fields),
        _ if place < fields.len() => change_field(random, &mut fields[place]),
        _ => {}
    }
}

fn a_field(random: &mut Rng) -> Value {
    let mut field = json!({
        "key": format!("new-{}", random.u8(0..3)), "name": "New", "type": a_type(random)
    });
    for _ in 0..random.usize(0..4) {
        change_field(random, &mut field);
    }
    field
}

fn a_type(random: &mut Rng) -> &'static str {
    let types: Vec<&str> = TYPES.iter().map(|case| case.name.as_str()).collect();
    types[random.usize(0..types.len())]
}

fn change_field(random: &mut Rng, field: &mut Value) {
    match random.u8(0..9) {
        0 => field["isOptional"] = json!(random.bool()),
        1 => field["isSecret"] = json!(random.bool()),
        2 => field["isHidden"] = json!(random.bool()),
        3 => field["type"] = json!(a_type(random)),
        4 => field["name"] = json!(["A label", "Another"][random.usize(0..2)]),
        5 => {
            field["allowedValues"] = json!(some(random, &["a", "b", "http://c", "https://c", "d"]))
        }
        6 => field["defaultValue"] = json!(["a", "b", "", "https://d.example"][random.usize(0..4)]),
        7 => {
            let values = some(random, &["a", "b", "c"]);
            let options = values
                .iter()
                .map(|value| json!({"label": "L", "value": value}));
            field["multiselectOptions"] = options.collect();
        }
        _ => field["multiselectDefaultOptions"] = json!(some(random, &["a", "b"])),
    }
}

/// A random selection in random order.
fn some<'a>(random: &mut Rng, items: &[&'a str]) -> Vec<&'a str> {
    let mut some: Vec<&str> = items.iter().copied().filter(|_| random.bool()).collect();
    random.shuffle(&mut some);
    some
}

/// The generated code of one integration.
struct Emitted {
    names: BTreeSet<String>,
    module: String,
}

fn emitted(integration: &Integration) -> Emitted {
    let files = generator::emit(&[integration], generator::EmitOptions::default()).unwrap();
    let module = files.modules[&format!("{}.rs", integration.module)].clone();
    let names: BTreeSet<String> = names_of(&module).into_iter().collect();
    let prefix = format!("{}::", integration.module);
    let listed = files.pages["PUBLIC_NAMES.txt"].lines();
    let listed = listed.filter_map(|name| name.strip_prefix(&prefix));
    let listed: BTreeSet<String> = listed.map(str::to_owned).collect();
    let differing: Vec<&String> = names.symmetric_difference(&listed).collect();
    assert!(differing.is_empty(), "{differing:#?}\n{module}");
    Emitted { names, module }
}

/// The impact that follows from the generated code.
fn impact(old: &Emitted, new: &Emitted) -> Option<Impact> {
    if !old.names.is_subset(&new.names) {
        Some(Impact::Breaking)
    } else if old.names != new.names {
        Some(Impact::Minor)
    } else {
        (old.module != new.module).then_some(Impact::Patch)
    }
}

fn analyze_if_valid(source: &Source) -> Option<Analysis> {
    let analysis = analyze(std::slice::from_ref(source), &Overrides::default(), true);
    (!analysis.has_errors()).then_some(analysis)
}

#[test]
fn the_listed_names_are_the_generated_ones() {
    let (committed, fixtures) = (committed(), fixtures());
    for (sources, overrides) in [
        (committed.sources, committed.overrides),
        (fixtures.sources, fixtures.overrides),
        (hostile::accepted(), hostile::overrides()),
    ] {
        let analysis = analyze_valid(&sources, &overrides);
        for integration in integrations(&analysis) {
            emitted(integration);
        }
    }
}

#[test]
fn random_changes_have_the_impact_of_the_generated_code() {
    let sources = committed().sources;
    let mut random = Rng::with_seed(0x1d5);
    let mut counts: HashMap<Option<Impact>, usize> = HashMap::new();
    for round in 0..1_000 {
        let manifest = &sources[random.usize(0..sources.len())];
        // Half of the old manifests have random changes too, so that they have more kinds of fields.
        let old = if random.bool() {
            manifest.clone()
        } else {
            changed(&mut random, manifest)
        };
        let new = changed(&mut random, &old);
        let (Some(before), Some(after)) = (analyze_if_valid(&old), analyze_if_valid(&new)) else {
            continue;
        };
        let (before, after) = (integrations(&before), integrations(&after));
        let diff = Diff::between(&before, &after);
        for integration in &diff.integrations {
            let parts = integration.changes.iter().map(|change| change.impact);
            assert_eq!(Some(integration.impact), parts.max(), "{integration:#?}");
        }
        let expected = impact(&emitted(before[0]), &emitted(after[0]));
        assert_eq!(
            diff.impact(),
            expected,
            "round {round}\n{}\n{}\n{:#?}",
            String::from_utf8_lossy(&old.bytes),
            String::from_utf8_lossy(&new.bytes),
            diff.changes()
                .map(|change| change.summary.to_string())
                .collect::<Vec<_>>()
        );
        *counts.entry(expected).or_default() += 1;
    }
    // Each impact must occur often enough.
    for impact in [
        None,
        Some(Impact::Patch),
        Some(Impact::Minor),
        Some(Impact::Breaking),
    ] {
        assert!(
            counts.get(&impact).is_some_and(|count| *count >= 25),
            "{counts:?}"
        );
    }
}

#[test]
fn the_order_of_integrations_makes_no_difference() {
    let sources = committed().sources;
    let analysis = analyze(&sources, &Overrides::default(), true);
    let all = integrations(&analysis);
    let mut reversed = all.clone();
    reversed.reverse();
    assert_eq!(Diff::between(&all, &reversed), Diff::default());
}

#[test]
fn a_report_escapes_text_of_manifests_and_fits_into_a_pull_request() {
    use generator::diff::{Report, Side};
    use pulldown_cmark::{Event, Options, Parser, Tag};

    let hostile_text = "`a|b` <img src=x> [l](http://x) @team #1\n# h\u{202e}";
    let old: Vec<Source> = (0..400)
        .map(|n| {
            source(
                &format!("acme-{n:03}"),
                json!({"name": hostile_text}).to_string(),
            )
        })
        .collect();
    let with_field = json!({"name": "Acme", "formVariables": [
        {"key": "k", "name": hostile_text, "type": "enum", "allowedValues": [hostile_text], "defaultValue": hostile_text}]});
    let new: Vec<Source> = old
        .iter()
        .map(|source| support::source(&source.key, with_field.to_string()))
        .collect();
    let overrides = Overrides::default();
    let (old, new) = (
        analyze(&old, &overrides, true),
        analyze(&new, &overrides, true),
    );
    let diff = Diff::between(&integrations(&old), &integrations(&new));
    let side = |name: &str| Side::Directory(name.to_owned());
    let version = semver::Version::new(0, 1, 0);
    let release = PackageVersions {
        current: version.clone(),
        released: Some(version),
    };
    let mut report = Report::new(
        (side(hostile_text), side("new")),
        diff,
        vec![hostile_text.to_owned()],
        release,
    );
    let held_back = HeldBack {
        key: hostile_text.to_owned(),
        since: hostile_text.to_owned(),
        revision: hostile_text.to_owned(),
        reason: vec![hostile_text.to_owned(); 400],
    };
    report.held_back = vec![held_back; 400];

    for text in [report.to_markdown(), report.to_changelog()] {
        let mut in_code = false;
        for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
            let harmful = match &event {
                Event::Start(Tag::Link { .. } | Tag::Image { .. }) => true,
                // The report uses this tag for code with a `|` in a table cell.
                Event::InlineHtml(html) if matches!(&**html, "<code>" | "</code>") => {
                    in_code = &**html == "<code>";
                    false
                }
                Event::Html(_) | Event::InlineHtml(_) => true,
                Event::Text(text) => text.contains("@team") && !in_code,
                _ => false,
            };
            assert!(!harmful, "{event:?}");
        }
        assert!(!text.contains('\u{202e}') && !text.contains("\n# h"));
    }
    let markdown = report.to_markdown();
    assert!(markdown.len() < 65_536, "{}", markdown.len());
    assert!(markdown.contains(" more: `cargo xtask diff` shows all."));
    assert!(
        markdown.starts_with("# Manifests at new: minor, 0.1.0 → 0.1.1, 400 held back\n"),
        "{markdown:.200}"
    );
}
