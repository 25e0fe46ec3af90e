//! The error messages for common mistakes, word for word.
//!
//! The compiler's messages are in `generator/tests/programs/refused/*.words`: a required field that isn't
//! set, a wrong type (such as a string for a URL), an unknown enum value, a misspelled setter, a printed
//! secret, a missing `.build()`, run-time values passed to `new`, the wrong endpoint.

// Clippy knows `#[test]` functions as tests, but not their helpers.
#![allow(clippy::unwrap_used)]

#[path = "support/sample.rs"]
#[allow(dead_code)] // Other tests use the rest of it.
mod sample;

use launchdarkly_integrations::client::{
    AccessToken, Api, Declaration, Host, NewFlagImport, NewIntegrationConfiguration,
    RawConfigValues, SetupError,
};
use launchdarkly_integrations::integrations::ALL;
use launchdarkly_integrations::values::{Entries, ObjectReader};
use launchdarkly_integrations::{
    AnyConfigValues, Endpoint, Field, FieldKind, FormValues, Integration, InvalidValues,
    ListedValue, SecretString, Uri,
};
use serde_json::{Value, json};

/// Values that don't belong to an integration, so that messages don't change with manifests.
struct Values {
    api_key: SecretString,
    url: Uri,
    site: Option<Site>,
    debug: Option<bool>,
}

#[derive(Clone)]
enum Site {
    Us,
    Eu,
}

impl ListedValue for Site {
    const LISTED: &'static [Self] = &[Self::Us, Self::Eu];

    fn as_str(&self) -> &str {
        match self {
            Self::Us => "us",
            Self::Eu => "eu",
        }
    }
}

const FIELDS: &[Field] = &{
    let mut fields = [
        Field::new("apiKey", "API key", FieldKind::String),
        Field::new("url", "URL", FieldKind::Uri),
        Field::new("site", "Site", FieldKind::Enum),
        Field::new("debug", "Debug", FieldKind::Boolean),
    ];
    fields[0].secret = true;
    fields[2].optional = true;
    fields[2].allowed_values = &["us", "eu"];
    fields[3].optional = true;
    fields
};

impl FormValues for Values {
    const FIELDS: &'static [Field] = FIELDS;

    fn write<'a>(&'a self, entries: &mut Entries<'a>) {
        let Self {
            api_key,
            url,
            site,
            debug,
        } = self;
        entries.put(Self::FIELDS, &[api_key, url, site, debug]);
    }

    fn read(reader: &mut ObjectReader) -> Option<Self> {
        let (api_key, url) = (reader.next(), reader.next());
        let (site, debug) = (reader.next(), reader.next());
        Some(Self {
            api_key: api_key?,
            url: url?,
            site: site?,
            debug: debug?,
        })
    }
}

/// The error for valid values with these changes. `null` removes a key.
fn refused(changes: Value) -> String {
    let mut values = json!({"apiKey": "0123", "url": "https://example.com"});
    for (key, change) in changes.as_object().unwrap() {
        match change {
            Value::Null => drop(values.as_object_mut().unwrap().remove(key)),
            _ => values[key] = change.clone(),
        }
    }
    let error: InvalidValues = Values::from_json(values).map(drop).unwrap_err();
    error.to_string()
}

#[test]
fn a_required_field_that_is_missing_or_blank() {
    assert_eq!(
        refused(json!({"apiKey": null})),
        "apiKey: required, but missing; expected a string"
    );
    assert_eq!(
        refused(json!({"apiKey": " "})),
        "apiKey: empty or blank; expected a string that isn't blank; found a string"
    );
    assert_eq!(
        refused(json!({"url": ""})),
        r#"url: empty or blank; expected a string that isn't blank; found the string """#
    );
}

#[test]
fn a_value_of_the_wrong_type() {
    assert_eq!(
        refused(json!({"debug": "true"})),
        r#"debug: wrong type; expected true or false; found the string "true""#
    );
    assert_eq!(
        refused(json!({"url": "example.com"})),
        "url: invalid URI; expected an absolute URI with a host, such as https://example.com; \
         found the string \"example.com\": it has no scheme"
    );
    assert_eq!(
        refused(json!({"apiKey": 123, "debug": 1})),
        "2 problems: apiKey: wrong type; expected a string; found a number | debug: wrong type; \
         expected true or false; found the number 1"
    );
}

#[test]
fn an_unknown_enum_value() {
    assert_eq!(
        refused(json!({"site": "uk"})),
        r#"site: unlisted value; expected one of "us", "eu"; found the string "uk""#
    );
}

#[test]
fn a_misspelled_key() {
    assert_eq!(
        refused(json!({"apikey": "0123"})),
        "apikey: unknown key; expected one of apiKey, url, site, debug; did you mean apiKey?"
    );
}

#[test]
fn an_unknown_key() {
    assert_eq!(
        refused(json!({"api_key": "0123", "apiKey": null, "x": 1})),
        "3 problems: api_key: unknown key; expected one of apiKey, url, site, debug; did you mean \
         apiKey? | x: unknown key; expected one of apiKey, url, site, debug | apiKey: required, \
         but missing; expected a string; to send a key that the manifest lacks, use `with_value` \
         of the request, or `RawConfigValues`"
    );
    let is_without_values = |integration: &&Integration| {
        integration.fields.is_empty() && integration.capability_fields.is_empty()
    };
    let Some(integration) = ALL.iter().find(is_without_values) else {
        return;
    };
    let key = integration.key;
    let error = AnyConfigValues::from_json(key, json!({"x": 1})).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "{key}: x: unknown key; expected none, because these values have no form variables; to \
             send a key that the manifest lacks, use `with_value` of the request, or \
             `RawConfigValues`"
        )
    );
}

#[test]
fn the_wrong_endpoint() {
    let both = &[
        Endpoint::AuditLogSubscription,
        Endpoint::IntegrationConfiguration,
    ][..];
    let has_both = |integration: &&Integration| integration.endpoints == both;
    let integration = ALL.iter().find(has_both).unwrap();
    let key = integration.key;
    let expected = format!(
        "{key}: its values can't be sent as a flag import; send them as an audit log \
         subscription, with `audit_log_subscriptions()`, or as an integration configuration, with \
         `integration_configurations()`"
    );
    let values = sample::samples(integration.fields, |_| "text");
    let values = Value::Object(values);
    let error = AnyConfigValues::for_endpoint(Endpoint::FlagImport, key, values.clone());
    assert_eq!(error.unwrap_err().to_string(), expected);
    let values = AnyConfigValues::from_json(key, values).unwrap();
    let error = NewFlagImport::with_any(values).unwrap_err();
    assert_eq!(error.to_string(), expected);
    assert_eq!(
        error.problem().to_string(),
        "wrong endpoint; expected one of \"audit-log-subscription\", \
         \"integration-configuration\"; found \"flag-import\""
    );
}

#[test]
fn values_of_a_capability_passed_as_those_of_the_integration() {
    let is_store = |integration: &&Integration| {
        integration.fields.is_empty()
            && integration
                .endpoints
                .contains(&Endpoint::DeliveryConfiguration)
    };
    let integration = ALL.iter().find(is_store).unwrap();
    let key = integration.key;
    let store = sample::fields_of(integration, Endpoint::DeliveryConfiguration);
    let [first, .., last] = store else {
        return;
    };
    let values = json!({(first.key): "a", (last.key): "b"});
    let error = AnyConfigValues::from_json(key, values).unwrap_err();
    let mut keys = [first.key, last.key];
    keys.sort_unstable();
    assert_eq!(
        error.to_string(),
        format!(
            "{key}: values of another part; expected those of the integration itself; found \
             {}, {} of its capability featureStore; their endpoint is delivery-configuration; read \
             them with `AnyConfigValues::for_endpoint(Endpoint::DeliveryConfiguration, …)`, and \
             send them with `delivery_configurations()`",
            keys[0], keys[1],
        )
    );
}

#[test]
fn an_unknown_integration() {
    let error = AnyConfigValues::from_json("acme/internal", json!({})).unwrap_err();
    assert_eq!(
        error.to_string(),
        "unknown integration key \"acme/internal\"; to send values of an integration that this \
         crate doesn't know, use `RawConfigValues`"
    );
    let key = ALL[0].key;
    let upper = key.to_uppercase();
    let error = AnyConfigValues::from_json(&upper, json!({})).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("unknown integration key \"{upper}\"; did you mean {key}?")
    );
    let problem = &error.problems()[0];
    assert_eq!(
        problem.to_string(),
        format!(
            "unknown integration key; expected the key of an integration that this crate knows; \
             found \"{upper}\"; did you mean {key}?"
        )
    );
}

#[test]
fn a_secret_that_is_printed() {
    let secret = SecretString::from("canary");
    assert_eq!(format!("{secret:?}"), "SecretString([redacted])");
    let token = AccessToken::new("canary").unwrap();
    assert!(!format!("{token:?}").contains("canary"));
    let raw = RawConfigValues::new("acme")
        .unwrap()
        .with("token", "canary");
    let shown = format!("{:?}", NewIntegrationConfiguration::new("Acme", raw));
    assert!(!shown.contains("canary"), "{shown}");
}

#[test]
fn a_missing_token_and_a_bad_host() {
    assert_eq!(
        SetupError::MissingToken.to_string(),
        "LAUNCHDARKLY_ACCESS_TOKEN is not set: set it to a token from LaunchDarkly's organization settings"
    );
    let error = SetupError::Token {
        variable: Some("LAUNCHDARKLY_ACCESS_TOKEN"),
        error: AccessToken::new("").unwrap_err(),
    };
    assert_eq!(
        error.to_string(),
        "LAUNCHDARKLY_ACCESS_TOKEN: the access token is empty: set it to a token from LaunchDarkly's \
         organization settings, such as api-0123abcd"
    );
    let error = Host::new("http://app.launchdarkly.com").unwrap_err();
    let expected = "LAUNCHDARKLY_API_HOST: the host's URL must begin with https:// (http:// is accepted for loopback addresses, and for other hosts by Host::insecure)";
    assert_eq!(SetupError::Host(error).to_string(), expected);
}

#[test]
fn a_blank_name_and_a_blank_value() {
    let api = Api::new(AccessToken::new("api-0123").unwrap());
    let raw = || RawConfigValues::new("acme").unwrap().with("token", "");
    for name in ["", " \t"] {
        let new = NewIntegrationConfiguration::new(name, raw());
        let error = api.integration_configurations().create(&new).request();
        assert_eq!(
            error.unwrap_err().to_string(),
            "can't create an integration configuration: the request is invalid: the name is empty \
             or blank: choose a visible name"
        );
    }
    // Raw values may be blank.
    let new = NewIntegrationConfiguration::new("Acme", raw());
    assert!(
        api.integration_configurations()
            .create(&new)
            .request()
            .is_ok()
    );
}

#[test]
fn an_invalid_declaration() {
    let declared = |json| Declaration::from_json(json).unwrap_err().to_string();
    assert_eq!(
        declared(json!({"endpoint": "audit-log-subscription"})),
        "key: required, but missing; expected the key of an integration, such as \"datadog\""
    );
    assert_eq!(
        declared(json!({"key": " ", "enabled": true})),
        "2 problems: enabled: unknown key; expected one of key, endpoint, name, values, on, tags, \
         statements, additionalFormVariables, project, environment, unchecked; did you mean on? | \
         key: empty or blank; expected a string that isn't blank; found the string \" \""
    );
    assert_eq!(
        declared(json!(["canary"])),
        "wrong type; expected an object; found an array"
    );
}
