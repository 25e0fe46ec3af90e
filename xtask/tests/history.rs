//! The generator over a long history: every commit that touched a manifest is told, with what it
//! changed, or why it fails.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of a test that unwraps fails the test with the reason"
)]

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use support::command::run;
use support::history::{Expected, LongHistory};
use support::http::Server;
use tempfile::TempDir;

fn walked(root: &Path, repository: &str) -> Value {
    let arguments = ["diff", "--all", "--repo", repository, "--format", "json"];
    let run = run(root, &arguments).failed(1, &["have errors"]);
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn each_commit_of_a_long_history_is_told() {
    let history = LongHistory::new(400, 7);
    let workspace = TempDir::new().unwrap();
    let path = history.repository.path_text();
    let walk = walked(workspace.path(), &path);

    let touching: Vec<&Expected> = history.commits.iter().filter(|of| of.touches).collect();
    let steps = walk["steps"].as_array().unwrap();
    assert_eq!(walk["commits"], history.commits.len());
    assert!(touching.len() > 300, "{}", touching.len());
    let subjects = |steps: &[Value]| -> BTreeSet<String> {
        let subjects = steps.iter().map(|step| step["subject"].as_str().unwrap());
        subjects.map(str::to_owned).collect()
    };
    let expected: BTreeSet<String> = touching.iter().map(|of| of.subject.clone()).collect();
    let found = subjects(steps);
    let wrong: Vec<_> = found.symmetric_difference(&expected).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    assert_eq!(steps.len(), touching.len());

    for expected in &touching {
        let step = steps
            .iter()
            .find(|step| step["subject"] == expected.subject.as_str())
            .unwrap();
        holds(step, expected);
    }
    let failing = touching.iter().filter(|of| !of.broken.is_empty()).count();
    assert!((20..360).contains(&failing), "{failing}");
    // Most manifests were read once, for hundreds of commits.
    let read = walk["manifests_read"].as_u64().unwrap();
    let most = history.manifests + 2 * history.commits.len();
    assert!((read as usize) < most, "{read}");
    agrees_with_single_comparisons(workspace.path(), &path, steps);
    agrees_with_regen(&path, steps);
}

/// The commit fails if and only if a manifest is broken, and says so of those that it broke.
fn holds(step: &Value, expected: &Expected) {
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

/// What the walk says of a commit is what `diff` says of it and the commit before, which reads both
/// anew, and takes abbreviated ids.
fn agrees_with_single_comparisons(root: &Path, repository: &str, steps: &[Value]) {
    let mut compared = 0;
    for pair in steps.windows(2).step_by(9) {
        let follows = pair.iter().all(|step| {
            let subject = step["subject"].as_str().unwrap();
            step["outcome"] == "changed" && !subject.contains("aside")
        });
        if !follows {
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

/// A commit that fails is one that `regen --update` refuses.
fn agrees_with_regen(repository: &str, steps: &[Value]) {
    let fresh = TempDir::new().unwrap();
    for step in steps.iter().step_by(37) {
        let revision = step["revision"].as_str().unwrap();
        let arguments = ["regen", "--update", "--rev", revision, "--repo", repository];
        let expected = i32::from(step["outcome"] == "fails");
        run(fresh.path(), &arguments).exited(expected);
    }
}

#[test]
fn a_cache_that_has_but_the_newest_commit_is_filled_up() {
    let history = LongHistory::new(30, 3);
    let server = Server::start(history.repository.root());
    let url = server.url("/repo");
    let workspace = TempDir::new().unwrap();
    // A shallow cache, as an update leaves it; whether the commit is sound doesn't matter here.
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
