//! `cargo xtask diff`, and the report with which an update ends.
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

use std::fs;
use std::path::{Path, PathBuf};

use command::Run;
use repository::Repository;
use serde_json::{Value, json};
use tempfile::TempDir;

const CARGO_TOML: &str = "[workspace]\nmembers = []\n\n[workspace.package]\nversion = \"0.1.0\"\n";
const CARGO_LOCK: &str = "version = 4\n\n[[package]]\nname = \"ours\"\nversion = \"0.1.0\"\n\n\
    [[package]]\nname = \"serde\"\nversion = \"0.1.0\"\nsource = \"registry\"\n";
const CHANGELOG: &str = "# Changelog\n\n## Unreleased\n\n### Added\n\n- Types.\n\n## [0.1.0] - 2025-01-31\n\n- First.\n";

/// A workspace, and upstream with two tags and a branch.
struct Setting {
    workspace: TempDir,
    upstream: Repository,
}

/// An integration with a secret and an enum.
fn acme() -> Value {
    json!({"name": "Acme", "version": "1.0.0", "formVariables": [
        {"key": "token", "name": "Token", "type": "string", "isSecret": true},
        {"key": "site", "name": "Site", "type": "enum", "isOptional": true,
            "allowedValues": ["eu", "us"], "defaultValue": "eu"}]})
}

impl Setting {
    fn new() -> Self {
        let upstream = Repository::empty("trunk");
        let setting = Self {
            workspace: TempDir::new().unwrap(),
            upstream,
        };
        setting.upstream("acme", &acme());
        setting.upstream("gone", &json!({"name": "Gone", "version": "1.0.0"}));
        setting.upstream.commit("first");
        setting.upstream.git(&["tag", "v1"]);

        let mut changed = acme();
        changed["formVariables"][1]["allowedValues"] = json!(["eu", "ap"]);
        changed["formVariables"][1]["defaultValue"] = json!("ap");
        setting.upstream("acme", &changed);
        setting.upstream(
            "beta",
            &json!({"name": "Beta", "version": "1.0.0",
            "formVariables": [{"key": "shade", "name": "Shade", "type": "colour"}]}),
        );
        setting
            .upstream
            .git(&["rm", "-r", "--quiet", "integrations/gone"]);
        setting.upstream.commit("second");
        setting.upstream.git(&["tag", "v2"]);

        for (name, text) in [
            ("Cargo.toml", CARGO_TOML),
            ("Cargo.lock", CARGO_LOCK),
            ("CHANGELOG.md", CHANGELOG),
        ] {
            fs::write(setting.path(name), text).unwrap();
        }
        setting
    }

    fn upstream(&self, key: &str, manifest: &Value) {
        let path = format!("integrations/{key}/manifest.json");
        self.upstream.write(&path, &manifest.to_string());
    }

    fn path(&self, name: &str) -> PathBuf {
        self.workspace.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Run {
        command::run(self.workspace.path(), arguments)
    }

    fn succeed(&self, arguments: &[&str]) -> String {
        self.run(arguments).succeeded().stdout
    }

    /// With the repository that the revisions are in.
    fn diff(&self, arguments: &[&str]) -> String {
        let path = self.upstream.path_text();
        self.succeed(&[&["diff", "--repo", &path], arguments].concat())
    }

    fn update(&self, arguments: &[&str]) -> String {
        let path = self.upstream.path_text();
        self.succeed(&[&["regen", "--update", "--repo", &path], arguments].concat())
    }
}

const CHANGES: &str = "\
acme Acme
  patch    ! ~ site: default `\"eu\"` → `\"ap\"`: programs that leave it out get the new value
  breaking   - site: value `us` removed: programs that use `Site::Us` don't compile
  minor      + site: new value `ap`, `Site::Ap`

beta Beta
  minor      + new integration, module `beta` with 1 field

gone Gone
  breaking   - integration removed, with module `gone`: programs that use it don't compile
";

#[test]
fn two_tags_are_compared_for_people() {
    let setting = Setting::new();
    let text = setting.diff(&["v1", "v2"]);
    assert!(text.starts_with(CHANGES), "{text}");
    let rest: Vec<&str> = text[CHANGES.len()..].trim().lines().collect();
    assert_eq!(rest[0], "new warnings", "{text}");
    assert!(
        rest[1].starts_with("  beta: warning[unknown-type]"),
        "{text}"
    );
    assert!(
        rest[3].ends_with("3 integrations, 5 changes: 2 breaking, 2 minor, 1 patch"),
        "{text}"
    );
    assert_eq!(
        rest.last(),
        Some(&"verdict: breaking, 0.1.0 → 0.2.0"),
        "{text}"
    );
    assert!(!setting.path("manifests").exists());

    let text = setting.diff(&["v2", "v2"]);
    assert!(
        text.ends_with("verdict: nothing changes for users, 0.1.0 stays\n"),
        "{text}"
    );
}

#[test]
fn two_tags_are_compared_for_pull_requests_and_programs() {
    let setting = Setting::new();
    let text = setting.diff(&["v1", "v2", "--format", "markdown"]);
    let id = &setting.upstream.id("v2")[..7];
    let title = format!("# Manifests at {id} (2025-11-19): breaking, 0.1.0 → 0.2.0\n");
    assert!(text.starts_with(&title), "{text}");
    for row in [
        "| ⚠ | patch | `site` | default `\"eu\"` → `\"ap\"`: programs that leave it out get the new value |",
        "| | **breaking** | `site` | value `us` removed: programs that use `Site::Us` don't compile |",
        "| | minor | | new integration, module `beta` with 1 field |",
    ] {
        assert!(text.lines().any(|line| line == row), "{row}\n{text}");
    }

    let report: Value =
        serde_json::from_str(&setting.diff(&["v1", "v2", "--format", "json"])).unwrap();
    assert_eq!(
        report["verdict"],
        json!({"impact": "breaking", "current": "0.1.0", "next": "0.2.0"})
    );
    assert_eq!(
        report["new"]["commit"]["revision"],
        setting.upstream.id("v2").as_str()
    );
    assert_eq!(
        report["integrations"][0]["changes"][1],
        json!({"impact": "breaking", "kind": "value-removed", "block": "formVariables",
            "field": "site", "old": "us", "new": null, "silent": false,
            "summary": "value `us` removed: programs that use `Site::Us` don't compile"})
    );
}

#[test]
fn the_pin_is_compared_with_the_default_branch_unless_others_are_named() {
    let setting = Setting::new();
    setting.update(&["--rev", "v1"]);
    assert!(setting.diff(&[]).starts_with(CHANGES));
    assert!(setting.diff(&["v2"]).contains("nothing changes for users"));
    // A folder on either side, without a network and without a repository.
    fs::rename(setting.path("manifests"), setting.path("old")).unwrap();
    setting.update(&["--rev", "v2"]);
    let text = setting.succeed(&["diff", "old", "manifests"]);
    assert!(
        text.starts_with(CHANGES) && text.contains("old → manifests: "),
        "{text}"
    );
}

#[test]
fn an_update_ends_with_what_it_changed() {
    let setting = Setting::new();
    let first = setting.update(&["--rev", "v1", "--bump"]);
    assert!(!first.contains("verdict"), "{first}");
    assert_eq!(setting.read("Cargo.toml"), CARGO_TOML);

    let path = setting.path("report.md");
    let report = path.to_str().unwrap();
    let second = setting.update(&["--rev", "v2", "--bump", "--report", report]);
    assert!(second.starts_with(CHANGES), "{second}");
    let end: Vec<&str> = second.lines().rev().take(3).collect();
    assert!(end[0].starts_with("2 manifests, 2 with fields"), "{second}");
    assert_eq!(
        end[1..],
        ["", "verdict: breaking, 0.1.0 → 0.2.0"],
        "{second}"
    );
    assert!(setting.read("report.md").starts_with("# Manifests at "));

    assert_eq!(
        setting.read("Cargo.toml"),
        CARGO_TOML.replace("0.1.0", "0.2.0")
    );
    assert_eq!(
        setting.read("Cargo.lock"),
        CARGO_LOCK.replacen("0.1.0", "0.2.0", 1)
    );
    let changelog = setting.read("CHANGELOG.md");
    let id = &setting.upstream.id("v2")[..7];
    let entry = format!(
        "## Unreleased\n\n### Changed\n\n- Manifests at {id} (2025-11-19):\n  \
         - **Breaking:** `acme` `site`: value `us` removed: programs that use `Site::Us` don't compile\n  \
         - **Breaking:** `gone`: integration removed"
    );
    assert!(changelog.contains(&entry), "{changelog}");

    // Once more there is nothing to tell, and nothing moves.
    let third = setting.update(&["--rev", "v2", "--bump"]);
    assert!(
        third.contains("nothing changes for users, 0.2.0 stays"),
        "{third}"
    );
    assert_eq!(setting.read("CHANGELOG.md"), changelog);
}

#[test]
fn a_snapshot_that_cannot_be_compared_stops_no_update() {
    let setting = Setting::new();
    setting.update(&["--rev", "v1"]);
    // A pinned manifest that the generator takes no more, with its digest.
    let (manifest, pin) = (
        setting.path("manifests/acme.json"),
        setting.read("manifests/upstream.json"),
    );
    fs::write(&manifest, "{\"name\": 7}").unwrap();
    let stderr = setting.run(&["lint"]).failed(1, &["digest"]).stderr;
    let digest = stderr
        .split("digest ")
        .nth(1)
        .unwrap()
        .split(',')
        .next()
        .unwrap();
    let mut pin: Value = serde_json::from_str(&pin).unwrap();
    pin["digest"] = json!(digest);
    fs::write(setting.path("manifests/upstream.json"), pin.to_string()).unwrap();

    let path = setting.upstream.path_text();
    let arguments = [
        "regen", "--update", "--repo", &path, "--rev", "v2", "--bump",
    ];
    let run = setting.run(&arguments).succeeded();
    for words in ["can't report what the update changes", "has 1 error"] {
        assert!(run.stderr.contains(words), "{run:#?}");
    }
    assert!(!run.stdout.contains("verdict"), "{run:#?}");
    assert_eq!(setting.read("Cargo.toml"), CARGO_TOML);
}

/// A second update before a release asks for a version after the last release, not after the first
/// update.
#[test]
fn updates_between_two_releases_bump_once() {
    let setting = Setting::new();
    setting.update(&["--rev", "v1"]);
    setting.update(&["--rev", "v2", "--bump"]);
    let back = setting.update(&["--rev", "v1", "--bump"]);
    let verdict = "verdict: breaking, 0.2.0 is not released yet and stays";
    assert!(back.contains(verdict), "{back}");
    let bumped = CARGO_TOML.replace("0.1.0", "0.2.0");
    assert_eq!(setting.read("Cargo.toml"), bumped);
    let changelog = setting.read("CHANGELOG.md");
    assert_eq!(
        changelog.matches("- Manifests at ").count(),
        2,
        "{changelog}"
    );

    // After the release, the next one moves on.
    let released = changelog.replacen("## Unreleased\n", "## Unreleased\n\n## 0.2.0\n", 1);
    fs::write(setting.path("CHANGELOG.md"), released).unwrap();
    let forth = setting.update(&["--rev", "v2", "--bump"]);
    assert!(forth.contains("breaking, 0.2.0 → 0.3.0"), "{forth}");
}

#[test]
fn before_the_first_release_the_version_stays() {
    let setting = Setting::new();
    let unreleased = "# Changelog\n\n## Unreleased\n";
    fs::write(setting.path("CHANGELOG.md"), unreleased).unwrap();
    setting.update(&["--rev", "v1"]);
    let text = setting.update(&["--rev", "v2", "--bump"]);
    assert!(
        text.contains("0.1.0 is not released yet and stays"),
        "{text}"
    );
    assert_eq!(setting.read("Cargo.toml"), CARGO_TOML);
    assert!(setting.read("CHANGELOG.md").contains("- Manifests at "));
}

#[test]
fn a_check_of_an_update_bumps_nothing() {
    let setting = Setting::new();
    setting.update(&["--rev", "v1"]);
    let path = setting.upstream.path_text();
    let arguments = ["regen", "--update", "--repo", &path, "--bump", "--check"];
    let stdout = setting.run(&arguments).exited(1).stdout;
    assert!(
        stdout.contains("changed Cargo.toml") && stdout.contains("+version = \"0.2.0\""),
        "{stdout}"
    );
    assert_eq!(setting.read("Cargo.toml"), CARGO_TOML);
    assert_eq!(setting.read("CHANGELOG.md"), CHANGELOG);
}

#[test]
fn what_cannot_be_compared_is_named() {
    let setting = Setting::new();
    let path = setting.upstream.path_text();
    setting
        .upstream
        .write("integrations/acme/manifest.json", "{\"name\": ");
    setting.upstream.commit("broken");
    let cases: [(&[&str], i32, &str); 5] = [
        (
            &["v1"],
            1,
            "has 1 error: fix them, or compare other revisions",
        ),
        (&["v9", "v1"], 2, "is not a branch, tag or commit"),
        (&["v1", "trnk"], 2, "did you mean `trunk`?"),
        (&["./nowhere", "v1"], 2, "nowhere"),
        (&["v1", "v2", "--all"], 2, "cannot be used with"),
    ];
    for (arguments, expected, words) in cases {
        let run = setting.run(&[&["diff", "--repo", &path], arguments].concat());
        let run = run.exited(expected);
        assert_eq!(run.stdout, "", "{arguments:?}");
        assert!(run.stderr.contains(words), "{arguments:?}: {run:#?}");
    }
    // A changelog that can't be added to stops the update before it writes anything.
    let setting = Setting::new();
    setting.update(&["--rev", "v1"]);
    fs::write(setting.path("CHANGELOG.md"), "# Changelog\n").unwrap();
    let path = setting.upstream.path_text();
    let before = pinned(&setting.path("manifests"));
    let run = setting.run(&["regen", "--update", "--repo", &path, "--bump"]);
    run.failed(2, &["CHANGELOG.md", "`## Unreleased`"]);
    assert_eq!(pinned(&setting.path("manifests")), before);
}

fn pinned(manifests: &Path) -> String {
    fs::read_to_string(manifests.join("upstream.json")).unwrap()
}
