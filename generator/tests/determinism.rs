//! The committed code is up to date, and its generation is deterministic.
#![allow(
    clippy::unwrap_used,
    reason = "a panic in a test helper fails the test"
)]

mod support;

use std::env;
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
fn the_output_does_not_depend_on_the_run_or_the_order_of_manifests() {
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
fn the_output_does_not_depend_on_the_number_of_threads() {
    let committed = committed();
    let first = committed.emit();
    for threads in [1, 2, 7] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let pool = pool.build().unwrap();
        assert!(first == pool.install(|| committed.emit()), "{threads}");
    }
}

#[test]
fn the_names_of_the_fixtures_are_stable() {
    let page = &fixtures().emit().pages["PUBLIC_NAMES.txt"];
    let names: Vec<&str> = page.lines().skip_while(|line| !line.is_empty()).collect();
    let names = names.join("\n").trim().to_owned() + "\n";
    let path = workspace().join("generator/tests/fixtures/names.txt");
    if env::var_os("OVERWRITE").is_some() {
        fs::write(&path, &names).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap();
    assert!(
        names == expected,
        "public names changed, which breaks users; if this is intended, run this test with OVERWRITE=1 and review names.txt; found\n{names}"
    );
}

#[test]
fn every_file_has_the_header_and_one_final_newline_and_parses() {
    let Files { modules, pages } = committed().emit();
    for (name, text) in modules.iter().chain(&pages) {
        assert!(is_generated(text), "{name}");
        assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{name}");
        assert!(!text.contains('\r'), "{name}");
        assert!(
            text.lines().all(|line| line.trim_end() == line),
            "{name}: trailing whitespace"
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
