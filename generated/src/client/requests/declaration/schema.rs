//! The JSON Schema of a declaration. Editors use it to complete keys and to mark mistakes.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::Declaration;
use super::additional_form_variable::{self, MEMBERS};
use super::properties::{ALL, Rules};
use crate::{Endpoint, Field, Integration, integrations, schema};

/// Uses `if` and `then` for each integration, and for each endpoint of an integration with several. For
/// alternatives (`oneOf`) an editor can only say that none fits.
///
/// A schema can't check duplicate keys and environment variables.
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
            .map(|integration| when("key", integration.key, integration_schema(integration)))
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
                    "description": "The endpoint. Required if the integration has more than one.",
                    "enum": Endpoint::ALL,
                },
                "name": non_blank_string("The resource's name."),
                "values": {
                    "description": "The values of the form variables, by key.",
                    "type": "object",
                },
                "on": {
                    "description": "Whether the resource is on, or enabled.",
                    "type": "boolean",
                },
                "tags": {
                    "description": "The resource's tags.",
                    "type": "array",
                    "items": { "type": "string", "pattern": r"\S" },
                },
                "statements": {
                    "description": "Policy statements. They select the audit log events that are sent.",
                    "type": "array",
                    "items": statement(),
                },
                "additionalFormVariables": {
                    "description": "Form variables of approval requests, in addition to the manifest's.",
                    "type": "array",
                    "items": additional_form_variable(),
                },
                "project": non_blank_string("The project's key."),
                "environment": non_blank_string("The environment's key."),
                "unchecked": {
                    "description": "More values, sent unchecked.",
                    "type": "object",
                },
            },
            "additionalProperties": false,
            "allOf": each,
        })
    }
}

fn non_blank_string(description: &str) -> Value {
    json!({ "description": description, "type": "string", "pattern": r"\S" })
}

fn when(property: &str, value: &str, then: Value) -> Value {
    json!({
        "if": { "properties": { (property): { "const": value } }, "required": [property] },
        "then": then,
    })
}

fn integration_schema(integration: &Integration) -> Value {
    if let [endpoint] = integration.endpoints {
        return endpoint_schema(integration, *endpoint);
    }
    let endpoints = integration.endpoints.iter().copied();
    let each: Vec<Value> = endpoints
        .map(|endpoint| {
            let then = endpoint_schema(integration, endpoint);
            when("endpoint", endpoint.as_str(), then)
        })
        .collect();
    json!({
        "properties": { "endpoint": { "enum": integration.endpoints } },
        "required": ["endpoint"],
        "allOf": each,
    })
}

fn endpoint_schema(integration: &Integration, endpoint: Endpoint) -> Value {
    let rules = Rules::for_endpoint(endpoint);
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

/// The schema of the values. A string may be in an environment variable.
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

/// Keywords that describe a value and don't restrict it.
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

fn additional_form_variable() -> Value {
    let string = || json!({ "type": "string" });
    let schema = |name: &str| match name {
        "isOptional" => json!({ "type": "boolean" }),
        "defaultValue" => json!(true),
        "allowedValues" => json!({ "type": "array", "items": string() }),
        "dynamicOptions" => json!({ "type": "object" }),
        name if additional_form_variable::REQUIRED.contains(&name) => {
            json!({ "type": "string", "pattern": r"\S" })
        }
        _ => string(),
    };
    let properties: Map<String, Value> = MEMBERS
        .iter()
        .map(|name| ((*name).to_owned(), schema(name)))
        .collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": additional_form_variable::REQUIRED,
        "additionalProperties": false,
    })
}
