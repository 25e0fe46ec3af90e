//! The published package has only the files that users need.

// Clippy knows `#[test]` functions as tests, but not their helpers.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::Command;

use launchdarkly_integrations::integrations;

/// The files besides sources and examples. Cargo writes some of them.
const FILES: [&str; 7] = [
    ".cargo_vcs_info.json",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "Cargo.toml.orig",
    "LICENSE",
    "README.md",
];

/// In bytes: about twice the largest module.
const LARGEST_FILE: u64 = 60_000;

/// In bytes: about one and a half times the current size.
const LARGEST_PACKAGE: u64 = 1_500_000;

/// The files of the package.
fn packaged() -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .args(["package", "--list", "--allow-dirty", "--offline"])
        .args(["--package", "launchdarkly-integrations", "--color", "never"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    let text = String::from_utf8(output.stdout).unwrap();
    // On Windows, cargo uses backslashes.
    text.lines().map(|line| line.replace('\\', "/")).collect()
}

fn is_expected(file: &str) -> bool {
    let code = file.starts_with("src/") || file.starts_with("examples/");
    FILES.contains(&file) || (code && file.ends_with(".rs"))
}

#[test]
fn only_what_users_need_is_packaged() {
    let files = packaged();
    let surplus: Vec<&String> = files.iter().filter(|file| !is_expected(file)).collect();
    assert!(surplus.is_empty(), "{surplus:?}");
    for expected in ["LICENSE", "README.md", "CHANGELOG.md", "examples/create.rs"] {
        assert!(files.iter().any(|file| file == expected), "{expected}");
    }
    let modules = files
        .iter()
        .filter(|file| file.starts_with("src/integrations/"));
    // One per integration, and `mod.rs`.
    assert_eq!(modules.count(), integrations::ALL.len() + 1, "{files:?}");
}

#[test]
fn the_package_stays_small() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut total = 0;
    for file in packaged() {
        // The files that cargo writes don't exist yet.
        let Ok(metadata) = fs::metadata(package.join(&file)) else {
            continue;
        };
        assert!(metadata.len() <= LARGEST_FILE, "{file}: {}", metadata.len());
        total += metadata.len();
    }
    assert!(total > 100_000, "{total}: the files were not found");
    assert!(total <= LARGEST_PACKAGE, "{total}");
}

/// The Rust examples of a README.
fn examples(readme: &str) -> Vec<&str> {
    let blocks = readme.split("```rust").skip(1);
    blocks
        .filter_map(|block| Some(block.split_once("\n```")?.0))
        .collect()
}

/// The package's README is compiled as a doctest, the repository's isn't.
#[test]
fn the_readme_of_the_repository_has_the_same_examples() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let own = fs::read_to_string(package.join("README.md")).unwrap();
    let repository = fs::read_to_string(package.join("../README.md")).unwrap();
    assert!(!examples(&own).is_empty());
    assert_eq!(examples(&repository), examples(&own));
}
