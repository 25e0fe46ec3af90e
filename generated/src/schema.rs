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
//! - that code may send an `Unlisted` value: schemas have the listed values only;
//! - all of a URI's syntax, to a validator that doesn't assert `format`. The `pattern` beside it
//!   asks for a scheme, a host and the characters of RFC 3986, but takes any hexadecimal digits,
//!   colons and dots in brackets for an IPv6 address, and a last line feed where `$` stands before
//!   one too, as in Python.
//!
//! The functions here are what the impls of generated types call.

use std::borrow::Cow;

use schemars::consts::meta_schemas::DRAFT2020_12;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value};

use crate::facts::{CapabilityFields, Field, FieldKind, Integration};
use crate::listed::{self, ListedValue};
use crate::{EnvironmentSelector, SecretJson, SecretString, SecretUri, Uri};

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
        .filter(|field| is_required(field))
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
    text(&listed::texts::<T>())
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

/// Whether reading refuses an object without it: a default stands in for what is left out.
fn is_required(field: &Field) -> bool {
    !field.optional && field.default.is_none()
}

fn property(field: &Field) -> Schema {
    let mut schema = value(field);
    schema.insert("title".to_owned(), field.label.into());
    if let Some(default) = field.default {
        schema.insert("default".to_owned(), default.into());
    }
    if field.secret {
        schema.insert("writeOnly".to_owned(), true.into());
    }
    schema
}

/// What a form variable can be, by its type alone.
fn value(field: &Field) -> Schema {
    match field.kind {
        FieldKind::String
        | FieldKind::DynamicEnum
        | FieldKind::Generated
        | FieldKind::PublicKey
        | FieldKind::Oauth => text(&[]),
        FieldKind::Uri if field.takes_empty_uri() => json_schema!({
            "type": "string",
            "anyOf": [uri(), { "const": "" }],
        }),
        FieldKind::Uri => uri(),
        FieldKind::Boolean => json_schema!({ "type": "boolean" }),
        FieldKind::Enum => text(field.allowed_values),
        FieldKind::Multiselect => json_schema!({
            "type": "array",
            "items": text(field.allowed_values),
        }),
        FieldKind::EnvironmentSelector => environment_or(not_null()),
        FieldKind::Unknown(_) => not_null(),
    }
}

/// A listed text, or any text where none is listed.
fn text(listed: &[&str]) -> Schema {
    let mut schema = json_schema!({ "type": "string" });
    if !listed.is_empty() {
        schema.insert("enum".to_owned(), listed.into());
    }
    schema
}

/// Not `not`, of which editors and form builders make nothing.
fn not_null() -> Schema {
    json_schema!({ "type": ["object", "array", "string", "number", "boolean"] })
}

/// The known shape first, for people and forms; `other` is what else is accepted.
fn environment_or(other: Schema) -> Schema {
    let id = || json_schema!({ "type": "string" });
    json_schema!({
        "anyOf": [
            {
                "type": "object",
                "properties": {
                    "projectKey": id(),
                    "environmentKey": id(),
                    "projectId": id(),
                    "environmentId": id(),
                },
                "required": ["projectKey", "environmentKey"],
                "additionalProperties": false,
            },
            other,
        ],
    })
}

fn uri() -> Schema {
    json_schema!({ "type": "string", "format": "uri", "pattern": URI_PATTERN })
}

/// An absolute URI with a host: `format` alone would accept `mailto:a@example.com`, and asserts
/// nothing in many validators.
///
/// Only what every dialect of regular expressions has. Each `|%[0-9A-Fa-f]{2}` is a byte written
/// in percent.
const URI_PATTERN: &str = concat!(
    // The scheme.
    r"^[A-Za-z][A-Za-z0-9+.-]*://",
    // A user.
    r"(([A-Za-z0-9._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})*@)?",
    // The host: a name or IPv4 address, an IPv6 address, or one of a later version.
    r"(([A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+",
    r"|\[[0-9A-Fa-f:.]+\]",
    r"|\[[Vv][0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+\])",
    // A port.
    r"(:[0-9]*)?",
    // A path, a query and a fragment.
    r"(/([A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*)?",
    r"(\?([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?",
    r"(#([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?$",
);

fn secret(mut schema: Schema) -> Schema {
    schema.insert("writeOnly".to_owned(), true.into());
    schema
}

impl JsonSchema for Uri {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Uri".into()
    }

    fn schema_id() -> Cow<'static, str> {
        "launchdarkly_integrations::Uri".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        uri()
    }
}

impl JsonSchema for SecretString {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "SecretString".into()
    }

    fn schema_id() -> Cow<'static, str> {
        "launchdarkly_integrations::SecretString".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        secret(text(&[]))
    }
}

impl JsonSchema for SecretUri {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "SecretUri".into()
    }

    fn schema_id() -> Cow<'static, str> {
        "launchdarkly_integrations::SecretUri".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        secret(uri())
    }
}

/// Any JSON: as a form variable it isn't null, but on its own it reads null too.
impl JsonSchema for SecretJson {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "SecretJson".into()
    }

    fn schema_id() -> Cow<'static, str> {
        "launchdarkly_integrations::SecretJson".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        secret(Schema::default())
    }
}

/// Any JSON: as a form variable it isn't null, but on its own it reads null too.
impl JsonSchema for EnvironmentSelector {
    fn schema_name() -> Cow<'static, str> {
        "EnvironmentSelector".into()
    }

    fn schema_id() -> Cow<'static, str> {
        "launchdarkly_integrations::EnvironmentSelector".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        environment_or(Schema::from(true))
    }
}
