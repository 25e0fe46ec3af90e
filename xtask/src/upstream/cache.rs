//! One bare repository per address, under the cache folder.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use git2::{Config, ObjectType, Oid, Repository, RepositoryInitOptions};

use super::Progress;
use super::error::GitError;
use super::location::Location;

const LONGEST_SLUG: usize = 60;
const HASH_DIGITS: usize = 12;

/// The folder of one bare repository, which this process has to itself.
pub(super) struct Cache {
    folder: PathBuf,
}

/// Runs `work` while no other process works on the cache of this repository.
///
/// The lock is a file beside the repository, so that the repository itself can be thrown away, and
/// the system releases it when a process dies.
pub(super) fn locked<T>(
    parent: &Path,
    location: &Location,
    progress: &mut dyn FnMut(Progress),
    work: impl FnOnce(&Cache, &mut dyn FnMut(Progress)) -> Result<T, GitError>,
) -> Result<T, GitError> {
    let name = name(location)?;
    let path = parent.join(format!("{name}.lock"));
    let unusable = |source| GitError::Cache {
        path: parent.to_owned(),
        source,
    };
    fs::create_dir_all(parent).map_err(unusable)?;
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(unusable)?;
    let mut lock = fd_lock::RwLock::new(file);
    if lock.try_write().is_err() {
        progress(Progress::WaitingForCache);
    }
    let _held = lock.write().map_err(unusable)?;
    let folder = parent.join(format!("{name}.git"));
    work(&Cache { folder }, progress)
}

impl Cache {
    pub(super) fn exists(&self) -> bool {
        self.folder.exists()
    }

    pub(super) fn discard(&self) -> Result<(), GitError> {
        fs::remove_dir_all(&self.folder).map_err(|source| self.unusable(source))
    }

    /// Opens the repository, or makes it.
    ///
    /// Only the repository's own configuration counts: with the user's, a rule such as
    /// `url.https://.insteadOf = http://` would rewrite the relay's address. Hooks are never run by
    /// libgit2, and no template can put any here.
    pub(super) fn open(&self) -> Result<Repository, GitError> {
        let repository = if self.exists() {
            Repository::open_bare(&self.folder)
        } else {
            fs::create_dir_all(&self.folder).map_err(|source| self.unusable(source))?;
            let mut options = RepositoryInitOptions::new();
            options
                .bare(true)
                .external_template(false)
                .initial_head("main");
            Repository::init_opts(&self.folder, &options)
        }
        .map_err(GitError::libgit2("open the cache"))?;
        Config::open(&self.folder.join("config"))
            .and_then(|own| repository.set_config(&own))
            .map_err(GitError::libgit2("read the cache's configuration"))?;
        Ok(repository)
    }

    fn unusable(&self, source: io::Error) -> GitError {
        GitError::Cache {
            path: self.folder.clone(),
            source,
        }
    }
}

/// Readable first, then enough of a hash that no two addresses meet.
fn name(location: &Location) -> Result<String, GitError> {
    let identity = location.identity();
    let hash = Oid::hash_object(ObjectType::Blob, identity.as_bytes())
        .map_err(GitError::libgit2("name the cache"))?
        .to_string();
    Ok(format!("{}-{}", slug(&identity), &hash[..HASH_DIGITS]))
}

/// The end of an address says most about it, so that is what is kept.
fn slug(identity: &str) -> String {
    let address = identity
        .split_once("://")
        .map_or(identity, |(_, rest)| rest);
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

    fn name_of(given: &str) -> String {
        name(&Location::parse(given).unwrap()).unwrap()
    }

    #[test]
    fn a_name_is_readable_and_its_own() {
        let name = name_of("https://github.com/launchdarkly/integration-framework.git");
        assert!(
            name.starts_with("github-com-launchdarkly-integration-framework-"),
            "{name}"
        );
        assert_ne!(
            name_of("https://example.com/a/b"),
            name_of("https://example.com/a-b")
        );
        assert_ne!(
            name_of("https://example.com/a"),
            name_of("http://example.com/a")
        );
        assert_eq!(
            name_of("https://example.com/a/"),
            name_of("https://example.com/a")
        );
    }

    #[test]
    fn a_name_is_one_short_folder_name_whatever_the_address() {
        let long = format!("/tmp/{}/../../é/{}", "x".repeat(300), "y".repeat(300));
        let name = name_of(&long);
        assert!(name.len() <= LONGEST_SLUG + 1 + HASH_DIGITS, "{name}");
        assert!(
            name.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'),
            "{name}"
        );
    }

    #[test]
    fn a_second_process_waits_and_says_so() {
        let parent = tempfile::TempDir::new().unwrap();
        let location = Location::parse("https://example.com/repo").unwrap();
        let (enter, entered) = mpsc::channel();
        let (leave, may_leave) = mpsc::channel();
        let mut reported = Vec::new();
        thread::scope(|scope| {
            let (parent, location) = (parent.path(), &location);
            scope.spawn(move || {
                let work = |_: &Cache, _: &mut dyn FnMut(Progress)| {
                    enter.send(()).unwrap();
                    may_leave.recv_timeout(Duration::from_secs(10)).unwrap();
                    Ok(())
                };
                locked(parent, location, &mut |_| {}, work).unwrap();
            });
            entered.recv().unwrap();
            let mut progress = |progress| {
                reported.push(progress);
                leave.send(()).unwrap();
            };
            locked(parent, location, &mut progress, |_, _| Ok(())).unwrap();
        });
        assert_eq!(reported, [Progress::WaitingForCache]);
    }
}
