//! [`AnyConfigValues`]: validated values of an integration that is known only at run time.
//!
//! Functions are `#[inline]`, so that only programs that call them compile them.

use std::any::Any;
use std::error::Error;
use std::fmt;
use std::sync::Arc;

use serde::ser::{Serialize, Serializer};
use serde_json::Value;

use crate::facts::Field;
use crate::integrations::READERS;
use crate::values::{Document, Entries, Leniency, ObjectReader, read_with};
use crate::{
    Endpoint, Integration, IntegrationKey, IntegrationValues, InvalidValues, LenientValues,
    Problem, ProblemKind, RedactedValue, UnknownIntegrationKey, WrongEndpoint,
};

/// The values of any integration, or of one of its capabilities that has its own endpoint.
///
/// Use it if the integration is known only at run time, for example in a form, a command line or a tool that
/// reads files. It contains the integration's typed values, so it does the same checks. If the endpoint is
/// known, read the values with [`for_endpoint`](Self::for_endpoint).
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
/// Typed values can be converted into it, and back:
///
/// ```
/// use launchdarkly_integrations::integrations::datadog;
/// use launchdarkly_integrations::AnyConfigValues;
///
/// let values = datadog::ConfigValues::builder().api_key("0123456789abcdef").build();
/// let values = AnyConfigValues::from(values);
/// assert_eq!(values.key().as_str(), "datadog");
/// assert!(values.downcast_ref::<datadog::ConfigValues>().is_some());
/// let typed: datadog::ConfigValues = values.downcast().expect("these are values of Datadog");
/// # let _ = typed;
/// ```
///
/// `Debug` shows the values with their wire keys and with secrets redacted. Serializing it writes the JSON for
/// the API, with the secrets. A clone shares the values, so there is only one copy of each secret in memory.
#[derive(Clone)]
#[must_use]
pub struct AnyConfigValues {
    key: IntegrationKey,
    endpoints: &'static [Endpoint],
    fields: &'static [Field],
    values: Arc<dyn ErasedValues>,
}

impl AnyConfigValues {
    /// Reads the values of the integration with this key from a JSON object. These are the integration's own
    /// values, not those of a capability.
    ///
    /// A [`Value`] can't contain duplicate keys. To refuse them, use [`from_json_str`](Self::from_json_str).
    ///
    /// # Errors
    ///
    /// Returns [`InvalidConfigValues`] if the key is unknown, or with all problems of the values.
    pub fn from_json(key: impl AsRef<str>, value: Value) -> Result<Self, InvalidConfigValues> {
        // The functions that read are generic, so that the code for all integrations is only compiled in
        // programs that call one of them.
        let document = Document::from(value);
        Reader::own(READERS, key.as_ref())?.read(Ok(document))
    }

    /// Parses a JSON object and reads the values of the integration with this key from it.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidConfigValues`] if the key is unknown or the string isn't JSON, or with all problems
    /// of the values.
    pub fn from_json_str(key: impl AsRef<str>, text: &str) -> Result<Self, InvalidConfigValues> {
        Reader::own(READERS, key.as_ref())?.read(Document::from_text(text))
    }

    /// Reads the values that this endpoint accepts from a JSON object: the integration's own values or those
    /// of a capability.
    ///
    /// ```
    /// use launchdarkly_integrations::{AnyConfigValues, Endpoint};
    /// use serde_json::json;
    ///
    /// let json = json!({"apiKey": "0123456789abcdef"});
    /// let endpoint = Endpoint::AuditLogSubscription;
    /// let values = AnyConfigValues::for_endpoint(endpoint, "datadog", json.clone())?;
    /// assert!(values.endpoints().contains(&endpoint));
    ///
    /// let error = AnyConfigValues::for_endpoint(Endpoint::FlagImport, "datadog", json).unwrap_err();
    /// let problem = "datadog: its values can't be sent as a flag import; send them as";
    /// assert!(error.to_string().starts_with(problem));
    /// # Ok::<(), launchdarkly_integrations::InvalidConfigValues>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`InvalidConfigValues`] if the key is unknown or the endpoint doesn't accept values of the
    /// integration, or with all problems of the values.
    pub fn for_endpoint(
        endpoint: Endpoint,
        key: impl AsRef<str>,
        value: Value,
    ) -> Result<Self, InvalidConfigValues> {
        let document = Document::from(value);
        Reader::for_endpoint(READERS, endpoint, key.as_ref())?.read(Ok(document))
    }

    /// Parses a JSON object and reads the values that this endpoint accepts from it.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`for_endpoint`](Self::for_endpoint), and an error if the string isn't
    /// JSON.
    pub fn for_endpoint_str(
        endpoint: Endpoint,
        key: impl AsRef<str>,
        text: &str,
    ) -> Result<Self, InvalidConfigValues> {
        let reader = Reader::for_endpoint(READERS, endpoint, key.as_ref())?;
        reader.read(Document::from_text(text))
    }

    /// Reads the values of the integration with this key from a JSON object that may have unknown keys and
    /// unlisted values, see [`FormValues::from_json_lenient`](crate::FormValues::from_json_lenient).
    ///
    /// ```
    /// use launchdarkly_integrations::AnyConfigValues;
    /// use serde_json::json;
    ///
    /// let json = json!({"apiKey": "0123456789abcdef", "site": "ap9"});
    /// let read = AnyConfigValues::from_json_lenient("datadog", json)?;
    /// assert_eq!(read.unknown[0].0, "site");
    /// # Ok::<(), launchdarkly_integrations::InvalidConfigValues>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`InvalidConfigValues`] if the key is unknown, or with all problems of the values.
    pub fn from_json_lenient(
        key: impl AsRef<str>,
        value: Value,
    ) -> Result<LenientValues<Self>, InvalidConfigValues> {
        Reader::own(READERS, key.as_ref())?.read_with(Ok(value.into()), Leniency::Lenient)
    }

    /// Reads the values that this endpoint accepts, like [`from_json_lenient`](Self::from_json_lenient).
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`for_endpoint`](Self::for_endpoint).
    pub fn for_endpoint_lenient(
        endpoint: Endpoint,
        key: impl AsRef<str>,
        value: Value,
    ) -> Result<LenientValues<Self>, InvalidConfigValues> {
        let reader = Reader::for_endpoint(READERS, endpoint, key.as_ref())?;
        reader.read_with(Ok(value.into()), Leniency::Lenient)
    }

    /// Returns the integration's key.
    #[inline]
    pub fn key(&self) -> IntegrationKey {
        self.key
    }

    /// Returns the integration's facts.
    #[inline]
    pub fn integration(&self) -> &'static Integration {
        self.key.integration()
    }

    /// Returns the endpoints that accept these values.
    #[inline]
    pub fn endpoints(&self) -> &'static [Endpoint] {
        self.endpoints
    }

    /// Returns the form variables of these values, in upstream's order.
    #[inline]
    pub fn fields(&self) -> &'static [Field] {
        self.fields
    }

    /// Returns the fields that are set, with their wire keys and in upstream's order. Secrets are redacted.
    ///
    /// ```
    /// use launchdarkly_integrations::{AnyConfigValues, RedactedValue};
    /// use serde_json::json;
    ///
    /// let values = AnyConfigValues::from_json("datadog", json!({"apiKey": "0123456789abcdef"}))?;
    /// assert_eq!(values.entries(), [("apiKey", RedactedValue::Secret)]);
    /// # Ok::<(), launchdarkly_integrations::InvalidConfigValues>(())
    /// ```
    #[inline]
    pub fn entries(&self) -> Vec<(&'static str, RedactedValue)> {
        self.entries_with_secrets().redacted()
    }

    /// Returns whether the values have this type.
    pub fn is<T: IntegrationValues>(&self) -> bool {
        self.downcast_ref::<T>().is_some()
    }

    /// Returns the typed values, or `None` if they have another type.
    pub fn downcast_ref<T: IntegrationValues>(&self) -> Option<&T> {
        self.values.as_any().downcast_ref()
    }

    /// Converts into the typed values.
    ///
    /// # Errors
    ///
    /// Returns the values unchanged if they have another type.
    pub fn downcast<T: IntegrationValues>(self) -> Result<T, Self> {
        // A clone, because the values may be shared.
        self.downcast_ref::<T>().cloned().ok_or(self)
    }
}

impl<T: IntegrationValues> From<T> for AnyConfigValues {
    #[inline]
    fn from(values: T) -> Self {
        Self {
            key: T::KEY,
            endpoints: T::ENDPOINTS,
            fields: T::FIELDS,
            values: Arc::new(values),
        }
    }
}

impl AnyConfigValues {
    /// Returns an error if this endpoint doesn't accept the values.
    #[cfg(feature = "client")]
    #[inline]
    pub(crate) fn check_endpoint(&self, endpoint: Endpoint) -> Result<(), WrongEndpoint> {
        if self.endpoints.contains(&endpoint) {
            return Ok(());
        }
        Err(WrongEndpoint::new(self.key, endpoint, self.endpoints))
    }

    #[inline]
    pub(crate) fn entries_with_secrets(&self) -> Entries<'_> {
        let mut entries = Entries::with_capacity(self.fields.len());
        self.values.write_entries(&mut entries);
        entries
    }
}

// This doesn't use the typed `Debug`, which would be compiled for each integration.
impl fmt::Debug for AnyConfigValues {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnyConfigValues")
            .field("key", &self.key)
            .field("values", &self.entries_with_secrets())
            .finish()
    }
}

impl Serialize for AnyConfigValues {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.entries_with_secrets().serialize(serializer)
    }
}

/// Two values are equal if they have the same type and are sent as the same JSON. Secrets are compared as in
/// the typed values.
impl PartialEq for AnyConfigValues {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        // This doesn't use the typed `eq`, which would be compiled for each integration.
        self.values.as_any().type_id() == other.values.as_any().type_id()
            && self.entries_with_secrets() == other.entries_with_secrets()
    }
}

impl Eq for AnyConfigValues {}

/// The functions of typed values that are called without knowing the type. They are compiled for each
/// integration, so there are only the necessary ones: the key is data, and `Clone` and `Debug` don't need the
/// type.
trait ErasedValues: Send + Sync {
    fn write_entries<'a>(&'a self, entries: &mut Entries<'a>);

    // Rust 1.85 can't convert `dyn ErasedValues` to `dyn Any`.
    fn as_any(&self) -> &dyn Any;
}

impl<T: IntegrationValues> ErasedValues for T {
    #[inline]
    fn write_entries<'a>(&'a self, entries: &mut Entries<'a>) {
        self.write(entries);
    }

    #[inline]
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A function that reads the values of an integration, or of a capability's block, and facts about them.
///
/// `integrations::READERS` has all readers, sorted by key. The reader of the integration's own values comes
/// first.
pub(crate) struct Reader {
    key: IntegrationKey,
    endpoints: &'static [Endpoint],
    fields: &'static [Field],
    read: fn(&mut ObjectReader) -> Option<Box<dyn ErasedValues>>,
}

impl Reader {
    pub(crate) const fn new<T: IntegrationValues>() -> Self {
        Self {
            key: T::KEY,
            endpoints: T::ENDPOINTS,
            fields: T::FIELDS,
            read: read_boxed::<T>,
        }
    }

    #[cfg(feature = "client")]
    #[inline]
    pub(crate) fn key(&self) -> IntegrationKey {
        self.key
    }

    #[cfg(feature = "client")]
    #[inline]
    pub(crate) fn fields(&self) -> &'static [Field] {
        self.fields
    }

    /// Finds the reader of the integration's own values, and the readers of its blocks.
    #[inline]
    fn find(
        readers: &'static [Self],
        key: &str,
    ) -> Result<(&'static Self, &'static [Self]), UnknownIntegrationKey> {
        let start = readers.partition_point(|reader| reader.key.as_str() < key);
        let (_, from) = readers.split_at(start);
        let count = from.partition_point(|reader| reader.key.as_str() == key);
        let (found, _) = from.split_at(count);
        found
            .split_first()
            .ok_or_else(|| UnknownIntegrationKey::new(key))
    }

    #[inline]
    fn own(readers: &'static [Self], key: &str) -> Result<&'static Self, UnknownIntegrationKey> {
        Self::find(readers, key).map(|(own, _)| own)
    }

    #[inline]
    pub(crate) fn for_endpoint(
        readers: &'static [Self],
        endpoint: Endpoint,
        key: &str,
    ) -> Result<&'static Self, InvalidConfigValues> {
        let (own, blocks) = Self::find(readers, key)?;
        let mut all = std::iter::once(own).chain(blocks);
        let found = all.find(|reader| reader.endpoints.contains(&endpoint));
        found.ok_or_else(|| {
            let endpoints = own.key.integration().endpoints;
            WrongEndpoint::new(own.key, endpoint, endpoints).into()
        })
    }

    #[inline]
    pub(crate) fn read(
        &self,
        document: Result<Document, InvalidValues>,
    ) -> Result<AnyConfigValues, InvalidConfigValues> {
        self.read_with(document, Leniency::Strict)
            .map(|read| read.values)
    }

    #[inline]
    fn read_with(
        &self,
        document: Result<Document, InvalidValues>,
        leniency: Leniency,
    ) -> Result<LenientValues<AnyConfigValues>, InvalidConfigValues> {
        document
            .and_then(|document| read_with(document, self.fields, self.read, leniency))
            .map(|read| {
                read.map(|values| AnyConfigValues {
                    key: self.key,
                    endpoints: self.endpoints,
                    fields: self.fields,
                    values: Arc::from(values),
                })
            })
            .map_err(|mut error| {
                summarize_other_part(self.key.integration(), self.fields, &mut error);
                InvalidConfigValues::Values {
                    key: self.key,
                    error,
                }
            })
    }
}

fn read_boxed<T: IntegrationValues>(reader: &mut ObjectReader) -> Option<Box<dyn ErasedValues>> {
    // `?` and `map` would take more time to compile, once for each integration.
    match T::read(reader) {
        Some(values) => Some(Box::new(values)),
        None => None,
    }
}

/// The error for JSON that can't be read as [`AnyConfigValues`].
///
/// It has no part of a secret, like [`Problem`].
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidConfigValues {
    /// The integration key is unknown. The values weren't checked.
    UnknownKey(UnknownIntegrationKey),
    /// The endpoint doesn't accept values of the integration. The values weren't checked.
    WrongEndpoint(WrongEndpoint),
    /// The values have problems.
    Values {
        /// The integration's key.
        key: IntegrationKey,
        /// The problems.
        error: InvalidValues,
    },
}

impl InvalidConfigValues {
    /// Returns the problems, at least one: the problem of the key or the endpoint, or those of the values,
    /// see [`InvalidValues::problems`].
    #[inline]
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::UnknownKey(error) => std::slice::from_ref(error.problem()),
            Self::WrongEndpoint(error) => std::slice::from_ref(error.problem()),
            Self::Values { error, .. } => error.problems(),
        }
    }
}

impl fmt::Display for InvalidConfigValues {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownKey(error) => write!(f, "{error}"),
            Self::WrongEndpoint(error) => write!(f, "{error}"),
            Self::Values { key, error } => {
                write!(f, "{key}: {error}")?;
                match error.other_endpoint() {
                    Some(endpoint) => write!(
                        f,
                        "; read them with `AnyConfigValues::for_endpoint(Endpoint::{endpoint:?}, \
                         …)`, and send them with `{}`",
                        endpoint.handle(),
                    ),
                    None => Ok(()),
                }
            }
        }
    }
}

/// One part of an integration's form variables: its own, or those of a capability.
struct Part {
    name: String,
    fields: &'static [Field],
    endpoint: Option<Endpoint>,
}

impl Part {
    /// The parts of an integration, its own form variables first.
    #[inline]
    fn all(integration: &Integration) -> Vec<Self> {
        let own = Self {
            name: "the integration itself".to_owned(),
            fields: integration.fields,
            endpoint: integration.endpoint(false),
        };
        let capabilities = integration.capability_fields.iter().map(|block| Self {
            name: format!("its capability {}", block.capability),
            fields: block.fields,
            endpoint: integration
                .endpoint(true)
                .filter(|_| block.is_feature_store()),
        });
        std::iter::once(own).chain(capabilities).collect()
    }
}

/// Replaces the problems of unknown keys by one problem, if the keys belong to another part of the
/// integration.
#[inline]
fn summarize_other_part(integration: &Integration, fields: &[Field], error: &mut InvalidValues) {
    let (same, others): (Vec<_>, Vec<_>) = Part::all(integration)
        .into_iter()
        .partition(|part| part.fields == fields);
    let Some(this) = same.first() else {
        return;
    };
    for other in others {
        summarize_part(this, &other, error);
    }
}

#[inline]
fn summarize_part(this: &Part, other: &Part, error: &mut InvalidValues) {
    let is_of_other = |problem: &Problem| {
        let mut others = other.fields.iter();
        problem.kind == ProblemKind::UnknownKey && others.any(|field| field.key == problem.path)
    };
    let given = error
        .problems()
        .iter()
        .filter(|problem| is_of_other(problem));
    let given: Vec<&str> = given.map(|problem| problem.path.as_str()).collect();
    if given.is_empty() {
        return;
    }
    let (given, name) = (given.join(", "), &other.name);
    let found = match other.endpoint {
        Some(_) => format!("{given} of {name}"),
        None => format!("{given} of {name}, which no endpoint accepts"),
    };
    let summary = Problem::new(
        ProblemKind::OtherEndpoint,
        "",
        format!("those of {}", this.name),
    )
    .found(found)
    .suggest(other.endpoint.map(Endpoint::as_str));
    // If all required keys of this part are missing, only the other part was meant.
    let required = this
        .fields
        .iter()
        .filter(|field| field.is_required())
        .count();
    let is_missing = |problem: &Problem| problem.kind == ProblemKind::MissingKey;
    let missing = error
        .problems()
        .iter()
        .filter(|problem| is_missing(problem))
        .count();
    let not_meant = missing == required;
    error.summarize(summary, |problem| {
        is_of_other(problem) || (not_meant && is_missing(problem))
    });
}

// `Display` includes the cause, so there is no `source`.
crate::wording::debug_as_display!(InvalidConfigValues);

impl Error for InvalidConfigValues {}

impl From<WrongEndpoint> for InvalidConfigValues {
    #[inline]
    fn from(error: WrongEndpoint) -> Self {
        Self::WrongEndpoint(error)
    }
}

impl From<UnknownIntegrationKey> for InvalidConfigValues {
    #[inline]
    fn from(error: UnknownIntegrationKey) -> Self {
        Self::UnknownKey(error)
    }
}
