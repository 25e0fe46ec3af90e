//! One bare repository per address, under the cache folder.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use git2::{ErrorClass, ObjectType, Oid, Repository, RepositoryInitOptions};

use super::Progress;
use super::error::Problem;
use super::remote::{OUTSIDE, REACHED};

const LONGEST_END: usize = 60;
const HASH_DIGITS: usize = 12;

/// The folder of one bare repository, which this process has to itself.
pub(super) struct Cache {
    folder: PathBuf,
}

/// Runs `work` while no other process works on the cache of this address, which is so until the
/// returned lock is dropped. If the repository is proved damaged, it is set aside and `work` is repeated
/// with a new one; should that fail, the old one comes back.
///
/// The lock is a file beside the repository, so that the repository can be replaced, and the system
/// releases it when a process dies.
pub(super) fn locked<T>(
    parent: &Path,
    address: &str,
    progress: &mut dyn FnMut(Progress),
    mut work: impl FnMut(&Cache, &mut dyn FnMut(Progress)) -> Result<T, Problem>,
) -> Result<(T, File), Problem> {
    let name = name(address)?;
    let lock = lock(parent, &name, progress).map_err(cache_problem(parent))?;
    let cache = Cache {
        folder: parent.join(format!("{name}.git")),
    };
    match work(&cache, progress) {
        Err(error) if error.may_come_from_damage() && cache.is_damaged() => {}
        outcome => return Ok((outcome?, lock)),
    }
    let old = Cache {
        folder: parent.join(format!("{name}.old")),
    };
    old.remove()?;
    cache.rename(&old)?;
    match work(&cache, progress) {
        Ok(outcome) => {
            old.remove()?;
            Ok((outcome, lock))
        }
        Err(error) => {
            cache.remove()?;
            old.rename(&cache)?;
            Err(error)
        }
    }
}

/// Opened for both reading and writing, without which a network file system may refuse the lock.
fn lock(parent: &Path, name: &str, progress: &mut dyn FnMut(Progress)) -> Result<File, io::Error> {
    fs::create_dir_all(parent)?;
    let file = File::options()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(parent.join(format!("{name}.lock")))?;
    match file.try_lock() {
        Ok(()) => return Ok(file),
        Err(TryLockError::WouldBlock) => progress(Progress::WaitingForCache),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    file.lock()?;
    Ok(file)
}

impl Cache {
    pub(super) fn exists(&self) -> bool {
        self.folder.exists()
    }

    /// Opens the repository, or makes it. (`open_bare` would not see where its history is cut off.)
    pub(super) fn open(&self) -> Result<Repository, Problem> {
        if self.exists() {
            self.remove_stale_locks();
            return Ok(Repository::open(&self.folder)?);
        }
        fs::create_dir_all(&self.folder).map_err(cache_problem(&self.folder))?;
        let mut options = RepositoryInitOptions::new();
        options
            .bare(true)
            .external_template(false)
            .initial_head("main");
        Ok(Repository::init_opts(&self.folder, &options)?)
    }

    /// No other process is at work here, so that a lock file of git's is one that a killed process left.
    fn remove_stale_locks(&self) {
        for folder in ["", REACHED, OUTSIDE] {
            let entries = fs::read_dir(self.folder.join(folder)).into_iter().flatten();
            for path in entries.flatten().map(|entry| entry.path()) {
                if path.extension().is_some_and(|end| end == "lock") {
                    // What stays is reported by who needs it.
                    let _ = fs::remove_file(path);
                }
            }
        }
    }

    fn rename(&self, to: &Self) -> Result<(), Problem> {
        fs::rename(&self.folder, &to.folder).map_err(cache_problem(&self.folder))
    }

    fn remove(&self) -> Result<(), Problem> {
        match fs::remove_dir_all(&self.folder) {
            Err(error) if self.exists() => Err(cache_problem(&self.folder)(error)),
            _ => Ok(()),
        }
    }

    /// Whether it is no repository any more, or one of its objects can't be read. What the system
    /// refuses, such as memory or permission, proves nothing.
    fn is_damaged(&self) -> bool {
        let proves = |error: &git2::Error| error.class() != ErrorClass::Os;
        match Repository::open(&self.folder) {
            Err(error) => proves(&error),
            Ok(repository) => check(&repository).is_err_and(|error| proves(&error)),
        }
    }
}

fn cache_problem(path: &Path) -> impl Fn(io::Error) -> Problem {
    move |error| Problem::Cache {
        path: path.to_owned(),
        cause: error.to_string(),
    }
}

/// Reads every object, which checks it against its id, and what each ref points at.
fn check(repository: &Repository) -> Result<(), git2::Error> {
    let objects = repository.odb()?;
    let mut unreadable = None;
    let listed = objects.foreach(|id| {
        unreadable = objects.read(*id).err();
        unreadable.is_none()
    });
    if let Some(error) = unreadable {
        return Err(error);
    }
    listed?;
    for reference in repository.references()? {
        let target = reference?.resolve()?.target();
        repository.find_object(target.unwrap_or(Oid::ZERO_SHA1), None)?;
    }
    Ok(())
}

/// The end of the address, to be read, and enough of a hash that no two addresses meet.
fn name(address: &str) -> Result<String, git2::Error> {
    let hash = Oid::hash_object(ObjectType::Blob, address.as_bytes())?.to_string();
    let readable = address.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
    let end = readable[readable.len().saturating_sub(LONGEST_END)..].trim_matches('-');
    Ok(format!("{end}-{}", &hash[..HASH_DIGITS]))
}
