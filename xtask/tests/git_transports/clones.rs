//! All kinds of local repositories.

use std::fs;
use std::path::Path;
use std::process::Command;

use xtask::upstream::{GitError, Problem};

use crate::support::http::{Server, path_to_string};
use crate::support::repository::{MANIFESTS, Repository, git, succeed};
use crate::{Cache, fetch, manifests};

/// Clones the repository with these options. Git ignores some of them without `file://`.
fn clone_repository(repository: &Repository, options: &[&str]) -> String {
    let name = format!("clone{}", options.concat().replace(':', "-"));
    let clone = path_to_string(repository.root().join(name));
    let source = format!("file://{}", repository.path_string());
    repository.git(&["config", "uploadpack.allowFilter", "true"]);
    repository.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
    let mut arguments = vec!["clone", "--quiet"];
    arguments.extend(options);
    repository.git(&[&arguments[..], &[&source, &clone]].concat());
    clone
}

/// Runs the command that the error suggests in a shell.
fn run_suggested_command(error: &GitError) {
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
    let bare = clone_repository(&repository, &["--bare"]);
    let mirror = clone_repository(&repository, &["--mirror"]);
    let detached = clone_repository(
        &repository,
        &[
            "--separate-git-dir",
            &path_to_string(repository.root().join("apart")),
        ],
    );
    let worktree = path_to_string(repository.root().join("worktree"));
    repository.git(&["worktree", "add", "--quiet", "--detach", &worktree]);
    let packed = clone_repository(&repository, &[]);
    let mut pack = git();
    pack.args(["-C", &packed, "pack-refs", "--all"]);
    succeed(pack, b"");
    let borrowing = clone_repository(&repository, &["--shared"]);
    let git_folder = path_to_string(repository.path().join(".git"));
    for path in [
        bare, mirror, detached, worktree, packed, borrowing, git_folder,
    ] {
        for revision in [None, Some("trunk"), Some("HEAD")] {
            let snapshot = fetch(&path, revision).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(manifests(&snapshot), MANIFESTS, "{path}");
        }
    }
}

#[test]
fn a_remote_tracking_branch_of_a_clone_is_found() {
    let repository = Repository::fixture();
    let older = repository.id("trunk~1");
    repository.git(&["branch", "topic", &older]);
    let clone = clone_repository(&repository, &[]);
    assert_eq!(fetch(&clone, Some("origin/topic")).unwrap().revision, older);
}

#[test]
fn a_missing_commit_of_a_shallow_clone_is_an_error_with_a_command() {
    let repository = Repository::fixture();
    let (newest, older) = (repository.id("trunk"), repository.id("trunk~1"));
    for missing in [older.as_str(), &older[..8], "trunk~1"] {
        let clone = clone_repository(&repository, &["--depth", "1"]);
        for present in [
            None,
            Some("trunk"),
            Some(newest.as_str()),
            Some(&newest[..8]),
        ] {
            assert_eq!(manifests(&fetch(&clone, present).unwrap()), MANIFESTS);
        }
        let error = fetch(&clone, Some(missing)).unwrap_err();
        run_suggested_command(&error);
        assert_eq!(fetch(&clone, Some(missing)).unwrap().revision, older);
        fs::remove_dir_all(&clone).unwrap();
    }
}

#[test]
fn a_work_tree_of_a_shallow_clone_is_read() {
    let repository = Repository::fixture();
    let clone = clone_repository(&repository, &["--depth", "1"]);
    let worktree = path_to_string(repository.root().join("it's a work tree"));
    let mut add = git();
    add.args([
        "-C", &clone, "worktree", "add", "--quiet", "--detach", &worktree,
    ]);
    succeed(add, b"");
    assert_eq!(manifests(&fetch(&worktree, None).unwrap()), MANIFESTS);
    let older = repository.id("trunk~1");
    run_suggested_command(&fetch(&worktree, Some(&older)).unwrap_err());
    assert_eq!(fetch(&worktree, Some(&older)).unwrap().revision, older);
}

#[test]
fn a_missing_object_of_a_partial_clone_is_an_error_with_a_command() {
    let repository = Repository::fixture();
    for filter in ["--filter=blob:none", "--filter=tree:0"] {
        // The checkout has fetched all objects of the newest commit.
        let full = clone_repository(&repository, &[filter]);
        assert_eq!(
            manifests(&fetch(&full, None).unwrap()),
            MANIFESTS,
            "{filter}"
        );
        let bare = clone_repository(&repository, &[filter, "--bare"]);
        let error = fetch(&bare, None).unwrap_err();
        assert!(error.to_string().contains(&bare), "{error}");
        run_suggested_command(&error);
        assert_eq!(
            manifests(&fetch(&bare, None).unwrap()),
            MANIFESTS,
            "{filter}"
        );
    }
}

#[test]
fn a_sha256_repository_is_an_error_that_suggests_from() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = path_to_string(folder.path().join("repo"));
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
fn a_path_without_a_repository_is_an_error() {
    let repository = Repository::fixture();
    let folder = path_to_string(repository.root().to_owned());
    let inside = path_to_string(repository.path().join("integrations"));
    let missing = path_to_string(repository.root().join("missing"));
    for path in [folder, inside, missing] {
        let error = fetch(&path, None).unwrap_err();
        assert!(matches!(error.problem, Problem::Repository(_)), "{error}");
        assert!(error.to_string().contains(&path), "{error}");
    }
}

#[test]
fn a_repository_of_another_owner_is_read() {
    let repository = Repository::fixture();
    let owner = Command::new("chown")
        .args(["-R", "4711"])
        .arg(repository.path())
        .status();
    if !owner.is_ok_and(|status| status.success()) {
        // Only root can change the owner of a file.
        return;
    }
    let cache = Cache::new();
    let snapshot = cache.fetch(&repository.path_string(), None).unwrap();
    assert_eq!(manifests(&snapshot), MANIFESTS);
    assert!(Path::new(&repository.path_string()).exists());
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
