//! A repository behind http or https, fetched into a repository of the cache.

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use git2::{AutotagOption, Direction, ErrorClass, FetchOptions, Oid, RemoteCallbacks, Repository};

use super::cache::Cache;
use super::error::{Failure, GitError};
use super::http::{Connection, Limits};
use super::location::Location;
use super::revision::{self, Ref, Resolved, RevisionSpec};
use super::transport::{self, Shared};
use super::{Found, Progress, Transfer};

/// Only the commit itself.
const SHALLOW: i32 = 1;
/// What is missing of the history.
const FULL: i32 = 0;
/// What git takes for "no limit" when a history that was cut off is to be completed.
const UNSHALLOW: i32 = i32::MAX;
/// The waits before a failed attempt is repeated.
const WAITS: [Duration; 3] = [
    Duration::from_millis(200),
    Duration::from_secs(1),
    Duration::from_secs(3),
];
/// Found commits are kept under their ids. Under their names, a branch `a` that becomes `a/b`
/// upstream would be in its own way.
const REACHED: &str = "refs/reached/";
const OUTSIDE: &str = "refs/outside/";

/// Fetches what the cache lacks of the wanted commit; with `whole`, also of all that lead to it.
///
/// A full id that is in the cache needs no network. A branch or tag is fetched alone, without its
/// history. For anything else all branches and tags are fetched with their history, since only that
/// shows where steps back lead, what an abbreviated id stands for, and whether a commit is the
/// repository's own: GitHub sends the commits of forks as well.
pub(super) fn find(
    (location, address): (&Location, &str),
    (spec, whole): (&RevisionSpec<'_>, bool),
    cache: &Cache,
    progress: &mut dyn FnMut(Progress),
) -> Result<Found, GitError> {
    if !whole && let Some(found) = cached(spec, cache)? {
        return Ok(found);
    }
    let mut attempt = || -> Result<Found, GitError> {
        let repository = cache.open()?;
        let mut session = Session::connect(location, address, &repository)?;
        let named = spec.named(&session.refs, location)?;
        let transfer = match named {
            Some(named) if !whole && spec.steps.is_empty() && named.is_of_repository() => {
                let named = named.clone();
                session.fetch_commit(&named, progress)?
            }
            named => {
                let named = named.cloned();
                session.fetch_history(named.as_ref(), progress)?
            }
        };
        let refs = session.end();
        // Opened anew, since an open repository remembers where its history was cut off.
        let repository = cache.open()?;
        let resolved = spec.resolve(&repository, &refs, location)?;
        Ok(Found {
            repository,
            resolved,
            transfer,
        })
    };
    for wait in WAITS {
        match attempt() {
            Err(error) if error.is_transient() => thread::sleep(wait),
            outcome => return outcome,
        }
    }
    attempt()
}

/// A commit that was reached by a branch or tag when it was fetched.
fn cached(spec: &RevisionSpec<'_>, cache: &Cache) -> Result<Option<Found>, GitError> {
    let Some(commit) = spec.full_id().filter(|_| cache.exists()) else {
        return Ok(None);
    };
    let repository = cache.open()?;
    if repository.find_commit(commit).is_err() {
        return Ok(None);
    }
    let known = kept(&repository).map_err(GitError::libgit2("list the cache's refs"))?;
    if !revision::is_reached(&repository, commit, &known)? {
        return Ok(None);
    }
    let resolved = Resolved {
        commit,
        outside: None,
    };
    Ok(Some(Found {
        repository,
        resolved,
        transfer: Transfer::default(),
    }))
}

fn kept(repository: &Repository) -> Result<Vec<Ref>, git2::Error> {
    let mut known = Vec::new();
    for reference in repository.references_glob(&format!("{REACHED}*"))? {
        if let Ok(commit) = reference?.peel_to_commit() {
            known.push(Ref {
                name: "HEAD".to_owned(),
                id: commit.id(),
                commit: commit.id(),
            });
        }
    }
    Ok(known)
}

/// A connected remote.
struct Session<'a> {
    location: &'a Location,
    repository: &'a Repository,
    remote: git2::Remote<'a>,
    shared: Shared,
    refs: Vec<Ref>,
}

impl<'a> Session<'a> {
    fn connect(
        location: &'a Location,
        address: &str,
        repository: &'a Repository,
    ) -> Result<Self, GitError> {
        let failed = |failure| network(location, failure);
        let connection = Connection::new(address, Limits::default()).map_err(failed)?;
        let remote = repository.remote_anonymous(transport::URL);
        let mut session = Self {
            location,
            repository,
            remote: remote.map_err(GitError::libgit2("name the remote"))?,
            shared: Shared::new(connection),
            refs: Vec::new(),
        };
        let listed = session.shared.scope(|| {
            session.remote.connect(Direction::Fetch)?;
            let heads = session.remote.list()?;
            Ok(heads
                .iter()
                .map(|head| (head.name().to_owned(), head.oid()))
                .collect())
        });
        session.refs = refs(listed.map_err(|error| session.explain("list the refs", error))?);
        Ok(session)
    }

    /// Fetches a branch's or tag's commit, unless it is here.
    fn fetch_commit(
        &mut self,
        wanted: &Ref,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Transfer, GitError> {
        if self.holds(wanted.id)? {
            return Ok(Transfer::default());
        }
        let mut refs = self.repository.references();
        let has_commits = refs.as_mut().is_ok_and(|refs| refs.next().is_some());
        let is_complete = has_commits && !self.repository.is_shallow();
        let depth = if is_complete { FULL } else { SHALLOW };
        self.fetch(&[refspec(wanted)], depth, progress)
    }

    /// Fetches all branches and tags with their history, and one ref more, unless they are here.
    fn fetch_history(
        &mut self,
        more: Option<&Ref>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Transfer, GitError> {
        let wanted = self.refs.iter().filter(|known| known.is_of_repository());
        let by_id: BTreeMap<Oid, &Ref> =
            wanted.chain(more).map(|known| (known.id, known)).collect();
        let is_shallow = self.repository.is_shallow();
        let mut refspecs = Vec::new();
        for (id, known) in &by_id {
            if is_shallow || !self.holds(*id)? {
                refspecs.push(refspec(known));
            }
        }
        if refspecs.is_empty() {
            return Ok(Transfer::default());
        }
        let depth = if is_shallow { UNSHALLOW } else { FULL };
        self.fetch(&refspecs, depth, progress)
    }

    fn fetch(
        &mut self,
        refspecs: &[String],
        depth: i32,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Transfer, GitError> {
        let mut callbacks = RemoteCallbacks::new();
        callbacks.transfer_progress(|stats| {
            progress(Progress::Receiving {
                received_objects: stats.received_objects() as u64,
                total_objects: stats.total_objects() as u64,
                indexed_objects: stats.indexed_objects() as u64,
                received_bytes: stats.received_bytes() as u64,
            });
            true
        });
        let mut options = FetchOptions::new();
        options
            .remote_callbacks(callbacks)
            .depth(depth)
            .download_tags(AutotagOption::None)
            .update_fetchhead(false);
        let shared = self.shared.clone();
        shared
            .scope(|| self.remote.fetch(refspecs, Some(&mut options), None))
            .map_err(|error| self.explain("fetch", error))?;
        let stats = self.remote.stats();
        Ok(Transfer {
            objects: stats.received_objects() as u64,
            bytes: stats.received_bytes() as u64,
        })
    }

    fn end(self) -> Vec<Ref> {
        self.refs
    }

    /// Whether the cache has an object. Packs are written whole or not at all, and each holds all that
    /// its commits need.
    fn holds(&self, id: Oid) -> Result<bool, GitError> {
        let objects = self.repository.odb();
        let objects = objects.map_err(GitError::libgit2("open the cache"))?;
        Ok(objects.exists(id))
    }

    /// The connection knows the cause of what libgit2 sees as a failed request.
    fn explain(&self, doing: &'static str, error: git2::Error) -> GitError {
        match self.shared.lock().take_failure() {
            Some(failure) => network(self.location, failure),
            None if error.class() == ErrorClass::Os => GitError::Cache {
                path: self.repository.path().to_owned(),
                problem: error.message().to_owned(),
            },
            None => GitError::libgit2(doing)(error),
        }
    }
}

fn network(location: &Location, failure: Failure) -> GitError {
    let repository = location.given.clone();
    GitError::Network {
        repository,
        failure,
    }
}

fn refspec(wanted: &Ref) -> String {
    let folder = if wanted.is_of_repository() {
        REACHED
    } else {
        OUTSIDE
    };
    format!("+{}:{folder}{}", wanted.name, wanted.id)
}

/// `refs/tags/v1^{}` is how a server says what the annotated tag `refs/tags/v1` points at.
fn refs(listed: Vec<(String, Oid)>) -> Vec<Ref> {
    let mut refs: Vec<Ref> = Vec::with_capacity(listed.len());
    for (name, id) in listed {
        match (name.strip_suffix("^{}"), refs.last_mut()) {
            (Some(tag), Some(last)) if last.name == tag => last.commit = id,
            (Some(_), _) => {}
            (None, _) => refs.push(Ref {
                name,
                id,
                commit: id,
            }),
        }
    }
    refs
}
