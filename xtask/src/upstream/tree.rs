//! The manifests of a commit, read from the object database.

use generator::limits;
use git2::{FileMode, Oid, Repository, Tree, TreeEntry};

use super::error::Problem;
use super::{Found, Snapshot, date};

pub(super) const FOLDER: &str = "integrations";
const FILE: &str = "manifest.json";

/// One `integrations/<key>/manifest.json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestBlob {
    /// The name of the integration's folder; with replacement characters where it isn't UTF-8.
    pub key: String,
    /// The path inside the repository, for diagnostics.
    pub path: String,
    /// The file's bytes, or why they weren't read: one bad entry must not hide the problems of the
    /// others.
    pub content: Result<Vec<u8>, Unreadable>,
}

/// A manifest of a commit, not yet read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The name of the integration's folder; with replacement characters where it isn't UTF-8.
    pub key: String,
    /// The path inside the repository, for diagnostics.
    pub path: String,
    /// Its content, or why that can't be read.
    pub content: Result<BlobId, Unreadable>,
}

/// A file's content, the same for the same bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BlobId(pub(super) Oid);

/// Why the bytes of a manifest weren't read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Unreadable {
    /// A link could name any file of this machine.
    #[error("is a symbolic link, where a regular file is expected")]
    SymbolicLink,
    /// Its content is in another repository.
    #[error("is a submodule, where a regular file is expected")]
    Submodule,
    /// A folder is where the file should be.
    #[error("is a folder, where a regular file is expected")]
    Folder,
    /// The key names a module, so it has to be text.
    #[error("is in a folder whose name isn't UTF-8")]
    KeyNotUtf8,
    /// It is refused by its size, and never in memory.
    #[error("has {0} bytes, and {limit} are taken at the most", limit = limits::MANIFEST_BYTES)]
    TooLarge(usize),
}

/// Reads the manifests of a commit.
pub(super) fn read(found: &Found) -> Result<Snapshot, Problem> {
    let repository = &found.repository;
    let commit = repository.find_commit(found.resolved.commit)?;
    let folder = subtree(repository, commit.tree()?.get_name(FOLDER).as_ref())?;
    let folder = folder.ok_or_else(|| {
        Problem::Repository(format!(
            "commit {} has no folder `{FOLDER}`: is it a copy of launchdarkly/integration-framework, \
             and is the revision the right one?",
            commit.id()
        ))
    })?;
    Ok(Snapshot {
        revision: commit.id().to_string(),
        committed: date::rfc3339(commit.time()),
        manifests: manifests(repository, &folder)?,
        outside: found.resolved.outside.clone(),
        transfer: found.transfer,
        shallow: repository.is_shallow(),
    })
}

/// Entries that aren't folders, and folders without a manifest, are no integrations.
fn manifests(repository: &Repository, folder: &Tree<'_>) -> Result<Vec<ManifestBlob>, git2::Error> {
    let mut found: Vec<ManifestBlob> = Vec::new();
    let mut bytes = 0;
    for entry in folder {
        let Some(Listed { key, path, content }) = listed(repository, &entry)? else {
            continue;
        };
        let content = match content {
            Ok(BlobId(id)) => Ok(repository.find_blob(id)?.content().to_vec()),
            Err(reason) => Err(reason),
        };
        bytes += content.as_ref().map_or(0, Vec::len);
        found.push(ManifestBlob { key, path, content });
        // The generator refuses what is more than it takes.
        if found.len() > limits::MANIFESTS || bytes > limits::INPUT_BYTES {
            break;
        }
    }
    // A tree's own order takes a folder's name as if it ended in a slash.
    found.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(found)
}

pub(super) fn subtree<'repo>(
    repository: &'repo Repository,
    entry: Option<&TreeEntry<'_>>,
) -> Result<Option<Tree<'repo>>, git2::Error> {
    let folder = entry.filter(|entry| mode(entry) == Some(FileMode::Tree));
    folder
        .map(|entry| repository.find_tree(entry.id()))
        .transpose()
}

/// The manifest in a folder of `integrations`; `None` if that is no folder or has none.
pub(super) fn listed(
    repository: &Repository,
    folder: &TreeEntry<'_>,
) -> Result<Option<Listed>, git2::Error> {
    let tree = subtree(repository, Some(folder))?;
    let Some(manifest) = tree.as_ref().and_then(|tree| tree.get_name(FILE)) else {
        return Ok(None);
    };
    let key = String::from_utf8_lossy(folder.name_bytes()).into_owned();
    let path = format!("{FOLDER}/{key}/{FILE}");
    let content = match mode(&manifest) {
        Some(FileMode::Link) => Err(Unreadable::SymbolicLink),
        Some(FileMode::Commit) => Err(Unreadable::Submodule),
        Some(FileMode::Tree) => Err(Unreadable::Folder),
        _ if std::str::from_utf8(folder.name_bytes()).is_err() => Err(Unreadable::KeyNotUtf8),
        // The header has the size without the content.
        _ => match repository.odb()?.read_header(manifest.id())? {
            (size, _) if size > limits::MANIFEST_BYTES => Err(Unreadable::TooLarge(size)),
            _ => Ok(BlobId(manifest.id())),
        },
    };
    Ok(Some(Listed { key, path, content }))
}

fn mode(entry: &TreeEntry<'_>) -> Option<FileMode> {
    [FileMode::Tree, FileMode::Link, FileMode::Commit]
        .into_iter()
        .find(|mode| i32::from(*mode) == entry.filemode())
}
