//! The dependencies of the types: few, and no procedural macros.

// Clippy knows `#[test]` functions as tests, but not their helpers.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::process::Command;

/// The packages that are compiled for the types alone, one per line.
fn tree(arguments: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--edges", "normal", "--prefix", "none"])
        .args(["--package", "launchdarkly-integrations"])
        .args(["--no-default-features", "--color", "never"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().skip(1).map(str::to_owned).collect()
}

fn names(lines: &[String]) -> BTreeSet<&str> {
    let names = lines.iter().filter_map(|line| line.split(' ').next());
    names.collect()
}

#[test]
fn the_types_have_few_dependencies() {
    let direct = tree(&["--depth", "1"]);
    let expected = [
        "iri-string",
        "secrecy",
        "serde",
        "serde_json",
        "strsim",
        "subtle",
    ];
    assert_eq!(names(&direct), BTreeSet::from(expected));
}

#[test]
fn the_types_need_no_procedural_macros() {
    let all = tree(&[]);
    assert!(names(&all).contains("zeroize"), "{all:?}");
    for line in all {
        assert!(!line.contains("(proc-macro)"), "{line}");
    }
    // Checks that cargo marks procedural macros.
    let derive = tree(&["--features", "schemars"]);
    assert!(derive.iter().any(|line| line.contains("(proc-macro)")));
}
