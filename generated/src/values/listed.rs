//! [`ListedValue`]: a trait for the enums of listed values.
//!
//! Its other functions are called by the impls of generated enums.

use std::error::Error;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Visitor};
use serde::ser::Serializer;
use serde_json::Value;

use super::form_value::{FormValue, ReadContext, View};
use super::object::Leniency;
use super::{ProblemKind, string};
use crate::wording::{excerpt, one_of};

/// An enum of the values that a manifest lists in `allowedValues` or `multiselectOptions`.
///
/// It has a variant for each listed value, and `Unlisted(String)` for code that sends a value which this
/// version of the crate doesn't list. Parsing and strict reading accept only listed values.
pub trait ListedValue: Clone + 'static {
    /// All listed values, in upstream's order.
    const LISTED: &'static [Self];

    /// Returns the value as it is sent.
    fn as_str(&self) -> &str;

    /// Returns the value for a string that isn't listed, or `None` if the type doesn't have one.
    /// [`from_json_lenient`](crate::FormValues::from_json_lenient) uses it.
    fn unlisted(text: String) -> Option<Self> {
        drop(text);
        None
    }
}

/// The error for a string that is not a listed value.
///
/// Shows at most 100 characters of the string.
#[derive(Clone, PartialEq, Eq)]
pub struct UnlistedValue {
    excerpt: String,
    allowed: Vec<&'static str>,
}

impl UnlistedValue {
    /// Returns the listed values, in upstream's order.
    pub fn allowed(&self) -> &[&'static str] {
        &self.allowed
    }
}

impl fmt::Display for UnlistedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let allowed = one_of(&self.allowed);
        write!(
            f,
            "expected {allowed}; found {} (if LaunchDarkly accepts it, code can send it as \
             `Unlisted`)",
            self.excerpt
        )
    }
}

crate::wording::debug_as_display!(UnlistedValue);

impl Error for UnlistedValue {}

/// Parses a listed value: the body of `FromStr`.
///
/// # Errors
///
/// Returns [`UnlistedValue`] if the string isn't listed.
pub fn from_str<T: ListedValue>(text: &str) -> Result<T, UnlistedValue> {
    find(text).ok_or_else(|| UnlistedValue {
        excerpt: excerpt(text),
        allowed: texts::<T>(),
    })
}

/// The body of `Display`.
///
/// # Errors
///
/// Returns the errors of the formatter.
pub fn fmt<T: ListedValue>(value: &T, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.pad(value.as_str())
}

/// The body of `Serialize`. It accepts unlisted values, too.
///
/// # Errors
///
/// Returns the errors of the serializer.
pub fn serialize<T: ListedValue, S: Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(value.as_str())
}

/// The body of `Deserialize`. It accepts only listed values.
///
/// # Errors
///
/// Returns the errors of the deserializer, and an error with the listed values if it finds another one.
pub fn deserialize<'de, T: ListedValue, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    deserializer.deserialize_str(ListedVisitor(PhantomData))
}

struct ListedVisitor<T>(PhantomData<T>);

impl<T: ListedValue> Visitor<'_> for ListedVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&expected::<T>())
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        from_str(text).map_err(E::custom)
    }
}

pub(crate) fn find<T: ListedValue>(text: &str) -> Option<T> {
    T::LISTED
        .iter()
        .find(|value| value.as_str() == text)
        .cloned()
}

pub(crate) fn expected<T: ListedValue>() -> String {
    one_of(&texts::<T>())
}

pub(crate) fn texts<T: ListedValue>() -> Vec<&'static str> {
    T::LISTED.iter().map(T::as_str).collect()
}

impl<T: ListedValue> FormValue for T {
    fn view(&self) -> View<'_> {
        View::Text(self.as_str())
    }

    fn expected() -> String {
        expected::<T>()
    }

    fn read(value: Value, context: &mut ReadContext<'_>) -> Option<Self> {
        let text = string::read(value, context, Self::expected)?;
        let mut read = find(&text);
        if read.is_none() && context.leniency == Leniency::Lenient {
            read = T::unlisted(text.clone());
        }
        if read.is_none() {
            let value = Value::String(text);
            context.refuse(ProblemKind::UnlistedValue, Self::expected, value, None);
        }
        read
    }
}
