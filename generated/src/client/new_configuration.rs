//! [`NewConfiguration`]: what is sent to create a configuration.

use std::error::Error;
use std::fmt;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use super::capability_config::{AdditionalFormVariable, Statement};
use super::creatable::Creatable;
use crate::values::View;
use crate::{AnyConfigValues, Integration, IntegrationValues, SecretJson};

/// An integration configuration that is to be created.
///
/// ```
/// use launchdarkly_integrations::client::NewConfiguration;
/// use launchdarkly_integrations::integrations::datadog::ConfigValues;
///
/// let values = ConfigValues::builder().api_key("0123456789abcdef").build();
/// let configuration = NewConfiguration::new("Production Datadog", values)
///     .enabled(false)
///     .tags(["ops"]);
/// assert_eq!(configuration.integration_key(), "datadog");
/// ```
///
/// Redacted in `Debug`; serialising it gives the request's body, secrets included.
#[derive(Clone, Debug)]
#[must_use]
pub struct NewConfiguration {
    name: String,
    values: Values,
    more: Vec<(String, SecretJson)>,
    enabled: Option<bool>,
    tags: Vec<String>,
    statements: Vec<Statement>,
    additional_form_variables: Vec<AdditionalFormVariable>,
}

impl NewConfiguration {
    /// A configuration with this name for people, and these values.
    ///
    /// The values are a generated `ConfigValues`, or [`RawConfigValues`]. Integrations that the
    /// endpoint doesn't take don't compile. For values of an integration that is known only at run
    /// time there is [`with_any`](Self::with_any).
    pub fn new(name: impl Into<String>, values: impl Creatable) -> Self {
        Self::of(name.into(), values.into())
    }

    /// A configuration with values of an integration that is known only at run time.
    ///
    /// # Errors
    ///
    /// [`NotCreatable`] if the endpoint doesn't take the integration.
    pub fn with_any(
        name: impl Into<String>,
        values: AnyConfigValues,
    ) -> Result<Self, NotCreatable> {
        let integration = values.integration();
        if !integration.creatable {
            return Err(NotCreatable { integration });
        }
        Ok(Self::of(name.into(), Values::Typed(values)))
    }

    fn of(name: String, values: Values) -> Self {
        Self {
            name,
            values,
            more: Vec::new(),
            enabled: None,
            tags: Vec::new(),
            statements: Vec::new(),
            additional_form_variables: Vec::new(),
        }
    }

    /// Whether it is enabled. LaunchDarkly enables it when this isn't set.
    pub fn enabled(mut self, enabled: bool) -> Self {
        self.enabled = Some(enabled);
        self
    }

    /// Sets its tags.
    pub fn tags<S: Into<String>>(mut self, tags: impl IntoIterator<Item = S>) -> Self {
        self.tags = tags.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the policy statements that pick the events it is sent, for integrations with the
    /// capability `auditLogEventsHook`.
    pub fn statements(mut self, statements: impl IntoIterator<Item = Statement>) -> Self {
        self.statements = statements.into_iter().collect();
        self
    }

    /// Sets the form variables that approval requests ask for, for integrations with the
    /// capability `approval`.
    pub fn additional_form_variables(
        mut self,
        variables: impl IntoIterator<Item = AdditionalFormVariable>,
    ) -> Self {
        self.additional_form_variables = variables.into_iter().collect();
        self
    }

    /// Sends this too among the values, as it is: the way out where LaunchDarkly takes a key that
    /// this version of the crate doesn't know. It goes before a typed value of the same key, and
    /// is treated as a secret.
    pub fn with_value(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        let key = key.into();
        self.more.retain(|(other, _)| *other != key);
        self.more.push((key, SecretJson::from(value.into())));
        self
    }

    /// Its name for people.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key of its integration.
    #[must_use]
    pub fn integration_key(&self) -> &str {
        match &self.values {
            Values::Typed(values) => values.integration().key,
            Values::Raw(values) => &values.integration_key,
        }
    }

    /// The request's body to show to people, with `[redacted]` for every secret value. Values of
    /// [`RawConfigValues`] and of [`with_value`](Self::with_value) are all taken for secret.
    ///
    /// ```
    /// use launchdarkly_integrations::client::NewConfiguration;
    /// use launchdarkly_integrations::integrations::datadog::ConfigValues;
    ///
    /// let values = ConfigValues::builder().api_key("0123456789abcdef").build();
    /// let configuration = NewConfiguration::new("Production Datadog", values);
    /// assert_eq!(
    ///     configuration.redacted()?.to_string(),
    ///     r#"{"configValues":{"apiKey":"[redacted]"},"name":"Production Datadog"}"#,
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// serde_json's, if something can't stand in JSON.
    pub fn redacted(&self) -> Result<Value, serde_json::Error> {
        let mut body = serde_json::to_value(self)?;
        if let Some(Value::Object(members)) = body.get_mut("configValues") {
            for (key, value) in members {
                if self.is_secret(key) {
                    *value = Value::from("[redacted]");
                }
            }
        }
        Ok(body)
    }

    /// Whether the value under this key is secret.
    fn is_secret(&self, key: &str) -> bool {
        match &self.values {
            Values::Raw(_) => true,
            Values::Typed(values) => {
                let fields = values.integration().fields;
                let field = fields.iter().find(|field| field.key == key);
                // What isn't a field came by `with_value`, as may a field.
                field.is_none_or(|field| field.secret)
                    || self.more.iter().any(|(other, _)| other == key)
            }
        }
    }

    /// Every text that must not be seen, as it may come back in an answer.
    pub(crate) fn secrets(&self) -> Vec<&str> {
        let mut secrets = Vec::new();
        for (_, value) in &self.more {
            texts(value.expose_secret(), &mut secrets);
        }
        match &self.values {
            Values::Raw(values) => {
                for (_, value) in &values.members {
                    texts(value.expose_secret(), &mut secrets);
                }
            }
            Values::Typed(values) => {
                for (_, view) in values.entries().into_views() {
                    match view {
                        View::SecretText(text) => secrets.push(text),
                        View::SecretJson(value) => texts(value, &mut secrets),
                        _ => {}
                    }
                }
            }
        }
        secrets
    }
}

/// Every text of some JSON.
fn texts<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(elements) => elements.iter().for_each(|element| texts(element, found)),
        Value::Object(members) => members.values().for_each(|member| texts(member, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The values of a configuration.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub enum Values {
    Typed(AnyConfigValues),
    Raw(RawConfigValues),
}

impl<T: IntegrationValues> From<T> for Values {
    fn from(values: T) -> Self {
        Self::Typed(values.into())
    }
}

impl From<RawConfigValues> for Values {
    fn from(values: RawConfigValues) -> Self {
        Self::Raw(values)
    }
}

/// The request's body.
impl Serialize for NewConfiguration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", &self.name)?;
        map.serialize_entry("configValues", &ConfigValues(self))?;
        if let Some(enabled) = self.enabled {
            map.serialize_entry("enabled", &enabled)?;
        }
        if !self.tags.is_empty() {
            map.serialize_entry("tags", &self.tags)?;
        }
        if !(self.statements.is_empty() && self.additional_form_variables.is_empty()) {
            map.serialize_entry("capabilityConfig", &CapabilityConfig(self))?;
        }
        map.end()
    }
}

struct ConfigValues<'a>(&'a NewConfiguration);

impl Serialize for ConfigValues<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(NewConfiguration { values, more, .. }) = self;
        let is_replaced = |key: &str| more.iter().any(|(other, _)| other == key);
        let mut map = serializer.serialize_map(None)?;
        match values {
            Values::Typed(values) => {
                for (key, value) in values.entries().into_views() {
                    if !is_replaced(key) {
                        map.serialize_entry(key, &value)?;
                    }
                }
            }
            Values::Raw(values) => {
                for (key, value) in &values.members {
                    if !is_replaced(key) {
                        map.serialize_entry(key, value)?;
                    }
                }
            }
        }
        for (key, value) in more {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

struct CapabilityConfig<'a>(&'a NewConfiguration);

impl Serialize for CapabilityConfig<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Under<'a, T>(&'static str, &'a [T]);

        impl<T: Serialize> Serialize for Under<'_, T> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_map([(self.0, self.1)])
            }
        }

        let Self(NewConfiguration {
            statements,
            additional_form_variables: variables,
            ..
        }) = self;
        let mut map = serializer.serialize_map(None)?;
        if !variables.is_empty() {
            map.serialize_entry("approvals", &Under("additionalFormVariables", variables))?;
        }
        if !statements.is_empty() {
            map.serialize_entry("auditLogEventsHook", &Under("statements", statements))?;
        }
        map.end()
    }
}

/// Values of an integration that this crate doesn't know, such as a private one, unchecked.
///
/// ```
/// use launchdarkly_integrations::client::{NewConfiguration, RawConfigValues};
///
/// let values = RawConfigValues::new("acme-internal")?.with("token", "0123abcd");
/// let configuration = NewConfiguration::new("Acme", values);
/// assert_eq!(configuration.integration_key(), "acme-internal");
/// # Ok::<(), launchdarkly_integrations::client::InvalidIntegrationKey>(())
/// ```
///
/// All values are treated as secrets: `Debug` shows the keys only.
#[derive(Clone)]
#[must_use]
pub struct RawConfigValues {
    integration_key: String,
    members: Vec<(String, SecretJson)>,
}

impl RawConfigValues {
    /// No values yet, for the integration with this key.
    ///
    /// # Errors
    ///
    /// [`InvalidIntegrationKey`] if it can't be a segment of a path.
    pub fn new(integration_key: impl Into<String>) -> Result<Self, InvalidIntegrationKey> {
        let integration_key = integration_key.into();
        let fits = integration_key
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        let dots = integration_key.bytes().all(|byte| byte == b'.');
        if !fits || dots {
            return Err(InvalidIntegrationKey(()));
        }
        Ok(Self {
            integration_key,
            members: Vec::new(),
        })
    }

    /// Sets the value under this key.
    pub fn with(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        let key = key.into();
        self.members.retain(|(other, _)| *other != key);
        self.members.push((key, SecretJson::from(value.into())));
        self
    }
}

impl fmt::Debug for RawConfigValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawConfigValues({:?}, ", self.integration_key)?;
        f.debug_map()
            .entries(self.members.iter().map(|(key, value)| (key, value)))
            .finish()?;
        f.write_str(")")
    }
}

/// A text that can't be an integration key: empty, or with other characters than ASCII letters,
/// digits, `.`, `_` and `-`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidIntegrationKey(());

impl fmt::Display for InvalidIntegrationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integration key has ASCII letters, digits, `.`, `_` and `-`, and no others")
    }
}

impl Error for InvalidIntegrationKey {}

/// An integration that the endpoint for integration configurations doesn't take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotCreatable {
    integration: &'static Integration,
}

impl NotCreatable {
    /// The integration.
    #[must_use]
    pub fn integration(&self) -> &'static Integration {
        self.integration
    }
}

impl fmt::Display for NotCreatable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Integration { key, .. } = self.integration;
        let capability = |name| self.integration.capabilities.contains(&name);
        write!(
            f,
            "{key} is not created as an integration configuration, but by "
        )?;
        if capability("flagImport") {
            write!(
                f,
                "POST /api/v2/integration-capabilities/flag-import/{{projectKey}}/{key}"
            )
        } else {
            write!(
                f,
                "POST /api/v2/integration-capabilities/big-segment-store/{{projectKey}}/{{environmentKey}}/{key}"
            )
        }
    }
}

impl Error for NotCreatable {}
