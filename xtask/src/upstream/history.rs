//! All ancestors of a commit, each with a list of its manifests, without their contents.
//!
//! Most commits change few folders. So each git tree is read only once, and cached by its id.

use std::collections::HashMap;
use std::rc::Rc;

use git2::{Oid, Repository, Sort};

use super::error::{GitError, Problem};
use super::tree::{self, BlobId, ListedManifest};
use super::{Found, Transfer, date};

/// A commit and all its ancestors.
pub struct History {
    repository: Repository,
    /// The commits, each after its parents.
    pub commits: Vec<Commit>,
    /// What this run received.
    pub transfer: Transfer,
}

/// One commit of a history.
#[derive(Clone, Debug)]
pub struct Commit {
    /// The full commit id.
    pub revision: String,
    /// The committer's date in RFC 3339, with the commit's offset.
    pub committed: String,
    /// The first line of its message.
    pub subject: String,
    /// The indices of its parents in [`History::commits`].
    pub parents: Vec<usize>,
    /// All `integrations/<key>/manifest.json`, sorted by the bytes of their keys.
    pub manifests: Manifests,
}

/// The manifests of a commit, shared between commits with the same manifests.
pub type Manifests = Rc<[Rc<ListedManifest>]>;

impl History {
    pub(super) fn of(found: Found) -> Result<Self, Problem> {
        let commits = commits(&found.repository, found.resolved.commit)?;
        Ok(Self {
            repository: found.repository,
            commits,
            transfer: found.transfer,
        })
    }

    /// Reads a manifest's bytes.
    ///
    /// # Errors
    /// Returns a [`GitError`] if the cache is damaged.
    pub fn read(&self, content: BlobId) -> Result<Vec<u8>, GitError> {
        let blob = self.repository.find_blob(content.0);
        let blob = blob.map_err(|error| GitError {
            repository: self.repository.path().display().to_string(),
            problem: error.into(),
        })?;
        Ok(blob.content().to_vec())
    }
}

impl Commit {
    /// Whether its manifests differ from those of each parent. A merge whose manifests equal those of one
    /// parent doesn't count, because that parent's history has the change.
    #[must_use]
    pub fn touches_manifests(&self, commits: &[Self]) -> bool {
        if self.parents.is_empty() {
            return !self.manifests.is_empty();
        }
        let mut parents = self.parents.iter();
        parents.all(|parent| !self.has_manifests_of(&commits[*parent]))
    }

    /// Whether both have the same manifests.
    #[must_use]
    pub fn has_manifests_of(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.manifests, &other.manifests) || self.manifests == other.manifests
    }
}

fn commits(repository: &Repository, id: Oid) -> Result<Vec<Commit>, git2::Error> {
    let mut order = repository.revwalk()?;
    order.set_sorting(Sort::TOPOLOGICAL | Sort::TIME | Sort::REVERSE)?;
    order.push(id)?;
    let mut trees = Trees::default();
    let mut places = HashMap::new();
    let mut commits = Vec::new();
    for id in order {
        let id = id?;
        let commit = repository.find_commit(id)?;
        places.insert(id, commits.len());
        commits.push(Commit {
            revision: id.to_string(),
            committed: date::rfc3339(commit.time()),
            subject: String::from_utf8_lossy(commit.summary_bytes().unwrap_or_default())
                .into_owned(),
            parents: commit
                .parent_ids()
                .filter_map(|parent| places.get(&parent).copied())
                .collect(),
            manifests: trees.manifests(repository, &commit)?,
        });
    }
    Ok(commits)
}

/// The cache of git trees that were read.
#[derive(Default)]
struct Trees {
    /// The manifests, by the id of the tree `integrations`.
    manifests: HashMap<Option<Oid>, Manifests>,
    /// The manifest, by the folder's name and tree; `None` if the folder has none.
    folders: HashMap<(Vec<u8>, Oid), Option<Rc<ListedManifest>>>,
}

impl Trees {
    fn manifests(
        &mut self,
        repository: &Repository,
        commit: &git2::Commit<'_>,
    ) -> Result<Manifests, git2::Error> {
        let root = commit.tree()?;
        let folder = tree::subtree(repository, root.get_name(tree::FOLDER).as_ref())?;
        let id = folder.as_ref().map(git2::Tree::id);
        if let Some(known) = self.manifests.get(&id) {
            return Ok(Rc::clone(known));
        }
        let mut found = Vec::new();
        for entry in folder.iter().flatten() {
            found.extend(self.listed(repository, &entry)?);
        }
        // git sorts folders as if their names ended in a slash.
        found.sort_by(|a, b| a.key.cmp(&b.key));
        let found: Manifests = found.into();
        self.manifests.insert(id, Rc::clone(&found));
        Ok(found)
    }

    fn listed(
        &mut self,
        repository: &Repository,
        folder: &git2::TreeEntry<'_>,
    ) -> Result<Option<Rc<ListedManifest>>, git2::Error> {
        let known = (folder.name_bytes().to_owned(), folder.id());
        if let Some(listed) = self.folders.get(&known) {
            return Ok(listed.clone());
        }
        let listed = tree::listed(repository, folder)?.map(Rc::new);
        self.folders.insert(known, listed.clone());
        Ok(listed)
    }
}
