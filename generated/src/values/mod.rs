//! The values of form variables: how they are written to JSON and read back.
//!
//! Each type of value has a file, and each type of form variable a row in `kinds`. What else is here
//! is what the impls of generated types call.

mod boolean;
mod environment_selector;
mod form_value;
mod json;
mod kinds;
mod list;
pub mod listed;
mod object;
pub(crate) mod password;
mod problem;
pub(crate) mod string;
mod uri;

use serde_json::Value;

pub use environment_selector::{Environment, EnvironmentKeys, EnvironmentSelector};
pub use form_value::FormValue;
#[cfg(feature = "client")]
pub(crate) use form_value::View;
pub use json::SecretJson;
#[cfg(feature = "client")]
pub(crate) use json::{hide_passwords, strings};
pub use kinds::{DefaultValue, FieldKind};
use object::read;
pub(crate) use object::{Document, read_with};
pub use object::{Entries, ObjectReader, debug, deserialize, serialize};
pub use problem::{InvalidValues, Problem, ProblemKind};
pub use string::SecretString;
pub use uri::{InvalidSecretUri, InvalidUri, SecretUri, Uri};

use crate::facts::Field;

/// The values of the form variables of an integration, or of one of its capabilities.
///
/// Implemented by every generated struct. Reading is strict: a key that the manifest doesn't
/// have, a missing required one, a value of the wrong type, one that isn't listed, `null`, and a
/// key given twice are all refused, and all named in one error.
pub trait FormValues: Sized {
    /// The form variables, in the manifest's order.
    const FIELDS: &'static [Field];

    /// Lends every field that is set, with its key.
    fn write<'a>(&'a self, entries: &mut Entries<'a>);

    /// Takes every field out of `reader`. `None` only where `reader` gave `None`.
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
}
