//! `diff --all` over a long history: the output has every commit that changes a manifest, with the
//! changes or the errors.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failed unwrap in a helper fails the test"
)]

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use support::command::run;
use support::history::{Expected, LongHistory};
use support::http::Server;
use tempfile::TempDir;

fn run_walk(root: &Path, repository: &str) -> Value {
    let arguments = ["diff", "--all", "--repo", repository, "--format", "json"];
    let run = run(root, &arguments).failed(1, &["have errors"]);
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn every_commit_of_a_long_history_is_reported() {
    let history = LongHistory::new(400, 7);
    let workspace = TempDir::new().unwrap();
    let path = history.repository.path_string();
    let walk = run_walk(workspace.path(), &path);

    let touching: Vec<&Expected> = history
        .commits
        .iter()
        .filter(|commit| commit.touches)
        .collect();
    let steps = walk["steps"].as_array().unwrap();
    assert_eq!(walk["commits"], history.commits.len());
    assert!(touching.len() > 300, "{}", touching.len());
    let subjects = |steps: &[Value]| -> BTreeSet<String> {
        let subjects = steps.iter().map(|step| step["subject"].as_str().unwrap());
        subjects.map(str::to_owned).collect()
    };
    let expected: BTreeSet<String> = touching
        .iter()
        .map(|commit| commit.subject.clone())
        .collect();
    let found = subjects(steps);
    let wrong: Vec<_> = found.symmetric_difference(&expected).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    assert_eq!(steps.len(), touching.len());

    for expected in &touching {
        let step = steps
            .iter()
            .find(|step| step["subject"] == expected.subject.as_str())
            .unwrap();
        assert_outcome(step, expected);
    }
    let failing = touching
        .iter()
        .filter(|commit| !commit.broken.is_empty())
        .count();
    assert!((20..360).contains(&failing), "{failing}");
    // Most manifests are read only once for all commits.
    let read = walk["manifests_read"].as_u64().unwrap();
    let most = history.manifests + 2 * history.commits.len();
    assert!((read as usize) < most, "{read}");
    assert_agrees_with_diff(workspace.path(), &path, steps);
    assert_agrees_with_regen(&path, steps);
}

/// Checks that a commit fails if and only if a manifest is broken, and that its new errors are in the
/// manifest that it broke.
fn assert_outcome(step: &Value, expected: &Expected) {
    let fails = step["outcome"] == "fails";
    assert_eq!(fails, !expected.broken.is_empty(), "{step:#} {expected:?}");
    let words: Vec<&str> = expected.subject.split(' ').collect();
    if let ["Break", key, _] = words.as_slice() {
        let new = step["new"].as_array().unwrap();
        let path = format!("integrations/{key}/manifest.json");
        assert!(!new.is_empty(), "{step:#}");
        for error in new {
            assert!(error.as_str().unwrap().starts_with(&path), "{error}");
        }
    } else if fails {
        assert_eq!(step["new"], serde_json::json!([]), "{step:#}");
    }
}

/// Checks that `diff --all` and `diff` of two neighbouring commits report the same changes. `diff` reads
/// both commits again; the ids are abbreviated.
fn assert_agrees_with_diff(root: &Path, repository: &str, steps: &[Value]) {
    let mut compared = 0;
    for pair in steps.windows(2).step_by(9) {
        let is_comparable = pair.iter().all(|step| {
            let subject = step["subject"].as_str().unwrap();
            step["outcome"] == "changed" && !subject.contains("side branch")
        });
        if !is_comparable {
            continue;
        }
        let id = |step: &Value| step["revision"].as_str().unwrap()[..10].to_owned();
        let (old, new) = (id(&pair[0]), id(&pair[1]));
        let arguments = ["diff", &old, &new, "--repo", repository, "--format", "json"];
        let run = run(root, &arguments).succeeded();
        let report: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(
            report["integrations"], pair[1]["integrations"],
            "{arguments:?}"
        );
        assert_eq!(report["verdict"]["impact"], pair[1]["impact"]);
        compared += 1;
    }
    assert!(compared >= 5, "{compared}");
}

/// Checks that `regen --update` fails for exactly the commits that fail here.
fn assert_agrees_with_regen(repository: &str, steps: &[Value]) {
    let workspace = TempDir::new().unwrap();
    for step in steps.iter().step_by(37) {
        let revision = step["revision"].as_str().unwrap();
        let arguments = ["regen", "--update", "--rev", revision, "--repo", repository];
        let expected = i32::from(step["outcome"] == "fails");
        run(workspace.path(), &arguments).exited(expected);
    }
}

#[test]
fn a_shallow_cache_is_completed() {
    let history = LongHistory::new(30, 3);
    let server = Server::start(history.repository.root());
    let url = server.url("/repo");
    let workspace = TempDir::new().unwrap();
    // An update makes a shallow cache. The commit may be invalid: this test ignores the exit status.
    run(workspace.path(), &["regen", "--update", "--repo", &url]);
    let arguments = ["diff", "--all", "--repo", &url, "--format", "json"];
    for _ in 0..2 {
        let run = run(workspace.path(), &arguments);
        let walk: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run:#?}"));
        assert_eq!(walk["commits"], history.commits.len(), "{run:#?}");
    }
    let first = &history.repository.id("trunk~20")[..8];
    run(workspace.path(), &["diff", first, first, "--repo", &url]).succeeded();
}
