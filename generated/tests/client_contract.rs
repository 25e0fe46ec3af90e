//! Requests and answers as LaunchDarkly's own OpenAPI document and documentation have them.

// Clippy knows `#[test]` functions as tests, but not their helpers.
#![allow(clippy::unwrap_used)]

mod support;

use std::time::SystemTime;

use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderName};
use http::{Method, Request, Response, StatusCode};
use launchdarkly_integrations::client::{
    AccessToken, Actions, AdditionalFormVariable, Api, Configuration, Effect, Error, ErrorKind,
    FormVariableNames, NewConfiguration, RawConfigValues, ReceivedStatement, Resources, Statement,
};
use launchdarkly_integrations::integrations;
use launchdarkly_integrations::{AnyConfigValues, Field, Integration};
use serde_json::{Map, Value, json};
use support::openapi;
use support::sample;
use support::validator::Validator;

const TOKEN: &str = "api-0123-4567";
const NAME: &str = "Prod \"1\"";
const PATH: &str = "/api/v2/integration-configurations/keys/{integrationKey}";

fn api() -> Api {
    Api::new(AccessToken::new(TOKEN).unwrap())
}

/// What the document says of a request's body.
fn body_validator(mut document: Value) -> Validator {
    let post = &document["paths"][PATH]["post"]["requestBody"]["content"]["application/json"];
    let reference = post["schema"]["$ref"].clone();
    assert_eq!(
        reference,
        "#/components/schemas/IntegrationConfigurationPost"
    );
    close(&mut document["components"]["schemas"]);
    let schema = json!({"$ref": reference, "components": document["components"]});
    Validator::draft_4(&schema)
}

/// Forbids properties that the document doesn't name. It lets them pass, and with them every
/// misspelt one.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            let names = members.get("properties").is_some_and(Value::is_object);
            if names && members.get("type") == Some(&json!("object")) {
                members
                    .entry("additionalProperties")
                    .or_insert(json!(false));
            }
            members.values_mut().for_each(close);
        }
        Value::Array(elements) => elements.iter_mut().for_each(close),
        _ => {}
    }
}

/// Values of an integration, as they are given and as they have to be sent.
struct Case {
    given: Value,
    sent: Value,
}

/// All fields, only the required ones, and each of the others alone, with each of its samples.
fn cases(fields: &[Field]) -> Vec<Case> {
    let least: Map<String, Value> = fields
        .iter()
        .filter(|field| !field.optional && field.default.is_none())
        .map(first_sample)
        .collect();
    let mut all = vec![least.clone(), fields.iter().map(first_sample).collect()];
    for field in fields {
        for sample in samples(field) {
            let mut members = least.clone();
            members.insert(field.key.to_owned(), sample);
            all.push(members);
        }
    }
    let case = |given: Map<String, Value>| Case {
        sent: with_defaults(fields, given.clone()).into(),
        given: given.into(),
    };
    all.into_iter().map(case).collect()
}

/// What is neither optional nor set is sent with its default.
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

/// What can be set besides the values, and what it adds to the body.
struct Setting {
    set: fn(NewConfiguration) -> NewConfiguration,
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

fn any(integration: &Integration, values: Value) -> AnyConfigValues {
    AnyConfigValues::from_json(integration.key, values).unwrap()
}

/// The body that has to be sent.
fn body(name: &str, values: &Value, setting: &Setting) -> Value {
    let mut body = setting.sent.clone();
    body["name"] = json!(name);
    body["configValues"] = values.clone();
    body
}

/// Checks a request with this body to this integration.
fn check(validator: &Validator, key: &str, request: &Request<Vec<u8>>, expected: &Value) {
    assert_eq!(request.method(), Method::POST, "{key}");
    let uri = request.uri();
    assert_eq!(uri.scheme_str(), Some("https"), "{key}");
    assert_eq!(uri.host(), Some("app.launchdarkly.com"), "{key}");
    assert_eq!(uri.path(), PATH.replace("{integrationKey}", key));
    assert_eq!(uri.query(), None, "{key}");
    for (name, value) in [
        (AUTHORIZATION, TOKEN),
        (HeaderName::from_static("ld-api-version"), "beta"),
        (CONTENT_TYPE, "application/json"),
    ] {
        let values: Vec<_> = request.headers().get_all(&name).iter().collect();
        assert_eq!(values, [value], "{key}: {name}");
    }
    assert!(!request.headers().contains_key(HOST), "{key}");

    let body: Value = serde_json::from_slice(request.body()).unwrap();
    assert_eq!(validator.check(&body), Ok(()), "{key}: {body}");
    assert_eq!(body, *expected, "{key}");
}

#[test]
fn every_request_is_as_the_document_has_it() {
    let Some(document) = openapi::document() else {
        return;
    };
    let scheme = &document["components"]["securitySchemes"]["ApiKey"];
    assert_eq!(
        (&scheme["in"], &scheme["name"]),
        (&json!("header"), &json!("Authorization"))
    );
    let validator = body_validator(document);
    let api = api();
    let mut count = 0;
    for integration in integrations::ALL.iter().filter(|one| one.creatable) {
        for case in cases(integration.fields) {
            let values = any(integration, case.given);
            for setting in settings() {
                let new = NewConfiguration::with_any(NAME, values.clone()).unwrap();
                let request = api.request(&(setting.set)(new)).unwrap();
                let body = body(NAME, &case.sent, &setting);
                check(&validator, integration.key, &request, &body);
                count += 1;
            }
        }
    }
    assert!(count > integrations::ALL.len(), "{count}");
}

#[test]
fn unchecked_values_make_requests_as_the_document_has_them() {
    let Some(document) = openapi::document() else {
        return;
    };
    let validator = body_validator(document);
    let api = api();
    for value in [
        Value::Null,
        json!(true),
        json!(-1.5),
        json!("text"),
        json!([null, {"a": []}]),
    ] {
        let raw = RawConfigValues::new("Acme_1.x-y").unwrap();
        let raw = NewConfiguration::new("x", raw.with("new-key", value.clone()).with("apiKey", 0))
            .with_value("apiKey", "1");
        for setting in settings() {
            let request = api.request(&(setting.set)(raw.clone())).unwrap();
            let values = json!({"apiKey": "1", "new-key": value});
            check(
                &validator,
                "Acme_1.x-y",
                &request,
                &body("x", &values, &setting),
            );
        }
    }
    let empty = NewConfiguration::new("", RawConfigValues::new("acme").unwrap());
    let body = json!({"name": "", "configValues": {}});
    check(&validator, "acme", &api.request(&empty).unwrap(), &body);
}

/// Else the tests above could not fail.
#[test]
fn the_document_refuses_what_is_wrong() {
    let Some(document) = openapi::document() else {
        return;
    };
    let validator = body_validator(document);
    let right = json!({"name": "x", "configValues": {"any": 1}, "tags": [], "enabled": true});
    assert!(validator.is_valid(&right));
    let statement = |statement: Value| {
        json!({"name": "x", "configValues": {},
            "capabilityConfig": {"auditLogEventsHook": {"statements": [statement]}}})
    };
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
        json!({"name": "x", "configValues": {},
            "capabilityConfig": {"approvals": {"additionalFormVariables": [{"optional": true}]}}}),
        statement(json!({"actions": ["*"]})),
        statement(json!({"effect": "Allow"})),
        statement(json!({"effect": "allow", "notActions": [null]})),
        statement(json!({"effect": "allow", "not_actions": ["*"]})),
    ] {
        assert!(!validator.is_valid(&wrong), "{wrong}");
    }
}

#[test]
fn what_belongs_to_another_endpoint_is_refused_and_the_endpoint_named() {
    let refused = integrations::ALL.iter().filter(|one| !one.creatable);
    let store = "big-segment-store/{projectKey}/{environmentKey}";
    let import = "flag-import/{projectKey}";
    let endpoint = |path: &str, key: &str| format!("/api/v2/integration-capabilities/{path}/{key}");
    for integration in refused {
        let key = integration.key;
        let values = cases(integration.fields).swap_remove(0).given;
        let refused = NewConfiguration::with_any("x", any(integration, values)).unwrap_err();
        assert_eq!(refused.integration(), integration);
        let path = match integration.capabilities.contains(&"bigSegmentStore") {
            true => store,
            false => import,
        };
        let endpoint = endpoint(path, key);
        let why = "is not created as an integration configuration, but by POST";
        assert_eq!(refused.to_string(), format!("{key} {why} {endpoint}"));
    }

    let Some(document) = openapi::document() else {
        return;
    };
    for path in [store, import] {
        let endpoint = endpoint(path, "{integrationKey}");
        assert!(
            document["paths"][&endpoint]["post"].is_object(),
            "{endpoint}"
        );
    }
}

fn read(status: u16, body: &Value) -> Result<Configuration, Error> {
    let values = RawConfigValues::new("datadog").unwrap();
    let new = NewConfiguration::new("x", values);
    let mut response = Response::new(serde_json::to_vec(body).unwrap());
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    api().read(&new, &response)
}

/// The statement of the documentation's example, which has both of each either-or pair.
fn check_example_statement(statement: &ReceivedStatement, role_name: Option<&str>) {
    assert_eq!(statement.effect, Some(Effect::Allow));
    assert_eq!(statement.resources, ["proj/*:env/*;qa_*:/flag/*"]);
    assert_eq!(statement.not_resources, ["string"]);
    assert_eq!(statement.actions, ["*"]);
    assert_eq!(statement.not_actions, ["string"]);
    assert_eq!(statement.role_name.as_deref(), role_name);
}

#[test]
fn the_documentations_answer_is_read_whole() {
    let Some(answer) = openapi::documented_answer() else {
        return;
    };
    let created = read(201, &answer).unwrap();
    assert!(created.misfits.is_empty(), "{:?}", created.misfits);
    assert_eq!(created.id, "string");
    assert_eq!(created.name.as_deref(), Some("Example Datadog integration"));
    assert_eq!(created.integration_key.as_deref(), Some("datadog"));
    let millisecond = SystemTime::UNIX_EPOCH + std::time::Duration::from_millis(1);
    assert_eq!(created.created_at, Some(millisecond));
    assert_eq!(created.enabled, Some(true));
    assert_eq!(created.tags, ["testing"]);
    assert!(created.links.is_empty());
    assert_eq!(created.config_values.iter().count(), 0);
    let access = created.access.unwrap();
    for permissions in [access.allowed, access.denied] {
        let [permission] = permissions.try_into().unwrap();
        assert_eq!(permission.action.as_deref(), Some("string"));
        check_example_statement(&permission.reason.unwrap(), Some("string"));
    }
    let [statement] = created.statements.try_into().unwrap();
    check_example_statement(&statement, None);
    let empty = AdditionalFormVariable::default();
    assert_eq!(created.additional_form_variables, [empty]);
}

#[test]
fn the_documents_broken_answer_is_read_and_what_is_broken_is_kept() {
    let Some(document) = openapi::document() else {
        return;
    };
    let answer = &document["components"]["schemas"]["IntegrationConfigurationsRep"]["example"];
    let created = read(201, answer).unwrap();
    assert_eq!(created.id, "_id");
    assert_eq!(created.name.as_deref(), Some("Example Datadog integration"));
    assert_eq!(created.created_at, Some(SystemTime::UNIX_EPOCH));
    assert_eq!(created.tags, ["testing"]);
    assert_eq!(created.links["key"].href.as_deref(), Some("href"));
    assert_eq!(created.config_values.get("key"), Some(&json!("")));
    assert_eq!(created.statements.len(), 2);
    assert_eq!(created.statements[1].actions, ["*"]);
    let access = created.access.unwrap();
    assert_eq!((access.allowed.len(), access.denied.len()), (2, 2));
    assert_eq!(json!(created.misfits), openapi::broken_parts());
}

#[test]
fn the_documents_errors_are_read() {
    let Some(document) = openapi::document() else {
        return;
    };
    let responses = document["paths"][PATH]["post"]["responses"].as_object();
    let mut statuses: Vec<&str> = Vec::new();
    for (status, response) in responses.unwrap() {
        let reference = &response["content"]["application/json"]["schema"]["$ref"];
        let pointer = reference.as_str().unwrap().trim_start_matches('#');
        let example = &document.pointer(pointer).unwrap()["example"];
        let read = read(status.parse().unwrap(), example);
        statuses.push(status);
        match read {
            Ok(_) => assert_eq!(status, "201"),
            Err(error) => {
                assert_eq!(error.code(), example["code"].as_str(), "{status}");
                assert_eq!(error.message(), example["message"].as_str(), "{status}");
                assert!(
                    error.code().is_some() && error.message().is_some(),
                    "{status}"
                );
                assert_ne!(error.kind(), ErrorKind::UnexpectedStatus, "{status}");
                assert!(!error.may_have_been_created(), "{status}");
            }
        }
    }
    assert_eq!(statuses, ["201", "400", "401", "403", "404", "409", "429"]);
}
