//! Which commit a revision selects, over every transport.

use xtask::upstream::Problem;

use crate::support::http::Server;
use crate::support::repository::{FIRST_DATE, LATER_DATE, MANIFESTS, Repository};
use crate::{Cache, fetch, manifests};

/// The repository's path, and its URL on a server.
fn addresses(repository: &Repository) -> (Server, [String; 2]) {
    let server = Server::start(repository.root());
    let addresses = [repository.path_string(), server.url("/repo")];
    (server, addresses)
}

/// Fetches a revision that is rejected, and returns the error message.
fn rejection_message(address: &str, revision: &str) -> String {
    let error = fetch(address, Some(revision)).unwrap_err();
    assert!(
        matches!(error.problem, Problem::Revision { .. }),
        "{revision}: {error}"
    );
    let message = error.to_string();
    assert!(message.contains(address), "{message}");
    message
}

#[test]
fn branches_tags_and_ids_are_found() {
    let repository = Repository::fixture();
    let older = repository.id("trunk~1");
    repository.git(&["tag", "light", &older]);
    repository.git(&["tag", "--annotate", "-m", "A tag.", "heavy", &older]);
    repository.git(&["branch", "feature/old", &older]);
    repository.git(&["branch", "both", "trunk"]);
    repository.git(&["tag", "both", &older]);
    let heavy = repository.id("refs/tags/heavy");
    let (_server, addresses) = addresses(&repository);
    for address in &addresses {
        let (upper, short) = (older.to_uppercase(), &older[..7]);
        let same = [
            "light",
            "heavy",
            "feature/old",
            "refs/tags/both",
            &upper,
            short,
            &heavy,
        ];
        for revision in same {
            let cache = Cache::new();
            for _ in 0..2 {
                let snapshot = cache.fetch(address, Some(revision)).unwrap();
                assert_eq!(snapshot.revision, older, "{revision} of {address}");
                assert_eq!(snapshot.committed, FIRST_DATE);
                assert_eq!(manifests(&snapshot), MANIFESTS[..2]);
                assert_eq!(snapshot.outside, None);
            }
        }
        let both = fetch(address, Some("both")).unwrap();
        assert_eq!(
            both.revision,
            repository.id("refs/heads/both"),
            "the branch takes precedence over the tag"
        );
    }
}

#[test]
fn an_older_commit_is_found_by_id_with_and_without_server_support() {
    let repository = Repository::fixture();
    let middle = repository.id("trunk");
    repository.commit_index("third", LATER_DATE);
    let server = Server::start(repository.root());
    for allowed in ["false", "true"] {
        repository.git(&["config", "uploadpack.allowAnySHA1InWant", allowed]);
        let cache = Cache::new();
        assert!(cache.fetch(&server.url("/repo"), None).unwrap().shallow);
        let snapshot = cache.fetch(&server.url("/repo"), Some(&middle)).unwrap();
        assert_eq!(
            (snapshot.revision.as_str(), snapshot.shallow),
            (middle.as_str(), false)
        );
    }
}

#[test]
fn a_cached_commit_needs_no_network() {
    let repository = Repository::fixture();
    let (cache, server) = (Cache::new(), Server::start(repository.root()));
    let address = server.url("/repo");
    let first = cache.fetch(&address, None).unwrap();
    let before = server.listings();
    let second = cache.fetch(&address, Some(&first.revision)).unwrap();
    assert_eq!(manifests(&second), MANIFESTS);
    assert_eq!(server.listings(), before);
}

#[test]
fn parent_suffixes_select_earlier_commits() {
    let repository = Repository::fixture();
    repository.write("integrations/later/manifest.json", "{}");
    repository.commit("third");
    repository.git(&["update-ref", "refs/pull/7/head", "trunk"]);
    let third = repository.id("trunk");
    let (from_id, from_short) = (format!("{third}~2"), format!("{}~1", &third[..9]));
    let (_server, addresses) = addresses(&repository);
    for address in &addresses {
        for (revision, same) in [
            ("trunk~1", "trunk~1"),
            ("HEAD^", "trunk~1"),
            ("trunk~2", "trunk~2"),
            ("HEAD~1^1", "trunk~2"),
            ("trunk^0", "trunk"),
            ("refs/pull/7/head~1", "trunk~1"),
            (&from_id, "trunk~2"),
            (&from_short, "trunk~1"),
        ] {
            let snapshot = fetch(address, Some(revision)).unwrap();
            assert_eq!(
                snapshot.revision,
                repository.id(same),
                "{revision} of {address}"
            );
            assert_eq!(snapshot.outside, None, "{revision}");
        }
        for revision in ["trunk~3", "trunk^2"] {
            let message = rejection_message(address, revision);
            assert!(message.contains("goes back beyond"), "{message}");
        }
        let message = rejection_message(address, "trnk~1");
        assert!(message.contains("did you mean `trunk`?"), "{message}");
    }
}

/// Anyone can create a commit that only a pull request contains. GitHub sends it by its id like a commit of
/// the repository.
#[test]
fn a_commit_outside_all_branches_and_tags_needs_its_ref() {
    let repository = Repository::fixture();
    let trunk = repository.id("trunk");
    let proposed = repository.commit_index("proposed", LATER_DATE);
    repository.git(&["update-ref", "refs/pull/7/head", &proposed]);
    let unnamed = repository.commit_index("unnamed", LATER_DATE);
    repository.git(&["reset", "--quiet", "--hard", &trunk]);
    repository.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
    let (_server, addresses) = addresses(&repository);
    for address in &addresses {
        let cache = Cache::new();
        for _ in 0..2 {
            let message = cache
                .fetch(address, Some(&proposed))
                .unwrap_err()
                .to_string();
            assert!(message.contains("may belong to a fork"), "{message}");
            assert!(message.contains("`refs/pull/7/head`"), "{message}");
            let snapshot = cache.fetch(address, Some("refs/pull/7/head")).unwrap();
            assert_eq!(snapshot.revision, proposed);
            assert_eq!(snapshot.outside.as_deref(), Some("refs/pull/7/head"));
            let message = rejection_message(address, &unnamed);
            assert!(message.contains("`refs/pull/N/head`"), "{message}");
            // Its parent is on a branch.
            let snapshot = cache.fetch(address, Some("refs/pull/7/head~1")).unwrap();
            assert_eq!(
                (snapshot.revision.as_str(), snapshot.outside),
                (trunk.as_str(), None)
            );
        }
        rejection_message(address, &proposed[..10]);
    }
    // After the merge, the commit is on a branch.
    repository.git(&["merge", "--quiet", &proposed]);
    for address in &addresses {
        let snapshot = fetch(address, Some("refs/pull/7/head")).unwrap();
        assert_eq!(
            (snapshot.revision.as_str(), snapshot.outside),
            (proposed.as_str(), None)
        );
    }
}

#[test]
fn an_invalid_revision_is_an_error() {
    let repository = Repository::fixture();
    repository.git(&["tag", "v1.0"]);
    let tree = repository.id("trunk^{tree}");
    repository.git(&["tag", "folder", &tree]);
    let (nowhere, short) = ("1".repeat(40), "1".repeat(7));
    let (_server, addresses) = addresses(&repository);
    for address in &addresses {
        for (revision, words) in [
            ("trnk", "did you mean `trunk`?"),
            ("zzz", "check the spelling"),
            (&nowhere, "is a commit on no branch or tag"),
            (&short, "no commit on one has an id"),
            (&tree, "is not a commit"),
            ("folder", "is not a commit"),
            ("--upload-pack=x", "is not a revision"),
            ("../x", "is not a revision"),
            ("a:b", "is not a revision"),
            ("trunk~x", "is not a revision"),
            ("trunk^{tree}", "is not a revision"),
            ("~1", "is not a revision"),
            ("", "is not a revision"),
            ("a\0b", "is not a revision"),
        ] {
            let message = rejection_message(address, revision);
            assert!(message.contains(words), "{revision}: {message}");
        }
    }
}

#[test]
fn a_repository_without_manifests_or_commits_is_an_error() {
    let other = Repository::empty("trunk");
    other.write("README.md", "No manifests.\n");
    other.commit("first");
    other.index_entry("120000", &other.blob("elsewhere"), b"integrations");
    other.commit_index("second", LATER_DATE);
    let empty = Repository::empty("trunk");
    let headless = Repository::fixture();
    headless.git(&["symbolic-ref", "HEAD", "refs/heads/gone"]);
    for (repository, words) in [
        (&other, "no folder `integrations`"),
        (&empty, "it has no commit"),
        (&headless, "such as `trunk`"),
    ] {
        let (_server, addresses) = addresses(repository);
        for address in &addresses {
            let error = fetch(address, None).unwrap_err();
            assert!(matches!(error.problem, Problem::Repository(_)), "{error}");
            let message = error.to_string();
            assert!(
                message.contains(words) && message.contains(address),
                "{message}"
            );
        }
    }
}
