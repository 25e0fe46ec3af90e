//! Reads manifests from the snapshot, a folder or a commit. All three return the same kind of [`Input`].

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use generator::{Diagnostic, JsonPath, Pin, Source, limits, snapshot};

use crate::error::Error;
use crate::upstream;
use crate::workspace::Workspace;

/// The bytes of all manifests, not yet parsed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Input {
    /// The manifests whose bytes were read.
    pub(crate) sources: Vec<Source>,
    /// An error for each manifest whose bytes can't be read.
    pub(crate) read_errors: Vec<Diagnostic>,
    /// The pin: for a folder or the snapshot, its `upstream.json`; for a commit, a new pin without a
    /// digest.
    pub(crate) pin: Option<Pin>,
    /// Whether manifests may be missing that upstream has.
    pub(crate) partial: bool,
}

/// Reads `folder/integrations/*/manifest.json`, or `folder/*.json` if there is no `integrations`.
pub(crate) fn from_folder(folder: &Path) -> Result<Input, Error> {
    match folder.metadata() {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(Error::no_folder(folder));
        }
        Err(error) => return Err(Error::io("read", folder)(error)),
    }
    let integrations = folder.join("integrations");
    let mut input = Input {
        partial: true,
        ..Input::default()
    };
    match integrations.metadata() {
        Ok(found) if found.is_dir() => read_checkout(&integrations, &mut input)?,
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(Error::io("read", &integrations)(error));
        }
        _ => {
            read_flat(folder, &mut input)?;
            input.pin = read_pin(folder)?;
        }
    }
    if input.sources.is_empty() && input.read_errors.is_empty() {
        return Err(Error::NoManifests(folder.to_owned()));
    }
    Ok(input)
}

/// Reads the pinned snapshot, and compares it with the pin's digest.
pub(crate) fn from_snapshot(workspace: &Workspace) -> Result<Input, Error> {
    let folder = &workspace.manifests();
    let Some(pin) = read_pin(folder)? else {
        return Err(Error::NoPin(folder.join(snapshot::PIN_FILE)));
    };
    let mut input = Input::default();
    read_flat(folder, &mut input)?;
    let texts = input.sources.iter();
    let found =
        snapshot::digest(texts.map(|source| (source.key.as_str(), source.bytes.as_slice())));
    if found != pin.digest {
        return Err(Error::Digest {
            folder: folder.to_owned(),
            revision: pin.revision,
            pinned: pin.digest,
            found,
        });
    }
    let origins = input.sources.iter_mut().map(|source| &mut source.origin);
    let read_errors = input.read_errors.iter_mut();
    for origin in origins.chain(read_errors.map(|problem| &mut problem.origin)) {
        *origin = workspace.shown(Path::new(origin));
    }
    input.pin = Some(pin);
    Ok(input)
}

/// The manifests of a fetched commit. The pin names `repository`.
pub(crate) fn from_commit(commit: upstream::CommitManifests, repository: &str) -> Input {
    let mut input = Input {
        pin: Some(Pin {
            repository: repository.to_owned(),
            revision: commit.revision,
            committed: commit.committed,
            digest: String::new(),
            held_back: Vec::new(),
        }),
        ..Input::default()
    };
    for blob in commit.manifests {
        match blob.content {
            Ok(bytes) => input.sources.push(Source {
                key: blob.key,
                origin: blob.path,
                bytes,
            }),
            Err(reason) => input.read_errors.push(generator::read_error(
                Some(&blob.key),
                &blob.path,
                format!("the manifest {reason}"),
            )),
        }
    }
    input
}

/// Reads the pin in a folder; `None` if there is none.
fn read_pin(folder: &Path) -> Result<Option<Pin>, Error> {
    let path = folder.join(snapshot::PIN_FILE);
    let bad = |reason: String| Error::BadPin {
        path: path.clone(),
        reason,
    };
    match read_bounded(&path) {
        Ok(Content::Complete(bytes)) => serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|cause| bad(cause.to_string())),
        Ok(Content::TooLarge(size)) => Err(bad(format!("it has {size} bytes"))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("read", &path)(error)),
    }
}

fn read_checkout(integrations: &Path, input: &mut Input) -> Result<(), Error> {
    for entry in entries(integrations)? {
        let (path, name) = (entry.path(), entry.file_name());
        let key = name.to_str();
        let kind = entry.file_type().map_err(Error::io("read", &path))?;
        let manifest = path.join("manifest.json");
        let found = if kind.is_symlink() {
            let problem = "the folder is a symbolic link; expected a folder";
            Err(manifest_error(key, &path, problem))
        } else if !kind.is_dir() {
            continue;
        } else {
            match manifest.symlink_metadata() {
                Ok(found) => read_file(&manifest, found.file_type(), key),
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => Err(cannot_read(key, &manifest, &error)),
            }
        };
        input.add(found);
        if input.is_full() {
            break;
        }
    }
    Ok(())
}

fn read_flat(folder: &Path, input: &mut Input) -> Result<(), Error> {
    for entry in entries(folder)? {
        let (path, name) = (entry.path(), entry.file_name());
        if path.extension().is_none_or(|extension| extension != "json")
            || name == snapshot::PIN_FILE
        {
            continue;
        }
        let kind = entry.file_type().map_err(Error::io("read", &path))?;
        let key = name.to_str().and_then(snapshot::key_of);
        input.add(read_file(&path, kind, key));
        if input.is_full() {
            break;
        }
    }
    Ok(())
}

impl Input {
    fn add(&mut self, found: Result<Source, Box<Diagnostic>>) {
        match found {
            Ok(source) => self.sources.push(source),
            Err(problem) => self.read_errors.push(*problem),
        }
    }

    /// Whether the generator's limits are already exceeded. The generator reports that.
    fn is_full(&self) -> bool {
        let bytes: usize = self.sources.iter().map(|source| source.bytes.len()).sum();
        bytes > limits::INPUT_BYTES
            || self.sources.len() + self.read_errors.len() > limits::MANIFESTS
    }
}

/// The entries of a folder, sorted by name, so that the file system's order doesn't matter.
fn entries(folder: &Path) -> Result<Vec<fs::DirEntry>, Error> {
    let failed = |error| Error::io("read", folder)(error);
    let mut entries: Vec<_> = fs::read_dir(folder)
        .map_err(failed)?
        .collect::<Result<_, _>>()
        .map_err(failed)?;
    entries.sort_by_cached_key(fs::DirEntry::file_name);
    Ok(entries)
}

/// Reads a manifest. It must be a regular file: a link could point at any file of this machine, and a
/// pipe could be endless.
fn read_file(
    path: &Path,
    kind: fs::FileType,
    key: Option<&str>,
) -> Result<Source, Box<Diagnostic>> {
    let Some(key) = key else {
        return Err(manifest_error(
            None,
            path,
            "the manifest's name isn't UTF-8",
        ));
    };
    let error = |problem| Err(manifest_error(Some(key), path, problem));
    if kind.is_symlink() {
        return error("the manifest is a symbolic link; expected a regular file");
    }
    if kind.is_dir() {
        return error("the manifest is a folder; expected a regular file");
    }
    if !kind.is_file() {
        return error("the manifest is not a regular file");
    }
    let origin = path.display().to_string();
    match read_bounded(path).map_err(|error| cannot_read(Some(key), path, &error))? {
        Content::Complete(bytes) => Ok(Source {
            key: key.to_owned(),
            origin,
            bytes,
        }),
        Content::TooLarge(size) => Err(Box::new(
            limits::too_large(JsonPath::root(), "the manifest", limits::MANIFEST_BYTES)
                .found(format_args!("{size} bytes"))
                .integrations([key])
                .origin(&origin),
        )),
    }
}

/// The content of a file.
enum Content {
    Complete(Vec<u8>),
    /// The file is too large. It has at least this number of bytes.
    TooLarge(u64),
}

/// Reads a file up to the limit for manifests, without relying on the file's reported size.
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
        Content::Complete(bytes)
    })
}

/// The error for a manifest that can't be read. It isn't treated as absent, so nothing is deleted.
fn cannot_read(key: Option<&str>, path: &Path, error: &io::Error) -> Box<Diagnostic> {
    manifest_error(key, path, &format!("the manifest can't be read: {error}"))
}

fn manifest_error(key: Option<&str>, path: &Path, message: &str) -> Box<Diagnostic> {
    let origin = path.display().to_string();
    Box::new(generator::read_error(key, &origin, message))
}
