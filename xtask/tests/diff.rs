//! `cargo xtask diff`, and the report at the end of an update.
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

/// An empty workspace, and an upstream repository with two tags and a branch.
struct Setup {
    workspace: TempDir,
    upstream: Repository,
}

/// A manifest with a secret and an enum.
fn acme() -> Value {
    json!({"name": "Acme", "version": "1.0.0", "formVariables": [
        {"key": "token", "name": "Token", "type": "string", "isSecret": true},
        {"key": "site", "name": "Site", "type": "enum", "isOptional": true,
            "allowedValues": ["eu", "us"], "defaultValue": "eu"}]})
}

impl Setup {
    fn new() -> Self {
        let upstream = Repository::empty("trunk");
        let setup = Self {
            workspace: TempDir::new().unwrap(),
            upstream,
        };
        setup.write_manifest("acme", &acme());
        setup.write_manifest("gone", &json!({"name": "Gone", "version": "1.0.0"}));
        setup.upstream.commit("first");
        setup.upstream.git(&["tag", "v1"]);

        let mut changed = acme();
        changed["formVariables"][1]["allowedValues"] = json!(["eu", "ap"]);
        changed["formVariables"][1]["defaultValue"] = json!("ap");
        setup.write_manifest("acme", &changed);
        setup.write_manifest(
            "beta",
            &json!({"name": "Beta", "version": "1.0.0",
            "formVariables": [{"key": "shade", "name": "Shade", "type": "colour"}]}),
        );
        setup
            .upstream
            .git(&["rm", "-r", "--quiet", "integrations/gone"]);
        setup.upstream.commit("second");
        setup.upstream.git(&["tag", "v2"]);

        for (name, text) in [
            ("Cargo.toml", CARGO_TOML),
            ("Cargo.lock", CARGO_LOCK),
            ("CHANGELOG.md", CHANGELOG),
        ] {
            fs::write(setup.path(name), text).unwrap();
        }
        setup
    }

    fn write_manifest(&self, key: &str, manifest: &Value) {
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

    /// Runs `diff` with the upstream repository.
    fn diff(&self, arguments: &[&str]) -> String {
        let path = self.upstream.path_string();
        self.succeed(&[&["diff", "--repo", &path], arguments].concat())
    }

    fn update(&self, arguments: &[&str]) -> String {
        let path = self.upstream.path_string();
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
fn diff_of_two_tags_as_text() {
    let setup = Setup::new();
    let text = setup.diff(&["v1", "v2"]);
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
    assert!(!setup.path("manifests").exists());

    let text = setup.diff(&["v2", "v2"]);
    assert!(
        text.ends_with("verdict: nothing changes for users, 0.1.0 stays\n"),
        "{text}"
    );
}

#[test]
fn diff_of_two_tags_as_markdown_and_json() {
    let setup = Setup::new();
    let text = setup.diff(&["v1", "v2", "--format", "markdown"]);
    let id = &setup.upstream.id("v2")[..7];
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
        serde_json::from_str(&setup.diff(&["v1", "v2", "--format", "json"])).unwrap();
    assert_eq!(
        report["verdict"],
        json!({"impact": "breaking", "current": "0.1.0", "next": "0.2.0"})
    );
    assert_eq!(
        report["new"]["commit"]["revision"],
        setup.upstream.id("v2").as_str()
    );
    assert_eq!(
        report["integrations"][0]["changes"][1],
        json!({"impact": "breaking", "kind": "value-removed", "block": "formVariables",
            "field": "site", "old": "us", "new": null, "silent": false,
            "summary": "value `us` removed: programs that use `Site::Us` don't compile"})
    );
}

#[test]
fn diff_compares_the_pin_with_the_default_branch_by_default() {
    let setup = Setup::new();
    setup.update(&["--rev", "v1"]);
    assert!(setup.diff(&[]).starts_with(CHANGES));
    assert!(setup.diff(&["v2"]).contains("nothing changes for users"));
    // Both sides can be folders; `diff` then needs no repository.
    fs::rename(setup.path("manifests"), setup.path("old")).unwrap();
    setup.update(&["--rev", "v2"]);
    let text = setup.succeed(&["diff", "old", "manifests"]);
    assert!(
        text.starts_with(CHANGES) && text.contains("old → manifests: "),
        "{text}"
    );
}

#[test]
fn an_update_ends_with_a_report_of_its_changes() {
    let setup = Setup::new();
    let first = setup.update(&["--rev", "v1", "--bump"]);
    assert!(!first.contains("verdict"), "{first}");
    assert_eq!(setup.read("Cargo.toml"), CARGO_TOML);

    let path = setup.path("report.md");
    let report = path.to_str().unwrap();
    let second = setup.update(&["--rev", "v2", "--bump", "--report", report]);
    assert!(second.starts_with(CHANGES), "{second}");
    let end: Vec<&str> = second.lines().rev().take(3).collect();
    assert!(end[0].starts_with("2 manifests, 2 with fields"), "{second}");
    assert_eq!(
        end[1..],
        ["", "verdict: breaking, 0.1.0 → 0.2.0"],
        "{second}"
    );
    assert!(setup.read("report.md").starts_with("# Manifests at "));

    assert_eq!(
        setup.read("Cargo.toml"),
        CARGO_TOML.replace("0.1.0", "0.2.0")
    );
    assert_eq!(
        setup.read("Cargo.lock"),
        CARGO_LOCK.replacen("0.1.0", "0.2.0", 1)
    );
    let changelog = setup.read("CHANGELOG.md");
    let id = &setup.upstream.id("v2")[..7];
    let entry = format!(
        "## Unreleased\n\n### Changed\n\n- Manifests at {id} (2025-11-19):\n  \
         - **Breaking:** `acme` `site`: value `us` removed: programs that use `Site::Us` don't compile\n  \
         - **Breaking:** `gone`: integration removed"
    );
    assert!(changelog.contains(&entry), "{changelog}");

    // The same update again reports no change and bumps nothing.
    let third = setup.update(&["--rev", "v2", "--bump"]);
    assert!(
        third.contains("nothing changes for users, 0.2.0 stays"),
        "{third}"
    );
    assert_eq!(setup.read("CHANGELOG.md"), changelog);
}

#[test]
fn an_update_succeeds_even_if_the_old_snapshot_is_invalid() {
    let setup = Setup::new();
    setup.update(&["--rev", "v1"]);
    // Make a pinned manifest invalid and correct the digest of the pin.
    let (manifest, pin) = (
        setup.path("manifests/acme.json"),
        setup.read("manifests/upstream.json"),
    );
    fs::write(&manifest, "{\"name\": 7}").unwrap();
    let stderr = setup.run(&["lint"]).failed(1, &["digest"]).stderr;
    let digest = stderr
        .split("digest ")
        .nth(1)
        .unwrap()
        .split(',')
        .next()
        .unwrap();
    let mut pin: Value = serde_json::from_str(&pin).unwrap();
    pin["digest"] = json!(digest);
    fs::write(setup.path("manifests/upstream.json"), pin.to_string()).unwrap();

    let path = setup.upstream.path_string();
    let arguments = [
        "regen", "--update", "--repo", &path, "--rev", "v2", "--bump",
    ];
    let run = setup.run(&arguments).succeeded();
    for words in ["can't report what the update changes", "has 1 error"] {
        assert!(run.stderr.contains(words), "{run:#?}");
    }
    assert!(!run.stdout.contains("verdict"), "{run:#?}");
    assert_eq!(setup.read("Cargo.toml"), CARGO_TOML);
}

/// Before a release, a second update doesn't bump the version again: the next version is computed from the
/// last release, not from the first update.
#[test]
fn updates_between_two_releases_bump_once() {
    let setup = Setup::new();
    setup.update(&["--rev", "v1"]);
    setup.update(&["--rev", "v2", "--bump"]);
    let back = setup.update(&["--rev", "v1", "--bump"]);
    let verdict = "verdict: breaking, 0.2.0 is not released yet and stays";
    assert!(back.contains(verdict), "{back}");
    let bumped = CARGO_TOML.replace("0.1.0", "0.2.0");
    assert_eq!(setup.read("Cargo.toml"), bumped);
    let changelog = setup.read("CHANGELOG.md");
    assert_eq!(
        changelog.matches("- Manifests at ").count(),
        2,
        "{changelog}"
    );

    // After the release, the next update bumps the version.
    let released = changelog.replacen("## Unreleased\n", "## Unreleased\n\n## 0.2.0\n", 1);
    fs::write(setup.path("CHANGELOG.md"), released).unwrap();
    let forth = setup.update(&["--rev", "v2", "--bump"]);
    assert!(forth.contains("breaking, 0.2.0 → 0.3.0"), "{forth}");
}

#[test]
fn before_the_first_release_the_version_stays() {
    let setup = Setup::new();
    let unreleased = "# Changelog\n\n## Unreleased\n";
    fs::write(setup.path("CHANGELOG.md"), unreleased).unwrap();
    setup.update(&["--rev", "v1"]);
    let text = setup.update(&["--rev", "v2", "--bump"]);
    assert!(
        text.contains("0.1.0 is not released yet and stays"),
        "{text}"
    );
    assert_eq!(setup.read("Cargo.toml"), CARGO_TOML);
    assert!(setup.read("CHANGELOG.md").contains("- Manifests at "));
}

#[test]
fn update_with_check_bumps_nothing() {
    let setup = Setup::new();
    setup.update(&["--rev", "v1"]);
    let path = setup.upstream.path_string();
    let arguments = ["regen", "--update", "--repo", &path, "--bump", "--check"];
    let stdout = setup.run(&arguments).exited(1).stdout;
    assert!(
        stdout.contains("changed Cargo.toml") && stdout.contains("+version = \"0.2.0\""),
        "{stdout}"
    );
    assert_eq!(setup.read("Cargo.toml"), CARGO_TOML);
    assert_eq!(setup.read("CHANGELOG.md"), CHANGELOG);
}

#[test]
fn errors_of_diff_name_the_cause() {
    let setup = Setup::new();
    let path = setup.upstream.path_string();
    setup
        .upstream
        .write("integrations/acme/manifest.json", "{\"name\": ");
    setup.upstream.commit("broken");
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
        let run = setup.run(&[&["diff", "--repo", &path], arguments].concat());
        let run = run.exited(expected);
        assert_eq!(run.stdout, "", "{arguments:?}");
        assert!(run.stderr.contains(words), "{arguments:?}: {run:#?}");
    }
    // If the changelog has no `## Unreleased` section, the update fails before it writes anything.
    let setup = Setup::new();
    setup.update(&["--rev", "v1"]);
    fs::write(setup.path("CHANGELOG.md"), "# Changelog\n").unwrap();
    let path = setup.upstream.path_string();
    let before = pinned(&setup.path("manifests"));
    let run = setup.run(&["regen", "--update", "--repo", &path, "--bump"]);
    run.failed(2, &["CHANGELOG.md", "`## Unreleased`"]);
    assert_eq!(pinned(&setup.path("manifests")), before);
}

fn pinned(manifests: &Path) -> String {
    fs::read_to_string(manifests.join("upstream.json")).unwrap()
}
