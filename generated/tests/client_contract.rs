//! Checks requests and responses against LaunchDarkly's OpenAPI document and documentation.

// Clippy knows `#[test]` functions as tests, but not their helpers.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderName};
use http::{Request, Response, StatusCode};
use launchdarkly_integrations::client::{
    AccessToken, Actions, AdditionalFormVariable, Api, AuditLogSubscriptionPatch, Body,
    DeliveryConfigurationPatch, Effect, Error, ErrorKind, FormVariableNames,
    IntegrationConfigurationPatch, NewAuditLogSubscription, NewBigSegmentStore,
    NewDeliveryConfiguration, NewFlagImport, NewIntegrationConfiguration, RawConfigValues,
    Resources, Statement,
};
use launchdarkly_integrations::{AnyConfigValues, Endpoint, Field, integrations};
use serde_json::{Map, Value, json};
use support::calls::{Arguments, every_call, filled};
use support::openapi;
use support::sample;
use support::validator::Validator;

const TOKEN: &str = "api-0123-4567";
const NAME: &str = "Prod \"1\"";

fn api() -> Api {
    Api::new(AccessToken::new(TOKEN).unwrap())
}

/// Any call of an [`Api`].
struct AnyCall<'a> {
    method: &'static str,
    template: &'static str,
    request: Request<Body>,
    /// Parses a response with this status and body.
    read: Box<Read<'a>>,
}

type Read<'a> = dyn Fn(u16, &str) -> Result<(), Error> + 'a;

fn all_calls<'a>(api: &'a Api, arguments: &'a Arguments) -> Vec<AnyCall<'a>> {
    macro_rules! each {
        ($method:literal, $template:literal, $call:expr) => {{
            let call = $call;
            AnyCall {
                method: $method,
                template: $template,
                request: call.request().unwrap(),
                read: Box::new(move |status, body| {
                    let mut response = Response::new(body.to_owned());
                    *response.status_mut() = StatusCode::from_u16(status).unwrap();
                    call.parse(&response).map(drop)
                }),
            }
        }};
    }
    every_call!(*api, *arguments, each)
}

/// Checks what all requests have in common, and returns the body.
fn check_request(call: &str, request: &Request<Body>, is_beta: bool) -> Option<Value> {
    let uri = request.uri();
    assert_eq!(uri.scheme_str(), Some("https"), "{call}");
    assert_eq!(uri.host(), Some("app.launchdarkly.com"), "{call}");
    assert_eq!(uri.query(), None, "{call}");
    let headers = |name: &HeaderName| -> Vec<String> {
        let values = request.headers().get_all(name).iter();
        values
            .map(|value| value.to_str().unwrap().to_owned())
            .collect()
    };
    let version = if is_beta { "beta" } else { "20240415" };
    let version_name = HeaderName::from_static("ld-api-version");
    assert_eq!(headers(&version_name), [version], "{call}");
    assert_eq!(headers(&AUTHORIZATION), [TOKEN], "{call}");
    assert!(!request.headers().contains_key(HOST), "{call}");
    let body = request.body();
    if body.is_empty() {
        assert!(headers(&CONTENT_TYPE).is_empty(), "{call}");
        return None;
    }
    assert_eq!(headers(&CONTENT_TYPE), ["application/json"], "{call}");
    Some(serde_json::from_slice(body.as_ref()).unwrap())
}

#[test]
fn every_operation_of_the_document_has_a_call() {
    let Some(document) = openapi::document() else {
        return;
    };
    let documented = openapi::operations(&document);
    let names: BTreeSet<(&str, &str)> = documented
        .iter()
        .map(|(method, path, _)| (method.as_str(), path.as_str()))
        .collect();
    let (api, arguments) = (api(), Arguments::new("0123456789"));
    let calls = all_calls(&api, &arguments);
    let ours: BTreeSet<(&str, &str)> = calls
        .iter()
        .map(|call| (call.method, call.template))
        .collect();
    assert_eq!(ours, names);
    assert_eq!(calls.len(), ours.len());

    let validators = Validators::new(&document);
    for call in &calls {
        let name = format!("{} {}", call.method, call.template);
        let (_, _, operation) = documented
            .iter()
            .find(|(method, path, _)| {
                (method.as_str(), path.as_str()) == (call.method, call.template)
            })
            .unwrap();
        assert_eq!(call.request.method(), call.method, "{name}");
        assert_eq!(call.request.uri().path(), filled(call.template), "{name}");
        let is_beta = operation["tags"][0].as_str().unwrap().ends_with("(beta)");
        let body = check_request(&name, &call.request, is_beta);
        assert_eq!(
            body.is_some(),
            operation["requestBody"].is_object(),
            "{name}"
        );
        if let Some(body) = body {
            validators.check(call.method, call.template, &body);
        }
        check_statuses(&name, call, operation);
    }
}

/// Checks that only the documented status is a success.
fn check_statuses(name: &str, call: &AnyCall<'_>, operation: &Value) {
    let body = r#"{"_id": "1", "items": []}"#;
    let responses = operation["responses"].as_object().unwrap();
    let documented: Vec<u16> = responses
        .keys()
        .map(|status| status.parse().unwrap())
        .collect();
    let success: Vec<u16> = documented
        .iter()
        .copied()
        .filter(|status| *status < 300)
        .collect();
    assert_eq!(success.len(), 1, "{name}");
    let changes = call.method != "GET";
    for status in (200..600).filter(|status| StatusCode::from_u16(*status).is_ok()) {
        let read = (call.read)(status, body);
        if status == success[0] {
            assert!(read.is_ok(), "{name}: {status}");
            continue;
        }
        let error = read.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), status, "{name}");
        let kind = match status {
            ..300 => ErrorKind::MalformedResponse,
            300..400 => ErrorKind::Redirected,
            400 => ErrorKind::BadRequest,
            401 => ErrorKind::Unauthorized,
            403 => ErrorKind::Forbidden,
            404 => ErrorKind::NotFound,
            409 => ErrorKind::Conflict,
            422 => ErrorKind::PatchFailed,
            429 => ErrorKind::RateLimited,
            500.. => ErrorKind::ServerError,
            _ => ErrorKind::UnexpectedStatus,
        };
        assert_eq!(error.kind(), kind, "{name}: {status}");
        let is_documented_rejection = documented.contains(&status) && status < 500;
        if !changes || is_documented_rejection {
            assert_eq!(error.effect(), Effect::None, "{name}: {status}");
        } else if !(304..500).contains(&status) {
            assert_eq!(error.effect(), Effect::Unknown, "{name}: {status}");
        }
    }
}

/// The schemas of request bodies by method and path.
struct Validators(BTreeMap<(String, String), Validator>);

impl Validators {
    fn new(document: &Value) -> Self {
        let mut strict = document.clone();
        forbid_unknown_properties(&mut strict["components"]["schemas"]);
        let operations = openapi::operations(&strict);
        let bodies = operations
            .into_iter()
            .filter_map(|(method, path, operation)| {
                let reference = &operation["requestBody"]["content"]["application/json"]["schema"];
                let reference = reference.get("$ref")?;
                let schema = json!({"$ref": reference, "components": strict["components"]});
                Some(((method, path), Validator::draft_4(&schema)))
            });
        Self(bodies.collect())
    }

    fn get(&self, method: &str, path: &str) -> &Validator {
        &self.0[&(method.to_owned(), path.to_owned())]
    }

    fn check(&self, method: &str, path: &str, body: &Value) {
        let result = self.get(method, path).check(body);
        assert_eq!(result, Ok(()), "{method} {path}: {body}");
    }
}

/// Forbids properties that the document doesn't name. The document allows them, so that it would
/// accept misspelt names.
fn forbid_unknown_properties(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            let has_properties = members.get("properties").is_some_and(Value::is_object);
            if has_properties && members.get("type") == Some(&json!("object")) {
                members
                    .entry("additionalProperties")
                    .or_insert(json!(false));
            }
            members.values_mut().for_each(forbid_unknown_properties);
        }
        Value::Array(elements) => elements.iter_mut().for_each(forbid_unknown_properties),
        _ => {}
    }
}

/// Values of an integration: the input, and the JSON that must be sent.
struct Case {
    input: Value,
    sent: Value,
}

/// Cases with all fields, with only the required ones, and with each other field alone.
fn cases(fields: &[Field]) -> Vec<Case> {
    let required: Map<String, Value> = fields
        .iter()
        .filter(|field| !field.optional && field.default.is_none())
        .map(first_sample)
        .collect();
    let mut all = vec![required.clone(), fields.iter().map(first_sample).collect()];
    for field in fields {
        for sample in samples(field) {
            let mut members = required.clone();
            members.insert(field.key.to_owned(), sample);
            all.push(members);
        }
    }
    let case = |input: Map<String, Value>| Case {
        sent: with_defaults(fields, input.clone()).into(),
        input: input.into(),
    };
    all.into_iter().map(case).collect()
}

/// Adds the default of each field that is neither optional nor set.
fn with_defaults(fields: &[Field], mut members: Map<String, Value>) -> Map<String, Value> {
    for field in fields.iter().filter(|field| !field.optional) {
        let Some(default) = field.default else {
            continue;
        };
        let default = Value::from(default);
        members.entry(field.key).or_insert(default);
    }
    members
}

fn first_sample(field: &Field) -> (String, Value) {
    (field.key.to_owned(), samples(field).swap_remove(0))
}

fn samples(field: &Field) -> Vec<Value> {
    sample::good_values(field, "a")
}

/// A request that creates something.
struct Creation {
    request: Request<Body>,
    template: &'static str,
}

const CONFIGURATIONS: &str = "/integration-configurations/keys/{integrationKey}";
const SUBSCRIPTIONS: &str = "/integrations/{integrationKey}";
const DELIVERIES: &str =
    "/integration-capabilities/featureStore/{projectKey}/{environmentKey}/{integrationKey}";
const STORES: &str =
    "/integration-capabilities/big-segment-store/{projectKey}/{environmentKey}/{integrationKey}";
const IMPORTS: &str = "/integration-capabilities/flag-import/{projectKey}/{integrationKey}";

/// Requests with each of the other settings, and what these add to the body.
fn creations(api: &Api, endpoint: Endpoint, values: &AnyConfigValues) -> Vec<(Creation, Value)> {
    match endpoint {
        Endpoint::IntegrationConfiguration => settings()
            .into_iter()
            .map(|Setting { set, sent }| {
                let new = NewIntegrationConfiguration::with_any(NAME, values.clone()).unwrap();
                let new = set(new);
                let call = api.integration_configurations().create(&new);
                (creation(CONFIGURATIONS, call.request()), with_name(sent))
            })
            .collect(),
        Endpoint::AuditLogSubscription => {
            let new = || NewAuditLogSubscription::with_any(NAME, values.clone()).unwrap();
            let full = new().on(false).tags(["a", "b"]).statements(statements());
            let sent = json!({"on": false, "tags": ["a", "b"], "statements": sent_statements()});
            [(new(), json!({})), (full, sent)]
                .into_iter()
                .map(|(new, sent)| {
                    let call = api.audit_log_subscriptions().create(&new);
                    (creation(SUBSCRIPTIONS, call.request()), with_name(sent))
                })
                .collect()
        }
        Endpoint::DeliveryConfiguration => {
            let new = || NewDeliveryConfiguration::with_any(values.clone()).unwrap();
            let full = new().name(NAME).on(true).tags(["a"]);
            [
                (new(), json!({})),
                (full, with_name(json!({"on": true, "tags": ["a"]}))),
            ]
            .into_iter()
            .map(|(new, sent)| {
                let call = api
                    .delivery_configurations()
                    .environment("p", "e")
                    .create(&new);
                (creation(DELIVERIES, call.request()), sent)
            })
            .collect()
        }
        Endpoint::BigSegmentStore => {
            let new = || NewBigSegmentStore::with_any(values.clone()).unwrap();
            let full = new().name(NAME).on(true).tags(["a"]);
            [
                (new(), json!({})),
                (full, with_name(json!({"on": true, "tags": ["a"]}))),
            ]
            .into_iter()
            .map(|(new, sent)| {
                let call = api.big_segment_stores().environment("p", "e").create(&new);
                (creation(STORES, call.request()), sent)
            })
            .collect()
        }
        Endpoint::FlagImport => {
            let new = || NewFlagImport::with_any(values.clone()).unwrap();
            let full = new().name(NAME).tags(["a"]);
            [
                (new(), json!({})),
                (full, with_name(json!({"tags": ["a"]}))),
            ]
            .into_iter()
            .map(|(new, sent)| {
                let call = api.flag_imports().project("p").create(&new);
                (creation(IMPORTS, call.request()), sent)
            })
            .collect()
        }
        _ => unreachable!("a new endpoint"),
    }
}

fn creation(template: &'static str, request: Result<Request<Body>, Error>) -> Creation {
    Creation {
        template,
        request: request.unwrap(),
    }
}

fn with_name(mut sent: Value) -> Value {
    sent["name"] = json!(NAME);
    sent
}

/// A setting of an integration configuration other than its values, and what it adds to the body.
struct Setting {
    set: fn(NewIntegrationConfiguration) -> NewIntegrationConfiguration,
    sent: Value,
}

fn settings() -> Vec<Setting> {
    let setting = |set, sent| Setting { set, sent };
    vec![
        setting(|new| new, json!({})),
        setting(|new| new.enabled(true), json!({"enabled": true})),
        setting(
            |new| new.enabled(false).tags(["ops", ""]),
            json!({"enabled": false, "tags": ["ops", ""]}),
        ),
        setting(
            |new| new.statements(statements()),
            json!({"capabilityConfig": {"auditLogEventsHook": {"statements": sent_statements()}}}),
        ),
        setting(
            |new| {
                new.additional_form_variables([full_variable(), AdditionalFormVariable::default()])
            },
            json!({"capabilityConfig": {
                "approvals": {"additionalFormVariables": [sent_full_variable(), {}]},
            }}),
        ),
        setting(
            |new| {
                new.tags(["ops"])
                    .statements(statements())
                    .additional_form_variables([full_variable()])
            },
            json!({"tags": ["ops"], "capabilityConfig": {
                "approvals": {"additionalFormVariables": [sent_full_variable()]},
                "auditLogEventsHook": {"statements": sent_statements()},
            }}),
        ),
    ]
}

fn statements() -> [Statement; 4] {
    [
        Statement::allow(Resources::only(["proj/*"]), Actions::only(["*"])),
        Statement::allow(Resources::only(["proj/a"]), Actions::all_but(["b", "c"])),
        Statement::deny(Resources::all_but(["proj/*"]), Actions::only(["*"])),
        Statement::deny(Resources::all_but(["proj/a"]), Actions::all_but(["b"])),
    ]
}

fn sent_statements() -> Value {
    json!([
        {"effect": "allow", "resources": ["proj/*"], "actions": ["*"]},
        {"effect": "allow", "resources": ["proj/a"], "notActions": ["b", "c"]},
        {"effect": "deny", "notResources": ["proj/*"], "actions": ["*"]},
        {"effect": "deny", "notResources": ["proj/a"], "notActions": ["b"]},
    ])
}

fn full_variable() -> AdditionalFormVariable {
    let mut variable = AdditionalFormVariable::new(FormVariableNames {
        key: "k".to_owned(),
        name: "Name".to_owned(),
        kind: "dynamicEnum".to_owned(),
    });
    variable.description = Some("what".to_owned());
    variable.placeholder = Some("such as".to_owned());
    variable.optional = Some(true);
    variable.default = Some(json!("a"));
    variable.allowed_values = Some(vec!["a".to_owned(), "b".to_owned()]);
    variable.dynamic_options = Some(dynamic_options());
    variable
}

fn sent_full_variable() -> Value {
    json!({
        "key": "k",
        "name": "Name",
        "type": "dynamicEnum",
        "description": "what",
        "placeholder": "such as",
        "isOptional": true,
        "defaultValue": "a",
        "allowedValues": ["a", "b"],
        "dynamicOptions": dynamic_options(),
    })
}

fn dynamic_options() -> Value {
    json!({
        "endpoint": {
            "url": "https://example.com",
            "method": "GET",
            "headers": [{"name": "X-A", "value": "b"}],
            "hmacSignature": {"headerName": "X-Sign", "hmacSecretFormVariableKey": "k"},
        },
        "parser": {"optionsItems": {"label": "l", "value": "v"}, "optionsPath": "/o"},
    })
}

#[test]
fn every_create_request_matches_the_document() {
    let Some(document) = openapi::document() else {
        return;
    };
    let validators = Validators::new(&document);
    let api = api();
    let mut seen = 0;
    for integration in integrations::ALL {
        for endpoint in integration.endpoints {
            for case in cases(sample::fields_of(integration, *endpoint)) {
                let key = integration.key;
                let values = AnyConfigValues::for_endpoint(*endpoint, key, case.input).unwrap();
                for (creation, mut expected) in creations(&api, *endpoint, &values) {
                    let is_beta = *endpoint != Endpoint::AuditLogSubscription;
                    let name = format!("{key} {endpoint}");
                    let body = check_request(&name, &creation.request, is_beta).unwrap();
                    validators.check("POST", creation.template, &body);
                    let path = creation.template.replace("{projectKey}", "p");
                    let path = path.replace("{environmentKey}", "e");
                    let path = path.replace("{integrationKey}", key);
                    assert_eq!(creation.request.uri().path(), format!("/api/v2{path}"));
                    let values = match endpoint {
                        Endpoint::IntegrationConfiguration => "configValues",
                        _ => "config",
                    };
                    expected[values] = case.sent.clone();
                    assert_eq!(body, expected, "{name}");
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 0);
}

/// Values of all JSON types, and a value that is set twice.
#[test]
fn raw_values_are_sent_unchanged() {
    let Some(document) = openapi::document() else {
        return;
    };
    let validators = Validators::new(&document);
    let api = api();
    for value in [
        json!(true),
        json!(-1.5),
        json!("text"),
        json!(null),
        json!([null, {"a": []}]),
    ] {
        let raw = RawConfigValues::new("Acme_1.x-y").unwrap();
        let raw = raw.with("new-key", value.clone()).with("apiKey", 0);
        let new = NewIntegrationConfiguration::new("x", raw).with_value("apiKey", "1");
        let request = api
            .integration_configurations()
            .create(&new)
            .request()
            .unwrap();
        assert!(request.uri().path().ends_with("/keys/Acme_1.x-y"));
        let body = check_request("raw", &request, true).unwrap();
        validators.check("POST", CONFIGURATIONS, &body);
        let values = json!({"apiKey": "1", "new-key": value});
        assert_eq!(body, json!({"name": "x", "configValues": values}));
    }
}

#[test]
fn a_patch_replaces_properties_and_the_last_value_of_a_path_counts() {
    let values = RawConfigValues::new("acme").unwrap().with("apiKey", "0123");
    let patch = AuditLogSubscriptionPatch::new()
        .name("old")
        .replace("/url", "https://example.com")
        .on(false)
        .tags(["a", "b"])
        .statements(statements())
        .values(values)
        .name("new");
    let expected = json!([
        {"op": "replace", "path": "/url", "value": "https://example.com"},
        {"op": "replace", "path": "/on", "value": false},
        {"op": "replace", "path": "/tags", "value": ["a", "b"]},
        {"op": "replace", "path": "/statements", "value": sent_statements()},
        {"op": "replace", "path": "/config", "value": {"apiKey": "0123"}},
        {"op": "replace", "path": "/name", "value": "new"},
    ]);
    let (api, shown) = (api(), format!("{patch:?}"));
    let request = api
        .audit_log_subscriptions()
        .update("acme", "1", &patch)
        .request()
        .unwrap();
    let body: Value = serde_json::from_slice(request.body().as_ref()).unwrap();
    assert_eq!(body, expected);
    assert!(
        !shown.contains("0123") && !shown.contains("example.com"),
        "{shown}"
    );
}

/// Shows that the tests above can fail.
#[test]
fn the_document_rejects_invalid_bodies() {
    let Some(document) = openapi::document() else {
        return;
    };
    let validators = Validators::new(&document);
    let statement = |statement: Value| {
        json!({"name": "x", "configValues": {},
            "capabilityConfig": {"auditLogEventsHook": {"statements": [statement]}}})
    };
    let valid = json!({"name": "x", "configValues": {"any": 1}, "tags": [], "enabled": true});
    let validator = validators.get("POST", CONFIGURATIONS);
    assert!(validator.is_valid(&valid));
    assert!(validator.is_valid(&statement(json!({"effect": "deny", "actions": ["*"]}))));
    for wrong in [
        json!({"configValues": {}}),
        json!({"name": "x"}),
        json!({"name": 1, "configValues": {}}),
        json!({"name": "x", "configValues": []}),
        json!({"name": "x", "configValues": {}, "tags": "ops"}),
        json!({"name": "x", "configValues": {}, "enabled": "true"}),
        json!({"name": "x", "configValues": {}, "Enabled": true}),
        json!({"name": "x", "configValues": {}, "capabilityConfig": {"approval": {}}}),
        statement(json!({"actions": ["*"]})),
        statement(json!({"effect": "Allow"})),
        statement(json!({"effect": "allow", "not_actions": ["*"]})),
    ] {
        assert!(!validator.is_valid(&wrong), "{wrong}");
    }
    for (template, wrong) in [
        (SUBSCRIPTIONS, json!({"name": "x", "configValues": {}})),
        (
            SUBSCRIPTIONS,
            json!({"name": "x", "config": {}, "enabled": true}),
        ),
        (
            SUBSCRIPTIONS,
            json!({"name": "x", "config": {}, "statements": [{}]}),
        ),
        (DELIVERIES, json!({"name": "x"})),
        (DELIVERIES, json!({"config": {}, "statements": []})),
        (STORES, json!({"config": {}, "on": "true"})),
        (IMPORTS, json!({"config": {}, "on": true})),
    ] {
        assert!(
            !validators.get("POST", template).is_valid(&wrong),
            "{template}: {wrong}"
        );
    }
    let patches = validators.get("PATCH", "/integrations/{integrationKey}/{id}");
    assert!(!patches.is_valid(&json!([{"op": "replace", "value": 1}])));
    assert!(!patches.is_valid(&json!({"op": "replace", "path": "/on"})));
}

#[test]
fn invalid_requests_are_rejected_with_a_reason() {
    let api = api();
    let values = || RawConfigValues::new("acme").unwrap();
    let check = |error: Error, reason: &str| {
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
        assert_eq!(
            (error.attempts(), error.effect()),
            (0, Effect::None),
            "{error}"
        );
        for text in [error.to_string(), format!("{error:?}")] {
            assert!(text.contains(reason), "{text}");
        }
    };
    let subscriptions = api.audit_log_subscriptions();
    check(
        subscriptions.get("datadog", "").request().unwrap_err(),
        "the id is empty",
    );
    check(
        subscriptions.list("..").request().unwrap_err(),
        r#"the integration key ".." can't be part of a URL path"#,
    );
    let new = NewAuditLogSubscription::new("x", values().with("token", "abc******xyz"));
    check(
        subscriptions.create(&new).request().unwrap_err(),
        r#"the value of "token" is masked"#,
    );
    let patch = AuditLogSubscriptionPatch::new().values(values());
    check(
        subscriptions
            .update("datadog", "1", &patch)
            .request()
            .unwrap_err(),
        r#"the patch has values of the integration "acme", but the call is for "datadog""#,
    );
    let agent = Api::new(AccessToken::new(TOKEN).unwrap()).user_agent("a\nb");
    check(
        agent.flag_imports().list().request().unwrap_err(),
        "the User-Agent contains characters that a header can't contain: change what you pass to `user_agent`",
    );
}

#[test]
fn keys_and_ids_are_encoded() {
    let api = api();
    let deliveries = api.delivery_configurations().environment("a/b", "?c");
    let request = deliveries.validate("d#e", "é f").request().unwrap();
    assert_eq!(
        request.uri().path(),
        "/api/v2/integration-capabilities/featureStore/a%2Fb/%3Fc/d%23e/%C3%A9%20f/validate"
    );
    let error = read(&deliveries.get("d#e", "é f"), 404, "{}").unwrap_err();
    for part in [
        r#"project key "a/b""#,
        r#"environment key "?c""#,
        r#"integration key "d#e""#,
        r#"id "é f""#,
    ] {
        assert!(error.to_string().contains(part), "{error}");
    }
}

fn read<R: std::fmt::Debug>(
    call: &launchdarkly_integrations::client::Call<'_, R, Api>,
    status: u16,
    body: &str,
) -> Result<R, Error> {
    let mut response = Response::new(body.to_owned());
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    call.parse(&response)
}

/// Parses the examples of all documented errors of all operations.
#[test]
fn the_errors_of_the_document_are_parsed() {
    let Some(document) = openapi::document() else {
        return;
    };
    let (api, arguments) = (api(), Arguments::new("0123456789"));
    let calls = all_calls(&api, &arguments);
    let mut read = 0;
    for (method, path, operation) in openapi::operations(&document) {
        let call = calls
            .iter()
            .find(|call| (call.method, call.template) == (method.as_str(), path.as_str()))
            .unwrap();
        for (status, response) in operation["responses"].as_object().unwrap() {
            let status: u16 = status.parse().unwrap();
            let example = &response["content"]["application/json"]["example"];
            let example = match example {
                Value::Null => document_example(&document, response),
                example => example.clone(),
            };
            if status < 300 || !example["code"].is_string() {
                continue;
            }
            let error = (call.read)(status, &example.to_string()).unwrap_err();
            assert_eq!(error.code(), example["code"].as_str(), "{path}");
            assert_eq!(error.message(), example["message"].as_str(), "{path}");
            assert_eq!(error.request_id(), example["id"].as_str(), "{path}");
            read += 1;
        }
    }
    assert!(read > 28, "{read}");
}

/// Builds an example from the examples of the schema's properties.
fn document_example(document: &Value, response: &Value) -> Value {
    let reference = &response["content"]["application/json"]["schema"]["$ref"];
    let Some(name) = reference
        .as_str()
        .and_then(|reference| reference.rsplit('/').next())
    else {
        return Value::Null;
    };
    let properties = document["components"]["schemas"][name]["properties"].as_object();
    let properties = properties.into_iter().flatten();
    properties
        .filter_map(|(key, schema)| Some((key.clone(), schema.get("example")?.clone())))
        .collect::<Map<String, Value>>()
        .into()
}

/// The exact text of each error.
#[test]
fn errors_say_what_failed_why_and_what_to_do() {
    let api = api();
    let body = r#"{"code": "forbidden", "message": "no\tway", "id": "r-1"}"#;
    let values = RawConfigValues::new("acme").unwrap();
    let new = NewAuditLogSubscription::new("x", values);
    let create = || api.audit_log_subscriptions().create(&new);
    let delivery = DeliveryConfigurationPatch::new();
    let configuration = IntegrationConfigurationPatch::new().on(false);
    let configurations = api.integration_configurations();
    for (error, text) in [
        (
            read(&create(), 403, body).unwrap_err(),
            r"can't create an audit log subscription: the access token's role doesn't allow it (status 403, forbidden): no\tway [request r-1]; asked https://app.launchdarkly.com: change the token's role, or use another token",
        ),
        (
            read(&create(), 201, "<html>").unwrap_err(),
            "can't create an audit log subscription: the response is not as documented (status 201): the response is HTML, such as the page of a proxy: check the host and the proxy; asked https://app.launchdarkly.com; it took effect: don't retry",
        ),
        (
            read(&create(), 200, "<html>").unwrap_err(),
            "can't create an audit log subscription: the response is not as documented (status 200): the response is HTML, such as the page of a proxy: check the host and the proxy; asked https://app.launchdarkly.com; it may have taken effect: check what exists before you retry",
        ),
        (
            read(&configurations.update("1", &configuration), 502, "").unwrap_err(),
            "can't update an integration configuration: the server failed (status 502); asked https://app.launchdarkly.com; it may have taken effect: check what exists before you retry",
        ),
        (
            read(&configurations.get("1"), 502, "").unwrap_err(),
            "can't get an integration configuration: the server failed (status 502); asked https://app.launchdarkly.com",
        ),
        (
            read(
                &api.delivery_configurations()
                    .environment("p", "e")
                    .update("k", "i", &delivery),
                404,
                r#"{"code": "not_found", "message": "Invalid resource identifier"}"#,
            )
            .unwrap_err(),
            r#"can't update a delivery configuration: not found (status 404, not_found): Invalid resource identifier; asked https://app.launchdarkly.com for project key "p", environment key "e", integration key "k", id "i": one of them doesn't exist, or the token can't see it"#,
        ),
        // The arguments of `environment` are swapped.
        (
            read(
                &api.delivery_configurations()
                    .environment("production", "default")
                    .list(),
                404,
                "",
            )
            .unwrap_err(),
            r#"can't list an environment's delivery configurations: not found (status 404); asked https://app.launchdarkly.com for project key "production", environment key "default": one of them doesn't exist, or the token can't see it"#,
        ),
        (
            read(&configurations.get("1"), 404, "").unwrap_err(),
            r#"can't get an integration configuration: not found (status 404); asked https://app.launchdarkly.com for id "1": it doesn't exist, or the token can't see it"#,
        ),
        (
            read(&api.flag_imports().list(), 404, "").unwrap_err(),
            "can't list flag import configurations: not found (status 404); asked https://app.launchdarkly.com",
        ),
        (
            read(&create(), 401, "").unwrap_err(),
            "can't create an audit log subscription: the access token is not valid (status 401); asked https://app.launchdarkly.com: if the account is on another host, set LAUNCHDARKLY_API_HOST, or use `Host::commercial()`, `Host::eu()` or `Host::federal()`",
        ),
        (
            read(&create(), 409, "").unwrap_err(),
            "can't create an audit log subscription: it conflicts with a concurrent call or an existing resource (status 409); check the current state, then retry",
        ),
    ] {
        assert_eq!(error.to_string(), text);
        assert_eq!(format!("{error:?}"), format!("{:?}: {text}", error.kind()));
    }
}

#[test]
fn raw_values_are_compared_by_key() {
    let values = || RawConfigValues::new("acme").unwrap();
    let one = values().with("a", "1").with("b", json!([2]));
    assert_eq!(one, values().with("b", json!([2])).with("a", "1"));
    assert_ne!(one, values().with("a", "1"));
    assert_ne!(values().with("a", "1"), one);
    assert_ne!(one, values().with("a", "1").with("b", json!([3])));
    assert_ne!(one, values().with("a", "1").with("c", json!([2])));
    let other = RawConfigValues::new("other").unwrap();
    assert_ne!(values(), other);
}
