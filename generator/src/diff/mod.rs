//! Compares two models and returns the changes, each with its semver impact on the generated crate.
//!
//! Old and new items are matched by their Rust names. If only the wire key of an item changes, programs
//! compile as before, so this is reported as a silent change. The impact of a change follows from the
//! public names that it removes and adds. Tests check it against rustc (`tests/verdicts.rs`) and against
//! the emitted code (`tests/diff.rs`).

mod field;
mod impact;
mod integration;
mod markdown;
mod pair;
mod phrase;
mod report;

use serde::Serialize;

use crate::model::Integration;

pub use impact::Impact;
pub use markdown::quoted;
pub use phrase::{Phrase, Piece};
pub use report::{PackageVersions, Report, Side, Verdict};

/// The differences between two models.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Diff {
    /// The integrations that differ, sorted by key.
    pub integrations: Vec<IntegrationChanges>,
}

/// The changes of one integration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IntegrationChanges {
    /// The integration key.
    pub key: String,
    /// The display name.
    pub name: String,
    /// The greatest impact of its changes.
    pub impact: Impact,
    /// The changes: first those of the integration itself, then those of its fields, in order.
    pub changes: Vec<Change>,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The semver impact.
    pub impact: Impact,
    /// The kind of change.
    pub kind: ChangeKind,
    /// The block of form variables, such as `formVariables`; `None` if the change is about the
    /// integration itself.
    pub block: Option<String>,
    /// The wire key of the field; if the key changed, the new one.
    pub field: Option<String>,
    /// The old value, if the change replaces a single value.
    pub old: Option<String>,
    /// The new value, if the change replaces a single value.
    pub new: Option<String>,
    /// Whether it is a silent change: a program compiles as before and behaves differently.
    pub silent: bool,
    /// What changed, and how it affects programs.
    pub summary: Phrase,
}

/// The kind of a [`Change`]. In JSON, the names are in kebab case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ChangeKind {
    /// An integration was added.
    IntegrationAdded,
    /// An integration was removed.
    IntegrationRemoved,
    /// The key of an integration changed, but not its module's name.
    IntegrationKey,
    /// The display name of an integration changed.
    Name,
    /// The version of a manifest changed.
    Version,
    /// `requiresOAuth` changed.
    Oauth,
    /// `allowIntegrationConfigurations` changed.
    Configurations,
    /// The capabilities of an integration changed.
    Capabilities,
    /// The endpoints that accept the values of a struct changed.
    Endpoints,
    /// A block of form variables was added to a capability.
    BlockAdded,
    /// A block of form variables was removed.
    BlockRemoved,
    /// The path of a block changed, but not its type's name.
    BlockPath,
    /// The order of the blocks changed.
    BlockOrder,
    /// A field was added.
    FieldAdded,
    /// A field was removed.
    FieldRemoved,
    /// The wire key of a field changed, but not its Rust name.
    FieldKey,
    /// The order of the fields changed.
    FieldOrder,
    /// The manifest's type of a field changed.
    Type,
    /// A list of values was added to a field or removed from it.
    Listing,
    /// A field became secret, or is no longer secret.
    Secret,
    /// A field became required, optional, or a field with a default that is sent.
    Presence,
    /// The default of a field changed.
    Default,
    /// The label of a field changed.
    Label,
    /// A field became hidden in the form, or is no longer hidden.
    Hidden,
    /// A listed value was added.
    ValueAdded,
    /// A listed value was removed.
    ValueRemoved,
    /// A listed value changed, but not its Rust name.
    ValueText,
    /// The label of a listed value changed.
    ValueLabel,
    /// The order of the listed values changed.
    ValueOrder,
}

impl ChangeKind {
    /// `+` for an addition, `-` for a removal, `~` for any other change.
    #[must_use]
    pub const fn symbol(self) -> char {
        match self {
            Self::IntegrationAdded | Self::BlockAdded | Self::FieldAdded | Self::ValueAdded => '+',
            Self::IntegrationRemoved
            | Self::BlockRemoved
            | Self::FieldRemoved
            | Self::ValueRemoved => '-',
            _ => '~',
        }
    }
}

impl Change {
    /// A change without an effect on public names.
    fn new(kind: ChangeKind, summary: Phrase) -> Self {
        Self {
            impact: Impact::Patch,
            kind,
            block: None,
            field: None,
            old: None,
            new: None,
            silent: false,
            summary,
        }
    }

    /// Sets the impact of replacing the public names `old` by `new`.
    fn names(
        mut self,
        old: impl IntoIterator<Item = String>,
        new: impl IntoIterator<Item = String>,
    ) -> Self {
        let (old, new): (Vec<String>, Vec<String>) =
            (old.into_iter().collect(), new.into_iter().collect());
        self.impact = Impact::between(&old, &new);
        self
    }

    fn replaced(mut self, old: impl Into<String>, new: impl Into<String>) -> Self {
        self.old = Some(old.into());
        self.new = Some(new.into());
        self
    }

    fn silent(mut self) -> Self {
        self.silent = true;
        self
    }
}

impl Diff {
    /// Compares two models, both sorted by key.
    #[must_use]
    pub fn between(old: &[&Integration], new: &[&Integration]) -> Self {
        let mut integrations = integration::all(old, new);
        integrations.sort_by(|a, b| a.key.cmp(&b.key));
        Self { integrations }
    }

    /// The greatest impact of all changes; `None` if there are none.
    #[must_use]
    pub fn impact(&self) -> Option<Impact> {
        self.integrations
            .iter()
            .map(|integration| integration.impact)
            .max()
    }

    /// All changes of all integrations.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        self.integrations
            .iter()
            .flat_map(|integration| &integration.changes)
    }
}
