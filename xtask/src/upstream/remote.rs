//! A repository over http or https, fetched into the cache.

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use git2::{AutotagOption, Direction, ErrorClass, FetchOptions, Oid, RemoteCallbacks, Repository};

use super::cache::Cache;
use super::error::Problem;
use super::http::{Connection, Limits};
use super::revision::{self, Ref, Resolved, RevisionSpec};
use super::transport::{self, Shared};
use super::{Found, Progress, Transfer};

/// Fetch only the commit itself.
const SHALLOW: i32 = 1;
/// Fetch the missing part of the history.
const FULL: i32 = 0;
/// git's value for "no limit": complete a history that was cut off.
const UNSHALLOW: i32 = i32::MAX;
/// The waits, in milliseconds, before a failed attempt is repeated.
const WAITS: [u64; 3] = [200, 1_000, 3_000];
/// The prefix of the refs of fetched commits, followed by the commit id. Branch names could conflict: a
/// branch `a` may become `a/b` upstream.
pub(super) const REACHED: &str = "refs/reached";
pub(super) const OUTSIDE: &str = "refs/outside";

/// Fetches the missing objects of the requested commit and, with `with_history`, of all its ancestors.
///
/// A full id that is in the cache needs no network. A branch or tag is fetched alone, without its
/// history. For every other revision, all branches and tags are fetched with their history. This is
/// required to find ancestors, to resolve an abbreviated id, and to verify that a commit belongs to the
/// repository: GitHub also sends commits of forks.
pub(super) fn find(
    address: &str,
    (spec, with_history): (&RevisionSpec<'_>, bool),
    cache: &Cache,
    progress: &mut dyn FnMut(Progress),
) -> Result<Found, Problem> {
    if let (false, Some(commit)) = (with_history, spec.full_id())
        && let Some(found) = cached(commit, cache)?
    {
        return Ok(found);
    }
    let mut waits = WAITS.into_iter().map(Duration::from_millis);
    loop {
        match (
            attempt(address, (spec, with_history), cache, progress),
            waits.next(),
        ) {
            (Err(problem), Some(wait)) if problem.is_transient() => thread::sleep(wait),
            (outcome, _) => return outcome,
        }
    }
}

fn attempt(
    address: &str,
    (spec, with_history): (&RevisionSpec<'_>, bool),
    cache: &Cache,
    progress: &mut dyn FnMut(Progress),
) -> Result<Found, Problem> {
    let repository = cache.open()?;
    let mut session = Session::connect(address, &repository)?;
    let refs = session.refs()?;
    let transfer = match spec.named(&refs)? {
        Some(tip) if !with_history && spec.steps.is_empty() && tip.is_of_repository() => {
            let depth = if has_history(&repository)? {
                FULL
            } else {
                SHALLOW
            };
            session.fetch([tip].into_iter(), depth, progress)
        }
        more => {
            let own = refs.iter().filter(|known| known.is_of_repository());
            let is_shallow = repository.is_shallow();
            let depth = if is_shallow { UNSHALLOW } else { FULL };
            session.fetch(own.chain(more), depth, progress)
        }
    }?;
    // Opened again, because an open repository caches where its history was cut off.
    let repository = cache.open()?;
    let resolved = spec.resolve(&repository, &refs)?;
    Ok(Found {
        repository,
        resolved,
        transfer,
    })
}

/// A commit in the cache that was on a branch or tag when it was fetched.
fn cached(commit: Oid, cache: &Cache) -> Result<Option<Found>, Problem> {
    if !cache.exists() {
        return Ok(None);
    }
    let repository = cache.open()?;
    let known = repository.references_glob(&format!("{REACHED}/*"))?;
    let tips = known.filter_map(|known| Some(known.ok()?.peel_to_commit().ok()?.id()));
    let is_reached = revision::is_reached(&repository, commit, tips)?;
    Ok(is_reached.then(|| Found {
        repository,
        resolved: Resolved {
            commit,
            outside: None,
        },
        transfer: Transfer::default(),
    }))
}

/// A connected remote.
struct Session<'a> {
    repository: &'a Repository,
    remote: git2::Remote<'a>,
    shared: Shared,
}

impl<'a> Session<'a> {
    fn connect(address: &str, repository: &'a Repository) -> Result<Self, Problem> {
        let connection = Connection::new(address, Limits::default())?;
        let mut session = Self {
            repository,
            remote: repository.remote_anonymous(transport::URL)?,
            shared: Shared::new(connection),
        };
        let shared = session.shared.clone();
        shared
            .scope(|| session.remote.connect(Direction::Fetch))
            .map_err(|error| session.explain(error))?;
        Ok(session)
    }

    fn refs(&self) -> Result<Vec<Ref>, git2::Error> {
        let mut refs: Vec<Ref> = Vec::new();
        for head in self.remote.list()? {
            let (name, id) = (head.name(), head.oid());
            // `refs/tags/v1^{}` is the commit of the annotated tag `refs/tags/v1`.
            match (name.strip_suffix("^{}"), refs.last_mut()) {
                (Some(tag), Some(last)) if last.name == tag => last.commit = id,
                (Some(_), _) => {}
                (None, _) => refs.push(Ref {
                    name: name.to_owned(),
                    id,
                    commit: id,
                }),
            }
        }
        Ok(refs)
    }

    /// Fetches these refs, unless the cache has them.
    fn fetch<'r>(
        &mut self,
        wanted: impl Iterator<Item = &'r Ref>,
        depth: i32,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Transfer, Problem> {
        let objects = self.repository.odb()?;
        // A pack is stored completely or not at all, and it has all objects that its commits need.
        let wanted = wanted.filter(|wanted| depth == UNSHALLOW || !objects.exists(wanted.id));
        let by_id: BTreeMap<Oid, &Ref> = wanted.map(|wanted| (wanted.id, wanted)).collect();
        if by_id.is_empty() {
            return Ok(Transfer::default());
        }
        let refspecs: Vec<String> = by_id.into_values().map(refspec).collect();
        let mut callbacks = RemoteCallbacks::new();
        callbacks.transfer_progress(|stats| {
            progress(Progress {
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
            .scope(|| self.remote.fetch(&refspecs, Some(&mut options), None))
            .map_err(|error| self.explain(error))?;
        let stats = self.remote.stats();
        Ok(Transfer {
            objects: stats.received_objects() as u64,
            bytes: stats.received_bytes() as u64,
        })
    }

    /// The cause of libgit2's error. For a failed request, the connection has recorded it.
    fn explain(&self, error: git2::Error) -> Problem {
        match self.shared.lock().problem.take() {
            Some(problem) => problem,
            None if error.class() == ErrorClass::Os => Problem::Cache {
                path: self.repository.path().to_owned(),
                cause: error.message().to_owned(),
            },
            None => error.into(),
        }
    }
}

fn has_history(repository: &Repository) -> Result<bool, git2::Error> {
    Ok(!repository.is_shallow() && repository.references()?.next().is_some())
}

fn refspec(wanted: &Ref) -> String {
    let is_own = wanted.is_of_repository();
    let folder = if is_own { REACHED } else { OUTSIDE };
    format!("+{}:{folder}/{}", wanted.name, wanted.id)
}
