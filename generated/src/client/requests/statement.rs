//! [`Statement`]: a policy statement.

use serde::ser::{Serialize, SerializeMap, Serializer};

/// A policy statement. It selects the audit log events that are sent to an integration.
///
/// ```
/// use launchdarkly_integrations::client::{Actions, Resources, Statement};
///
/// let statement = Statement::allow(
///     Resources::only(["proj/*:env/production:flag/*"]),
///     Actions::all_but(["updateTags"]),
/// );
/// assert_eq!(
///     serde_json::to_value(&statement)?,
///     serde_json::json!({
///         "effect": "allow",
///         "resources": ["proj/*:env/production:flag/*"],
///         "notActions": ["updateTags"],
///     }),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Statement {
    /// Whether it allows or denies.
    pub effect: StatementEffect,
    /// The resources that it applies to. On the wire: `resources` or `notResources`.
    pub resources: Resources,
    /// The actions that it applies to. On the wire: `actions` or `notActions`.
    pub actions: Actions,
}

impl Statement {
    /// Allows these actions on these resources.
    pub fn allow(resources: Resources, actions: Actions) -> Self {
        Self {
            effect: StatementEffect::Allow,
            resources,
            actions,
        }
    }

    /// Denies these actions on these resources.
    pub fn deny(resources: Resources, actions: Actions) -> Self {
        Self {
            effect: StatementEffect::Deny,
            resources,
            actions,
        }
    }
}

/// Whether a [`Statement`] allows or denies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatementEffect {
    /// `allow`
    Allow,
    /// `deny`
    Deny,
}

impl StatementEffect {
    /// The string on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
        }
    }
}

/// The resources of a [`Statement`]: either only those listed, or all except those listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resources {
    /// Only these. On the wire: `resources`.
    Only(Vec<String>),
    /// All except these. On the wire: `notResources`.
    AllBut(Vec<String>),
}

impl Resources {
    /// Only the resources with these specifiers, such as `proj/*:env/*:flag/*`.
    pub fn only<S: Into<String>>(specifiers: impl IntoIterator<Item = S>) -> Self {
        Self::Only(strings(specifiers))
    }

    /// All resources except those with these specifiers.
    pub fn all_but<S: Into<String>>(specifiers: impl IntoIterator<Item = S>) -> Self {
        Self::AllBut(strings(specifiers))
    }
}

/// The actions of a [`Statement`]: either only those listed, or all except those listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actions {
    /// Only these. On the wire: `actions`.
    Only(Vec<String>),
    /// All except these. On the wire: `notActions`.
    AllBut(Vec<String>),
}

impl Actions {
    /// Only these actions, such as `updateOn`, or `*` for all.
    pub fn only<S: Into<String>>(actions: impl IntoIterator<Item = S>) -> Self {
        Self::Only(strings(actions))
    }

    /// All actions except these.
    pub fn all_but<S: Into<String>>(actions: impl IntoIterator<Item = S>) -> Self {
        Self::AllBut(strings(actions))
    }
}

fn strings<S: Into<String>>(items: impl IntoIterator<Item = S>) -> Vec<String> {
    items.into_iter().map(Into::into).collect()
}

impl Serialize for Statement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("effect", self.effect.as_str())?;
        match &self.resources {
            Resources::Only(list) => map.serialize_entry("resources", list)?,
            Resources::AllBut(list) => map.serialize_entry("notResources", list)?,
        }
        match &self.actions {
            Actions::Only(list) => map.serialize_entry("actions", list)?,
            Actions::AllBut(list) => map.serialize_entry("notActions", list)?,
        }
        map.end()
    }
}
