//! Where manifests come from: the snapshot, a directory or a commit. All three give the same sources.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use generator::analysis;
use generator::diagnostic::{Diagnostic, JsonPath};
use generator::limits;
use generator::snapshot::{self, Pin};
use generator::source::Source;
use rayon::prelude::*;

use crate::error::Failure;
use crate::upstream;

/// Manifests as they were found, not yet read.
#[derive(Debug, Default)]
pub(crate) struct Input {
    /// Those whose bytes are there.
    pub(crate) sources: Vec<Source>,
    /// An error for each of the others.
    pub(crate) unreadable: Vec<Diagnostic>,
    /// What pins them, if they are a snapshot.
    pub(crate) pin: Option<Pin>,
    /// The commit they were fetched from, as a pin that still lacks its digest.
    pub(crate) commit: Option<Pin>,
    /// Whether they may be only some of upstream's.
    pub(crate) partial: bool,
}

/// Reads `dir/integrations/*/manifest.json`, or `dir/*.json` if there is no `integrations`.
pub(crate) fn from_directory(dir: &Path) -> Result<Input, Failure> {
    if !dir.exists() {
        return Err(Failure::no_folder(dir));
    }
    let integrations = dir.join("integrations");
    let mut input = Input {
        partial: true,
        ..Input::default()
    };
    if integrations.is_dir() {
        read_checkout(&integrations, &mut input)?;
    } else {
        read_flat(dir, &mut input)?;
        input.pin = read_pin(dir)?;
    }
    if input.sources.is_empty() && input.unreadable.is_empty() {
        return Err(Failure::NoManifests(dir.to_owned()));
    }
    Ok(input)
}

/// Reads the pinned snapshot, and holds it against its digest; `None` if there is none.
pub(crate) fn from_snapshot(dir: &Path) -> Result<Option<Input>, Failure> {
    let Some(pin) = read_pin(dir)? else {
        return Ok(None);
    };
    let mut input = Input::default();
    read_flat(dir, &mut input)?;
    if input.sources.is_empty() && input.unreadable.is_empty() {
        return Ok(None);
    }
    let found = snapshot::digest(
        input
            .sources
            .iter()
            .map(|source| (source.key.as_str(), source.bytes.as_slice())),
    );
    if found != pin.digest {
        return Err(Failure::Digest {
            dir: dir.to_owned(),
            revision: pin.revision,
            pinned: pin.digest,
            found,
        });
    }
    Ok(Some(Input {
        pin: Some(pin),
        ..input
    }))
}

/// The manifests of a fetched commit.
pub(crate) fn from_commit(commit: upstream::Snapshot, repository: &str) -> Input {
    let pin = Pin {
        repository: repository.to_owned(),
        revision: commit.revision,
        committed: commit.committed,
        digest: String::new(),
        held_back: Vec::new(),
    };
    let mut input = Input {
        commit: Some(pin),
        ..Input::default()
    };
    for blob in commit.manifests {
        match blob.content {
            Ok(bytes) => input.sources.push(Source {
                key: blob.key,
                origin: blob.path,
                bytes,
            }),
            Err(reason) => input.unreadable.push(analysis::unreadable(
                Some(&blob.key),
                &blob.path,
                format!("the manifest {reason}"),
            )),
        }
    }
    input
}

/// The pin of a snapshot; `None` if there is none.
pub(crate) fn read_pin(dir: &Path) -> Result<Option<Pin>, Failure> {
    let path = dir.join(snapshot::PIN_FILE);
    let bytes = match read_bounded(&path) {
        Ok(Content::Whole(bytes)) => bytes,
        Ok(Content::TooLarge(size)) => {
            let reason = format!("it has {size} bytes");
            return Err(Failure::BadPin { path, reason });
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::io("read", &path)(error)),
    };
    let bad_pin = |cause: serde_json::Error| Failure::BadPin {
        path: path.clone(),
        reason: cause.to_string(),
    };
    serde_json::from_slice(&bytes).map(Some).map_err(bad_pin)
}

fn read_checkout(integrations: &Path, input: &mut Input) -> Result<(), Failure> {
    let entries = entries(integrations)?;
    input.read_each(&entries, |entry| {
        let path = entry.path();
        let kind = entry.file_type().map_err(Failure::io("read", &path))?;
        if kind.is_symlink() {
            let problem = "the folder is a symbolic link, where a folder is expected";
            return Ok(Some(Err(refusal(&path, problem))));
        }
        let manifest = path.join("manifest.json");
        let kind = match manifest.symlink_metadata() {
            Ok(found) if kind.is_dir() => found.file_type(),
            // A file beside the folders, or a folder without a manifest.
            _ => return Ok(None),
        };
        Ok(Some(read_file(&manifest, kind, entry.file_name().to_str())))
    })
}

fn read_flat(dir: &Path, input: &mut Input) -> Result<(), Failure> {
    let entries = entries(dir)?;
    input.read_each(&entries, |entry| {
        let (path, name) = (entry.path(), entry.file_name());
        if path.extension().is_none_or(|extension| extension != "json")
            || name == snapshot::PIN_FILE
        {
            return Ok(None);
        }
        let kind = entry.file_type().map_err(Failure::io("read", &path))?;
        Ok(Some(read_file(
            &path,
            kind,
            name.to_str().and_then(snapshot::key_of),
        )))
    })
}

/// What an entry of a folder holds: nothing, a manifest or why it couldn't be read.
type Found = Option<Result<Source, Box<Diagnostic>>>;

/// How many files are read before it is seen how much they are: enough for all cores.
const AT_ONCE: usize = 64;

impl Input {
    fn read_each(
        &mut self,
        entries: &[fs::DirEntry],
        read: impl Fn(&fs::DirEntry) -> Result<Found, Failure> + Sync,
    ) -> Result<(), Failure> {
        for entries in entries.chunks(AT_ONCE) {
            let found = entries.par_iter().map(&read);
            self.extend(found.collect::<Result<_, Failure>>()?);
            if self.is_full() {
                break;
            }
        }
        Ok(())
    }

    /// Whether there is already more than the generator takes, which it says itself.
    fn is_full(&self) -> bool {
        let bytes: usize = self.sources.iter().map(|source| source.bytes.len()).sum();
        bytes > limits::INPUT_BYTES
            || self.sources.len() + self.unreadable.len() > limits::MANIFESTS
    }

    fn extend(&mut self, found: Vec<Found>) {
        for manifest in found.into_iter().flatten() {
            match manifest {
                Ok(source) => self.sources.push(source),
                Err(problem) => self.unreadable.push(*problem),
            }
        }
    }
}

/// By name, so that nothing depends on the order in which a file system lists.
fn entries(dir: &Path) -> Result<Vec<fs::DirEntry>, Failure> {
    let failure = |error| Failure::io("read", dir)(error);
    let mut entries: Vec<_> = fs::read_dir(dir)
        .map_err(failure)?
        .collect::<Result<_, _>>()
        .map_err(failure)?;
    entries.sort_by_cached_key(fs::DirEntry::file_name);
    Ok(entries)
}

/// Only regular files: a link could name any file of this machine, and a pipe never ends.
fn read_file(
    path: &Path,
    kind: fs::FileType,
    key: Option<&str>,
) -> Result<Source, Box<Diagnostic>> {
    let Some(key) = key else {
        return Err(refusal(path, "the manifest's name isn't UTF-8"));
    };
    let problem = if kind.is_symlink() {
        "the manifest is a symbolic link, where a regular file is expected"
    } else if kind.is_dir() {
        "the manifest is a folder, where a regular file is expected"
    } else if !kind.is_file() {
        "the manifest is no regular file"
    } else {
        let unreadable = |error| refusal(path, &format!("the manifest can't be read: {error}"));
        let origin = path.display().to_string();
        return match read_bounded(path).map_err(unreadable)? {
            Content::Whole(bytes) => Ok(Source {
                key: key.to_owned(),
                origin,
                bytes,
            }),
            Content::TooLarge(size) => Err(Box::new(
                limits::too_large(JsonPath::root(), "the manifest", limits::MANIFEST_BYTES)
                    .found(format_args!("{size} bytes"))
                    .origin(&origin),
            )),
        };
    };
    Err(refusal(path, problem))
}

/// What is in a file.
enum Content {
    Whole(Vec<u8>),
    /// More than a manifest may have: so many bytes at least.
    TooLarge(u64),
}

/// Reads no more than a manifest may have, whatever the file's size and whether that is true.
fn read_bounded(path: &Path) -> io::Result<Content> {
    let limit = limits::MANIFEST_BYTES as u64;
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    if size > limit {
        return Ok(Content::TooLarge(size));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    let read = file.take(limit + 1).read_to_end(&mut bytes)?;
    Ok(if bytes.len() > limits::MANIFEST_BYTES {
        Content::TooLarge(read as u64)
    } else {
        Content::Whole(bytes)
    })
}

fn refusal(path: &Path, message: &str) -> Box<Diagnostic> {
    Box::new(analysis::unreadable(
        None,
        &path.display().to_string(),
        message,
    ))
}
