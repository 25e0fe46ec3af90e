//! [`FormValue`]: a type that the value of a form variable can have.

use std::fmt;

use serde::ser::{Serialize, Serializer};
use serde_json::Value;

use super::object::Leniency;
#[cfg(feature = "client")]
use super::password::passwords;
use super::password::{without_passwords, without_possible_passwords};
use super::redacted::REDACTED;
use super::{EnvironmentSelector, ObjectReader, Problem, ProblemKind, SecretJson, json, uri};
use crate::facts::Field;
use crate::wording::{describe, json_type};

/// A type that the value of a form variable can have.
///
/// It is implemented for strings, booleans, [`Uri`](crate::Uri), the secret types, [`EnvironmentSelector`],
/// JSON, every [`ListedValue`](crate::ListedValue), and lists of these. Other crates can't implement it, but
/// they can implement [`ListedValue`](crate::ListedValue).
pub trait FormValue: Sized {
    /// Whether the value is secret, so that errors must not show it.
    #[doc(hidden)]
    const SECRET: bool = false;

    #[doc(hidden)]
    fn view(&self) -> View<'_>;

    /// Describes a valid value, for errors.
    #[doc(hidden)]
    fn expected() -> String;

    /// Reads the value. Returns `None` after it recorded a problem in `context`.
    #[doc(hidden)]
    fn read(value: Value, context: &mut ReadContext<'_>) -> Option<Self>;
}

/// A borrowed value, so that a secret isn't copied to serialize it.
pub enum View<'a> {
    Text(&'a str),
    /// A number or a boolean.
    Scalar(Value),
    SecretText(&'a str),
    Json(&'a Value),
    SecretJson(&'a Value),
    Environment(&'a EnvironmentSelector),
    List(Vec<View<'a>>),
}

impl Serialize for View<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            View::Text(text) | View::SecretText(text) => serializer.serialize_str(text),
            View::Scalar(value) => value.serialize(serializer),
            View::Json(value) | View::SecretJson(value) => value.serialize(serializer),
            View::Environment(selector) => selector.serialize(serializer),
            View::List(elements) => serializer.collect_seq(elements),
        }
    }
}

impl fmt::Debug for View<'_> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            View::SecretText(_) | View::SecretJson(_) => f.write_str(REDACTED),
            View::Text(text) => write!(f, "{:?}", without_passwords(text)),
            View::Scalar(value) => write!(f, "{value}"),
            View::Json(value) => write!(f, "{}", json::without_passwords(value)),
            View::Environment(selector) => selector.fmt(f),
            View::List(elements) => elements.fmt(f),
        }
    }
}

#[cfg(feature = "client")]
impl<'a> View<'a> {
    /// Collects the strings that must be redacted if a response repeats them: secrets, and passwords in URLs
    /// that aren't secret.
    pub(crate) fn secrets(&self, found: &mut Vec<&'a str>) {
        match self {
            View::SecretText(text) => {
                found.push(text);
                found.extend(passwords(text));
            }
            View::SecretJson(value) => json::visit_strings(value, &mut |text| found.push(text)),
            View::Text(text) => found.extend(passwords(text)),
            View::Json(value) => {
                json::visit_strings(value, &mut |text| found.extend(passwords(text)))
            }
            View::Environment(EnvironmentSelector::Raw(value)) => {
                json::visit_strings(value, &mut |text| found.extend(passwords(text)));
            }
            View::List(elements) => elements.iter().for_each(|element| element.secrets(found)),
            View::Scalar(_) | View::Environment(EnvironmentSelector::Environment(_)) => {}
        }
    }
}

/// The place of a value that is read, and the problems so far.
pub struct ReadContext<'a> {
    pub(crate) field: &'static Field,
    pub(crate) index: Option<usize>,
    /// Whether the value is secret, so that errors must not show it.
    pub(crate) secret: bool,
    pub(crate) leniency: Leniency,
    pub(crate) problems: &'a mut Vec<Problem>,
}

impl ReadContext<'_> {
    pub(crate) fn refuse(
        &mut self,
        kind: ProblemKind,
        expected: fn() -> String,
        value: Value,
        flaw: Option<uri::Flaw>,
    ) {
        let mut found = match (&value, flaw) {
            _ if self.secret => json_type(&value).to_owned(),
            (Value::String(text), Some(_)) => describe(&without_possible_passwords(text).into()),
            _ => describe(&value),
        };
        // Zeroizes the value, because it may be secret.
        drop(SecretJson::from(value));
        if let Some(flaw) = flaw {
            found = format!("{found}: {flaw}");
        }
        self.problems
            .push(Problem::new(kind, self.path(), expected()).found(found));
    }

    /// Refuses a blank string for a required form variable, except in lenient reading.
    pub(crate) fn not_blank(&mut self, text: String) -> Option<String> {
        let is_lenient = self.leniency == Leniency::Lenient;
        if is_lenient
            || self.index.is_some()
            || !self.field.refuses_blank()
            || !text.trim().is_empty()
        {
            return Some(text);
        }
        let expected = || "a string that isn't blank".to_owned();
        self.refuse(ProblemKind::Blank, expected, text.into(), None);
        None
    }

    /// The path of the value, see [`Problem::path`].
    pub(super) fn path(&self) -> String {
        let key = self.field.key;
        match self.index {
            Some(index) => format!("{key}[{index}]"),
            None => key.to_owned(),
        }
    }
}

/// A field of a generated struct: a value, or an option of one.
pub trait StructField {
    #[doc(hidden)]
    fn view(&self) -> Option<View<'_>>;

    /// Reads the next field. Returns `None` after it recorded a problem.
    #[doc(hidden)]
    fn read(reader: &mut ObjectReader) -> Option<Self>
    where
        Self: Sized;
}

impl<T: FormValue> StructField for T {
    fn view(&self) -> Option<View<'_>> {
        Some(FormValue::view(self))
    }

    fn read(reader: &mut ObjectReader) -> Option<Self> {
        let (value, mut context) = reader.required(T::SECRET, T::expected)?;
        FormValue::read(value, &mut context)
    }
}

impl<T: FormValue> StructField for Option<T> {
    fn view(&self) -> Option<View<'_>> {
        self.as_ref().map(FormValue::view)
    }

    fn read(reader: &mut ObjectReader) -> Option<Self> {
        match reader.optional(T::SECRET, T::expected)? {
            Some((value, mut context)) => T::read(value, &mut context).map(Some),
            None => Some(None),
        }
    }
}
