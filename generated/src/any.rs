//! [`AnyConfigValues`]: checked values of an integration that is known only at run time.

use std::any::Any;
use std::error::Error;
use std::fmt;
use std::sync::Arc;

use serde::ser::{Serialize, Serializer};
use serde_json::Value;

use crate::facts::Field;
use crate::integrations::READERS;
use crate::values::{Document, Entries, ObjectReader, read_with};
use crate::{
    Integration, IntegrationKey, IntegrationValues, InvalidValues, Problem, UnknownIntegrationKey,
};

/// The values of a configuration of any integration.
///
/// For programs that learn the integration when they run: a form, a command line, a tool that
/// reads a file. The values are checked as the integration's own `ConfigValues` are, since that
/// is what is inside.
///
/// ```
/// use launchdarkly_integrations::AnyConfigValues;
/// use serde_json::json;
///
/// let values = AnyConfigValues::from_json("datadog", json!({"apiKey": "0123456789abcdef"}))?;
/// assert_eq!(values.integration().name, "Datadog Events");
/// assert_eq!(serde_json::to_string(&values).unwrap(), r#"{"apiKey":"0123456789abcdef"}"#);
///
/// let wrong = json!({"apikey": "0123456789abcdef", "hostURL": "https://api.datadoghq.org"});
/// let error = AnyConfigValues::from_json("datadog", wrong).unwrap_err();
/// let paths: Vec<&str> = error.problems().iter().map(|problem| problem.path.as_str()).collect();
/// assert_eq!(paths, ["apikey", "apiKey", "hostURL"]);
///
/// let error = AnyConfigValues::from_json("datadgo", json!({})).unwrap_err();
/// assert_eq!(error.to_string(), r#"unknown integration key "datadgo"; did you mean datadog?"#);
/// # Ok::<(), launchdarkly_integrations::InvalidConfigValues>(())
/// ```
///
/// Typed values turn into it, and it gives them back:
///
/// ```
/// use launchdarkly_integrations::integrations::datadog;
/// use launchdarkly_integrations::AnyConfigValues;
///
/// let values = datadog::ConfigValues::builder().api_key("0123456789abcdef").build();
/// let values = AnyConfigValues::from(values);
/// assert_eq!(values.key().as_str(), "datadog");
/// assert!(values.downcast_ref::<datadog::ConfigValues>().is_some());
/// let typed: datadog::ConfigValues = values.downcast().expect("they are Datadog's");
/// # let _ = typed;
/// ```
///
/// `Debug` shows the values under their keys on the wire, with secrets redacted. Serialising gives
/// the JSON that the API takes, secrets and all. A clone shares the values, so that there is one
/// copy of each secret in memory.
#[derive(Clone)]
#[must_use]
pub struct AnyConfigValues {
    key: IntegrationKey,
    values: Arc<dyn Erased>,
}

impl AnyConfigValues {
    /// Reads the values of the integration of that key from a JSON object.
    ///
    /// A [`Value`] can't hold one key twice; where that matters, read the text with
    /// [`from_json_str`](Self::from_json_str).
    ///
    /// # Errors
    ///
    /// [`InvalidConfigValues`]: the key is unknown, or the values have problems, all of which
    /// it names.
    pub fn from_json(key: impl AsRef<str>, value: Value) -> Result<Self, InvalidConfigValues> {
        // Generic, as is the other way of reading, so that the code which reads each integration is
        // only made where one of them is called.
        let document = Document::from(value);
        Reader::find(READERS, key.as_ref())?.read(Ok(document))
    }

    /// Reads the values of the integration of that key from the text of a JSON object.
    ///
    /// # Errors
    ///
    /// [`InvalidConfigValues`]: the key is unknown, or the values have problems, all of which
    /// it names, or the text isn't JSON.
    pub fn from_json_str(key: impl AsRef<str>, text: &str) -> Result<Self, InvalidConfigValues> {
        Reader::find(READERS, key.as_ref())?.read(Document::from_text(text))
    }

    /// The integration's key.
    pub fn key(&self) -> IntegrationKey {
        self.key
    }

    /// What the manifest says about the integration.
    pub fn integration(&self) -> &'static Integration {
        self.key.integration()
    }

    /// stub
    pub fn endpoints(&self) -> &'static [crate::Endpoint] {
        use crate::Endpoint::*;
        &[
            IntegrationConfiguration,
            AuditLogSubscription,
            DeliveryConfiguration,
            BigSegmentStore,
            FlagImport,
        ]
    }

    /// Whether the values are of this type.
    pub fn is<T: IntegrationValues>(&self) -> bool {
        self.downcast_ref::<T>().is_some()
    }

    /// The typed values, if they are of this type.
    pub fn downcast_ref<T: IntegrationValues>(&self) -> Option<&T> {
        self.values.as_any().downcast_ref()
    }

    /// The typed values, if they are of this type.
    ///
    /// # Errors
    ///
    /// The values unchanged, if they are of another type.
    pub fn downcast<T: IntegrationValues>(self) -> Result<T, Self> {
        // They may be shared.
        self.downcast_ref::<T>().cloned().ok_or(self)
    }
}

impl<T: IntegrationValues> From<T> for AnyConfigValues {
    fn from(values: T) -> Self {
        Self {
            key: T::KEY,
            values: Arc::new(values),
        }
    }
}

impl AnyConfigValues {
    pub(crate) fn entries(&self) -> Entries<'_> {
        let mut entries = Entries::with_capacity(self.integration().fields.len());
        self.values.lend(&mut entries);
        entries
    }
}

// Not by the typed `Debug`, of which the compiler would make a copy for each integration.
impl fmt::Debug for AnyConfigValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnyConfigValues")
            .field("key", &self.key)
            .field("values", &self.entries())
            .finish()
    }
}

impl Serialize for AnyConfigValues {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.entries().serialize(serializer)
    }
}

/// What typed values can do without their type. The compiler makes a copy of everything here for
/// each integration, so there is no more than has to be: the key is data, and `Clone` and `Debug`
/// do without the type's own.
trait Erased: Send + Sync {
    fn lend<'a>(&'a self, entries: &mut Entries<'a>);

    // Rust 1.85 doesn't turn `dyn Erased` into `dyn Any` by itself.
    fn as_any(&self) -> &dyn Any;
}

impl<T: IntegrationValues> Erased for T {
    fn lend<'a>(&'a self, entries: &mut Entries<'a>) {
        self.write(entries);
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// How the values of one integration are read. `integrations::READERS` has one for each.
pub(crate) struct Reader {
    key: IntegrationKey,
    fields: &'static [Field],
    read: fn(&mut ObjectReader) -> Option<Box<dyn Erased>>,
}

impl Reader {
    pub(crate) const fn of<T: IntegrationValues>() -> Self {
        Self {
            key: T::KEY,
            fields: T::FIELDS,
            read: read_boxed::<T>,
        }
    }

    fn find(readers: &'static [Self], key: &str) -> Result<&'static Self, UnknownIntegrationKey> {
        let found = readers.binary_search_by(|reader| reader.key.as_str().cmp(key));
        let reader = found.ok().and_then(|position| readers.get(position));
        reader.ok_or_else(|| UnknownIntegrationKey::new(key))
    }

    fn read(
        &self,
        document: Result<Document, InvalidValues>,
    ) -> Result<AnyConfigValues, InvalidConfigValues> {
        document
            .and_then(|document| read_with(document, self.fields, self.read))
            .map(|values| AnyConfigValues {
                key: self.key,
                values: Arc::from(values),
            })
            .map_err(|error| InvalidConfigValues::Values {
                key: self.key,
                error,
            })
    }
}

fn read_boxed<T: IntegrationValues>(reader: &mut ObjectReader) -> Option<Box<dyn Erased>> {
    // `?` and `map` would be compiled once more for each integration.
    match T::read(reader) {
        Some(values) => Some(Box::new(values)),
        None => None,
    }
}

/// Why JSON didn't become [`AnyConfigValues`].
///
/// Holds nothing of a secret, as [`Problem`] doesn't.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidConfigValues {
    /// No integration has that key, so that the values weren't looked at.
    UnknownKey(UnknownIntegrationKey),
    /// The values aren't what the integration takes.
    Values {
        /// The integration's key.
        key: IntegrationKey,
        /// What is wrong with the values.
        error: InvalidValues,
    },
}

impl InvalidConfigValues {
    /// The problems of the values, as [`InvalidValues::problems`] has them. None when the key is
    /// unknown.
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::UnknownKey(_) => &[],
            Self::Values { error, .. } => error.problems(),
        }
    }
}

impl fmt::Display for InvalidConfigValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownKey(error) => write!(f, "{error}"),
            Self::Values { key, error } => write!(f, "{key}: {error}"),
        }
    }
}

// Its text has the cause in it, so there is no `source` to say it again.
impl Error for InvalidConfigValues {}

impl From<UnknownIntegrationKey> for InvalidConfigValues {
    fn from(error: UnknownIntegrationKey) -> Self {
        Self::UnknownKey(error)
    }
}
