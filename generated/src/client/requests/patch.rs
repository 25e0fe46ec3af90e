//! [`Patch`]: the contents of a patch of any kind.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::Value;

use super::draft::check_name;
use super::form_variables::FormVariables;
use crate::SecretJson;
use crate::client::invalid_request::InvalidRequest;
use crate::values::visit_strings;

pub(crate) const NAME: &str = "/name";

/// A JSON Patch that replaces whole properties.
#[derive(Clone, Debug, Default)]
pub(crate) struct Patch {
    replacements: Vec<(String, Replacement)>,
}

#[derive(Clone, Debug)]
enum Replacement {
    Json(Value),
    /// From `replace`, which takes any path, so it may be a secret.
    Secret(SecretJson),
    Values(FormVariables),
}

impl Patch {
    pub(crate) fn json(&mut self, path: &str, value: Value) {
        self.replace(path.to_owned(), Replacement::Json(value));
    }

    pub(crate) fn secret(&mut self, path: String, value: Value) {
        self.replace(path, Replacement::Secret(value.into()));
    }

    pub(crate) fn values(&mut self, path: &str, values: FormVariables) {
        self.replace(path.to_owned(), Replacement::Values(values));
    }

    fn replace(&mut self, path: String, replacement: Replacement) {
        self.replacements.retain(|(other, _)| *other != path);
        self.replacements.push((path, replacement));
    }

    fn form_variables(&self) -> Option<&FormVariables> {
        self.replacements
            .iter()
            .find_map(|(_, replacement)| match replacement {
                Replacement::Values(values) => Some(values),
                _ => None,
            })
    }
}

impl super::Payload for Patch {
    fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(self)
    }

    fn secrets<'a>(&'a self, found: &mut Vec<&'a str>) {
        for (_, replacement) in &self.replacements {
            match replacement {
                Replacement::Json(_) => {}
                Replacement::Secret(value) => {
                    visit_strings(value.expose_secret(), &mut |text| found.push(text));
                }
                Replacement::Values(values) => values.secrets(found),
            }
        }
    }

    fn integration_key(&self) -> Option<&str> {
        Some(self.form_variables()?.integration_key())
    }

    fn check(&self) -> Result<(), InvalidRequest> {
        for (path, replacement) in &self.replacements {
            match replacement {
                Replacement::Json(Value::String(name)) if path == NAME => check_name(name)?,
                Replacement::Values(values) => values.check("`RawConfigValues`")?,
                Replacement::Json(_) | Replacement::Secret(_) => {}
            }
        }
        Ok(())
    }
}

impl Serialize for Patch {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.replacements.len()))?;
        for (path, replacement) in &self.replacements {
            list.serialize_element(&Operation { path, replacement })?;
        }
        list.end()
    }
}

struct Operation<'a> {
    path: &'a str,
    replacement: &'a Replacement,
}

impl Serialize for Operation<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("op", "replace")?;
        map.serialize_entry("path", self.path)?;
        match self.replacement {
            Replacement::Json(value) => map.serialize_entry("value", value)?,
            Replacement::Secret(value) => map.serialize_entry("value", value)?,
            Replacement::Values(values) => map.serialize_entry("value", values)?,
        }
        map.end()
    }
}

/// The methods that all patches have.
macro_rules! patch {
    ($name:ident, $values:ident, $endpoint:ident, $path:literal) => {
        impl $name {
            /// Creates an empty patch.
            pub fn new() -> Self {
                Self::default()
            }

            /// Replaces the name.
            pub fn name(mut self, name: impl Into<String>) -> Self {
                let path = $crate::client::requests::patch::NAME;
                self.0.json(path, name.into().into());
                self
            }

            /// Replaces all tags.
            pub fn tags<S: Into<String>>(mut self, tags: impl IntoIterator<Item = S>) -> Self {
                let tags: Vec<String> = tags.into_iter().map(Into::into).collect();
                self.0.json("/tags", tags.into());
                self
            }

            /// Replaces all values of form variables, so set every value anew, secrets too. What
            /// LaunchDarkly does with a secret that is left out is unknown. Values of a response can't be
            /// sent back: their secrets are masked.
            pub fn values(mut self, values: impl $crate::client::$values) -> Self {
                let values =
                    $crate::client::requests::form_variables::FormVariables::new(values.into());
                self.0.values($path, values);
                self
            }

            /// Like [`values`](Self::values), for an integration that is known only at run time.
            ///
            /// # Errors
            ///
            /// Returns [`WrongEndpoint`](crate::WrongEndpoint) if the endpoint doesn't accept the values.
            pub fn any_values(
                mut self,
                values: $crate::AnyConfigValues,
            ) -> Result<Self, $crate::WrongEndpoint> {
                let values = $crate::client::requests::form_variables::FormVariables::checked(
                    values,
                    $crate::Endpoint::$endpoint,
                )?;
                self.0.values($path, values);
                Ok(self)
            }

            /// Replaces the value at `path`, a JSON Pointer such as `/on`, unchecked. LaunchDarkly refuses
            /// paths that begin with `/_`. The value is treated as a secret.
            pub fn replace(
                mut self,
                path: impl Into<String>,
                value: impl Into<serde_json::Value>,
            ) -> Self {
                self.0.secret(path.into(), value.into());
                self
            }
        }

        /// The JSON Patch (RFC 6902), secrets included.
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.0.serialize(serializer)
            }
        }
    };
}

pub(crate) use patch;
