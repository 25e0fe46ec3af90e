//! `regen --update` itself, on all of upstream's manifests, over every transport.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of a test that unwraps fails the test with the reason"
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

/// Upstream's manifests in two commits: the first lacks Datadog's.
struct Upstream {
    repository: Repository,
    older: String,
    newer: String,
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
        Self {
            repository,
            older,
            newer,
        }
    }
}

/// A workspace with nothing in it but our overrides.
struct Workspace {
    root: TempDir,
    authority: PathBuf,
}

impl Workspace {
    fn new(authority: &Path) -> Self {
        let root = TempDir::new().unwrap();
        fs::create_dir(root.path().join("manifests")).unwrap();
        let overrides = "manifests/overrides.toml";
        fs::copy(committed(overrides), root.path().join(overrides)).unwrap();
        Self {
            root,
            authority: authority.to_owned(),
        }
    }

    /// The last line of stdout, and stderr.
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

fn committed(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// A folder's files but for the one that has the pin.
fn files(folder: &Path, but: &str) -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder).unwrap();
    let files = entries.filter_map(|entry| {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let text = fs::read_to_string(entry.path()).unwrap();
        (name != but).then_some((name, text))
    });
    files.collect()
}

/// Updates twice, goes back, and comes forward again.
fn update(upstream: &Upstream, address: &str, authority: &Path, downloads: &dyn Fn() -> usize) {
    let workspace = Workspace::new(authority);
    let root = workspace.root.path();
    let (summary, stderr) = workspace.regen(&["--update", "--repo", address]);
    let counts = "129 manifests, 38 with fields, 120 fields, ";
    assert!(summary.starts_with(counts), "{address}: {summary}");
    assert!(
        stderr.contains(&upstream.newer) && stderr.contains("objects"),
        "{stderr}"
    );
    assert_eq!(workspace.pinned(), upstream.newer);
    assert_eq!(
        files(&root.join("manifests"), "upstream.json"),
        files(&committed("manifests"), "upstream.json"),
        "{address}"
    );
    assert_eq!(
        files(&root.join("generated/src/integrations"), "mod.rs"),
        files(&committed("generated/src/integrations"), "mod.rs"),
        "{address}"
    );

    let downloaded = downloads();
    let (summary, stderr) = workspace.regen(&["--update", "--repo", address]);
    assert!(
        summary.contains(" 0 files changed, "),
        "{address}: {summary}"
    );
    assert!(stderr.contains("nothing new"), "{address}: {stderr}");
    assert_eq!(downloads(), downloaded, "{address}");

    let back = ["--update", "--repo", address, "--rev", &upstream.older];
    let (summary, _) = workspace.regen(&back);
    assert!(
        summary.starts_with("128 manifests, 37 with fields, "),
        "{address}: {summary}"
    );
    assert_eq!(workspace.pinned(), upstream.older);
    assert!(!root.join("manifests/datadog.json").exists());
    assert!(!root.join("generated/src/integrations/datadog.rs").exists());

    let (summary, _) = workspace.regen(&["--update", "--repo", address]);
    assert!(summary.starts_with(counts), "{address}: {summary}");
    let (summary, stderr) = workspace.regen(&[]);
    assert!(
        summary.contains(" 0 files changed, "),
        "{address}: {summary}"
    );
    assert_eq!(stderr, "", "offline");
}

#[test]
fn all_of_upstream_over_every_transport() {
    let Some(stored) = stored_upstream() else {
        return;
    };
    let upstream = Upstream::new(&stored);
    let server = Server::start(upstream.repository.root());
    let authority = Authority::new("ours");
    let pem = upstream.repository.root().join("authority.pem");
    fs::write(&pem, &authority.pem).unwrap();
    let port = authority.front(server.address());

    let path = upstream.repository.path_text();
    let nothing = || 0;
    update(&upstream, &path, &pem, &nothing);
    update(&upstream, &format!("file://{path}"), &pem, &nothing);
    let downloads = || server.downloads();
    update(&upstream, &server.url("/repo"), &pem, &downloads);
    let https = format!("https://localhost:{port}/repo");
    update(&upstream, &https, &pem, &downloads);
    assert!(server.downloads() >= 4, "both ways went through the server");
}

/// A snapshot that is gone is fetched again at the commit that the pin names.
#[test]
fn a_missing_snapshot_is_cloned_at_the_pin() {
    let Some(stored) = stored_upstream() else {
        return;
    };
    let upstream = Upstream::new(&stored);
    let path = upstream.repository.path_text();
    let workspace = Workspace::new(Path::new("/nowhere"));
    let manifests = workspace.root.path().join("manifests");
    let back = ["--update", "--repo", &path, "--rev", &upstream.older];

    // Datadog has no override, so the older commit does for them all.
    workspace.regen(&back);
    for entry in fs::read_dir(&manifests).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
            && !path.ends_with("upstream.json")
        {
            fs::remove_file(path).unwrap();
        }
    }
    let (summary, _) = workspace.regen(&[]);
    assert!(summary.starts_with("128 manifests, "), "{summary}");
    assert!(
        summary.contains(" 128 files changed, "),
        "only the snapshot: {summary}"
    );
    assert_eq!(workspace.pinned(), upstream.older);
}
