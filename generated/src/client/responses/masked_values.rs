//! [`MaskedValues`]: values of form variables as LaunchDarkly shows them.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::json::Json;
use super::object::{Lenient, Path};
use super::unparsed::Unparsed;
use crate::{Field, Integration, integrations};

/// The values of an integration's form variables as LaunchDarkly shows them: secret ones are masked,
/// `012*****789`.
///
/// **They can't be sent back.** LaunchDarkly might store the mask as the secret, and it also changes
/// other values when it stores them. Nothing here turns into values that can be sent. To change
/// some, send all of them anew, secrets too, by a patch of the whole `config` or `configValues`.
///
/// `Debug` shows the keys only: the server, not this crate, decides which values it masks.
#[derive(Clone, Default, PartialEq)]
pub struct MaskedValues {
    values: Map<String, Value>,
    /// What is known of them. Empty for an integration that this crate doesn't know.
    fields: &'static [Field],
}

impl MaskedValues {
    /// The keys on the wire and their values, secret ones masked.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.values.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// The value of the form variable with this key on the wire, masked if it is a secret one.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.values.get(key)
    }

    /// The value of the form variable with this key on the wire, as a value of its type.
    ///
    /// `None` if it isn't there, is of another type, or if the form variable is secret: then the
    /// value is masked. A secret one that this crate doesn't know as such is returned as it came,
    /// masked.
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

    /// Whether there is no value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Looks up which of the values are secret.
    pub(super) fn know(&mut self, integration_key: &str, fields: FieldsOf) {
        self.fields = integrations::get(integration_key).map_or(&[], fields);
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

/// Which form variables of an integration the values belong to.
type FieldsOf = fn(&'static Integration) -> &'static [Field];

/// Those of the integration itself.
pub(super) fn top_level(integration: &'static Integration) -> &'static [Field] {
    integration.fields
}

/// Those of its capability `featureStore`.
pub(super) fn feature_store(integration: &'static Integration) -> &'static [Field] {
    let mut blocks = integration.capability_fields.iter();
    let block = blocks.find(|block| block.capability == "featureStore");
    block.map_or(&[], |block| block.fields)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{DeliveryConfiguration, IntegrationConfiguration};

    /// Values that an integration's form variables have if all were strings.
    fn values(fields: &[crate::Field]) -> serde_json::Value {
        fields
            .iter()
            .map(|field| (field.key, "012***789"))
            .collect()
    }

    #[test]
    fn secret_values_are_none_and_the_others_are_given() {
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
    fn a_delivery_configuration_has_the_fields_of_the_feature_store() {
        for integration in crate::integrations::ALL {
            for block in integration.capability_fields {
                if block.capability != "featureStore" {
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
    fn values_have_their_own_types_and_unknown_ones_any() {
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
