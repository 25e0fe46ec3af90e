//! [`MaskedValues`]: the values of form variables in a response.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::json::Json;
use super::object::{Lenient, Path};
use super::unparsed::Unparsed;
use crate::{Endpoint, Field, integrations};

/// The values of form variables in a response. LaunchDarkly masks secret values, as in `012*****789`.
///
/// **Don't send them back.** LaunchDarkly might store the mask as the secret, and it may have changed other
/// values when it stored them. To change a value, send all values again, secrets too, with the method
/// `values` of a patch.
///
/// `Debug` shows the keys only, since LaunchDarkly, not this crate, decides which values are masked.
#[derive(Clone, Default, PartialEq)]
pub struct MaskedValues {
    values: Map<String, Value>,
    /// The form variables. Empty for an integration that this crate doesn't know.
    fields: &'static [Field],
}

impl MaskedValues {
    /// The keys on the wire and the values. Secret values are masked.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.values.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// The value with this key on the wire. A secret value is masked.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.values.get(key)
    }

    /// The value with this key on the wire, deserialized.
    ///
    /// `None` if it is missing, can't be deserialized as `T`, or is secret and therefore masked. A secret
    /// value that this crate doesn't know to be secret is returned masked.
    ///
    /// ```
    /// use launchdarkly_integrations::client::IntegrationConfiguration;
    /// use launchdarkly_integrations::integrations::datadog::HostUrl;
    ///
    /// let body = r#"{"_id": "1", "_integrationKey": "datadog", "configValues": {
    ///     "apiKey": "012***789", "hostURL": "https://api.datadoghq.eu"
    /// }}"#;
    /// let body = serde_json::from_str(body)?;
    /// let configuration = IntegrationConfiguration::from_json(body).ok_or("no id")?;
    /// let values = configuration.config_values.ok_or("no values")?;
    /// assert_eq!(values.get_as::<HostUrl>("hostURL"), Some(HostUrl::ApiDatadoghqEu));
    /// assert_eq!(values.get_as::<String>("apiKey"), None); // it is masked
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn get_as<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        if self
            .fields
            .iter()
            .any(|field| field.key == key && field.secret)
        {
            return None;
        }
        T::deserialize(self.get(key)?).ok()
    }

    /// The number of values.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are no values.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Looks up the form variables of the integration.
    pub(super) fn set_fields(&mut self, integration_key: &str, endpoint: Endpoint) {
        let integration = integrations::get(integration_key);
        self.fields = integration.map_or(&[], |known| known.fields_of(endpoint));
    }
}

impl fmt::Debug for MaskedValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}

impl Lenient for MaskedValues {
    fn read<'a>(json: Json<'a>, _: &Path<'_>, _: &mut Unparsed) -> Result<Self, Json<'a>> {
        match json {
            Json::Object(members) => Ok(Self {
                values: members
                    .into_iter()
                    .map(|(key, json)| (key.into_owned(), json.into()))
                    .collect(),
                fields: &[],
            }),
            other => Err(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{DeliveryConfiguration, IntegrationConfiguration};

    /// A string for each form variable.
    fn values(fields: &[crate::Field]) -> serde_json::Value {
        fields
            .iter()
            .map(|field| (field.key, "012***789"))
            .collect()
    }

    #[test]
    fn only_values_that_are_not_secret_are_returned() {
        for integration in crate::integrations::ALL {
            let read = IntegrationConfiguration::from_json(json!({
                "_id": "1",
                "_integrationKey": integration.key,
                "configValues": values(integration.fields),
            }));
            let read = read.unwrap().config_values.unwrap();
            assert_eq!(read.len(), integration.fields.len());
            for field in integration.fields {
                let value = read.get_as::<String>(field.key);
                assert_eq!(
                    value.is_none(),
                    field.secret,
                    "{} {}",
                    integration.key,
                    field.key
                );
                assert!(read.get(field.key).is_some());
            }
        }
    }

    #[test]
    fn a_delivery_configuration_has_values_of_the_feature_store() {
        for integration in crate::integrations::ALL {
            for block in integration.capability_fields {
                if !block.is_feature_store() {
                    continue;
                }
                let read = DeliveryConfiguration::from_json(json!({
                    "_id": "1",
                    "integrationKey": integration.key,
                    "config": values(block.fields),
                }));
                let read = read.unwrap().config.unwrap();
                for field in block.fields {
                    let value = read.get_as::<String>(field.key);
                    assert_eq!(
                        value.is_none(),
                        field.secret,
                        "{} {}",
                        integration.key,
                        field.key
                    );
                }
            }
        }
    }

    #[test]
    fn values_of_unknown_integrations_are_returned() {
        for integration_key in [json!("no-such-integration"), json!(null), json!(7)] {
            let read = IntegrationConfiguration::from_json(json!({
                "_id": "1",
                "_integrationKey": integration_key,
                "configValues": {"text": "a", "flag": true, "apiKey": "012***789"},
            }));
            let values = read.unwrap().config_values.unwrap();
            assert_eq!(values.get_as::<String>("text").as_deref(), Some("a"));
            assert_eq!(values.get_as::<bool>("flag"), Some(true));
            assert_eq!(values.get_as::<bool>("text"), None);
            assert_eq!(values.get_as::<String>("flag"), None);
            assert_eq!(values.get_as::<String>("other"), None);
            assert_eq!(
                values.get_as::<String>("apiKey").as_deref(),
                Some("012***789")
            );
        }
    }
}
