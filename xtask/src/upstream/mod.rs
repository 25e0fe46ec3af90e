//! Upstream's manifests out of a git repository, read straight from a commit's tree.
//!
//! A repository behind http or https is fetched into a bare cache; one on this machine is read where
//! it is. Nothing is checked out, so no hook, filter or symbolic link of the repository ever has an
//! effect on this machine.
//!
//! | module | its one job |
//! |---|---|
//! | `location` | what the user named: an address or a path |
//! | `revision` | which commit is meant, given a repository's refs |
//! | `local` | a repository on this machine |
//! | `remote` | a repository behind http or https, fetched into the cache |
//! | `cache` | one bare repository per address, locked against other processes |
//! | `transport` | what libgit2 asks for, passed on to `http`; libgit2's settings |
//! | `http` | the two requests of a fetch |
//! | `proxy` | which proxy the environment names |
//! | `tree` | commit to manifests |
//! | `history` | commit to all that lead to it, and which manifests each has |
//! | `date` | the committer's date as text |
//! | `error` | what can go wrong |

mod cache;
mod date;
mod error;
mod history;
mod http;
mod local;
mod location;
mod proxy;
mod remote;
mod revision;
mod transport;
mod tree;

use std::path::Path;

use cache::Cache;
use git2::Repository;
use location::Location;
use revision::{Resolved, RevisionSpec};

pub use error::{GitError, Problem};
pub use history::{Commit, History, Manifests};
pub use tree::{BlobId, Listed, ManifestBlob, Unreadable};

/// What to fetch, and where to keep it.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// An `https://`, `http://` or `file://` address, or a path.
    pub repository: &'a str,
    /// A branch, a tag, or a commit id, which may be abbreviated; `None` is the default branch's
    /// newest commit.
    ///
    /// Of a branch and a tag with the same name, the branch is taken. Forty hexadecimal digits are
    /// always a commit id. A full ref name (`refs/pull/7/head`) works as well. `~3` and `^2` behind
    /// any of them mean what they mean to git.
    pub revision: Option<&'a str>,
    /// The folder that holds fetched repositories, one per address; made when needed.
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
    /// The ref by which the commit was found, such as `refs/pull/7/head`, if no branch or tag of the
    /// repository reaches it.
    pub outside: Option<String>,
    /// What this run received.
    pub transfer: Transfer,
    /// Whether the repository holds only a part of the history.
    pub shallow: bool,
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

/// A commit in a repository at hand.
struct Found {
    repository: Repository,
    resolved: Resolved,
    transfer: Transfer,
}

/// Reads the manifests of the wanted commit, of which what is missing is fetched.
///
/// A branch or tag is asked for anew in every run; when the cache has its commit, nothing is
/// transferred. A full commit id that the cache has needs no network. A cache that is proved damaged
/// is replaced.
///
/// # Errors
/// See [`GitError`]; each one says what failed, where, and what to do next.
pub fn fetch(
    request: &Request<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Snapshot, GitError> {
    let fetched = prepared(request).and_then(|(location, spec)| match &location {
        Location::Http(address) => {
            let read = |cache: &Cache, progress: &mut dyn FnMut(Progress)| {
                tree::read(&remote::find(address, (&spec, false), cache, progress)?)
            };
            let read = cache::locked(request.cache, address, progress, read);
            read.map(|(snapshot, _lock)| snapshot)
        }
        Location::Local(path) => local::find(path, &spec, |found| tree::read(&found)),
    });
    fetched.map_err(|problem| failed(request, problem))
}

/// Lists the wanted commit and all that lead to it, with which manifests each has; what is missing is
/// fetched. Their contents are read by [`History::read`], while no other process works on the cache.
///
/// # Errors
/// See [`GitError`], and what `work` returns.
pub fn history<T, E: From<GitError>>(
    request: &Request<'_>,
    progress: &mut dyn FnMut(Progress),
    work: impl FnOnce(&History) -> Result<T, E>,
) -> Result<T, E> {
    let listed = prepared(request).and_then(|(location, spec)| match &location {
        Location::Http(address) => {
            let list = |cache: &Cache, progress: &mut dyn FnMut(Progress)| {
                History::of(remote::find(address, (&spec, true), cache, progress)?)
            };
            let (history, lock) = cache::locked(request.cache, address, progress, list)?;
            Ok((history, Some(lock)))
        }
        Location::Local(path) => local::find(path, &spec, |found| {
            local::check_history(&found.repository)?;
            Ok((History::of(found)?, None))
        }),
    });
    let (history, _lock) = listed.map_err(|problem| failed(request, problem))?;
    work(&history)
}

/// What is asked for, checked, and libgit2 ready for it.
fn prepared<'a>(request: &Request<'a>) -> Result<(Location, RevisionSpec<'a>), Problem> {
    transport::prepare()?;
    let location = Location::parse(request.repository)?;
    Ok((location, RevisionSpec::parse(request.revision)?))
}

fn failed(request: &Request<'_>, problem: Problem) -> GitError {
    let repository = location::without_userinfo(request.repository);
    GitError {
        repository,
        problem,
    }
}
