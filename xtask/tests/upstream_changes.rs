//! An update that changes upstream in every way at once, a broken manifest among it, played on a copy of
//! the workspace: what reads the snapshot passes without a hand touching it.
#![allow(
    clippy::unwrap_used,
    reason = "a helper of a test that unwraps fails the test with the reason"
)]

#[path = "support/command.rs"]
#[allow(dead_code, reason = "the other tests use the rest")]
mod command;
#[path = "support/repository.rs"]
#[allow(dead_code, reason = "the other tests use the rest")]
mod repository;

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use repository::Repository;
use serde_json::{Value, json};

/// What cargo needs of the workspace, and what the command reads and writes.
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

/// The tests that read the snapshot, or what is generated from it, and take seconds.
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
fn an_update_with_every_kind_of_change_breaks_no_test() {
    let root = copy_of_the_workspace();
    let upstream = changed_upstream(&root.join("manifests"));
    let report = root.join("report.md");
    let path = upstream.path_text();
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
        let this = ["--", "--skip", "an_update_with_every_kind_of_change"];
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

/// A copy that stays where it is. What hasn't changed isn't touched, so that the next run compiles only
/// what is new.
fn copy_of_the_workspace() -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("updated");
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut wanted = BTreeMap::new();
    for name in COPIED {
        collect(&workspace, Path::new(name), &mut wanted);
    }
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(&root).into_iter().flatten() {
        collect(&root, Path::new(&entry.unwrap().file_name()), &mut found);
    }
    for path in found.keys().filter(|path| !wanted.contains_key(*path)) {
        fs::remove_file(root.join(path)).unwrap();
    }
    for (path, bytes) in wanted {
        if found.get(&path) != Some(&bytes) {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }
    root
}

/// Reads a file, or every file below a folder, by its path below the root.
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

/// A repository with the snapshot's manifests, of which nearly every one is changed. Those with an
/// override of ours are left alone: one that matches nothing is an error on purpose.
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
    let mut done = BTreeSet::new();
    let mut removed = Vec::new();
    let free = manifests.iter_mut();
    let free = free.filter(|(key, _)| !overrides.contains(&format!("\"{key}\"")));
    for (number, (key, manifest)) in free.enumerate() {
        let changes = [
            first_field,
            new_listed_value,
            new_required_field,
            removed_field,
            new_secret,
            new_block,
        ];
        // Each in turn, or the next that does something to this manifest.
        let change = (0..changes.len()).map(|next| (number + next) % changes.len());
        let change = change.into_iter().find(|which| changes[*which](manifest));
        done.extend(change);
        if number % 10 == 7 {
            removed.push(key.clone());
        }
    }
    assert_eq!(done.len(), 6, "a kind of change fits no manifest");
    assert!(!removed.is_empty());
    manifests.retain(|key, _| !removed.contains(key));
    for key in ["an-added-integration", "zz-added-integration"] {
        let mut manifest = json!({"name": key, "version": "1.0.0"});
        new_secret(&mut manifest);
        new_block(&mut manifest);
        manifests.insert(key.to_owned(), manifest);
    }

    let repository = Repository::empty("main");
    // The last of those that were there.
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

/// A form variable that no manifest has.
fn added(key: &str) -> Value {
    json!({"key": key, "name": "Added", "type": "string"})
}

fn variables(manifest: &mut Value) -> &mut Vec<Value> {
    let object = manifest.as_object_mut().unwrap();
    let variables = object.entry("formVariables").or_insert(json!([]));
    variables.as_array_mut().unwrap()
}

fn first_field(manifest: &mut Value) -> bool {
    let is_first = variables(manifest).is_empty();
    if is_first {
        variables(manifest).push(added("firstField"));
    }
    is_first
}

fn new_listed_value(manifest: &mut Value) -> bool {
    let mut variables = variables(manifest).iter_mut();
    let list = variables.find_map(|variable| variable.get_mut("allowedValues")?.as_array_mut());
    list.is_some_and(|list| {
        list.insert(0, json!("an added value"));
        true
    })
}

fn new_required_field(manifest: &mut Value) -> bool {
    variables(manifest).insert(0, added("addedField"));
    true
}

fn removed_field(manifest: &mut Value) -> bool {
    variables(manifest).pop().is_some()
}

fn new_secret(manifest: &mut Value) -> bool {
    let mut secret = added("addedSecret");
    secret["isSecret"] = json!(true);
    variables(manifest).push(secret);
    true
}

fn new_block(manifest: &mut Value) -> bool {
    let block = json!([added("addedField"), {"key": "addedList", "name": "Added", "type": "enum",
        "allowedValues": ["one", "two"], "isOptional": true, "defaultValue": "two"}]);
    let object = manifest.as_object_mut().unwrap();
    let capabilities = object.entry("capabilities").or_insert(json!({}));
    capabilities["addedCapability"] = json!({ "formVariables": block });
    true
}

/// Makes the copy's packages others than the workspace's, whose builds cargo would replace otherwise.
fn mark_version(manifest: &Path) {
    let text = fs::read_to_string(manifest).unwrap();
    let (before, rest) = text.split_once("\nversion = \"").unwrap();
    let (version, after) = rest.split_once('"').unwrap();
    let marked = format!("{before}\nversion = \"{version}+updated\"{after}");
    fs::write(manifest, marked).unwrap();
}

/// Runs cargo on the copy, without a network. What the workspace itself has built is not built again.
fn cargo(root: &Path, arguments: &[&str]) {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["--offline", "--color", "never"])
        .args(arguments)
        .current_dir(root)
        .env("CARGO_TARGET_DIR", target)
        // The copy isn't beside them.
        .env_remove("LD_REQUIRE_SHARED")
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(
        output.status.success(),
        "cargo {}\n{said}",
        arguments.join(" ")
    );
}
