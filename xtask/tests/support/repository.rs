//! Git repositories made with the system's git. They are identical in every run.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// The keys and manifests of the small fixture.
pub(crate) const MANIFESTS: [(&str, &str); 3] = [
    ("acme", "{\"name\":\"Acme\"}\n"),
    ("acme-cloud", "{\"name\":\"Acme Cloud\"}\n"),
    ("zeta", "{\"name\":\"Zeta\"}\n"),
];

/// The committer's date of the fixture's first commit.
pub(crate) const FIRST_DATE: &str = "2024-02-29T23:30:00-03:30";
/// The committer's date of every later commit.
pub(crate) const LATER_DATE: &str = "2025-11-19T10:44:49+01:00";

/// A repository with a work tree in a temporary folder, which is deleted on drop.
pub(crate) struct Repository {
    folder: TempDir,
}

impl Repository {
    /// Creates an empty repository whose default branch is `branch`.
    pub(crate) fn empty(branch: &str) -> Self {
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join("repo")).unwrap();
        let repository = Self { folder };
        repository.git(&["init", "--quiet", "--initial-branch", branch]);
        repository
    }

    /// Creates the small fixture: two commits on `trunk`. The second one adds the last manifest.
    pub(crate) fn fixture() -> Self {
        let repository = Self::empty("trunk");
        repository.write("README.md", "A fixture.\n");
        repository.write("integrations/README.md", "Not an integration.\n");
        repository.write("integrations/empty/notes.txt", "No manifest here.\n");
        for (key, manifest) in &MANIFESTS[..2] {
            repository.write(&format!("integrations/{key}/manifest.json"), manifest);
        }
        repository.commit_at("first", FIRST_DATE);
        let (key, manifest) = MANIFESTS[2];
        repository.write(&format!("integrations/{key}/manifest.json"), manifest);
        repository.commit("second");
        repository
    }

    /// The folder that contains the repository. The test server serves it.
    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    /// The path of the repository.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("repo")
    }

    /// The path of the repository as a string.
    pub(crate) fn path_string(&self) -> String {
        self.path().to_str().unwrap().to_owned()
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Commits the work tree and returns the commit's id.
    pub(crate) fn commit(&self, message: &str) -> String {
        self.commit_at(message, LATER_DATE)
    }

    fn commit_at(&self, message: &str, date: &str) -> String {
        self.git(&["add", "--all"]);
        self.commit_index(message, date)
    }

    /// Commits the index without adding files of the work tree.
    pub(crate) fn commit_index(&self, message: &str, date: &str) -> String {
        let mut command = self.command(&["commit", "--quiet", "--allow-empty", "-m", message]);
        // The author's date differs, so a test fails if the code reads it instead of the committer's.
        command
            .env("GIT_AUTHOR_DATE", "2001-01-01T00:00:00+00:00")
            .env("GIT_COMMITTER_DATE", date);
        succeed(command, b"");
        self.id("HEAD")
    }

    /// Adds an entry to the index without a file in the work tree: `<mode> <object> 0\t<path>`.
    pub(crate) fn index_entry(&self, mode: &str, object: &str, path: &[u8]) {
        let mut line = format!("{mode} {object} 0\t").into_bytes();
        line.extend_from_slice(path);
        line.push(0);
        succeed(self.command(&["update-index", "-z", "--index-info"]), &line);
    }

    /// Stores a blob and returns its id.
    pub(crate) fn blob(&self, text: &str) -> String {
        succeed(
            self.command(&["hash-object", "-w", "--stdin"]),
            text.as_bytes(),
        )
    }

    pub(crate) fn id(&self, revision: &str) -> String {
        self.git(&["rev-parse", "--verify", revision])
    }

    /// Runs git in the repository and returns its output.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        succeed(self.command(arguments), b"")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = git();
        command.args(arguments).current_dir(self.path());
        command
    }
}

/// Returns a git command that ignores the user's and the system's configuration.
pub(crate) fn git() -> Command {
    let mut command = Command::new("git");
    command
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env(
            "GIT_CONFIG_GLOBAL",
            if cfg!(windows) { "NUL" } else { "/dev/null" },
        )
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_AUTHOR_NAME", "Author")
        .env("GIT_AUTHOR_EMAIL", "author@example.com")
        .env("GIT_AUTHOR_DATE", LATER_DATE)
        .env("GIT_COMMITTER_NAME", "Committer")
        .env("GIT_COMMITTER_EMAIL", "committer@example.com")
        .env("GIT_COMMITTER_DATE", LATER_DATE)
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_INDEX_FILE");
    command
}

/// Runs git in a folder with this input.
pub(crate) fn feed(folder: PathBuf, arguments: &[&str], input: &str) {
    let mut command = git();
    command.args(arguments).current_dir(folder);
    succeed(command, input.as_bytes());
}

/// Runs a command with this input and returns its output without trailing whitespace.
pub(crate) fn succeed(mut command: Command, input: &[u8]) -> String {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}");
    String::from_utf8(output.stdout)
        .unwrap()
        .trim_end()
        .to_owned()
}

/// The folder with the fixture manifests, their pin and overrides. Upstream changes don't affect them.
pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../generator/tests/fixtures")
}

/// The stored copy of upstream in `../shared/upstream`, or `None` if the folder is missing.
///
/// With `LD_REQUIRE_SHARED=1`, a missing folder is a failure.
pub(crate) fn stored_upstream() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/upstream");
    if path.is_dir() {
        return Some(path);
    }
    let required = std::env::var_os("LD_REQUIRE_SHARED").is_some_and(|value| value == "1");
    assert!(!required, "{} is missing", path.display());
    // The test harness hides the `eprintln!` output of a test that passes.
    let _ = std::io::stderr().write_all(b"skipped: ../shared/upstream is missing\n");
    None
}

/// Copies a folder recursively.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
