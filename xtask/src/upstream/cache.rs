//! The cache: one bare repository per address.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use git2::{ErrorClass, ObjectType, Oid, Repository, RepositoryInitOptions};

use super::error::Problem;
use super::remote::{OUTSIDE, REACHED};

const LONGEST_END: usize = 60;
const HASH_DIGITS: usize = 12;

/// The folder of one bare repository. The caller of [`super::fetch`] has to ensure that no other process
/// uses it.
pub(super) struct Cache {
    folder: PathBuf,
}

/// Runs `work` with the cache of this address. If the repository is damaged, it is moved aside and `work`
/// is retried with a new one. If that fails too, the old one is restored.
pub(super) fn with_recovery<T>(
    parent: &Path,
    address: &str,
    mut work: impl FnMut(&Cache) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let name = name(address)?;
    let cache = Cache {
        folder: parent.join(format!("{name}.git")),
    };
    match work(&cache) {
        Err(error) if error.may_come_from_damage() && cache.is_damaged() => {}
        outcome => return outcome,
    }
    let old = Cache {
        folder: parent.join(format!("{name}.old")),
    };
    old.remove()?;
    cache.rename(&old)?;
    let outcome = work(&cache);
    if outcome.is_ok() {
        old.remove()?;
    } else {
        cache.remove()?;
        old.rename(&cache)?;
    }
    outcome
}

impl Cache {
    pub(super) fn exists(&self) -> bool {
        self.folder.exists()
    }

    /// Opens the repository, or creates it. (`open_bare` would ignore where the history was cut off.)
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

    /// Removes git's lock files. No other process uses the cache, so they are from a killed process.
    fn remove_stale_locks(&self) {
        for folder in ["", REACHED, OUTSIDE] {
            let entries = fs::read_dir(self.folder.join(folder)).into_iter().flatten();
            for path in entries.flatten().map(|entry| entry.path()) {
                if path.extension().is_some_and(|end| end == "lock") {
                    // If a file can't be removed, the operation that needs it fails.
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

    /// Whether it isn't a valid repository, or one of its objects can't be read. An error of the
    /// operating system, such as missing memory or permission, doesn't count as damage.
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

/// Reads all objects, which verifies their ids, and resolves all refs.
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

/// The name of an address's folder: its end, for people, and a hash, so that the name is unique.
fn name(address: &str) -> Result<String, git2::Error> {
    let hash = Oid::hash_object(ObjectType::Blob, address.as_bytes())?.to_string();
    let readable = address.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
    let end = readable[readable.len().saturating_sub(LONGEST_END)..].trim_matches('-');
    Ok(format!("{end}-{}", &hash[..HASH_DIGITS]))
}
