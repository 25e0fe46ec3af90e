//! A first update over http against what a maintainer would do by hand: `git clone --depth 1`, and
//! reading the manifests.
//!
//! Both get the same repository from the same server on this machine, in turns. The repository is the
//! stored copy of upstream, which has manifests only, filled up with made-up text: every image and
//! template that a manifest refers to, a read-me for each integration, and a history of sixty commits.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a benchmark that can't run stops with the reason"
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
/// What a logo in SVG or a template takes, roughly.
const ASSET_BYTES: usize = 4_000;
const README_BYTES: usize = 2_000;
const RUNS: usize = 15;

fn main() {
    let Some(stored) = stored_upstream() else {
        return;
    };
    let repository = filled_up(&stored);
    let server = Server::start(repository.root());
    let url = server.url("/repo");
    let (mut ours, mut clones) = (Vec::new(), Vec::new());
    let (mut manifests, mut bytes) = (0, 0);
    for _ in 0..RUNS {
        let folder = TempDir::new().unwrap();
        let (cache, clone) = (folder.path().join("cache"), folder.path().join("clone"));
        ours.push(timed(|| {
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
        clones.push(timed(|| assert_eq!(cloned(&url, &clone), manifests)));
    }
    let (ours, clones) = (median(ours), median(clones));
    let files = repository.git(&["ls-files"]).lines().count();
    println!("{manifests} manifests among {files} files, {bytes} bytes received");
    println!("medians of {RUNS} alternating runs");
    println!(
        "fetch and read:               {:7.1} ms",
        milliseconds(ours)
    );
    println!(
        "git clone --depth 1 and read: {:7.1} ms",
        milliseconds(clones)
    );
    let ratio = ours.as_secs_f64() / clones.as_secs_f64();
    println!("ratio:                        {ratio:7.2}");
}

fn filled_up(stored: &Path) -> Repository {
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
        for file in referred_to(&stored.join(&folder).join("manifest.json")) {
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

/// The files that a manifest names: `assets/square.svg`, `templates/flag.json.hbs`.
fn referred_to(manifest: &Path) -> Vec<String> {
    let text = fs::read_to_string(manifest).unwrap();
    text.split('"')
        .filter(|word| word.starts_with("assets/") || word.starts_with("templates/"))
        .map(str::to_owned)
        .collect()
}

/// Text that compresses about as well as base64 does.
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

/// Clones, and reads all manifests; returns how many there are.
fn cloned(url: &str, clone: &Path) -> usize {
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

fn timed(work: impl FnOnce()) -> Duration {
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
