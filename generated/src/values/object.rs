//! The JSON object that a struct of values is written to and read from.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::Serializer;
use serde_json::Value;

use super::form_value::{Reading, Slot, View};
use super::{FormValues, InvalidValues, Problem, ProblemKind, SecretJson};
use crate::facts::Field;
use crate::wording::{bare_excerpt, json_type, nearest};

/// What reading expects.
pub(super) const EXPECTED: &str = "a JSON object";

/// The fields of a struct that are set, lent for serialising.
pub struct Entries<'a>(Vec<(&'static str, View<'a>)>);

impl<'a> Entries<'a> {
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self(Vec::with_capacity(capacity))
    }

    #[cfg(feature = "client")]
    pub(crate) fn into_views(self) -> Vec<(&'static str, View<'a>)> {
        self.0
    }

    pub(crate) fn serialize<S: Serializer>(self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0)
    }

    /// Adds the values of fields; an option that is `None` is left out.
    pub fn put(&mut self, fields: &'static [Field], values: &[&'a dyn Slot]) {
        let set = fields
            .iter()
            .zip(values)
            .filter_map(|(field, value)| Some((field.key, value.view()?)));
        self.0.extend(set);
    }
}

impl fmt::Debug for Entries<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries = self.0.iter().map(|(key, view)| (key, view));
        f.debug_map().entries(entries).finish()
    }
}

/// Shows the values without secrets, and without passwords in URLs: the body of `Debug`.
///
/// # Errors
///
/// Those of the formatter.
pub fn debug(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    fields: &[&str],
    values: &[&dyn Slot],
) -> fmt::Result {
    let mut shown = f.debug_struct(name);
    for (field, value) in fields.iter().zip(values) {
        match value.view() {
            Some(view) => shown.field(field, &view),
            None => shown.field(field, &format_args!("None")),
        };
    }
    shown.finish()
}

/// Serialises the values as a map, in the manifest's order: the body of `Serialize`.
///
/// Secrets are serialised as they are: the request has to hold them.
///
/// # Errors
///
/// Those of the serialiser.
pub fn serialize<T: FormValues, S: Serializer>(
    values: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut entries = Entries::with_capacity(T::FIELDS.len());
    values.write(&mut entries);
    entries.serialize(serializer)
}

/// Reads the values, strictly: the body of `Deserialize`.
///
/// # Errors
///
/// Those of the deserialiser, and the text of [`InvalidValues`].
pub fn deserialize<'de, T: FormValues, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    read(Document::deserialize(deserializer)?).map_err(D::Error::custom)
}

/// The members of an object, sorted under the fields of a struct.
pub struct ObjectReader {
    fields: &'static [Field],
    /// One for each field.
    values: Vec<Option<SecretJson>>,
    /// The field that is read next.
    next: usize,
    problems: Vec<Problem>,
}

impl ObjectReader {
    /// Reads the next field. `None` after noting why not.
    #[allow(
        clippy::should_implement_trait,
        reason = "each field has a type of its own"
    )]
    pub fn next<T: Slot>(&mut self) -> Option<T> {
        T::read(self)
    }

    /// The next field's value, or its default where it is left out. `None` after noting why not.
    pub(super) fn required(
        &mut self,
        secret: bool,
        expected: fn() -> String,
    ) -> Option<(Value, Reading<'_>)> {
        let (field, value) = self.take()?;
        let value = match (value, field.default) {
            (Some(value), _) => value.into_inner(),
            (None, Some(default)) => default.into(),
            (None, None) => {
                self.problems.push(Problem {
                    kind: ProblemKind::MissingKey,
                    path: field.key.to_owned(),
                    expected: expected(),
                    found: None,
                    suggestion: None,
                });
                return None;
            }
        };
        self.not_null(field, value, secret, expected)
    }

    /// The next field's value, if it is there. `None` after noting why not.
    pub(super) fn optional(
        &mut self,
        secret: bool,
        expected: fn() -> String,
    ) -> Option<Option<(Value, Reading<'_>)>> {
        let (field, value) = self.take()?;
        match value {
            Some(value) => self
                .not_null(field, value.into_inner(), secret, expected)
                .map(Some),
            None => Some(None),
        }
    }

    fn take(&mut self) -> Option<(&'static Field, Option<SecretJson>)> {
        let index = self.next;
        self.next += 1;
        Some((self.fields.get(index)?, self.values.get_mut(index)?.take()))
    }

    fn not_null(
        &mut self,
        field: &'static Field,
        value: Value,
        secret: bool,
        expected: fn() -> String,
    ) -> Option<(Value, Reading<'_>)> {
        let mut reading = Reading {
            field,
            index: None,
            secret: secret || field.secret,
            problems: &mut self.problems,
        };
        if value.is_null() {
            reading.refuse(ProblemKind::Null, expected, value, None);
            return None;
        }
        Some((value, reading))
    }

    fn new(fields: &'static [Field], members: Vec<(String, SecretJson)>) -> Self {
        let mut values = Vec::new();
        values.resize_with(fields.len(), || None);
        let mut reader = Self {
            fields,
            values,
            next: 0,
            problems: Vec::new(),
        };
        for (key, value) in members {
            reader.sort(&key, value);
        }
        reader
    }

    fn sort(&mut self, key: &str, value: SecretJson) {
        let index = self.fields.iter().position(|field| field.key == key);
        let Some(slot) = index.and_then(|index| self.values.get_mut(index)) else {
            self.problems.push(unknown_key(key, self.fields));
            return;
        };
        if slot.is_none() {
            *slot = Some(value);
            return;
        }
        self.problems.push(Problem {
            kind: ProblemKind::DuplicateKey,
            path: key.to_owned(),
            expected: "one value".to_owned(),
            found: None,
            suggestion: None,
        });
    }
}

fn unknown_key(key: &str, fields: &'static [Field]) -> Problem {
    let keys: Vec<&'static str> = fields.iter().map(|field| field.key).collect();
    Problem {
        kind: ProblemKind::UnknownKey,
        path: bare_excerpt(key),
        expected: match keys.as_slice() {
            [] => "no keys at all".to_owned(),
            [key] => format!("only {key}"),
            keys => format!("one of {}", keys.join(", ")),
        },
        found: None,
        suggestion: nearest(key, keys),
    }
}

pub(super) fn read<T: FormValues>(document: Document) -> Result<T, InvalidValues> {
    read_with(document, T::FIELDS, T::read)
}

/// Reads with the parts of a [`FormValues`], for where its type is erased.
pub(crate) fn read_with<T>(
    document: Document,
    fields: &'static [Field],
    read: fn(&mut ObjectReader) -> Option<T>,
) -> Result<T, InvalidValues> {
    let mut reader = document.reader(fields)?;
    match read(&mut reader) {
        Some(values) if reader.problems.is_empty() => Ok(values),
        _ => Err(InvalidValues {
            problems: reader.problems,
        }),
    }
}

/// JSON of which nothing is known yet but whether it is an object.
pub(crate) enum Document {
    Object(Vec<(String, SecretJson)>),
    /// By its type.
    Other(&'static str),
}

impl Document {
    // Inline, so that this crate isn't compiled with a parser that its user may not need.
    #[inline]
    pub(crate) fn from_text(text: &str) -> Result<Self, InvalidValues> {
        serde_json::from_str(text)
            .map_err(|error| InvalidValues::whole(ProblemKind::InvalidJson, error.to_string()))
    }

    fn reader(self, fields: &'static [Field]) -> Result<ObjectReader, InvalidValues> {
        match self {
            Self::Object(members) => Ok(ObjectReader::new(fields, members)),
            Self::Other(found) => Err(InvalidValues::whole(
                ProblemKind::WrongType,
                found.to_owned(),
            )),
        }
    }
}

impl From<Value> for Document {
    fn from(value: Value) -> Self {
        match value {
            Value::Object(members) => Self::Object(
                members
                    .into_iter()
                    .map(|(key, value)| (key, SecretJson::from(value)))
                    .collect(),
            ),
            other => {
                let found = json_type(&other);
                drop(SecretJson::from(other));
                Self::Other(found)
            }
        }
    }
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Asking serde for a map would put a string, perhaps a secret, into the error.
        deserializer.deserialize_any(DocumentVisitor)
    }
}

struct DocumentVisitor;

impl<'de> Visitor<'de> for DocumentVisitor {
    type Value = Document;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(EXPECTED)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Document, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Document::Object(members))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Document, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Document::Other("an array"))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Document, E> {
        Ok(Document::Other("a boolean"))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Document, E> {
        Ok(Document::Other("a number"))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Document, E> {
        Ok(Document::Other("a number"))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Document, E> {
        Ok(Document::Other("a number"))
    }

    fn visit_str<E>(self, _: &str) -> Result<Document, E> {
        Ok(Document::Other("a string"))
    }

    fn visit_unit<E>(self) -> Result<Document, E> {
        Ok(Document::Other("null"))
    }
}
