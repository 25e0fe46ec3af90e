//! [`Declaration`]: a resource that a file declares.

mod additional_form_variable;
mod new_resource;
mod properties;
mod read;
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
use values::DeclaredValues;

use super::{AdditionalFormVariable, Statement};
use crate::any::Reader;
use crate::integrations::READERS;
use crate::values::{Document, Member, ProblemList};
use crate::{Endpoint, IntegrationKey, Problem, ProblemKind, SecretJson};

/// A new resource that a file declares, in JSON, TOML, YAML or another format that serde reads.
///
/// | property | meaning |
/// |---|---|
/// | `key` | The integration's key. Required. |
/// | `endpoint` | The name of an [`Endpoint`]. Required if the integration has more than one. |
/// | `name` | The resource's name. Required for integration configurations and audit log subscriptions. |
/// | `values` | The values of the form variables, by key. Required if a form variable is. |
/// | `on` | Whether the resource is on, or enabled. Not for flag imports. |
/// | `tags` | The resource's tags. |
/// | `statements` | Policy statements, written as in LaunchDarkly's API. Only for integration configurations and audit log subscriptions. |
/// | `additionalFormVariables` | Form variables of approval requests, written as in LaunchDarkly's API. Only for integration configurations. |
/// | `project` | The project's key. Required for flag imports, big segment stores and delivery configurations. |
/// | `environment` | The environment's key. Required for big segment stores and delivery configurations. |
/// | `unchecked` | More values, sent unchecked: the escape hatch for keys that the manifest lacks. They take precedence over `values`. |
///
/// Reading is as strict as [`AnyConfigValues::for_endpoint`](crate::AnyConfigValues::for_endpoint). The
/// error names every problem with its path.
///
/// Secrets don't need to be in the file. Write `{"env": "NAME"}` for the string in the environment
/// variable `NAME`: in `values` where a form variable takes a string, and for any key in `unchecked`. This
/// crate doesn't read the environment. The program does, in the closure that it passes to
/// [`resolve`](Self::resolve).
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
/// `Debug` redacts all values and shows the names of environment variables.
#[derive(Clone)]
pub struct Declaration {
    reader: &'static Reader,
    endpoint: Endpoint,
    name: Option<String>,
    values: DeclaredValues,
    unchecked: DeclaredValues,
    on: Option<bool>,
    tags: Vec<String>,
    statements: Vec<Statement>,
    additional_form_variables: Vec<AdditionalFormVariable>,
    project: Option<String>,
    environment: Option<String>,
}

impl Declaration {
    /// Reads a declaration from a JSON object and checks it, except for the values in environment
    /// variables.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidDeclaration`] with every problem.
    pub fn from_json(value: impl Into<Value>) -> Result<Self, InvalidDeclaration> {
        // Generic, so that only programs that call it compile the code that reads each integration.
        let document = match value.into() {
            Value::Object(members) => {
                let members = members.into_iter();
                Document::Object(
                    members
                        .map(|(name, value)| Property::new(name, value))
                        .collect(),
                )
            }
            other => Document::Other(crate::wording::json_type(&other)),
        };
        Properties::read(document, READERS)
    }

    /// Returns the new resource. `env_var` returns the value of an environment variable.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidDeclaration`] with every problem: environment variables that aren't set, are
    /// blank, or hold a value that the integration doesn't take.
    pub fn resolve(
        &self,
        env_var: impl Fn(&str) -> Option<String>,
    ) -> Result<NewResource, InvalidDeclaration> {
        let mut problems = Vec::new();
        let unchecked = self.unchecked.resolve("unchecked", &env_var, &mut problems);
        let values = self.values.resolve("values", &env_var, &mut problems);
        let values = self.values.read(self.reader, values, &mut problems);
        match values {
            Some(values) if problems.is_empty() => NewResource::new(self, values, unchecked)
                .map_err(|wrong| {
                    InvalidDeclaration(vec![wrong.problem().clone().within("endpoint")])
                }),
            _ => Err(InvalidDeclaration(problems)),
        }
    }

    /// The integration's key.
    #[must_use]
    pub fn integration_key(&self) -> IntegrationKey {
        self.reader.key()
    }

    /// The endpoint that the resource is sent to.
    #[must_use]
    pub fn endpoint(&self) -> Endpoint {
        self.endpoint
    }

    /// The resource's name.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The project's key.
    #[must_use]
    pub fn project(&self) -> Option<&str> {
        self.project.as_deref()
    }

    /// The environment's key.
    #[must_use]
    pub fn environment(&self) -> Option<&str> {
        self.environment.as_deref()
    }

    /// The names of the environment variables that [`resolve`](Self::resolve) reads.
    pub fn environment_variables(&self) -> impl Iterator<Item = &str> {
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
            .field("additional_form_variables", &self.additional_form_variables)
            .field("project", &self.project)
            .field("environment", &self.environment)
            .finish()
    }
}

/// A property of a declaration. [`OBJECTS`] keep all their members, so that duplicate keys are found.
enum Property {
    Object(Document),
    Json(SecretJson),
}

/// The properties that are objects of values.
const OBJECTS: [&str; 2] = ["values", "unchecked"];

impl Property {
    fn new(name: String, value: Value) -> (String, Self) {
        let property = if OBJECTS.contains(&name.as_str()) {
            Self::Object(value.into())
        } else {
            Self::Json(value.into())
        };
        (name, property)
    }
}

impl Member for Property {
    fn next<'de, A: MapAccess<'de>>(name: &str, map: &mut A) -> Result<Self, A::Error> {
        if OBJECTS.contains(&name) {
            map.next_value().map(Self::Object)
        } else {
            map.next_value().map(Self::Json)
        }
    }
}

/// The error for an invalid [`Declaration`]: every problem, not only the first.
///
/// Contains no secrets (see [`Problem`]) and no values of environment variables.
#[derive(Clone, PartialEq, Eq)]
pub struct InvalidDeclaration(Vec<Problem>);

impl InvalidDeclaration {
    /// The problems, at least one. Their paths begin at the declaration, as in `values.apiKey` and
    /// `statements[0].effect`.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.0
    }
}

impl fmt::Display for InvalidDeclaration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", ProblemList(&self.0))?;
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
