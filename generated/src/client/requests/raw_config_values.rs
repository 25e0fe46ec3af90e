//! [`RawConfigValues`]: unchecked values with any keys.

use std::error::Error;
use std::fmt;

use serde_json::Value;

use crate::SecretJson;

/// Unchecked values with any keys, for an integration that this crate doesn't know, such as a private one.
///
/// ```
/// use launchdarkly_integrations::client::{NewIntegrationConfiguration, RawConfigValues};
///
/// let values = RawConfigValues::new("acme-internal")?.with("token", "0123abcd");
/// let configuration = NewIntegrationConfiguration::new("Acme", values);
/// assert_eq!(configuration.integration_key(), "acme-internal");
/// # Ok::<(), launchdarkly_integrations::client::InvalidIntegrationKey>(())
/// ```
///
/// All values are treated as secrets. `Debug` redacts them.
#[derive(Clone)]
#[must_use]
pub struct RawConfigValues {
    integration_key: String,
    members: Vec<(String, SecretJson)>,
}

impl RawConfigValues {
    /// Creates an empty set of values for the integration with this key.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidIntegrationKey`] if the key can't be a part of a URL's path.
    pub fn new(integration_key: impl Into<String>) -> Result<Self, InvalidIntegrationKey> {
        let integration_key = integration_key.into();
        let is_valid = integration_key
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        let is_dots = integration_key.bytes().all(|byte| byte == b'.');
        if !is_valid || is_dots {
            return Err(InvalidIntegrationKey(()));
        }
        Ok(Self {
            integration_key,
            members: Vec::new(),
        })
    }

    pub(crate) fn integration_key(&self) -> &str {
        &self.integration_key
    }

    pub(crate) fn members(&self) -> &[(String, SecretJson)] {
        &self.members
    }

    /// Sets the value of a key. Replaces an earlier value of the same key.
    pub fn with(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        let key = key.into();
        self.members.retain(|(other, _)| *other != key);
        self.members.push((key, SecretJson::from(value.into())));
        self
    }
}

/// Compares keys and values, in any order. Values are compared as [`SecretJson`] compares them, and the
/// comparison doesn't stop at the first difference.
impl PartialEq for RawConfigValues {
    fn eq(&self, other: &Self) -> bool {
        let is_same = |(key, value): &&(String, SecretJson)| {
            let mut members = other.members.iter();
            members.any(|(other_key, other)| other_key == key && other == value)
        };
        let same = self.members.iter().filter(is_same).count();
        self.integration_key == other.integration_key
            && self.members.len() == other.members.len()
            && same == self.members.len()
    }
}

impl Eq for RawConfigValues {}

impl fmt::Debug for RawConfigValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawConfigValues({:?}, ", self.integration_key)?;
        f.debug_map()
            .entries(self.members.iter().map(|(key, value)| (key, value)))
            .finish()?;
        f.write_str(")")
    }
}

/// The error for a string that can't be an integration key. A key has one or more ASCII letters, digits,
/// `.`, `_` and `-`, and doesn't consist of dots only.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct InvalidIntegrationKey(());

impl fmt::Display for InvalidIntegrationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "invalid integration key; expected only ASCII letters, digits, `.`, `_` and `-`, and not \
             only dots",
        )
    }
}

crate::wording::debug_as_display!(InvalidIntegrationKey);

impl Error for InvalidIntegrationKey {}
