//! The values of form variables, and how they are converted to and from JSON.
//!
//! Each type of value has its own file, and each type of form variable has a row in `kinds`. The other
//! functions are called by the impls of generated types.

mod boolean;
mod environment_selector;
mod equal;
mod form_value;
mod json;
mod kinds;
mod lenient;
mod list;
pub mod listed;
mod object;
pub(crate) mod password;
mod problem;
mod redacted;
pub(crate) mod string;
mod uri;

use serde_json::Value;

pub use environment_selector::{Environment, EnvironmentKeys, EnvironmentSelector};
pub use equal::eq;
pub use form_value::FormValue;
#[cfg(feature = "client")]
pub(crate) use form_value::View;
pub use json::SecretJson;
#[cfg(feature = "client")]
pub(crate) use json::visit_strings;
pub use kinds::{DefaultValue, FieldKind};
pub use lenient::LenientValues;
#[cfg(feature = "client")]
pub(crate) use object::Member;
use object::read;
pub(crate) use object::{Document, Leniency, read_with};
pub use object::{Entries, ObjectReader, debug, deserialize, serialize};
pub(crate) use problem::ProblemList;
pub use problem::{InvalidValues, Problem, ProblemKind};
#[cfg(feature = "client")]
pub(crate) use redacted::REDACTED;
pub use redacted::RedactedValue;
pub use string::SecretString;
pub use uri::{InvalidSecretUri, InvalidUri, SecretUri, Uri};

use crate::facts::Field;

/// The values of the form variables of an integration, or of one of its capabilities.
///
/// Every generated struct implements it.
///
/// # Strict reading
///
/// Reading is strict. It refuses unknown keys, duplicate keys, missing required keys, `null`, values of the
/// wrong type, and values that aren't listed. One error names all problems.
/// [`from_json_lenient`](Self::from_json_lenient) accepts unknown keys and unlisted values.
///
/// Strict reading also refuses blank strings (empty, or only white space) for required form variables. The
/// manifests don't forbid them, but most often they come from an unset environment variable or an empty field
/// of a form. Code and lenient reading can create such values, but the client refuses to send them. To send
/// one, use `RawConfigValues` or `with_value`.
///
/// The structs also have these functions as inherent functions, so you don't have to import the trait.
pub trait FormValues: Sized {
    /// The form variables, in upstream's order.
    const FIELDS: &'static [Field];

    /// Adds every field that is set to `entries`, with its key.
    #[doc(hidden)]
    fn write<'a>(&'a self, entries: &mut Entries<'a>);

    /// Reads all fields from `reader`. Returns `None` if `reader` returned `None` for one of them.
    #[doc(hidden)]
    fn read(reader: &mut ObjectReader) -> Option<Self>;

    /// Reads the values from a JSON object.
    ///
    /// A [`Value`] can't contain duplicate keys. To refuse them, use [`from_json_str`](Self::from_json_str).
    ///
    /// # Errors
    ///
    /// Returns [`InvalidValues`] with all problems.
    fn from_json(value: Value) -> Result<Self, InvalidValues> {
        read(Document::from(value))
    }

    /// Parses a JSON object and reads the values from it.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidValues`] with all problems. If the string isn't JSON, that is the only problem.
    fn from_json_str(text: &str) -> Result<Self, InvalidValues> {
        read(Document::from_text(text)?)
    }

    /// Reads the values from a JSON object that may have unknown keys and unlisted values, for example from
    /// another program or a newer version of the integration.
    ///
    /// Unknown keys are returned separately. An unlisted value becomes `Unlisted`, and an environment with
    /// unknown keys becomes [`EnvironmentSelector::Raw`]. Other problems are refused as in
    /// [`from_json`](Self::from_json), except blank strings.
    ///
    /// ```
    /// use launchdarkly_integrations::integrations::datadog::{ConfigValues, HostUrl};
    /// use serde_json::json;
    ///
    /// let json = json!({"apiKey": "0123", "hostURL": "https://ap9.example.com", "site": "ap9"});
    /// assert!(ConfigValues::from_json(json.clone()).is_err());
    ///
    /// let read = ConfigValues::from_json_lenient(json)?;
    /// let host = HostUrl::Unlisted("https://ap9.example.com".to_owned());
    /// assert_eq!(read.values.host_url, Some(host));
    /// let (key, value) = &read.unknown[0];
    /// assert_eq!((key.as_str(), value.expose_secret()), ("site", &json!("ap9")));
    /// # Ok::<(), launchdarkly_integrations::InvalidValues>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`InvalidValues`] with all problems.
    fn from_json_lenient(value: Value) -> Result<LenientValues<Self>, InvalidValues> {
        let document = Document::from(value);
        read_with(document, Self::FIELDS, Self::read, Leniency::Lenient)
    }

    /// Returns the fields that are set, with their wire keys and in upstream's order. Secrets are redacted,
    /// so that the result can be logged or compared.
    ///
    /// ```
    /// use launchdarkly_integrations::integrations::datadog::ConfigValues;
    ///
    /// let values = ConfigValues::builder().api_key("0123").hide_member_details(true).build();
    /// let lines = values.entries().into_iter().map(|(key, value)| format!("{key}: {value}"));
    /// assert_eq!(lines.collect::<Vec<_>>(), ["apiKey: [redacted]", "hideMemberDetails: true"]);
    /// ```
    fn entries(&self) -> Vec<(&'static str, RedactedValue)> {
        Entries::of(self).redacted()
    }
}
