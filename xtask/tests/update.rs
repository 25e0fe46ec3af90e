//! Runs `regen --update` with all upstream manifests over every transport.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failed unwrap in a helper fails the test"
)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use support::http::Server;
use support::repository::{Repository, copy, stored_upstream};
use support::tls::Authority;
use tempfile::TempDir;

/// A repository with upstream's manifests in two commits. The first lacks the manifest of Datadog.
struct Upstream {
    repository: Repository,
    older: String,
    newer: String,
    manifests: usize,
    /// The generated modules of all manifests, without `mod.rs`.
    modules: BTreeMap<String, String>,
}

impl Upstream {
    fn new(stored: &Path) -> Self {
        let repository = Repository::empty("main");
        copy(stored, &repository.path());
        let datadog = repository.path().join("integrations/datadog");
        fs::remove_dir_all(&datadog).unwrap();
        let older = repository.commit("all but one");
        copy(&stored.join("integrations/datadog"), &datadog);
        let newer = repository.commit("one more");
        let out = TempDir::new().unwrap();
        let workspace = Workspace::new(stored);
        let [from, to] = [stored, out.path()].map(|path| path.to_str().unwrap());
        workspace.regen(&["--from", from, "--out", to]);
        let folders = fs::read_dir(stored.join("integrations")).unwrap();
        let manifests = folders.filter(|folder| {
            folder
                .as_ref()
                .unwrap()
                .path()
                .join("manifest.json")
                .exists()
        });
        Self {
            repository,
            older,
            newer,
            manifests: manifests.count(),
            modules: files(out.path(), "mod.rs"),
        }
    }
}

/// An empty workspace.
struct Workspace {
    root: TempDir,
    authority: PathBuf,
}

impl Workspace {
    fn new(authority: &Path) -> Self {
        Self {
            root: TempDir::new().unwrap(),
            authority: authority.to_owned(),
        }
    }

    /// Runs `regen`. Returns the last line of stdout, and stderr.
    fn regen(&self, arguments: &[&str]) -> (String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .arg("--root")
            .arg(self.root.path())
            .arg("regen")
            .args(arguments)
            .env("SSL_CERT_FILE", &self.authority)
            .output()
            .unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{stderr}");
        let stdout = String::from_utf8(output.stdout).unwrap();
        (stdout.lines().last().unwrap().to_owned(), stderr)
    }

    fn pinned(&self) -> String {
        let pin = fs::read(self.root.path().join("manifests/upstream.json")).unwrap();
        let pin: serde_json::Value = serde_json::from_slice(&pin).unwrap();
        pin["revision"].as_str().unwrap().to_owned()
    }
}

/// Reads the files of a folder except one.
fn files(folder: &Path, except: &str) -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder).unwrap();
    let files = entries.filter_map(|entry| {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let text = fs::read_to_string(entry.path()).unwrap();
        (name != except).then_some((name, text))
    });
    files.collect()
}

/// Updates twice, then to the older commit, then to the newer one again. Returns the snapshot's files.
fn update(
    upstream: &Upstream,
    address: &str,
    authority: &Path,
    downloads: &dyn Fn() -> usize,
) -> BTreeMap<String, String> {
    let workspace = Workspace::new(authority);
    let root = workspace.root.path();
    let (summary, stderr) = workspace.regen(&["--update", "--repo", address]);
    let counts = |datadog: usize| format!("{} manifests, ", upstream.manifests - 1 + datadog);
    assert!(summary.starts_with(&counts(1)), "{address}: {summary}");
    assert!(stderr.contains(&upstream.newer), "{stderr}");
    // A local repository is read without a copy.
    let is_fetched = address.starts_with("http");
    assert_eq!(stderr.contains("objects"), is_fetched, "{stderr}");
    assert_eq!(workspace.pinned(), upstream.newer);
    let snapshot = files(&root.join("manifests"), "");
    // Only `mod.rs` contains the pinned commit. The expected modules come from a folder without a pin.
    let modules = root.join("generated/src/integrations");
    assert!(files(&modules, "mod.rs") == upstream.modules, "{address}");

    let downloaded = downloads();
    let (summary, _) = workspace.regen(&["--update", "--repo", address]);
    assert!(
        summary.contains(" 0 files changed, "),
        "{address}: {summary}"
    );
    assert_eq!(downloads(), downloaded, "{address}");

    let back = ["--update", "--repo", address, "--rev", &upstream.older];
    let (summary, _) = workspace.regen(&back);
    assert!(summary.starts_with(&counts(0)), "{address}: {summary}");
    assert_eq!(workspace.pinned(), upstream.older);
    assert!(!root.join("manifests/datadog.json").exists());
    assert!(!modules.join("datadog.rs").exists());

    let (summary, _) = workspace.regen(&["--update", "--repo", address]);
    assert!(summary.starts_with(&counts(1)), "{address}: {summary}");
    let (summary, stderr) = workspace.regen(&[]);
    assert!(
        summary.contains(" 0 files changed, "),
        "{address}: {summary}"
    );
    assert_eq!(stderr, "", "a run without --update printed to stderr");
    assert!(files(&root.join("manifests"), "") == snapshot, "{address}");
    snapshot
}

#[test]
fn all_upstream_manifests_are_updated_over_every_transport() {
    let Some(stored) = stored_upstream() else {
        return;
    };
    let upstream = Upstream::new(&stored);
    let server = Server::start(upstream.repository.root());
    let authority = Authority::new("ours");
    let pem = upstream.repository.root().join("authority.pem");
    fs::write(&pem, &authority.pem).unwrap();
    let port = authority.start_proxy(server.address());

    let path = upstream.repository.path_string();
    let nothing = || 0;
    let snapshot = update(&upstream, &path, &pem, &nothing);
    let file = format!("file://{path}");
    assert!(update(&upstream, &file, &pem, &nothing) == snapshot);
    let downloads = || server.downloads();
    let http = server.url("/repo");
    assert!(update(&upstream, &http, &pem, &downloads) == snapshot);
    let https = format!("https://localhost:{port}/repo");
    assert!(update(&upstream, &https, &pem, &downloads) == snapshot);
    assert!(
        server.downloads() >= 4,
        "the HTTP and HTTPS updates used the server"
    );
}
