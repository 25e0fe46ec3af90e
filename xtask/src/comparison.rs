//! What is on disk against what should be.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::error::Failure;
use crate::writer::TEMPORARY;

/// A folder and what should be in it.
#[derive(Debug)]
pub(crate) struct Target {
    /// The folder.
    pub(crate) dir: PathBuf,
    /// Every file that should be there, by name.
    pub(crate) files: BTreeMap<String, String>,
    /// Which of the files there are ours to replace and to delete.
    pub(crate) ours: Ours,
}

/// How our files are told from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ours {
    /// They bear the generator's header, and there should be no others.
    Marked,
    /// They bear the generator's header, and those that should be there are named.
    MarkedAmongOthers,
    /// They are a snapshot's: `*.json`.
    Snapshot,
    /// They are what a killed run left.
    Leftovers,
}

impl Ours {
    fn owns(self, name: &str, text: &str) -> bool {
        match self {
            _ if name.starts_with(TEMPORARY) => true,
            Self::Marked | Self::MarkedAmongOthers => generator::emit::is_generated(text),
            Self::Snapshot => name.ends_with(".json"),
            Self::Leftovers => false,
        }
    }

    /// Whether a file that shouldn't be there is of any concern.
    fn concerns(self, name: &str) -> bool {
        match self {
            Self::Marked => true,
            Self::MarkedAmongOthers | Self::Leftovers => name.starts_with(TEMPORARY),
            Self::Snapshot => name.ends_with(".json") || name.starts_with(TEMPORARY),
        }
    }
}

/// One difference between what is there and what should be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) path: PathBuf,
    pub(crate) kind: ChangeKind,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ChangeKind {
    /// It has other text.
    Changed { old: String, new: String },
    /// It has other text, and isn't ours to replace.
    InTheWay { old: String, new: String },
    /// It isn't there.
    Missing { new: String },
    /// It shouldn't be there, and is ours to delete.
    Extra { old: String },
    /// It shouldn't be there, and isn't ours.
    Foreign,
}

impl Target {
    /// A folder in which nothing should be left from a killed run, whatever else it holds.
    pub(crate) fn without_leftovers(dir: PathBuf) -> Self {
        Self {
            dir,
            files: BTreeMap::new(),
            ours: Ours::Leftovers,
        }
    }

    /// Every difference, by path.
    pub(crate) fn changes(&self) -> Result<Vec<Change>, Failure> {
        let changes: Result<Vec<Option<Change>>, Failure> = self
            .files
            .par_iter()
            .map(|(name, new)| self.change(name, new))
            .collect();
        let mut changes: Vec<Change> = changes?.into_iter().flatten().collect();
        changes.extend(self.extra()?);
        changes.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(changes)
    }

    fn change(&self, name: &str, new: &str) -> Result<Option<Change>, Failure> {
        let path = self.dir.join(name);
        let kind = match read(&path)? {
            None => ChangeKind::Missing {
                new: new.to_owned(),
            },
            Some(old) if old == new => return Ok(None),
            Some(old) if self.ours.owns(name, &old) => ChangeKind::Changed {
                old,
                new: new.to_owned(),
            },
            Some(old) => ChangeKind::InTheWay {
                old,
                new: new.to_owned(),
            },
        };
        Ok(Some(Change { path, kind }))
    }

    fn extra(&self) -> Result<Vec<Change>, Failure> {
        let entries = match fs::read_dir(&self.dir) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Failure::io("read", &self.dir)(error)),
        };
        let mut extra = Vec::new();
        for entry in entries {
            let entry = entry.map_err(Failure::io("read", &self.dir))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if self.files.contains_key(&name) || !self.ours.concerns(&name) {
                continue;
            }
            let path = entry.path();
            let is_file = entry
                .file_type()
                .map_err(Failure::io("read", &path))?
                .is_file();
            let text = if is_file { read(&path)? } else { None };
            let kind = match text {
                Some(old) if self.ours.owns(&name, &old) => ChangeKind::Extra { old },
                _ => ChangeKind::Foreign,
            };
            extra.push(Change { path, kind });
        }
        Ok(extra)
    }
}

/// The text of a file; `None` if there is none. What isn't UTF-8 is no text of ours, but is there.
fn read(path: &Path) -> Result<Option<String>, Failure> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8(bytes).unwrap_or_else(|error| {
            String::from_utf8_lossy(error.as_bytes()).into_owned()
        }))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::IsADirectory => {
            Err(Failure::InTheWay(path.to_owned()))
        }
        Err(error) => Err(Failure::io("read", path)(error)),
    }
}
