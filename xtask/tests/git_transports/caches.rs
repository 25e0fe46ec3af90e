//! The cache: damage, a full disk, concurrent runs.

use std::fs;
use std::path::Path;
use std::thread;

use xtask::upstream::{self, Problem, Request, Transfer};

use crate::support::command;
use crate::support::http::Server;
use crate::support::repository::{LATER_DATE, MANIFESTS, Repository};
use crate::{Cache, assert_same_outcome, fetch_command, manifests, run_to_outcome};
use tempfile::TempDir;

#[test]
fn a_damaged_cache_is_replaced() {
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
    let address = server.url("/repo");
    {
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

/// Replaces a file. Packs are read-only, so the file is deleted first.
fn overwrite(path: &Path, bytes: &[u8]) {
    if path.exists() {
        fs::remove_file(path).unwrap();
    }
    fs::write(path, bytes).unwrap();
}

/// An error of the system or the network is not a damaged cache: the cache is kept.
#[test]
fn a_failed_fetch_keeps_the_cache() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    let address = server.url("/cut/repo");
    // Downloads from `address` are cut, so its cache is copied from an address that works.
    let cache = Cache::new();
    cache.fetch(&address, None).unwrap_err();
    let broken = cache.repository();
    let working = Cache::new();
    let snapshot = working.fetch(&server.url("/repo"), None).unwrap();
    fs::remove_dir_all(&broken).unwrap();
    fs::rename(working.repository(), &broken).unwrap();
    fs::write(broken.join("mark"), "").unwrap();
    for turn in 0..3 {
        repository.write("elsewhere.txt", &turn.to_string());
        repository.commit("more");
        cache.fetch(&address, None).unwrap_err();
        assert!(broken.join("mark").exists());
        let again = cache.fetch(&address, Some(&snapshot.revision)).unwrap();
        assert_eq!(manifests(&again), MANIFESTS);
    }
}

/// A limit on file sizes makes writes fail as on a full disk.
#[cfg(unix)]
#[test]
fn a_full_disk_keeps_the_cache() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    let (cache, address) = (Cache::new(), server.url("/repo"));
    let first = cache.fetch(&address, None).unwrap();
    fs::write(cache.repository().join("mark"), "").unwrap();
    // Random text, so the compressed file is larger than the limit.
    let mut noise = fastrand::Rng::with_seed(1);
    let bytes: String = (0..1 << 20).map(|_| noise.alphanumeric()).collect();
    repository.write("large.txt", &bytes);
    repository.commit("large");
    let mut shell = std::process::Command::new("sh");
    let fetching = fetch_command(&address, &cache.path(), &[]);
    shell
        .args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$@\"", "sh"])
        .arg(fetching.get_program())
        .args(fetching.get_args());
    for (name, value) in fetching.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    let outcome = run_to_outcome(shell);
    assert!(outcome.contains("free disk space"), "{outcome}");
    assert!(cache.repository().join("mark").exists());
    let again = cache.fetch(&address, Some(&first.revision)).unwrap();
    assert_eq!(manifests(&again), MANIFESTS);
    assert_same_outcome(
        &run_to_outcome(fetch_command(&address, &cache.path(), &[])),
        &repository,
    );
}

/// A process that is killed while it writes a ref leaves the ref's lock file.
#[test]
fn a_leftover_lock_file_is_ignored() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    {
        let address = server.url("/repo");
        let cache = Cache::new();
        cache.fetch(&address, None).unwrap();
        let id = repository.commit_index(&address, LATER_DATE);
        let lock = cache.repository().join(format!("refs/reached/{id}.lock"));
        fs::create_dir_all(lock.parent().unwrap()).unwrap();
        fs::write(lock, "").unwrap();
        assert_eq!(cache.fetch(&address, None).unwrap().revision, id);
    }
}

#[test]
fn a_cache_that_cannot_be_created_is_an_error() {
    let repository = Repository::fixture();
    let file = repository.root().join("file");
    fs::write(&file, "").unwrap();
    let server = Server::start(repository.root());
    let request = Request {
        repository: &server.url("/repo"),
        revision: None,
        cache: &file.join("cache"),
    };
    let error = upstream::fetch(&request, &mut |_| {}).unwrap_err();
    assert!(matches!(error.problem, Problem::Cache { .. }), "{error}");
}

/// The runs take turns: each one locks the workspace and its cache.
#[test]
fn only_one_of_several_concurrent_runs_downloads() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    let (root, address) = (TempDir::new().unwrap(), server.url("/repo"));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let update = ["regen", "--update", "--repo", &address];
                command::run(root.path(), &update).succeeded();
            });
        }
    });
    assert_eq!((server.listings(), server.downloads()), (4, 1));
}
