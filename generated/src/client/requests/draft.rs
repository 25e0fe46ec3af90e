//! [`Draft`]: what all new resources are made of, and how it is written.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use super::capability_config::{AdditionalFormVariable, Statement};
use super::form_variables::FormVariables;
use crate::client::error::InvalidRequest;

/// A new resource of any kind.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) name: Option<String>,
    pub(crate) form_variables: FormVariables,
    pub(crate) on: Option<bool>,
    pub(crate) tags: Vec<String>,
    pub(crate) statements: Vec<Statement>,
    pub(crate) additional_form_variables: Vec<AdditionalFormVariable>,
}

impl Draft {
    pub(crate) fn new(name: Option<String>, form_variables: FormVariables) -> Self {
        Self {
            name,
            form_variables,
            on: None,
            tags: Vec::new(),
            statements: Vec::new(),
            additional_form_variables: Vec::new(),
        }
    }

    pub(crate) fn check(&self) -> Result<(), InvalidRequest> {
        if let Some(name) = &self.name {
            check_name(name)?;
        }
        self.form_variables.check()
    }
}

/// Nobody could tell resources without a name apart.
pub(crate) fn check_name(name: &str) -> Result<(), InvalidRequest> {
    if name.trim().is_empty() {
        return Err(InvalidRequest::BlankName);
    }
    Ok(())
}

/// How a kind of resource is written.
pub(crate) struct Wire {
    pub(crate) values: &'static str,
    pub(crate) on: &'static str,
    /// Whether statements are in `capabilityConfig`, with additional form variables.
    pub(crate) has_capability_config: bool,
}

pub(crate) const INTEGRATION_CONFIGURATION: Wire = Wire {
    values: "configValues",
    on: "enabled",
    has_capability_config: true,
};

/// All others.
pub(crate) const RESOURCE: Wire = Wire {
    values: "config",
    on: "on",
    has_capability_config: false,
};

/// A draft with the way in which it is written.
pub(crate) struct Written<'a>(pub(crate) &'a Draft, pub(crate) &'static Wire);

impl Written<'_> {
    /// The body to show to people.
    pub(crate) fn redacted(&self) -> Result<Value, serde_json::Error> {
        let mut body = serde_json::to_value(self)?;
        body[self.1.values] = self.0.form_variables.redacted();
        Ok(body)
    }
}

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(draft, wire) = self;
        let mut map = serializer.serialize_map(None)?;
        if let Some(name) = &draft.name {
            map.serialize_entry("name", name)?;
        }
        map.serialize_entry(wire.values, &draft.form_variables)?;
        if let Some(on) = draft.on {
            map.serialize_entry(wire.on, &on)?;
        }
        if !draft.tags.is_empty() {
            map.serialize_entry("tags", &draft.tags)?;
        }
        let (statements, variables) = (&draft.statements, &draft.additional_form_variables);
        if !wire.has_capability_config {
            if !statements.is_empty() {
                map.serialize_entry("statements", statements)?;
            }
        } else if !(statements.is_empty() && variables.is_empty()) {
            map.serialize_entry("capabilityConfig", &CapabilityConfig(draft))?;
        }
        map.end()
    }
}

/// The statements and the additional form variables, each in its capability.
struct CapabilityConfig<'a>(&'a Draft);

impl Serialize for CapabilityConfig<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (statements, variables) = (&self.0.statements, &self.0.additional_form_variables);
        let mut map = serializer.serialize_map(None)?;
        if !variables.is_empty() {
            map.serialize_entry("approvals", &Member("additionalFormVariables", variables))?;
        }
        if !statements.is_empty() {
            map.serialize_entry("auditLogEventsHook", &Member("statements", statements))?;
        }
        map.end()
    }
}

/// An object with one member.
struct Member<'a, T>(&'static str, &'a T);

impl<T: Serialize> Serialize for Member<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([(self.0, self.1)])
    }
}

/// The methods that all new resources have.
macro_rules! new_resource {
    ($name:ident, $wire:expr) => {
        impl $name {
            /// Sets its tags.
            pub fn tags<S: Into<String>>(mut self, tags: impl IntoIterator<Item = S>) -> Self {
                self.0.tags = tags.into_iter().map(Into::into).collect();
                self
            }

            /// Sends this value as well, unchecked: the escape hatch for a key that LaunchDarkly takes and
            /// this version of the crate doesn't know. It takes precedence over a typed value of the
            /// same key, and is treated as a secret. An empty value is sent, too, where a typed one
            /// would be refused.
            pub fn with_value(
                mut self,
                key: impl Into<String>,
                value: impl Into<serde_json::Value>,
            ) -> Self {
                self.0.form_variables.set(key.into(), value.into());
                self
            }

            /// The key of the integration.
            #[must_use]
            pub fn integration_key(&self) -> &str {
                self.0.form_variables.integration_key()
            }

            /// The body of the request to show to people, with `[redacted]` for every secret.
            /// Values of [`RawConfigValues`](crate::client::RawConfigValues) and of
            /// [`with_value`](Self::with_value) are treated as secrets.
            ///
            /// # Errors
            ///
            /// serde_json's, if something can't be written as JSON.
            pub fn redacted(&self) -> Result<serde_json::Value, serde_json::Error> {
                $crate::client::requests::draft::Written(&self.0, &$wire).redacted()
            }
        }

        /// Writes the body of the request, secrets included.
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::client::requests::draft::Written(&self.0, &$wire).serialize(serializer)
            }
        }

        impl $crate::client::requests::Payload for $name {
            fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
                serde_json::to_vec(self)
            }

            fn secrets<'a>(&'a self, found: &mut Vec<&'a str>) {
                self.0.form_variables.secrets(found);
            }

            fn integration_key(&self) -> Option<&str> {
                Some(self.integration_key())
            }

            fn check(&self) -> Result<(), $crate::client::error::InvalidRequest> {
                self.0.check()
            }
        }
    };
}

pub(crate) use new_resource;
