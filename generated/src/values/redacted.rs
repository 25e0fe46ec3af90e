//! [`RedactedValue`]: a value that can be logged.

use std::fmt;

use serde::ser::{Serialize, Serializer};
use serde_json::Value;

use super::form_value::View;
use super::json::without_passwords;
use super::{Entries, password};

/// The value of a form variable, safe to log.
///
/// `Display` shows a string without quotes, other values as JSON, and `[redacted]` for a secret.
/// It is serialized like the value itself, with the string `[redacted]` for a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RedactedValue {
    /// A secret. The value is not included.
    Secret,
    /// Any other value as it is sent, with `[redacted]` for passwords in URLs.
    Shown(Value),
}

impl RedactedValue {
    /// Returns the value, or `None` if it is secret.
    #[inline]
    pub fn shown(&self) -> Option<&Value> {
        match self {
            Self::Secret => None,
            Self::Shown(value) => Some(value),
        }
    }
}

/// The replacement for a secret or a password.
pub(crate) const REDACTED: &str = "[redacted]";

impl fmt::Display for RedactedValue {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Secret => f.pad(REDACTED),
            Self::Shown(Value::String(text)) => f.pad(text),
            Self::Shown(value) => f.pad(&value.to_string()),
        }
    }
}

impl Serialize for RedactedValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Secret => serializer.serialize_str(REDACTED),
            Self::Shown(value) => value.serialize(serializer),
        }
    }
}

impl Entries<'_> {
    #[inline]
    pub(crate) fn redacted(&self) -> Vec<(&'static str, RedactedValue)> {
        let entries = self.0.iter().map(|(key, view)| {
            let shown = view.shown();
            (
                *key,
                shown.map_or(RedactedValue::Secret, RedactedValue::Shown),
            )
        });
        entries.collect()
    }
}

impl View<'_> {
    /// The value with redacted passwords, or `None` if a part of it is secret.
    #[inline]
    pub(crate) fn shown(&self) -> Option<Value> {
        Some(match self {
            View::SecretText(_) | View::SecretJson(_) => return None,
            View::Text(text) => password::without_passwords(text).into(),
            View::Scalar(value) => value.clone(),
            View::Json(value) => without_passwords(value),
            View::Environment(selector) => without_passwords(&selector.to_json()),
            View::List(elements) => elements.iter().map(View::shown).collect::<Option<_>>()?,
        })
    }
}
