//! `regen --update --hold-back`: one manifest that can't be taken doesn't keep the others from their
//! update.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of a test that unwraps fails the test with the reason"
)]

#[path = "support/command.rs"]
#[allow(dead_code, reason = "the other tests use the rest")]
mod command;
#[path = "support/repository.rs"]
#[allow(dead_code, reason = "the transport tests use the rest")]
mod repository;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use command::Run;
use repository::Repository;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A workspace that is pinned to the first commit of an upstream with three integrations, one of
/// them with an override.
struct Setting {
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

impl Setting {
    fn new() -> Self {
        let setting = Self {
            workspace: TempDir::new().unwrap(),
            upstream: Repository::empty("trunk"),
        };
        setting.write("manifests/overrides.toml", OVERRIDES);
        setting.upstream("good", &manifest("Good", "first"));
        setting.upstream("marked", &manifest("Marked", "url"));
        setting.upstream("plain", &manifest("Plain", "first"));
        setting.upstream.commit("first");
        setting.run(&[]).succeeded();
        setting
    }

    fn upstream(&self, key: &str, manifest: &Value) {
        self.upstream_text(key, &manifest.to_string());
    }

    fn upstream_text(&self, key: &str, text: &str) {
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

    /// `regen --update` from the repository.
    fn run(&self, arguments: &[&str]) -> Run {
        let path = self.upstream.path_text();
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
fn a_bad_manifest_keeps_its_pinned_one_and_the_others_are_updated() {
    let setting = Setting::new();
    let pinned = setting.read("manifests/good.json");
    setting.upstream_text("good", "{\"name\": ");
    setting.upstream("plain", &manifest("Plain", "second"));
    setting.upstream("new", &manifest("New", "first"));
    setting.upstream_text("broken", "[]");
    let commit = setting.upstream.commit("second");

    // Without the option nothing is written.
    let before = setting.files();
    setting.run(&[]).failed(1, &["2 errors"]);
    assert_eq!(setting.files(), before);

    let report = setting.path("report.md");
    let run = setting
        .run(&["--hold-back", "--report", report.to_str().unwrap()])
        .succeeded();
    assert!(run.stdout.contains("2 held back"), "{run:#?}");
    for place in [
        "integrations/good/manifest.json:1:",
        "integrations/broken/manifest.json:1:",
    ] {
        assert!(run.stderr.contains(place), "{place}: {run:#?}");
    }
    assert_eq!(setting.read("manifests/good.json"), pinned);
    assert!(setting.read("manifests/plain.json").contains("second"));
    assert!(setting.path("manifests/new.json").exists());
    assert!(!setting.path("manifests/broken.json").exists());
    assert_eq!(setting.held_back_keys(), ["broken", "good"]);
    for entry in setting.held_back() {
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

    // What was written is complete, and the same update changes nothing more.
    let after = setting.files();
    let root = setting.workspace.path();
    command::run(root, &["regen", "--check"]).succeeded();
    setting.run(&["--hold-back"]).succeeded();
    assert_eq!(setting.files(), after);
}

#[test]
fn what_can_be_taken_again_is_released_and_what_cannot_keeps_its_day() {
    let setting = Setting::new();
    setting.upstream_text("good", "{");
    setting.upstream_text("plain", "{");
    setting.upstream.commit("both broken");
    setting.run(&["--hold-back"]).succeeded();
    let text = setting.read("manifests/upstream.json");
    let today = setting.held_back()[0]["since"].as_str().unwrap().to_owned();
    let earlier = text.replace(
        &format!("\"since\": \"{today}\""),
        "\"since\": \"2025-01-31\"",
    );
    setting.write("manifests/upstream.json", &earlier);

    setting.upstream("good", &manifest("Good", "second"));
    setting.upstream_text("plain", "[");
    let commit = setting.upstream.commit("one mended");
    setting.run(&["--hold-back"]).succeeded();
    assert!(setting.read("manifests/good.json").contains("second"));
    let [entry] = setting.held_back().try_into().unwrap();
    assert_eq!(entry["key"], "plain");
    assert_eq!(entry["since"], "2025-01-31");
    assert_eq!(entry["revision"], commit);

    // For too long: the checks fail.
    let lint = command::run(setting.workspace.path(), &["lint"]).exited(1);
    assert!(
        lint.stdout
            .contains("plain has been held back for more than"),
        "{lint:#?}"
    );
    setting.write(
        "manifests/upstream.json",
        &setting
            .read("manifests/upstream.json")
            .replace("2025-01-31", &today),
    );
    let lint = command::run(setting.workspace.path(), &["lint"]).succeeded();
    assert!(
        lint.stdout.contains("plain has been held back since"),
        "{lint:#?}"
    );

    setting.upstream("plain", &manifest("Plain", "second"));
    setting.upstream.commit("all mended");
    setting.run(&[]).succeeded();
    assert!(!setting.read("manifests/upstream.json").contains("heldBack"));
}

#[test]
fn an_override_that_lost_its_field_or_its_integration_holds_back() {
    for remove in [false, true] {
        let setting = Setting::new();
        let pinned = setting.read("manifests/marked.json");
        if remove {
            fs::remove_dir_all(setting.upstream.path().join("integrations/marked")).unwrap();
        } else {
            setting.upstream("marked", &manifest("Marked", "address"));
        }
        setting.upstream("plain", &manifest("Plain", "second"));
        setting.upstream.commit("second");
        setting.run(&[]).failed(1, &["1 error"]);
        setting.run(&["--hold-back"]).succeeded();
        assert_eq!(setting.held_back_keys(), ["marked"]);
        assert_eq!(setting.read("manifests/marked.json"), pinned);
        assert!(setting.read("manifests/plain.json").contains("second"));
    }
}

/// Of two integrations that collide, the one that changed is held back.
#[test]
fn a_new_integration_whose_module_is_taken_is_held_back() {
    let setting = Setting::new();
    setting.upstream("Plain", &manifest("Other", "first"));
    setting.upstream.commit("second");
    setting.run(&["--hold-back"]).succeeded();
    assert_eq!(setting.held_back_keys(), ["Plain"]);
    assert!(setting.path("manifests/plain.json").exists());
}

#[test]
fn where_everything_is_refused_nothing_is_written() {
    let setting = Setting::new();
    for key in ["good", "marked", "plain"] {
        setting.upstream_text(key, "{");
    }
    setting.upstream.commit("all broken");
    let before = setting.files();
    setting.run(&["--hold-back"]).failed(1, &["3 errors"]);
    assert_eq!(setting.files(), before);
}

/// A problem that holding back can't remove: overrides.toml itself.
#[test]
fn what_is_wrong_with_no_integration_is_not_held_back() {
    let setting = Setting::new();
    setting.upstream("plain", &manifest("Plain", "second"));
    setting.upstream.commit("second");
    setting.write("manifests/overrides.toml", "[[secrets]]\n");
    let before = setting.files();
    setting.run(&["--hold-back"]).exited(1);
    assert_eq!(setting.files(), before);
    let alone = command::run(
        Path::new(setting.workspace.path()),
        &["regen", "--hold-back"],
    );
    assert!(alone.exited(2).stderr.contains("--update"));
}
