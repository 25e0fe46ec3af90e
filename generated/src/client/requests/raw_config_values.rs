//! [`RawConfigValues`]: values of any key, unchecked.

use std::error::Error;
use std::fmt;

use serde_json::Value;

use crate::SecretJson;

/// Values of an integration that this crate doesn't know, such as a private one, unchecked.
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

    pub(crate) fn integration_key(&self) -> &str {
        &self.integration_key
    }

    pub(crate) fn members(&self) -> &[(String, SecretJson)] {
        &self.members
    }

    /// Sets the value of this key.
    pub fn with(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        let key = key.into();
        self.members.retain(|(other, _)| *other != key);
        self.members.push((key, SecretJson::from(value.into())));
        self
    }
}

/// Those are equal that have the same values under the same keys, in any order. The values are compared
/// as [`SecretJson`] is, and each of them is looked at.
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

/// A text that can't be an integration key: empty, or with other characters than ASCII letters,
/// digits, `.`, `_` and `-`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct InvalidIntegrationKey(());

impl fmt::Display for InvalidIntegrationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integration key has ASCII letters, digits, `.`, `_` and `-`, and no others")
    }
}

crate::wording::debug_as_display!(InvalidIntegrationKey);

impl Error for InvalidIntegrationKey {}
