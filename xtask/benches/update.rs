//! Compares a first update over HTTP with `git clone --depth 1` followed by reading the manifests.
//!
//! Both fetch the same repository from the same local server; the runs alternate. The repository is the
//! stored copy of upstream, which has only manifests. The benchmark adds random text for every image and
//! template that a manifest refers to, a README for each integration, and a history of sixty commits.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a benchmark that can't run panics"
)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use support::http::Server;
use support::repository::{Repository, copy, git, stored_upstream, succeed};
use tempfile::TempDir;
use xtask::upstream::{Request, fetch};

const COMMITS: usize = 60;
/// The approximate size of an SVG logo or a template.
const ASSET_BYTES: usize = 4_000;
const README_BYTES: usize = 2_000;
const RUNS: usize = 15;

fn main() {
    let Some(stored) = stored_upstream() else {
        return;
    };
    let repository = repository_with_assets(&stored);
    let server = Server::start(repository.root());
    let url = server.url("/repo");
    let (mut fetches, mut clones) = (Vec::new(), Vec::new());
    let (mut manifests, mut bytes) = (0, 0);
    for _ in 0..RUNS {
        let folder = TempDir::new().unwrap();
        let (cache, clone) = (folder.path().join("cache"), folder.path().join("clone"));
        fetches.push(measure(|| {
            let request = Request {
                repository: &url,
                revision: None,
                cache: &cache,
            };
            let snapshot = fetch(&request, &mut |_| {}).unwrap();
            assert!(
                snapshot
                    .manifests
                    .iter()
                    .all(|manifest| manifest.content.is_ok())
            );
            manifests = snapshot.manifests.len();
            bytes = snapshot.transfer.bytes;
        }));
        clones.push(measure(|| {
            assert_eq!(clone_and_count(&url, &clone), manifests)
        }));
    }
    let (fetches, clones) = (median(fetches), median(clones));
    let files = repository.git(&["ls-files"]).lines().count();
    println!("{manifests} manifests among {files} files, {bytes} bytes received");
    println!("medians of {RUNS} alternating runs");
    println!(
        "fetch and read:               {:7.1} ms",
        milliseconds(fetches)
    );
    println!(
        "git clone --depth 1 and read: {:7.1} ms",
        milliseconds(clones)
    );
    let ratio = fetches.as_secs_f64() / clones.as_secs_f64();
    println!("ratio:                        {ratio:7.2}");
}

fn repository_with_assets(stored: &Path) -> Repository {
    let repository = Repository::empty("main");
    copy(stored, &repository.path());
    let mut noise = Noise(0x9E37_79B9_7F4A_7C15);
    let keys: Vec<String> = fs::read_dir(stored.join("integrations"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    for key in &keys {
        let folder = format!("integrations/{key}");
        repository.write(&format!("{folder}/README.md"), &noise.text(README_BYTES));
        for file in referenced_files(&stored.join(&folder).join("manifest.json")) {
            repository.write(&format!("{folder}/{file}"), &noise.text(ASSET_BYTES));
        }
    }
    repository.commit("first");
    for commit in 1..COMMITS {
        let key = &keys[commit * 7 % keys.len()];
        repository.write(
            &format!("integrations/{key}/README.md"),
            &noise.text(README_BYTES),
        );
        repository.commit(&format!("commit {commit}"));
    }
    repository.git(&["repack", "-a", "-d", "--quiet"]);
    repository
}

/// Returns the files that a manifest refers to, such as `assets/square.svg` and `templates/flag.json.hbs`.
fn referenced_files(manifest: &Path) -> Vec<String> {
    let text = fs::read_to_string(manifest).unwrap();
    text.split('"')
        .filter(|word| word.starts_with("assets/") || word.starts_with("templates/"))
        .map(str::to_owned)
        .collect()
}

/// Generates text that compresses about as well as base64.
struct Noise(u64);

impl Noise {
    fn text(&mut self, length: usize) -> String {
        (0..length)
            .map(|_| char::from(b' ' + self.letter()))
            .collect()
    }

    fn letter(&mut self) -> u8 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 32) as u8 % 64
    }
}

/// Clones the repository, reads all manifests and returns their count.
fn clone_and_count(url: &str, clone: &Path) -> usize {
    let mut command = git();
    command
        .args(["clone", "--quiet", "--depth", "1", url])
        .arg(clone);
    succeed(command, b"");
    fs::read_dir(clone.join("integrations"))
        .unwrap()
        .filter(|entry| {
            let manifest = entry.as_ref().unwrap().path().join("manifest.json");
            fs::read(manifest).is_ok_and(|bytes| !bytes.is_empty())
        })
        .count()
}

fn measure(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
