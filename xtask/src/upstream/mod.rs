//! Upstream's manifests out of a git repository: fetched into a bare cache, read straight from a
//! commit's tree.
//!
//! Nothing is checked out, so no hook, filter or symbolic link of the fetched repository ever has an
//! effect on this machine.
//!
//! | module | its one job |
//! |---|---|
//! | `location` | what the user named: an address or a path |
//! | `revision` | which commit is meant, given what the remote advertises |
//! | `cache` | one bare repository per address, locked against other processes |
//! | `session` | one conversation with the remote, through libgit2 |
//! | `relay`, `incoming`, `upstream` | the way from libgit2's plain http to https |
//! | `tree` | commit to manifests |
//! | `history` | commit to all that lead to it, and which manifests each has |
//! | `date` | the committer's date as text |
//! | `error` | what can go wrong, each in one sentence |

mod cache;
mod date;
mod error;
mod history;
mod incoming;
mod location;
mod relay;
mod revision;
mod session;
mod tree;
mod upstream;

use std::path::Path;

use cache::Cache;
use generator::diagnostic::bounded;
use git2::{Oid, Repository};
use location::Location;
use revision::{Advertised, Target, Wanted};
use session::Session;

pub use error::GitError;
pub use history::{BlobId, Commit, History, Listed, Manifests};
pub use tree::{ManifestBlob, Unreadable};

/// What to fetch, and where to keep it.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// An `https://`, `http://` or `file://` address, or a path.
    pub repository: &'a str,
    /// A branch, a tag or a full commit id; `None` follows the remote's default branch.
    ///
    /// Of a branch and a tag with the same name, the branch is taken. Forty hexadecimal digits are
    /// always a commit id. A full ref name (`refs/pull/7/head`) works as well, and so do the first
    /// digits of a commit that is at hand. `~3` and `^2` behind any of them mean what they mean to
    /// git, for which the whole history is fetched.
    pub revision: Option<&'a str>,
    /// The folder that holds the bare repositories, one per address; made when missing.
    pub cache: &'a Path,
}

/// The manifests of one commit.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The full commit id.
    pub revision: String,
    /// The committer's date in RFC 3339, with the offset that the commit has.
    pub committed: String,
    /// Every `integrations/<key>/manifest.json`, in the order of their keys' bytes.
    pub manifests: Vec<ManifestBlob>,
    /// What this run received.
    pub transfer: Transfer,
    /// Whether the cache holds only a part of the history.
    pub shallow: bool,
    /// The ref, such as `refs/pull/7/head`, by which the commit was found when no branch and no tag
    /// of the repository reaches it.
    pub outside: Option<String>,
}

/// What one run received from the remote; zero when the cache had it all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Transfer {
    /// Git objects.
    pub objects: u64,
    /// Bytes of the pack.
    pub bytes: u64,
}

/// How far a fetch is. The caller draws; nothing in this module writes to a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Another process holds the cache of this repository; this one waits for it.
    WaitingForCache,
    /// Objects are coming in.
    Receiving {
        /// Objects received so far.
        received_objects: u64,
        /// Objects that the remote announced; zero until it has.
        total_objects: u64,
        /// Objects received and indexed so far.
        indexed_objects: u64,
        /// Bytes received so far.
        received_bytes: u64,
    },
}

/// Fetches what the cache lacks of the wanted commit, and reads its manifests.
///
/// A branch or tag is asked for anew in every run; when the cache has its commit already, nothing is
/// transferred. A full commit id that the cache has needs no network at all. A cache that turns out
/// damaged is thrown away and filled once more.
///
/// # Errors
/// See [`GitError`]; each one says what failed, where, and what helps.
pub fn fetch(
    request: &Request<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Snapshot, GitError> {
    let location = Location::parse(request.repository)?;
    let (wanted, steps) = revision::without_steps(request.revision);
    let wanted = Wanted::parse(wanted)?;
    cache::locked(request.cache, &location, progress, |cache, progress| {
        healed(cache, || match steps {
            "" => attempt(&location, &wanted, cache, progress),
            steps => attempt_ancestor(&location, (&wanted, steps), cache, progress),
        })
    })
}

/// Fetches what the cache lacks of the wanted commit and of all that lead to it, and tells which
/// manifests each has. Their contents are read by [`History::read`], while no other process works
/// on the cache.
///
/// # Errors
/// See [`GitError`], and what `work` gives.
pub fn history<T, E: From<GitError>>(
    request: &Request<'_>,
    progress: &mut dyn FnMut(Progress),
    work: impl FnOnce(&History) -> Result<T, E>,
) -> Result<T, E> {
    let location = Location::parse(request.repository)?;
    let wanted = Wanted::parse(request.revision)?;
    let worked = cache::locked(request.cache, &location, progress, |cache, progress| {
        let history = healed(cache, || {
            attempt_history(&location, &wanted, cache, progress)
        })?;
        Ok(work(&history))
    });
    worked?
}

/// Tries once more with an empty cache, if what went wrong may come from a damaged one.
fn healed<T>(
    cache: &Cache,
    mut attempt: impl FnMut() -> Result<T, GitError>,
) -> Result<T, GitError> {
    let was_there = cache.exists();
    match attempt() {
        Err(error) if was_there && error.may_come_from_damage() => {
            cache.discard()?;
            attempt()
        }
        outcome => outcome,
    }
}

fn attempt(
    location: &Location,
    wanted: &Wanted<'_>,
    cache: &Cache,
    progress: &mut dyn FnMut(Progress),
) -> Result<Snapshot, GitError> {
    let repository = cache.open()?;
    if let Wanted::Commit(id) = *wanted
        && holds(&repository, id)?
    {
        return tree::read(&repository, id, location, Transfer::default());
    }
    let (mut session, advertised) = Session::open(location, &repository)?;
    let target = wanted.resolve(&advertised, location).or_else(|error| {
        // Of a repository on this machine the whole history can be had at little cost.
        if location.is_local() && matches!(error, GitError::AbbreviatedCommit { .. }) {
            session.fetch_everything(&advertised, progress)?;
        }
        unabbreviated(&repository, error).map(Target::Unadvertised)
    })?;
    let (id, transfer) = match target {
        Target::Advertised(reference) if holds(&repository, reference.id)? => {
            (reference.id, Transfer::default())
        }
        Target::Advertised(reference) => {
            (reference.id, session.fetch_reference(reference, progress)?)
        }
        Target::Unadvertised(id) if holds(&repository, id)? => (id, Transfer::default()),
        Target::Unadvertised(id) => (id, session.fetch_commit(id, &advertised, progress)?),
    };
    tree::read(&repository, id, location, transfer)
}

fn attempt_history(
    location: &Location,
    wanted: &Wanted<'_>,
    cache: &Cache,
    progress: &mut dyn FnMut(Progress),
) -> Result<History, GitError> {
    let (repository, id, transfer) = whole(location, wanted, cache, progress)?;
    History::of(repository, id, transfer)
}

/// The commit so many steps before the wanted one.
fn attempt_ancestor(
    location: &Location,
    (wanted, steps): (&Wanted<'_>, &str),
    cache: &Cache,
    progress: &mut dyn FnMut(Progress),
) -> Result<Snapshot, GitError> {
    let (repository, id, transfer) = whole(location, wanted, cache, progress)?;
    let revision = format!("{id}{steps}");
    let Ok(found) = repository.revparse_single(&revision) else {
        return Err(GitError::NoSuchRevision {
            repository: location.given.clone(),
            revision: bounded(&revision),
            near: Vec::new(),
        });
    };
    tree::read(&repository, found.id(), location, transfer)
}

/// The wanted commit, in a cache that has all that lead to it.
fn whole(
    location: &Location,
    wanted: &Wanted<'_>,
    cache: &Cache,
    progress: &mut dyn FnMut(Progress),
) -> Result<(Repository, Oid, Transfer), GitError> {
    let repository = cache.open()?;
    let (mut session, advertised) = Session::open(location, &repository)?;
    let has = |id| holds(&repository, id).map(|holds| holds && !repository.is_shallow());
    let (id, transfer) = match wanted.resolve(&advertised, location) {
        Ok(Target::Advertised(Advertised { id, .. })) if has(*id)? => (*id, Transfer::default()),
        Ok(Target::Unadvertised(id)) if has(id)? => (id, Transfer::default()),
        Err(error) if !matches!(error, GitError::AbbreviatedCommit { .. }) => return Err(error),
        target => {
            let transfer = session.fetch_everything(&advertised, progress)?;
            let id = match target {
                Ok(Target::Advertised(reference)) => reference.id,
                Ok(Target::Unadvertised(id)) => id,
                Err(error) => unabbreviated(&repository, error)?,
            };
            (id, transfer)
        }
    };
    // Opened anew, since an open repository remembers where its history was cut off.
    Ok((cache.open()?, id, transfer))
}

/// The commit of the cache that an abbreviated id stands for: no remote can tell.
fn unabbreviated(repository: &Repository, error: GitError) -> Result<Oid, GitError> {
    let GitError::AbbreviatedCommit { revision, .. } = &error else {
        return Err(error);
    };
    let commit = repository.find_commit_by_prefix(revision);
    commit.map(|commit| commit.id()).map_err(|_| error)
}

/// Whether the cache has an object. Packs are written whole or not at all, and each holds all that
/// its commits need, so a commit that is here has its tree and blobs here as well.
fn holds(repository: &Repository, id: Oid) -> Result<bool, GitError> {
    let objects = repository
        .odb()
        .map_err(GitError::libgit2("open the cache"))?;
    Ok(objects.exists(id))
}
