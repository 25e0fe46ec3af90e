//! Compares one `diff --all` over a thousand commits with one `regen --update` for each commit.
//!
//! Both read the same commits from the same local repository, without copying it.
//! `regen --update` moves one workspace from commit to commit, so it writes only the differences.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a benchmark that can't run panics"
)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use support::history::LongHistory;
use tempfile::TempDir;

const COMMITS: usize = 1_000;
const WALKS: u32 = 3;

fn main() {
    let history = LongHistory::new(COMMITS, 42);
    let (root, path) = (TempDir::new().unwrap(), history.repository.path_string());
    let walk = run_walk(root.path(), &path);
    let start = Instant::now();
    for _ in 0..WALKS {
        run_walk(root.path(), &path);
    }
    let walk_time = start.elapsed() / WALKS;

    let steps = walk["steps"].as_array().unwrap();
    let start = Instant::now();
    for step in steps {
        let revision = step["revision"].as_str().unwrap();
        let update = ["regen", "--update", "--rev", revision, "--repo", &path];
        let status = run(root.path(), &update).status.code();
        assert!(matches!(status, Some(0 | 1)), "{status:?} at {revision}");
    }
    let regen_time = start.elapsed();
    println!(
        "{} commits, {} of them change manifests, {} manifests read",
        walk["commits"],
        steps.len(),
        walk["manifests_read"]
    );
    let per_commit = |total: Duration| total.as_secs_f64() * 1e3 / steps.len() as f64;
    println!(
        "walk   {:8.1?} {:7.3} ms per commit",
        walk_time,
        per_commit(walk_time)
    );
    println!(
        "regen  {:8.1?} {:7.3} ms per commit",
        regen_time,
        per_commit(regen_time)
    );
    println!(
        "ratio  {:.3}",
        walk_time.as_secs_f64() / regen_time.as_secs_f64()
    );
}

fn run_walk(root: &Path, repository: &str) -> Value {
    let output = run(
        root,
        &["diff", "--all", "--repo", repository, "--format", "json"],
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

fn run(root: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(arguments).arg("--root").arg(root);
    command.stdin(Stdio::null()).output().unwrap()
}
