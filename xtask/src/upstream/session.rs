//! One conversation with a remote, through libgit2.

use std::collections::BTreeMap;

use git2::{
    AutotagOption, Direction, ErrorCode, FetchOptions, Oid, Remote, RemoteCallbacks, Repository,
};

use super::error::GitError;
use super::location::{self, Kind, Location};
use super::relay::Relay;
use super::revision::Advertised;
use super::{Progress, Transfer};

/// Only the commit itself.
const SHALLOW: i32 = 1;
/// The whole history; the only depth that the local transport knows.
const FULL: i32 = 0;
/// What git takes for "no limit" when a history that was cut off is to be completed.
const UNSHALLOW: i32 = i32::MAX;

/// A connected remote. It ends the connection when dropped, and the relay with it.
pub(super) struct Session<'repo> {
    location: &'repo Location,
    repository: &'repo Repository,
    remote: Remote<'repo>,
    relay: Option<Relay>,
}

impl<'repo> Session<'repo> {
    /// Connects, and returns what the remote advertises.
    pub(super) fn open(
        location: &'repo Location,
        repository: &'repo Repository,
    ) -> Result<(Self, Vec<Advertised>), GitError> {
        let relay = match &location.kind {
            Kind::Http(address) => Some(Relay::start(address)?),
            Kind::Local(_) => None,
        };
        let url = match &relay {
            Some(relay) => relay.url().to_owned(),
            None => local_url(location)?,
        };
        let remote = repository
            .remote_anonymous(&url)
            .map_err(GitError::libgit2("name the remote"))?;
        let mut session = Self {
            location,
            repository,
            remote,
            relay,
        };
        let advertised = session
            .list()
            .map_err(|error| session.explain("ask the remote for its branches", error))?;
        Ok((session, advertised))
    }

    fn list(&mut self) -> Result<Vec<Advertised>, git2::Error> {
        self.remote.connect(Direction::Fetch)?;
        let heads = self.remote.list()?;
        Ok(heads
            .iter()
            .map(|head| Advertised {
                name: head.name().to_owned(),
                id: head.oid(),
            })
            .collect())
    }

    /// Fetches an advertised ref: its commit alone where the transport can, else with its history.
    pub(super) fn fetch_reference(
        &mut self,
        reference: &Advertised,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Transfer, GitError> {
        let depth = self.depth();
        self.fetch(&[refspec(&reference.name, reference.id)], depth, progress)
            .map_err(|error| self.explain("fetch", error))
    }

    /// Fetches a commit that no ref points at: by its id where the server allows that, else by
    /// fetching all branches and tags with their history.
    pub(super) fn fetch_commit(
        &mut self,
        id: Oid,
        advertised: &[Advertised],
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Transfer, GitError> {
        if matches!(self.location.kind, Kind::Http(_)) {
            match self.fetch(&[refspec(&id.to_string(), id)], SHALLOW, progress) {
                Ok(transfer) if self.holds(id)? => return Ok(transfer),
                Err(error) if self.relay_failed() => return Err(self.explain("fetch", error)),
                // The server refuses bare ids, or this one: libgit2 says so in prose only.
                Ok(_) | Err(_) => {}
            }
        }
        let transfer = self.fetch_everything(advertised, progress)?;
        if self.holds(id)? {
            return Ok(transfer);
        }
        Err(GitError::NoSuchRevision {
            repository: self.location.given.clone(),
            revision: id.to_string(),
            near: Vec::new(),
        })
    }

    /// Fetches all branches and tags with their history.
    pub(super) fn fetch_everything(
        &mut self,
        advertised: &[Advertised],
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Transfer, GitError> {
        let depth = if self.repository.is_shallow() {
            UNSHALLOW
        } else {
            FULL
        };
        self.fetch(&everything(advertised), depth, progress)
            .map_err(|error| self.explain("fetch all branches", error))
    }

    fn depth(&self) -> i32 {
        match self.location.kind {
            Kind::Http(_) => SHALLOW,
            Kind::Local(_) => FULL,
        }
    }

    fn fetch(
        &mut self,
        refspecs: &[String],
        depth: i32,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Transfer, git2::Error> {
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
        self.remote.fetch(refspecs, Some(&mut options), None)?;
        let stats = self.remote.stats();
        Ok(Transfer {
            objects: stats.received_objects() as u64,
            bytes: stats.received_bytes() as u64,
        })
    }

    fn holds(&self, id: Oid) -> Result<bool, GitError> {
        super::holds(self.repository, id)
    }

    fn relay_failed(&self) -> bool {
        self.relay.as_ref().is_some_and(Relay::has_failed)
    }

    /// The relay knows the true cause of what libgit2 sees as a bad answer.
    fn explain(&self, doing: &'static str, error: git2::Error) -> GitError {
        self.relay
            .as_ref()
            .and_then(Relay::take_failure)
            .map_or_else(
                || GitError::libgit2(doing)(error),
                |failure| GitError::from_failure(failure, &self.location.given),
            )
    }
}

/// Fetched commits are kept under their ids. Under their names, a branch `a` that becomes `a/b`
/// upstream would get in its own way.
fn refspec(source: &str, id: Oid) -> String {
    format!("+{source}:refs/seen/{id}")
}

fn everything(advertised: &[Advertised]) -> Vec<String> {
    let is_wanted = |name: &str| {
        name == "HEAD"
            || name.starts_with("refs/heads/")
            || name.starts_with("refs/tags/") && !name.ends_with("^{}")
    };
    let by_id: BTreeMap<Oid, &str> = advertised
        .iter()
        .filter(|reference| is_wanted(&reference.name))
        .map(|reference| (reference.id, reference.name.as_str()))
        .collect();
    by_id.iter().map(|(id, name)| refspec(name, *id)).collect()
}

/// Opening the folder first tells apart what the local transport reports as one error.
fn local_url(location: &Location) -> Result<String, GitError> {
    let Kind::Local(path) = &location.kind else {
        return Ok(location.given.clone());
    };
    let repository = location.given.clone();
    match Repository::open(path) {
        Ok(_) => location::file_url(path).ok_or(GitError::Unsupported { repository }),
        Err(error) if error.code() == ErrorCode::NotFound => Err(GitError::NoSuchRepository {
            repository,
            reason: if path.exists() {
                "no git repository is there"
            } else {
                "no such folder"
            },
        }),
        Err(error) if error.code() == ErrorCode::Owner => {
            Err(GitError::ForeignOwner { path: path.clone() })
        }
        Err(error) => Err(GitError::libgit2("open the repository")(error)),
    }
}
