//! JSON Schemas (draft 2020-12), with the feature `schemars`.
//!
//! A schema accepts the same JSON as strict reading (see [`FormValues`](crate::FormValues)). Its `title`s are
//! the labels of the manifest.
//!
//! Every type of this crate that is read from JSON implements `schemars::JsonSchema`, so your own types that
//! contain them can derive it. If the integration key is known only at run time, use
//! [`Integration::schema`]:
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
//! A schema differs from strict reading in these points:
//!
//! - It doesn't refuse duplicate keys, because a validator doesn't see them.
//! - Required strings must not be blank. The `pattern` for that is `\S`, and its definition of white space
//!   differs a little between validators.
//! - It has only the listed values. Code can also send an `Unlisted` value.
//! - Some validators don't check `format: uri`. For them there is a `pattern`, which is less strict: it
//!   accepts any hexadecimal digits, colons and dots in brackets as an IPv6 address. In Python, `$` also
//!   matches before a final line feed, so the pattern accepts one.

use std::borrow::Cow;

use schemars::consts::meta_schemas::DRAFT2020_12;
use schemars::{Schema, json_schema};
use serde_json::{Map, Value};

use crate::facts::{CapabilityFields, Field, Integration};
use crate::values::string;
use crate::{ListedValue, listed};

impl Integration {
    /// Returns the JSON Schema of its `ConfigValues`. Requires the feature `schemars`.
    pub fn schema(&self) -> Schema {
        let mut schema = document(self.fields);
        schema.insert("title".to_owned(), self.name.into());
        schema
    }
}

impl CapabilityFields {
    /// Returns the JSON Schema of the block's values. Requires the feature `schemars`.
    pub fn schema(&self) -> Schema {
        document(self.fields)
    }
}

fn document(fields: &[Field]) -> Schema {
    let mut schema = object(fields);
    schema.insert("$schema".to_owned(), DRAFT2020_12.into());
    schema
}

/// The schema of an object with these form variables: the body of `JsonSchema` for a generated struct.
pub(crate) fn object(fields: &[Field]) -> Schema {
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

/// The schema of a listed value: the body of `JsonSchema` for a generated enum.
pub(crate) fn listed<T: ListedValue>() -> Schema {
    string::listed_schema(&listed::texts::<T>())
}

/// A name that is unique among all integrations, such as `DatadogConfigValues`: the body of
/// `JsonSchema::schema_name`.
pub(crate) fn name(integration_key: &str, type_name: &str) -> Cow<'static, str> {
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
    // The pattern of a URI already refuses blank strings.
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

/// Whether the schema accepts strings only.
pub(crate) fn takes_strings(schema: &Schema) -> bool {
    schema.get("type") == Some(&"string".into())
}

/// Marks the value as write-only, because it is secret.
pub(crate) fn write_only(mut schema: Schema) -> Schema {
    schema.insert("writeOnly".to_owned(), true.into());
    schema
}
