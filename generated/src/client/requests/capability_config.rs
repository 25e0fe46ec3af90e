//! Policy statements and additional form variables.

use std::fmt;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

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
    pub effect: Effect,
    /// The resources that it applies to. On the wire: `resources` or `notResources`.
    pub resources: Resources,
    /// The actions that it applies to. On the wire: `actions` or `notActions`.
    pub actions: Actions,
}

impl Statement {
    /// Allows these actions on these resources.
    pub fn allow(resources: Resources, actions: Actions) -> Self {
        Self {
            effect: Effect::Allow,
            resources,
            actions,
        }
    }

    /// Denies these actions on these resources.
    pub fn deny(resources: Resources, actions: Actions) -> Self {
        Self {
            effect: Effect::Deny,
            resources,
            actions,
        }
    }
}

/// Whether a [`Statement`] allows or denies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// `allow`
    Allow,
    /// `deny`
    Deny,
}

impl Effect {
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

/// A form variable that approval requests have in addition to the manifest's.
///
/// On the wire: an element of `capabilityConfig.approvals.additionalFormVariables`. LaunchDarkly's
/// API description requires none of its properties.
///
/// `Debug` omits the default and the dynamic options, since both may hold credentials.
#[derive(Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct AdditionalFormVariable {
    /// The key that values are sent under. On the wire: `key`.
    pub key: Option<String>,
    /// The label. On the wire: `name`.
    pub name: Option<String>,
    /// The type, such as `string`, `boolean` or `enum`. On the wire: `type`.
    pub kind: Option<String>,
    /// The explanation. On the wire: `description`.
    pub description: Option<String>,
    /// The text that the empty field shows. On the wire: `placeholder`.
    pub placeholder: Option<String>,
    /// Whether a value is optional. On the wire: `isOptional`.
    pub optional: Option<bool>,
    /// The value when omitted. On the wire: `defaultValue`.
    pub default: Option<Value>,
    /// The values to choose from. On the wire: `allowedValues`.
    pub allowed_values: Option<Vec<String>>,
    /// Where the form fetches the choices of a `dynamicEnum`. On the wire: `dynamicOptions`, an
    /// object with `endpoint` and `parser`.
    pub dynamic_options: Option<Value>,
}

impl fmt::Debug for AdditionalFormVariable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AdditionalFormVariable")
            .field("key", &self.key)
            .field("name", &self.name)
            .field("kind", &self.kind)
            .field("optional", &self.optional)
            .field("allowed_values", &self.allowed_values)
            .finish_non_exhaustive()
    }
}

impl AdditionalFormVariable {
    /// Creates a form variable. Assign its other fields afterwards.
    pub fn new(names: FormVariableNames) -> Self {
        Self {
            key: Some(names.key),
            name: Some(names.name),
            kind: Some(names.kind),
            ..Self::default()
        }
    }
}

/// Names an [`AdditionalFormVariable`]. It is a struct, so that the three strings can't be swapped by
/// mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormVariableNames {
    /// The key that values are sent under.
    pub key: String,
    /// The label.
    pub name: String,
    /// The type, such as `string`, `boolean` or `enum`.
    pub kind: String,
}

impl Serialize for AdditionalFormVariable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, text) in [
            ("key", &self.key),
            ("name", &self.name),
            ("type", &self.kind),
            ("description", &self.description),
            ("placeholder", &self.placeholder),
        ] {
            if let Some(text) = text {
                map.serialize_entry(key, text)?;
            }
        }
        if let Some(optional) = &self.optional {
            map.serialize_entry("isOptional", optional)?;
        }
        if let Some(values) = &self.allowed_values {
            map.serialize_entry("allowedValues", values)?;
        }
        for (key, json) in [
            ("defaultValue", &self.default),
            ("dynamicOptions", &self.dynamic_options),
        ] {
            if let Some(json) = json {
                map.serialize_entry(key, json)?;
            }
        }
        map.end()
    }
}
