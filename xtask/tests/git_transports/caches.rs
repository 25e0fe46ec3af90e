//! The cache: damage, a full disk, several at once.

use std::fs;
use std::path::Path;
use std::thread;

use xtask::upstream::{self, Problem, Request, Transfer};

use crate::support::command;
use crate::support::http::Server;
use crate::support::repository::{LATER_DATE, MANIFESTS, Repository};
use crate::{Cache, assert_arrived, manifests, output, process};
use tempfile::TempDir;

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

/// Packs are read-only files.
fn overwrite(path: &Path, bytes: &[u8]) {
    if path.exists() {
        fs::remove_file(path).unwrap();
    }
    fs::write(path, bytes).unwrap();
}

/// The system's refusals, and the network's, say nothing about the cache, which stays as it is.
#[test]
fn a_good_cache_outlives_a_failed_fetch() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    let address = server.url("/cut/repo");
    // The cache of the address whose downloads break off, filled by one that works.
    let cache = Cache::new();
    cache.fetch(&address, None).unwrap_err();
    let broken = cache.repository();
    let well = Cache::new();
    let snapshot = well.fetch(&server.url("/repo"), None).unwrap();
    fs::remove_dir_all(&broken).unwrap();
    fs::rename(well.repository(), &broken).unwrap();
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

/// A limit on the size of files is as a full disk to the one who writes.
#[cfg(unix)]
#[test]
fn a_good_cache_outlives_a_full_disk() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    let (cache, address) = (Cache::new(), server.url("/repo"));
    let first = cache.fetch(&address, None).unwrap();
    fs::write(cache.repository().join("mark"), "").unwrap();
    // Nothing that compresses to less than the limit.
    let mut noise = fastrand::Rng::with_seed(1);
    let bytes: String = (0..1 << 20).map(|_| noise.alphanumeric()).collect();
    repository.write("large.txt", &bytes);
    repository.commit("large");
    let mut shell = std::process::Command::new("sh");
    let fetching = process(&address, &cache.path(), &[]);
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
    let outcome = output(shell);
    assert!(outcome.contains("free disk space"), "{outcome}");
    assert!(cache.repository().join("mark").exists());
    let again = cache.fetch(&address, Some(&first.revision)).unwrap();
    assert_eq!(manifests(&again), MANIFESTS);
    assert_arrived(&output(process(&address, &cache.path(), &[])), &repository);
}

/// A process that was killed while it wrote a ref leaves the ref's lock file.
#[test]
fn a_lock_left_by_a_killed_process() {
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
fn a_cache_that_cannot_be_made() {
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

/// Each run has the workspace, and so the cache, to itself.
#[test]
fn one_of_several_runs_at_once_receives() {
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
