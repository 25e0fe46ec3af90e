//! Runs the `xtask` program in temporary workspaces.
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
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use command::Run;
use repository::{Repository, copy, fixtures, stored_upstream};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A temporary workspace folder.
struct Workspace(TempDir);

impl Workspace {
    fn empty() -> Self {
        Self(TempDir::new().unwrap())
    }

    /// Creates a workspace with the fixture manifests.
    fn with_manifests() -> Self {
        let workspace = Self::empty();
        copy(&fixtures(), &workspace.path("manifests"));
        workspace
    }

    /// Creates a workspace with the fixture manifests and the files generated from them.
    fn generated() -> Self {
        let workspace = Self::with_manifests();
        workspace.run(&["regen"]).succeeded();
        workspace
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn module(&self, name: &str) -> PathBuf {
        self.path("generated/src/integrations").join(name)
    }

    fn write(&self, path: &str, text: impl AsRef<[u8]>) -> String {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        command::xtask(self.0.path(), arguments)
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let run = command::run(self.0.path(), arguments);
        for text in [&run.stdout, &run.stderr] {
            assert!(!text.contains('\u{1b}'), "colours in piped output: {text}");
        }
        run
    }

    /// Reads every file below a folder, with its content and modification time.
    fn files(&self, folder: &str) -> BTreeMap<PathBuf, (Vec<u8>, SystemTime)> {
        let mut files = BTreeMap::new();
        collect(&self.path(folder), &mut files);
        files
    }
}

fn collect(folder: &Path, files: &mut BTreeMap<PathBuf, (Vec<u8>, SystemTime)>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            let written = fs::symlink_metadata(&path).unwrap().modified().unwrap();
            files.insert(path.clone(), (fs::read(&path).unwrap_or_default(), written));
        }
    }
}

impl Run {
    /// Parses the numbers in the last line of `regen`.
    fn summary(&self) -> [usize; 7] {
        let last = self.stdout.lines().last().unwrap();
        assert!(self.stdout.ends_with('\n'));
        let words = [
            "manifest",
            "with field",
            "field",
            "enum",
            "file changed",
            "warning",
            "ms",
        ];
        let parts: Vec<&str> = last.split(", ").collect();
        assert_eq!(parts.len(), words.len(), "{last}");
        let mut numbers = [0; 7];
        for ((part, word), number) in parts.iter().zip(words).zip(&mut numbers) {
            let (count, what) = part.split_once(' ').unwrap();
            *number = count.parse().unwrap();
            let what = what.replace("files ", "file ");
            let plural = matches!(what.strip_prefix(word), Some("" | "s"));
            assert!(plural, "{part} of {last}");
        }
        numbers
    }

    fn files_changed(&self) -> usize {
        self.summary()[4]
    }

    /// The files that `--check` lists, each with `changed`, `missing` or `extra`.
    fn differences(&self) -> Vec<(&str, &str)> {
        let words = ["changed ", "missing ", "extra "];
        let lines = self.stdout.lines();
        let named = lines.filter(|line| words.iter().any(|word| line.starts_with(word)));
        named.map(|line| line.split_once(' ').unwrap()).collect()
    }
}

fn names(files: &BTreeMap<PathBuf, (Vec<u8>, SystemTime)>) -> Vec<&str> {
    files
        .keys()
        .map(|path| path.file_name().unwrap().to_str().unwrap())
        .collect()
}

const MODULES: &str = "generated/src/integrations/";

fn module_path(name: &str) -> String {
    format!("{MODULES}{name}")
}

#[test]
fn regen_output_is_up_to_date() {
    let workspace = Workspace::with_manifests();
    let first = workspace.run(&["regen"]).succeeded();
    assert_eq!(first.summary()[..6], [14, 10, 43, 5, 18, 3]);
    assert_eq!(first.stdout.lines().count(), 1, "{}", first.stdout);
    assert_eq!(first.stderr, "");

    let written = workspace.files("generated");
    let check = workspace.run(&["regen", "--check"]).succeeded();
    assert_eq!((check.files_changed(), check.differences()), (0, vec![]));
    assert_eq!(workspace.run(&["regen"]).succeeded().files_changed(), 0);
    assert!(
        written == workspace.files("generated"),
        "regen rewrote files that were up to date"
    );
}

#[test]
fn check_lists_every_different_file_and_regen_repairs_it() {
    let workspace = Workspace::generated();
    let good = workspace.files("generated");
    let right = fs::read_to_string(workspace.module("datadog.rs")).unwrap();
    fs::write(
        workspace.module("datadog.rs"),
        right.replace("api_key", "api_kei"),
    )
    .unwrap();
    fs::remove_file(workspace.module("zendesk.rs")).unwrap();
    fs::write(
        workspace.module("acme.rs"),
        right.replace("datadog", "acme"),
    )
    .unwrap();
    fs::write(workspace.module(".regen-Ab12Cd"), "// @gener").unwrap();
    let bad = workspace.files("generated");

    let check = workspace
        .run(&["regen", "--check"])
        .failed(1, &["4 files", "cargo xtask regen"]);
    let expected = [
        ("extra", module_path(".regen-Ab12Cd")),
        ("extra", module_path("acme.rs")),
        ("changed", module_path("datadog.rs")),
        ("missing", module_path("zendesk.rs")),
    ];
    let expected: Vec<(&str, &str)> = expected
        .iter()
        .map(|(what, path)| (*what, path.as_str()))
        .collect();
    assert_eq!(check.differences(), expected);
    for line in ["-    pub api_kei: ", "+    pub api_key: "] {
        assert!(check.stdout.contains(line), "{line}: {}", check.stdout);
    }
    assert_eq!(check.files_changed(), 4);
    assert!(bad == workspace.files("generated"), "--check wrote");

    assert_eq!(workspace.run(&["regen"]).succeeded().files_changed(), 4);
    let repaired = workspace.files("generated");
    assert_eq!(names(&repaired), names(&good));
    for (path, (bytes, _)) in &good {
        assert!(repaired[path].0 == *bytes, "{}", path.display());
    }
    workspace.run(&["regen", "--check"]).succeeded();
}

#[test]
fn check_lists_only_the_changed_file() {
    let workspace = Workspace::generated();
    for name in ["mod.rs", "adfs.rs"] {
        let good = fs::read_to_string(workspace.module(name)).unwrap();
        fs::write(workspace.module(name), format!("{good}\n")).unwrap();
        let check = workspace.run(&["regen", "--check"]).failed(1, &["1 file "]);
        assert_eq!(
            check.differences(),
            [("changed", module_path(name).as_str())]
        );
        fs::write(workspace.module(name), good).unwrap();
    }
    workspace.run(&["regen", "--check"]).succeeded();
}

#[test]
fn the_catalog_and_the_list_of_names_are_kept_up_to_date() {
    let workspace = Workspace::generated();
    workspace.write("generated/Cargo.toml", "# ours\n");
    let good = workspace.files("generated");
    let (catalog, names) = ("generated/CATALOG.md", "generated/PUBLIC_NAMES.txt");
    let text = fs::read_to_string(workspace.path(names)).unwrap();
    let renamed = text.replace("ConfigValues.api_key:", "ConfigValues.api_kei:");
    workspace.write(names, renamed);
    fs::remove_file(workspace.path(catalog)).unwrap();
    workspace.write("generated/.regen-Ab12Cd", "half");
    let check = workspace.run(&["regen", "--check"]).failed(1, &["3 files"]);
    assert_eq!(
        check.differences(),
        [
            ("extra", "generated/.regen-Ab12Cd"),
            ("missing", catalog),
            ("changed", names)
        ]
    );
    let line = "+datadog::ConfigValues.api_key: SecretString";
    assert!(check.stdout.contains(line), "{}", check.stdout);
    assert_eq!(workspace.run(&["regen"]).succeeded().files_changed(), 3);
    let repaired = workspace.files("generated");
    assert!(repaired.keys().eq(good.keys()));
    for (path, (bytes, _)) in &good {
        assert!(repaired[path].0 == *bytes, "{}", path.display());
    }

    // A file without the header is unmanaged, so `regen` doesn't overwrite it.
    for page in [catalog, names, "generated/src/integrations/mod.rs"] {
        let good = fs::read_to_string(workspace.path(page)).unwrap();
        workspace.write(page, format!("mine\n{good}"));
        let before = workspace.files("generated");
        workspace.run(&["regen", "--check"]).failed(1, &["1 file "]);
        workspace
            .run(&["regen"])
            .failed(1, &[page, "not written by this command"]);
        assert!(before == workspace.files("generated"), "{page}");
        workspace.write(page, good);
    }
}

#[test]
fn unmanaged_files_are_listed_and_never_changed() {
    let workspace = Workspace::generated();
    let header = fs::read_to_string(workspace.module("adfs.rs")).unwrap();
    // The header counts only at the start of a file.
    let foreign = [
        ("notes.txt", "notes".to_owned()),
        ("mine.rs", "pub fn mine() {}\n".to_owned()),
        ("quoted.rs", format!("\n{header}")),
    ];
    for (name, text) in &foreign {
        fs::write(workspace.module(name), text).unwrap();
    }
    fs::create_dir(workspace.module("folder")).unwrap();
    let check = workspace.run(&["regen", "--check"]).exited(1);
    let listed: Vec<(&str, &str)> = check.differences();
    let expected = ["folder", "mine.rs", "notes.txt", "quoted.rs"].map(module_path);
    assert_eq!(
        listed,
        expected.each_ref().map(|path| ("extra", path.as_str()))
    );

    let regen = workspace.run(&["regen"]).succeeded();
    assert_eq!(regen.files_changed(), 0);
    for (name, text) in &foreign {
        assert_eq!(fs::read_to_string(workspace.module(name)).unwrap(), *text);
        assert!(regen.stderr.contains(name), "{}", regen.stderr);
    }
    assert!(workspace.module("folder").is_dir());
}

#[test]
fn a_file_without_the_header_is_never_overwritten() {
    let workspace = Workspace::generated();
    fs::remove_file(workspace.module("zendesk.rs")).unwrap();
    fs::write(workspace.module("datadog.rs"), "// mine\n").unwrap();
    let before = workspace.files("generated");
    workspace
        .run(&["regen"])
        .failed(1, &["datadog.rs", "not written by this command"]);
    assert!(before == workspace.files("generated"), "regen wrote");

    // `--check` still lists the other files.
    let check = workspace.run(&["regen", "--check"]).failed(1, &["2 files"]);
    let (mine, gone) = (module_path("datadog.rs"), module_path("zendesk.rs"));
    assert_eq!(
        check.differences(),
        [("changed", mine.as_str()), ("missing", gone.as_str())]
    );
    assert!(
        check.stdout.contains("not written by this command"),
        "{}",
        check.stdout
    );
    assert!(before == workspace.files("generated"), "--check wrote");
    // A file that isn't UTF-8 is not overwritten either.
    fs::write(workspace.module("datadog.rs"), b"\xFF\xFE").unwrap();
    workspace.run(&["regen"]).failed(1, &["datadog.rs"]);
    assert_eq!(
        fs::read(workspace.module("datadog.rs")).unwrap(),
        b"\xFF\xFE"
    );
}

#[test]
fn manifests_that_were_edited_by_hand_are_an_error() {
    for edit in [
        |workspace: &Workspace| {
            let path = workspace.path("manifests/datadog.json");
            let text = fs::read_to_string(&path).unwrap();
            fs::write(path, text.replace("Datadog", "Dogdata")).unwrap();
        },
        |workspace: &Workspace| fs::remove_file(workspace.path("manifests/datadog.json")).unwrap(),
        |workspace: &Workspace| drop(workspace.write("manifests/acme.json", "{}\n")),
    ] {
        let workspace = Workspace::generated();
        edit(&workspace);
        let before = workspace.files("generated");
        for command in ["regen", "list", "lint"] {
            workspace
                .run(&[command])
                .failed(1, &["manifests", "digest", "--update --rev "]);
        }
        assert!(before == workspace.files("generated"));
    }
    let workspace = Workspace::generated();
    workspace.write("manifests/upstream.json", "{\"repository\": 1}");
    workspace
        .run(&["regen"])
        .failed(1, &["upstream.json", "is not a valid pin file"]);
}

#[test]
fn a_missing_pin_is_an_error() {
    let workspace = Workspace::generated();
    fs::remove_file(workspace.path("manifests/upstream.json")).unwrap();
    let before = (workspace.files("manifests"), workspace.files("generated"));
    for command in ["regen", "list", "lint", "diff"] {
        let run = workspace.run(&[command]);
        run.failed(1, &["upstream.json is missing", "git", "regen --update"]);
    }
    assert!(before == (workspace.files("manifests"), workspace.files("generated")));
}

/// The digest covers every `*.json` file in manifests/. If a file is added by hand, commands that read the
/// snapshot fail. An update also fails: it doesn't delete the file, and it doesn't pin an invalid snapshot.
#[test]
fn a_file_added_to_the_snapshot_is_never_deleted() {
    let repository = upstream_repository();
    let path = repository.path_string();
    let update = ["regen", "--update", "--repo", &path];
    let workspace = Workspace::empty();
    workspace.run(&update).succeeded();
    let added = workspace.write("manifests/notes.json", "[\"my notes\"]\n");
    let before = (workspace.files("manifests"), workspace.files("generated"));
    for arguments in [&update[..], &["regen"], &["lint"]] {
        let run = workspace.run(arguments).exited(1);
        assert!(run.stderr.contains("manifests"), "{run:#?}");
        assert!(before == (workspace.files("manifests"), workspace.files("generated")));
    }
    let run = workspace.run(&update);
    run.failed(1, &["notes.json", "not written by this command", "move it"]);
    fs::remove_file(added).unwrap();
    workspace.run(&update).succeeded();
}

/// A mirror is only another source: the same commit from a mirror changes no file.
#[test]
fn the_pin_names_upstream_unless_fork_is_passed() {
    const UPSTREAM: &str = "https://github.com/launchdarkly/integration-framework";
    let repository = upstream_repository();
    let path = repository.path_string();
    let workspace = Workspace::empty();
    workspace
        .run(&["regen", "--update", "--repo", &path])
        .succeeded();
    assert_eq!(pinned(&workspace)["repository"], UPSTREAM);
    let before = (workspace.files("manifests"), workspace.files("generated"));
    let mirror = TempDir::new().unwrap();
    copy(&repository.path(), mirror.path());
    let mirrors = [
        format!("file://{path}"),
        mirror.path().to_str().unwrap().to_owned(),
    ];
    for mirror in &mirrors {
        let run = workspace.run(&["regen", "--update", "--repo", mirror]);
        assert_eq!(run.succeeded().files_changed(), 0, "{mirror}");
    }
    assert!(before == (workspace.files("manifests"), workspace.files("generated")));
    for folder in ["manifests", "generated"] {
        for (file, (bytes, _)) in workspace.files(folder) {
            let text = String::from_utf8(bytes).unwrap();
            assert!(!text.contains(&path), "{}", file.display());
        }
    }

    let fork = ["regen", "--update", "--repo", &path, "--fork"];
    workspace.run(&fork).succeeded();
    assert_eq!(pinned(&workspace)["repository"], path);
    let alone = workspace.run(&["regen", "--update", "--fork"]).exited(2);
    assert!(alone.stderr.contains("--repo"), "{alone:#?}");
}

const ACME: &str = r#"{"name": "Acme", "version": "1.0.0", "overview": "prose", "formVariables": [
  {"key": "apiKey", "name": "API key", "type": "string", "isSecret": true, "description": "Some secret prose."},
  {"key": "site", "name": "Site", "type": "enum", "allowedValues": ["eu", "us"], "isOptional": true, "defaultValue": "us", "description": "d"}
]}
"#;

/// Creates a repository with the integrations `acme` and `gone` in one commit on `trunk`.
fn upstream_repository() -> Repository {
    let repository = Repository::empty("trunk");
    repository.write("integrations/acme/manifest.json", ACME);
    repository.write("integrations/gone/manifest.json", "{\"name\": \"Gone\"}");
    repository.write("integrations/README.md", "not an integration");
    repository.commit("first");
    repository
}

fn pinned(workspace: &Workspace) -> Value {
    let bytes = fs::read(workspace.path("manifests/upstream.json")).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

#[test]
fn update_changes_the_pin_the_manifests_and_the_generated_files() {
    let repository = upstream_repository();
    let first = repository.id("trunk");
    let workspace = Workspace::empty();
    let path = repository.path_string();
    let update = ["regen", "--update", "--repo", &path];

    let run = workspace.run(&update).succeeded();
    assert_eq!(run.summary()[..5], [2, 1, 2, 1, 9]);
    assert_eq!(
        run.stdout.lines().count(),
        1,
        "progress on stdout: {}",
        run.stdout
    );
    assert!(!run.stderr.is_empty());
    assert_eq!(pinned(&workspace)["revision"], first);
    assert_eq!(pinned(&workspace)["committed"], repository::LATER_DATE);
    assert_eq!(
        names(&workspace.files("manifests")),
        ["acme.json", "gone.json", "upstream.json"]
    );
    assert_eq!(
        names(&workspace.files("generated")),
        [
            "CATALOG.md",
            "PUBLIC_NAMES.txt",
            "every_struct.rs",
            "acme.rs",
            "gone.rs",
            "mod.rs"
        ]
    );
    let snapshot = fs::read_to_string(workspace.path("manifests/acme.json")).unwrap();
    assert!(
        snapshot.contains("apiKey") && !snapshot.contains("prose"),
        "{snapshot}"
    );
    for arguments in [&["regen"][..], &["regen", "--check"], &update] {
        assert_eq!(
            workspace.run(arguments).succeeded().files_changed(),
            0,
            "{arguments:?}"
        );
    }

    fs::remove_dir_all(repository.path().join("integrations/gone")).unwrap();
    repository.write(
        "integrations/acme/manifest.json",
        &ACME.replace("API key", "Key"),
    );
    repository.write("integrations/zeta/manifest.json", "{\"name\": \"Zeta\"}");
    let second = repository.commit("second");
    let before = (workspace.files("manifests"), workspace.files("generated"));
    let check = workspace
        .run(&[&update[..], &["--check"]].concat())
        .exited(1);
    assert_eq!(
        check.differences(),
        [
            ("changed", "manifests/acme.json"),
            ("extra", "manifests/gone.json"),
            ("changed", "manifests/upstream.json"),
            ("missing", "manifests/zeta.json"),
            ("changed", "generated/src/integrations/acme.rs"),
            ("extra", "generated/src/integrations/gone.rs"),
            ("changed", "generated/src/integrations/mod.rs"),
            ("missing", "generated/src/integrations/zeta.rs"),
            ("changed", "generated/CATALOG.md"),
            ("changed", "generated/PUBLIC_NAMES.txt"),
        ]
    );
    assert!(
        before == (workspace.files("manifests"), workspace.files("generated")),
        "--check wrote"
    );

    assert_eq!(workspace.run(&update).succeeded().files_changed(), 10);
    assert_eq!(pinned(&workspace)["revision"], second);
    assert_eq!(
        names(&workspace.files("manifests")),
        ["acme.json", "upstream.json", "zeta.json"]
    );
    assert_eq!(
        names(&workspace.files("generated")),
        [
            "CATALOG.md",
            "PUBLIC_NAMES.txt",
            "every_struct.rs",
            "acme.rs",
            "mod.rs",
            "zeta.rs"
        ]
    );
    for arguments in [&update[..], &["regen"]] {
        assert_eq!(
            workspace.run(arguments).succeeded().files_changed(),
            0,
            "{arguments:?}"
        );
    }

    workspace
        .run(&[&update[..], &["--rev", &first]].concat())
        .succeeded();
    assert_eq!(pinned(&workspace)["revision"], first);
    assert!(workspace.module("gone.rs").exists() && !workspace.module("zeta.rs").exists());
    workspace
        .run(&[&update[..], &["--rev", "trunk"]].concat())
        .succeeded();
    assert_eq!(pinned(&workspace)["revision"], second);

    let before = (workspace.files("manifests"), workspace.files("generated"));
    let run = workspace
        .run(&[&update[..], &["--rev", "nope"]].concat())
        .failed(2, &["nope"]);
    assert_eq!(run.stdout, "");
    assert!(before == (workspace.files("manifests"), workspace.files("generated")));
}

#[test]
fn an_update_to_a_commit_with_invalid_manifests_changes_nothing() {
    let repository = upstream_repository();
    let workspace = Workspace::empty();
    let path = repository.path_string();
    workspace
        .run(&["regen", "--update", "--repo", &path])
        .succeeded();
    repository.write(
        "integrations/acme/manifest.json",
        &ACME.replace("\"apiKey\"", "7"),
    );
    repository.write("integrations/gone/manifest.json", "{");
    repository.commit("bad");
    let before = (workspace.files("manifests"), workspace.files("generated"));
    let run = workspace
        .run(&["regen", "--update", "--repo", &path])
        .failed(1, &["2 errors"]);
    for place in [
        "integrations/acme/manifest.json:2:11",
        "integrations/gone/manifest.json:1:",
    ] {
        assert!(run.stderr.contains(place), "{place}: {}", run.stderr);
    }
    assert!(before == (workspace.files("manifests"), workspace.files("generated")));
}

#[test]
fn descriptions_are_written_to_the_docs_but_not_to_the_snapshot() {
    let repository = upstream_repository();
    let workspace = Workspace::empty();
    let update = [
        "regen",
        "--update",
        "--repo",
        &repository.path_string(),
        "--descriptions",
    ];
    workspace.run(&update).succeeded();
    let module = fs::read_to_string(workspace.module("acme.rs")).unwrap();
    assert!(module.contains("/// Some secret prose."), "{module}");
    let snapshot = fs::read_to_string(workspace.path("manifests/acme.json")).unwrap();
    assert!(!snapshot.contains("prose"), "{snapshot}");

    let workspace = Workspace::with_manifests();
    let run = workspace
        .run(&["regen", "--descriptions"])
        .failed(2, &["--update or --from"]);
    assert_eq!(run.stdout, "");
    assert!(!workspace.path("generated").exists());
}

#[test]
fn all_errors_of_all_manifests_are_shown_and_nothing_is_written() {
    let workspace = Workspace::generated();
    workspace.write("from/integrations/good/manifest.json", "{}");
    workspace.write(
        "from/integrations/a/manifest.json",
        "{\n  \"name\": 7,\n  \"version\": []\n}",
    );
    workspace.write(
        "from/integrations/b/manifest.json",
        "{\"formVariables\": [\n  {\"kye\": \"k\"}\n]}",
    );
    workspace.write("from/integrations/c/manifest.json", "{\n\n  oops\n}");
    workspace.write("from/integrations/d e/manifest.json", "{}");
    workspace.write("from/integrations/no-manifest/README.md", "");
    let from = workspace.path("from");
    let from = from.to_str().unwrap();
    let before = (workspace.files("generated"), workspace.files("manifests"));
    for arguments in [
        &["regen", "--from", from][..],
        &["regen", "--from", from, "--check"],
        &["regen", "--from", from, "--out", "elsewhere"],
        &["list", "--from", from],
        &["list", "--from", from, "--format", "json"],
        &["lint", "--from", from],
    ] {
        let run = workspace.run(arguments).failed(1, &["6 errors"]);
        let (report, other) = if arguments[0] == "lint" {
            (&run.stdout, "")
        } else {
            (&run.stderr, run.stdout.as_str())
        };
        assert_eq!(other, "", "{arguments:?}");
        for place in [
            "a/manifest.json:2:11",
            "a/manifest.json:3:14",
            "b/manifest.json:2:3",
            "c/manifest.json:3:3",
            "d e/manifest.json:1:1",
        ] {
            let place = format!("{from}/integrations/{place}");
            assert!(report.contains(&place), "{place}: {report}");
        }
        for text in [
            "error[wrong-type]",
            "error[missing-property]",
            "error[not-json]",
            "error[bad-integration-key]",
            "expected a string, found 7",
            "`kye`: did upstream mean `key`?",
            "warning[unknown-property]",
            "$.formVariables[0]",
        ] {
            assert!(report.contains(text), "{text}: {report}");
        }
    }
    assert!(before == (workspace.files("generated"), workspace.files("manifests")));
    assert!(!workspace.path("elsewhere").exists());
}

#[test]
fn an_error_far_into_a_line_has_the_right_column() {
    let workspace = Workspace::empty();
    let text = format!("{{\"overview\": \"{}\", \"name\": 7}}", "x".repeat(1_000));
    workspace.write("from/acme.json", &text);
    let run = workspace.run(&["lint", "--from", "from"]).exited(1);
    let place = format!("acme.json:1:{}", text.find('7').unwrap() + 1);
    assert!(run.stdout.contains(&place), "{place}: {}", run.stdout);
}

#[test]
fn control_characters_of_manifests_are_not_printed() {
    let workspace = Workspace::empty();
    let title = "\\u001b]0;title\\u0007";
    workspace.write(
        "from/acme.json",
        format!(r#"{{"name": "{title}", "formVariables": [{{"key": "a{title}", "name": "A", "type": "{title}"}}]}}"#),
    );
    workspace.write("bad/\u{1b}]0;title\u{7}.json", "{");
    for arguments in [
        ["list", "--from", "from"],
        ["lint", "--from", "from"],
        ["lint", "--from", "bad"],
    ] {
        let mut command = workspace.command(&arguments);
        let output = command.env("CLICOLOR_FORCE", "1").output().unwrap();
        for stream in [output.stdout, output.stderr] {
            let text = String::from_utf8(stream).unwrap();
            assert!(
                !text.contains("\u{1b}]0") && !text.contains('\u{7}'),
                "{arguments:?}: {text:?}"
            );
        }
    }
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_read_is_an_error() {
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::process::CommandExt as _;

    const NOBODY: u32 = 65_534;
    let workspace = Workspace::empty();
    workspace.write("from/integrations/good/manifest.json", "{}");
    workspace.write("from/integrations/acme/manifest.json", "{}");
    let mode = |path: &str, mode| {
        fs::set_permissions(workspace.path(path), fs::Permissions::from_mode(mode)).unwrap();
    };
    mode("", 0o777);
    let lint = || {
        let mut command = workspace.command(&["lint", "--from", "from"]);
        // Root can read every file, so run as another user.
        if fs::read_dir("/root").is_ok() {
            command.uid(NOBODY);
        }
        command.output()
    };
    let Ok(readable) = lint() else {
        eprintln!("skipped: another user can't run this build of xtask");
        return;
    };
    Run::of(readable).succeeded();
    for (closed, path) in [
        ("from/integrations/acme", "integrations/acme/manifest.json"),
        ("from/integrations", "from/integrations"),
        ("from", "from"),
    ] {
        mode(closed, 0o000);
        let run = Run::of(lint().unwrap());
        mode(closed, 0o755);
        assert!(matches!(run.status, Some(1 | 2)), "{run:#?}");
        let output = run.stdout + &run.stderr;
        assert!(
            output.contains(path) && output.contains("ermission denied"),
            "{output}"
        );
    }
}

/// Clones with the same `CARGO_TARGET_DIR` share one program, so it finds the workspace through
/// `CARGO_MANIFEST_DIR`.
#[test]
fn the_workspace_is_found_through_cargo_or_the_current_folder() {
    let [one, other] = [Workspace::generated(), Workspace::generated()];
    for workspace in [&one, &other] {
        fs::create_dir(workspace.path("xtask")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.env("CARGO_MANIFEST_DIR", workspace.path("xtask"));
        fs::remove_file(workspace.path("generated/CATALOG.md")).unwrap();
        let run = Run::of(command.arg("regen").output().unwrap()).succeeded();
        assert_eq!(run.files_changed(), 1);
    }
    // Without cargo, the program searches the current folder and its parents.
    fs::remove_file(other.path("generated/CATALOG.md")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .env_remove("CARGO_MANIFEST_DIR")
        .current_dir(other.path("generated/src"));
    let run = Run::of(command.arg("regen").output().unwrap()).succeeded();
    assert_eq!(run.files_changed(), 1);
    let nowhere = TempDir::new().unwrap();
    let run = command.current_dir(nowhere.path()).output().unwrap();
    Run::of(run).failed(2, &["not in a workspace", "cargo xtask"]);
}

#[test]
fn only_regular_files_are_manifests() {
    let workspace = Workspace::empty();
    workspace.write("secret.json", "{\"name\": \"Secret\"}");
    workspace.write("from/integrations/good/manifest.json", "{}");
    fs::create_dir_all(workspace.path("from/integrations/folder/manifest.json")).unwrap();
    let mut expected = vec![("folder/manifest.json", "is a folder")];
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        fs::create_dir(workspace.path("from/integrations/link")).unwrap();
        symlink(
            workspace.path("secret.json"),
            workspace.path("from/integrations/link/manifest.json"),
        )
        .unwrap();
        fs::create_dir(workspace.path("from/integrations/broken")).unwrap();
        symlink(
            "nowhere",
            workspace.path("from/integrations/broken/manifest.json"),
        )
        .unwrap();
        symlink("good", workspace.path("from/integrations/linked-folder")).unwrap();
        expected.extend([
            ("link/manifest.json", "is a symbolic link"),
            ("broken/manifest.json", "is a symbolic link"),
            ("linked-folder", "is a symbolic link"),
        ]);
    }
    let run = workspace.run(&["regen", "--from", "from"]).exited(1);
    for (path, reason) in expected {
        assert!(
            run.stderr.contains(path) && run.stderr.contains(reason),
            "{path}: {}",
            run.stderr
        );
    }
    assert!(!run.stderr.contains("Secret"), "{}", run.stderr);
    assert!(!workspace.path("generated").exists());
}

#[test]
fn regen_can_read_one_folder_and_write_another() {
    let workspace = Workspace::generated();
    workspace.write("checkout/integrations/acme/manifest.json", ACME);
    workspace.write("flat/acme.json", ACME);
    workspace.write("flat/notes.txt", "not a manifest");
    let before = (workspace.files("generated"), workspace.files("manifests"));
    for (from, out) in [("checkout", "one"), ("flat", "two")] {
        let run = workspace
            .run(&["regen", "--from", from, "--out", out])
            .succeeded();
        assert_eq!(run.summary()[..5], [1, 1, 2, 1, 2]);
        assert_eq!(names(&workspace.files(out)), ["acme.rs", "mod.rs"]);
        workspace
            .run(&["regen", "--from", from, "--out", out, "--check"])
            .succeeded();
        assert_eq!(
            workspace
                .run(&["regen", "--from", from, "--out", out])
                .files_changed(),
            0
        );
    }
    let texts = |folder: &str| -> Vec<Vec<u8>> {
        workspace
            .files(folder)
            .into_values()
            .map(|(bytes, _)| bytes)
            .collect()
    };
    assert_eq!(texts("one"), texts("two"));
    assert!(before == (workspace.files("generated"), workspace.files("manifests")));

    // With `--from`, an override may match nothing, because the folder may lack manifests.
    workspace.write(
        "manifests/overrides.toml",
        "[[secret]]\nintegration = 'elsewhere'\nfield = 'k'\nreason = 'r'\n",
    );
    workspace
        .run(&["regen", "--from", "flat", "--out", "two"])
        .succeeded();
    let run = workspace.run(&["regen"]).failed(1, &["1 error"]);
    assert!(
        run.stderr.contains("unmatched-override") && run.stderr.contains("overrides.toml"),
        "{}",
        run.stderr
    );

    for from in ["nowhere", "empty"] {
        fs::create_dir_all(workspace.path("empty")).unwrap();
        workspace.run(&["regen", "--from", from]).failed(2, &[from]);
    }
}

#[test]
fn a_manifest_name_cannot_write_outside_the_folder() {
    let workspace = Workspace::empty();
    workspace.write("from/..json", "{}");
    workspace.write("from/a b.json", "{}");
    workspace.write("from/.json", "{}");
    let run = workspace
        .run(&["regen", "--from", "from", "--out", "deep/out"])
        .exited(1);
    assert!(run.stderr.contains("bad-integration-key"), "{}", run.stderr);
    assert!(!workspace.path("deep").exists());

    workspace.write("good/a..b.json", "{}");
    workspace.write("good/con.json", "{}");
    workspace.write("good/mod.json", "{}");
    workspace.write("good/_upstream.json", "{}");
    workspace
        .run(&["regen", "--from", "good", "--out", "deep/out"])
        .succeeded();
    assert_eq!(
        names(&workspace.files("deep")),
        ["a_b.rs", "con_.rs", "mod.rs", "mod_.rs", "upstream.rs"]
    );
}

#[test]
fn strict_turns_warnings_into_errors() {
    let workspace = Workspace::with_manifests();
    let run = workspace
        .run(&["regen", "--strict"])
        .failed(1, &["warning", "--strict"]);
    assert!(run.stderr.contains("warning["), "{}", run.stderr);
    assert_eq!(run.stdout, "");
    assert!(!workspace.path("generated").exists());
    let lenient = workspace.run(&["lint"]).succeeded();
    let strict = workspace
        .run(&["lint", "--strict"])
        .failed(1, &["warning", "--strict"]);
    assert!(
        lenient.stdout.starts_with(&strict.stdout),
        "{}",
        strict.stdout
    );

    workspace.write("from/acme.json", ACME);
    workspace
        .run(&["regen", "--strict", "--from", "from", "--out", "out"])
        .succeeded();
    let run = workspace
        .run(&["lint", "--strict", "--from", "from"])
        .succeeded();
    assert_eq!(run.stdout, "1 manifest, 0 warnings\n");
}

#[test]
fn lint_shows_every_warning_and_writes_nothing() {
    let workspace = Workspace::with_manifests();
    let run = workspace.run(&["lint"]).succeeded();
    let shown = run
        .stdout
        .lines()
        .filter(|line| line.starts_with("warning["))
        .count();
    assert!(shown > 0);
    assert_eq!(
        run.stdout.lines().last(),
        Some(format!("14 manifests, {shown} warnings").as_str())
    );
    assert_eq!(run.stderr, "");
    assert!(!workspace.path("generated").exists());
    assert_eq!(workspace.run(&["regen"]).succeeded().summary()[5], shown);
}

#[test]
fn list_prints_a_table() {
    let workspace = Workspace::with_manifests();
    let run = workspace.run(&["list"]).succeeded();
    assert_eq!(run.stderr, "");
    assert_eq!(run.stdout.lines().last(), Some("14 integrations"));
    let row = |key: &str| -> Vec<&str> {
        let mut rows = run
            .stdout
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>());
        rows.find(|row| row.first() == Some(&key)).unwrap()
    };
    assert_eq!(
        row("datadog"),
        [
            "datadog",
            "datadog",
            "audit-log-subscription,",
            "integration-configuration",
            "apiKey*",
            "hostURL",
            "hideMemberDetails"
        ]
    );
    assert_eq!(row("redis")[..3], ["redis", "redis", "big-segment-store"]);
    assert_eq!(row("adfs"), ["adfs", "adfs", "integration-configuration"]);
}

#[test]
fn list_prints_json() {
    let workspace = Workspace::with_manifests();
    let run = workspace.run(&["list", "--format", "json"]).succeeded();
    assert_eq!(run.stderr, "");
    let list: Value = serde_json::from_str(&run.stdout).unwrap();
    let pin = pinned(&workspace);
    for name in ["repository", "revision", "committed"] {
        assert_eq!(list["upstream"][name], pin[name]);
    }
    let integrations = list["integrations"].as_array().unwrap();
    assert_eq!(integrations.len(), 14);
    let assert_has = |value: &Value, names: &[&str]| {
        for name in names {
            assert!(
                value.as_object().unwrap().contains_key(*name),
                "{name}: {value}"
            );
        }
    };
    for integration in integrations {
        assert_has(
            integration,
            &[
                "key",
                "module",
                "name",
                "capabilities",
                "other_capabilities",
                "creatable",
                "endpoints",
                "fields",
                "capability_fields",
            ],
        );
        for field in integration["fields"].as_array().unwrap() {
            assert_has(
                field,
                &[
                    "key",
                    "field",
                    "label",
                    "type",
                    "rust_type",
                    "optional",
                    "secret",
                    "hidden",
                    "default",
                    "allowed_values",
                ],
            );
        }
    }
    let keys: Vec<&str> = integrations
        .iter()
        .map(|integration| integration["key"].as_str().unwrap())
        .collect();
    assert!(keys.is_sorted());
    let datadog = integrations
        .iter()
        .find(|integration| integration["key"] == "datadog")
        .unwrap();
    assert_eq!(
        datadog["fields"][0],
        json!({"key": "apiKey", "field": "api_key", "label": "Datadog API key", "type": "string",
            "rust_type": "SecretString", "optional": false, "secret": true, "hidden": false, "default": null,
            "allowed_values": []})
    );
}

#[test]
fn list_is_equal_for_the_snapshot_and_upstream_files() {
    let Some(upstream) = stored_upstream() else {
        return;
    };
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../manifests");
    let workspace = Workspace::empty();
    copy(&committed, &workspace.path("manifests"));
    let origin = fs::read_to_string(upstream.join("SOURCE.md")).unwrap();
    let revision = pinned(&workspace)["revision"].clone();
    if !origin.contains(revision.as_str().unwrap()) {
        return;
    }
    let list = |arguments: &[&str]| -> Value {
        let list = [&["list", "--format", "json"], arguments].concat();
        serde_json::from_str(&workspace.run(&list).succeeded().stdout).unwrap()
    };
    let from = list(&["--from", upstream.to_str().unwrap()]);
    // With `--from`, integrations that exist only in the overrides are not listed.
    let mut pinned = list(&[]);
    let integrations = pinned["integrations"].as_array_mut().unwrap();
    integrations.retain(|integration| integration["supplement"]["whole"] != true);
    assert_eq!(from["integrations"], pinned["integrations"]);
    assert_eq!(from["upstream"]["revision"], Value::Null);
}

#[test]
fn wrong_usage_exits_with_status_2() {
    let workspace = Workspace::with_manifests();
    for arguments in [
        &[][..],
        &["nonsense"],
        &["regen", "--nonsense"],
        &["regen", "extra"],
        &["regen", "--rev", "main"],
        &["regen", "--repo", "x"],
        &["regen", "--update", "--from", "x"],
        &["regen", "--update", "--out", "x", "--bump"],
        &["regen", "--hold-back"],
        &["regen", "--fork", "--update"],
        &["regen", "--from"],
        &["list", "--format", "yaml"],
        &["list", "--strict"],
    ] {
        let run = workspace.run(arguments).exited(2);
        assert_eq!(run.stdout, "", "{arguments:?}");
        assert!(!run.stderr.is_empty(), "{arguments:?}");
    }
    assert!(!workspace.path("generated").exists());
    for arguments in [&["--help"][..], &["regen", "--help"], &["--version"]] {
        assert_eq!(workspace.run(arguments).succeeded().stderr, "");
    }
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    let workspace = Workspace::with_manifests();
    let mut child = workspace
        .command(&["list", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut start = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut start).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(start[0], b'{');
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(output.status.code(), Some(0));

    // `--check` still fails if its output can't be written.
    let mut child = workspace.command(&["regen", "--check"]).spawn().unwrap();
    drop(child.stdout.take());
    let run = Run::of(child.wait_with_output().unwrap());
    run.failed(1, &["out of date"]);
}
