//! One bare repository per address, under the cache folder.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use git2::{ErrorClass, ObjectType, Oid, Repository, RepositoryInitOptions};

use super::Progress;
use super::error::GitError;

const LONGEST_SLUG: usize = 60;
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
    mut work: impl FnMut(&Cache, &mut dyn FnMut(Progress)) -> Result<T, GitError>,
) -> Result<(T, File), GitError> {
    let name = name(address)?;
    let lock = lock(parent, &name, progress).map_err(GitError::cache(parent))?;
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
fn lock(
    parent: &Path,
    name: &str,
    progress: &mut dyn FnMut(Progress),
) -> Result<File, std::io::Error> {
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
    pub(super) fn open(&self) -> Result<Repository, GitError> {
        if self.exists() {
            self.remove_stale_locks();
            return Repository::open(&self.folder).map_err(GitError::libgit2("open the cache"));
        }
        fs::create_dir_all(&self.folder).map_err(GitError::cache(&self.folder))?;
        let mut options = RepositoryInitOptions::new();
        options
            .bare(true)
            .external_template(false)
            .initial_head("main");
        Repository::init_opts(&self.folder, &options).map_err(GitError::libgit2("make the cache"))
    }

    /// No other process is at work here, so that a lock file of git's is one that a killed process left.
    fn remove_stale_locks(&self) {
        for folder in ["", "refs/reached", "refs/outside"] {
            let entries = fs::read_dir(self.folder.join(folder)).into_iter().flatten();
            for path in entries.flatten().map(|entry| entry.path()) {
                if path
                    .extension()
                    .is_some_and(|extension| extension == "lock")
                {
                    // What stays is reported by who needs it.
                    let _ = fs::remove_file(path);
                }
            }
        }
    }

    fn rename(&self, to: &Self) -> Result<(), GitError> {
        fs::rename(&self.folder, &to.folder).map_err(GitError::cache(&self.folder))
    }

    fn remove(&self) -> Result<(), GitError> {
        match fs::remove_dir_all(&self.folder) {
            Err(error) if self.exists() => Err(GitError::cache(&self.folder)(error)),
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
        repository.find_object(
            reference?.resolve()?.target().unwrap_or(Oid::ZERO_SHA1),
            None,
        )?;
    }
    Ok(())
}

/// Readable first, then enough of a hash that no two addresses meet.
fn name(address: &str) -> Result<String, GitError> {
    let hash = Oid::hash_object(ObjectType::Blob, address.as_bytes())
        .map_err(GitError::libgit2("name the cache"))?
        .to_string();
    Ok(format!("{}-{}", slug(address), &hash[..HASH_DIGITS]))
}

/// The end of an address says most about it, so that is what is kept.
fn slug(address: &str) -> String {
    let address = address.split_once("://").map_or(address, |(_, rest)| rest);
    let words: Vec<&str> = address
        .trim_end_matches(".git")
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let slug = words.join("-").to_ascii_lowercase();
    slug[slug.len().saturating_sub(LONGEST_SLUG)..]
        .trim_start_matches('-')
        .to_owned()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_name_is_readable_and_its_own() {
        let names = [
            "https://github.com/launchdarkly/integration-framework.git",
            "https://example.com/a/b",
            "https://example.com/a-b",
            "http://example.com/a-b",
            &format!("https://é/{}", "x/../".repeat(300)),
        ]
        .map(|address| name(address).unwrap());
        assert!(
            names[0].starts_with("github-com-launchdarkly-integration-framework-"),
            "{names:?}"
        );
        let distinct: std::collections::BTreeSet<_> = names.iter().collect();
        assert_eq!(distinct.len(), names.len());
        for name in &names {
            assert!(name.len() <= LONGEST_SLUG + 1 + HASH_DIGITS, "{name}");
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
            assert!(name.bytes().all(is_plain), "{name}");
        }
    }

    #[test]
    fn a_second_process_waits_and_says_so() {
        let parent = tempfile::TempDir::new().unwrap();
        let (enter, entered) = mpsc::channel();
        let (leave, may_leave) = mpsc::channel();
        let mut reported = Vec::new();
        thread::scope(|scope| {
            let (parent, address) = (parent.path(), "https://example.com/repo");
            scope.spawn(move || {
                let work = |_: &Cache, _: &mut dyn FnMut(Progress)| {
                    enter.send(()).unwrap();
                    may_leave.recv_timeout(Duration::from_secs(10)).unwrap();
                    Ok(())
                };
                locked(parent, address, &mut |_| {}, work).unwrap();
            });
            entered.recv().unwrap();
            let mut progress = |progress| {
                reported.push(progress);
                leave.send(()).unwrap();
            };
            locked(parent, address, &mut progress, |_, _| Ok(())).unwrap();
        });
        assert_eq!(reported, [Progress::WaitingForCache]);
    }
}
