//! The journal of an update.
//!
//! Generated files follow from manifests/: what a killed run left undone there, the next run does.
//! The snapshot and the version follow from nothing that is on disk, and half of a snapshot has no
//! valid digest. So before the first of these files is replaced, all of them are written to one
//! file, the journal. From its rename on, the update counts: the next run completes it.
//!
//! For each file the journal holds the new text and a digest of the old one. A file that is neither
//! was changed after the run was killed, for example by a `git pull`. Then the journal is out of
//! date, and it is dropped: nothing newer is ever replaced.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use generator::snapshot;
use serde::{Deserialize, Serialize};

use super::expected::{FileChange, FileChangeKind, read_lossy};
use super::writer::{self, Staged};
use crate::error::Error;
use crate::workspace::Workspace;

/// Neither a manifest nor a temporary file, so that no other code takes it for one.
const FILE: &str = ".unfinished";

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct JournalEntry {
    /// From the workspace's root, with slashes.
    path: String,
    /// The digest of the old text; `None` if there was no file.
    old: Option<String>,
    /// The new text; `None` if the file is deleted.
    new: Option<String>,
}

/// What became of the journal of an interrupted run.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Recovery {
    /// There was none.
    Nothing,
    /// Its files are written.
    Completed,
    /// It was dropped, because this file has changed since.
    OutOfDate(PathBuf),
}

/// Commits staged changes so that the next run can complete them.
pub(super) fn commit(
    workspace: &Workspace,
    changes: &[FileChange],
    staged: Staged<'_>,
) -> Result<(), Error> {
    if staged.is_empty() {
        return Ok(());
    }
    let path = path(workspace);
    let entries: Vec<JournalEntry> = changes
        .iter()
        .filter_map(|change| entry(workspace, change))
        .collect();
    let file = writer::temporary_beside(&path, &snapshot::canonical(&entries))?;
    // Without this one file the next run can't complete anything, so it is worth a sync.
    file.as_file()
        .sync_all()
        .and_then(|()| file.persist(&path).map_err(|failed| failed.error))
        .map_err(Error::io("write", &path))?;
    staged.commit()?;
    delete(&path)
}

/// Completes the update that an interrupted run had begun.
pub(crate) fn recover(workspace: &Workspace) -> Result<Recovery, Error> {
    let path = path(workspace);
    let Some(entries) = read(&path)? else {
        return Ok(Recovery::Nothing);
    };
    let mut changes = Vec::new();
    for entry in entries {
        let path = workspace.root().join(&entry.path);
        let found = read_lossy(&path)?;
        if found == entry.new {
            continue;
        }
        if found.as_deref().map(digest) != entry.old {
            delete(&self::path(workspace))?;
            return Ok(Recovery::OutOfDate(path));
        }
        let kind = match (found, entry.new) {
            (Some(old), Some(new)) => FileChangeKind::Changed { old, new },
            (Some(old), None) => FileChangeKind::Extra { old },
            (None, new) => FileChangeKind::Missing {
                new: new.unwrap_or_default(),
            },
        };
        changes.push(FileChange { path, kind });
    }
    writer::stage(&changes)?.commit()?;
    delete(&path)?;
    Ok(Recovery::Completed)
}

/// Refuses a workspace whose update is half written.
pub(crate) fn refuse_unfinished(workspace: &Workspace) -> Result<(), Error> {
    match path(workspace).symlink_metadata() {
        Ok(_) => Err(Error::Interrupted(workspace.manifests())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Error::io("read", &path(workspace))(error)),
    }
}

fn path(workspace: &Workspace) -> PathBuf {
    workspace.manifests().join(FILE)
}

fn digest(text: &str) -> String {
    snapshot::digest([("", text.as_bytes())])
}

fn entry(workspace: &Workspace, change: &FileChange) -> Option<JournalEntry> {
    let (old, new) = match &change.kind {
        FileChangeKind::Changed { old, new } => (Some(old), Some(new)),
        FileChangeKind::Missing { new } => (None, Some(new)),
        FileChangeKind::Extra { old } => (Some(old), None),
        FileChangeKind::InTheWay { .. } | FileChangeKind::Unmanaged => return None,
    };
    let path = workspace
        .shown(&change.path)
        .replace(std::path::MAIN_SEPARATOR, "/");
    // A temporary file of a killed run is deleted by any run, and may already be gone.
    may_be_written(&path).then(|| JournalEntry {
        path,
        old: old.map(|text| digest(text)),
        new: new.cloned(),
    })
}

fn delete(path: &Path) -> Result<(), Error> {
    fs::remove_file(path).map_err(Error::io("delete", path))
}

fn read(path: &Path) -> Result<Option<Vec<JournalEntry>>, Error> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::io("read", path)(error)),
    };
    let bad = |reason: String| Error::BadJournal {
        path: path.to_owned(),
        reason,
    };
    let entries: Vec<JournalEntry> =
        serde_json::from_slice(&bytes).map_err(|cause| bad(cause.to_string()))?;
    match entries.iter().find(|entry| !may_be_written(&entry.path)) {
        Some(entry) => Err(bad(format!("an update never writes {:?}", entry.path))),
        None => Ok(Some(entries)),
    }
}

/// Anyone can have put the journal there, so it can name only the files that an update writes.
fn may_be_written(path: &str) -> bool {
    if super::version::FILES.contains(&path) {
        return true;
    }
    let Some(name) = path.strip_prefix("manifests/") else {
        return false;
    };
    let of_snapshot = name == snapshot::PIN_FILE || snapshot::key_of(name).is_some();
    of_snapshot && Path::new(name).file_name() == Some(OsStr::new(name))
}
