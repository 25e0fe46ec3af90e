//! The mock behaves as LaunchDarkly's documentation and OpenAPI document describe.

// Clippy knows `#[test]` functions as tests, but not their helpers.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use http::{Request, Response};
use launchdarkly_integrations::client::{
    AuditLogSubscriptionPatch, Body, Client, ErrorKind, Limits, MockTransport,
    NewAuditLogSubscription, RawConfigValues, Received, SendError, SendFailure, SendStage,
    Transport, blocking,
};
use launchdarkly_integrations::{Endpoint, Field, IntegrationKey};
use serde_json::{Map, Value, json};
use support::calls::{Arguments, every_call};
use support::openapi;
use support::sample::fields_of;
use support::validator::Validator;

/// The expected behaviour of one kind of configuration.
struct Kind {
    /// The path of create.
    create: &'static str,
    list: &'static str,
    /// The path of a configuration, without the id.
    item: &'static str,
    /// The status of a successful create.
    created: u16,
    values: &'static str,
    lists_values: bool,
    version: bool,
    uuid: bool,
    beta: bool,
    /// The required properties of a create, without the values.
    required: fn() -> Value,
    /// The properties in a response, without the values.
    response: fn() -> Value,
    on: Option<&'static str>,
}

const KINDS: [Kind; 5] = [
    Kind {
        create: "integration-configurations/keys/acme",
        list: "integration-configurations/keys/acme",
        item: "integration-configurations",
        created: 201,
        values: "configValues",
        lists_values: true,
        version: false,
        uuid: true,
        beta: true,
        required: || json!({"name": "First"}),
        response: || json!({"name": "First", "_integrationKey": "acme", "enabled": true, "tags": []}),
        on: Some("enabled"),
    },
    Kind {
        create: "integrations/acme",
        list: "integrations/acme",
        item: "integrations/acme",
        created: 201,
        values: "config",
        lists_values: true,
        version: false,
        uuid: false,
        beta: false,
        required: || json!({"name": "First"}),
        response: || json!({"name": "First", "kind": "acme", "on": false, "tags": [], "statements": []}),
        on: Some("on"),
    },
    Kind {
        create: "integration-capabilities/featureStore/default/test/acme",
        list: "integration-capabilities/featureStore/default/test",
        item: "integration-capabilities/featureStore/default/test/acme",
        created: 201,
        values: "config",
        lists_values: false,
        version: true,
        uuid: false,
        beta: true,
        required: || json!({}),
        response: || {
            json!({"projectKey": "default", "environmentKey": "test", "integrationKey": "acme",
                "on": false, "tags": [], "version": 1})
        },
        on: Some("on"),
    },
    Kind {
        create: "integration-capabilities/big-segment-store/default/test/redis",
        list: "integration-capabilities/big-segment-store",
        item: "integration-capabilities/big-segment-store/default/test/redis",
        created: 201,
        values: "config",
        lists_values: false,
        version: true,
        uuid: false,
        beta: true,
        required: || json!({}),
        response: || {
            json!({"projectKey": "default", "environmentKey": "test", "integrationKey": "redis",
                "on": false, "tags": [], "version": 1})
        },
        on: Some("on"),
    },
    Kind {
        create: "integration-capabilities/flag-import/default/split",
        list: "integration-capabilities/flag-import",
        item: "integration-capabilities/flag-import/default/split",
        created: 200,
        values: "config",
        lists_values: false,
        version: true,
        uuid: true,
        beta: true,
        required: || json!({}),
        response: || json!({"projectKey": "default", "integrationKey": "split", "tags": [], "version": 1}),
        on: None,
    },
];

impl Kind {
    fn body(&self, values: Value) -> Value {
        let mut body = (self.required)();
        body[self.values] = values;
        body
    }

    fn path(&self, id: &str) -> String {
        format!("{}/{id}", self.item)
    }

    /// A valid id that doesn't exist.
    fn unknown_id(&self) -> &'static str {
        if self.uuid {
            "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
        } else {
            "5f9619ff8b864d01b42d00cf"
        }
    }
}

fn request(method: &str, path: &str, body: Vec<u8>) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(format!("https://app.launchdarkly.com/api/v2/{path}"))
        .header("Authorization", "api-0123")
        .header("LD-API-Version", "beta")
        .body(Body::from(body))
        .unwrap()
}

fn send(mock: &MockTransport, request: Request<Body>) -> Result<Received, SendError> {
    let limits = Limits::new(Duration::from_secs(1), 1_000_000);
    blocking::Transport::send(mock, request, limits)
}

/// Sends a request. Returns the status and body, which must be as documented.
fn receive(mock: &MockTransport, request: Request<Body>) -> (u16, Value) {
    let method = request.method().to_string();
    let path = request.uri().path().to_owned();
    let received = send(mock, request).unwrap();
    assert!(received.interrupted.is_none());
    let status = received.response.status().as_u16();
    let content_type = received.response.headers().get("content-type");
    let body = match received.response.body() {
        empty if empty.is_empty() => Value::Null,
        json => serde_json::from_slice(json).unwrap(),
    };
    assert_eq!(content_type.is_some(), !body.is_null());
    check(&method, &path, status, &body);
    (status, body)
}

fn call(mock: &MockTransport, method: &str, path: &str, body: Value) -> (u16, Value) {
    let body = match body {
        Value::Null => Vec::new(),
        body => serde_json::to_vec(&body).unwrap(),
    };
    receive(mock, request(method, path, body))
}

fn get(mock: &MockTransport, path: &str) -> (u16, Value) {
    call(mock, "GET", path, Value::Null)
}

/// Creates a configuration and returns its id.
fn create(mock: &MockTransport, kind: &Kind, values: Value) -> String {
    let (status, body) = call(mock, "POST", kind.create, kind.body(values));
    assert_eq!(status, kind.created, "{body}");
    body["_id"].as_str().unwrap().to_owned()
}

fn patch(mock: &MockTransport, path: &str, operations: Value) -> (u16, Value) {
    call(mock, "PATCH", path, operations)
}

/// The OpenAPI document twice: both forbid properties that a schema doesn't name, and the second, for lists,
/// has no `config`, as the document's prose says.
static DOCUMENT: LazyLock<Option<[Value; 2]>> = LazyLock::new(|| {
    let mut single = openapi::document()?;
    forbid_unnamed(&mut single["components"]["schemas"]);
    let mut list = single.clone();
    for schema in [
        "IntegrationDeliveryConfiguration",
        "BigSegmentStoreIntegration",
        "FlagImportIntegration",
    ] {
        let schema = &mut list["components"]["schemas"][schema];
        schema["properties"]
            .as_object_mut()
            .unwrap()
            .remove("config")
            .unwrap();
        let required = schema["required"].as_array_mut().unwrap();
        required.retain(|name| name != "config");
    }
    Some([single, list])
});

/// Forbids properties that a schema doesn't name.
fn forbid_unnamed(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if members.get("properties").is_some_and(Value::is_object) {
                members
                    .entry("additionalProperties")
                    .or_insert(json!(false));
            }
            members.values_mut().for_each(forbid_unnamed);
        }
        Value::Array(items) => items.iter_mut().for_each(forbid_unnamed),
        _ => {}
    }
}

fn matches_template(template: &str, path: &str) -> bool {
    let parts = |path: &str| path.split('/').map(str::to_owned).collect::<Vec<_>>();
    let (template, path) = (parts(template), parts(path));
    let same = |(expected, part): (&String, &String)| expected.starts_with('{') || expected == part;
    template.len() == path.len() && template.iter().zip(&path).all(same)
}

/// The method and path of an operation in the document.
fn operation(method: &str, path: &str) -> Option<(String, String)> {
    let path = path.strip_prefix("/api/v2").unwrap();
    let document = &DOCUMENT.as_ref()?[0];
    let mut operations = openapi::operations(document).into_iter();
    operations
        .find(|(found, template, _)| found == method && matches_template(template, path))
        .map(|(method, template, _)| (method, template))
}

/// Checks a response against the document, if it is available.
fn check(method: &str, path: &str, status: u16, body: &Value) {
    let error = status >= 400;
    if error {
        assert!(
            body["code"].is_string() && body["message"].is_string(),
            "{body}"
        );
    }
    let Some(documents) = DOCUMENT.as_ref() else {
        return;
    };
    let Some((method, template)) = operation(method, path) else {
        assert_eq!(status, 404, "{method} {path}");
        return;
    };
    // Errors have an `id` that no schema names, and the document doesn't list all errors.
    let is_list = !error && body["items"].is_array();
    let document = &documents[usize::from(is_list)];
    let place = &document["paths"][format!("/api/v2{template}")][method.to_lowercase()];
    let response = &place["responses"][status.to_string()];
    assert!(
        error || response.is_object(),
        "{method} {template} {status}"
    );
    let mut schema = response["content"]["application/json"]["schema"].clone();
    if error || schema.is_null() {
        assert!(
            error || body.is_null(),
            "{method} {template} {status}: {body}"
        );
        return;
    }
    schema["components"] = document["components"].clone();
    let checked =
        Validator::draft_4(&json!({"components": document["components"], "allOf": [schema]}));
    let problem = checked.check(body).err();
    assert_eq!(problem, None, "{method} {template} {status}: {body:#}");
}

#[test]
fn every_documented_operation_succeeds_for_every_kind() {
    let mock = MockTransport::new();
    for kind in &KINDS {
        let name = kind.create;
        let (status, created) = call(&mock, "POST", kind.create, kind.body(json!({"a": "1"})));
        assert_eq!(status, kind.created, "{created}");
        for (member, value) in (kind.response)().as_object().unwrap() {
            assert_eq!(&created[member], value, "{name} {member}");
        }
        assert_eq!(created[kind.values], json!({"a": "1"}));
        assert!(!created["name"].as_str().unwrap().is_empty());
        let id = created["_id"].as_str().unwrap();
        assert_eq!(id.len(), if kind.uuid { 36 } else { 24 }, "{id}");
        let path = kind.path(id);
        let own = format!("/api/v2/{path}");
        assert_eq!(created["_links"]["self"]["href"], own.as_str());
        let second = create(&mock, kind, json!({}));
        assert_ne!(second, id);

        let (_, list) = get(&mock, kind.list);
        let items = list["items"].as_array().unwrap();
        let ids: Vec<&Value> = items.iter().map(|item| &item["_id"]).collect();
        assert_eq!(ids, [id, &second], "{name}");
        assert_eq!(items[0].get(kind.values).is_some(), kind.lists_values);
        assert_eq!(get(&mock, &path), (200, created.clone()));

        let new_values = json!({"b": "2"});
        let values = format!("/{}", kind.values);
        let mut operations = vec![
            json!({"op": "replace", "path": "/name", "value": "Second"}),
            json!({"op": "replace", "path": "/tags", "value": ["x"]}),
            json!({"op": "replace", "path": values, "value": new_values}),
        ];
        let on = kind.on.map(|on| (format!("/{on}"), created[on] == false));
        if let Some((path, value)) = &on {
            operations.push(json!({"op": "replace", "path": path, "value": value}));
        }
        let (status, changed) = patch(&mock, &path, json!(operations));
        assert_eq!(status, 200, "{changed}");
        let mut expected = created.clone();
        expected["name"] = json!("Second");
        expected["tags"] = json!(["x"]);
        expected[kind.values] = new_values;
        if let (Some(name), Some((_, value))) = (kind.on, on) {
            expected[name] = json!(value);
        }
        if kind.version {
            expected["version"] = json!(2);
        }
        assert_eq!(changed, expected);
        assert_eq!(get(&mock, &path), (200, changed));

        if name.contains("featureStore") {
            let (status, result) = call(&mock, "POST", &format!("{path}/validate"), Value::Null);
            assert_eq!((status, &result["statusCode"]), (200, &json!(200)));
            let (_, all) = get(&mock, "integration-capabilities/featureStore");
            assert_eq!(all["items"], list_of(&mock, kind.list));
        }
        if name.contains("flag-import") {
            assert_eq!(get(&mock, &path).1["_status"]["status"], "pending");
            let trigger = format!("{path}/trigger");
            assert_eq!(
                call(&mock, "POST", &trigger, Value::Null),
                (201, Value::Null)
            );
            assert_eq!(get(&mock, &path).1["_status"]["status"], "complete");
        }

        assert_eq!(
            call(&mock, "DELETE", &path, Value::Null),
            (204, Value::Null)
        );
        for (method, body) in [
            ("GET", Value::Null),
            ("PATCH", json!([])),
            ("DELETE", Value::Null),
        ] {
            let (status, body) = call(&mock, method, &path, body);
            assert_eq!((status, &body["code"]), (404, &json!("not_found")));
        }
        assert_eq!(list_of(&mock, kind.list).as_array().unwrap().len(), 1);
        // Ids aren't reused.
        assert_ne!(create(&mock, kind, json!({})), id);
    }

    let Some([document, _]) = DOCUMENT.as_ref() else {
        return;
    };
    let requests = mock.requests();
    let called: BTreeSet<_> = requests
        .iter()
        .map(|request| operation(request.method().as_str(), request.uri().path()).unwrap())
        .collect();
    let documented = openapi::operations(document).into_iter();
    let documented: BTreeSet<_> = documented.map(|(method, path, _)| (method, path)).collect();
    assert_eq!(called, documented);
}

fn list_of(mock: &MockTransport, path: &str) -> Value {
    let (status, mut list) = get(mock, path);
    assert_eq!(status, 200);
    list["items"].take()
}

#[test]
fn only_secrets_are_masked() {
    let value = |field: &Field| format!("https://{}.example/canary", field.key);
    let values = |fields: &[Field]| -> Map<String, Value> {
        let pairs = fields.iter();
        pairs
            .map(|field| (field.key.to_owned(), value(field).into()))
            .collect()
    };
    let masked = |fields: &[Field]| -> Map<String, Value> {
        let mut masked = values(fields);
        for field in fields.iter().filter(|field| field.secret) {
            let hidden = "*".repeat(value(field).chars().count() - 6);
            masked.insert(field.key.to_owned(), format!("htt{hidden}ary").into());
        }
        masked
    };
    let mut seen = 0;
    for key in IntegrationKey::all() {
        let integration = key.integration();
        for (path, item, kind, fields) in [
            (
                format!("integration-configurations/keys/{key}"),
                "integration-configurations".to_owned(),
                &KINDS[0],
                integration.fields,
            ),
            (
                format!("integrations/{key}"),
                format!("integrations/{key}"),
                &KINDS[1],
                integration.fields,
            ),
            (
                format!("integration-capabilities/featureStore/p/e/{key}"),
                format!("integration-capabilities/featureStore/p/e/{key}"),
                &KINDS[2],
                fields_of(integration, Endpoint::DeliveryConfiguration),
            ),
        ] {
            let mock = MockTransport::new();
            let body = kind.body(values(fields).into()).to_string();
            let created = body_of(send(&mock, request("POST", &path, body.into())));
            let expected = Value::Object(masked(fields));
            assert_eq!(created[kind.values], expected, "{path}");
            let path = format!("{item}/{}", created["_id"].as_str().unwrap());
            let read = body_of(send(&mock, request("GET", &path, Vec::new())));
            assert_eq!(read[kind.values], expected, "{path}");
            // The mock stores the secret until a masked value is sent back.
            let place = format!("/{}", kind.values);
            let is_stored = |values: &Value| {
                let patch = json!([{"op": "test", "path": place, "value": values}]);
                let patch = request("PATCH", &path, patch.to_string().into());
                send(&mock, patch).unwrap().response.status() == 200
            };
            assert!(is_stored(&values(fields).into()), "{path}");
            let patch = json!([{"op": "replace", "path": place, "value": expected}]);
            let patch = request("PATCH", &path, patch.to_string().into());
            assert_eq!(body_of(send(&mock, patch))[kind.values], expected);
            assert!(is_stored(&expected), "{path}");
            seen += fields.iter().filter(|field| field.secret).count();
        }
    }
    assert!(seen > 0);
}

fn body_of(received: Result<Received, SendError>) -> Value {
    serde_json::from_slice(received.unwrap().response.body()).unwrap()
}

#[test]
fn patches_are_atomic() {
    for kind in &KINDS {
        let mock = MockTransport::new();
        let id = create(&mock, kind, json!({"a": "1", "b": "2"}));
        let path = kind.path(&id);
        let (_, before) = get(&mock, &path);
        let values = format!("/{}", kind.values);
        let a = format!("{values}/a");
        let replace =
            |path: &str, value: Value| json!({"op": "replace", "path": path, "value": value});
        let good = replace("/name", json!("changed"));
        let delivery = kind.create.contains("featureStore");
        for (bad, status) in [
            (replace("/_id", json!("x")), 400),
            (replace("/_links/self/href", json!("x")), 400),
            (replace("", json!({})), 400),
            (replace("/version", json!(7)), 400),
            (replace("/projectKey", json!("other")), 400),
            (replace("/name", json!(7)), 400),
            (replace("/tags", json!([7])), 400),
            (replace("/tags", json!("x")), 400),
            (replace(&values, json!("x")), 400),
            (json!({"op": "remove", "path": values}), 400),
            (json!({"op": "move", "from": "/_id", "path": "/name"}), 400),
            (json!({"op": "turn", "path": "/name"}), 400),
            (json!({"op": "replace", "path": "/name"}), 400),
            (json!({"op": "replace", "path": "name", "value": "x"}), 400),
            (json!("x"), 400),
            (
                json!({"op": "test", "path": "/name", "value": "other"}),
                if delivery { 422 } else { 400 },
            ),
            (
                replace(&format!("{values}/none"), json!("x")),
                if delivery { 422 } else { 400 },
            ),
        ] {
            let (found, body) = patch(&mock, &path, json!([good, bad]));
            assert_eq!(found, status, "{path} {bad}: {body}");
            let code = if status == 422 {
                "patch_failed"
            } else {
                "invalid_request"
            };
            assert_eq!(body["code"], code);
            assert_eq!(get(&mock, &path), (200, before.clone()), "{bad}");
        }
        for body in [json!({}), json!("x"), Value::Null, json!({"comment": "x"})] {
            assert_eq!(patch(&mock, &path, body).0, 400);
        }

        let operations = json!([
            {"op": "test", "path": "/_id", "value": id},
            {"op": "test", "path": a, "value": "1"},
            {"op": "remove", "path": a},
            {"op": "add", "path": format!("{values}/c"), "value": ["3"]},
            {"op": "add", "path": "/tags/-", "value": "x"},
        ]);
        let commented = json!({"comment": "why", "patch": operations});
        let (status, after) = patch(&mock, &path, commented);
        assert_eq!(status, 200, "{after}");
        assert_eq!(after[kind.values], json!({"b": "2", "c": ["3"]}));
        assert_eq!(after["tags"], json!(["x"]));
    }
}

#[test]
fn integration_configurations_accept_on_for_enabled() {
    let mock = MockTransport::new();
    let kind = &KINDS[0];
    let path = kind.path(&create(&mock, kind, json!({})));
    let operations = json!([{"op": "replace", "path": "/on", "value": false}]);
    let (status, changed) = patch(&mock, &path, operations);
    assert_eq!((status, &changed["enabled"]), (200, &json!(false)));
    assert_eq!(changed.get("on"), None);
}

#[test]
fn other_properties_are_stored() {
    let mock = MockTransport::new();
    let statements = json!([{"effect": "allow", "resources": ["proj/*"], "actions": ["*"]}]);
    let capability = json!({
        "auditLogEventsHook": {"statements": statements},
        "approvals": {"additionalFormVariables": [{"key": "k"}]},
    });
    let mut body = KINDS[0].body(json!({}));
    body["enabled"] = json!(false);
    body["capabilityConfig"] = capability.clone();
    body["_id"] = json!("mine");
    let (_, created) = call(&mock, "POST", KINDS[0].create, body);
    assert_eq!(created["enabled"], false);
    assert_eq!(created["capabilityConfig"], capability);
    assert_ne!(created["_id"], "mine");

    let mut body = KINDS[1].body(json!({}));
    body["on"] = json!(true);
    body["statements"] = statements.clone();
    body["tags"] = json!(["a", "b"]);
    body["apiKey"] = json!("0123456789");
    let (_, created) = call(&mock, "POST", KINDS[1].create, body);
    assert_eq!(created["on"], true);
    assert_eq!(created["statements"], statements);
    assert_eq!(created["tags"], json!(["a", "b"]));
    assert_eq!(created["apiKey"], "012****789");

    for kind in &KINDS[2..] {
        let mut body = kind.body(json!({}));
        body["name"] = json!("Mine");
        let (_, created) = call(&mock, "POST", kind.create, body);
        assert_eq!(created["name"], "Mine");
    }
}

#[test]
fn invalid_bodies_create_nothing() {
    for kind in &KINDS {
        let mock = MockTransport::new();
        let with = |member: &str, value: Value| {
            let mut body = kind.body(json!({}));
            body[member] = value;
            body.to_string()
        };
        let mut bodies = vec![
            String::new(),
            "<html>".to_owned(),
            "null".to_owned(),
            "[]".to_owned(),
            (kind.required)().to_string(),
            with(kind.values, json!(null)),
            with(kind.values, json!(["a"])),
            with("name", json!(7)),
            with("tags", json!("a")),
            with("tags", json!([1])),
        ];
        if kind.lists_values {
            bodies.push(json!({kind.values: {}}).to_string());
        }
        bodies.extend(kind.on.map(|on| with(on, json!("yes"))));
        if kind.create.starts_with("integrations") {
            bodies.push(with("statements", json!([{"effect": "maybe"}])));
        }
        if kind.create.starts_with("integration-configurations") {
            let hook = json!({"auditLogEventsHook": {"statements": [{}]}});
            bodies.push(with("capabilityConfig", hook));
        }
        for body in bodies {
            let sent = request("POST", kind.create, body.clone().into_bytes());
            let (status, error) = receive(&mock, sent);
            assert_eq!(status, 400, "{} {body}", kind.create);
            assert_eq!(error["code"], "invalid_request");
        }
        assert_eq!(list_of(&mock, kind.list), json!([]));
    }
}

#[test]
fn headers_are_required() {
    for kind in &KINDS {
        let mock = MockTransport::new();
        let id = create(&mock, kind, json!({}));
        let paths = [("GET", kind.list.to_owned()), ("DELETE", kind.path(&id))];
        for (method, path) in paths {
            for authorization in [None, Some("")] {
                let mut sent = request(method, &path, Vec::new());
                let headers = sent.headers_mut();
                headers.remove("authorization");
                authorization.map(|value| headers.insert("authorization", value.parse().unwrap()));
                let (status, error) = receive(&mock, sent);
                assert_eq!((status, &error["code"]), (401, &json!("unauthorized")));
            }
            for versions in [&[][..], &["20240415"], &["20240415", "beta"]] {
                let mut sent = request(method, &path, Vec::new());
                sent.headers_mut().remove("ld-api-version");
                for version in versions {
                    let version = version.parse().unwrap();
                    sent.headers_mut().append("ld-api-version", version);
                }
                if !kind.beta && method == "DELETE" {
                    continue;
                }
                let (status, error) = receive(&mock, sent);
                if kind.beta {
                    assert_eq!((status, &error["code"]), (403, &json!("forbidden")));
                    let message = error["message"].as_str().unwrap();
                    assert!(message.contains("`LD-API-Version: beta`"), "{message}");
                } else {
                    assert_eq!(status, 200);
                }
            }
        }
        assert_eq!(get(&mock, &kind.path(&id)).0, 200);
    }
}

#[test]
fn unknown_paths_and_ids_are_not_found() {
    let mock = MockTransport::new();
    for kind in &KINDS {
        create(&mock, kind, json!({}));
        let unknown = kind.path(kind.unknown_id());
        let (status, error) = get(&mock, &unknown);
        assert_eq!((status, &error["code"]), (404, &json!("not_found")));
        let (status, error) = get(&mock, &kind.path("fake-id"));
        if kind.item.contains("flag-import") {
            assert_eq!(status, 400);
            assert_eq!(error["message"], "malformed integration id");
        } else {
            assert_eq!(status, 404);
        }
    }
    for (method, path) in [
        ("GET", ""),
        ("GET", "integrations"),
        ("GET", "integrations/"),
        ("GET", "integrations/acme/1/2"),
        ("PUT", "integrations/acme"),
        ("GET", "projects"),
        ("GET", "integrations/%FF"),
        (
            "GET",
            "integration-capabilities/big-segment-store/default/test",
        ),
        ("GET", "integration-capabilities/flag-import/default/split"),
    ] {
        assert_eq!(
            call(&mock, method, path, Value::Null).0,
            404,
            "{method} {path}"
        );
    }
    let sent = Request::builder()
        .uri("https://app.launchdarkly.com/integrations/acme")
        .header("Authorization", "api-0123");
    let received = send(&mock, sent.body(Body::default()).unwrap()).unwrap();
    assert_eq!(received.response.status(), 404);
}

#[test]
fn projects_and_environments_are_separate() {
    for (create_path, others) in [
        (
            "integration-capabilities/featureStore/p/one/acme",
            &[
                "integration-capabilities/featureStore/p/two/acme",
                "integration-capabilities/featureStore/q/one/acme",
                "integration-capabilities/featureStore/p/one/other",
                "integration-capabilities/big-segment-store/p/one/acme",
            ][..],
        ),
        (
            "integration-capabilities/big-segment-store/p/one/redis",
            &[
                "integration-capabilities/big-segment-store/p/two/redis",
                "integration-capabilities/big-segment-store/p/one/dynamodb",
            ],
        ),
        (
            "integration-capabilities/flag-import/p/split",
            &[
                "integration-capabilities/flag-import/q/split",
                "integration-capabilities/flag-import/p/unleash",
            ],
        ),
        ("integrations/one", &["integrations/two"]),
    ] {
        let mock = MockTransport::new();
        let body = json!({"name": "x", "config": {}});
        let (_, created) = call(&mock, "POST", create_path, body);
        let id = created["_id"].as_str().unwrap();
        for other in others {
            let path = format!("{other}/{id}");
            for (method, body) in [
                ("GET", Value::Null),
                ("PATCH", json!([])),
                ("DELETE", Value::Null),
            ] {
                assert_eq!(call(&mock, method, &path, body).0, 404, "{path}");
            }
        }
        assert_eq!(get(&mock, &format!("{create_path}/{id}")).0, 200);
    }

    let mock = MockTransport::new();
    let stores = "integration-capabilities/featureStore";
    for place in ["p/one", "p/two", "q/one"] {
        let path = format!("{stores}/{place}/acme");
        let body = json!({"config": {}, "name": place});
        assert_eq!(call(&mock, "POST", &path, body).0, 201);
    }
    let names = |path: &str| -> Vec<String> {
        let items = list_of(&mock, path);
        let items = items.as_array().unwrap().iter();
        items
            .map(|item| item["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(&format!("{stores}/p/two")), ["p/two"]);
    assert_eq!(names(stores), ["p/one", "p/two", "q/one"]);
    assert_eq!(names(&format!("{stores}/q/two")), [""; 0]);

    let body = json!({"name": "x", "configValues": {}});
    call(&mock, "POST", "integration-configurations/keys/one", body);
    assert_eq!(names("integration-configurations/keys/one"), ["x"]);
    assert_eq!(names("integration-configurations/keys/two"), [""; 0]);
}

#[test]
fn paths_are_decoded_and_a_base_path_is_ignored() {
    let mock = MockTransport::new();
    let path = "integration-capabilities/featureStore/a%2Fb/%C3%A9/acme";
    let (status, created) = call(&mock, "POST", path, json!({"config": {}}));
    assert_eq!((status, &created["projectKey"]), (201, &json!("a/b")));
    assert_eq!(created["environmentKey"], "é");
    let own = format!("/api/v2/{path}/{}", created["_id"].as_str().unwrap());
    assert_eq!(created["_links"]["self"]["href"], own.as_str());

    let through_proxy = Request::builder()
        .uri(format!("https://proxy.example/ld{own}?expand=x"))
        .header("Authorization", "api-0123")
        .header("LD-API-Version", "beta")
        .body(Body::default());
    assert_eq!(body_of(send(&mock, through_proxy.unwrap())), created);
}

#[test]
fn the_script_takes_precedence() {
    let teapot = Response::builder().status(418).header("x", "y");
    let mock = MockTransport::new()
        .error(429, "rate_limited", "Slow down")
        .response(teapot.body(b"short".to_vec()).unwrap())
        .normal()
        .broken(SendStage::NotSent)
        .broken(SendStage::Sent)
        .failing(SendStage::Sent, SendFailure::Timeout)
        .error(9_999, "", "");
    let kind = &KINDS[1];
    let create_named = |name: &str| {
        let mut body = kind.body(json!({}));
        body["name"] = json!(name);
        send(&mock, request("POST", kind.create, body.to_string().into()))
    };
    let names = || -> Vec<Value> {
        let items = list_of(&mock.clone(), kind.list);
        let items = items.as_array().unwrap().iter();
        items.map(|item| item["name"].clone()).collect()
    };

    let limited = create_named("1").unwrap().response;
    assert_eq!(limited.status(), 429);
    let limited: Value = serde_json::from_slice(limited.body()).unwrap();
    assert_eq!(
        limited,
        json!({"code": "rate_limited", "message": "Slow down"})
    );
    let teapot = create_named("2").unwrap().response;
    assert_eq!(
        (teapot.status().as_u16(), &teapot.body()[..]),
        (418, &b"short"[..])
    );
    assert_eq!(teapot.headers()["x"], "y");
    assert_eq!(create_named("3").unwrap().response.status(), 201);
    for (name, stage, failure) in [
        ("4", SendStage::NotSent, SendFailure::Connection),
        ("5", SendStage::Sent, SendFailure::Connection),
        ("6", SendStage::Sent, SendFailure::Timeout),
    ] {
        let error = create_named(name).unwrap_err();
        assert_eq!((error.stage, error.failure), (stage, failure));
    }
    assert_eq!(create_named("7").unwrap().response.status(), 500);
    // Requests whose response was lost took effect. Scripted responses didn't.
    assert_eq!(names(), ["3", "5", "6"]);

    // Entries can be added through any clone.
    let _ = mock.clone().error(403, "forbidden", "");
    assert_eq!(create_named("8").unwrap().response.status(), 403);
    assert_eq!(create_named("9").unwrap().response.status(), 201);
    assert_eq!(names(), ["3", "5", "6", "9"]);
    assert_eq!(mock.requests().len(), 11);
}

#[test]
fn concurrent_creates_are_all_stored() {
    let mock = MockTransport::new();
    let kind = &KINDS[2];
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..25 {
                    let body = kind.body(json!({})).to_string();
                    send(&mock, request("POST", kind.create, body.into())).unwrap();
                }
            });
        }
    });
    let items = list_of(&mock, kind.list);
    let items = items.as_array().unwrap();
    let ids: BTreeSet<&str> = items
        .iter()
        .map(|item| item["_id"].as_str().unwrap())
        .collect();
    assert_eq!((items.len(), ids.len()), (200, 200));
}

#[test]
fn two_runs_return_the_same_bytes() {
    let run = || {
        let mock = MockTransport::new();
        let bodies = KINDS.iter().map(|kind| {
            let body = kind.body(json!({"b": "1", "a": "2"})).to_string();
            let created = send(&mock, request("POST", kind.create, body.into()));
            created.unwrap().response.into_body()
        });
        bodies.collect::<Vec<_>>()
    };
    assert_eq!(run(), run());
}

#[test]
fn requests_are_recorded_and_not_shown_by_debug() {
    let mock = MockTransport::new()
        .error(400, "x", "y")
        .broken(SendStage::NotSent);
    let body = json!({"name": "x", "config": {"a": "canary"}});
    for _ in 0..2 {
        let mut sent = request("POST", "integrations/acme", body.to_string().into());
        let headers = sent.headers_mut();
        headers.insert("authorization", "canary".parse().unwrap());
        let _ = send(&mock, sent);
    }
    let _ = send(
        &mock,
        request("GET", "integration-configurations/1", b"?".to_vec()),
    );

    let requests = mock.requests();
    let keys = requests.iter().map(|request| request.integration_key());
    assert_eq!(
        keys.collect::<Vec<_>>(),
        [Some("acme".to_owned()), Some("acme".to_owned()), None]
    );
    assert_eq!(requests[1].method(), "POST");
    assert_eq!(requests[1].uri().path(), "/api/v2/integrations/acme");
    assert_eq!(requests[1].headers()["authorization"], "canary");
    assert_eq!(requests[1].body(), &body);
    assert_eq!(requests[2].body(), &Value::Null);
    let shown = format!("{mock:?} {requests:?}");
    assert!(shown.contains("/api/v2/integrations/acme"), "{shown}");
    assert!(!shown.contains("canary"), "{shown}");
}

#[test]
fn every_request_of_the_client_is_valid() {
    let mock = MockTransport::new();
    let client = blocking::Client::builder("api-0123").transport(mock.clone());
    let client = client.build().unwrap();
    let arguments = Arguments::new("0123456789");
    macro_rules! outcome {
        ($method:expr, $path:expr, $call:expr) => {
            ($method, $path, $call.send().err().map(|error| error.kind()))
        };
    }
    for (method, path, kind) in every_call!(client, arguments, outcome) {
        let has_id = path.contains("{id}")
            || path.contains("{integrationId}")
            || path.contains("{integrationConfigurationId}");
        assert_eq!(
            kind,
            has_id.then_some(ErrorKind::NotFound),
            "{method} {path}"
        );
    }
}

#[test]
fn the_async_client_can_use_it() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let mock = MockTransport::new();
    let client = Client::builder("api-0123").transport(mock.clone());
    let client = client.build().unwrap();
    let subscriptions = client.audit_log_subscriptions();
    runtime.block_on(async {
        let values = RawConfigValues::new("acme").unwrap().with("a", "1");
        let new = NewAuditLogSubscription::new("First", values);
        let created = subscriptions.create(&new).send().await.unwrap();
        let patch = AuditLogSubscriptionPatch::new().name("Second").on(true);
        let id = &created.id;
        let changed = subscriptions
            .update("acme", id, &patch)
            .send()
            .await
            .unwrap();
        assert_eq!(changed.name.as_deref(), Some("Second"));
        assert_eq!(
            subscriptions.list("acme").send().await.unwrap().items.len(),
            1
        );
        subscriptions.delete("acme", id).send().await.unwrap();
        assert_eq!(
            subscriptions.list("acme").send().await.unwrap().items.len(),
            0
        );
    });
    assert_eq!(mock.requests().len(), 5);
}

#[test]
fn an_async_request_takes_effect_only_when_polled() {
    let mock = MockTransport::new();
    let limits = Limits::new(Duration::from_secs(1), 1_000);
    let sent = request("GET", "integrations/acme", Vec::new());
    drop(Transport::send(&mock, sent, limits));
    assert!(mock.requests().is_empty());
}
