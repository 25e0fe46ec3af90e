//! Runs an update on a copy of the workspace. Upstream has every kind of change at once, including an
//! invalid manifest. The tests that read the snapshot must pass without manual changes.
#![allow(
    clippy::unwrap_used,
    reason = "a failed unwrap in a helper fails the test"
)]

#[path = "support/command.rs"]
#[allow(dead_code, reason = "other test binaries use the rest")]
mod command;
#[path = "support/repository.rs"]
#[allow(dead_code, reason = "other test binaries use the rest")]
mod repository;

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use repository::Repository;
use serde_json::{Value, json};

/// The files of the workspace that cargo and the command need.
const COPIED: [&str; 9] = [
    ".cargo",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "README.md",
    "generated",
    "generator",
    "manifests",
    "xtask",
];

/// The fast tests that read the snapshot or the generated files.
const READERS: [(&str, &[&str]); 2] = [
    ("generator", &["determinism", "limits", "pages"]),
    (
        "launchdarkly-integrations",
        &[
            "client_contract",
            "json_schema",
            "package",
            "run_time",
            "secrets",
        ],
    ),
];

#[test]
fn tests_pass_after_an_update_with_every_kind_of_change() {
    let root = copy_of_the_workspace();
    let upstream = changed_upstream(&root.join("manifests"));
    let report = root.join("report.md");
    let path = upstream.path_string();
    let update = [
        "regen",
        "--update",
        "--repo",
        &path,
        "--hold-back",
        "--bump",
    ];
    let update = [&update[..], &["--report", report.to_str().unwrap()]].concat();
    command::run(&root, &update).succeeded();
    for arguments in [&["regen", "--check"][..], &["list"], &["lint"]] {
        command::run(&root, arguments).succeeded();
    }
    let report = fs::read_to_string(report).unwrap();
    assert!(
        report.contains("breaking") && report.contains("1 held back"),
        "{report}"
    );

    mark_version(&root.join("Cargo.toml"));
    if env::var_os("LD_WHOLE_UPDATE").is_some_and(|value| value == "1") {
        let this = [
            "--",
            "--skip",
            "tests_pass_after_an_update_with_every_kind_of_change",
        ];
        cargo(
            &root,
            &[&["test", "--workspace", "--no-fail-fast"], &this[..]].concat(),
        );
        return;
    }
    for (package, tests) in READERS {
        let mut arguments = vec!["test", "--package", package];
        arguments.extend(tests.iter().flat_map(|test| ["--test", test]));
        if tests.contains(&"json_schema") {
            arguments.extend(["--features", "schemars"]);
        }
        cargo(&root, &arguments);
    }
}

/// Copies the workspace to a folder that later runs use again. Unchanged files are not written, so the next
/// run compiles only the changes.
fn copy_of_the_workspace() -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("updated");
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut sources = BTreeMap::new();
    for name in COPIED {
        collect(&workspace, Path::new(name), &mut sources);
    }
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(&root).into_iter().flatten() {
        collect(&root, Path::new(&entry.unwrap().file_name()), &mut found);
    }
    for path in found.keys().filter(|path| !sources.contains_key(*path)) {
        fs::remove_file(root.join(path)).unwrap();
    }
    for (path, bytes) in sources {
        if found.get(&path) != Some(&bytes) {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }
    root
}

/// Reads a file, or every file below a folder. Paths are relative to the root.
fn collect(root: &Path, path: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    let full = root.join(path);
    if !full.is_dir() {
        files.insert(path.to_owned(), fs::read(full).unwrap());
        return;
    }
    for entry in fs::read_dir(full).unwrap() {
        collect(root, &path.join(entry.unwrap().file_name()), files);
    }
}

/// Creates a repository with the snapshot's manifests and changes most of them. Manifests with an override
/// stay unchanged, because an override that matches nothing is an error.
fn changed_upstream(snapshot: &Path) -> Repository {
    let overrides = fs::read_to_string(snapshot.join("overrides.toml")).unwrap();
    let mut manifests = BTreeMap::new();
    for entry in fs::read_dir(snapshot).unwrap() {
        let path = entry.unwrap().path();
        let key = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
            && key != "upstream"
        {
            let manifest: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
            manifests.insert(key, manifest);
        }
    }
    let mut applied = BTreeSet::new();
    let mut removed = Vec::new();
    let changeable = manifests.iter_mut();
    let changeable = changeable.filter(|(key, _)| !overrides.contains(&format!("\"{key}\"")));
    for (number, (key, manifest)) in changeable.enumerate() {
        let changes = [
            add_first_field,
            add_listed_value,
            add_required_field,
            remove_field,
            add_secret,
            add_capability,
        ];
        // Take the kinds in turn. Skip a kind that doesn't apply to this manifest.
        let change = (0..changes.len()).map(|next| (number + next) % changes.len());
        let change = change.into_iter().find(|which| changes[*which](manifest));
        applied.extend(change);
        if number % 10 == 7 {
            removed.push(key.clone());
        }
    }
    assert_eq!(applied.len(), 6, "a kind of change applies to no manifest");
    assert!(!removed.is_empty());
    manifests.retain(|key, _| !removed.contains(key));
    for key in ["an-added-integration", "zz-added-integration"] {
        let mut manifest = json!({"name": key, "version": "1.0.0"});
        add_secret(&mut manifest);
        add_capability(&mut manifest);
        manifests.insert(key.to_owned(), manifest);
    }

    let repository = Repository::empty("main");
    // The last manifest of the snapshot; the one after it was added above.
    let broken = manifests.keys().rev().nth(1).unwrap().clone();
    for (key, manifest) in manifests {
        let text = if key == broken {
            "{".to_owned()
        } else {
            manifest.to_string()
        };
        let path = format!("integrations/{key}/manifest.json");
        repository.write(&path, &text);
    }
    repository.commit("everything at once");
    repository
}

/// Returns a new form variable.
fn new_variable(key: &str) -> Value {
    json!({"key": key, "name": "Added", "type": "string"})
}

fn variables(manifest: &mut Value) -> &mut Vec<Value> {
    let object = manifest.as_object_mut().unwrap();
    let variables = object.entry("formVariables").or_insert(json!([]));
    variables.as_array_mut().unwrap()
}

fn add_first_field(manifest: &mut Value) -> bool {
    let is_first = variables(manifest).is_empty();
    if is_first {
        variables(manifest).push(new_variable("firstField"));
    }
    is_first
}

fn add_listed_value(manifest: &mut Value) -> bool {
    let mut variables = variables(manifest).iter_mut();
    let list = variables.find_map(|variable| variable.get_mut("allowedValues")?.as_array_mut());
    list.is_some_and(|list| {
        list.insert(0, json!("an added value"));
        true
    })
}

fn add_required_field(manifest: &mut Value) -> bool {
    variables(manifest).insert(0, new_variable("addedField"));
    true
}

fn remove_field(manifest: &mut Value) -> bool {
    variables(manifest).pop().is_some()
}

fn add_secret(manifest: &mut Value) -> bool {
    let mut secret = new_variable("addedSecret");
    secret["isSecret"] = json!(true);
    variables(manifest).push(secret);
    true
}

fn add_capability(manifest: &mut Value) -> bool {
    let block = json!([new_variable("addedField"), {"key": "addedList", "name": "Added", "type": "enum",
        "allowedValues": ["one", "two"], "isOptional": true, "defaultValue": "two"}]);
    let object = manifest.as_object_mut().unwrap();
    let capabilities = object.entry("capabilities").or_insert(json!({}));
    capabilities["addedCapability"] = json!({ "formVariables": block });
    true
}

/// Gives the copy's packages another version. Otherwise cargo would replace the workspace's builds.
fn mark_version(manifest: &Path) {
    let text = fs::read_to_string(manifest).unwrap();
    let (before, rest) = text.split_once("\nversion = \"").unwrap();
    let (version, after) = rest.split_once('"').unwrap();
    let marked = format!("{before}\nversion = \"{version}+updated\"{after}");
    fs::write(manifest, marked).unwrap();
}

/// Runs cargo on the copy without a network. It uses the workspace's target folder, so dependencies are
/// not built again.
fn cargo(root: &Path, arguments: &[&str]) {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["--offline", "--color", "never"])
        .args(arguments)
        .current_dir(root)
        .env("CARGO_TARGET_DIR", target)
        // `../shared` doesn't exist next to the copy.
        .env_remove("LD_REQUIRE_SHARED")
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    assert!(
        output.status.success(),
        "cargo {}\n{text}",
        arguments.join(" ")
    );
}
