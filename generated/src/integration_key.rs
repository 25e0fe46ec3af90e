//! [`IntegrationKey`]: the key of an integration that this crate knows.

use std::cmp::Ordering;
use std::error::Error;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::Integration;
use crate::integrations;
use crate::wording::{excerpt, nearest};

/// The key of an integration that this crate has a module for, such as `datadog`.
///
/// For a key that is known only when the program runs. A text that is no such key is refused,
/// with the key that it was probably meant to be:
///
/// ```
/// use launchdarkly_integrations::IntegrationKey;
///
/// let key: IntegrationKey = "datadog".parse()?;
/// assert_eq!(key.as_str(), "datadog");
/// assert_eq!(key.integration().name, "Datadog Events");
///
/// let error = "datadgo".parse::<IntegrationKey>().unwrap_err();
/// assert_eq!(error.to_string(), r#"unknown integration key "datadgo"; did you mean datadog?"#);
/// assert_eq!(error.suggestion(), Some("datadog"));
/// # Ok::<(), launchdarkly_integrations::UnknownIntegrationKey>(())
/// ```
///
/// The key of a private integration, or of one newer than the pinned manifests, has no
/// `IntegrationKey`: there is no manifest to check its values against.
#[derive(Clone, Copy)]
pub struct IntegrationKey(&'static Integration);

impl IntegrationKey {
    /// Every key, sorted.
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        integrations::ALL.iter().map(Self)
    }

    /// The key of a generated module. Others aren't made, so that every key is one of
    /// [`all`](Self::all).
    pub(crate) const fn of(integration: &'static Integration) -> Self {
        Self(integration)
    }

    /// The key's text, as it stands in the path of a request.
    pub const fn as_str(self) -> &'static str {
        self.0.key
    }

    /// What the manifest says about its integration.
    pub const fn integration(self) -> &'static Integration {
        self.0
    }
}

impl FromStr for IntegrationKey {
    type Err = UnknownIntegrationKey;

    fn from_str(text: &str) -> Result<Self, UnknownIntegrationKey> {
        integrations::get(text)
            .map(Self)
            .ok_or_else(|| UnknownIntegrationKey::new(text))
    }
}

impl TryFrom<&str> for IntegrationKey {
    type Error = UnknownIntegrationKey;

    fn try_from(text: &str) -> Result<Self, UnknownIntegrationKey> {
        text.parse()
    }
}

impl From<IntegrationKey> for &'static str {
    fn from(key: IntegrationKey) -> Self {
        key.as_str()
    }
}

impl AsRef<str> for IntegrationKey {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for IntegrationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for IntegrationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IntegrationKey({:?})", self.as_str())
    }
}

// By the text alone: the facts behind it may have several addresses.
impl PartialEq for IntegrationKey {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for IntegrationKey {}

impl PartialOrd for IntegrationKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for IntegrationKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for IntegrationKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl Serialize for IntegrationKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for IntegrationKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(KeyVisitor)
    }
}

struct KeyVisitor;

impl Visitor<'_> for KeyVisitor {
    type Value = IntegrationKey;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integration key")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<IntegrationKey, E> {
        text.parse().map_err(E::custom)
    }
}

/// A text that is the key of no integration that this crate knows.
///
/// Shows at most the first hundred characters of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownIntegrationKey {
    excerpt: String,
    suggestion: Option<&'static str>,
}

impl UnknownIntegrationKey {
    pub(crate) fn new(text: &str) -> Self {
        let keys: Vec<&'static str> = IntegrationKey::all().map(IntegrationKey::as_str).collect();
        Self {
            excerpt: excerpt(text),
            suggestion: nearest(text, keys),
        }
    }

    /// The key that the text was probably meant to be: one that differs by a slip or two, or
    /// only in casing and separators, as the name of a module does (`snowflake_v2` for
    /// `snowflake-v2`).
    pub fn suggestion(&self) -> Option<&'static str> {
        self.suggestion
    }
}

impl fmt::Display for UnknownIntegrationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown integration key {}", self.excerpt)?;
        if let Some(suggestion) = self.suggestion {
            write!(f, "; did you mean {suggestion}?")?;
        }
        Ok(())
    }
}

impl Error for UnknownIntegrationKey {}
