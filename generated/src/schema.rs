//! JSON Schemas (draft 2020-12), with the feature `schemars`.
//!
//! A schema accepts what reading accepts, see [`FormValues`](crate::FormValues), and its `title`s
//! are the manifest's labels. Every type of this crate that reads and writes JSON implements
//! `schemars::JsonSchema`, for schemas of your own types that hold them. Tools that learn the
//! integration key at run time have [`Integration::schema`].
//!
//! ```
//! use launchdarkly_integrations::integrations;
//!
//! let integration = integrations::get("datadog").ok_or("no such integration")?;
//! let schema = integration.schema();
//! assert_eq!(schema.pointer("/required/0"), Some(&"apiKey".into()));
//! assert_eq!(schema.pointer("/properties/apiKey/writeOnly"), Some(&true.into()));
//! # Ok::<(), &str>(())
//! ```
//!
//! What a schema can't say:
//!
//! - that a key given twice is refused: a validator doesn't see it;
//! - what Unicode counts as white space, of which a string that has to be set has more: `\S` in a
//!   `pattern` differs a little between dialects;
//! - that code may send an `Unlisted` value: schemas have the listed values only;
//! - all of a URI's syntax, to a validator that doesn't assert `format`. The `pattern` beside it
//!   asks for a scheme, a host and the characters of RFC 3986, but takes any hexadecimal digits,
//!   colons and dots in brackets for an IPv6 address, and a last line feed where `$` stands before
//!   one too, as in Python.
//!
//! The functions here are what the impls of generated types call.

use std::borrow::Cow;

use schemars::consts::meta_schemas::DRAFT2020_12;
use schemars::{Schema, json_schema};
use serde_json::{Map, Value};

use crate::facts::{CapabilityFields, Field, Integration};
use crate::values::string;
use crate::{ListedValue, listed};

impl Integration {
    /// The JSON Schema of its `ConfigValues`. Needs the feature `schemars`.
    pub fn schema(&self) -> Schema {
        let mut schema = document(self.fields);
        schema.insert("title".to_owned(), self.name.into());
        schema
    }
}

impl CapabilityFields {
    /// The JSON Schema of the block's values. Needs the feature `schemars`.
    pub fn schema(&self) -> Schema {
        document(self.fields)
    }
}

fn document(fields: &[Field]) -> Schema {
    let mut schema = object(fields);
    schema.insert("$schema".to_owned(), DRAFT2020_12.into());
    schema
}

/// The schema of an object that has these form variables: the body of `JsonSchema` for a struct.
pub fn object(fields: &[Field]) -> Schema {
    let properties: Map<String, Value> = fields
        .iter()
        .map(|field| (field.key.to_owned(), property(field).to_value()))
        .collect();
    let required: Vec<&str> = fields
        .iter()
        .filter(|field| field.is_required())
        .map(|field| field.key)
        .collect();
    json_schema!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// The schema of a listed value: the body of `JsonSchema` for an enum.
pub fn listed<T: ListedValue>() -> Schema {
    string::listed_schema(&listed::texts::<T>())
}

/// A type's name among those of all integrations, which all have their `ConfigValues`:
/// `DatadogConfigValues`. The body of `JsonSchema::schema_name`.
pub fn name(integration_key: &str, type_name: &str) -> Cow<'static, str> {
    let mut name = String::new();
    for word in integration_key.split(|c: char| !c.is_ascii_alphanumeric()) {
        let (first, rest) = word.split_at(word.len().min(1));
        name.push_str(&first.to_ascii_uppercase());
        name.push_str(rest);
    }
    name.push_str(type_name);
    name.into()
}

fn property(field: &Field) -> Schema {
    let mut schema = field.kind.schema(field);
    schema.insert("title".to_owned(), field.label.into());
    // A URI has a pattern of its own, which refuses blank strings, too.
    if field.refuses_blank() && takes_strings(&schema) && schema.get("pattern").is_none() {
        schema.insert("pattern".to_owned(), r"\S".into());
    }
    if let Some(default) = field.default {
        schema.insert("default".to_owned(), default.into());
    }
    if field.secret {
        schema = write_only(schema);
    }
    schema
}

/// Whether the value is a string, rather than any JSON.
pub(crate) fn takes_strings(schema: &Schema) -> bool {
    schema.get("type") == Some(&"string".into())
}

/// The schema of what is only ever written.
pub(crate) fn write_only(mut schema: Schema) -> Schema {
    schema.insert("writeOnly".to_owned(), true.into());
    schema
}
