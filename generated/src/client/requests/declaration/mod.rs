//! [`Declaration`]: a resource as a file declares it.

mod new_resource;
mod properties;
#[cfg(feature = "schemars")]
mod schema;
mod statement;
mod values;

use std::error::Error;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess};
use serde_json::Value;

pub use new_resource::NewResource;
use properties::Properties;
use values::Members;

use super::Statement;
use crate::any::Reader;
use crate::integrations::READERS;
use crate::values::{All, Document, Member};
use crate::{Endpoint, IntegrationKey, Problem, ProblemKind, SecretJson};

/// A new resource as a file declares it: JSON, TOML, YAML or anything else that serde reads.
///
/// | property | meaning |
/// |---|---|
/// | `key` | the integration's key |
/// | `endpoint` | an [`Endpoint`] by its name; may be left out if the integration has only one |
/// | `name` | the resource's name; required for integration configurations and audit log subscriptions |
/// | `values` | the values of the form variables, by their keys; may be left out if none is required |
/// | `on` | whether it is on, or enabled; not for flag imports |
/// | `tags` | its tags |
/// | `statements` | the policy statements, as LaunchDarkly's API writes them, for integration configurations and audit log subscriptions |
/// | `project` | the project's key; required for flag imports, big segment stores and delivery configurations |
/// | `environment` | the environment's key; required for the last two |
/// | `unchecked` | values that are sent as well, unchecked: the escape hatch for keys that the manifest lacks. Each takes precedence over one of `values` |
///
/// Reading is strict, as [`AnyConfigValues::for_endpoint`](crate::AnyConfigValues::for_endpoint) is,
/// and names every problem with its path.
///
/// Secrets needn't be in the file: in `values`, `{"env": "NAME"}` stands for the string in the
/// environment variable `NAME`, wherever a form variable takes a string, and so it does everywhere
/// in `unchecked`. This crate doesn't look at the environment by itself:
/// [`resolve`](Self::resolve) asks the program for each.
///
/// ```
/// use launchdarkly_integrations::client::{Declaration, NewResource};
/// use serde_json::json;
///
/// let declaration = Declaration::from_json(json!({
///     "key": "datadog",
///     "endpoint": "audit-log-subscription",
///     "name": "Production Datadog",
///     "values": {"apiKey": {"env": "DD_API_KEY"}, "hostURL": "https://api.datadoghq.eu"},
///     "on": true,
/// }))?;
/// // In a program: `|name| std::env::var(name).ok()`.
/// let environment = |name: &str| (name == "DD_API_KEY").then(|| "0123456789abcdef".to_owned());
/// match declaration.resolve(environment)? {
///     NewResource::AuditLogSubscription(new) => assert_eq!(new.name(), "Production Datadog"),
///     other => println!("{other:?}"),
/// }
///
/// let error = declaration.resolve(|_| None).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "values.apiKey: environment variable not set, or blank; expected DD_API_KEY",
/// );
/// # Ok::<(), launchdarkly_integrations::client::InvalidDeclaration>(())
/// ```
///
/// `Debug` shows no value, but the names of the environment variables.
#[derive(Clone)]
pub struct Declaration {
    reader: &'static Reader,
    endpoint: Endpoint,
    name: Option<String>,
    values: Members,
    unchecked: Members,
    on: Option<bool>,
    tags: Vec<String>,
    statements: Vec<Statement>,
    project: Option<String>,
    environment: Option<String>,
}

impl Declaration {
    /// Reads it from a JSON object, and checks all but what is in environment variables.
    ///
    /// # Errors
    ///
    /// [`InvalidDeclaration`] with every problem.
    pub fn from_json(value: impl Into<Value>) -> Result<Self, InvalidDeclaration> {
        // Generic, so that the code which reads each integration is only made where this is called.
        let document = match value.into() {
            Value::Object(members) => {
                let members = members.into_iter();
                Document::Object(
                    members
                        .map(|(name, value)| Property::of(name, value))
                        .collect(),
                )
            }
            other => Document::Other(crate::wording::json_type(&other)),
        };
        Properties::read(document, READERS)
    }

    /// Makes the new resource of it. `environment` returns the value of an environment variable.
    ///
    /// # Errors
    ///
    /// [`InvalidDeclaration`] with every problem: environment variables that aren't set or are
    /// blank, and values in them that the integration doesn't take.
    pub fn resolve(
        &self,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<NewResource, InvalidDeclaration> {
        let mut problems = Vec::new();
        let unchecked = self
            .unchecked
            .resolve("unchecked", &environment, &mut problems);
        let values = self.values.resolve("values", &environment, &mut problems);
        let values = self.values.read(self.reader, values, &mut problems);
        match values {
            Some(values) if problems.is_empty() => NewResource::new(self, values, unchecked)
                .map_err(|wrong| {
                    let problem = wrong.problem().clone();
                    InvalidDeclaration(vec![at("endpoint", problem)])
                }),
            _ => Err(InvalidDeclaration(problems)),
        }
    }

    /// The integration's key.
    #[must_use]
    pub fn integration_key(&self) -> IntegrationKey {
        self.reader.key()
    }

    /// The endpoint that takes it.
    #[must_use]
    pub fn endpoint(&self) -> Endpoint {
        self.endpoint
    }

    /// Its name, if it has one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The key of its project, if it belongs to one.
    #[must_use]
    pub fn project(&self) -> Option<&str> {
        self.project.as_deref()
    }

    /// The key of its environment, if it belongs to one.
    #[must_use]
    pub fn environment(&self) -> Option<&str> {
        self.environment.as_deref()
    }

    /// The names of the environment variables that [`resolve`](Self::resolve) asks for.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.values.variables().chain(self.unchecked.variables())
    }
}

impl<'de> Deserialize<'de> for Declaration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let document = Document::deserialize(deserializer)?;
        Properties::read(document, READERS).map_err(D::Error::custom)
    }
}

impl fmt::Debug for Declaration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Declaration")
            .field("key", &self.integration_key())
            .field("endpoint", &self.endpoint)
            .field("name", &self.name)
            .field("values", &self.values)
            .field("unchecked", &self.unchecked)
            .field("on", &self.on)
            .field("tags", &self.tags)
            .field("statements", &self.statements)
            .field("project", &self.project)
            .field("environment", &self.environment)
            .finish()
    }
}

/// A property of the file's object, with the members of those that are objects themselves, so that
/// one which is given twice is noticed.
enum Property {
    Members(Document),
    Json(SecretJson),
}

/// The properties whose members are kept apart.
const WITH_MEMBERS: [&str; 2] = ["values", "unchecked"];

impl Property {
    fn of(name: String, value: Value) -> (String, Self) {
        let property = if WITH_MEMBERS.contains(&name.as_str()) {
            Self::Members(value.into())
        } else {
            Self::Json(value.into())
        };
        (name, property)
    }
}

impl Member for Property {
    fn next<'de, A: MapAccess<'de>>(name: &str, map: &mut A) -> Result<Self, A::Error> {
        if WITH_MEMBERS.contains(&name) {
            map.next_value().map(Self::Members)
        } else {
            map.next_value().map(Self::Json)
        }
    }
}

/// What is wrong with a [`Declaration`]: every problem, not only the first.
///
/// Holds nothing of a secret, as [`Problem`] doesn't, and nothing of an environment variable but
/// its name.
#[derive(Clone, PartialEq, Eq)]
pub struct InvalidDeclaration(Vec<Problem>);

impl InvalidDeclaration {
    /// The problems, of which there is at least one. Their paths begin at the file's object, as in
    /// `values.apiKey` and `statements[0].effect`.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.0
    }
}

impl fmt::Display for InvalidDeclaration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", All(&self.0))?;
        let is_unknown_value = |problem: &Problem| {
            problem.kind == ProblemKind::UnknownKey && problem.path.starts_with("values.")
        };
        if self.0.iter().any(is_unknown_value) {
            f.write_str("; to send a value that the manifest lacks, put it in `unchecked`")?;
        }
        Ok(())
    }
}

crate::wording::debug_as_display!(InvalidDeclaration);

impl Error for InvalidDeclaration {}

/// The problem of what is at `path`, or in it.
fn at(path: &str, mut problem: Problem) -> Problem {
    problem.path = match problem.path.as_str() {
        "" => path.to_owned(),
        inner => format!("{path}.{inner}"),
    };
    problem
}
