//! What a configuration says about its capabilities: policy statements, additional form variables.

use std::fmt;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

/// A policy statement, by which an audit log integration picks the events that it is sent.
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
    /// What it is about. On the wire: `resources` or `notResources`.
    pub resources: Resources,
    /// What is done to them. On the wire: `actions` or `notActions`.
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
    /// The text on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
        }
    }
}

/// The resources of a [`Statement`]: either those listed or all others, never both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resources {
    /// These. On the wire: `resources`.
    Only(Vec<String>),
    /// All but these. On the wire: `notResources`.
    AllBut(Vec<String>),
}

impl Resources {
    /// The resources with these specifiers, such as `proj/*:env/*:flag/*`.
    pub fn only<S: Into<String>>(specifiers: impl IntoIterator<Item = S>) -> Self {
        Self::Only(texts(specifiers))
    }

    /// All resources but those with these specifiers.
    pub fn all_but<S: Into<String>>(specifiers: impl IntoIterator<Item = S>) -> Self {
        Self::AllBut(texts(specifiers))
    }
}

/// The actions of a [`Statement`]: either those listed or all others, never both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actions {
    /// These. On the wire: `actions`.
    Only(Vec<String>),
    /// All but these. On the wire: `notActions`.
    AllBut(Vec<String>),
}

impl Actions {
    /// These actions, such as `updateOn`, or `*` for all.
    pub fn only<S: Into<String>>(actions: impl IntoIterator<Item = S>) -> Self {
        Self::Only(texts(actions))
    }

    /// All actions but these.
    pub fn all_but<S: Into<String>>(actions: impl IntoIterator<Item = S>) -> Self {
        Self::AllBut(texts(actions))
    }
}

fn texts<S: Into<String>>(items: impl IntoIterator<Item = S>) -> Vec<String> {
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

/// A form variable that an approval request asks for besides those of the manifest.
///
/// On the wire: an element of `capabilityConfig.approvals.additionalFormVariables`. LaunchDarkly's
/// API description requires none of its properties.
///
/// `Debug` shows neither its default nor its dynamic options, whose headers may hold credentials.
#[derive(Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct AdditionalFormVariable {
    /// Its key on the wire. On the wire: `key`.
    pub key: Option<String>,
    /// Its label for people. On the wire: `name`.
    pub name: Option<String>,
    /// Its type, such as `string`, `boolean` or `enum`. On the wire: `type`.
    pub kind: Option<String>,
    /// Its explanation for people. On the wire: `description`.
    pub description: Option<String>,
    /// What the form shows while it is empty. On the wire: `placeholder`.
    pub placeholder: Option<String>,
    /// Whether it may be left out. On the wire: `isOptional`.
    pub optional: Option<bool>,
    /// What is taken when it is left out. On the wire: `defaultValue`.
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
    /// A form variable of this type: `string`, `boolean`, `enum` or another of the manifests'.
    /// Its other properties can be assigned.
    pub fn new(names: FormVariableNames) -> Self {
        Self {
            key: Some(names.key),
            name: Some(names.name),
            kind: Some(names.kind),
            ..Self::default()
        }
    }
}

/// What identifies an [`AdditionalFormVariable`]. A struct literal, so that none of the three can
/// be swapped unseen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormVariableNames {
    /// Its key on the wire.
    pub key: String,
    /// Its label for people.
    pub name: String,
    /// Its type, such as `string`, `boolean` or `enum`.
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
