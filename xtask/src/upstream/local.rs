//! A repository on this machine, read in place.

use std::path::Path;

use git2::{ErrorCode, Oid, Repository};

use super::error::Problem;
use super::revision::{Ref, RevisionSpec};
use super::{Found, Transfer};

/// Opens a work tree, a bare repository or a linked work tree, and finds the requested commit.
pub(super) fn find<T>(
    path: &Path,
    spec: &RevisionSpec<'_>,
    read: impl FnOnce(Found) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let repository = open(path)?;
    let (is_shallow, command) = (is_shallow(&repository), unshallow(&repository));
    let is_partial = is_partial(&repository)?;
    let refs = refs(&repository)?;
    spec.named(&refs)?;
    let found = spec.resolve(&repository, &refs).map(|resolved| Found {
        repository,
        resolved,
        transfer: Transfer::default(),
    });
    found.and_then(read).map_err(|problem| match problem {
        Problem::Libgit2(cause) if cause.code() == ErrorCode::NotFound && is_partial => {
            let command = command.replace("--unshallow", "--refetch --no-filter");
            Problem::Incomplete { command }
        }
        Problem::Libgit2(cause) if cause.code() == ErrorCode::NotFound && is_shallow => {
            Problem::Incomplete { command }
        }
        Problem::Revision { .. } if is_shallow => Problem::Incomplete { command },
        problem => problem,
    })
}

/// Returns an error for a shallow clone.
pub(super) fn check_history(repository: &Repository) -> Result<(), Problem> {
    let command = unshallow(repository);
    match is_shallow(repository) {
        true => Err(Problem::Incomplete { command }),
        false => Ok(()),
    }
}

fn open(path: &Path) -> Result<Repository, Problem> {
    Repository::open(path).map_err(|error| {
        Problem::Repository(match error.code() {
            _ if !path.exists() => "the path doesn't exist: check it".to_owned(),
            ErrorCode::NotFound => "the path isn't a git repository: check it".to_owned(),
            _ => format!(
                "it can't be opened ({}): check out a commit, and pass the path with --from",
                error.message()
            ),
        })
    })
}

fn refs(repository: &Repository) -> Result<Vec<Ref>, git2::Error> {
    let mut refs = Vec::new();
    let mut add = |name: &str, id: Oid, commit: Oid| {
        let name = name.to_owned();
        refs.push(Ref { name, id, commit });
    };
    if let Ok(head) = repository.head().and_then(|head| head.peel_to_commit()) {
        add("HEAD", head.id(), head.id());
    }
    for reference in repository.references()? {
        let reference = reference?;
        // A ref may have no target, for example after its branch was deleted.
        if let (Ok(name), Ok(target)) = (reference.name(), reference.resolve())
            && let Some(id) = target.target()
        {
            let commit = reference.peel_to_commit().map_or(id, |commit| commit.id());
            add(name, id, commit);
        }
    }
    Ok(refs)
}

/// Whether the history was cut off. libgit2 looks only into a linked work tree's own folder.
fn is_shallow(repository: &Repository) -> bool {
    repository.commondir().join("shallow").exists()
}

fn is_partial(repository: &Repository) -> Result<bool, git2::Error> {
    let config = repository.config()?;
    let pattern = r"^(extensions\.partialclone|remote\..*\.promisor)$";
    let mut entries = config.entries(Some(pattern))?;
    Ok(entries.next().is_some())
}

/// The command that completes the history of a clone.
fn unshallow(repository: &Repository) -> String {
    let path = repository.workdir().unwrap_or_else(|| repository.path());
    let path = path.display().to_string().replace('\'', r"'\''");
    format!("git -C '{path}' fetch --unshallow")
}
