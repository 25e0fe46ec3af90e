//! Reads the manifests of a commit from the object database.

use generator::limits;
use git2::{FileMode, Oid, Repository, Tree, TreeEntry};

use super::error::Problem;
use super::{CommitManifests, Found, date};

pub(super) const FOLDER: &str = "integrations";
const FILE: &str = "manifest.json";

/// One `integrations/<key>/manifest.json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestBlob {
    /// The name of the integration's folder. Bytes that aren't UTF-8 are replaced.
    pub key: String,
    /// The path in the repository, for diagnostics.
    pub path: String,
    /// The file's bytes, or the reason why they can't be read. One bad manifest doesn't stop the others
    /// from being read.
    pub content: Result<Vec<u8>, ManifestReadError>,
}

/// A manifest of a commit, without its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedManifest {
    /// The name of the integration's folder. Bytes that aren't UTF-8 are replaced.
    pub key: String,
    /// The path in the repository, for diagnostics.
    pub path: String,
    /// The id of the content, or the reason why it can't be read.
    pub content: Result<BlobId, ManifestReadError>,
}

/// The id of a file's content. Equal contents have equal ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BlobId(pub(super) Oid);

/// The reason why a manifest can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum ManifestReadError {
    /// A link could point at any file of this machine.
    #[error("is a symbolic link, where a regular file is expected")]
    SymbolicLink,
    /// The content is in another repository.
    #[error("is a submodule, where a regular file is expected")]
    Submodule,
    /// A folder is where the file should be.
    #[error("is a folder, where a regular file is expected")]
    Folder,
    /// The folder's name is the integration key, so it has to be UTF-8.
    #[error("is in a folder whose name isn't UTF-8")]
    KeyNotUtf8,
    /// It is rejected before its content is read.
    #[error("has {0} bytes, more than the limit of {limit}", limit = limits::MANIFEST_BYTES)]
    TooLarge(usize),
}

/// Reads the manifests of a commit.
pub(super) fn read(found: &Found) -> Result<CommitManifests, Problem> {
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
    Ok(CommitManifests {
        revision: commit.id().to_string(),
        committed: date::rfc3339(commit.time()),
        manifests: manifests(repository, &folder)?,
        outside: found.resolved.outside.clone(),
        transfer: found.transfer,
        shallow: repository.is_shallow(),
    })
}

/// The manifests in `integrations`. Other entries, and folders without a manifest, are skipped.
fn manifests(repository: &Repository, folder: &Tree<'_>) -> Result<Vec<ManifestBlob>, git2::Error> {
    let mut found: Vec<ManifestBlob> = Vec::new();
    let mut bytes = 0;
    for entry in folder {
        let Some(ListedManifest { key, path, content }) = listed(repository, &entry)? else {
            continue;
        };
        let content = match content {
            Ok(BlobId(id)) => Ok(repository.find_blob(id)?.content().to_vec()),
            Err(reason) => Err(reason),
        };
        bytes += content.as_ref().map_or(0, Vec::len);
        found.push(ManifestBlob { key, path, content });
        // The limits are exceeded. The generator reports that.
        if found.len() > limits::MANIFESTS || bytes > limits::INPUT_BYTES {
            break;
        }
    }
    // git sorts folders as if their names ended in a slash.
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

/// The manifest in an entry of `integrations`; `None` if it isn't a folder or has no manifest.
pub(super) fn listed(
    repository: &Repository,
    folder: &TreeEntry<'_>,
) -> Result<Option<ListedManifest>, git2::Error> {
    let tree = subtree(repository, Some(folder))?;
    let Some(manifest) = tree.as_ref().and_then(|tree| tree.get_name(FILE)) else {
        return Ok(None);
    };
    let key = String::from_utf8_lossy(folder.name_bytes()).into_owned();
    let path = format!("{FOLDER}/{key}/{FILE}");
    let content = match mode(&manifest) {
        Some(FileMode::Link) => Err(ManifestReadError::SymbolicLink),
        Some(FileMode::Commit) => Err(ManifestReadError::Submodule),
        Some(FileMode::Tree) => Err(ManifestReadError::Folder),
        _ if std::str::from_utf8(folder.name_bytes()).is_err() => {
            Err(ManifestReadError::KeyNotUtf8)
        }
        // The header has the size without the content.
        _ => match repository.odb()?.read_header(manifest.id())? {
            (size, _) if size > limits::MANIFEST_BYTES => Err(ManifestReadError::TooLarge(size)),
            _ => Ok(BlobId(manifest.id())),
        },
    };
    Ok(Some(ListedManifest { key, path, content }))
}

fn mode(entry: &TreeEntry<'_>) -> Option<FileMode> {
    [FileMode::Tree, FileMode::Link, FileMode::Commit]
        .into_iter()
        .find(|mode| i32::from(*mode) == entry.filemode())
}
