//! The values of form variables: how they are written to JSON and read back.
//!
//! Each type of value has a file, and each type of form variable a row in `kinds`. What else is here
//! is what the impls of generated types call.

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
pub(crate) use json::{hide_passwords, strings};
pub use kinds::{DefaultValue, FieldKind};
pub use lenient::LenientValues;
#[cfg(feature = "client")]
pub(crate) use object::Member;
use object::read;
pub(crate) use object::{Document, Leniency, read_with};
pub use object::{Entries, ObjectReader, debug, deserialize, serialize};
pub(crate) use problem::All;
pub use problem::{InvalidValues, Problem, ProblemKind};
pub use redacted::RedactedValue;
pub use string::SecretString;
pub use uri::{InvalidSecretUri, InvalidUri, SecretUri, Uri};

use crate::facts::Field;

/// The values of the form variables of an integration, or of one of its capabilities.
///
/// Implemented by every generated struct. Reading is strict: a key that the manifest doesn't
/// have, a missing required one, a value of the wrong type, one that isn't listed, `null`, and a
/// key given twice are all refused, and all named in one error. Only
/// [`from_json_lenient`](Self::from_json_lenient) accepts keys that aren't known and values that
/// aren't listed.
///
/// Refused too is an empty string, or one of white space only, for a form variable that has to be set. The
/// manifests don't forbid it in so many words, but it sets nothing: most often it is an
/// environment variable or a field of a form that nobody filled. Code can make such values, and
/// lenient reading takes them; the client refuses to send them, unless as raw values or by
/// `with_value`.
///
/// The structs have these functions as their own too, so that the trait needn't be imported.
pub trait FormValues: Sized {
    /// The form variables, in the manifest's order.
    const FIELDS: &'static [Field];

    /// Lends every field that is set, with its key.
    #[doc(hidden)]
    fn write<'a>(&'a self, entries: &mut Entries<'a>);

    /// Takes every field out of `reader`. `None` only where `reader` gave `None`.
    #[doc(hidden)]
    fn read(reader: &mut ObjectReader) -> Option<Self>;

    /// Reads the values from a JSON object.
    ///
    /// A [`Value`] can't hold one key twice; where that matters, read the text with
    /// [`from_json_str`](Self::from_json_str).
    ///
    /// # Errors
    ///
    /// [`InvalidValues`] with every problem.
    fn from_json(value: Value) -> Result<Self, InvalidValues> {
        read(Document::from(value))
    }

    /// Reads the values from the text of a JSON object.
    ///
    /// # Errors
    ///
    /// [`InvalidValues`] with every problem, or with one when the text isn't JSON.
    fn from_json_str(text: &str) -> Result<Self, InvalidValues> {
        read(Document::from_text(text)?)
    }

    /// Reads the values from a JSON object that may have more than this version of the crate knows:
    /// for values that another program, or a newer version of the integration, has made.
    ///
    /// Keys that aren't known are returned beside the values, and a value that isn't listed becomes the
    /// enum's `Unlisted`. An environment with keys that aren't known becomes
    /// [`EnvironmentSelector::Raw`]. All else is refused as by [`from_json`](Self::from_json).
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
    /// [`InvalidValues`] with every problem.
    fn from_json_lenient(value: Value) -> Result<LenientValues<Self>, InvalidValues> {
        let document = Document::from(value);
        read_with(document, Self::FIELDS, Self::read, Leniency::Lenient)
    }

    /// The fields that are set, by their keys on the wire and in the manifest's order, with secrets
    /// redacted: for a log, a table or a diff.
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
