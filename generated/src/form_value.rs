//! [`FormValue`]: a type that the value of a form variable can have.

use std::fmt;

use serde::ser::{Serialize, Serializer};
use serde_json::Value;

use crate::facts::Field;
use crate::values::{Problem, ProblemKind};
use crate::wording::{describe, json_type};
use crate::{
    EnvironmentSelector, ListedValue, SecretJson, SecretString, SecretUri, Uri, listed, uri,
};

/// A type that the value of a form variable can have.
///
/// Implemented for texts, booleans, [`Uri`], the secrets, [`EnvironmentSelector`], JSON, every
/// [`ListedValue`], and lists of these. It can't be implemented elsewhere; implement
/// [`ListedValue`] instead.
pub trait FormValue: Sized {
    /// Whether errors must hold nothing of a refused value.
    #[doc(hidden)]
    const SECRET: bool = false;

    #[doc(hidden)]
    fn view(&self) -> View<'_>;

    /// What reading expects, for errors.
    #[doc(hidden)]
    fn expected() -> String;

    /// `None` only after telling `reading` why.
    #[doc(hidden)]
    fn read(value: Value, reading: &mut Reading<'_>) -> Option<Self>;
}

/// A value lent to a serialiser, so that no second copy of a secret comes to be.
pub enum View<'a> {
    Text(&'a str),
    Boolean(bool),
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
            View::Boolean(value) => serializer.serialize_bool(*value),
            View::Json(value) | View::SecretJson(value) => value.serialize(serializer),
            View::Environment(selector) => selector.serialize(serializer),
            View::List(elements) => serializer.collect_seq(elements),
        }
    }
}

impl fmt::Debug for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            View::SecretText(_) | View::SecretJson(_) => f.write_str("[redacted]"),
            View::Text(text) => write!(f, "{text:?}"),
            View::Boolean(value) => write!(f, "{value}"),
            View::Json(value) => write!(f, "{value}"),
            View::Environment(selector) => selector.fmt(f),
            View::List(elements) => elements.fmt(f),
        }
    }
}

/// The place that is being read, and the problems so far.
pub struct Reading<'a> {
    pub(crate) field: &'static Field,
    pub(crate) index: Option<usize>,
    pub(crate) problems: &'a mut Vec<Problem>,
}

/// What reading expects of a type. Data instead of a type parameter, so that the compiler makes
/// one copy of what handles it, not one for each generated enum.
#[derive(Clone, Copy)]
pub(crate) struct Expectation {
    pub(crate) words: fn() -> String,
    pub(crate) secret: bool,
}

impl Expectation {
    pub(crate) fn of<T: FormValue>() -> Self {
        Self {
            words: T::expected,
            secret: T::SECRET,
        }
    }
}

impl Reading<'_> {
    pub(crate) fn refuse(
        &mut self,
        kind: ProblemKind,
        expected: Expectation,
        value: Value,
        flaw: Option<uri::Flaw>,
    ) {
        let mut found = if expected.secret || self.field.secret {
            json_type(&value).to_owned()
        } else {
            describe(&value)
        };
        // Zeroizes it, should it be a secret.
        drop(SecretJson::from(value));
        if let Some(flaw) = flaw {
            found = format!("{found}: {flaw}");
        }
        let mut path = self.field.key.to_owned();
        if let Some(index) = self.index {
            path = format!("{path}[{index}]");
        }
        self.problems.push(Problem {
            kind,
            path,
            expected: (expected.words)(),
            found: Some(found),
            suggestion: None,
        });
    }
}

fn read_text(value: Value, reading: &mut Reading<'_>, expected: Expectation) -> Option<String> {
    if let Value::String(text) = value {
        return Some(text);
    }
    reading.refuse(ProblemKind::WrongType, expected, value, None);
    None
}

impl FormValue for String {
    fn view(&self) -> View<'_> {
        View::Text(self)
    }

    fn expected() -> String {
        "a string".to_owned()
    }

    fn read(value: Value, reading: &mut Reading<'_>) -> Option<Self> {
        read_text(value, reading, Expectation::of::<Self>())
    }
}

impl FormValue for bool {
    fn view(&self) -> View<'_> {
        View::Boolean(*self)
    }

    fn expected() -> String {
        "true or false".to_owned()
    }

    fn read(value: Value, reading: &mut Reading<'_>) -> Option<Self> {
        if let Value::Bool(value) = value {
            return Some(value);
        }
        reading.refuse(
            ProblemKind::WrongType,
            Expectation::of::<Self>(),
            value,
            None,
        );
        None
    }
}

impl FormValue for Uri {
    fn view(&self) -> View<'_> {
        View::Text(self.as_str())
    }

    fn expected() -> String {
        uri::EXPECTED.to_owned()
    }

    fn read(value: Value, reading: &mut Reading<'_>) -> Option<Self> {
        let text = read_text(value, reading, Expectation::of::<Self>())?;
        if text.is_empty() && reading.field.takes_empty_uri() {
            return Some(Self::empty());
        }
        match Uri::check(text) {
            Ok(uri) => Some(uri),
            Err((flaw, text)) => {
                reading.refuse(
                    ProblemKind::InvalidUri,
                    Expectation::of::<Self>(),
                    Value::String(text),
                    Some(flaw),
                );
                None
            }
        }
    }
}

impl FormValue for SecretString {
    const SECRET: bool = true;

    fn view(&self) -> View<'_> {
        View::SecretText(self.expose_secret())
    }

    fn expected() -> String {
        String::expected()
    }

    fn read(value: Value, reading: &mut Reading<'_>) -> Option<Self> {
        read_text(value, reading, Expectation::of::<Self>()).map(Self::from)
    }
}

impl FormValue for SecretUri {
    const SECRET: bool = true;

    fn view(&self) -> View<'_> {
        View::SecretText(self.expose_secret())
    }

    fn expected() -> String {
        Uri::expected()
    }

    fn read(value: Value, reading: &mut Reading<'_>) -> Option<Self> {
        let text = read_text(value, reading, Expectation::of::<Self>())?;
        if text.is_empty() && reading.field.takes_empty_uri() {
            return Some(Self::empty());
        }
        match SecretUri::new(text) {
            Ok(uri) => Some(uri),
            Err(error) => {
                let redacted = Value::String(String::new());
                reading.refuse(
                    ProblemKind::InvalidUri,
                    Expectation::of::<Self>(),
                    redacted,
                    Some(error.flaw),
                );
                None
            }
        }
    }
}

impl FormValue for SecretJson {
    const SECRET: bool = true;

    fn view(&self) -> View<'_> {
        View::SecretJson(self.expose_secret())
    }

    fn expected() -> String {
        Value::expected()
    }

    fn read(value: Value, _reading: &mut Reading<'_>) -> Option<Self> {
        Some(Self::from(value))
    }
}

impl FormValue for Value {
    fn view(&self) -> View<'_> {
        View::Json(self)
    }

    fn expected() -> String {
        "any JSON but null".to_owned()
    }

    fn read(value: Value, _reading: &mut Reading<'_>) -> Option<Self> {
        Some(value)
    }
}

impl FormValue for EnvironmentSelector {
    fn view(&self) -> View<'_> {
        View::Environment(self)
    }

    fn expected() -> String {
        "an object with projectKey and environmentKey".to_owned()
    }

    fn read(value: Value, _reading: &mut Reading<'_>) -> Option<Self> {
        Some(Self::raw(value))
    }
}

impl<T: ListedValue> FormValue for T {
    fn view(&self) -> View<'_> {
        View::Text(self.as_str())
    }

    fn expected() -> String {
        listed::expected::<T>()
    }

    fn read(value: Value, reading: &mut Reading<'_>) -> Option<Self> {
        let text = read_text(value, reading, Expectation::of::<Self>())?;
        let listed = listed::find(&text);
        if listed.is_none() {
            reading.refuse(
                ProblemKind::UnlistedValue,
                Expectation::of::<Self>(),
                Value::String(text),
                None,
            );
        }
        listed
    }
}

impl<T: FormValue> FormValue for Vec<T> {
    const SECRET: bool = T::SECRET;

    fn view(&self) -> View<'_> {
        View::List(self.iter().map(T::view).collect())
    }

    fn expected() -> String {
        format!("an array, of which each element is {}", T::expected())
    }

    fn read(value: Value, reading: &mut Reading<'_>) -> Option<Self> {
        let Value::Array(elements) = value else {
            reading.refuse(
                ProblemKind::WrongType,
                Expectation::of::<Self>(),
                value,
                None,
            );
            return None;
        };
        let read_element = |(index, element)| {
            let mut reading = Reading {
                field: reading.field,
                index: Some(index),
                problems: &mut *reading.problems,
            };
            T::read(element, &mut reading)
        };
        // All are read before the first bad one spoils the list, so that all are told of.
        let read: Vec<Option<T>> = elements.into_iter().enumerate().map(read_element).collect();
        read.into_iter().collect()
    }
}

/// A field of a generated struct: a value, or an option of one.
pub trait Slot {
    #[doc(hidden)]
    fn view(&self) -> Option<View<'_>>;

    /// Reads what is there for the field, if anything. `None` after noting a problem.
    #[doc(hidden)]
    fn read(input: Input<'_>) -> Option<Self>
    where
        Self: Sized;
}

/// A field, and what is there for it.
pub struct Input<'a> {
    pub(crate) field: &'static Field,
    pub(crate) value: Option<SecretJson>,
    pub(crate) problems: &'a mut Vec<Problem>,
}

impl<'a> Input<'a> {
    /// The value, or the default of a field that is left out. `None` after noting that it is required.
    fn required(self, expected: Expectation) -> Option<(Value, Reading<'a>)> {
        if self.value.is_none() && self.field.default.is_none() {
            self.problems.push(Problem {
                kind: ProblemKind::MissingKey,
                path: self.field.key.to_owned(),
                expected: (expected.words)(),
                found: None,
                suggestion: None,
            });
            return None;
        }
        self.given(expected)
    }

    /// The value. `None` after noting that it is `null`.
    fn given(self, expected: Expectation) -> Option<(Value, Reading<'a>)> {
        let value = match (self.value, self.field.default) {
            (Some(value), _) => value.into_inner(),
            (None, default) => default.map_or(Value::Null, Value::from),
        };
        let mut reading = Reading {
            field: self.field,
            index: None,
            problems: self.problems,
        };
        if value.is_null() {
            reading.refuse(ProblemKind::Null, expected, value, None);
            return None;
        }
        Some((value, reading))
    }
}

impl<T: FormValue> Slot for T {
    fn view(&self) -> Option<View<'_>> {
        Some(FormValue::view(self))
    }

    fn read(input: Input<'_>) -> Option<Self> {
        let (value, mut reading) = input.required(Expectation::of::<T>())?;
        FormValue::read(value, &mut reading)
    }
}

impl<T: FormValue> Slot for Option<T> {
    fn view(&self) -> Option<View<'_>> {
        self.as_ref().map(FormValue::view)
    }

    fn read(input: Input<'_>) -> Option<Self> {
        if input.value.is_none() {
            return Some(None);
        }
        let (value, mut reading) = input.given(Expectation::of::<T>())?;
        T::read(value, &mut reading).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DefaultValue, FieldKind};

    static EMPTY_OR_URI: Field = FieldKind::Uri
        .field("url", "URL")
        .optional()
        .with_default(DefaultValue::String(""));
    static OPTIONAL: Field = FieldKind::Uri.field("url", "URL").optional();
    static REQUIRED: Field = FieldKind::Uri.field("url", "URL");

    fn read<T: FormValue>(field: &'static Field, text: &str) -> Option<String> {
        let mut problems = Vec::new();
        let mut reading = Reading {
            field,
            index: None,
            problems: &mut problems,
        };
        let read = <T as FormValue>::read(Value::from(text), &mut reading);
        assert_eq!(read.is_none(), !problems.is_empty());
        read.map(|value| serde_json::to_string(&FormValue::view(&value)).unwrap())
    }

    #[test]
    fn a_uri_is_empty_only_where_that_is_the_default_of_an_optional_one() {
        for field in [&EMPTY_OR_URI, &OPTIONAL, &REQUIRED] {
            let url = Some("\"https://example.com\"");
            assert_eq!(read::<Uri>(field, "https://example.com").as_deref(), url);
            assert_eq!(
                read::<SecretUri>(field, "https://example.com").as_deref(),
                url
            );
            assert_eq!(read::<Uri>(field, " "), None);
            assert_eq!(read::<SecretUri>(field, "example.com"), None);
        }
        assert_eq!(read::<Uri>(&EMPTY_OR_URI, "").as_deref(), Some("\"\""));
        assert_eq!(
            read::<SecretUri>(&EMPTY_OR_URI, "").as_deref(),
            Some("\"\"")
        );
        for field in [&OPTIONAL, &REQUIRED] {
            assert_eq!(read::<Uri>(field, ""), None);
            assert_eq!(read::<SecretUri>(field, ""), None);
        }
        assert_eq!(serde_json::to_string(&Uri::empty()).unwrap(), "\"\"");
        assert_eq!(SecretUri::empty().expose_secret(), "");
    }
}
