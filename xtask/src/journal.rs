//! The snapshot that a run is putting in place.
//!
//! Generated files follow from manifests/: whatever a killed run left of them, the next one writes
//! anew. The snapshot follows from nothing that is on disk, and half of it has no valid digest. So
//! before its first file is replaced, all of it is put into one file. That file's rename is the
//! moment from which the new snapshot counts. Whoever finds the file replaces what is still to be
//! replaced, as often as it takes, and deletes it.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use generator::snapshot;

use crate::comparison::{Ours, Target};
use crate::error::Failure;
use crate::writer::{self, Staged};

/// Neither a manifest nor a temporary file, so that nothing else takes it for its own.
const FILE: &str = ".unfinished";

/// Puts the staged changes that make `target` in place, in such a way that the next run can go on.
pub(crate) fn put_in_place(target: &Target, staged: Staged<'_>) -> Result<(), Failure> {
    if staged.is_empty() {
        return Ok(());
    }
    begin(target)?;
    staged.put_in_place()?;
    end(&target.dir)
}

/// Completes the snapshot that an interrupted run had begun; whether there was one.
pub(crate) fn complete(dir: &Path) -> Result<bool, Failure> {
    let Some(target) = read(dir)? else {
        return Ok(false);
    };
    writer::stage(&target.changes()?)?.put_in_place()?;
    end(dir)?;
    Ok(true)
}

/// Refuses a folder whose snapshot is half replaced.
pub(crate) fn refuse_unfinished(dir: &Path) -> Result<(), Failure> {
    if path(dir).exists() {
        return Err(Failure::Interrupted(dir.to_owned()));
    }
    Ok(())
}

fn path(dir: &Path) -> PathBuf {
    dir.join(FILE)
}

fn begin(target: &Target) -> Result<(), Failure> {
    let path = path(&target.dir);
    // Strings for keys and no foreign `Serialize`: the two ways for this to fail are out.
    let text = serde_json::to_string(&target.files).unwrap_or_default();
    let file = writer::temporary_beside(&path, &text)?;
    // The one file without which the next run is lost, so here a sync is worth its while.
    file.as_file()
        .sync_all()
        .and_then(|()| file.persist(&path).map_err(|failed| failed.error))
        .map(drop)
        .map_err(Failure::io("write", &path))
}

fn end(dir: &Path) -> Result<(), Failure> {
    let path = path(dir);
    fs::remove_file(&path).map_err(Failure::io("delete", &path))
}

fn read(dir: &Path) -> Result<Option<Target>, Failure> {
    let path = path(dir);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::io("read", &path)(error)),
    };
    let bad = |reason: String| Failure::BadJournal {
        path: path.clone(),
        reason,
    };
    let files: BTreeMap<String, String> =
        serde_json::from_slice(&bytes).map_err(|cause| bad(cause.to_string()))?;
    match files.keys().find(|name| !may_be_written(name)) {
        Some(name) => Err(bad(format!("{name:?} is no file of a snapshot"))),
        None => Ok(Some(Target {
            dir: dir.to_owned(),
            files,
            ours: Ours::Snapshot,
        })),
    }
}

/// Anybody could have put the file there, so that it names no file but a snapshot's.
fn may_be_written(name: &str) -> bool {
    let is_snapshots = name == snapshot::PIN_FILE || snapshot::key_of(name).is_some();
    is_snapshots && Path::new(name).file_name() == Some(OsStr::new(name))
}
