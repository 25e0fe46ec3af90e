//! The committed code is what the committed manifests give, in whatever order they come.
#![allow(
    clippy::unwrap_used,
    reason = "a helper of a test that unwraps fails the test with the reason"
)]

mod support;

use std::fs;
use std::path::Path;

use generator::{Files, is_generated};
use support::{committed, files_of, fixtures, shuffled, workspace};

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
    let Files { modules, pages } = committed().emit();
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
    let committed = committed();
    let first = committed.emit();
    assert!(first == committed.emit(), "two runs differ");
    for seed in 1..=3 {
        let other = shuffled(&committed.sources, seed);
        assert_ne!(other, committed.sources);
        assert!(first == committed.emit_from(&other), "seed {seed}");
    }
    let mut reversed = committed.sources.clone();
    reversed.reverse();
    assert!(first == committed.emit_from(&reversed), "reversed");
}

#[test]
fn every_file_has_our_header_and_one_last_newline_and_rust_parses() {
    let Files { modules, pages } = committed().emit();
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
fn a_pin_has_the_digest_of_its_manifests() {
    for snapshot in [committed(), fixtures()] {
        let manifests = snapshot.sources.iter();
        let manifests = manifests.map(|source| (source.key.as_str(), source.bytes.as_slice()));
        assert_eq!(generator::snapshot::digest(manifests), snapshot.pin.digest);
    }
}
