//! [`AdditionalFormVariable`]: a form variable of approval requests.

use std::fmt;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

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
