//! [`EnvironmentSelector`]: the value of a form variable that selects a project and an environment.
//!
//! Functions are `#[inline]`, so that only programs that call them compile them.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;

use super::form_value::{FormValue, ReadContext, View};
use super::json::without_passwords;
use super::object::Leniency;
use super::{FieldKind, ObjectReader, Problem, ProblemKind, ProblemList};
use crate::Field;

/// The value of a form variable of type `environmentSelector`.
///
/// LaunchDarkly doesn't document its JSON. One of its public tools sends an object with the keys
/// `projectKey`, `environmentKey`, `projectId` and `environmentId`. This is
/// [`Environment`](Self::Environment), and strict reading accepts only this. Code can send any other JSON
/// with [`raw`](Self::raw).
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
/// `Debug` of `Raw` shows `[redacted]` for passwords in URLs.
#[derive(Clone)]
#[non_exhaustive]
pub enum EnvironmentSelector {
    /// An object with the known keys.
    Environment(Environment),
    /// Any other JSON. Create it with [`raw`](Self::raw).
    Raw(Value),
}

impl EnvironmentSelector {
    /// Selects the environment with these keys, like `keys.into()`.
    #[inline]
    pub fn keys(keys: EnvironmentKeys) -> Self {
        Self::Environment(Environment::new(keys))
    }

    /// Creates a selector from JSON, which is sent unchanged. If strict reading accepts the JSON, the result
    /// is an [`Environment`](Self::Environment), otherwise [`Raw`](Self::Raw).
    #[inline]
    pub fn raw(value: Value) -> Self {
        match from_json(value.clone()) {
            Ok(environment) => environment,
            Err(_) => Self::Raw(value),
        }
    }

    #[inline]
    pub(super) fn to_json(&self) -> Value {
        match self {
            Self::Environment(environment) => environment
                .members()
                .map(|(key, text)| (key.to_owned(), Value::from(text)))
                .collect(),
            Self::Raw(value) => value.clone(),
        }
    }
}

/// Two selectors are equal if they are sent as the same JSON.
impl PartialEq for EnvironmentSelector {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.to_json() == other.to_json()
    }
}

impl Eq for EnvironmentSelector {}

impl fmt::Debug for EnvironmentSelector {
    #[inline]
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

/// The keys of a project and an environment. As a struct literal, they can't be swapped by mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvironmentKeys {
    /// The key of the project, such as `default`. Wire key `projectKey`.
    pub project_key: String,
    /// The key of the environment in that project, such as `production`. Wire key `environmentKey`.
    pub environment_key: String,
}

/// The keys of an environment and, optionally, its ids.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Environment {
    /// The key of the project. Wire key `projectKey`.
    pub project_key: String,
    /// The key of the environment in that project. Wire key `environmentKey`.
    pub environment_key: String,
    /// LaunchDarkly's id of the project. Wire key `projectId`, omitted if `None`.
    pub project_id: Option<String>,
    /// LaunchDarkly's id of the environment. Wire key `environmentId`, omitted if `None`.
    pub environment_id: Option<String>,
}

impl Environment {
    /// Creates an environment with these keys and without ids.
    #[inline]
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

    /// The members, in the order in which they are read.
    const FIELDS: &'static [Field] = &[
        FieldKind::String.field("projectKey", "Project key"),
        FieldKind::String.field("environmentKey", "Environment key"),
        FieldKind::String
            .field("projectId", "Project id")
            .optional(),
        FieldKind::String
            .field("environmentId", "Environment id")
            .optional(),
    ];

    #[inline]
    fn read(reader: &mut ObjectReader) -> Option<Self> {
        let (project_key, environment_key) = (reader.next(), reader.next());
        let (project_id, environment_id) = (reader.next(), reader.next());
        Some(Self {
            project_key: project_key?,
            environment_key: environment_key?,
            project_id: project_id?,
            environment_id: environment_id?,
        })
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
    #[inline]
    fn from(environment: Environment) -> Self {
        Self::Environment(environment)
    }
}

impl From<EnvironmentKeys> for EnvironmentSelector {
    #[inline]
    fn from(keys: EnvironmentKeys) -> Self {
        Self::keys(keys)
    }
}

impl Serialize for EnvironmentSelector {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Environment(environment) => serializer.collect_map(environment.members()),
            Self::Raw(value) => value.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for EnvironmentSelector {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_json(Value::deserialize(deserializer)?)
            .map_err(|problems| D::Error::custom(ProblemList(&problems)))
    }
}

impl FormValue for EnvironmentSelector {
    #[inline]
    fn view(&self) -> View<'_> {
        View::Environment(self)
    }

    #[inline]
    fn expected() -> String {
        "an object with projectKey and environmentKey".to_owned()
    }

    #[inline]
    fn read(value: Value, context: &mut ReadContext<'_>) -> Option<Self> {
        let Value::Object(members) = value else {
            context.refuse(ProblemKind::WrongType, Self::expected, value, None);
            return None;
        };
        let is_lenient = context.leniency == Leniency::Lenient;
        let original = is_lenient.then(|| members.clone());
        let read = context.object(members, Environment::FIELDS, Environment::read)?;
        Some(match original {
            // An `Environment` would lose the unknown keys.
            Some(original) if !read.unknown.is_empty() => Self::Raw(original.into()),
            _ => Self::Environment(read.values),
        })
    }
}

/// Reads a selector strictly, outside of an object of values.
#[inline]
fn from_json(value: Value) -> Result<EnvironmentSelector, Vec<Problem>> {
    static FIELD: Field = FieldKind::EnvironmentSelector.field("", "");
    let mut problems = Vec::new();
    let mut context = ReadContext {
        field: &FIELD,
        index: None,
        secret: false,
        leniency: Leniency::Strict,
        problems: &mut problems,
    };
    let read = EnvironmentSelector::read(value, &mut context);
    read.ok_or(problems)
}

#[cfg(feature = "schemars")]
#[inline]
pub(super) fn schema(_: &Field) -> schemars::Schema {
    crate::schema::object(Environment::FIELDS)
}

crate::macros::json_schema!(
    EnvironmentSelector,
    inline: false,
    crate::schema::object(Environment::FIELDS)
);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_the_known_keys_are_read_and_code_can_send_any_json() {
        let keys = json!({"projectKey": "p", "environmentKey": "e"});
        let ids = json!({
            "projectKey": "p", "environmentKey": "e", "projectId": "1", "environmentId": "2",
        });
        for (json, problem) in [
            (keys, None),
            (ids, None),
            (
                json!({"projectKey": "p"}),
                Some("environmentKey: required, but missing; expected a string"),
            ),
            (
                json!({"projectKey": "p", "environmentKey": 1}),
                Some("environmentKey: wrong type; expected a string; found the number 1"),
            ),
            (
                json!({"projectKey": "p", "environmentKey": "e", "projectId": null}),
                Some("projectId: null (leave the key out instead); expected a string; found null"),
            ),
            (
                json!({"projectKey": "p", "environmentKey": "e", "environment_id": "1"}),
                Some(
                    "environment_id: unknown key; expected one of projectKey, environmentKey, \
                     projectId, environmentId; did you mean environmentId?",
                ),
            ),
            (
                json!("p:e"),
                Some(
                    "wrong type; expected an object with projectKey and environmentKey; found \
                     the string \"p:e\"",
                ),
            ),
            (
                json!(null),
                Some(
                    "wrong type; expected an object with projectKey and environmentKey; found null",
                ),
            ),
        ] {
            let read = serde_json::from_value::<EnvironmentSelector>(json.clone());
            let raw = EnvironmentSelector::raw(json.clone());
            assert_eq!(serde_json::to_value(&raw).unwrap(), json);
            match problem {
                None => {
                    let read = read.unwrap();
                    assert!(matches!(read, EnvironmentSelector::Environment(_)));
                    assert_eq!(read, raw);
                    assert_eq!(read, EnvironmentSelector::Raw(json));
                }
                Some(problem) => {
                    let error = read.unwrap_err().to_string();
                    // A hint may follow.
                    assert!(error.starts_with(problem), "{error}");
                    assert!(matches!(raw, EnvironmentSelector::Raw(_)));
                }
            }
        }
    }

    #[test]
    fn setters_and_keys_set_their_own_members() {
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
