//! Writes a struct of values as a JSON object, and reads it.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::Serializer;
use serde_json::Value;

use super::form_value::{ReadContext, StructField, View};
use super::{FormValues, InvalidValues, LenientValues, Problem, ProblemKind, SecretJson};
use crate::facts::Field;
use crate::wording::{bare_excerpt, json_type, nearest};

/// The description of the expected input, for errors.
pub(super) const EXPECTED: &str = "a JSON object";

/// The fields of a struct that are set, with their wire keys. Borrowed, so that secrets aren't copied.
pub struct Entries<'a>(pub(super) Vec<(&'static str, View<'a>)>);

impl<'a> Entries<'a> {
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self(Vec::with_capacity(capacity))
    }

    /// The fields of these values.
    pub(crate) fn of<T: FormValues>(values: &'a T) -> Self {
        let mut entries = Self::with_capacity(T::FIELDS.len());
        values.write(&mut entries);
        entries
    }

    #[cfg(feature = "client")]
    pub(crate) fn into_views(self) -> Vec<(&'static str, View<'a>)> {
        self.0
    }

    pub(crate) fn serialize<S: Serializer>(self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0)
    }

    /// Adds the values of fields. A value that is `None` is omitted.
    pub fn put(&mut self, fields: &'static [Field], values: &[&'a dyn StructField]) {
        let set = fields
            .iter()
            .zip(values)
            .filter_map(|(field, value)| Some((field.key, value.view()?)));
        self.0.extend(set);
    }

    #[inline]
    fn debug(
        self,
        f: &mut fmt::Formatter<'_>,
        name: &str,
        fields: &[Field],
        names: &[&str],
    ) -> fmt::Result {
        let mut shown = f.debug_struct(name);
        let mut set = self.0.iter().peekable();
        for (field, name) in fields.iter().zip(names) {
            match set.next_if(|(key, _)| *key == field.key) {
                Some((_, view)) => shown.field(name, view),
                None => shown.field(name, &format_args!("None")),
            };
        }
        shown.finish()
    }
}

impl fmt::Debug for Entries<'_> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries = self.0.iter().map(|(key, view)| (key, view));
        f.debug_map().entries(entries).finish()
    }
}

/// Formats the values without secrets and without passwords in URLs: the body of `Debug`.
///
/// `names` are the names of the struct's fields, in the order of `FIELDS`.
///
/// # Errors
///
/// Returns the formatter's errors.
#[inline]
pub fn debug<T: FormValues>(
    values: &T,
    f: &mut fmt::Formatter<'_>,
    name: &str,
    names: &[&str],
) -> fmt::Result {
    Entries::of(values).debug(f, name, T::FIELDS, names)
}

/// Serializes the values as a map, in upstream's order: the body of `Serialize`.
///
/// Secrets are included, because the request needs them.
///
/// # Errors
///
/// Returns the errors of the serializer.
pub fn serialize<T: FormValues, S: Serializer>(
    values: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    Entries::of(values).serialize(serializer)
}

/// Reads the values strictly: the body of `Deserialize`.
///
/// # Errors
///
/// Returns the errors of the deserializer, and [`InvalidValues`] as a string.
pub fn deserialize<'de, T: FormValues, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    read(Document::deserialize(deserializer)?).map_err(D::Error::custom)
}

/// The members of an object, assigned to the fields of a struct.
pub struct ObjectReader {
    fields: &'static [Field],
    /// One value per field.
    values: Vec<Option<SecretJson>>,
    /// The field that is read next.
    next: usize,
    /// Whether all values are secret, even if their fields are not.
    secret: bool,
    leniency: Leniency,
    /// The unknown members, in lenient reading.
    unknown: Vec<(String, SecretJson)>,
    problems: Vec<Problem>,
}

/// How reading treats unknown keys and unlisted values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leniency {
    /// Refuses them.
    Strict,
    /// Returns the unknown keys separately, and reads unlisted values as `Unlisted`.
    Lenient,
}

impl ObjectReader {
    /// Reads the next field. Returns `None` after it recorded a problem.
    #[allow(clippy::should_implement_trait, reason = "each field has its own type")]
    pub fn next<T: StructField>(&mut self) -> Option<T> {
        T::read(self)
    }

    /// Returns the next field's value, or its default if it is omitted. Returns `None` after it recorded a
    /// problem.
    pub(super) fn required(
        &mut self,
        secret: bool,
        expected: fn() -> String,
    ) -> Option<(Value, ReadContext<'_>)> {
        let (field, value) = self.take()?;
        let value = match (value, field.default) {
            (Some(value), _) => value.into_inner(),
            (None, Some(default)) => default.into(),
            (None, None) => {
                let problem = Problem::new(ProblemKind::MissingKey, field.key, expected());
                self.problems.push(problem);
                return None;
            }
        };
        self.not_null(field, value, secret, expected)
    }

    /// Returns the next field's value, if it is present. Returns `None` after it recorded a problem.
    pub(super) fn optional(
        &mut self,
        secret: bool,
        expected: fn() -> String,
    ) -> Option<Option<(Value, ReadContext<'_>)>> {
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
    ) -> Option<(Value, ReadContext<'_>)> {
        let mut context = ReadContext {
            field,
            index: None,
            secret: secret || field.secret || self.secret,
            leniency: self.leniency,
            problems: &mut self.problems,
        };
        if value.is_null() {
            context.refuse(ProblemKind::Null, expected, value, None);
            return None;
        }
        Some((value, context))
    }

    fn new(
        fields: &'static [Field],
        members: impl IntoIterator<Item = (String, SecretJson)>,
        secret: bool,
        leniency: Leniency,
    ) -> Self {
        let mut values = Vec::new();
        values.resize_with(fields.len(), || None);
        let mut reader = Self {
            fields,
            values,
            next: 0,
            secret,
            leniency,
            unknown: Vec::new(),
            problems: Vec::new(),
        };
        for (key, value) in members {
            reader.assign(key, value);
        }
        reader
    }

    fn assign(&mut self, key: String, value: SecretJson) {
        let index = self.fields.iter().position(|field| field.key == key);
        let Some(slot) = index.and_then(|index| self.values.get_mut(index)) else {
            match self.leniency {
                Leniency::Strict => self.problems.push(unknown_key(&key, self.fields)),
                Leniency::Lenient => self.unknown.push((key, value)),
            }
            return;
        };
        if slot.is_none() {
            *slot = Some(value);
            return;
        }
        let problem = Problem::new(ProblemKind::DuplicateKey, key, "one value");
        self.problems.push(problem);
    }
}

fn unknown_key(key: &str, fields: &'static [Field]) -> Problem {
    let keys: Vec<&'static str> = fields.iter().map(|field| field.key).collect();
    let expected = match keys.as_slice() {
        [] => "none, because these values have no form variables".to_owned(),
        [key] => format!("only {key}"),
        keys => format!("one of {}", keys.join(", ")),
    };
    Problem::new(ProblemKind::UnknownKey, bare_excerpt(key), expected).suggest(nearest(key, keys))
}

pub(super) fn read<T: FormValues>(document: Document) -> Result<T, InvalidValues> {
    read_with(document, T::FIELDS, T::read, Leniency::Strict).map(|read| read.values)
}

/// Reads values with the fields and the function of a [`FormValues`] whose type is erased.
pub(crate) fn read_with<T>(
    document: Document,
    fields: &'static [Field],
    read: fn(&mut ObjectReader) -> Option<T>,
    leniency: Leniency,
) -> Result<LenientValues<T>, InvalidValues> {
    let members = document.into_members()?;
    let mut reader = ObjectReader::new(fields, members, false, leniency);
    match read(&mut reader) {
        Some(values) if reader.problems.is_empty() => Ok(LenientValues {
            values,
            unknown: reader.unknown,
        }),
        _ => Err(InvalidValues::new(reader.problems)),
    }
}

impl ReadContext<'_> {
    /// Reads an object that is the value of a form variable. Returns `None` after it recorded a problem.
    pub(super) fn object<T>(
        &mut self,
        members: serde_json::Map<String, Value>,
        fields: &'static [Field],
        read: fn(&mut ObjectReader) -> Option<T>,
    ) -> Option<LenientValues<T>> {
        let members = members.into_iter().map(|(key, value)| (key, value.into()));
        let mut reader = ObjectReader::new(fields, members, self.secret, self.leniency);
        let values = read(&mut reader);
        let is_good = reader.problems.is_empty();
        let path = self.path();
        let problems = reader.problems.into_iter();
        self.problems
            .extend(problems.map(|problem| problem.within(&path)));
        let values = values.filter(|_| is_good)?;
        Some(LenientValues {
            values,
            unknown: reader.unknown,
        })
    }
}

/// Parsed JSON: an object or the name of another type.
pub(crate) enum Document<M = SecretJson> {
    Object(Vec<(String, M)>),
    /// The type, for errors.
    Other(&'static str),
}

/// The type of the values in a [`Document`].
pub(crate) trait Member: Sized {
    fn next<'de, A: MapAccess<'de>>(key: &str, map: &mut A) -> Result<Self, A::Error>;
}

impl Member for SecretJson {
    fn next<'de, A: MapAccess<'de>>(_: &str, map: &mut A) -> Result<Self, A::Error> {
        map.next_value()
    }
}

impl Document {
    // Inline, so that only programs that use it compile the parser.
    #[inline]
    pub(crate) fn from_text(text: &str) -> Result<Self, InvalidValues> {
        serde_json::from_str(text)
            .map_err(|error| InvalidValues::whole(ProblemKind::InvalidJson, error.to_string()))
    }

    fn into_members(self) -> Result<Vec<(String, SecretJson)>, InvalidValues> {
        match self {
            Self::Object(members) => Ok(members),
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

impl<'de, M: Member> Deserialize<'de> for Document<M> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // If serde expected a map here, its error would contain the value, which may be secret.
        deserializer.deserialize_any(DocumentVisitor(PhantomData))
    }
}

struct DocumentVisitor<M>(PhantomData<M>);

impl<'de, M: Member> Visitor<'de> for DocumentVisitor<M> {
    type Value = Document<M>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(EXPECTED)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Document<M>, A::Error> {
        let mut members = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            let member = M::next(&key, &mut map)?;
            members.push((key, member));
        }
        Ok(Document::Object(members))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Document<M>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Document::Other("an array"))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Document<M>, E> {
        Ok(Document::Other("a boolean"))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Document<M>, E> {
        Ok(Document::Other("a number"))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Document<M>, E> {
        Ok(Document::Other("a number"))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Document<M>, E> {
        Ok(Document::Other("a number"))
    }

    fn visit_str<E>(self, _: &str) -> Result<Document<M>, E> {
        Ok(Document::Other("a string"))
    }

    fn visit_unit<E>(self) -> Result<Document<M>, E> {
        Ok(Document::Other("null"))
    }
}
