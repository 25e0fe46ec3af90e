//! What a run is to change on disk, and the order in which it does.

use crate::comparison::{Change, Target};
use crate::error::Failure;
use crate::journal;
use crate::writer;

/// A new snapshot, and what is to change on disk.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The snapshot that manifests/ is to hold, if it isn't to stay as it is.
    snapshot: Option<Target>,
    /// What changes for that.
    to_snapshot: Vec<Change>,
    /// What else changes.
    to_generated: Vec<Change>,
}

impl Plan {
    /// Compares what should be with what is there.
    pub(crate) fn new(snapshot: Option<Target>, generated: &[Target]) -> Result<Self, Failure> {
        let to_snapshot = snapshot.as_ref().map(Target::changes).transpose()?;
        let mut to_generated = Vec::new();
        for target in generated {
            to_generated.extend(target.changes()?);
        }
        Ok(Self {
            snapshot,
            to_snapshot: to_snapshot.unwrap_or_default(),
            to_generated,
        })
    }

    /// These changes, too.
    pub(crate) fn add(&mut self, changes: Vec<Change>) {
        self.to_generated.extend(changes);
    }

    pub(crate) fn changes(&self) -> impl Iterator<Item = &Change> {
        self.to_snapshot.iter().chain(&self.to_generated)
    }

    /// Writes everything before it replaces anything, and the snapshot before what follows from it.
    pub(crate) fn carry_out(&self) -> Result<(), Failure> {
        let snapshot = writer::stage(&self.to_snapshot)?;
        let generated = writer::stage(&self.to_generated)?;
        if let Some(target) = &self.snapshot {
            journal::put_in_place(target, snapshot)?;
        }
        generated.put_in_place()
    }
}
