//! A walk through a thousand commits against `regen` afresh for each of them.
//!
//! Both read the same commits of the same repository on this machine, where it is.
//! `regen --update` goes from one commit to the next in one workspace, so it writes only what differs.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a benchmark that can't run stops with the reason"
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
    let (root, path) = (TempDir::new().unwrap(), history.repository.path_text());
    let walk = walked(root.path(), &path);
    let start = Instant::now();
    for _ in 0..WALKS {
        walked(root.path(), &path);
    }
    let walking = start.elapsed() / WALKS;

    let steps = walk["steps"].as_array().unwrap();
    let start = Instant::now();
    for step in steps {
        let revision = step["revision"].as_str().unwrap();
        let update = ["regen", "--update", "--rev", revision, "--repo", &path];
        let status = run(root.path(), &update).status.code();
        assert!(matches!(status, Some(0 | 1)), "{status:?} at {revision}");
    }
    let fresh = start.elapsed();
    println!(
        "{} commits, {} of them with other manifests, {} manifests read",
        walk["commits"],
        steps.len(),
        walk["manifests_read"]
    );
    let each = |whole: Duration| whole.as_secs_f64() * 1e3 / steps.len() as f64;
    println!("walk   {:8.1?} {:7.3} ms a commit", walking, each(walking));
    println!("afresh {:8.1?} {:7.3} ms a commit", fresh, each(fresh));
    println!("ratio  {:.3}", walking.as_secs_f64() / fresh.as_secs_f64());
}

fn walked(root: &Path, repository: &str) -> Value {
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
