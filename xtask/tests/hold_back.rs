//! `regen --update --hold-back`: an invalid manifest doesn't prevent the update of the others.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failed unwrap in a helper fails the test"
)]

#[path = "support/command.rs"]
#[allow(dead_code, reason = "other test binaries use the rest")]
mod command;
#[path = "support/repository.rs"]
#[allow(dead_code, reason = "other test binaries use the rest")]
mod repository;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use command::Run;
use repository::Repository;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A workspace and its upstream repository. The workspace is pinned to the first commit, which has three
/// integrations. One of them has an override.
struct Setup {
    workspace: TempDir,
    upstream: Repository,
}

const OVERRIDES: &str =
    "[[secret]]\nintegration = \"marked\"\nfield = \"url\"\nreason = \"a webhook\"\n";

/// A manifest with one required field.
fn manifest(name: &str, field: &str) -> Value {
    json!({"name": name, "version": "1.0.0", "formVariables": [
        {"key": field, "name": "Field", "type": "string", "description": "d"}]})
}

impl Setup {
    fn new() -> Self {
        let setup = Self {
            workspace: TempDir::new().unwrap(),
            upstream: Repository::empty("trunk"),
        };
        setup.write("manifests/overrides.toml", OVERRIDES);
        setup.write_manifest("good", &manifest("Good", "first"));
        setup.write_manifest("marked", &manifest("Marked", "url"));
        setup.write_manifest("plain", &manifest("Plain", "first"));
        setup.upstream.commit("first");
        setup.run(&[]).succeeded();
        setup
    }

    fn write_manifest(&self, key: &str, manifest: &Value) {
        self.write_manifest_text(key, &manifest.to_string());
    }

    fn write_manifest_text(&self, key: &str, text: &str) {
        let path = format!("integrations/{key}/manifest.json");
        self.upstream.write(&path, text);
    }

    fn path(&self, path: &str) -> PathBuf {
        self.workspace.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        fs::write(self.path(path), text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// Runs `regen --update` with the upstream repository.
    fn run(&self, arguments: &[&str]) -> Run {
        let path = self.upstream.path_string();
        let update = ["regen", "--update", "--repo", &path];
        command::run(self.workspace.path(), &[&update, arguments].concat())
    }

    fn held_back(&self) -> Vec<Value> {
        let pin: Value = serde_json::from_str(&self.read("manifests/upstream.json")).unwrap();
        pin.get("heldBack")
            .map_or_else(Vec::new, |list| list.as_array().unwrap().clone())
    }

    fn held_back_keys(&self) -> Vec<String> {
        let entries = self.held_back();
        entries
            .iter()
            .map(|entry| entry["key"].as_str().unwrap().to_owned())
            .collect()
    }

    fn files(&self) -> BTreeMap<PathBuf, String> {
        let mut files = BTreeMap::new();
        for folder in ["manifests", "generated/src/integrations", "generated"] {
            for entry in fs::read_dir(self.path(folder)).unwrap() {
                let path = entry.unwrap().path();
                if path.is_file() {
                    files.insert(path.clone(), fs::read_to_string(path).unwrap());
                }
            }
        }
        files
    }
}

#[test]
fn an_invalid_manifest_is_held_back_and_the_others_are_updated() {
    let setup = Setup::new();
    let pinned = setup.read("manifests/good.json");
    setup.write_manifest_text("good", "{\"name\": ");
    setup.write_manifest("plain", &manifest("Plain", "second"));
    setup.write_manifest("new", &manifest("New", "first"));
    setup.write_manifest_text("broken", "[]");
    let commit = setup.upstream.commit("second");

    // Without `--hold-back`, nothing is written.
    let before = setup.files();
    setup.run(&[]).failed(1, &["2 errors"]);
    assert_eq!(setup.files(), before);

    let report = setup.path("report.md");
    let run = setup
        .run(&["--hold-back", "--report", report.to_str().unwrap()])
        .succeeded();
    assert!(run.stdout.contains("2 held back"), "{run:#?}");
    for place in [
        "integrations/good/manifest.json:1:",
        "integrations/broken/manifest.json:1:",
    ] {
        assert!(run.stderr.contains(place), "{place}: {run:#?}");
    }
    assert_eq!(setup.read("manifests/good.json"), pinned);
    assert!(setup.read("manifests/plain.json").contains("second"));
    assert!(setup.path("manifests/new.json").exists());
    assert!(!setup.path("manifests/broken.json").exists());
    assert_eq!(setup.held_back_keys(), ["broken", "good"]);
    for entry in setup.held_back() {
        assert_eq!(entry["revision"], commit);
        assert_eq!(entry["since"].as_str().unwrap().len(), "2026-11-25".len());
        let reason = entry["reason"][0].as_str().unwrap();
        assert!(reason.contains("manifest.json:1:"), "{reason}");
    }
    let report = fs::read_to_string(report).unwrap();
    let held_back = report.find("## Held back").unwrap();
    assert!(
        report.starts_with("# Manifests at ")
            && report.lines().next().unwrap().ends_with(", 2 held back")
    );
    assert!(held_back < report.find("plain").unwrap(), "{report}");

    // The written files are complete, and the same update changes nothing more.
    let after = setup.files();
    let root = setup.workspace.path();
    command::run(root, &["regen", "--check"]).succeeded();
    setup.run(&["--hold-back"]).succeeded();
    assert_eq!(setup.files(), after);
}

#[test]
fn a_repaired_manifest_is_updated_and_an_invalid_one_keeps_its_date() {
    let setup = Setup::new();
    setup.write_manifest_text("good", "{");
    setup.write_manifest_text("plain", "{");
    setup.upstream.commit("both broken");
    setup.run(&["--hold-back"]).succeeded();
    let text = setup.read("manifests/upstream.json");
    let today = setup.held_back()[0]["since"].as_str().unwrap().to_owned();
    let earlier = text.replace(
        &format!("\"since\": \"{today}\""),
        "\"since\": \"2025-01-31\"",
    );
    setup.write("manifests/upstream.json", &earlier);

    setup.write_manifest("good", &manifest("Good", "second"));
    setup.write_manifest_text("plain", "[");
    let commit = setup.upstream.commit("one repaired");
    setup.run(&["--hold-back"]).succeeded();
    assert!(setup.read("manifests/good.json").contains("second"));
    let [entry] = setup.held_back().try_into().unwrap();
    assert_eq!(entry["key"], "plain");
    assert_eq!(entry["since"], "2025-01-31");
    assert_eq!(entry["revision"], commit);

    // `lint` fails if an integration has been held back for too long.
    let lint = command::run(setup.workspace.path(), &["lint"]).exited(1);
    assert!(
        lint.stdout
            .contains("plain has been held back for more than"),
        "{lint:#?}"
    );
    setup.write(
        "manifests/upstream.json",
        &setup
            .read("manifests/upstream.json")
            .replace("2025-01-31", &today),
    );
    let lint = command::run(setup.workspace.path(), &["lint"]).succeeded();
    assert!(
        lint.stdout.contains("plain has been held back since"),
        "{lint:#?}"
    );

    setup.write_manifest("plain", &manifest("Plain", "second"));
    setup.upstream.commit("all repaired");
    setup.run(&[]).succeeded();
    assert!(!setup.read("manifests/upstream.json").contains("heldBack"));
}

#[test]
fn an_integration_whose_override_no_longer_matches_is_held_back() {
    for remove in [false, true] {
        let setup = Setup::new();
        let pinned = setup.read("manifests/marked.json");
        if remove {
            fs::remove_dir_all(setup.upstream.path().join("integrations/marked")).unwrap();
        } else {
            setup.write_manifest("marked", &manifest("Marked", "address"));
        }
        setup.write_manifest("plain", &manifest("Plain", "second"));
        setup.upstream.commit("second");
        setup.run(&[]).failed(1, &["1 error"]);
        setup.run(&["--hold-back"]).succeeded();
        assert_eq!(setup.held_back_keys(), ["marked"]);
        assert_eq!(setup.read("manifests/marked.json"), pinned);
        assert!(setup.read("manifests/plain.json").contains("second"));
    }
}

/// If two integrations have the same module name, the one that changed is held back.
#[test]
fn a_new_integration_with_a_used_module_name_is_held_back() {
    let setup = Setup::new();
    setup.write_manifest("Plain", &manifest("Other", "first"));
    setup.upstream.commit("second");
    setup.run(&["--hold-back"]).succeeded();
    assert_eq!(setup.held_back_keys(), ["Plain"]);
    assert!(setup.path("manifests/plain.json").exists());
}

#[test]
fn nothing_is_written_if_every_manifest_is_invalid() {
    let setup = Setup::new();
    for key in ["good", "marked", "plain"] {
        setup.write_manifest_text(key, "{");
    }
    setup.upstream.commit("all broken");
    let before = setup.files();
    setup.run(&["--hold-back"]).failed(1, &["3 errors"]);
    assert_eq!(setup.files(), before);
}

/// An error in overrides.toml belongs to no integration, so `--hold-back` doesn't help.
#[test]
fn an_invalid_overrides_file_is_an_error() {
    let setup = Setup::new();
    setup.write_manifest("plain", &manifest("Plain", "second"));
    setup.upstream.commit("second");
    setup.write("manifests/overrides.toml", "[[secrets]]\n");
    let before = setup.files();
    setup.run(&["--hold-back"]).exited(1);
    assert_eq!(setup.files(), before);
    let alone = command::run(Path::new(setup.workspace.path()), &["regen", "--hold-back"]);
    assert!(alone.exited(2).stderr.contains("--update"));
}
