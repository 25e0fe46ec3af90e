//! Reads upstream's manifests directly from a commit's tree in a git repository.
//!
//! A repository over http or https is fetched into a bare cache; one on this machine is read in place.
//! Nothing is checked out, so hooks, filters and symbolic links of the repository have no effect on this
//! machine.
//!
//! | module | responsibility |
//! |---|---|
//! | `location` | parses the user's address or path |
//! | `revision` | resolves a revision to a commit, with a repository's refs |
//! | `local` | a repository on this machine |
//! | `remote` | a repository over http or https, fetched into the cache |
//! | `cache` | one bare repository per address |
//! | `transport` | passes libgit2's requests to `http`; libgit2's settings |
//! | `http` | the two requests of a fetch |
//! | `proxy` | chooses a proxy from environment variables |
//! | `tree` | reads a commit's manifests |
//! | `history` | lists a commit's ancestors and their manifests |
//! | `date` | formats a commit's date |
//! | `error` | the errors |

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

use git2::Repository;
use location::Location;
use revision::{Resolved, RevisionSpec};

pub use error::{GitError, Problem};
pub use history::{Commit, History, Manifests};
pub use tree::{BlobId, ListedManifest, ManifestBlob, ManifestReadError};

/// What to fetch, and the folder of the cache.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// An `https://`, `http://` or `file://` address, or a path.
    pub repository: &'a str,
    /// A branch, a tag, or a commit id, which may be abbreviated; `None` is the default branch's
    /// newest commit.
    ///
    /// A branch takes precedence over a tag with the same name. Forty hexadecimal digits are always a
    /// commit id. A full ref name (`refs/pull/7/head`) works too. The suffixes `~3` and `^2` have the same
    /// meaning as in git.
    pub revision: Option<&'a str>,
    /// The folder of fetched repositories, one per address. It is created if it doesn't exist. The
    /// caller has to ensure that no other process uses it at the same time.
    pub cache: &'a Path,
}

/// The manifests of one commit.
#[derive(Clone, Debug)]
pub struct CommitManifests {
    /// The full commit id.
    pub revision: String,
    /// The committer's date in RFC 3339, with the commit's offset.
    pub committed: String,
    /// All `integrations/<key>/manifest.json`, sorted by the bytes of their keys.
    pub manifests: Vec<ManifestBlob>,
    /// The ref through which the commit was found, such as `refs/pull/7/head`, if it isn't on any
    /// branch or tag of the repository.
    pub outside: Option<String>,
    /// What this run received.
    pub transfer: Transfer,
    /// Whether the repository has only a part of the history.
    pub shallow: bool,
}

/// The amount of data that a run received; zero if everything was in the cache.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Transfer {
    /// The number of git objects.
    pub objects: u64,
    /// The size of the pack in bytes.
    pub bytes: u64,
}

/// The progress of a fetch. The caller shows it; this module never writes to a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Objects received so far.
    pub received_objects: u64,
    /// Objects that the remote announced; zero before that.
    pub total_objects: u64,
    /// Objects received and indexed so far.
    pub indexed_objects: u64,
    /// Bytes received so far.
    pub received_bytes: u64,
}

/// A commit in an open repository.
struct Found {
    repository: Repository,
    resolved: Resolved,
    transfer: Transfer,
}

/// Reads the manifests of the requested commit, and fetches missing objects first.
///
/// Every run asks the remote for the commit of a branch or tag; if the cache has that commit, nothing is
/// transferred. A full commit id that is in the cache needs no network. A damaged cache is replaced.
///
/// # Errors
/// Returns a [`GitError`], which says what failed, where, and what to do next.
pub fn fetch(
    request: &Request<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<CommitManifests, GitError> {
    let fetched = prepared(request).and_then(|(location, spec)| match &location {
        Location::Http(address) => cache::with_recovery(request.cache, address, |cache| {
            tree::read(&remote::find(address, (&spec, false), cache, progress)?)
        }),
        Location::Local(path) => local::find(path, &spec, |found| tree::read(&found)),
    });
    fetched.map_err(|problem| failed(request, problem))
}

/// Calls `work` with the requested commit and all its ancestors, and lists of their manifests. Missing
/// objects are fetched first. Use [`History::read`] to read the contents.
///
/// # Errors
/// Returns a [`GitError`], or the error of `work`.
pub fn history<T, E: From<GitError>>(
    request: &Request<'_>,
    progress: &mut dyn FnMut(Progress),
    work: impl FnOnce(&History) -> Result<T, E>,
) -> Result<T, E> {
    let listed = prepared(request).and_then(|(location, spec)| match &location {
        Location::Http(address) => cache::with_recovery(request.cache, address, |cache| {
            History::of(remote::find(address, (&spec, true), cache, progress)?)
        }),
        Location::Local(path) => local::find(path, &spec, |found| {
            local::check_history(&found.repository)?;
            History::of(found)
        }),
    });
    let history = listed.map_err(|problem| failed(request, problem))?;
    work(&history)
}

/// Validates the request and prepares libgit2.
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
