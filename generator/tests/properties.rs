//! Property tests: any manifest is either refused with an error or gives the expected Rust code.
//!
//! `PROPTEST_CASES=10000` tests more manifests than usual.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic in a test helper fails the test"
)]

mod support;

use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use generator::{Analysis, Files, Overrides, Source, analyze};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use support::any_bytes;
use support::copy;
use support::emitted_items::{Items, unexpected_words, words};
use support::manifests::{changed, changes, flips, manifest, several, sources};
use support::types::TYPES;
use support::{Facts, committed, emit, emit_all, source};

/// The number of cases: `PROPTEST_CASES`, or `usual`. Failures are not written to a file.
fn cases(usual: u32) -> ProptestConfig {
    let mut config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = usual;
    }
    config
}

/// The identifiers that the generator itself writes, collected from a manifest that uses every feature.
static OWN_WORDS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let mut variables = Vec::new();
    for case in TYPES.iter() {
        let kind = &case.name;
        for (listed, given, flags) in (0..16).map(|n| (n & 1 > 0, n & 2 > 0, n >> 2)) {
            let mut variable = json!({"key": "zz", "type": kind, "isSecret": flags & 1 > 0,
                "isHidden": true, "isOptional": flags & 2 > 0});
            if listed {
                variable["allowedValues"] = json!(["zz"]);
                variable["multiselectOptions"] = json!([{"value": "zz", "label": "ZZ"}]);
            }
            if given {
                variable["multiselectDefaultOptions"] = json!(["zz"]);
                let fitting = case.default.first().cloned();
                variable["defaultValue"] = match fitting {
                    Some(Value::String(text)) if !text.contains("://") => json!("zz"),
                    Some(fitting) => fitting,
                    None => json!("zz"),
                };
            }
            variables.push(variable);
        }
    }
    // Each has its own manifest, so that names don't collide.
    let mut own = BTreeSet::new();
    for variable in variables {
        let block = json!([variable]);
        let manifest = json!({"requiresOAuth": true, "allowIntegrationConfigurations": true,
            "otherCapabilities": ["zz"], "capabilities": {"zz": {"formVariables": block}}, "formVariables": block});
        let analysis = analyze_any(&[source("zz", manifest.to_string())]);
        assert!(!analysis.has_errors(), "{:?}", analysis.diagnostics);
        own.extend(words(&emit(&analysis, None, true)["zz.rs"]));
    }
    own.retain(|word| !word.to_lowercase().contains("zz"));
    for manifest in [
        json!({"allowIntegrationConfigurations": true}),
        json!({"allowIntegrationConfigurations": false}),
        json!({"capabilities": {"auditLogEventsHook": {}}}),
        json!({"capabilities": {"bigSegmentStore": {}, "flagImport": {}}}),
        json!({"capabilities": {"featureStore": {"formVariables": []}}}),
    ] {
        let analysis = analyze_any(&[source("zz", manifest.to_string())]);
        own.extend(words(&emit(&analysis, None, true)["zz.rs"]));
    }
    own
});

fn analyze_any(sources: &[Source]) -> Analysis {
    analyze(sources, &Overrides::default(), true)
}

/// Analyzes manifests and, if they are accepted, checks the output.
fn check(sources: &[Source]) -> Analysis {
    let start = Instant::now();
    let analysis = analyze_any(sources);
    for said in &analysis.diagnostics {
        assert!(
            sources.iter().any(|source| source.origin == said.origin),
            "{said:?}"
        );
        assert!(!said.message.is_empty(), "{said:?}");
    }
    if analysis.has_errors() {
        return analysis;
    }
    let files = emit_all(&analysis, None, true);
    assert!(
        files == emit_all(&analyze_any(sources), None, true),
        "another run differs"
    );
    let took = start.elapsed();
    assert!(took < Duration::from_secs(20), "{took:?}");
    check_files(sources, &files);
    analysis
}

/// The file of an integration. Its first line names the manifest.
fn module_of(key: &str, files: &Files) -> String {
    let source = format!(" from manifests/{};", generator::snapshot::file_name(key));
    let mut modules = files.modules.iter();
    let found = modules.find(|(_, text)| text.lines().next().unwrap().contains(&source));
    found.unwrap().0.clone()
}

fn check_files(sources: &[Source], files: &Files) {
    let mut expected: Vec<String> = vec!["mod.rs".into()];
    for source in sources {
        let name = module_of(&source.key, files);
        let facts = Facts::read(source);
        let text = &files.modules[&name];
        let items = Items::expected(&facts);
        assert_eq!(Items::found(text), items, "{}", source.origin);
        let mut unexpected = unexpected_words(text, &OWN_WORDS, &items);
        // The example in the documentation has the name of the module.
        unexpected.retain(|word| Some(word.as_str()) != name.strip_suffix(".rs"));
        assert!(unexpected.is_empty(), "{unexpected:?} in {name}");
        expected.push(name);
    }
    expected.sort();
    assert_eq!(
        files.modules.keys().collect::<Vec<_>>(),
        expected.iter().collect::<Vec<_>>()
    );
}

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn accepted_random_manifests_give_the_expected_code(manifests in several()) {
        let sources = sources(&manifests);
        check(&sources);
        for source in &sources {
            any_bytes::generate(&source.bytes);
        }
    }
}

proptest! {
    #![proptest_config(cases(250))]

    #[test]
    fn damaged_real_manifests_are_refused_or_give_the_expected_code(
        which in any::<Index>(), changes in changes(), flips in flips()
    ) {
        static REAL: LazyLock<Vec<Source>> = LazyLock::new(|| committed().sources);
        let bytes = changed(&which.get(&REAL).bytes, &changes, &flips);
        any_bytes::generate(&bytes);
        check(&[source("acme", bytes)]);
    }

    #[test]
    fn any_bytes_are_analyzed(bytes in any::<Vec<u8>>()) {
        any_bytes::generate(&bytes);
    }
}

/// Runs the check of the fuzz target on its seeds, whole and truncated.
#[test]
fn the_seeds_of_the_fuzz_target_pass() {
    for (position, source) in committed().sources.iter().enumerate() {
        assert!(!any_bytes::generate(&source.bytes).has_errors());
        let cut = source.bytes.len() * (position % 10) / 10;
        assert!(any_bytes::generate(&source.bytes[..cut]).has_errors());
    }
}

#[test]
fn accepted_manifests_compile() {
    let mut runner = TestRunner::deterministic();
    let mut sources = Vec::new();
    let (mut tried, wanted) = (0, 24);
    while sources.len() < wanted {
        let manifest = manifest().new_tree(&mut runner).unwrap().current();
        let source = source(&format!("property-{}", sources.len()), manifest.to_string());
        if !analyze_any(std::slice::from_ref(&source)).has_errors() {
            sources.push(source);
        }
        tried += 1;
        assert!(tried < wanted * 10, "most manifests are refused");
    }
    let analysis = check(&sources);
    let modules = emit(&analysis, None, true);
    let copy = copy::Files::with_modules("properties", &modules).write();
    copy.cargo(&["check", "--lib"]);
}
