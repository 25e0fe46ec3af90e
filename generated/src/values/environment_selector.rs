//! [`EnvironmentSelector`]: a project and environment, as a form variable.

use std::fmt;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use super::form_value::{FormValue, Reading, View};
use super::json::without_passwords;

/// The value of a form variable of type `environmentSelector`.
///
/// LaunchDarkly doesn't document its JSON. One of its public tools sends an object with the keys
/// `projectKey`, `environmentKey`, `projectId` and `environmentId`, which is
/// [`Environment`](Self::Environment). Whatever else turns out to be accepted can be given as
/// [`raw`](Self::raw) JSON.
///
/// ```
/// use launchdarkly_integrations::{Environment, EnvironmentKeys, EnvironmentSelector};
///
/// let keys = EnvironmentKeys {
///     project_key: "default".to_owned(),
///     environment_key: "production".to_owned(),
/// };
/// let selector = EnvironmentSelector::from(Environment::new(keys).project_id("5f3c"));
/// assert_eq!(
///     serde_json::to_string(&selector)?,
///     r#"{"projectKey":"default","environmentKey":"production","projectId":"5f3c"}"#,
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// `Debug` shows `[redacted]` for passwords in URLs.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum EnvironmentSelector {
    /// An object of the known shape.
    Environment(Environment),
    /// JSON of any other shape; make it with [`raw`](Self::raw).
    Raw(Value),
}

impl EnvironmentSelector {
    /// The environment with these keys; the same as `keys.into()`.
    pub fn keys(keys: EnvironmentKeys) -> Self {
        Self::Environment(Environment::new(keys))
    }

    /// JSON to send as it is. Reading does the same: an object with exactly the known keys, and
    /// strings under them, becomes [`Environment`](Self::Environment), all else is kept.
    pub fn raw(value: Value) -> Self {
        match Environment::from_json(&value) {
            Some(environment) => Self::Environment(environment),
            None => Self::Raw(value),
        }
    }
}

impl fmt::Debug for EnvironmentSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment(environment) => {
                f.debug_tuple("Environment").field(environment).finish()
            }
            Self::Raw(value) => f
                .debug_tuple("Raw")
                .field(&without_passwords(value))
                .finish(),
        }
    }
}

/// The keys that name an environment. A struct literal, so that the two can't be swapped unseen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvironmentKeys {
    /// Key of the project, such as `default`. On the wire: `projectKey`.
    pub project_key: String,
    /// Key of the environment in that project, such as `production`. On the wire:
    /// `environmentKey`.
    pub environment_key: String,
}

/// An environment by its keys and, optionally, its ids.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Environment {
    /// Key of the project. On the wire: `projectKey`.
    pub project_key: String,
    /// Key of the environment in that project. On the wire: `environmentKey`.
    pub environment_key: String,
    /// LaunchDarkly's id of the project. On the wire: `projectId`, left out when `None`.
    pub project_id: Option<String>,
    /// LaunchDarkly's id of the environment. On the wire: `environmentId`, left out when `None`.
    pub environment_id: Option<String>,
}

impl Environment {
    /// The environment with these keys, without ids.
    pub fn new(keys: EnvironmentKeys) -> Self {
        Self {
            project_key: keys.project_key,
            environment_key: keys.environment_key,
            project_id: None,
            environment_id: None,
        }
    }

    /// Sets LaunchDarkly's id of the project.
    pub fn project_id(mut self, value: impl Into<String>) -> Self {
        self.project_id = Some(value.into());
        self
    }

    /// Sets LaunchDarkly's id of the environment.
    pub fn environment_id(mut self, value: impl Into<String>) -> Self {
        self.environment_id = Some(value.into());
        self
    }

    fn from_json(value: &Value) -> Option<Self> {
        let members = value.as_object()?;
        let text = |key| members.get(key)?.as_str().map(str::to_owned);
        let environment = Self {
            project_key: text("projectKey")?,
            environment_key: text("environmentKey")?,
            project_id: text("projectId"),
            environment_id: text("environmentId"),
        };
        // A member that was not understood would be lost.
        (environment.members().count() == members.len()).then_some(environment)
    }

    fn members(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("projectKey", Some(&self.project_key)),
            ("environmentKey", Some(&self.environment_key)),
            ("projectId", self.project_id.as_ref()),
            ("environmentId", self.environment_id.as_ref()),
        ]
        .into_iter()
        .filter_map(|(key, text)| Some((key, text?.as_str())))
    }
}

impl From<Environment> for EnvironmentSelector {
    fn from(environment: Environment) -> Self {
        Self::Environment(environment)
    }
}

impl From<EnvironmentKeys> for EnvironmentSelector {
    fn from(keys: EnvironmentKeys) -> Self {
        Self::keys(keys)
    }
}

impl Serialize for EnvironmentSelector {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let environment = match self {
            Self::Environment(environment) => environment,
            Self::Raw(value) => return value.serialize(serializer),
        };
        let mut map = serializer.serialize_map(Some(environment.members().count()))?;
        for (key, text) in environment.members() {
            map.serialize_entry(key, text)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for EnvironmentSelector {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self::raw)
    }
}

impl FormValue for EnvironmentSelector {
    fn view(&self) -> View<'_> {
        View::Environment(self)
    }

    fn expected() -> String {
        "an object with projectKey and environmentKey".to_owned()
    }

    fn read(value: Value, _: &mut Reading<'_>) -> Option<Self> {
        Some(Self::raw(value))
    }
}

#[cfg(feature = "schemars")]
pub(super) fn schema(field: &crate::Field) -> schemars::Schema {
    environment_or(super::json::schema(field))
}

/// The known shape first, for people and forms; `other` is what else is accepted.
#[cfg(feature = "schemars")]
fn environment_or(other: schemars::Schema) -> schemars::Schema {
    let id = || schemars::json_schema!({ "type": "string" });
    schemars::json_schema!({
        "anyOf": [
            {
                "type": "object",
                "properties": {
                    "projectKey": id(),
                    "environmentKey": id(),
                    "projectId": id(),
                    "environmentId": id(),
                },
                "required": ["projectKey", "environmentKey"],
                "additionalProperties": false,
            },
            other,
        ],
    })
}

/// Any JSON: as a form variable it isn't null, but on its own it reads null too.
#[cfg(feature = "schemars")]
impl schemars::JsonSchema for EnvironmentSelector {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "EnvironmentSelector".into()
    }

    fn schema_id() -> std::borrow::Cow<'static, str> {
        "launchdarkly_integrations::EnvironmentSelector".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        environment_or(schemars::Schema::from(true))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_known_shape_is_typed_and_all_else_is_raw() {
        let keys = json!({"projectKey": "p", "environmentKey": "e"});
        let ids = json!({
            "projectKey": "p", "environmentKey": "e", "projectId": "1", "environmentId": "2",
        });
        for (json, typed) in [
            (keys, true),
            (ids, true),
            (json!({"projectKey": "p"}), false),
            (json!({"projectKey": "p", "environmentKey": 1}), false),
            (
                json!({"projectKey": "p", "environmentKey": "e", "projectId": null}),
                false,
            ),
            (
                json!({"projectKey": "p", "environmentKey": "e", "other": "o"}),
                false,
            ),
            (json!("p:e"), false),
            (json!([1, {"a": null}]), false),
        ] {
            let selector: EnvironmentSelector = serde_json::from_value(json.clone()).unwrap();
            assert_eq!(
                matches!(selector, EnvironmentSelector::Environment(_)),
                typed,
                "{json}"
            );
            assert_eq!(serde_json::to_value(&selector).unwrap(), json);
            assert_eq!(EnvironmentSelector::raw(json), selector);
        }
    }

    #[test]
    fn setters_and_keys_land_under_their_names() {
        let keys = EnvironmentKeys {
            project_key: "p".into(),
            environment_key: "e".into(),
        };
        let environment = Environment::new(keys.clone())
            .project_id("1")
            .environment_id("2");
        assert_eq!(
            serde_json::to_value(EnvironmentSelector::from(environment)).unwrap(),
            json!({"projectKey": "p", "environmentKey": "e", "projectId": "1", "environmentId": "2"}),
        );
        assert_eq!(
            EnvironmentSelector::from(keys.clone()),
            EnvironmentSelector::keys(keys)
        );
    }
}
