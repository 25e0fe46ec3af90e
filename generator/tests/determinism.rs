//! The committed code is what the committed manifests give, in whatever order they come.
#![allow(
    clippy::unwrap_used,
    reason = "a helper of a test that unwraps fails the test with the reason"
)]

mod support;

use std::fs;
use std::path::Path;

use generator::emit::{Files, is_generated};
use generator::source::Source;
use support::{
    analyse_all, committed_sources, emit_all, files_of, overrides, pin, shuffled, workspace,
};

fn generate(sources: &[Source]) -> Files {
    emit_all(&analyse_all(sources, &overrides()), Some(&pin()), false)
}

fn assert_committed(path: &Path, text: &str) {
    let found = fs::read(path).ok();
    assert!(
        found.as_deref() == Some(text.as_bytes()),
        "{} is {}: run `cargo xtask regen`",
        path.display(),
        found.map_or("missing", |_| "changed")
    );
}

#[test]
fn the_committed_code_is_up_to_date() {
    let package = workspace().join("generated");
    let folder = package.join("src/integrations");
    let Files { modules, pages } = generate(&committed_sources());
    for (name, text) in &modules {
        assert_committed(&folder.join(name), text);
    }
    for (name, text) in &pages {
        assert_committed(&package.join(name), text);
    }
    let found = files_of(&folder);
    assert_eq!(
        found.keys().collect::<Vec<_>>(),
        modules.keys().collect::<Vec<_>>()
    );
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
fn every_file_has_our_header_and_one_last_newline_and_rust_parses() {
    let sources = committed_sources();
    let Files { modules, pages } = generate(&sources);
    // `mod.rs` and the front page.
    let integrations = analyse_all(&sources, &overrides()).integrations().len();
    assert_eq!(modules.len(), integrations + 2);
    for (name, text) in modules.iter().chain(&pages) {
        assert!(is_generated(text), "{name}");
        assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{name}");
        assert!(!text.contains('\r'), "{name}");
        assert!(
            text.lines().all(|line| line.trim_end() == line),
            "{name}: white space at a line's end"
        );
        if name.ends_with(".rs")
            && let Err(error) = syn::parse_file(text)
        {
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
