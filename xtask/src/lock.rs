//! One writer at a time, and no reader while it writes.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use fd_lock::RwLock;

use crate::console::Console;
use crate::error::Failure;
use crate::workspace::Workspace;

/// How long to wait for another run, which is done in less than a second unless it fetches.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(20);

/// What the lock is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Any number of readers at once.
    Read,
    /// One writer, and nobody else.
    Write,
}

/// Held until it is dropped; when a process dies, the system releases it.
#[derive(Debug)]
pub(crate) struct Lock {
    /// `None` where there is nothing to lock.
    _file: Option<RwLock<File>>,
}

/// Locks the workspace: its manifests/ and its package.
///
/// Who may not make the lock's file reads without it: a checkout that can't be written to has no
/// writers to wait for.
pub(crate) fn workspace(workspace: &Workspace, access: Access) -> Result<Lock, Failure> {
    let path = workspace.lock();
    let file = match (open_or_make(&path), access) {
        (Ok(file), _) => file,
        (Err(_), Access::Read) => return Ok(Lock { _file: None }),
        (Err(source), Access::Write) => return Err(Failure::Lock { path, source }),
    };
    acquire(file, &path, access, (PATIENCE, workspace.console()))
}

/// Locks a folder for generated modules, which several workspaces may write to by `--out`.
///
/// It is the folder itself that is locked, so no lock file lies among the modules, and two paths to
/// one folder are one lock. Where the system can't lock a folder (Windows, some network disks), or
/// the folder isn't there to be read, the workspace's lock has to do.
pub(crate) fn folder(workspace: &Workspace, dir: &Path, access: Access) -> Result<Lock, Failure> {
    if access == Access::Write {
        fs::create_dir_all(dir).map_err(Failure::io("make", dir))?;
    }
    match File::open(dir).map(|file| acquire(file, dir, access, (PATIENCE, workspace.console()))) {
        Err(_) | Ok(Err(Failure::Lock { .. })) => Ok(Lock { _file: None }),
        Ok(outcome) => outcome,
    }
}

fn open_or_make(path: &Path) -> io::Result<File> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
}

/// Waits for the lock, and says so; gives up when its patience is at an end.
fn acquire(
    file: File,
    path: &Path,
    access: Access,
    (patience, console): (Duration, &Console),
) -> Result<Lock, Failure> {
    let mut lock = RwLock::new(file);
    let start = Instant::now();
    let mut told = false;
    while !try_acquire(&mut lock, access).map_err(|source| Failure::Lock {
        path: path.to_owned(),
        source,
    })? {
        if start.elapsed() >= patience {
            return Err(Failure::Busy {
                path: path.to_owned(),
                seconds: patience.as_secs(),
            });
        }
        if !told {
            let holder = path.display();
            console.note(format_args!(
                "waiting for another run, which holds {holder}"
            ));
            told = true;
        }
        thread::sleep(PAUSE);
    }
    Ok(Lock { _file: Some(lock) })
}

/// Whether the lock was to be had. Its guard would have to be dropped before the lock that it
/// borrows; forgotten, it leaves the lock to the file, with which it ends.
fn try_acquire(lock: &mut RwLock<File>, access: Access) -> io::Result<bool> {
    let outcome = match access {
        Access::Read => lock.try_read().map(std::mem::forget),
        Access::Write => lock.try_write().map(std::mem::forget),
    };
    match outcome {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::Verbosity;

    const NOT_LONG: Duration = Duration::from_millis(50);

    fn held(path: &Path, access: Access) -> Result<Lock, Failure> {
        locked(open_or_make(path).unwrap(), path, access)
    }

    fn locked(file: File, path: &Path, access: Access) -> Result<Lock, Failure> {
        let console = Console::new(Verbosity::Quiet);
        acquire(file, path, access, (NOT_LONG, &console))
    }

    fn workspace_at(root: &Path) -> Workspace {
        Workspace::new(Some(root.to_owned()), Console::new(Verbosity::Quiet))
    }

    #[test]
    fn a_writer_is_alone_and_readers_are_not() {
        let dir = tempfile::TempDir::new().unwrap();
        let path = dir.path().join("target/lock");
        let reader = held(&path, Access::Read).unwrap();
        let other = held(&path, Access::Read).unwrap();
        let busy = held(&path, Access::Write).unwrap_err();
        assert!(busy.to_string().contains("target/lock"), "{busy}");
        assert_eq!(busy.exit_status(), 2);
        drop((reader, other));
        let writer = held(&path, Access::Write).unwrap();
        for access in [Access::Read, Access::Write] {
            assert!(matches!(held(&path, access), Err(Failure::Busy { .. })));
        }
        drop(writer);
        held(&path, Access::Write).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_is_locked_without_a_file_in_it() {
        let dir = tempfile::TempDir::new().unwrap();
        let out = dir.path().join("deep/out");
        let root = workspace_at(dir.path());
        let writer = folder(&root, &out, Access::Write).unwrap();
        let again = File::open(&out).unwrap();
        let busy = locked(again, &out, Access::Read);
        assert!(matches!(busy, Err(Failure::Busy { .. })));
        assert_eq!(fs::read_dir(&out).unwrap().count(), 0);
        drop(writer);
        folder(&root, &out, Access::Read).unwrap();
        // What isn't there can be read without a lock.
        folder(&root, &dir.path().join("nowhere"), Access::Read).unwrap();
    }

    #[test]
    fn a_lock_that_cannot_be_made_stops_only_the_writer() {
        let dir = tempfile::TempDir::new().unwrap();
        fs::write(dir.path().join("target"), "a file, where a folder belongs").unwrap();
        let root = workspace_at(dir.path());
        workspace(&root, Access::Read).unwrap();
        let failure = workspace(&root, Access::Write).unwrap_err();
        assert!(failure.to_string().contains("regen.lock"), "{failure}");
        assert_eq!(failure.exit_status(), 2);
    }
}
