//! The lock of the workspace: any number of readers, or one writer.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;

use crate::error::Error;
use crate::ui;
use crate::workspace::Workspace;

/// The kind of access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Shared with other readers.
    Read,
    /// Exclusive. A fetch needs it too, because it writes to the cache.
    Write,
}

/// Releases the lock on drop. If the process dies, the system releases it.
#[derive(Debug)]
pub(crate) struct Lock {
    /// `None` if no lock is needed.
    _file: Option<File>,
}

/// Locks the workspace: manifests/, the package and the cache. Waits for other runs, with a note on
/// stderr.
///
/// A reader without permission to create the lock's file continues without a lock: nobody can write to
/// such a checkout.
pub(crate) fn workspace(workspace: &Workspace, access: Access) -> Result<Lock, Error> {
    let path = workspace.lock();
    let failed = |source| Error::Lock {
        path: path.clone(),
        source,
    };
    let file = match (open(&path), access) {
        (Ok(file), _) => file,
        (Err(_), Access::Read) => return Ok(Lock { _file: None }),
        (Err(source), Access::Write) => return Err(failed(source)),
    };
    let attempt = match access {
        Access::Read => file.try_lock_shared(),
        Access::Write => file.try_lock(),
    };
    match attempt {
        Ok(()) => {}
        Err(TryLockError::Error(source)) => return Err(failed(source)),
        Err(TryLockError::WouldBlock) => {
            let shown = workspace.shown(&path);
            ui::note(format_args!(
                "waiting for another run, which has locked {shown}"
            ));
            let waited = match access {
                Access::Read => file.lock_shared(),
                Access::Write => file.lock(),
            };
            waited.map_err(failed)?;
        }
    }
    Ok(Lock { _file: Some(file) })
}

/// Opens the file for reading and writing. On NFSv4, a shared lock needs a file that is open for reading.
fn open(path: &Path) -> io::Result<File> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    File::options()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace_at(root: &Path) -> Workspace {
        Workspace::new(root.to_owned())
    }

    #[test]
    fn a_writer_is_alone_and_readers_are_not() {
        let root = tempfile::TempDir::new().unwrap();
        let locked = |access| workspace(&workspace_at(root.path()), access).unwrap();
        let other = || open(&workspace_at(root.path()).lock()).unwrap();
        let readers = [locked(Access::Read), locked(Access::Read)];
        assert!(matches!(other().try_lock(), Err(TryLockError::WouldBlock)));
        drop(readers);
        let writer = locked(Access::Write);
        let reader = other().try_lock_shared();
        assert!(matches!(reader, Err(TryLockError::WouldBlock)));
        drop(writer);
        other().try_lock().unwrap();
    }

    #[test]
    fn a_lock_that_cannot_be_made_stops_only_the_writer() {
        let root = tempfile::TempDir::new().unwrap();
        fs::write(root.path().join("target"), "a file where a folder belongs").unwrap();
        workspace(&workspace_at(root.path()), Access::Read).unwrap();
        let error = workspace(&workspace_at(root.path()), Access::Write).unwrap_err();
        assert!(error.to_string().contains("regen.lock"), "{error}");
        assert_eq!(error.exit_status(), 2);
    }
}
