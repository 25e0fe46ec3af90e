//! Fetching from real repositories over every transport, made with the system's git, and through real
//! sockets.
//!
//! | module | what it shows |
//! |---|---|
//! | `transports` | a path, `file://`, http and https give the same |
//! | `revisions` | which commit a revision means, over every transport |
//! | `clones` | a repository on this machine, of every kind |
//! | `faults` | what a host may do wrong |
//! | `proxies` | what the environment says about the way to a host |
//! | `caches` | damage, a full disk, several at once |
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of a test that unwraps fails the test with the reason"
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

/// A cache folder of the test's own.
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

    /// The one bare repository in here.
    fn repository(&self) -> PathBuf {
        let mut found = fs::read_dir(self.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "git"));
        let first = found.next().unwrap();
        assert!(found.next().is_none());
        first
    }

    /// The packs that hold the cache's objects.
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

// The environment belongs to a whole process, so what depends on it runs in one of its own: the test
// starts this very program again, with one test and what that test is to fetch.

const ADDRESS: &str = "GIT_TRANSPORTS_ADDRESS";
const CACHE: &str = "GIT_TRANSPORTS_CACHE";

/// What decides about proxies and certificates.
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

/// This program, to fetch from an address in a process with this environment.
fn process(address: &str, cache: &Path, environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([
        "--exact",
        "the_fetch_of_a_process_of_its_own",
        "--nocapture",
    ]);
    for name in VARIABLES {
        command.env_remove(name);
    }
    command
        .env(ADDRESS, address)
        .env(CACHE, cache)
        .envs(environment.iter().copied());
    command
}

/// What [`process`] printed: the outcome of its fetch.
fn in_a_process(address: &str, environment: &[(&str, &str)]) -> String {
    let cache = Cache::new();
    output(process(address, &cache.path(), environment))
}

fn output(mut command: Command) -> String {
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    let line = text.lines().find(|line| line.contains("outcome: "));
    line.unwrap_or_else(|| panic!("{text}")).to_owned()
}

/// Does nothing unless [`process`] started it.
#[test]
fn the_fetch_of_a_process_of_its_own() {
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

/// What must be the same over every transport, in one line.
fn outcome(snapshot: &CommitManifests) -> String {
    let (revision, committed) = (&snapshot.revision, &snapshot.committed);
    let (manifests, outside) = (manifests(snapshot), &snapshot.outside);
    format!("outcome: {revision} {committed} {manifests:?} {outside:?}")
}

/// A fetch in a process of its own came to the same as reading the repository where it is.
fn assert_arrived(line: &str, repository: &support::repository::Repository) {
    let expected = outcome(&fetch(&repository.path_text(), None).unwrap());
    assert!(line.ends_with(&expected), "{line}");
}
