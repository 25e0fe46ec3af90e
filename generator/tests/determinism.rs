//! The committed code is what the committed manifests give, in whatever order they come.
#![allow(
    clippy::unwrap_used,
    reason = "a helper of a test that unwraps fails the test with the reason"
)]

mod support;

use std::collections::BTreeMap;

use generator::emit::is_generated;
use generator::source::Source;
use support::{
    analyse_good, committed_sources, emit, files_of, overrides, pin, shuffled, workspace,
};

fn generate(sources: &[Source]) -> BTreeMap<String, String> {
    emit(&analyse_good(sources, &overrides()), Some(&pin()), false)
}

#[test]
fn the_committed_code_is_up_to_date() {
    let expected = generate(&committed_sources());
    let found = files_of(&workspace().join("generated/src/integrations"));
    for (name, text) in &expected {
        let found = found.get(name);
        assert!(
            found.is_some_and(|found| found == text.as_bytes()),
            "{name} is {}: run `cargo xtask regen`",
            if found.is_some() {
                "changed"
            } else {
                "missing"
            }
        );
    }
    let names: Vec<&String> = found.keys().collect();
    assert_eq!(names, expected.keys().collect::<Vec<_>>());
}

#[test]
fn neither_the_run_nor_the_order_of_the_manifests_matters() {
    let sources = committed_sources();
    let first = generate(&sources);
    assert!(first == generate(&sources), "two runs differ");
    for seed in 1..=3 {
        let other = shuffled(&sources, seed);
        assert_ne!(other, sources);
        assert!(first == generate(&other), "seed {seed}");
    }
    let mut reversed = sources;
    reversed.reverse();
    assert!(first == generate(&reversed), "reversed");
}

#[test]
fn every_file_is_rust_with_our_header_and_one_last_newline() {
    let sources = committed_sources();
    let files = generate(&sources);
    assert_eq!(files.len(), sources.len() + 1);
    for (name, text) in &files {
        assert!(is_generated(text), "{name}");
        assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{name}");
        assert!(!text.contains('\r'), "{name}");
        assert!(
            text.lines().all(|line| line.trim_end() == line),
            "{name}: white space at a line's end"
        );
        if let Err(error) = syn::parse_file(text) {
            panic!("{name}: {error}");
        }
    }
}

#[test]
fn the_digest_of_the_committed_manifests_is_the_pins() {
    let sources = committed_sources();
    let digest = generator::snapshot::digest(
        sources
            .iter()
            .map(|source| (source.key.as_str(), source.bytes.as_slice())),
    );
    assert_eq!(digest, pin().digest);
}
