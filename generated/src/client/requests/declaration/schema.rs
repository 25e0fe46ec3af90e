//! The JSON Schema of a declaration, for editors: it completes keys and marks mistakes.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::Declaration;
use super::properties::{ALL, Rules};
use crate::{Endpoint, Field, Integration, integrations, schema};

/// `if` and `then` for each integration, and for each endpoint of one that has several: of
/// alternatives (`oneOf`) an editor would only say that none fits.
///
/// A schema can't say that a key is given twice, nor what is in environment variables.
impl JsonSchema for Declaration {
    fn schema_name() -> Cow<'static, str> {
        "Declaration".into()
    }

    fn schema_id() -> Cow<'static, str> {
        concat!(module_path!(), "::Declaration").into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let declarable = || {
            let all = integrations::ALL.iter();
            all.filter(|integration| !integration.endpoints.is_empty())
        };
        let keys: Vec<&str> = declarable().map(|integration| integration.key).collect();
        let each: Vec<Value> = declarable()
            .map(|integration| when("key", integration.key, of_integration(integration)))
            .collect();
        json_schema!({
            "type": "object",
            "title": "A LaunchDarkly integration",
            "required": ["key"],
            "properties": {
                "key": {
                    "description": "The integration's key.",
                    "enum": keys,
                },
                "endpoint": {
                    "description": "Where it is sent. May be left out if the integration has only one endpoint.",
                    "enum": Endpoint::ALL,
                },
                "name": text("The name of what is created."),
                "values": {
                    "description": "The values of the form variables, by their keys.",
                    "type": "object",
                },
                "on": {
                    "description": "Whether it is on, or enabled.",
                    "type": "boolean",
                },
                "tags": {
                    "description": "Its tags.",
                    "type": "array",
                    "items": { "type": "string", "pattern": r"\S" },
                },
                "statements": {
                    "description": "The policy statements that select the audit log events it receives.",
                    "type": "array",
                    "items": statement(),
                },
                "project": text("The project's key."),
                "environment": text("The environment's key."),
                "unchecked": {
                    "description": "Values that are sent as well, unchecked.",
                    "type": "object",
                },
            },
            "additionalProperties": false,
            "allOf": each,
        })
    }
}

fn text(description: &str) -> Value {
    json!({ "description": description, "type": "string", "pattern": r"\S" })
}

fn when(property: &str, value: &str, then: Value) -> Value {
    json!({
        "if": { "properties": { (property): { "const": value } }, "required": [property] },
        "then": then,
    })
}

fn of_integration(integration: &Integration) -> Value {
    if let [endpoint] = integration.endpoints {
        return of_endpoint(integration, *endpoint);
    }
    let endpoints = integration.endpoints.iter().copied();
    let each: Vec<Value> = endpoints
        .map(|one| when("endpoint", one.as_str(), of_endpoint(integration, one)))
        .collect();
    json!({
        "properties": { "endpoint": { "enum": integration.endpoints } },
        "required": ["endpoint"],
        "allOf": each,
    })
}

fn of_endpoint(integration: &Integration, endpoint: Endpoint) -> Value {
    let rules = Rules::of(endpoint);
    let mut required = rules.required.to_vec();
    let fields = integration.fields_of(endpoint);
    if fields.iter().any(Field::is_required) {
        required.push("values");
    }
    let refused = ALL.into_iter().filter(|name| !rules.takes(name));
    let mut properties: Map<String, Value> = refused
        .map(|name| (name.to_owned(), Value::Bool(false)))
        .collect();
    properties.insert("endpoint".to_owned(), json!({ "const": endpoint }));
    properties.insert("values".to_owned(), values(fields));
    json!({ "properties": properties, "required": required })
}

/// The schema of the values, in which a string may be in an environment variable.
fn values(fields: &[Field]) -> Value {
    let mut schema = schema::object(fields).to_value();
    let takes_string = fields.iter().filter(|field| field.kind.takes_strings());
    for field in takes_string {
        let property = &mut schema["properties"][field.key];
        if let Value::Object(string) = property.take() {
            *property = or_variable(string);
        }
    }
    schema
}

/// What describes a value rather than restricting it.
const ANNOTATIONS: [&str; 3] = ["title", "default", "writeOnly"];

fn or_variable(string: Map<String, Value>) -> Value {
    let is_annotation = |key: &str| ANNOTATIONS.contains(&key);
    let (mut property, string): (Map<_, _>, Map<_, _>) =
        string.into_iter().partition(|(key, _)| is_annotation(key));
    let variable = json!({
        "title": "An environment variable",
        "type": "object",
        "properties": { "env": { "type": "string", "pattern": r"\S" } },
        "required": ["env"],
        "additionalProperties": false,
    });
    property.insert("anyOf".to_owned(), json!([string, variable]));
    property.into()
}

fn statement() -> Value {
    let list = json!({ "type": "array", "items": { "type": "string", "pattern": r"\S" } });
    json!({
        "type": "object",
        "properties": {
            "effect": { "enum": ["allow", "deny"] },
            "resources": list,
            "notResources": list,
            "actions": list,
            "notActions": list,
        },
        "required": ["effect"],
        "additionalProperties": false,
        "allOf": [
            { "oneOf": [{ "required": ["resources"] }, { "required": ["notResources"] }] },
            { "oneOf": [{ "required": ["actions"] }, { "required": ["notActions"] }] },
        ],
    })
}
