//! The journal of an update.
//!
//! If a run is killed, the next run can write the generated files again, because they depend only on
//! manifests/. The snapshot and the version can't be recomputed, and a snapshot that is only partly
//! written doesn't match its digest. So before the first of these files is replaced, all of them are
//! written to one file, the journal. Its rename commits the update: if the run is killed after that, the
//! next run completes it.
//!
//! For each file, the journal has the new text and a digest of the old text. If a file on disk has
//! neither, it was changed after the run was killed, for example by `git pull`. Then the journal is
//! discarded, so that newer files are never replaced.

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

/// The name is not one of a manifest or of a temporary file, so other code ignores it.
const FILE: &str = ".unfinished";

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct JournalEntry {
    /// Relative to the workspace's root, with slashes.
    path: String,
    /// The digest of the old text; `None` if there was no file.
    old: Option<String>,
    /// The new text; `None` if the file is deleted.
    new: Option<String>,
}

/// The result of recovering an interrupted run.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Recovery {
    /// There was no journal.
    Nothing,
    /// The files of the journal were written.
    Completed,
    /// The journal was discarded, because this file has changed since then.
    OutOfDate(PathBuf),
}

/// Writes the journal, then commits the staged changes.
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
    // The next run depends on this file, so it is synced to disk.
    file.as_file()
        .sync_all()
        .and_then(|()| file.persist(&path).map_err(|failed| failed.error))
        .map_err(Error::io("write", &path))?;
    staged.commit()?;
    delete(&path)
}

/// Completes an update that was interrupted.
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

/// Returns an error if an update was interrupted.
pub(crate) fn check_not_interrupted(workspace: &Workspace) -> Result<(), Error> {
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
        FileChangeKind::Blocking { .. } | FileChangeKind::Unmanaged => return None,
    };
    let path = workspace
        .shown(&change.path)
        .replace(std::path::MAIN_SEPARATOR, "/");
    // Temporary files of a killed run aren't in the journal: every run deletes them.
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
        Some(entry) => Err(bad(format!(
            "it names {:?}, which an update never writes",
            entry.path
        ))),
        None => Ok(Some(entries)),
    }
}

/// The journal isn't trusted, so it may name only files that an update writes.
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
