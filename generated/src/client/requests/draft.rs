//! [`Draft`]: the contents of a new resource, and how they are written as JSON.

use std::collections::BTreeMap;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use super::additional_form_variable::AdditionalFormVariable;
use super::form_variables::FormVariables;
use super::statement::Statement;
use crate::client::invalid_request::InvalidRequest;
use crate::values::REDACTED;

/// The contents of a new resource of any kind.
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
        self.form_variables.check("`with_value`")
    }
}

/// Refuses a blank name, because people can't distinguish resources without a visible name.
pub(crate) fn check_name(name: &str) -> Result<(), InvalidRequest> {
    if name.trim().is_empty() {
        return Err(InvalidRequest::BlankName);
    }
    Ok(())
}

/// How a kind of resource is written as JSON.
pub(crate) struct Format {
    pub(crate) values: &'static str,
    pub(crate) on: &'static str,
    /// Whether the statements are in `capabilityConfig`.
    pub(crate) has_capability_config: bool,
}

pub(crate) const INTEGRATION_CONFIGURATION_FORMAT: Format = Format {
    values: "configValues",
    on: "enabled",
    has_capability_config: true,
};

/// The format of all other kinds.
pub(crate) const COMMON_FORMAT: Format = Format {
    values: "config",
    on: "on",
    has_capability_config: false,
};

/// The body of the request that creates a draft.
pub(crate) struct CreateBody<'a>(pub(crate) &'a Draft, pub(crate) &'static Format);

impl CreateBody<'_> {
    /// The body, with every secret replaced by `[redacted]`.
    pub(crate) fn redacted(&self) -> Result<Value, serde_json::Error> {
        let mut body = serde_json::to_value(self)?;
        body[self.1.values] = self.0.form_variables.redacted();
        let variables = "/capabilityConfig/approvals/additionalFormVariables";
        let variables = body.pointer_mut(variables).and_then(Value::as_array_mut);
        for variable in variables.into_iter().flatten() {
            // Both may hold credentials, as in the headers of a request.
            for name in ["defaultValue", "dynamicOptions"] {
                if let Some(value) = variable.get_mut(name) {
                    *value = Value::from(REDACTED);
                }
            }
        }
        Ok(body)
    }
}

impl Serialize for CreateBody<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(draft, format) = self;
        let mut map = serializer.serialize_map(None)?;
        if let Some(name) = &draft.name {
            map.serialize_entry("name", name)?;
        }
        map.serialize_entry(format.values, &draft.form_variables)?;
        if let Some(on) = draft.on {
            map.serialize_entry(format.on, &on)?;
        }
        if !draft.tags.is_empty() {
            map.serialize_entry("tags", &draft.tags)?;
        }
        let (statements, variables) = (&draft.statements, &draft.additional_form_variables);
        if !format.has_capability_config {
            if !statements.is_empty() {
                map.serialize_entry("statements", statements)?;
            }
        } else if !(statements.is_empty() && variables.is_empty()) {
            map.serialize_entry("capabilityConfig", &CapabilityConfig(draft))?;
        }
        map.end()
    }
}

/// The statements and the additional form variables, each under its capability.
struct CapabilityConfig<'a>(&'a Draft);

impl Serialize for CapabilityConfig<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (statements, variables) = (&self.0.statements, &self.0.additional_form_variables);
        let mut map = serializer.serialize_map(None)?;
        if !variables.is_empty() {
            let member = [("additionalFormVariables", variables)];
            map.serialize_entry("approvals", &BTreeMap::from(member))?;
        }
        if !statements.is_empty() {
            let member = [("statements", statements)];
            map.serialize_entry("auditLogEventsHook", &BTreeMap::from(member))?;
        }
        map.end()
    }
}

/// The constructors of new resources that require a name.
macro_rules! required_name {
    ($name:ident, $values:ident, $endpoint:ident) => {
        impl $name {
            /// Creates it from a name and values: a generated type that implements
            #[doc = concat!("[`", stringify!($values), "`](crate::client::", stringify!($values), "), or")]
            /// [`RawConfigValues`](crate::client::RawConfigValues).
            ///
            /// If the name is blank, the call sends nothing and returns
            /// [`InvalidRequest`](crate::client::ErrorKind::InvalidRequest).
            pub fn new(name: impl Into<String>, values: impl $crate::client::$values) -> Self {
                let values = FormVariables::new(values.into());
                Self(Draft::new(Some(name.into()), values))
            }

            /// Like [`new`](Self::new), for an integration that is known only at run time.
            ///
            /// # Errors
            ///
            /// Returns [`WrongEndpoint`](crate::WrongEndpoint) if the endpoint doesn't accept the values.
            pub fn with_any(
                name: impl Into<String>,
                values: $crate::AnyConfigValues,
            ) -> Result<Self, $crate::WrongEndpoint> {
                let values = FormVariables::checked(values, $crate::Endpoint::$endpoint)?;
                Ok(Self(Draft::new(Some(name.into()), values)))
            }

            /// The name.
            #[must_use]
            pub fn name(&self) -> &str {
                self.0.name.as_deref().unwrap_or_default()
            }
        }
    };
}

pub(crate) use required_name;

/// The constructors of new resources whose name is optional.
macro_rules! optional_name {
    ($name:ident, $values:ident, $endpoint:ident) => {
        impl $name {
            /// Creates it from values: a generated type that implements
            #[doc = concat!("[`", stringify!($values), "`](crate::client::", stringify!($values), "), or")]
            /// [`RawConfigValues`](crate::client::RawConfigValues).
            pub fn new(values: impl $crate::client::$values) -> Self {
                Self(Draft::new(None, FormVariables::new(values.into())))
            }

            /// Like [`new`](Self::new), for an integration that is known only at run time.
            ///
            /// # Errors
            ///
            /// Returns [`WrongEndpoint`](crate::WrongEndpoint) if the endpoint doesn't accept the values.
            pub fn with_any(
                values: $crate::AnyConfigValues,
            ) -> Result<Self, $crate::WrongEndpoint> {
                let values = FormVariables::checked(values, $crate::Endpoint::$endpoint)?;
                Ok(Self(Draft::new(None, values)))
            }

            /// Sets the name. LaunchDarkly generates one when omitted.
            ///
            /// If the name is blank, the call sends nothing and returns
            /// [`InvalidRequest`](crate::client::ErrorKind::InvalidRequest).
            pub fn name(mut self, name: impl Into<String>) -> Self {
                self.0.name = Some(name.into());
                self
            }

            #[cfg(any(feature = "async", feature = "blocking"))]
            pub(crate) fn name_ref(&self) -> Option<&str> {
                self.0.name.as_deref()
            }
        }
    };
}

pub(crate) use optional_name;

/// The methods that all new resources have.
macro_rules! new_resource {
    ($name:ident, $format:expr) => {
        impl $name {
            /// Sets the tags.
            pub fn tags<S: Into<String>>(mut self, tags: impl IntoIterator<Item = S>) -> Self {
                self.0.tags = tags.into_iter().map(Into::into).collect();
                self
            }

            /// Adds a value, unchecked: the escape hatch for a key that LaunchDarkly accepts and this version
            /// of the crate doesn't know. It replaces a typed value with the same key, may be blank, and
            /// is treated as a secret.
            pub fn with_value(
                mut self,
                key: impl Into<String>,
                value: impl Into<serde_json::Value>,
            ) -> Self {
                self.0.form_variables.set(key.into(), value.into());
                self
            }

            /// The integration's key.
            #[must_use]
            pub fn integration_key(&self) -> &str {
                self.0.form_variables.integration_key()
            }

            /// The body of the request, with every secret replaced by `[redacted]`. All values of
            /// [`RawConfigValues`](crate::client::RawConfigValues) and of
            /// [`with_value`](Self::with_value) are treated as secrets.
            ///
            /// # Errors
            ///
            /// Returns an error if a value can't be written as JSON.
            pub fn redacted(&self) -> Result<serde_json::Value, serde_json::Error> {
                $crate::client::requests::draft::CreateBody(&self.0, &$format).redacted()
            }
        }

        /// The body of the request, secrets included.
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::client::requests::draft::CreateBody(&self.0, &$format).serialize(serializer)
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

            fn check(&self) -> Result<(), $crate::client::invalid_request::InvalidRequest> {
                self.0.check()
            }
        }
    };
}

pub(crate) use new_resource;
