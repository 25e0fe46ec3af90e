//! Input that is too large, or whose name could make a path leave its folder. The tests compare all files
//! outside the folders that the command may write.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failed unwrap in a helper fails the test"
)]

#[path = "support/command.rs"]
#[allow(dead_code, reason = "other test binaries use the rest")]
mod command;
#[path = "support/repository.rs"]
#[allow(dead_code, reason = "other test binaries use the rest")]
mod repository;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use generator::limits;
use repository::{LATER_DATE, Repository, git, succeed};
use tempfile::TempDir;
use xtask::upstream::{Request, fetch};

/// A workspace two levels deep in a temporary folder. Its parent folders contain a file `beside`.
struct Sandbox(TempDir);

struct Run {
    status: i32,
    /// Stdout and stderr.
    output: String,
}

impl Sandbox {
    fn new() -> Self {
        let sandbox = Self(TempDir::new().unwrap());
        fs::create_dir_all(sandbox.root()).unwrap();
        sandbox.write("beside", "untouched");
        sandbox.write("deep/beside", "untouched");
        // Every run that writes creates this file if it is missing.
        sandbox.write("deep/workspace/target/regen.lock", "");
        sandbox
    }

    fn root(&self) -> PathBuf {
        self.0.path().join("deep/workspace")
    }

    fn write(&self, path: impl AsRef<Path>, text: impl AsRef<[u8]>) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let mut command = command::xtask(&self.root(), arguments);
        command.env("HOME", self.root());
        let run = command::Run::of(command.output().unwrap());
        Run {
            status: run.status.unwrap(),
            output: run.stdout + &run.stderr,
        }
    }

    /// Reads everything in the temporary folder except in these folders.
    fn files_except(&self, folders: &[&str]) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        collect(self.0.path(), &mut found);
        let folders: Vec<PathBuf> = folders
            .iter()
            .map(|folder| self.0.path().join(folder))
            .collect();
        found.retain(|path, _| !folders.iter().any(|folder| path.starts_with(folder)));
        found
    }
}

/// Reads every file and folder below a folder. The content of a link is its target.
fn collect(folder: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let (path, kind) = (entry.path(), entry.file_type().unwrap());
        let content = if kind.is_symlink() {
            fs::read_link(&path)
                .unwrap()
                .into_os_string()
                .into_encoded_bytes()
        } else if kind.is_dir() {
            collect(&path, found);
            Vec::new()
        } else if entry.metadata().unwrap().len() > 1 << 24 {
            b"large".to_vec()
        } else {
            fs::read(&path).unwrap()
        };
        found.insert(path, content);
    }
}

fn assert_output(run: &Run, status: i32, texts: &[&str]) {
    assert_eq!(run.status, status, "{}", run.output);
    for text in texts {
        assert!(run.output.contains(text), "{text}: {}", run.output);
    }
}

/// Creates a file that uses no disk blocks but is too large to read within the time limit.
fn create_sparse_file(path: PathBuf, size: u64) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    File::create(path).unwrap().set_len(size).unwrap();
}

const TERABYTE: u64 = 1 << 40;

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let sandbox = Sandbox::new();
    create_sparse_file(
        sandbox.root().join("tree/integrations/huge/manifest.json"),
        TERABYTE,
    );
    sandbox.write("deep/workspace/tree/integrations/bad/manifest.json", "[]");
    create_sparse_file(sandbox.root().join("flat/huge.json"), TERABYTE);
    sandbox.write("deep/workspace/flat/bad.json", "[]");
    let before = sandbox.files_except(&[]);
    for from in ["tree", "flat"] {
        let start = Instant::now();
        let run = sandbox.run(&["regen", "--from", from, "--out", "out"]);
        assert!(start.elapsed() < Duration::from_secs(10));
        let size = TERABYTE.to_string();
        let limit = limits::MANIFEST_BYTES.to_string();
        let expected = ["too-large", &size, &limit, "wrong-type", "2 errors"];
        assert_output(&run, 1, &expected);
    }
    assert!(sandbox.files_except(&[]) == before);

    sandbox.write("deep/workspace/pinned/acme.json", "{}");
    create_sparse_file(sandbox.root().join("pinned/upstream.json"), TERABYTE);
    let run = sandbox.run(&["regen", "--from", "pinned", "--out", "out"]);
    assert_output(
        &run,
        1,
        &[
            "upstream.json is not a valid pin file",
            &TERABYTE.to_string(),
        ],
    );
}

#[test]
fn a_blob_that_is_too_large_is_an_error() {
    let sandbox = Sandbox::new();
    let repository = Repository::fixture();
    let (largest, size) = (limits::MANIFEST_BYTES, limits::MANIFEST_BYTES + 1);
    for (key, size) in [("largest", largest), ("larger", size)] {
        let path = format!("integrations/{key}/manifest.json");
        repository.write(&path, &format!("{{}}{}", " ".repeat(size - 2)));
    }
    repository.commit("large");
    let path = repository.path_string();
    let run = sandbox.run(&["regen", "--update", "--repo", &path]);
    let message = format!("has {size} bytes, more than the limit of {largest}");
    assert_output(
        &run,
        1,
        &["integrations/larger/manifest.json", &message, "1 error"],
    );
    assert!(
        !run.output.contains("largest/manifest.json"),
        "{}",
        run.output
    );
    assert!(!sandbox.root().join("manifests").exists());
}

#[test]
fn the_total_size_and_number_of_files_are_limited() {
    let sandbox = Sandbox::new();
    let text = format!("{{}}{}", " ".repeat(limits::MANIFEST_BYTES - 2));
    for number in 0..=limits::INPUT_BYTES / limits::MANIFEST_BYTES {
        sandbox.write(format!("deep/workspace/large/k{number:03}.json"), &text);
    }
    let run = sandbox.run(&["regen", "--from", "large", "--out", "out"]);
    let last = format!("k{:03}.json", limits::INPUT_BYTES / limits::MANIFEST_BYTES);
    assert_output(
        &run,
        1,
        &[
            "too-large",
            &last,
            "the total of all manifests up to this one",
            "1 error",
        ],
    );

    for number in 0..=limits::MANIFESTS {
        sandbox.write(format!("deep/workspace/many/k{number:05}.json"), "{}");
    }
    let run = sandbox.run(&["regen", "--from", "many", "--out", "out"]);
    assert_output(
        &run,
        1,
        &["too-many", "k10000.json", "too many manifests", "1 error"],
    );
    assert!(!sandbox.root().join("out").exists());
}

/// Names that are valid in a file system or in git, but are not valid integration keys.
const INVALID_KEYS: [&[u8]; 34] = [
    b"..",
    b".",
    b"...",
    b"..x",
    b".git",
    b".x",
    b"-u",
    b"--out",
    b"_x",
    b"~",
    b"$HOME",
    b"*",
    b" ",
    b"a b",
    b"a ",
    b"../x",
    b"../../x",
    b"../../../beside",
    b"/beside",
    b"a/b",
    b"a/../../b",
    b"C:",
    b"C:\\x",
    b"..\\x",
    b"\\\\server\\share",
    b"a\nb",
    b"a\rb",
    b"a\x1b[2Jb",
    b"%2e%2e",
    b"a\xffb",
    "\u{430}cme".as_bytes(),
    "ａcme".as_bytes(),
    "a\u{202e}b".as_bytes(),
    "a\u{2215}b".as_bytes(),
];

/// Valid keys, each with the file name of its module. Some keys are device names on Windows.
const VALID_KEYS: [(&str, &str); 6] = [
    ("con", "con_.rs"),
    ("NUL", "nul_.rs"),
    ("com1", "com1_.rs"),
    ("a..b", "a_b.rs"),
    ("mod", "mod_.rs"),
    ("upstream", "upstream.rs"),
];

/// Writes a git tree with these entries. `--literally` stores names that git otherwise rejects.
fn write_tree(repository: &Repository, entries: &[(&str, &[u8], &str)]) -> String {
    let mut bytes = Vec::new();
    for (mode, name, id) in entries {
        bytes.extend_from_slice(mode.as_bytes());
        bytes.push(b' ');
        bytes.extend_from_slice(name);
        bytes.push(0);
        let id = id.as_bytes().chunks(2);
        let id = id.map(|digits| u8::from_str_radix(str::from_utf8(digits).unwrap(), 16).unwrap());
        bytes.extend(id);
    }
    let mut command = git();
    command
        .args(["hash-object", "-t", "tree", "-w", "--literally", "--stdin"])
        .current_dir(repository.path());
    succeed(command, &bytes)
}

/// Replaces the branch by one commit with one integration of this name.
fn commit_key(repository: &Repository, key: &[u8]) {
    let manifest = repository.blob("{}");
    let integration = write_tree(repository, &[("100644", b"manifest.json", &manifest)]);
    let integrations = write_tree(repository, &[("40000", key, &integration)]);
    let root = write_tree(repository, &[("40000", b"integrations", &integrations)]);
    let mut command = git();
    command
        .args(["commit-tree", "-m", "key", &root])
        .current_dir(repository.path())
        .env("GIT_AUTHOR_DATE", LATER_DATE);
    let commit = succeed(command, b"");
    repository.git(&["update-ref", "refs/heads/trunk", &commit]);
}

#[test]
fn a_key_in_a_commit_cannot_write_outside_the_folders() {
    let repository = Repository::fixture();
    let sandbox = Sandbox::new();
    let path = repository.path_string();
    let long = b"k".repeat(limits::INTEGRATION_KEY_BYTES + 1);
    let very_long = b"k".repeat(5_000);
    let before = sandbox.files_except(&["deep/workspace/target"]);
    for key in INVALID_KEYS
        .into_iter()
        .chain([long.as_slice(), &very_long])
    {
        commit_key(&repository, key);
        let shown = key.escape_ascii();
        let run = sandbox.run(&["regen", "--update", "--repo", &path]);
        // For some names, libgit2 reports a damaged tree.
        assert!(
            run.status == 1 || run.status == 2,
            "{shown}: {}",
            run.output
        );
        assert!(
            !run.output.contains(['\u{1b}', '\u{202e}']),
            "{shown}: {}",
            run.output
        );
        assert!(
            sandbox.files_except(&["deep/workspace/target"]) == before,
            "{shown}"
        );
        assert_safe_names(&sandbox.root().join("target/upstream"));
    }
    for (key, module) in VALID_KEYS {
        commit_key(&repository, key.as_bytes());
        let run = sandbox.run(&["regen", "--update", "--repo", &path]);
        assert_output(&run, 0, &[]);
        let written = [
            "deep/workspace/target",
            "deep/workspace/manifests",
            "deep/workspace/generated",
        ];
        assert!(
            sandbox.files_except(&written) == before,
            "{key}: {:?}",
            sandbox.files_except(&written).keys()
        );
        let modules = names(&sandbox.root().join("generated/src/integrations"));
        assert_eq!(modules.len(), 2, "{modules:?}");
        assert!(modules.iter().any(|name| name == module), "{modules:?}");
        for name in names(&sandbox.root().join("manifests")) {
            assert!(
                name == "upstream.json" || name.ends_with(&format!("{key}.json")),
                "{name}"
            );
        }
    }
}

#[test]
fn a_key_in_a_folder_cannot_write_outside_the_output() {
    let sandbox = Sandbox::new();
    let from = sandbox.root().join("from");
    let mut expected = 0;
    for key in INVALID_KEYS {
        let name = [key, b".json"].concat();
        let is_file_name = !key.contains(&b'/');
        if is_file_name && key.is_ascii() {
            sandbox.write(
                Path::new("deep/workspace/from").join(OsStr::from_bytes(&name)),
                "{}",
            );
            expected += 1;
        }
    }
    let before = sandbox.files_except(&[]);
    let run = sandbox.run(&["regen", "--from", "from", "--out", "../out"]);
    assert_output(&run, 1, &["nothing was written"]);
    // `_x.json` is valid: a snapshot can store the key `x` under this name.
    assert_eq!(
        run.output.matches("bad-integration-key").count(),
        expected - 1
    );
    assert!(sandbox.files_except(&[]) == before);
    fs::remove_dir_all(from).unwrap();
}

/// Checks that every name in the cache has only safe characters.
fn assert_safe_names(cache: &Path) {
    for name in names(cache) {
        let stem = name.strip_suffix(".git").or(name.strip_suffix(".lock"));
        let safe = stem.is_some_and(|stem| {
            stem.len() <= 80
                && !stem.starts_with('-')
                && stem
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        });
        assert!(safe, "{name:?}");
    }
}

fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn a_revision_cannot_write_outside_the_cache() {
    let repository = Repository::fixture();
    let sandbox = Sandbox::new();
    let cache = sandbox.root().join("cache");
    let long = "x/".repeat(5_000) + "x";
    let many_steps = "trunk".to_owned() + &"^".repeat(50_000);
    let before = sandbox.files_except(&["deep/workspace/cache"]);
    for revision in [
        "",
        ".",
        "..",
        "../../x",
        "../../../beside",
        "/beside",
        "-u",
        "--upload-pack=touch beside",
        "--output=beside",
        "refs/../../x",
        "refs/heads/../../../x",
        "refs/heads/x.lock",
        "trunk.lock",
        "trunk/",
        "trunk\0",
        "trunk\0/../../x",
        "trunk\n",
        "trunk\nrefs/heads/x",
        "\ntrunk",
        "trunk:../../x",
        "+trunk:refs/heads/x",
        "trunk:refs/heads/x",
        "^trunk",
        "trunk^{}",
        "trunk~1/../../x",
        "trunk~99999999999999999999",
        "^^^",
        &many_steps,
        "trunk@{1}",
        "@",
        "@{-1}",
        "HEAD:integrations",
        ":/first",
        "*",
        "refs/heads/*",
        "C:\\x",
        "..\\..\\x",
        "CON",
        "$(touch beside)",
        "`touch beside`",
        "%2e%2e/x",
        "trunk\u{202e}",
        "trunk\u{200b}",
        "trun\u{43a}",
        &long,
    ] {
        let path = repository.path_string();
        let request = Request {
            repository: &path,
            revision: Some(revision),
            cache: &cache,
        };
        let found = fetch(&request, &mut |_| {});
        let error = found.unwrap_err().to_string();
        assert!(!error.contains(['\0', '\n']), "{revision:?}: {error}");
        assert!(
            sandbox.files_except(&["deep/workspace/cache"]) == before,
            "{revision:?}"
        );
        assert_safe_names(&cache);
    }
}

#[test]
fn an_address_cannot_write_outside_the_cache() {
    let sandbox = Sandbox::new();
    let cache = sandbox.root().join("cache");
    let before = sandbox.files_except(&["deep/workspace/cache"]);
    let folder = sandbox.root().join("nothing here");
    let folder = folder.to_str().unwrap();
    for repository in [
        "",
        "-u",
        "--upload-pack=touch beside",
        "--upload-pack=touch beside;",
        "ext::sh -c touch% beside",
        "fd::17",
        "ssh://-oProxyCommand=touch%20beside/x",
        "ssh://git@-oProxyCommand=touch/x",
        "git@-oProxyCommand=touch beside:x",
        "-oProxyCommand=touch:x",
        "file://",
        "file:///../../../x",
        "file://localhost/%2e%2e/%2e%2e/x",
        "file:///a%00b",
        "file:///a%0ab",
        "http://127.0.0.1:1/../../x",
        "http://127.0.0.1:1/%2e%2e/%2e%2e/x",
        "http://127.0.0.1:1/.git",
        "http://127.0.0.1:1/a\nb",
        "http://127.0.0.1:1/a\0b",
        "http://127.0.0.1:1\\@beside/x",
        "HTTP://127.0.0.1:1/CON",
        "a\0b",
        "a\nb",
        "\\\\server\\share",
        "C:\\x",
        "~/x",
        "../../../x",
        &format!("{folder}/../../../x"),
        &format!("{folder}/{}", "x".repeat(5_000)),
    ] {
        let request = Request {
            repository,
            revision: None,
            cache: &cache,
        };
        let error = fetch(&request, &mut |_| {}).unwrap_err().to_string();
        assert!(
            sandbox.files_except(&["deep/workspace/cache"]) == before,
            "{repository:?}"
        );
        assert!(!error.contains("panicked"), "{error}");
        assert_safe_names(&cache);
    }
}

/// The repository's `packed-refs` contains branch names that git rejects.
#[test]
fn a_branch_name_cannot_write_outside_the_cache() {
    let sandbox = Sandbox::new();
    let cache = sandbox.root().join("cache");
    let before = sandbox.files_except(&["deep/workspace/cache"]);
    for name in [
        "refs/heads/../../../../beside",
        "refs/heads/a..b",
        "refs/heads/x.lock",
        "refs/heads/-u",
        "refs/heads/a:b",
        "refs/heads/a b",
        "/beside",
        "../beside",
    ] {
        let repository = Repository::fixture();
        let line = format!("{} {name}\n", repository.id("trunk"));
        fs::write(repository.path().join(".git/packed-refs"), line).unwrap();
        let path = repository.path_string();
        for revision in [None, Some("trunk"), Some(name)] {
            let request = Request {
                repository: &path,
                revision,
                cache: &cache,
            };
            if let Ok(snapshot) = fetch(&request, &mut |_| {}) {
                assert_eq!(snapshot.manifests.len(), 3, "{name} {revision:?}");
            }
            assert!(
                sandbox.files_except(&["deep/workspace/cache"]) == before,
                "{name}"
            );
            assert_safe_names(&cache);
        }
    }
}
