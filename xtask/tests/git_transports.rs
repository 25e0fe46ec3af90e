//! Fetching from real repositories over every transport, made with the system's git.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of a test that unwraps fails the test with the reason"
)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use support::http::{Server, closed_port, text};
use support::repository::{FIRST_DATE, LATER_DATE, MANIFESTS, Repository, copy, stored_upstream};
use support::tls::Authority;
use tempfile::TempDir;
use xtask::upstream::{self, GitError, Progress, Request, Snapshot, Transfer, Unreadable};

/// A cache folder of the test's own.
struct Cache(TempDir);

impl Cache {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("upstream")
    }

    fn fetch(&self, repository: &str, revision: Option<&str>) -> Result<Snapshot, GitError> {
        self.watch(repository, revision, &mut |_| {})
    }

    fn watch(
        &self,
        repository: &str,
        revision: Option<&str>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Snapshot, GitError> {
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

fn fetch(repository: &str, revision: Option<&str>) -> Result<Snapshot, GitError> {
    Cache::new().fetch(repository, revision)
}

fn manifests(snapshot: &Snapshot) -> Vec<(&str, &str)> {
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

/// Fetches twice: the first run receives, the second doesn't.
fn fetch_twice(repository: &Repository, address: &str, shallow: bool) -> Cache {
    let cache = Cache::new();
    let mut reported = Vec::new();
    let first = cache
        .watch(address, None, &mut |progress| reported.push(progress))
        .unwrap();
    assert_eq!(first.revision, repository.id("trunk"));
    assert_eq!(first.committed, LATER_DATE);
    assert_eq!(manifests(&first), MANIFESTS);
    assert_eq!(first.shallow, shallow);
    assert!(
        first.transfer.objects > 0 && first.transfer.bytes > 0,
        "{:?}",
        first.transfer
    );
    let Some(Progress::Receiving {
        received_objects,
        total_objects,
        ..
    }) = reported.pop()
    else {
        panic!("no progress was reported");
    };
    assert_eq!(
        (received_objects, total_objects),
        (first.transfer.objects, first.transfer.objects)
    );

    let second = cache
        .watch(address, None, &mut |progress| panic!("{progress:?}"))
        .unwrap();
    assert_eq!(second.transfer, Transfer::default());
    assert_eq!(second.revision, first.revision);
    assert_eq!(manifests(&second), MANIFESTS);
    assert_eq!(second.shallow, shallow);
    cache
}

#[test]
fn a_path_twice() {
    let repository = Repository::fixture();
    fetch_twice(&repository, &repository.path_text(), false);
}

#[test]
fn a_file_address_twice() {
    let repository = Repository::fixture();
    fetch_twice(
        &repository,
        &format!("file://{}", repository.path_text()),
        false,
    );
}

#[test]
fn http_twice() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    let cache = fetch_twice(&repository, &server.url("/repo"), true);
    assert_eq!(
        (server.listings(), server.downloads()),
        (2, 1),
        "both runs ask, one receives"
    );
    let posts = server.posts();
    cache.fetch(&server.url("/repo"), None).unwrap();
    assert_eq!(
        (server.listings(), server.posts()),
        (3, posts),
        "no object is even asked for"
    );
}

#[test]
fn a_path_with_signs_that_mean_something_in_an_address() {
    let repository = Repository::fixture();
    let path = repository.root().join("a:b %20#ü");
    fs::rename(repository.path(), &path).unwrap();
    let snapshot = fetch(path.to_str().unwrap(), None).unwrap();
    assert_eq!(manifests(&snapshot), MANIFESTS);
}

#[test]
fn a_shallow_clone_as_the_source() {
    let repository = Repository::fixture();
    let clone = text(repository.root().join("clone"));
    let source = format!("file://{}", repository.path_text());
    repository.git(&["clone", "--quiet", "--depth", "1", &source, &clone]);
    let snapshot = fetch(&clone, None).unwrap();
    assert_eq!(manifests(&snapshot), MANIFESTS);
}

#[test]
fn a_new_commit_is_picked_up() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    for address in [repository.path_text(), server.url("/repo")] {
        let cache = Cache::new();
        let before = cache.fetch(&address, None).unwrap();
        repository.write("integrations/acme/manifest.json", "{\"name\":\"Acme 2\"}\n");
        repository.write("integrations/new/manifest.json", "{}\n");
        repository.write("elsewhere.txt", &address);
        let id = repository.commit("third");
        let after = cache.fetch(&address, None).unwrap();
        assert_ne!(before.revision, id);
        assert_eq!(after.revision, id);
        let found = manifests(&after);
        assert!(
            found.contains(&("acme", "{\"name\":\"Acme 2\"}\n")),
            "{found:?}"
        );
        assert!(found.contains(&("new", "{}\n")), "{found:?}");
        assert!(
            after.transfer.objects < before.transfer.objects,
            "only what is new is received"
        );
        let again = cache.fetch(&address, Some(&before.revision)).unwrap();
        assert_eq!(again.transfer, Transfer::default());
        assert_eq!(manifests(&again), manifests(&before));
    }
}

/// Branches that come, go and take each other's place must not get into the way of the cache.
#[test]
fn a_branch_replaced_by_a_folder_of_branches() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    for (turn, address) in [repository.path_text(), server.url("/repo")]
        .iter()
        .enumerate()
    {
        let cache = Cache::new();
        repository.git(&["branch", "topic"]);
        cache.fetch(address, Some("topic")).unwrap();
        let mark = cache.repository().join("mark");
        fs::write(&mark, "").unwrap();
        repository.git(&["branch", "--delete", "--force", "topic"]);
        let id = repository.commit_index(&format!("turn {turn}"), LATER_DATE);
        repository.git(&["branch", "topic/part"]);
        assert_eq!(
            cache.fetch(address, Some("topic/part")).unwrap().revision,
            id
        );
        assert!(mark.exists(), "the cache was thrown away");
        repository.git(&["branch", "--delete", "--force", "topic/part"]);
    }
}

/// History rewritten upstream: the branch's new commit doesn't descend from the cached one.
#[test]
fn a_forced_push_is_followed() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    for address in [repository.path_text(), server.url("/repo")] {
        let cache = Cache::new();
        cache.fetch(&address, None).unwrap();
        repository.git(&["commit", "--quiet", "--amend", "-m", &address]);
        assert_eq!(
            cache.fetch(&address, None).unwrap().revision,
            repository.id("trunk")
        );
    }
}

#[test]
fn branches_and_tags_by_name() {
    let repository = Repository::fixture();
    let older = repository.id("trunk~1");
    repository.git(&["tag", "light", &older]);
    repository.git(&["tag", "--annotate", "-m", "A tag.", "heavy", &older]);
    repository.git(&["branch", "feature/old", &older]);
    repository.git(&["branch", "both", "trunk"]);
    repository.git(&["tag", "both", &older]);
    let server = Server::start(repository.root());
    for (address, shallow) in [(repository.path_text(), false), (server.url("/repo"), true)] {
        for revision in ["light", "heavy", "feature/old", "refs/tags/both"] {
            let cache = Cache::new();
            for received in [true, false] {
                let snapshot = cache.fetch(&address, Some(revision)).unwrap();
                assert_eq!(snapshot.revision, older, "{revision} of {address}");
                assert_eq!(snapshot.committed, FIRST_DATE);
                assert_eq!(manifests(&snapshot), MANIFESTS[..2]);
                assert_eq!(
                    snapshot.transfer.objects > 0,
                    received,
                    "{revision} of {address}"
                );
                // A root commit has no parent that could be cut off.
                assert!(!snapshot.shallow || shallow);
            }
        }
        let both = fetch(&address, Some("both")).unwrap();
        assert_eq!(
            both.revision,
            repository.id("refs/heads/both"),
            "the branch wins"
        );
    }
}

#[test]
fn an_older_revision_by_its_full_id() {
    let repository = Repository::fixture();
    let older = repository.id("trunk~1");
    repository.commit_index("third", LATER_DATE);
    let server = Server::start(repository.root());
    for allowed in ["false", "true"] {
        repository.git(&["config", "uploadpack.allowReachableSHA1InWant", allowed]);
        for address in [repository.path_text(), server.url("/repo")] {
            let cache = Cache::new();
            for received in [true, false] {
                let snapshot = cache.fetch(&address, Some(&older.to_uppercase())).unwrap();
                assert_eq!(snapshot.revision, older);
                assert_eq!(snapshot.committed, FIRST_DATE);
                assert_eq!(manifests(&snapshot), MANIFESTS[..2]);
                assert_eq!(snapshot.transfer.objects > 0, received);
            }
        }
    }
}

/// A server that allows bare ids sends one commit; of one that doesn't, everything is fetched, also
/// into a cache that was shallow.
#[test]
fn a_bare_id_falls_back_to_the_whole_history() {
    let repository = Repository::fixture();
    let middle = repository.id("trunk");
    repository.commit_index("third", LATER_DATE);
    let server = Server::start(repository.root());
    let address = server.url("/repo");
    repository.git(&["config", "uploadpack.allowReachableSHA1InWant", "true"]);
    assert!(fetch(&address, Some(&middle)).unwrap().shallow);
    repository.git(&["config", "uploadpack.allowReachableSHA1InWant", "false"]);
    assert!(!fetch(&address, Some(&middle)).unwrap().shallow);
    let cache = Cache::new();
    assert!(cache.fetch(&address, None).unwrap().shallow);
    let snapshot = cache.fetch(&address, Some(&middle)).unwrap();
    assert_eq!((snapshot.revision, snapshot.shallow), (middle, false));
}

/// What the cache has is found by its id without a network.
#[test]
fn a_cached_commit_needs_no_network() {
    let repository = Repository::fixture();
    let cache = Cache::new();
    let server = Server::start(repository.root());
    let address = server.url("/repo");
    let first = cache.fetch(&address, None).unwrap();
    let before = server.listings();
    let second = cache.fetch(&address, Some(&first.revision)).unwrap();
    assert_eq!(manifests(&second), MANIFESTS);
    assert_eq!(server.listings(), before);
}

#[test]
fn the_default_branch_is_the_remotes() {
    let repository = Repository::fixture();
    repository.git(&["branch", "main", "trunk~1"]);
    let server = Server::start(repository.root());
    for address in [repository.path_text(), server.url("/repo")] {
        assert_eq!(
            fetch(&address, None).unwrap().revision,
            repository.id("trunk")
        );
        repository.git(&["symbolic-ref", "HEAD", "refs/heads/main"]);
        assert_eq!(
            fetch(&address, None).unwrap().revision,
            repository.id("main")
        );
        repository.git(&["symbolic-ref", "HEAD", "refs/heads/trunk"]);
    }
}

/// Entries that no check-out is needed for, and that must not hide the others.
#[test]
fn odd_entries_are_named_or_skipped() {
    let repository = Repository::fixture();
    let target = repository.blob("/etc/passwd");
    let commit = repository.id("trunk");
    repository.index_entry("120000", &target, b"integrations/link/manifest.json");
    repository.index_entry("160000", &commit, b"integrations/module/manifest.json");
    repository.index_entry("100644", &target, b"integrations/folder/manifest.json/x");
    repository.index_entry("100644", &target, b"integrations/n\xffame/manifest.json");
    repository.index_entry("100755", &target, b"integrations/program/manifest.json");
    repository.index_entry("120000", &target, b"integrations/linked-folder");
    repository.index_entry("160000", &commit, b"integrations/submodule");
    repository.commit_index("odd", LATER_DATE);
    let server = Server::start(repository.root());
    for address in [repository.path_text(), server.url("/repo")] {
        let snapshot = fetch(&address, None).unwrap();
        let found: Vec<_> = snapshot
            .manifests
            .iter()
            .map(|manifest| (manifest.key.as_str(), manifest.content.as_deref()))
            .collect();
        let bytes = |key: usize| (MANIFESTS[key].0, Ok(MANIFESTS[key].1.as_bytes()));
        let expected = [
            bytes(0),
            bytes(1),
            ("folder", Err(&Unreadable::Folder)),
            ("link", Err(&Unreadable::SymbolicLink)),
            ("module", Err(&Unreadable::Submodule)),
            ("n\u{fffd}ame", Err(&Unreadable::KeyNotUtf8)),
            ("program", Ok(b"/etc/passwd".as_slice())),
            bytes(2),
        ];
        assert_eq!(found, expected);
    }
}

#[test]
fn a_repository_without_integrations() {
    let repository = Repository::empty("trunk");
    repository.write("README.md", "Something else.\n");
    let id = repository.commit("first");
    repository.index_entry("120000", &repository.blob("elsewhere"), b"integrations");
    repository.commit_index("second", LATER_DATE);
    let server = Server::start(repository.root());
    for address in [repository.path_text(), server.url("/repo")] {
        for revision in [None, Some(id.as_str())] {
            let error = fetch(&address, revision).unwrap_err();
            assert!(matches!(error, GitError::NoIntegrations { .. }), "{error}");
            assert!(error.to_string().contains(&address), "{error}");
        }
    }
}

#[test]
fn a_revision_that_is_not_there() {
    let repository = Repository::fixture();
    repository.git(&["tag", "v1.0"]);
    let server = Server::start(repository.root());
    let nowhere = "1".repeat(40);
    for address in [repository.path_text(), server.url("/repo")] {
        let error = fetch(&address, Some("trnk")).unwrap_err();
        assert!(matches!(error, GitError::NoSuchRevision { .. }), "{error}");
        let message = error.to_string();
        assert!(
            message.contains("`trnk`") && message.contains("did you mean `trunk`?"),
            "{message}"
        );
        for allowed in ["false", "true"] {
            repository.git(&["config", "uploadpack.allowAnySHA1InWant", allowed]);
            let error = fetch(&address, Some(&nowhere)).unwrap_err();
            assert!(matches!(error, GitError::NoSuchRevision { .. }), "{error}");
        }
        let error = fetch(&address, Some(&nowhere[..7])).unwrap_err();
        assert!(
            matches!(error, GitError::AbbreviatedCommit { .. }),
            "{error}"
        );
        let error = fetch(&address, Some("--upload-pack=x")).unwrap_err();
        assert!(matches!(error, GitError::InvalidRevision { .. }), "{error}");
    }
}

#[test]
fn an_abbreviated_id_means_a_commit_that_is_at_hand() {
    let repository = Repository::fixture();
    let first = repository.id("trunk~1");
    // All of a repository on this machine is, and of a remote one what was fetched before.
    let snapshot = fetch(&repository.path_text(), Some(&first[..7])).unwrap();
    assert_eq!(snapshot.revision, first);
    let server = Server::start(repository.root());
    let error = fetch(&server.url("/repo"), Some(&first[..7])).unwrap_err();
    assert!(
        matches!(error, GitError::AbbreviatedCommit { .. }),
        "{error}"
    );
}

#[test]
fn steps_back_lead_to_earlier_commits() {
    let repository = Repository::fixture();
    repository.write("integrations/later/manifest.json", "{}");
    repository.commit("third");
    let server = Server::start(repository.root());
    for address in [repository.path_text(), server.url("/repo")] {
        for revision in ["trunk~1", "HEAD^", "trunk~2", "HEAD~1^1", "trunk^0"] {
            let snapshot = fetch(&address, Some(revision)).unwrap();
            assert_eq!(snapshot.revision, repository.id(revision), "{revision}");
        }
        let third = repository.id("trunk");
        let snapshot = fetch(&address, Some(&format!("{third}~2"))).unwrap();
        assert_eq!(snapshot.revision, repository.id("trunk~2"));
        for revision in ["trunk~3", "trunk^2", "trnk~1"] {
            let error = fetch(&address, Some(revision)).unwrap_err();
            assert!(matches!(error, GitError::NoSuchRevision { .. }), "{error}");
        }
        for revision in ["~1", "^", "trunk~x", "trunk^{tree}", "trunk~1/x"] {
            let error = fetch(&address, Some(revision)).unwrap_err();
            assert!(
                matches!(error, GitError::InvalidRevision { .. }),
                "{revision}: {error}"
            );
        }
    }
}

#[test]
fn an_id_that_is_no_commit() {
    let repository = Repository::fixture();
    let tree = repository.id("trunk^{tree}");
    let error = fetch(&repository.path_text(), Some(&tree)).unwrap_err();
    assert!(matches!(error, GitError::NotACommit { .. }), "{error}");
}

#[test]
fn an_empty_repository() {
    let repository = Repository::empty("trunk");
    let server = Server::start(repository.root());
    for address in [repository.path_text(), server.url("/repo")] {
        let error = fetch(&address, None).unwrap_err();
        assert!(matches!(error, GitError::NoDefaultBranch { .. }), "{error}");
    }
}

#[test]
fn a_place_without_a_repository() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    let (empty, missing) = (
        text(repository.root().to_owned()),
        text(repository.root().join("missing")),
    );
    for address in [
        empty,
        missing,
        server.url("/missing"),
        server.url("/page/repo"),
    ] {
        let error = fetch(&address, None).unwrap_err();
        assert!(
            matches!(error, GitError::NoSuchRepository { .. }),
            "{error}"
        );
        assert!(error.to_string().contains(&address), "{error}");
    }
}

#[test]
fn a_host_that_refuses() {
    for scheme in ["http", "https"] {
        let address = format!("{scheme}://{}/repo", closed_port());
        let error = fetch(&address, None).unwrap_err();
        assert!(
            matches!(error, GitError::ConnectionRefused { .. }),
            "{error}"
        );
        assert!(error.to_string().contains(&address), "{error}");
    }
}

#[test]
fn a_host_that_is_not_known() {
    for scheme in ["http", "https"] {
        let error = fetch(&format!("{scheme}://does-not-exist.invalid/"), None).unwrap_err();
        assert!(matches!(error, GitError::UnknownHost { .. }), "{error}");
        assert!(
            error.to_string().contains("`does-not-exist.invalid`"),
            "{error}"
        );
    }
}

#[test]
fn a_host_that_wants_a_login() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    let error = fetch(&server.url("/private/repo"), None).unwrap_err();
    assert!(
        matches!(error, GitError::AuthenticationRequired { .. }),
        "{error}"
    );
}

#[test]
fn a_renamed_repository_is_followed() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    let snapshot = fetch(&server.url("/moved/repo"), None).unwrap();
    assert_eq!(manifests(&snapshot), MANIFESTS);
}

#[test]
fn a_download_that_breaks_off_leaves_a_usable_cache() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    let cache = Cache::new();
    let address = server.url("/cut/repo");
    cache.fetch(&address, None).unwrap_err();
    let first = cache.repository();
    // The same cache, with the server well again.
    let well = Cache::new();
    well.fetch(&server.url("/repo"), None).unwrap();
    let healthy = well.repository();
    fs::remove_dir_all(&healthy).unwrap();
    fs::rename(first, &healthy).unwrap();
    let snapshot = well.fetch(&server.url("/repo"), None).unwrap();
    assert_eq!(manifests(&snapshot), MANIFESTS);
}

#[test]
fn a_damaged_cache_is_filled_again() {
    type Damage = fn(&Cache);
    let damages: [(&str, Damage); 6] = [
        ("overwritten pack", |cache| {
            for pack in cache.packs() {
                let mut bytes = fs::read(&pack).unwrap();
                let length = bytes.len();
                bytes[12..length - 20].fill(0x55);
                overwrite(&pack, &bytes);
            }
        }),
        ("truncated pack", |cache| {
            for pack in cache.packs() {
                let bytes = fs::read(&pack).unwrap();
                overwrite(&pack, &bytes[..bytes.len() / 2]);
            }
        }),
        ("missing pack", |cache| {
            for pack in cache.packs() {
                fs::remove_file(pack).unwrap();
            }
        }),
        ("unreadable configuration", |cache| {
            overwrite(&cache.repository().join("config"), b"[core\n");
        }),
        ("missing HEAD", |cache| {
            fs::remove_file(cache.repository().join("HEAD")).unwrap()
        }),
        ("an empty folder", |cache| {
            let folder = cache.repository();
            fs::remove_dir_all(&folder).unwrap();
            fs::create_dir(folder).unwrap();
        }),
    ];
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    for address in [repository.path_text(), server.url("/repo")] {
        for (name, damage) in damages {
            let cache = Cache::new();
            cache.fetch(&address, None).unwrap();
            damage(&cache);
            let snapshot = cache.fetch(&address, None).unwrap_or_else(|error| {
                panic!("{name}, {address}: {error}");
            });
            assert_eq!(manifests(&snapshot), MANIFESTS, "{name}");
            assert!(snapshot.transfer.objects > 0, "{name}");
            let again = cache.fetch(&address, None).unwrap();
            assert_eq!(again.transfer, Transfer::default(), "{name}");
        }
    }
}

/// Packs are read-only files.
fn overwrite(path: &Path, bytes: &[u8]) {
    if path.exists() {
        fs::remove_file(path).unwrap();
    }
    fs::write(path, bytes).unwrap();
}

/// A process that was killed while it wrote a ref leaves the ref's lock file.
#[test]
fn a_lock_left_by_a_killed_process() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    for address in [repository.path_text(), server.url("/repo")] {
        let cache = Cache::new();
        cache.fetch(&address, None).unwrap();
        let id = repository.commit_index(&address, LATER_DATE);
        let lock = cache.repository().join(format!("refs/seen/{id}.lock"));
        fs::create_dir_all(lock.parent().unwrap()).unwrap();
        fs::write(lock, "").unwrap();
        assert_eq!(cache.fetch(&address, None).unwrap().revision, id);
    }
}

#[test]
fn a_cache_that_cannot_be_made() {
    let repository = Repository::fixture();
    let file = repository.root().join("file");
    fs::write(&file, "").unwrap();
    let request = Request {
        repository: &repository.path_text(),
        revision: None,
        cache: &file.join("cache"),
    };
    let error = upstream::fetch(&request, &mut |_| {}).unwrap_err();
    assert!(matches!(error, GitError::Cache { .. }), "{error}");
}

#[test]
fn one_of_several_at_once_receives() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    let (cache, address) = (Cache::new(), server.url("/repo"));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let snapshot = cache.fetch(&address, None).unwrap();
                assert_eq!(manifests(&snapshot), MANIFESTS);
            });
        }
    });
    assert_eq!((server.listings(), server.downloads()), (4, 1));
}

/// The whole of upstream, as far as it is stored here.
#[test]
fn stored_upstream_arrives_byte_for_byte() {
    let Some(stored) = stored_upstream() else {
        return;
    };
    let repository = Repository::empty("main");
    copy(&stored, &repository.path());
    let id = repository.commit("upstream");
    let server = Server::start(repository.root());
    let file = format!("file://{}", repository.path_text());
    for address in [repository.path_text(), file, server.url("/repo")] {
        let snapshot = fetch(&address, None).unwrap();
        assert_eq!(snapshot.revision, id);
        let folders = fs::read_dir(stored.join("integrations")).unwrap();
        let expected = folders
            .filter(|entry| {
                entry
                    .as_ref()
                    .unwrap()
                    .path()
                    .join("manifest.json")
                    .is_file()
            })
            .count();
        assert_eq!(snapshot.manifests.len(), expected);
        assert!(expected > 100);
        for manifest in &snapshot.manifests {
            let bytes = fs::read(stored.join(&manifest.path)).unwrap();
            assert_eq!(manifest.content.as_ref(), Ok(&bytes), "{}", manifest.key);
        }
    }
}

// The environment belongs to a whole process, so what depends on it runs in one of its own: the test
// starts this very program again, with one test and the address that this test is to fetch.

const ADDRESS: &str = "GIT_TRANSPORTS_ADDRESS";

/// The outcome of a fetch in a process with this environment.
fn in_a_process(address: &str, environment: &[(&str, String)]) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args([
            "--exact",
            "the_fetch_of_a_process_of_its_own",
            "--nocapture",
        ])
        .env_remove("SSL_CERT_DIR")
        .env(ADDRESS, address)
        .envs(environment.iter().map(|(name, value)| (name, value)));
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    text
}

/// Does nothing unless [`in_a_process`] started it.
#[test]
fn the_fetch_of_a_process_of_its_own() {
    let Ok(address) = std::env::var(ADDRESS) else {
        return;
    };
    let cache = Cache::new();
    for run in 1..=2 {
        match cache.fetch(&address, None) {
            Ok(snapshot) => {
                let (revision, shallow) = (&snapshot.revision, snapshot.shallow);
                let received = snapshot.transfer.objects > 0;
                assert_eq!(manifests(&snapshot), MANIFESTS);
                println!("run {run}: {revision} shallow={shallow} received={received}");
            }
            Err(error) => println!("run {run}: {error} {error:?}"),
        }
    }
}

#[test]
fn https_with_an_authority_of_our_own() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    let authority = Authority::new("ours");
    let port = authority.front(server.address());
    let address = format!("https://localhost:{port}/repo");
    let pem = repository.root().join("authority.pem");
    fs::write(&pem, &authority.pem).unwrap();

    let output = in_a_process(&address, &[("SSL_CERT_FILE", text(pem.clone()))]);
    let id = repository.id("trunk");
    assert!(
        output.contains(&format!("run 1: {id} shallow=true received=true")),
        "{output}"
    );
    assert!(
        output.contains(&format!("run 2: {id} shallow=true received=false")),
        "{output}"
    );
    assert_eq!((server.listings(), server.downloads()), (2, 1));

    let moved = format!("https://localhost:{port}/moved/repo");
    let output = in_a_process(&moved, &[("SSL_CERT_FILE", text(pem.clone()))]);
    assert!(
        output.contains(&format!("run 1: {id} shallow=true received=true")),
        "{output}"
    );

    // The certificate is for `localhost`, not for the number.
    let number = format!("https://127.0.0.1:{port}/repo");
    let output = in_a_process(&number, &[("SSL_CERT_FILE", text(pem))]);
    assert!(
        output.contains("Certificate {") && output.contains("for another host"),
        "{output}"
    );
}

#[test]
fn https_without_the_authority_is_refused() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    let port = Authority::new("ours").front(server.address());
    let pem = repository.root().join("another.pem");
    fs::write(&pem, Authority::new("another").pem).unwrap();
    let address = format!("https://localhost:{port}/repo");
    let output = in_a_process(&address, &[("SSL_CERT_FILE", text(pem))]);
    let expected = format!("the certificate of `localhost:{port}` for {address} was refused");
    assert!(
        output.contains(&expected) && output.contains("isn't trusted"),
        "{output}"
    );
    assert_eq!(
        server.listings(),
        0,
        "nothing was said to a host that isn't trusted"
    );
}

/// Rules of the user's own git configuration don't reach the way to the relay.
#[test]
fn the_users_git_configuration_is_left_out() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    let home = repository.root().join("home");
    fs::create_dir(&home).unwrap();
    let rules = "[url \"https://127.0.0.2:1/\"]\n\tinsteadOf = http://\n\
                 [http]\n\tproxy = http://127.0.0.1:1\n[init]\n\ttemplateDir = /\n";
    fs::write(home.join(".gitconfig"), rules).unwrap();
    let environment = [
        ("HOME", text(home.clone())),
        ("XDG_CONFIG_HOME", text(home)),
    ];
    let output = in_a_process(&server.url("/repo"), &environment);
    assert!(output.contains("received=true"), "{output}");
}
