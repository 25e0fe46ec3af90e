//! Two models to changes, each with its semver impact on the generated crate.
//!
//! Old and new are paired by their Rust names: a wire key that changes under the same name compiles as
//! before, and is reported as a silent change. The impact of a change follows from the public names
//! that it removes and adds; tests check it against rustc (`tests/verdicts.rs`) and against what is
//! emitted (`tests/diff.rs`).

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
pub use report::{Release, Report, Side, Verdict};

/// What differs between two models.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Diff {
    /// The integrations that differ, sorted by key.
    pub integrations: Vec<IntegrationChanges>,
}

/// What differs about one integration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IntegrationChanges {
    /// Its key.
    pub key: String,
    /// The name that people know it by.
    pub name: String,
    /// The impact of replacing all its public names, which is the greatest of its changes' impacts.
    pub impact: Impact,
    /// Its changes: first its own, then those of its fields in their order.
    pub changes: Vec<Change>,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Its semver impact.
    pub impact: Impact,
    /// What kind of difference it is.
    pub kind: Kind,
    /// The block of form variables that it is in, such as `formVariables`; `None` if it is about the
    /// integration as a whole.
    pub block: Option<String>,
    /// The wire key of the field that it is about; for a key that changed, the new one.
    pub field: Option<String>,
    /// What it was, where that is one text.
    pub old: Option<String>,
    /// What it is, where that is one text.
    pub new: Option<String>,
    /// Whether it is a silent change: a program compiles as before and behaves differently.
    pub silent: bool,
    /// What happened, and what that means for programs.
    pub summary: Phrase,
}

/// Kinds of differences. Their names in JSON are in kebab case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Kind {
    /// An integration is new.
    IntegrationAdded,
    /// An integration is gone.
    IntegrationRemoved,
    /// An integration has another key under the same module name.
    IntegrationKey,
    /// The name that people know an integration by.
    Name,
    /// The version of a manifest.
    Version,
    /// Whether an integration authenticates by OAuth.
    Oauth,
    /// Whether an integration can have many configurations.
    Configurations,
    /// What an integration can do.
    Capabilities,
    /// The endpoints that take the values of a struct.
    Endpoints,
    /// A capability has a block of form variables more.
    BlockAdded,
    /// A block of form variables is gone.
    BlockRemoved,
    /// A block is in another place under the same type name.
    BlockPath,
    /// The blocks stand in another order.
    BlockOrder,
    /// A field is new.
    FieldAdded,
    /// A field is gone.
    FieldRemoved,
    /// A field has another wire key under the same Rust name.
    FieldKey,
    /// The form shows the fields in another order.
    FieldOrder,
    /// The manifest's type of a field.
    Type,
    /// Whether a field has a list of values.
    Listing,
    /// Whether a field is secret.
    Secret,
    /// Whether a field must be set, has a default that is sent, or can be left out.
    Presence,
    /// What stands for an omitted value.
    Default,
    /// The label of a form field.
    Label,
    /// Whether the form hides a field.
    Hidden,
    /// A listed value is new.
    ValueAdded,
    /// A listed value is gone.
    ValueRemoved,
    /// A listed value has another text under the same Rust name.
    ValueText,
    /// What the form shows for a listed value.
    ValueLabel,
    /// The listed values stand in another order.
    ValueOrder,
}

impl Kind {
    /// `+` for what is new, `-` for what is gone, `~` for what changed.
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
    /// A change that leaves all public names as they are.
    fn new(kind: Kind, summary: Phrase) -> Self {
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

    /// The change replaces these public names by those.
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

    fn moved(mut self, old: impl Into<String>, new: impl Into<String>) -> Self {
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
    /// What differs between two models, both sorted by key.
    #[must_use]
    pub fn between(old: &[&Integration], new: &[&Integration]) -> Self {
        let mut integrations = integration::all(old, new);
        integrations.sort_by(|a, b| a.key.cmp(&b.key));
        Self { integrations }
    }

    /// The impact of all changes; `None` if nothing differs.
    #[must_use]
    pub fn impact(&self) -> Option<Impact> {
        self.integrations
            .iter()
            .map(|integration| integration.impact)
            .max()
    }

    /// Every change of every integration.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        self.integrations
            .iter()
            .flat_map(|integration| &integration.changes)
    }
}
