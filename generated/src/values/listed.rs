//! [`ListedValue`]: texts of which a manifest lists the allowed ones.
//!
//! The functions here are what the impls of generated enums call.

use std::error::Error;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Visitor};
use serde::ser::Serializer;
use serde_json::Value;

use super::form_value::{FormValue, Reading, View};
use super::object::Leniency;
use super::{ProblemKind, string};
use crate::wording::{excerpt, one_of};

/// An enum made from the `allowedValues` or `multiselectOptions` of a manifest.
///
/// Besides a variant for each listed value, such an enum has `Unlisted(String)`: with it, code
/// can send a value that LaunchDarkly accepts and this version of the crate doesn't list yet.
/// Parsing and strict reading accept listed values only.
pub trait ListedValue: Clone + 'static {
    /// The values that the manifest lists, in its order.
    const LISTED: &'static [Self];

    /// The text on the wire, byte for byte as the manifest has it.
    fn as_str(&self) -> &str;

    /// The value that stands for a string which isn't listed, if the type has one: what
    /// [`from_json_lenient`](crate::FormValues::from_json_lenient) reads it as.
    fn unlisted(text: String) -> Option<Self> {
        drop(text);
        None
    }
}

/// A text that isn't among the listed values.
///
/// Shows at most the first hundred characters of it.
#[derive(Clone, PartialEq, Eq)]
pub struct UnlistedValue {
    excerpt: String,
    allowed: Vec<&'static str>,
}

impl UnlistedValue {
    /// The listed values, in the manifest's order.
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

/// The listed value with this text: the body of `FromStr`.
///
/// # Errors
///
/// [`UnlistedValue`] when no listed value has this text.
pub fn from_str<T: ListedValue>(text: &str) -> Result<T, UnlistedValue> {
    find(text).ok_or_else(|| UnlistedValue {
        excerpt: excerpt(text),
        allowed: texts::<T>(),
    })
}

/// Writes the text on the wire: the body of `Display`.
///
/// # Errors
///
/// Those of the formatter.
pub fn fmt<T: ListedValue>(value: &T, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.pad(value.as_str())
}

/// Serialises the text on the wire, an unlisted one too: the body of `Serialize`.
///
/// # Errors
///
/// Those of the serialiser.
pub fn serialize<T: ListedValue, S: Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(value.as_str())
}

/// Reads a listed value: the body of `Deserialize`.
///
/// # Errors
///
/// Those of the deserialiser, and one that names the listed values when it finds another.
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

    fn read(value: Value, reading: &mut Reading<'_>) -> Option<Self> {
        let text = string::read(value, reading, Self::expected)?;
        let mut read = find(&text);
        if read.is_none() && reading.leniency == Leniency::Lenient {
            read = T::unlisted(text.clone());
        }
        if read.is_none() {
            let value = Value::String(text);
            reading.refuse(ProblemKind::UnlistedValue, Self::expected, value, None);
        }
        read
    }
}
