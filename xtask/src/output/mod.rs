//! The one writer: everything that a run writes, together or not at all.

mod expected;
mod journal;
mod version;
mod writer;

use std::path::{Path, PathBuf};

pub(crate) use expected::{Expected, FileChange, FileChangeKind, Managed};
pub(crate) use journal::{Recovery, recover, refuse_unfinished};
pub(crate) use version::{changes as version_changes, release};

use crate::error::Error;
use crate::workspace::Workspace;

/// Everything that a run changes on disk.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// What the next run couldn't make again: the snapshot and the version. See [`journal`].
    update: Vec<FileChange>,
    /// What follows from the snapshot.
    generated: Vec<FileChange>,
    /// A file outside the workspace, with its text.
    report: Option<(PathBuf, String)>,
}

impl Plan {
    /// What turns the files on disk into these.
    pub(crate) fn new(snapshot: Option<&Expected>, generated: &[Expected]) -> Result<Self, Error> {
        let mut plan = Self::default();
        if let Some(snapshot) = snapshot {
            plan.update = snapshot.changes()?;
        }
        for expected in generated {
            plan.generated.extend(expected.changes()?);
        }
        Ok(plan)
    }

    /// Adds changes that are committed together with the snapshot.
    pub(crate) fn add(&mut self, changes: Vec<FileChange>) {
        self.update.extend(changes);
    }

    /// Adds a report, which is written whether or not anything else changes.
    pub(crate) fn add_report(&mut self, path: &Path, text: String) {
        self.report = Some((path.to_owned(), text));
    }

    pub(crate) fn changes(&self) -> impl Iterator<Item = &FileChange> {
        self.update.iter().chain(&self.generated)
    }

    /// Stages everything, then commits it: the report first, since it can't be made again once the
    /// snapshot has moved; then the update; then what follows from it.
    pub(crate) fn carry_out(&self, workspace: &Workspace) -> Result<(), Error> {
        let report = match &self.report {
            Some((path, text)) => Some((writer::temporary_beside(path, text)?, path)),
            None => None,
        };
        let update = writer::stage(&self.update)?;
        let generated = writer::stage(&self.generated)?;
        if let Some((file, path)) = report {
            file.persist(path)
                .map_err(|failed| Error::io("write", path)(failed.error))?;
        }
        journal::commit(workspace, &self.update, update)?;
        generated.commit()
    }
}
