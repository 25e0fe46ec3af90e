//! JSON Schemas of typed values.

use launchdarkly_integrations::integrations::{akamai_edgeworkers, datadog, splunk};
use launchdarkly_integrations::Uri;
use schemars::{JsonSchema, schema_for};
use serde_json::json;

#[test]
fn a_schema_has_titles_defaults_and_listed_values() {
    let schema = datadog::INTEGRATION.schema();
    assert_eq!(
        schema,
        json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "Datadog Events",
            "type": "object",
            "properties": {
                "apiKey": {
                    "title": "Datadog API key",
                    "type": "string",
                    "pattern": r"\S",
                    "writeOnly": true,
                },
                "hostURL": {
                    "title": "Datadog host URL",
                    "type": "string",
                    "enum": [
                        "https://api.datadoghq.com",
                        "https://api.datadoghq.eu",
                        "https://us3.datadoghq.com",
                        "https://us5.datadoghq.com",
                        "https://app.ddog-gov.com",
                    ],
                    "default": "https://api.datadoghq.com",
                },
                "hideMemberDetails": {
                    "title": "Hide member details",
                    "type": "boolean",
                    "default": false,
                },
            },
            "required": ["apiKey"],
            "additionalProperties": false,
        })
    );
}

/// Form variables that no manifest has yet.

#[test]
fn an_enum_schema_accepts_the_same_values_as_the_enum() {
    let schema = schema_for!(datadog::HostUrl).to_value();
    let listed: Vec<&str> = datadog::HostUrl::LISTED.iter().map(datadog::HostUrl::as_str).collect();
    assert_eq!(schema["type"], "string");
    assert_eq!(schema["enum"], json!(listed));
}

#[test]
fn types_have_different_schema_names() {
    let names = [
        datadog::ConfigValues::schema_name(),
        akamai_edgeworkers::FeatureStoreConfig::schema_name(),
    ];
    assert_eq!(names, ["DatadogConfigValues", "AkamaiEdgeworkersFeatureStoreConfig"]);

    // A document with several types: each has its own name.
    type Both = (
        datadog::ConfigValues,
        Vec<splunk::ConfigValues>,
        Uri,
        datadog::HostUrl,
    );
    let schema = schema_for!(Both).to_value();
    let definitions: Vec<&String> = schema["$defs"].as_object().unwrap().keys().collect();
    assert_eq!(
        definitions,
        [
            "DatadogConfigValues",
            "DatadogHostUrl",
            "SplunkConfigValues"
        ]
    );
}
