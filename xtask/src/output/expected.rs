//! Compares the files on disk with the expected files.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::writer::TEMPORARY;
use crate::error::Error;

/// A folder and its expected files.
#[derive(Debug)]
pub(crate) struct Expected {
    pub(crate) folder: PathBuf,
    /// The text of each file, by name.
    pub(crate) files: BTreeMap<String, String>,
    pub(crate) managed: Managed,
}

/// Decides which files of a folder are managed. A managed file was written by this command, so it may be
/// replaced and deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Managed {
    /// Files with the generator's header. No other files belong in the folder.
    Modules,
    /// Files with the generator's header. The folder also has other files.
    Pages,
    /// All `*.json`. They match the pin's digest, so none was added by hand.
    Snapshot,
    /// The expected `*.json` only, because there is no digest to check the others.
    UnverifiedSnapshot,
    /// Temporary files only.
    Temporary,
}

impl Managed {
    fn includes(self, name: &str, text: &str) -> bool {
        match self {
            _ if name.starts_with(TEMPORARY) => true,
            Self::Modules | Self::Pages => generator::is_generated(text),
            Self::Snapshot => name.ends_with(".json"),
            Self::UnverifiedSnapshot | Self::Temporary => false,
        }
    }

    /// Whether an unexpected file is reported.
    fn reports(self, name: &str) -> bool {
        match self {
            Self::Modules => true,
            Self::Pages | Self::Temporary => name.starts_with(TEMPORARY),
            Self::Snapshot | Self::UnverifiedSnapshot => {
                name.ends_with(".json") || name.starts_with(TEMPORARY)
            }
        }
    }
}

/// A file that differs from the expected one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FileChange {
    pub(crate) path: PathBuf,
    pub(crate) kind: FileChangeKind,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum FileChangeKind {
    /// The content differs.
    Changed { old: String, new: String },
    /// The file doesn't exist.
    Missing { new: String },
    /// A managed file that isn't expected any more.
    Extra { old: String },
    /// An unmanaged file that prevents a correct folder.
    Blocking { old: String, new: String },
    /// An unmanaged file, which isn't changed.
    Unmanaged,
}

impl Expected {
    /// A folder that may have temporary files of a killed run.
    pub(crate) fn without_temporary_files(folder: PathBuf) -> Self {
        Self {
            folder,
            files: BTreeMap::new(),
            managed: Managed::Temporary,
        }
    }

    /// All differences, sorted by path.
    pub(crate) fn changes(&self) -> Result<Vec<FileChange>, Error> {
        let mut changes = self.unexpected()?;
        for (name, new) in &self.files {
            changes.extend(self.change(name, new)?);
        }
        changes.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(changes)
    }

    fn change(&self, name: &str, new: &str) -> Result<Option<FileChange>, Error> {
        let path = self.folder.join(name);
        let new = new.to_owned();
        let replaces = |old: &str| match self.managed {
            Managed::UnverifiedSnapshot => true,
            managed => managed.includes(name, old),
        };
        let kind = match read_lossy(&path)? {
            None => FileChangeKind::Missing { new },
            Some(old) if old == new => return Ok(None),
            Some(old) if replaces(&old) => FileChangeKind::Changed { old, new },
            Some(old) => FileChangeKind::Blocking { old, new },
        };
        Ok(Some(FileChange { path, kind }))
    }

    /// The files that exist but aren't expected.
    fn unexpected(&self) -> Result<Vec<FileChange>, Error> {
        let failed = |error| Error::io("read", &self.folder)(error);
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(error)),
        };
        let mut changes = Vec::new();
        for entry in entries {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if self.files.contains_key(&name) || !self.managed.reports(&name) {
                continue;
            }
            let path = entry.path();
            let is_file = entry.file_type().map_err(failed)?.is_file();
            let old = if is_file { read_lossy(&path)? } else { None };
            let kind = match old {
                Some(old) if self.managed.includes(&name, &old) => FileChangeKind::Extra { old },
                // The digest covers every `*.json` of the folder.
                old if self.managed == Managed::UnverifiedSnapshot => FileChangeKind::Blocking {
                    old: old.unwrap_or_default(),
                    new: String::new(),
                },
                _ => FileChangeKind::Unmanaged,
            };
            changes.push(FileChange { path, kind });
        }
        Ok(changes)
    }
}

/// A file's text, or `None` if the file doesn't exist. Bytes that aren't UTF-8 are replaced: such a file
/// differs from every file that we write.
pub(super) fn read_lossy(path: &Path) -> Result<Option<String>, Error> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::IsADirectory => {
            Err(Error::UnmanagedFile(path.to_owned()))
        }
        Err(error) => Err(Error::io("read", path)(error)),
    }
}
