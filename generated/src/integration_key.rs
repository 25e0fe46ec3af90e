//! [`IntegrationKey`]: the key of an integration that this crate has a module for.
//!
//! Functions are `#[inline]`, so that only programs that call them compile them.

use std::cmp::Ordering;
use std::error::Error;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::integrations;
use crate::wording::{distance, excerpt};
use crate::{Integration, Problem, ProblemKind};

/// The key of an integration that this crate has a module for, such as `datadog`.
///
/// Parse it from a string that is known only at run time. If the string isn't a known key, the error
/// suggests the most similar one:
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
/// Private integrations, and integrations newer than this version of the crate, have no `IntegrationKey`,
/// because there is no manifest to check their values against. Send their values as `RawConfigValues`.
#[derive(Clone, Copy)]
pub struct IntegrationKey(&'static Integration);

impl IntegrationKey {
    /// Returns all keys, sorted.
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        integrations::ALL.iter().map(Self)
    }

    /// The key of a generated module. It must not be used for anything else: every key is one of
    /// [`all`](Self::all).
    pub(crate) const fn new(integration: &'static Integration) -> Self {
        Self(integration)
    }

    /// Returns the key as a string.
    pub const fn as_str(self) -> &'static str {
        self.0.key
    }

    /// Returns the integration's facts.
    pub const fn integration(self) -> &'static Integration {
        self.0
    }
}

impl FromStr for IntegrationKey {
    type Err = UnknownIntegrationKey;

    #[inline]
    fn from_str(text: &str) -> Result<Self, UnknownIntegrationKey> {
        integrations::get(text)
            .map(Self)
            .ok_or_else(|| UnknownIntegrationKey::new(text))
    }
}

impl TryFrom<&str> for IntegrationKey {
    type Error = UnknownIntegrationKey;

    #[inline]
    fn try_from(text: &str) -> Result<Self, UnknownIntegrationKey> {
        text.parse()
    }
}

impl From<IntegrationKey> for &'static str {
    #[inline]
    fn from(key: IntegrationKey) -> Self {
        key.as_str()
    }
}

impl AsRef<str> for IntegrationKey {
    #[inline]
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for IntegrationKey {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for IntegrationKey {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IntegrationKey({:?})", self.as_str())
    }
}

// Compares the strings, because the same facts may have several addresses.
impl PartialEq for IntegrationKey {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for IntegrationKey {}

impl PartialOrd for IntegrationKey {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for IntegrationKey {
    #[inline]
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

    #[inline]
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integration key")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<IntegrationKey, E> {
        text.parse().map_err(E::custom)
    }
}

/// The error for a string that is not a known [`IntegrationKey`].
///
/// Shows at most 100 characters of the string.
#[derive(Clone, PartialEq, Eq)]
pub struct UnknownIntegrationKey {
    problem: Box<Problem>,
}

impl UnknownIntegrationKey {
    #[inline]
    pub(crate) fn new(text: &str) -> Self {
        let problem = Problem::new(
            ProblemKind::UnknownIntegration,
            "",
            "the key of an integration that this crate knows",
        );
        let problem = problem.found(excerpt(text)).suggest(suggest(
            text,
            integrations::ALL
                .iter()
                .map(|integration| (integration.key, has_form_variables(integration))),
        ));
        Self {
            problem: Box::new(problem),
        }
    }

    /// Returns the key that was probably meant.
    ///
    /// First choice: a key that differs by one or two letters, or only in case and separators, as the
    /// name of a module does (`snowflake_v2` for `snowflake-v2`). Second choice: a key that is similar or
    /// begins with the string, preferably of an integration with form variables.
    #[must_use]
    #[inline]
    pub fn suggestion(&self) -> Option<&'static str> {
        self.problem.suggestion
    }

    /// Returns this error as a [`Problem`], for a list with others.
    #[must_use]
    #[inline]
    pub fn problem(&self) -> &Problem {
        &self.problem
    }
}

/// Whether the integration or one of its capabilities has form variables.
#[inline]
fn has_form_variables(integration: &Integration) -> bool {
    !(integration.fields.is_empty() && integration.capability_fields.is_empty())
}

/// The maximal number of wrong letters in a typo.
const MAX_TYPO_DISTANCE: usize = 2;

/// The key that was probably meant. `keys` are all keys, each with whether its integration has form variables.
fn suggest(
    text: &str,
    keys: impl IntoIterator<Item = (&'static str, bool)>,
) -> Option<&'static str> {
    // The key begins with `text`, which is one or more whole words or at least half of the key.
    let begins_with_text = |key: &str| {
        let rest = key.strip_prefix(text).filter(|_| text.len() >= 3);
        rest.is_some_and(|rest| rest.starts_with('-') || rest.len() <= text.len())
    };
    let near = keys.into_iter().filter_map(|(key, has_form_variables)| {
        let distance = distance(text, key)?;
        let is_far = distance > MAX_TYPO_DISTANCE;
        let is_near = distance <= key.len() / 3 || begins_with_text(key);
        let rank = (
            is_far,
            is_far && !has_form_variables,
            distance,
            !has_form_variables,
        );
        is_near.then_some((rank, key))
    });
    near.min().map(|(_, key)| key)
}

impl fmt::Display for UnknownIntegrationKey {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown integration key")?;
        if let Some(excerpt) = &self.problem.found {
            write!(f, " {excerpt}")?;
        }
        match self.suggestion() {
            Some(suggestion) => write!(f, "; did you mean {suggestion}?"),
            None => f.write_str(
                "; to send values of an integration that this crate doesn't know, use \
                 `RawConfigValues`",
            ),
        }
    }
}

crate::wording::debug_as_display!(UnknownIntegrationKey);

impl Error for UnknownIntegrationKey {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integrations_with_form_variables_are_suggested_first_except_for_typos() {
        let keys = [
            ("chat-app", false),
            ("chat-app2", true),
            ("chat-webhooks", true),
            ("chart", true),
            ("redis", false),
        ];
        for (text, suggestion) in [
            // Both are similar.
            ("chat", Some("chart")),
            ("chat-ap", Some("chat-app")),
            ("chat_app", Some("chat-app")),
            ("chat-aqq2", Some("chat-app2")),
            // The beginning of a key.
            ("chat-web", Some("chat-webhooks")),
            ("redsi", Some("redis")),
            ("ch", None),
            ("rediscluster", None),
            ("", None),
        ] {
            assert_eq!(suggest(text, keys), suggestion, "{text}");
        }
        let keys = [("slack-app", false), ("slack-webhooks", true)];
        assert_eq!(suggest("slack", keys), Some("slack-webhooks"));
        assert_eq!(suggest("slack", [keys[0]]), Some("slack-app"));
        assert_eq!(suggest("slack-webhook", keys), Some("slack-webhooks"));
        let alike = [("gate-a", false), ("gate-b", true)];
        assert_eq!(suggest("gate-c", alike), Some("gate-b"));
    }
}
