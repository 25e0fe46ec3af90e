//! A repository on this machine, of every kind.

use std::fs;
use std::path::Path;
use std::process::Command;

use xtask::upstream::{GitError, Problem};

use crate::support::http::{Server, text};
use crate::support::repository::{MANIFESTS, Repository, git, succeed};
use crate::{Cache, fetch, manifests};

/// Clones the repository with these options, from an address that git doesn't shortcut.
fn cloned(repository: &Repository, options: &[&str]) -> String {
    let name = format!("clone{}", options.concat().replace(':', "-"));
    let clone = text(repository.root().join(name));
    let source = format!("file://{}", repository.path_text());
    repository.git(&["config", "uploadpack.allowFilter", "true"]);
    repository.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
    let mut arguments = vec!["clone", "--quiet"];
    arguments.extend(options);
    repository.git(&[&arguments[..], &[&source, &clone]].concat());
    clone
}

/// Runs the command that an error names, as a shell does.
fn run_what_it_says(error: &GitError) {
    let Problem::Incomplete { command } = &error.problem else {
        panic!("{error}");
    };
    assert!(error.to_string().contains(command), "{error}");
    let mut shell = Command::new("sh");
    shell.args(["-c", command]);
    for (name, value) in git().get_envs() {
        if let Some(value) = value {
            shell.env(name, value);
        }
    }
    succeed(shell, b"");
}

#[test]
fn every_layout_is_read() {
    let repository = Repository::fixture();
    let bare = cloned(&repository, &["--bare"]);
    let mirror = cloned(&repository, &["--mirror"]);
    let detached = cloned(
        &repository,
        &["--separate-git-dir", &text(repository.root().join("apart"))],
    );
    let worktree = text(repository.root().join("worktree"));
    repository.git(&["worktree", "add", "--quiet", "--detach", &worktree]);
    let packed = cloned(&repository, &[]);
    let mut pack = git();
    pack.args(["-C", &packed, "pack-refs", "--all"]);
    succeed(pack, b"");
    let borrowing = cloned(&repository, &["--shared"]);
    let git_folder = text(repository.path().join(".git"));
    for path in [
        bare, mirror, detached, worktree, packed, borrowing, git_folder,
    ] {
        for revision in [None, Some("trunk"), Some("HEAD")] {
            let snapshot = fetch(&path, revision).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(manifests(&snapshot), MANIFESTS, "{path}");
        }
    }
}

/// A branch that only the remote has is found as git finds it, and a commit on it is reached.
#[test]
fn a_branch_of_the_clones_remote() {
    let repository = Repository::fixture();
    let older = repository.id("trunk~1");
    repository.git(&["branch", "topic", &older]);
    let clone = cloned(&repository, &[]);
    assert_eq!(fetch(&clone, Some("origin/topic")).unwrap().revision, older);
}

#[test]
fn a_shallow_clone_is_read_as_far_as_it_goes() {
    let repository = Repository::fixture();
    let (newest, older) = (repository.id("trunk"), repository.id("trunk~1"));
    for missing in [older.as_str(), &older[..8], "trunk~1"] {
        let clone = cloned(&repository, &["--depth", "1"]);
        for present in [
            None,
            Some("trunk"),
            Some(newest.as_str()),
            Some(&newest[..8]),
        ] {
            assert_eq!(manifests(&fetch(&clone, present).unwrap()), MANIFESTS);
        }
        let error = fetch(&clone, Some(missing)).unwrap_err();
        run_what_it_says(&error);
        assert_eq!(fetch(&clone, Some(missing)).unwrap().revision, older);
        fs::remove_dir_all(&clone).unwrap();
    }
}

#[test]
fn a_work_tree_of_a_shallow_clone() {
    let repository = Repository::fixture();
    let clone = cloned(&repository, &["--depth", "1"]);
    let worktree = text(repository.root().join("it's a work tree"));
    let mut add = git();
    add.args([
        "-C", &clone, "worktree", "add", "--quiet", "--detach", &worktree,
    ]);
    succeed(add, b"");
    assert_eq!(manifests(&fetch(&worktree, None).unwrap()), MANIFESTS);
    let older = repository.id("trunk~1");
    run_what_it_says(&fetch(&worktree, Some(&older)).unwrap_err());
    assert_eq!(fetch(&worktree, Some(&older)).unwrap().revision, older);
}

#[test]
fn a_partial_clone_is_read_as_far_as_it_goes() {
    let repository = Repository::fixture();
    for filter in ["--filter=blob:none", "--filter=tree:0"] {
        // Checking out has fetched what the newest commit needs.
        let full = cloned(&repository, &[filter]);
        assert_eq!(
            manifests(&fetch(&full, None).unwrap()),
            MANIFESTS,
            "{filter}"
        );
        let bare = cloned(&repository, &[filter, "--bare"]);
        let error = fetch(&bare, None).unwrap_err();
        assert!(error.to_string().contains(&bare), "{error}");
        run_what_it_says(&error);
        assert_eq!(
            manifests(&fetch(&bare, None).unwrap()),
            MANIFESTS,
            "{filter}"
        );
    }
}

#[test]
fn sha256_is_named_with_a_way_out() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = text(folder.path().join("repo"));
    let run = |arguments: &[&str]| {
        let mut command = git();
        command.args(arguments);
        succeed(command, b"")
    };
    run(&["init", "--quiet", "--object-format=sha256", &path]);
    run(&[
        "-C",
        &path,
        "commit",
        "--quiet",
        "--allow-empty",
        "-m",
        "first",
    ]);
    let server = Server::start(folder.path());
    for address in [path, server.url("/repo")] {
        let message = fetch(&address, None).unwrap_err().to_string();
        assert!(
            message.replace("SHA-", "sha").contains("sha256"),
            "{message}"
        );
        assert!(
            message.contains("--from") && message.contains(&address),
            "{message}"
        );
    }
}

#[test]
fn a_place_without_a_repository() {
    let repository = Repository::fixture();
    let folder = text(repository.root().to_owned());
    let inside = text(repository.path().join("integrations"));
    let missing = text(repository.root().join("missing"));
    for path in [folder, inside, missing] {
        let error = fetch(&path, None).unwrap_err();
        assert!(matches!(error.problem, Problem::Repository(_)), "{error}");
        assert!(error.to_string().contains(&path), "{error}");
    }
}

/// Neither another owner nor a configuration that git would refuse is in the way.
#[test]
fn whose_it_is_does_not_matter() {
    let repository = Repository::fixture();
    let owner = Command::new("chown")
        .args(["-R", "4711"])
        .arg(repository.path())
        .status();
    if !owner.is_ok_and(|status| status.success()) {
        // Only the system's administrator can give files away.
        return;
    }
    let cache = Cache::new();
    let snapshot = cache.fetch(&repository.path_text(), None).unwrap();
    assert_eq!(manifests(&snapshot), MANIFESTS);
    assert!(Path::new(&repository.path_text()).exists());
}

#[test]
fn addresses_that_need_a_login_get_a_hint() {
    for (address, words) in [
        (
            "git@example.com:team/repo.git",
            "pass https://example.com/team/repo.git",
        ),
        (
            "ssh://git@example.com:2222/team/repo",
            "pass https://example.com/team/repo ",
        ),
        (
            "https://user:hunter2@example.com/repo",
            "clone's path with --repo",
        ),
        ("git://example.com/repo", "pass an https://"),
    ] {
        let error = fetch(address, None).unwrap_err();
        let message = error.to_string();
        assert!(matches!(error.problem, Problem::Address(_)), "{message}");
        assert!(message.contains(words), "{message}");
        assert!(!message.contains("hunter2"), "{message}");
    }
}
