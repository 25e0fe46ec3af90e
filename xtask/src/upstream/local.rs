//! A repository on this machine, read where it is.

use std::path::Path;

use git2::{ErrorCode, Oid, Repository};

use super::error::GitError;
use super::location::Location;
use super::revision::{Ref, Resolved, RevisionSpec};
use super::{Found, Transfer};

/// Opens a work tree, a bare repository or a linked work tree, and reads the wanted commit.
pub(super) fn find<T>(
    path: &Path,
    spec: &RevisionSpec<'_>,
    location: &Location,
    read: impl FnOnce(Found) -> Result<T, GitError>,
) -> Result<T, GitError> {
    let repository = open(path, location)?;
    let lacking = lacking(&repository);
    let resolved = resolve(&repository, spec, location);
    let found = resolved.map(|resolved| Found {
        repository,
        resolved,
        transfer: Transfer::default(),
    });
    found
        .and_then(read)
        .map_err(|error| match (&error, lacking) {
            (GitError::Libgit2 { cause, .. }, Some(lacking))
                if cause.code() == ErrorCode::NotFound =>
            {
                lacking
            }
            _ => error,
        })
}

fn open(path: &Path, location: &Location) -> Result<Repository, GitError> {
    Repository::open(path).map_err(|error| {
        let problem = match error.code() {
            _ if !path.exists() => "doesn't exist: check the path".to_owned(),
            ErrorCode::NotFound => "is not a git repository: check the path".to_owned(),
            _ => format!(
                "can't be opened ({}): check a commit out, and pass the path with --from",
                error.message()
            ),
        };
        GitError::Repository {
            repository: location.given.clone(),
            problem,
        }
    })
}

fn resolve(
    repository: &Repository,
    spec: &RevisionSpec<'_>,
    location: &Location,
) -> Result<Resolved, GitError> {
    let refs = refs(repository).map_err(GitError::libgit2("list the refs"))?;
    spec.named(&refs, location)?;
    spec.resolve(repository, &refs, location)
        .map_err(|error| match error {
            GitError::Revision { .. } if repository.is_shallow() => unshallow(repository),
            error => error,
        })
}

fn refs(repository: &Repository) -> Result<Vec<Ref>, git2::Error> {
    let mut refs = Vec::new();
    let mut add = |name: &str, id: Oid, commit: Oid| {
        refs.push(Ref {
            name: name.to_owned(),
            id,
            commit,
        });
    };
    if let Ok(head) = repository.head().and_then(|head| head.peel_to_commit()) {
        add("HEAD", head.id(), head.id());
    }
    for reference in repository.references()? {
        let reference = reference?;
        // A ref may point at nothing, such as at a branch that was deleted.
        if let (Ok(name), Ok(target)) = (reference.name(), reference.resolve())
            && let Some(id) = target.target()
        {
            let commit = reference.peel_to_commit().map_or(id, |commit| commit.id());
            add(name, id, commit);
        }
    }
    Ok(refs)
}

/// Refuses a clone whose history ends early.
pub(super) fn check_history(repository: &Repository) -> Result<(), GitError> {
    if repository.is_shallow() {
        return Err(unshallow(repository));
    }
    Ok(())
}

/// What a missing object means, if the clone was made without all of them.
fn lacking(repository: &Repository) -> Option<GitError> {
    if is_partial(repository) == Ok(true) {
        return Some(incomplete(repository, "--refetch --no-filter"));
    }
    repository.is_shallow().then(|| unshallow(repository))
}

fn is_partial(repository: &Repository) -> Result<bool, git2::Error> {
    let config = repository.config()?;
    let pattern = r"^(extensions\.partialclone|remote\..*\.promisor)$";
    let mut entries = config.entries(Some(pattern))?;
    Ok(entries.next().is_some())
}

fn unshallow(repository: &Repository) -> GitError {
    incomplete(repository, "--unshallow")
}

fn incomplete(repository: &Repository, option: &str) -> GitError {
    let path = repository.workdir().unwrap_or_else(|| repository.path());
    GitError::Incomplete {
        path: path.to_owned(),
        command: format!("git -C '{}' fetch {option}", path.display()),
    }
}
