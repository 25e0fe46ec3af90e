//! Writes all files of a run: stages all of them first, then replaces each atomically.

mod expected;
mod journal;
mod version;
mod writer;

use std::path::{Path, PathBuf};

pub(crate) use expected::{Expected, FileChange, FileChangeKind, Managed};
pub(crate) use journal::{Recovery, check_not_interrupted, recover};
pub(crate) use version::{changes as version_changes, versions};

use crate::error::Error;
use crate::workspace::Workspace;

/// All changes of a run on disk.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// The snapshot and the version, which another run can't recompute. See [`journal`].
    update: Vec<FileChange>,
    /// The generated files.
    generated: Vec<FileChange>,
    /// The report's file and text.
    report: Option<(PathBuf, String)>,
}

impl Plan {
    /// Compares the expected files with the files on disk.
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

    /// Adds a report. It is written even if nothing else changes.
    pub(crate) fn add_report(&mut self, path: &Path, text: String) {
        self.report = Some((path.to_owned(), text));
    }

    pub(crate) fn changes(&self) -> impl Iterator<Item = &FileChange> {
        self.update.iter().chain(&self.generated)
    }

    /// Stages all changes, then commits them: first the report, because no later run can create it after
    /// the snapshot has changed; then the update; then the generated files.
    pub(crate) fn apply(&self, workspace: &Workspace) -> Result<(), Error> {
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
