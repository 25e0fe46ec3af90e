//! A path, `file://`, HTTP and HTTPS give the same result.

use std::fs;

use xtask::upstream::{ManifestReadError, Progress, Transfer};

use crate::support::http::{Server, path_to_string};
use crate::support::repository::{
    FIRST_DATE, LATER_DATE, MANIFESTS, Repository, copy, stored_upstream,
};
use crate::support::tls::Authority;
use crate::{Cache, assert_same_outcome, fetch, fetch_in_process, manifests, outcome};

#[test]
fn every_transport_gives_the_same_result() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    let path = repository.path_string();
    for revision in [None, Some("trunk~1")] {
        let expected = fetch(&path, revision).unwrap();
        assert_eq!(
            expected.committed,
            if revision.is_none() {
                LATER_DATE
            } else {
                FIRST_DATE
            }
        );
        for address in [format!("file://{path}"), server.url("/repo")] {
            let found = fetch(&address, revision).unwrap();
            assert_eq!(outcome(&found), outcome(&expected), "{address}");
        }
    }
}

#[test]
fn a_local_repository_is_read_without_a_copy() {
    let repository = Repository::fixture();
    let cache = Cache::new();
    let path = repository.path_string();
    for address in [format!("file://{path}"), path] {
        let snapshot = cache.watch(&address, None, &mut |progress| panic!("{progress:?}"));
        assert_eq!(manifests(&snapshot.unwrap()), MANIFESTS);
        assert!(!cache.path().exists(), "{address} was copied");
    }
}

#[test]
fn a_second_fetch_over_http_receives_nothing() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    let (cache, address) = (Cache::new(), server.url("/repo"));
    let mut reported = Vec::new();
    let first = cache.watch(&address, None, &mut |progress| reported.push(progress));
    let first = first.unwrap();
    assert!(first.shallow && first.transfer.bytes > 0, "{first:?}");
    let Some(Progress {
        received_objects,
        total_objects,
        ..
    }) = reported.pop()
    else {
        panic!("no progress was reported");
    };
    let received = first.transfer.objects;
    assert_eq!((received_objects, total_objects), (received, received));
    let posts = server.posts();

    let second = cache.watch(&address, None, &mut |progress| panic!("{progress:?}"));
    let second = second.unwrap();
    assert_eq!(second.transfer, Transfer::default());
    assert_eq!(outcome(&second), outcome(&first));
    assert_eq!((server.listings(), server.downloads()), (2, 1));
    assert_eq!(server.posts(), posts, "the second fetch requested objects");
}

#[test]
fn a_path_may_contain_characters_that_are_special_in_urls() {
    let repository = Repository::fixture();
    let path = repository.root().join("a:b %20#ü");
    fs::rename(repository.path(), &path).unwrap();
    let snapshot = fetch(path.to_str().unwrap(), None).unwrap();
    assert_eq!(manifests(&snapshot), MANIFESTS);
}

#[test]
fn a_new_commit_is_fetched() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    for address in [repository.path_string(), server.url("/repo")] {
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
            after.transfer.objects <= before.transfer.objects.saturating_sub(1),
            "received more than the new objects"
        );
        let again = cache.fetch(&address, Some(&before.revision)).unwrap();
        assert_eq!(again.transfer, Transfer::default());
        assert_eq!(manifests(&again), manifests(&before));
    }
}

/// Branches that are created, deleted and replaced must not make the cache unusable.
#[test]
fn a_branch_can_be_replaced_by_a_folder_of_branches() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    let (cache, address) = (Cache::new(), server.url("/repo"));
    for turn in 0..2 {
        repository.git(&["branch", "topic"]);
        cache.fetch(&address, Some("topic")).unwrap();
        let mark = cache.repository().join("mark");
        fs::write(&mark, "").unwrap();
        repository.git(&["branch", "--delete", "--force", "topic"]);
        let id = repository.commit_index(&format!("turn {turn}"), LATER_DATE);
        repository.git(&["branch", "topic/part"]);
        assert_eq!(
            cache.fetch(&address, Some("topic/part")).unwrap().revision,
            id
        );
        assert!(mark.exists(), "the cache was deleted");
        repository.git(&["branch", "--delete", "--force", "topic/part"]);
    }
}

/// Upstream rewrote its history: the branch's new commit doesn't descend from the cached one.
#[test]
fn a_forced_push_is_fetched() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    for address in [repository.path_string(), server.url("/repo")] {
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
fn the_default_branch_is_the_branch_of_the_remotes_head() {
    let repository = Repository::fixture();
    repository.git(&["branch", "main", "trunk~1"]);
    let server = Server::start(repository.root());
    for address in [repository.path_string(), server.url("/repo")] {
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

/// Unexpected entries of the `integrations` folder must not hide the others.
#[test]
fn unexpected_entries_are_reported_or_skipped() {
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
    repository.commit_index("unexpected", LATER_DATE);
    let server = Server::start(repository.root());
    for address in [repository.path_string(), server.url("/repo")] {
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
            ("folder", Err(&ManifestReadError::Folder)),
            ("link", Err(&ManifestReadError::SymbolicLink)),
            ("module", Err(&ManifestReadError::Submodule)),
            ("n\u{fffd}ame", Err(&ManifestReadError::KeyNotUtf8)),
            ("program", Ok(b"/etc/passwd".as_slice())),
            bytes(2),
        ];
        assert_eq!(found, expected);
    }
}

#[test]
fn stored_upstream_manifests_are_fetched_unchanged() {
    let Some(stored) = stored_upstream() else {
        return;
    };
    let repository = Repository::empty("main");
    copy(&stored, &repository.path());
    let id = repository.commit("upstream");
    let server = Server::start(repository.root());
    let file = format!("file://{}", repository.path_string());
    for address in [repository.path_string(), file, server.url("/repo")] {
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
        assert!(expected > 0);
        for manifest in &snapshot.manifests {
            let bytes = fs::read(stored.join(&manifest.path)).unwrap();
            assert_eq!(manifest.content.as_ref(), Ok(&bytes), "{}", manifest.key);
        }
    }
}

#[test]
fn https_with_a_custom_certificate_authority() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    let authority = Authority::new("ours");
    let port = authority.start_proxy(server.address());
    let pem = repository.root().join("authority.pem");
    fs::write(&pem, &authority.pem).unwrap();
    let pem = path_to_string(pem);
    let trusting = [("SSL_CERT_FILE", pem.as_str())];
    for path in ["/repo", "/moved/repo", "/charset/repo"] {
        let line = fetch_in_process(&format!("https://localhost:{port}{path}"), &trusting);
        assert_same_outcome(&line, &repository);
    }
    // The certificate is for `localhost`, not for the IP address.
    let line = fetch_in_process(&format!("https://127.0.0.1:{port}/repo"), &trusting);
    assert!(line.contains("for another host"), "{line}");
    // A redirect from HTTPS to HTTP is rejected.
    let downgrade = format!("https://localhost:{port}/to/{}/repo", server.address());
    let line = fetch_in_process(&downgrade, &trusting);
    assert!(line.contains("redirects to `http://127.0.0.1"), "{line}");
    assert_eq!(server.downloads(), 3);
}

#[test]
fn https_with_an_untrusted_certificate_is_an_error() {
    let repository = Repository::fixture();
    let server = Server::start(repository.root());
    let port = Authority::new("ours").start_proxy(server.address());
    let pem = repository.root().join("another.pem");
    fs::write(&pem, Authority::new("another").pem).unwrap();
    let address = format!("https://localhost:{port}/repo");
    let line = fetch_in_process(&address, &[("SSL_CERT_FILE", &path_to_string(pem))]);
    let expected = format!("the certificate of `localhost:{port}` was rejected");
    assert!(
        line.contains(&expected) && line.contains("isn't trusted"),
        "{line}"
    );
    assert!(line.contains("http.sslCAInfo"), "{line}");
    assert_eq!(server.listings(), 0, "sent a request to an untrusted host");
}
