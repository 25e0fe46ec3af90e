//! What users download: nothing but what they need.

// Clippy knows `#[test]` functions as tests, but not their helpers.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::Command;

use launchdarkly_integrations::integrations;

/// Beside sources and examples. Cargo writes some of them.
const FILES: [&str; 8] = [
    ".cargo_vcs_info.json",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "Cargo.toml.orig",
    "LICENSE",
    "README.md",
    "src/integrations/front_page.md",
];

/// Twice the largest module, or thereabouts.
const LARGEST_FILE: u64 = 60_000;

/// Half as much again as there is.
const LARGEST_PACKAGE: u64 = 1_500_000;

/// The files of the package, a line each.
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
    // On Windows cargo writes its separators.
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
    // One for each, `mod.rs` and the front page.
    assert_eq!(modules.count(), integrations::ALL.len() + 2, "{files:?}");
}

#[test]
fn the_package_stays_small() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut whole = 0;
    for file in packaged() {
        // What cargo writes isn't there yet.
        let Ok(metadata) = fs::metadata(package.join(&file)) else {
            continue;
        };
        assert!(metadata.len() <= LARGEST_FILE, "{file}: {}", metadata.len());
        whole += metadata.len();
    }
    assert!(whole > 100_000, "{whole}: the files were not found");
    assert!(whole <= LARGEST_PACKAGE, "{whole}");
}
