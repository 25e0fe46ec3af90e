//! [`IntegrationConfiguration`]: what LaunchDarkly answers when a configuration exists.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, SystemTime};

use serde_json::{Map, Value};

use crate::Field;
use crate::client::requests::{AdditionalFormVariable, StatementEffect as Effect};

/// An integration configuration that exists, as LaunchDarkly describes it.
///
/// Only the id is sure to be there. What is left out is `None` or empty; what is there in another
/// shape than LaunchDarkly's API description gives is kept as JSON in [`misfits`](Self::misfits),
/// since a configuration that exists must reach the caller whatever else its description holds.
/// Unknown fields are ignored.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct IntegrationConfiguration {
    /// Its id (`_id`).
    pub id: String,
    /// Its name for people (`name`).
    pub name: Option<String>,
    /// The integration's key (`_integrationKey`).
    pub integration_key: Option<String>,
    /// When it was created (`_createdAt`).
    pub created_at: Option<SystemTime>,
    /// Whether it is enabled (`enabled`).
    pub enabled: Option<bool>,
    /// Its tags (`tags`).
    pub tags: Vec<String>,
    /// Related resources, by what they are (`_links`), such as `self`.
    pub links: BTreeMap<String, Link>,
    /// What the caller may and may not do with it (`_access`).
    pub access: Option<Access>,
    /// The values of its form variables (`configValues`), the secret ones masked.
    pub config_values: MaskedValues,
    /// Policy statements that pick the events it is sent
    /// (`capabilityConfig.auditLogEventsHook.statements`).
    pub statements: Vec<ReceivedStatement>,
    /// Form variables that approval requests ask for
    /// (`capabilityConfig.approvals.additionalFormVariables`).
    pub additional_form_variables: Vec<AdditionalFormVariable>,
    /// What is there in another shape than expected, by its path, such as
    /// `capabilityConfig.approvals.additionalFormVariables`.
    pub misfits: BTreeMap<String, Value>,
}

/// A related resource.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Link {
    /// Its address, relative to the host (`href`).
    pub href: Option<String>,
    /// Its content type (`type`).
    pub kind: Option<String>,
}

/// What the caller may and may not do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Access {
    /// What is allowed (`allowed`).
    pub allowed: Vec<Permission>,
    /// What is denied (`denied`).
    pub denied: Vec<Permission>,
}

/// An action, and why it is allowed or denied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Permission {
    /// The action (`action`).
    pub action: Option<String>,
    /// The policy statement that decided (`reason`).
    pub reason: Option<ReceivedStatement>,
}

/// A policy statement as LaunchDarkly sends it, which may have both of an either-or pair.
///
/// To send one, make a [`Statement`](crate::client::Statement).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReceivedStatement {
    /// Whether it allows or denies (`effect`).
    pub effect: Option<Effect>,
    /// The resources that it is about (`resources`).
    pub resources: Vec<String>,
    /// Or those that it isn't about (`notResources`).
    pub not_resources: Vec<String>,
    /// The actions that it is about (`actions`).
    pub actions: Vec<String>,
    /// Or those that it isn't about (`notActions`).
    pub not_actions: Vec<String>,
    /// The role that it belongs to, in [`Access`] only (`role_name`).
    pub role_name: Option<String>,
}

/// The values of a configuration as LaunchDarkly shows them: secret ones are masked, so they can't
/// be sent back.
///
/// `Debug` shows the keys only: whether a value is secret is up to the integration.
#[derive(Clone, Default, PartialEq)]
pub struct MaskedValues(Map<String, Value>);

impl MaskedValues {
    /// The keys and their values, secret ones masked.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// The value under this key. Masked, if it is a secret one.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// The value of a form variable, as a value of its type. `None` if it isn't there, is of
    /// another type, or is secret and therefore masked.
    ///
    /// ```
    /// use launchdarkly_integrations::client::IntegrationConfiguration;
    /// use launchdarkly_integrations::integrations::datadog::{self, HostUrl};
    ///
    /// let body = r#"{"_id": "1", "configValues": {
    ///     "apiKey": "012***789", "hostURL": "https://api.datadoghq.eu"
    /// }}"#;
    /// let configuration = IntegrationConfiguration::from_json(serde_json::from_str(body)?).ok_or("no id")?;
    /// let values = configuration.config_values;
    /// let [api_key, host_url, _] = datadog::FIELDS else { return Err("changed".into()) };
    /// assert_eq!(values.typed::<HostUrl>(host_url), Some(HostUrl::ApiDatadoghqEu));
    /// assert_eq!(values.typed::<String>(api_key), None); // it is masked
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn typed<T: serde::de::DeserializeOwned>(&self, field: &Field) -> Option<T> {
        if field.secret {
            return None;
        }
        serde_json::from_value(self.get(field.key)?.clone()).ok()
    }
}

impl fmt::Debug for MaskedValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl IntegrationConfiguration {
    /// Reads LaunchDarkly's description of a configuration. `None` if it has no id.
    #[must_use]
    pub fn from_json(value: Value) -> Option<Self> {
        let Value::Object(mut members) = value else {
            return None;
        };
        let Some(Value::String(id)) = members.remove("_id") else {
            return None;
        };
        let mut misfits = BTreeMap::new();
        let mut object = Object {
            path: String::new(),
            members,
            misfits: &mut misfits,
        };
        let name = object.text("name");
        let integration_key = object.text("_integrationKey");
        let created_at = object.take("_createdAt", time);
        let enabled = object.take("enabled", boolean);
        let tags = object.texts("tags");
        let links = object.object("_links", links).unwrap_or_default();
        let access = object.object("_access", access);
        let config_values = object.take("configValues", map);
        let capability_config = object.object("capabilityConfig", capability_config);
        let (statements, additional_form_variables) = capability_config.unwrap_or_default();
        Some(Self {
            id,
            name,
            integration_key,
            created_at,
            enabled,
            tags,
            links,
            access,
            config_values: MaskedValues(config_values.unwrap_or_default()),
            statements,
            additional_form_variables,
            misfits,
        })
    }
}

/// A JSON object that is being read. What doesn't fit goes to the misfits.
struct Object<'a> {
    path: String,
    members: Map<String, Value>,
    misfits: &'a mut BTreeMap<String, Value>,
}

impl Object<'_> {
    fn path(&self, key: &str) -> String {
        match self.path.as_str() {
            "" => key.to_owned(),
            path => format!("{path}.{key}"),
        }
    }

    /// The member, if it is there and fits.
    fn take<T>(&mut self, key: &str, fit: impl FnOnce(Value) -> Result<T, Value>) -> Option<T> {
        let value = self.members.remove(key).filter(|value| !value.is_null())?;
        match fit(value) {
            Ok(fitting) => Some(fitting),
            Err(misfit) => {
                self.misfits.insert(self.path(key), misfit);
                None
            }
        }
    }

    fn text(&mut self, key: &str) -> Option<String> {
        self.take(key, text)
    }

    fn texts(&mut self, key: &str) -> Vec<String> {
        self.take(key, texts).unwrap_or_default()
    }

    fn object<T>(&mut self, key: &str, read: impl FnOnce(Object<'_>) -> T) -> Option<T> {
        let members = self.take(key, map)?;
        let path = self.path(key);
        Some(read(Object {
            path,
            members,
            misfits: self.misfits,
        }))
    }

    /// The elements of a list of objects.
    fn objects<T>(&mut self, key: &str, read: impl Fn(Object<'_>) -> T) -> Vec<T> {
        let elements = self.take(key, array).unwrap_or_default();
        let path = self.path(key);
        let mut read_elements = Vec::new();
        for (index, element) in elements.into_iter().enumerate() {
            let path = format!("{path}[{index}]");
            match map(element) {
                Ok(members) => read_elements.push(read(Object {
                    path,
                    members,
                    misfits: self.misfits,
                })),
                Err(misfit) => {
                    self.misfits.insert(path, misfit);
                }
            }
        }
        read_elements
    }
}

fn text(value: Value) -> Result<String, Value> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(other),
    }
}

fn boolean(value: Value) -> Result<bool, Value> {
    value.as_bool().ok_or(value)
}

fn map(value: Value) -> Result<Map<String, Value>, Value> {
    match value {
        Value::Object(members) => Ok(members),
        other => Err(other),
    }
}

fn array(value: Value) -> Result<Vec<Value>, Value> {
    match value {
        Value::Array(elements) => Ok(elements),
        other => Err(other),
    }
}

fn texts(value: Value) -> Result<Vec<String>, Value> {
    let all: Option<Vec<String>> = value.as_array().and_then(|elements| {
        let texts = elements
            .iter()
            .map(|element| element.as_str().map(str::to_owned));
        texts.collect()
    });
    all.ok_or(value)
}

/// Milliseconds since 1970.
fn time(value: Value) -> Result<SystemTime, Value> {
    let time = value
        .as_u64()
        .and_then(|millis| SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(millis)));
    time.ok_or(value)
}

fn effect(value: Value) -> Result<Effect, Value> {
    match value.as_str() {
        Some("allow") => Ok(Effect::Allow),
        Some("deny") => Ok(Effect::Deny),
        _ => Err(value),
    }
}

fn links(mut object: Object<'_>) -> BTreeMap<String, Link> {
    let names: Vec<String> = object.members.keys().cloned().collect();
    let links = names.into_iter().filter_map(|name| {
        let link = object.object(&name, |mut link| Link {
            href: link.text("href"),
            kind: link.text("type"),
        })?;
        Some((name, link))
    });
    links.collect()
}

fn access(mut object: Object<'_>) -> Access {
    Access {
        allowed: object.objects("allowed", permission),
        denied: object.objects("denied", permission),
    }
}

fn permission(mut object: Object<'_>) -> Permission {
    Permission {
        action: object.text("action"),
        reason: object.object("reason", statement),
    }
}

fn statement(mut object: Object<'_>) -> ReceivedStatement {
    ReceivedStatement {
        effect: object.take("effect", effect),
        resources: object.texts("resources"),
        not_resources: object.texts("notResources"),
        actions: object.texts("actions"),
        not_actions: object.texts("notActions"),
        role_name: object.text("role_name"),
    }
}

fn capability_config(
    mut object: Object<'_>,
) -> (Vec<ReceivedStatement>, Vec<AdditionalFormVariable>) {
    let statements = object.object("auditLogEventsHook", |mut hook| {
        hook.objects("statements", statement)
    });
    let variables = object.object("approvals", |mut approvals| {
        approvals.objects("additionalFormVariables", form_variable)
    });
    (
        statements.unwrap_or_default(),
        variables.unwrap_or_default(),
    )
}

fn form_variable(mut object: Object<'_>) -> AdditionalFormVariable {
    AdditionalFormVariable {
        key: object.text("key"),
        name: object.text("name"),
        kind: object.text("type"),
        description: object.text("description"),
        placeholder: object.text("placeholder"),
        optional: object.take("isOptional", boolean),
        default: object.take("defaultValue", Ok),
        allowed_values: object.take("allowedValues", texts),
        dynamic_options: object.take("dynamicOptions", Ok),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_id_is_enough_and_nothing_else_is() {
        let least = IntegrationConfiguration::from_json(json!({"_id": "1"})).unwrap();
        assert_eq!(least.id, "1");
        assert!(least.misfits.is_empty());
        assert_eq!(least.tags, Vec::<String>::new());
        for other in [
            json!({}),
            json!({"_id": 1}),
            json!({"_id": null}),
            json!("1"),
            json!([]),
        ] {
            assert_eq!(
                IntegrationConfiguration::from_json(other.clone()),
                None,
                "{other}"
            );
        }
    }

    #[test]
    fn what_does_not_fit_is_kept_and_the_rest_is_read() {
        let statement = json!({
            "effect": "allow", "actions": ["*"], "notActions": [null, null], "new": 1,
        });
        let read = IntegrationConfiguration::from_json(json!({
            "_id": "1",
            "name": 7,
            "_createdAt": -1,
            "tags": ["a", 1],
            "enabled": "true",
            "_links": {"self": {"href": "/x", "type": 3}, "odd": "x"},
            "_access": {"allowed": [], "denied": {}},
            "configValues": "x",
            "capabilityConfig": {
                "auditLogEventsHook": {"statements": [statement, 4]},
                "approvals": {"additionalFormVariables": "invalid example"},
            },
            "unknown": {"a": 1},
        }))
        .unwrap();
        assert_eq!(read.links["self"].href.as_deref(), Some("/x"));
        assert_eq!(read.access, Some(Access::default()));
        assert_eq!(read.statements.len(), 1);
        assert_eq!(read.statements[0].effect, Some(Effect::Allow));
        assert_eq!(read.statements[0].actions, ["*"]);
        let expected = json!({
            "_access.denied": {},
            "_createdAt": -1,
            "_links.odd": "x",
            "_links.self.type": 3,
            "capabilityConfig.approvals.additionalFormVariables": "invalid example",
            "capabilityConfig.auditLogEventsHook.statements[0].notActions": [null, null],
            "capabilityConfig.auditLogEventsHook.statements[1]": 4,
            "configValues": "x",
            "enabled": "true",
            "name": 7,
            "tags": ["a", 1],
        });
        assert_eq!(json!(read.misfits), expected);
    }

    #[test]
    fn null_is_as_good_as_left_out() {
        let mut nulls = json!({"_id": "1"});
        for key in [
            "name",
            "tags",
            "_links",
            "_access",
            "configValues",
            "capabilityConfig",
        ] {
            nulls[key] = Value::Null;
        }
        let least = IntegrationConfiguration::from_json(json!({"_id": "1"}));
        assert_eq!(IntegrationConfiguration::from_json(nulls), least);
    }

    #[test]
    fn masked_values_stay_out_of_debug() {
        let read = IntegrationConfiguration::from_json(
            json!({"_id": "1", "configValues": {"url": "canary"}}),
        );
        let debug = format!("{read:?}");
        assert!(
            debug.contains("url") && !debug.contains("canary"),
            "{debug}"
        );
    }
}
