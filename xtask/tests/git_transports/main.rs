//! Fetches from real repositories over every transport, through real sockets. The system's git makes the
//! repositories.
//!
//! | module | what it tests |
//! |---|---|
//! | `transports` | a path, `file://`, HTTP and HTTPS give the same result |
//! | `revisions` | which commit a revision selects, over every transport |
//! | `clones` | all kinds of local repositories |
//! | `faults` | faults of servers |
//! | `proxies` | proxy variables and git's configuration |
//! | `caches` | damage, a full disk, concurrent runs |
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failed unwrap in a helper fails the test"
)]

#[path = "../support/mod.rs"]
mod support;

mod caches;
mod clones;
mod faults;
mod proxies;
mod revisions;
mod transports;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use xtask::upstream::{self, CommitManifests, GitError, Progress, Request};

/// A temporary cache folder.
struct Cache(TempDir);

impl Cache {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("upstream")
    }

    fn fetch(&self, repository: &str, revision: Option<&str>) -> Result<CommitManifests, GitError> {
        self.watch(repository, revision, &mut |_| {})
    }

    fn watch(
        &self,
        repository: &str,
        revision: Option<&str>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<CommitManifests, GitError> {
        let cache = &self.path();
        upstream::fetch(
            &Request {
                repository,
                revision,
                cache,
            },
            progress,
        )
    }

    /// The only bare repository in the cache.
    fn repository(&self) -> PathBuf {
        let mut found = fs::read_dir(self.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "git"));
        let first = found.next().unwrap();
        assert!(found.next().is_none());
        first
    }

    /// The pack files of the cache.
    fn packs(&self) -> Vec<PathBuf> {
        fs::read_dir(self.repository().join("objects/pack"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| {
                path.extension()
                    .is_some_and(|extension| extension == "pack")
            })
            .collect()
    }
}

fn fetch(repository: &str, revision: Option<&str>) -> Result<CommitManifests, GitError> {
    Cache::new().fetch(repository, revision)
}

fn manifests(snapshot: &CommitManifests) -> Vec<(&str, &str)> {
    snapshot
        .manifests
        .iter()
        .map(|manifest| {
            assert_eq!(
                manifest.path,
                format!("integrations/{}/manifest.json", manifest.key)
            );
            let bytes = manifest.content.as_ref().unwrap();
            (manifest.key.as_str(), std::str::from_utf8(bytes).unwrap())
        })
        .collect()
}

// Environment variables apply to a whole process. Tests that set them start this program again and run only
// the test `child_process_fetch` in it.

const ADDRESS: &str = "GIT_TRANSPORTS_ADDRESS";
const CACHE: &str = "GIT_TRANSPORTS_CACHE";

/// The environment variables that select proxies and certificates.
const VARIABLES: [&str; 10] = [
    "http_proxy",
    "HTTP_PROXY",
    "https_proxy",
    "HTTPS_PROXY",
    "all_proxy",
    "ALL_PROXY",
    "no_proxy",
    "NO_PROXY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
];

/// Returns a command that starts this program, fetches from `address` and has this environment.
fn fetch_command(address: &str, cache: &Path, environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "child_process_fetch", "--nocapture"]);
    for name in VARIABLES {
        command.env_remove(name);
    }
    command
        .env(ADDRESS, address)
        .env(CACHE, cache)
        .envs(environment.iter().copied());
    command
}

/// Fetches in a child process with this environment, and returns the line with the outcome.
fn fetch_in_process(address: &str, environment: &[(&str, &str)]) -> String {
    let cache = Cache::new();
    run_to_outcome(fetch_command(address, &cache.path(), environment))
}

/// Runs a [`fetch_command`] and returns the line with the outcome.
fn run_to_outcome(mut command: Command) -> String {
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    let line = text.lines().find(|line| line.contains("outcome: "));
    line.unwrap_or_else(|| panic!("{text}")).to_owned()
}

/// Fetches if [`fetch_command`] started this process, and otherwise does nothing.
#[test]
fn child_process_fetch() {
    let Ok(repository) = std::env::var(ADDRESS) else {
        return;
    };
    let cache = PathBuf::from(std::env::var_os(CACHE).unwrap());
    let request = Request {
        repository: &repository,
        revision: None,
        cache: &cache,
    };
    match upstream::fetch(&request, &mut |_| {}) {
        Ok(snapshot) => println!("{}", outcome(&snapshot)),
        Err(error) => println!("outcome: {error}"),
    }
}

/// Formats in one line everything that must be equal over all transports.
fn outcome(snapshot: &CommitManifests) -> String {
    let (revision, committed) = (&snapshot.revision, &snapshot.committed);
    let (manifests, outside) = (manifests(snapshot), &snapshot.outside);
    format!("outcome: {revision} {committed} {manifests:?} {outside:?}")
}

/// Asserts that a fetch in a child process had the same outcome as reading the repository by its path.
fn assert_same_outcome(line: &str, repository: &support::repository::Repository) {
    let expected = outcome(&fetch(&repository.path_string(), None).unwrap());
    assert!(line.ends_with(&expected), "{line}");
}
