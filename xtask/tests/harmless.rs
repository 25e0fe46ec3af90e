//! Input that is too large, or that is called so as to leave its folder: it is refused or harmless,
//! which is seen in all that is beside the folders that may be written.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of a test that unwraps fails the test with the reason"
)]

#[path = "support/command.rs"]
#[allow(dead_code, reason = "the other tests use the rest")]
mod command;
#[path = "support/repository.rs"]
#[allow(dead_code, reason = "the transport tests use the rest")]
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

/// A workspace two folders deep in a folder of the test's own, in which `beside` lies, too.
struct Place(TempDir);

struct Run {
    status: i32,
    /// Both streams.
    said: String,
}

impl Place {
    fn new() -> Self {
        let place = Self(TempDir::new().unwrap());
        fs::create_dir_all(place.root()).unwrap();
        place.write("beside", "untouched");
        place.write("deep/beside", "untouched");
        // What every run that writes makes, if it isn't there.
        place.write("deep/workspace/target/regen.lock", "");
        place
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
            said: run.stdout + &run.stderr,
        }
    }

    /// All that is in the test's folder, but for what is in one of these folders.
    fn all_but(&self, folders: &[&str]) -> BTreeMap<PathBuf, Vec<u8>> {
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

/// Every file and folder below a folder; of a link, where it leads to.
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

fn mentions(run: &Run, status: i32, texts: &[&str]) {
    assert_eq!(run.status, status, "{}", run.said);
    for text in texts {
        assert!(run.said.contains(text), "{text}: {}", run.said);
    }
}

/// A file that has no blocks on the disk, and could not be read in time.
fn sparse(path: PathBuf, size: u64) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    File::create(path).unwrap().set_len(size).unwrap();
}

const TERABYTE: u64 = 1 << 40;

#[test]
fn a_file_of_any_size_is_refused_unread() {
    let place = Place::new();
    sparse(
        place.root().join("tree/integrations/huge/manifest.json"),
        TERABYTE,
    );
    place.write("deep/workspace/tree/integrations/bad/manifest.json", "[]");
    sparse(place.root().join("flat/huge.json"), TERABYTE);
    place.write("deep/workspace/flat/bad.json", "[]");
    let before = place.all_but(&[]);
    for from in ["tree", "flat"] {
        let start = Instant::now();
        let run = place.run(&["regen", "--from", from, "--out", "out"]);
        assert!(start.elapsed() < Duration::from_secs(10));
        let size = TERABYTE.to_string();
        let limit = limits::MANIFEST_BYTES.to_string();
        let expected = ["too-large", &size, &limit, "wrong-type", "2 errors"];
        mentions(&run, 1, &expected);
    }
    assert!(place.all_but(&[]) == before);

    place.write("deep/workspace/pinned/acme.json", "{}");
    sparse(place.root().join("pinned/upstream.json"), TERABYTE);
    let run = place.run(&["regen", "--from", "pinned", "--out", "out"]);
    mentions(
        &run,
        1,
        &[
            "upstream.json is not a valid pin file",
            &TERABYTE.to_string(),
        ],
    );
}

#[test]
fn a_blob_is_refused_by_its_size() {
    let place = Place::new();
    let repository = Repository::fixture();
    let (largest, size) = (limits::MANIFEST_BYTES, limits::MANIFEST_BYTES + 1);
    for (key, size) in [("largest", largest), ("larger", size)] {
        let path = format!("integrations/{key}/manifest.json");
        repository.write(&path, &format!("{{}}{}", " ".repeat(size - 2)));
    }
    repository.commit("large");
    let path = repository.path_text();
    let run = place.run(&["regen", "--update", "--repo", &path]);
    let said = format!("has {size} bytes, more than the limit of {largest}");
    mentions(
        &run,
        1,
        &["integrations/larger/manifest.json", &said, "1 error"],
    );
    assert!(!run.said.contains("largest/manifest.json"), "{}", run.said);
    assert!(!place.root().join("manifests").exists());
}

#[test]
fn all_files_together_are_bounded() {
    let place = Place::new();
    let text = format!("{{}}{}", " ".repeat(limits::MANIFEST_BYTES - 2));
    for number in 0..=limits::INPUT_BYTES / limits::MANIFEST_BYTES {
        place.write(format!("deep/workspace/large/k{number:03}.json"), &text);
    }
    let run = place.run(&["regen", "--from", "large", "--out", "out"]);
    let last = format!("k{:03}.json", limits::INPUT_BYTES / limits::MANIFEST_BYTES);
    mentions(
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
        place.write(format!("deep/workspace/many/k{number:05}.json"), "{}");
    }
    let run = place.run(&["regen", "--from", "many", "--out", "out"]);
    mentions(
        &run,
        1,
        &["too-many", "k10000.json", "too many manifests", "1 error"],
    );
    assert!(!place.root().join("out").exists());
}

/// Names that a file system or git could hold, none of which is an integration key.
const KEYS: [&[u8]; 34] = [
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

/// Names that are keys, and modules that are files on every system.
const DEVICES: [(&str, &str); 6] = [
    ("con", "con_.rs"),
    ("NUL", "nul_.rs"),
    ("com1", "com1_.rs"),
    ("a..b", "a_b.rs"),
    ("mod", "mod_.rs"),
    ("upstream", "upstream.rs"),
];

/// A tree with these entries, whatever their names: git itself would write none of them.
fn tree(repository: &Repository, entries: &[(&str, &[u8], &str)]) -> String {
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

/// Makes a commit with one integration of that name the branch's only one.
fn commit_key(repository: &Repository, key: &[u8]) {
    let manifest = repository.blob("{}");
    let integration = tree(repository, &[("100644", b"manifest.json", &manifest)]);
    let integrations = tree(repository, &[("40000", key, &integration)]);
    let root = tree(repository, &[("40000", b"integrations", &integrations)]);
    let mut command = git();
    command
        .args(["commit-tree", "-m", "key", &root])
        .current_dir(repository.path())
        .env("GIT_AUTHOR_DATE", LATER_DATE);
    let commit = succeed(command, b"");
    repository.git(&["update-ref", "refs/heads/trunk", &commit]);
}

#[test]
fn no_key_of_a_commit_leaves_the_folders() {
    let repository = Repository::fixture();
    let place = Place::new();
    let path = repository.path_text();
    let long = b"k".repeat(limits::INTEGRATION_KEY_BYTES + 1);
    let endless = b"k".repeat(5_000);
    let before = place.all_but(&["deep/workspace/target"]);
    for key in KEYS.into_iter().chain([long.as_slice(), &endless]) {
        commit_key(&repository, key);
        let shown = key.escape_ascii();
        let run = place.run(&["regen", "--update", "--repo", &path]);
        // Some names libgit2 itself takes for a damaged tree.
        assert!(run.status == 1 || run.status == 2, "{shown}: {}", run.said);
        assert!(
            !run.said.contains(['\u{1b}', '\u{202e}']),
            "{shown}: {}",
            run.said
        );
        assert!(
            place.all_but(&["deep/workspace/target"]) == before,
            "{shown}"
        );
        assert_safe_names(&place.root().join("target/upstream"));
    }
    for (key, module) in DEVICES {
        commit_key(&repository, key.as_bytes());
        let run = place.run(&["regen", "--update", "--repo", &path]);
        mentions(&run, 0, &[]);
        let written = [
            "deep/workspace/target",
            "deep/workspace/manifests",
            "deep/workspace/generated",
        ];
        assert!(
            place.all_but(&written) == before,
            "{key}: {:?}",
            place.all_but(&written).keys()
        );
        let modules = names(&place.root().join("generated/src/integrations"));
        assert_eq!(modules.len(), 2, "{modules:?}");
        assert!(modules.iter().any(|name| name == module), "{modules:?}");
        for name in names(&place.root().join("manifests")) {
            assert!(
                name == "upstream.json" || name.ends_with(&format!("{key}.json")),
                "{name}"
            );
        }
    }
}

#[test]
fn no_key_of_a_folder_leaves_the_output() {
    let place = Place::new();
    let from = place.root().join("from");
    let mut expected = 0;
    for key in KEYS {
        let name = [key, b".json"].concat();
        let is_name = !key.contains(&b'/');
        if is_name && key.is_ascii() {
            place.write(
                Path::new("deep/workspace/from").join(OsStr::from_bytes(&name)),
                "{}",
            );
            expected += 1;
        }
    }
    let before = place.all_but(&[]);
    let run = place.run(&["regen", "--from", "from", "--out", "../out"]);
    mentions(&run, 1, &["nothing was written"]);
    // `_x.json` is how a snapshot spells `x`.
    assert_eq!(
        run.said.matches("bad-integration-key").count(),
        expected - 1
    );
    assert!(place.all_but(&[]) == before);
    fs::remove_dir_all(from).unwrap();
}

/// What is in the cache is named by us.
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
fn no_revision_leaves_the_cache() {
    let repository = Repository::fixture();
    let place = Place::new();
    let cache = place.root().join("cache");
    let long = "x/".repeat(5_000) + "x";
    let many_steps = "trunk".to_owned() + &"^".repeat(50_000);
    let before = place.all_but(&["deep/workspace/cache"]);
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
        let path = repository.path_text();
        let request = Request {
            repository: &path,
            revision: Some(revision),
            cache: &cache,
        };
        let found = fetch(&request, &mut |_| {});
        let error = found.unwrap_err().to_string();
        assert!(!error.contains(['\0', '\n']), "{revision:?}: {error}");
        assert!(
            place.all_but(&["deep/workspace/cache"]) == before,
            "{revision:?}"
        );
        assert_safe_names(&cache);
    }
}

#[test]
fn no_address_leaves_the_cache() {
    let place = Place::new();
    let cache = place.root().join("cache");
    let before = place.all_but(&["deep/workspace/cache"]);
    let folder = place.root().join("nothing here");
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
            place.all_but(&["deep/workspace/cache"]) == before,
            "{repository:?}"
        );
        assert!(!error.contains("panicked"), "{error}");
        assert_safe_names(&cache);
    }
}

/// A repository whose own list of branches has names that git would refuse.
#[test]
fn no_branch_of_the_repository_leaves_the_cache() {
    let place = Place::new();
    let cache = place.root().join("cache");
    let before = place.all_but(&["deep/workspace/cache"]);
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
        let path = repository.path_text();
        for revision in [None, Some("trunk"), Some(name)] {
            let request = Request {
                repository: &path,
                revision,
                cache: &cache,
            };
            if let Ok(snapshot) = fetch(&request, &mut |_| {}) {
                assert_eq!(snapshot.manifests.len(), 3, "{name} {revision:?}");
            }
            assert!(place.all_but(&["deep/workspace/cache"]) == before, "{name}");
            assert_safe_names(&cache);
        }
    }
}
