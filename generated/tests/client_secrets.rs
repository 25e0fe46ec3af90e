//! A client shows no secret, even if the server repeats it in a response.

// Clippy knows `#[test]` functions as tests, but not their helpers.
#![allow(clippy::unwrap_used)]

mod support;

use std::error::Error as _;

use launchdarkly_integrations::client::{
    AuditLogSubscriptionPatch, BigSegmentStorePatch, DeliveryConfigurationPatch, Error,
    FlagImportPatch, IntegrationConfigurationPatch, MockTransport, NewAuditLogSubscription,
    NewBigSegmentStore, NewDeliveryConfiguration, NewFlagImport, NewIntegrationConfiguration,
    RawConfigValues, RetryPolicy, blocking,
};
use launchdarkly_integrations::{
    AnyConfigValues, Endpoint, Field, FieldKind, Integration, integrations,
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use support::calls::{Arguments, every_call};
use support::sample::{self, fields_of};

const TOKEN: &str = "api-tok3n-canary";
/// Each encoding changes it.
const SECRET: &str = "can\"ary&<s3cret>+é /?";

/// Encodes a secret for a response.
type Encode = fn(&str) -> String;

fn raw(text: &str) -> String {
    text.to_owned()
}

fn json_string(text: &str) -> String {
    let json = Value::from(text).to_string();
    json[1..json.len() - 1].to_owned()
}

/// Like Go's encoder.
fn go_json(text: &str) -> String {
    let json = json_string(text);
    json.replace('&', "\\u0026")
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
}

/// Writes all characters except ASCII letters and digits as Unicode escapes such as `\u0026`.
fn ascii_json(text: &str) -> String {
    let units = text.encode_utf16();
    units
        .map(|unit| match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            _ => format!("\\u{unit:04X}"),
        })
        .collect()
}

fn percent(text: &str) -> String {
    let bytes = text.bytes();
    bytes
        .map(|byte| match byte {
            byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

fn form(text: &str) -> String {
    let bytes = text.bytes();
    bytes
        .map(|byte| match byte {
            b' ' => "+".to_owned(),
            byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            byte => format!("%{byte:02x}"),
        })
        .collect()
}

fn html(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&#34;")
}

fn html_numbers(text: &str) -> String {
    text.chars()
        .map(|c| format!("&#x{:x};", u32::from(c)))
        .collect()
}

/// JSON in a JSON string.
fn twice(text: &str) -> String {
    json_string(&go_json(text))
}

const ENCODINGS: [Encode; 9] = [
    raw,
    json_string,
    go_json,
    ascii_json,
    percent,
    form,
    html,
    html_numbers,
    twice,
];

/// Writes the body of a response.
type WriteBody = fn(&str) -> String;

fn page(text: &str) -> String {
    format!("<html><body class=\"a\">Bad request: {text}</body></html>")
}

fn message(text: &str) -> String {
    json!({"code": "invalid_request", "message": format!("no: {text}!"), "id": text}).to_string()
}

/// For a string that is escaped for JSON.
fn escaped_message(text: &str) -> String {
    format!(r#"{{"code": "{text}", "message": "no: {text}", "{text}": ["{text}"]}}"#)
}

fn created(text: &str) -> String {
    format!(r#"{{"id": 7, "name": "x", "config": {{"other": "unmarked-canary", "a": "{text}"}}}}"#)
}

const BODIES: [WriteBody; 5] = [raw, page, message, escaped_message, created];

/// Everything that an error shows.
fn shown(error: &Error) -> String {
    let mut shown = format!("{error}\n{error:?}\n{:?}\n", error.headers());
    for text in [error.code(), error.message(), error.request_id()] {
        shown.push_str(text.unwrap_or_default());
        shown.push('\n');
    }
    shown.push_str(&String::from_utf8_lossy(error.body()));
    let mut source = error.source();
    while let Some(cause) = source {
        shown.push_str(&format!("\n{cause} {cause:?}"));
        source = cause.source();
    }
    shown
}

/// Checks that no encoding of the secret's beginning is shown.
fn check(shown: &str, secret: &str, context: &str) {
    let beginning: String = secret.chars().take(5).collect();
    for encode in ENCODINGS {
        let beginning = encode(&beginning);
        assert!(
            !shown.contains(&beginning),
            "{context}: {beginning}: {shown}"
        );
    }
}

fn client(mock: MockTransport) -> blocking::Client {
    blocking::Client::builder(TOKEN)
        .transport(mock)
        .retry(RetryPolicy::never())
        .build()
        .unwrap()
}

fn responding(status: u16, body: &[u8]) -> MockTransport {
    let response = http::Response::builder()
        .status(status)
        .header("x-echo", TOKEN)
        .body(body.to_vec());
    MockTransport::new().response(response.unwrap())
}

/// Every encoding, in every kind of body, complete and truncated.
#[test]
fn errors_show_no_secret_that_a_response_repeats() {
    let arguments = Arguments::new(SECRET);
    for encode in ENCODINGS {
        for write_body in BODIES {
            for secret in [SECRET, TOKEN] {
                let body = write_body(&encode(secret));
                for status in [200, 201, 204, 400, 502] {
                    for cut in [body.len(), body.len() * 3 / 4, body.len() / 2] {
                        let mock = responding(status, &body.as_bytes()[..cut]);
                        let client = client(mock);
                        let new = &arguments.subscription;
                        let Err(error) = client.audit_log_subscriptions().create(new).send() else {
                            continue;
                        };
                        let shown = shown(&error);
                        check(&shown, secret, &body);
                        assert!(!shown.contains("unmarked-canary"), "{shown}");
                    }
                }
            }
        }
    }
}

/// All calls send the token, and some send values.
#[test]
fn no_call_shows_the_secrets_that_it_sends() {
    let arguments = Arguments::new(SECRET);
    let body = format!(
        r#"{{"message": "{}", "config": "{TOKEN}"}}"#,
        go_json(SECRET)
    );
    macro_rules! each {
        ($method:literal, $template:literal, $call:expr) => {
            $call.send().map(drop).unwrap_err()
        };
    }
    let mut mock = MockTransport::new();
    for _ in 0..28 {
        let response = http::Response::builder()
            .status(400)
            .body(body.clone().into_bytes());
        mock = mock.response(response.unwrap());
    }
    let client = client(mock.clone());
    for (number, error) in every_call!(client, arguments, each).into_iter().enumerate() {
        let shown = shown(&error);
        check(&shown, TOKEN, "token");
        if !mock.requests()[number].body().is_null() {
            check(&shown, SECRET, "secret");
        }
    }
    let shown = format!("{mock:?} {:?} {client:?}", mock.requests());
    check(&shown, SECRET, "mock");
    check(&shown, TOKEN, "mock");
}

#[test]
fn every_secret_field_of_every_endpoint_is_redacted() {
    let mut fields = 0;
    for integration in integrations::ALL {
        for endpoint in integration.endpoints {
            for field in fields_of(integration, *endpoint)
                .iter()
                .filter(|field| field.secret)
            {
                let secret = secret_of(field);
                let body = escaped_message(&go_json(&secret));
                let error = error(integration, *endpoint, field, &secret, &body);
                check(
                    &shown(&error),
                    &secret,
                    &format!("{} {}", integration.key, field.key),
                );
                fields += 1;
            }
        }
    }
    assert!(fields > 0);
}

/// A valid secret for the field.
fn secret_of(field: &Field) -> String {
    let sample = sample::sample(field, "canary-0123&x");
    sample
        .as_str()
        .map_or_else(|| sample.to_string(), str::to_owned)
}

fn error(
    integration: &Integration,
    endpoint: Endpoint,
    field: &Field,
    secret: &str,
    body: &str,
) -> Error {
    let mut values = required(fields_of(integration, endpoint));
    values.insert(field.key.to_owned(), secret.into());
    let values = AnyConfigValues::for_endpoint(endpoint, integration.key, values.into()).unwrap();
    let client = client(responding(400, body.as_bytes()));
    let key = integration.key;
    match endpoint {
        Endpoint::IntegrationConfiguration => {
            let patch = IntegrationConfigurationPatch::new()
                .any_values(values.clone())
                .unwrap();
            let new = NewIntegrationConfiguration::with_any("x", values).unwrap();
            check_redacted(
                &format!("{new:?} {} {patch:?}", new.redacted().unwrap()),
                secret,
            );
            client
                .integration_configurations()
                .create(&new)
                .send()
                .unwrap_err()
        }
        Endpoint::AuditLogSubscription => {
            let new = NewAuditLogSubscription::with_any("x", values.clone()).unwrap();
            let patch = AuditLogSubscriptionPatch::new().any_values(values).unwrap();
            check_redacted(
                &format!("{new:?} {} {patch:?}", new.redacted().unwrap()),
                secret,
            );
            let subscriptions = client.audit_log_subscriptions();
            subscriptions.update(key, "1", &patch).send().unwrap_err()
        }
        Endpoint::DeliveryConfiguration => {
            let new = NewDeliveryConfiguration::with_any(values.clone()).unwrap();
            let patch = DeliveryConfigurationPatch::new()
                .any_values(values)
                .unwrap();
            check_redacted(
                &format!("{new:?} {} {patch:?}", new.redacted().unwrap()),
                secret,
            );
            let deliveries = client.delivery_configurations().environment("p", "e");
            deliveries.update(key, "1", &patch).send().unwrap_err()
        }
        Endpoint::BigSegmentStore => {
            let new = NewBigSegmentStore::with_any(values.clone()).unwrap();
            let patch = BigSegmentStorePatch::new().any_values(values).unwrap();
            check_redacted(
                &format!("{new:?} {} {patch:?}", new.redacted().unwrap()),
                secret,
            );
            let stores = client.big_segment_stores().environment("p", "e");
            stores.update(key, "1", &patch).send().unwrap_err()
        }
        Endpoint::FlagImport => {
            let new = NewFlagImport::with_any(values.clone()).unwrap();
            let patch = FlagImportPatch::new().any_values(values).unwrap();
            check_redacted(
                &format!("{new:?} {} {patch:?}", new.redacted().unwrap()),
                secret,
            );
            let imports = client.flag_imports().project("p");
            imports.update(key, "1", &patch).send().unwrap_err()
        }
        _ => unreachable!("a new endpoint"),
    }
}

fn check_redacted(shown: &str, secret: &str) {
    check(shown, secret, "request");
    assert!(shown.contains("[redacted]"), "{shown}");
}

/// The manifest doesn't mark the URL as a secret.
#[test]
fn the_password_in_a_url_is_a_secret() {
    const URL: &str = "https://user:p4ssword-canary@host.example:8088";
    let endpoint = Endpoint::AuditLogSubscription;
    let receivers = integrations::ALL.iter();
    for integration in receivers.filter(|one| one.endpoints.contains(&endpoint)) {
        let is_plain_uri = |field: &&Field| field.kind == FieldKind::Uri && !field.secret;
        for field in integration.fields.iter().filter(is_plain_uri) {
            let mut values = required(integration.fields);
            values.insert(field.key.to_owned(), URL.into());
            let values = AnyConfigValues::from_json(integration.key, values.into()).unwrap();
            let shown_values = format!("{values:?}");
            let new = NewAuditLogSubscription::with_any("x", values).unwrap();
            let client = client(responding(400, br#"{"message": "no p4ssword-canary"}"#));
            let call = client.audit_log_subscriptions().create(&new);
            let error = call.send().unwrap_err();
            let redacted = new.redacted().unwrap();
            let shown = format!("{} {new:?} {redacted} {shown_values}", shown(&error));
            assert!(!shown.contains("p4ssword"), "{shown}");
            assert!(shown.contains("user:[redacted]@host.example"), "{shown}");
        }
    }
}

/// The required values.
fn required(fields: &[Field]) -> Map<String, Value> {
    let required = fields.iter().filter(|field| sample::is_required(field));
    required
        .map(|field| (field.key.to_owned(), sample::sample(field, "x")))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Random secrets in a body that is cut anywhere. One may contain the other.
    #[test]
    fn errors_show_no_random_secret(
        first in "[ -~é]{6,20}",
        second in "[a-z&<\"%]{6,12}",
        encoding in 0..ENCODINGS.len(),
        body in 0..BODIES.len(),
        cut in 0.0..=1.0f64,
        nested in any::<bool>(),
    ) {
        let second = if nested { format!("{first}{second}") } else { second };
        let values = RawConfigValues::new("acme").unwrap();
        let values = values.with("a", first.clone()).with("b", second.clone());
        let new = NewAuditLogSubscription::new("x", values);
        let body = BODIES[body](&ENCODINGS[encoding](&format!("{second} {first}")));
        let cut = (body.len() as f64 * cut) as usize;
        let client = client(responding(502, &body.as_bytes()[..cut]));
        let error = client.audit_log_subscriptions().create(&new).send().unwrap_err();
        let shown = shown(&error);
        for secret in [&first, &second] {
            let encoded = ENCODINGS[encoding](secret);
            prop_assert!(!shown.contains(encoded.as_str()), "{}: {}", encoded, shown);
        }
    }
}
