//! [`AnyConfigValues`]: checked values of an integration that is known only at run time.

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

/// The values of any integration, or of a capability of it that has an endpoint.
///
/// For programs that learn the integration when they run: a form, a command line, a tool that
/// reads a file. The values are checked as the integration's own `ConfigValues` are, since that
/// is what is inside. Where the program knows the endpoint too, it reads them with
/// [`for_endpoint`](Self::for_endpoint).
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
    endpoints: &'static [Endpoint],
    fields: &'static [Field],
    values: Arc<dyn Erased>,
}

impl AnyConfigValues {
    /// Reads the values of the integration of that key from a JSON object: those of its own form
    /// variables, not of a capability's.
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
        Reader::own(READERS, key.as_ref())?.read(Ok(document))
    }

    /// Reads the values of the integration of that key from the text of a JSON object.
    ///
    /// # Errors
    ///
    /// [`InvalidConfigValues`]: the key is unknown, or the values have problems, all of which
    /// it names, or the text isn't JSON.
    pub fn from_json_str(key: impl AsRef<str>, text: &str) -> Result<Self, InvalidConfigValues> {
        Reader::own(READERS, key.as_ref())?.read(Document::from_text(text))
    }

    /// Reads the values that this endpoint takes of the integration of that key, from a JSON
    /// object: those of its own form variables, or of a capability's.
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
    /// [`InvalidConfigValues`]: the key is unknown, the endpoint takes no values of the
    /// integration, or the values have problems, all of which it names.
    pub fn for_endpoint(
        endpoint: Endpoint,
        key: impl AsRef<str>,
        value: Value,
    ) -> Result<Self, InvalidConfigValues> {
        let document = Document::from(value);
        Reader::of_endpoint(READERS, endpoint, key.as_ref())?.read(Ok(document))
    }

    /// Reads the values that this endpoint takes of the integration of that key, from the text of
    /// a JSON object.
    ///
    /// # Errors
    ///
    /// As [`for_endpoint`](Self::for_endpoint), or the text isn't JSON.
    pub fn for_endpoint_str(
        endpoint: Endpoint,
        key: impl AsRef<str>,
        text: &str,
    ) -> Result<Self, InvalidConfigValues> {
        let reader = Reader::of_endpoint(READERS, endpoint, key.as_ref())?;
        reader.read(Document::from_text(text))
    }

    /// Reads the values of the integration of that key from a JSON object that may have keys that
    /// aren't known and values that aren't listed: see
    /// [`FormValues::from_json_lenient`](crate::FormValues::from_json_lenient).
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
    /// [`InvalidConfigValues`]: the key is unknown, or the values have problems, all of which
    /// it names.
    pub fn from_json_lenient(
        key: impl AsRef<str>,
        value: Value,
    ) -> Result<LenientValues<Self>, InvalidConfigValues> {
        Reader::own(READERS, key.as_ref())?.read_with(Ok(value.into()), Leniency::Lenient)
    }

    /// Reads the values that this endpoint takes of the integration of that key, as
    /// [`from_json_lenient`](Self::from_json_lenient) reads.
    ///
    /// # Errors
    ///
    /// As [`for_endpoint`](Self::for_endpoint).
    pub fn for_endpoint_lenient(
        endpoint: Endpoint,
        key: impl AsRef<str>,
        value: Value,
    ) -> Result<LenientValues<Self>, InvalidConfigValues> {
        let reader = Reader::of_endpoint(READERS, endpoint, key.as_ref())?;
        reader.read_with(Ok(value.into()), Leniency::Lenient)
    }

    /// The integration's key.
    pub fn key(&self) -> IntegrationKey {
        self.key
    }

    /// The integration's facts.
    pub fn integration(&self) -> &'static Integration {
        self.key.integration()
    }

    /// The endpoints that take these values.
    pub fn endpoints(&self) -> &'static [Endpoint] {
        self.endpoints
    }

    /// The form variables that these values are of, in the manifest's order.
    pub fn fields(&self) -> &'static [Field] {
        self.fields
    }

    /// The fields that are set, by their keys on the wire and in the manifest's order, with secrets
    /// redacted.
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
        self.lend().redacted()
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
            endpoints: T::ENDPOINTS,
            fields: T::FIELDS,
            values: Arc::new(values),
        }
    }
}

impl AnyConfigValues {
    /// Refuses values that this endpoint doesn't take.
    #[cfg(feature = "client")]
    pub(crate) fn check_endpoint(&self, endpoint: Endpoint) -> Result<(), WrongEndpoint> {
        if self.endpoints.contains(&endpoint) {
            return Ok(());
        }
        Err(WrongEndpoint::new(self.key, endpoint, self.endpoints))
    }

    pub(crate) fn lend(&self) -> Entries<'_> {
        let mut entries = Entries::with_capacity(self.fields.len());
        self.values.lend(&mut entries);
        entries
    }
}

// Not by the typed `Debug`, of which the compiler would make a copy for each integration.
impl fmt::Debug for AnyConfigValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnyConfigValues")
            .field("key", &self.key)
            .field("values", &self.lend())
            .finish()
    }
}

impl Serialize for AnyConfigValues {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.lend().serialize(serializer)
    }
}

/// Those are equal that are of one type and sent as the same JSON. Secrets are compared as those of
/// the type are.
impl PartialEq for AnyConfigValues {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        // Not the type's own `eq`, of which the compiler would make a copy for each integration.
        self.values.as_any().type_id() == other.values.as_any().type_id()
            && self.lend() == other.lend()
    }
}

impl Eq for AnyConfigValues {}

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

/// How values are read: an integration's own, or those of a capability's block.
/// `integrations::READERS` has all of them, sorted by key, with the integration's own first.
pub(crate) struct Reader {
    key: IntegrationKey,
    endpoints: &'static [Endpoint],
    fields: &'static [Field],
    read: fn(&mut ObjectReader) -> Option<Box<dyn Erased>>,
}

impl Reader {
    pub(crate) const fn of<T: IntegrationValues>() -> Self {
        Self {
            key: T::KEY,
            endpoints: T::ENDPOINTS,
            fields: T::FIELDS,
            read: read_boxed::<T>,
        }
    }

    #[cfg(feature = "client")]
    pub(crate) fn key(&self) -> IntegrationKey {
        self.key
    }

    #[cfg(feature = "client")]
    pub(crate) fn fields(&self) -> &'static [Field] {
        self.fields
    }

    /// The reader of the integration's own values, and those of its blocks.
    fn find(
        readers: &'static [Self],
        key: &str,
    ) -> Result<(&'static Self, &'static [Self]), UnknownIntegrationKey> {
        let (_, from) = readers.split_at(readers.partition_point(|one| one.key.as_str() < key));
        let (found, _) = from.split_at(from.partition_point(|one| one.key.as_str() == key));
        found
            .split_first()
            .ok_or_else(|| UnknownIntegrationKey::new(key))
    }

    fn own(readers: &'static [Self], key: &str) -> Result<&'static Self, UnknownIntegrationKey> {
        Self::find(readers, key).map(|(own, _)| own)
    }

    pub(crate) fn of_endpoint(
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

    pub(crate) fn read(
        &self,
        document: Result<Document, InvalidValues>,
    ) -> Result<AnyConfigValues, InvalidConfigValues> {
        self.read_with(document, Leniency::Strict)
            .map(|read| read.values)
    }

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
                name_the_other_part(self.key.integration(), self.fields, &mut error);
                InvalidConfigValues::Values {
                    key: self.key,
                    error,
                }
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
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidConfigValues {
    /// No integration has that key, so that the values weren't looked at.
    UnknownKey(UnknownIntegrationKey),
    /// The endpoint takes no values of the integration, so that the values weren't looked at.
    WrongEndpoint(WrongEndpoint),
    /// The values aren't what the integration takes.
    Values {
        /// The integration's key.
        key: IntegrationKey,
        /// What is wrong with the values.
        error: InvalidValues,
    },
}

impl InvalidConfigValues {
    /// The problems, of which there is at least one: that of the key or the endpoint, or those of
    /// the values, as [`InvalidValues::problems`] has them.
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::UnknownKey(error) => std::slice::from_ref(error.problem()),
            Self::WrongEndpoint(error) => std::slice::from_ref(error.problem()),
            Self::Values { error, .. } => error.problems(),
        }
    }
}

impl fmt::Display for InvalidConfigValues {
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

/// A part of an integration, by its form variables, which an endpoint takes that doesn't take those
/// of the other part.
struct Part {
    name: &'static str,
    fields: &'static [Field],
    endpoint: Endpoint,
}

impl Part {
    /// The capability's block whose values are sent by themselves.
    fn feature_store(integration: &Integration) -> Option<Self> {
        let endpoint = Endpoint::DeliveryConfiguration;
        if !integration.endpoints.contains(&endpoint) {
            return None;
        }
        Some(Self {
            name: "its capability featureStore",
            fields: integration.fields_of(endpoint),
            endpoint,
        })
    }

    fn own(integration: &Integration) -> Option<Self> {
        let mut endpoints = integration.endpoints.iter().copied();
        Some(Self {
            name: "the integration itself",
            fields: integration.fields,
            endpoint: endpoints.find(|one| *one != Endpoint::DeliveryConfiguration)?,
        })
    }
}

/// If `fields` lack keys that the integration's other part has: says so once, instead of that
/// each is unknown.
fn name_the_other_part(integration: &Integration, fields: &[Field], error: &mut InvalidValues) {
    let Some(store) = Part::feature_store(integration) else {
        return;
    };
    let is_store = fields == store.fields;
    let (name, other) = if is_store {
        match Part::own(integration) {
            Some(own) => (store.name, own),
            None => return,
        }
    } else {
        ("the integration itself", store)
    };
    let is_of_other = |problem: &Problem| {
        let mut others = other.fields.iter();
        problem.kind == ProblemKind::UnknownKey && others.any(|field| field.key == problem.path)
    };
    let given = error.problems().iter().filter(|one| is_of_other(one));
    let given: Vec<&str> = given.map(|one| one.path.as_str()).collect();
    if given.is_empty() {
        return;
    }
    let found = format!("{} of {}", given.join(", "), other.name);
    let expected = format!("those of {name}");
    let summary = Problem::new(ProblemKind::OtherEndpoint, "", expected)
        .found(found)
        .suggest(Some(other.endpoint.as_str()));
    // Nobody meant this part if none of what it requires is there.
    let required = fields.iter().filter(|field| field.is_required()).count();
    let is_missing = |problem: &Problem| problem.kind == ProblemKind::MissingKey;
    let missing = error
        .problems()
        .iter()
        .filter(|one| is_missing(one))
        .count();
    let not_meant = missing == required;
    error.summarize(summary, |one| {
        is_of_other(one) || (not_meant && is_missing(one))
    });
}

// Its text has the cause in it, so there is no `source` to say it again.
crate::wording::debug_as_display!(InvalidConfigValues);

impl Error for InvalidConfigValues {}

impl From<WrongEndpoint> for InvalidConfigValues {
    fn from(error: WrongEndpoint) -> Self {
        Self::WrongEndpoint(error)
    }
}

impl From<UnknownIntegrationKey> for InvalidConfigValues {
    fn from(error: UnknownIntegrationKey) -> Self {
        Self::UnknownKey(error)
    }
}
