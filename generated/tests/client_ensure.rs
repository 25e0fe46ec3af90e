//! `ensure` finds an existing resource, creates at most one, and searches for one that may have been
//! created.

// Clippy knows `#[test]` functions as tests, but not their helpers.
#![allow(clippy::unwrap_used)]

mod support;

use std::sync::Mutex;
use std::time::Duration;

use http::Response;
use launchdarkly_integrations::client::{
    Client, Effect, Ensured, Error, ErrorKind, Host, MockTransport, NewAuditLogSubscription,
    NewBigSegmentStore, NewDeliveryConfiguration, NewFlagImport, NewIntegrationConfiguration,
    RawConfigValues, RetryPolicy, SendStage, blocking,
};
use serde_json::{Value, json};
use support::server::{Action, Server, response};

fn values() -> RawConfigValues {
    RawConfigValues::new("acme")
        .unwrap()
        .with("apiKey", "0123456789")
}

fn new() -> NewAuditLogSubscription {
    NewAuditLogSubscription::new("Production", values())
}

/// A policy with all retries and short waits.
fn policy() -> RetryPolicy {
    RetryPolicy::default()
        .max_attempts(2)
        .backoff(Duration::from_millis(1))
        .retry_ambiguous(true)
}

fn client(mock: &MockTransport) -> blocking::Client {
    blocking::Client::builder("api-0123")
        .transport(mock.clone())
        .retry(policy())
        .build()
        .unwrap()
}

/// The variant and the id, such as `created 1`.
fn summary<R>(
    result: Result<Ensured<R>, Error>,
    id: impl Fn(&R) -> String,
) -> Result<String, Error> {
    result.map(|ensured| {
        let variant = match &ensured {
            Ensured::Found(_) => "found",
            Ensured::Created(_) => "created",
            Ensured::FoundAfterUnknown(_) => "found after unknown",
            _ => "other",
        };
        format!("{variant} {}", id(ensured.get()))
    })
}

/// Calls `ensure` with both clients, each with its own mock.
fn both(mock: impl Fn() -> MockTransport, check: impl Fn(Result<String, Error>, &MockTransport)) {
    let blocking_mock = mock();
    let client = client(&blocking_mock);
    let result = client.audit_log_subscriptions().ensure(&new()).send();
    check(
        summary(result, |subscription| subscription.id.clone()),
        &blocking_mock,
    );

    let async_mock = mock();
    let client = Client::builder("api-0123")
        .transport(async_mock.clone())
        .retry(policy())
        .build()
        .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let new = new();
    // It can be awaited without `send`.
    let result = runtime.block_on(async { client.audit_log_subscriptions().ensure(&new).await });
    check(
        summary(result, |subscription| subscription.id.clone()),
        &async_mock,
    );
}

/// The methods of the requests to the mock, such as `GET POST`.
fn methods(mock: &MockTransport) -> String {
    let requests = mock.requests();
    let methods: Vec<&str> = requests
        .iter()
        .map(|request| request.method().as_str())
        .collect();
    methods.join(" ")
}

/// How many subscriptions with that name exist in the mock.
fn count(mock: &MockTransport) -> usize {
    let list = client(mock)
        .audit_log_subscriptions()
        .list("acme")
        .send()
        .unwrap();
    list.iter()
        .filter(|subscription| subscription.name.as_deref() == Some("Production"))
        .count()
}

fn listing(items: &Value) -> Response<Vec<u8>> {
    let body = json!({"items": items, "_links": {}}).to_string();
    Response::new(body.into_bytes())
}

#[test]
fn the_first_call_creates_and_the_second_finds() {
    both(MockTransport::new, |result, mock| {
        let id = result.unwrap();
        let id = id.strip_prefix("created ").unwrap();
        assert_eq!(methods(mock), "GET POST");
        let again = client(mock).audit_log_subscriptions().ensure(&new()).send();
        assert_eq!(
            summary(again, |subscription| subscription.id.clone()).unwrap(),
            format!("found {id}")
        );
        assert_eq!(methods(mock), "GET POST GET");
        assert_eq!(count(mock), 1);
    });
}

#[test]
fn a_name_that_differs_in_case_or_spaces_is_another_name() {
    let mock = MockTransport::new();
    for name in ["production", "Production ", "Other"] {
        let new = NewAuditLogSubscription::new(name, values());
        client(&mock)
            .audit_log_subscriptions()
            .create(&new)
            .send()
            .unwrap();
    }
    let ensured = client(&mock)
        .audit_log_subscriptions()
        .ensure(&new())
        .send();
    assert!(matches!(ensured.unwrap(), Ensured::Created(_)));
    assert_eq!(count(&mock), 1);
}

#[test]
fn a_create_without_a_response_is_found() {
    let lost = || MockTransport::new().normal().broken(SendStage::Sent);
    both(lost, |result, mock| {
        assert!(result.unwrap().starts_with("found after unknown "));
        assert_eq!(methods(mock), "GET POST GET");
        assert_eq!(count(mock), 1);
    });
}

#[test]
fn a_create_that_is_missing_in_the_first_lists_is_found() {
    let delayed = || {
        MockTransport::new()
            .normal()
            .broken(SendStage::Sent)
            .response(listing(&json!([])))
            .error(503, "unavailable", "Try later")
            .error(503, "unavailable", "Try later")
            .response(listing(&json!([])))
    };
    both(delayed, |result, mock| {
        assert!(result.unwrap().starts_with("found after unknown "));
        // The list that failed was retried once.
        assert_eq!(methods(mock), "GET POST GET GET GET GET GET");
        assert_eq!(count(mock), 1);
    });
}

#[test]
fn a_resource_that_another_call_created_is_found_after_a_conflict() {
    let other = json!([{"_id": "other", "name": "Production"}]);
    let conflict = move || {
        MockTransport::new()
            .normal()
            .error(409, "optimistic_locking_error", "Conflict")
            .response(listing(&other))
    };
    both(conflict, |result, mock| {
        assert_eq!(result.unwrap(), "found after unknown other");
        assert_eq!(methods(mock), "GET POST GET");
    });
}

#[test]
fn a_conflict_is_returned_if_nothing_is_found() {
    let conflict = || MockTransport::new().normal().error(409, "conflict", "No");
    both(conflict, |result, mock| {
        let error = result.unwrap_err();
        assert_eq!(
            (error.kind(), error.effect()),
            (ErrorKind::Conflict, Effect::None)
        );
        assert_eq!(methods(mock), "GET POST GET GET GET GET");
    });
}

/// The create is not repeated, although the policy has `retry_ambiguous`.
#[test]
fn the_effect_stays_unknown_if_nothing_is_found() {
    let lost = || {
        let mut mock = MockTransport::new().normal().error(500, "internal", "Oops");
        for _ in 0..4 {
            mock = mock.response(listing(&json!([])));
        }
        mock
    };
    both(lost, |result, mock| {
        let error = result.unwrap_err();
        assert_eq!(
            (error.kind(), error.effect()),
            (ErrorKind::ServerError, Effect::Unknown)
        );
        assert_eq!(methods(mock), "GET POST GET GET GET GET");
    });
}

#[test]
fn a_create_that_is_rejected_ends_the_call() {
    let rejected = || {
        MockTransport::new()
            .normal()
            .error(400, "invalid_request", "No")
    };
    both(rejected, |result, mock| {
        assert_eq!(result.unwrap_err().kind(), ErrorKind::BadRequest);
        assert_eq!(methods(mock), "GET POST");
    });
}

#[test]
fn nothing_is_created_if_the_list_fails() {
    for response in [
        (403, r#"{"code": "forbidden"}"#),
        (200, "<html>"),
        (200, r#"{"items": [{"name": "Production"}]}"#),
        (200, r#"{"items": ["what"]}"#),
    ] {
        let (status, body) = response;
        let mock = || {
            let response = Response::builder()
                .status(status)
                .body(body.as_bytes().to_vec());
            MockTransport::new().response(response.unwrap())
        };
        both(mock, |result, mock| {
            let error = result.unwrap_err();
            assert_eq!(error.effect(), Effect::None, "{error}");
            assert_eq!(methods(mock), "GET", "{body}");
        });
    }
}

#[test]
fn several_matches_are_an_error_with_their_ids() {
    let two = json!([{"_id": "one", "name": "Production"}, {"_id": "two", "name": "Production"}]);
    let before = || MockTransport::new().response(listing(&two));
    both(before, |result, mock| {
        let error = result.unwrap_err();
        assert_eq!(
            (error.kind(), error.effect()),
            (ErrorKind::MultipleMatches, Effect::None)
        );
        assert_eq!(
            error.to_string(),
            "can't create an audit log subscription: several resources have that name: their ids are \
             one, two; rename or delete all but one"
        );
        assert_eq!(methods(mock), "GET");
    });
    let after = || {
        let lost = MockTransport::new().normal().broken(SendStage::Sent);
        lost.response(listing(&two))
    };
    both(after, |result, _| {
        let error = result.unwrap_err();
        assert_eq!(
            (error.kind(), error.effect()),
            (ErrorKind::MultipleMatches, Effect::Unknown)
        );
    });
}

#[test]
fn integration_configurations_have_ensure_too() {
    let mock = MockTransport::new();
    let client = client(&mock);
    let new = NewIntegrationConfiguration::new("Production", values());
    let configurations = client.integration_configurations();
    let created = configurations.ensure(&new).send().unwrap();
    assert!(matches!(created, Ensured::Created(_)));
    let found = configurations.ensure(&new).send().unwrap();
    assert!(matches!(found, Ensured::Found(_)));
    assert_eq!(created.into_inner().id, found.into_inner().id);
}

/// Over a real socket: the server creates the resource, and then resets the connection.
#[test]
fn a_create_before_a_reset_is_found() {
    let created = Mutex::new(Vec::<Value>::new());
    let server = Server::new(move |_, request| {
        let mut created = created.lock().unwrap();
        if request.head.starts_with("POST") {
            let id = format!("id-{}", created.len());
            created.push(json!({"_id": id, "name": request.json()["name"]}));
            return Action::Reset;
        }
        let body = json!({"items": *created}).to_string();
        Action::Send(response("200 OK", "", &body))
    });
    let client = blocking::Client::builder("api-0123")
        .host(Host::new(&server.url()).unwrap())
        .retry(policy())
        .build()
        .unwrap();
    let result = client.audit_log_subscriptions().ensure(&new()).send();
    let found = summary(result, |subscription| subscription.id.clone());
    assert_eq!(found.unwrap(), "found after unknown id-0");
    let posts = server.received();
    let posts = posts
        .iter()
        .filter(|request| request.head.starts_with("POST"));
    assert_eq!(posts.count(), 1);
}

/// Resources with the same name in different projects and environments are different.
#[test]
fn projects_and_environments_are_separate() {
    let mock = MockTransport::new();
    let client = client(&mock);
    let is_created = |ensured: &str| ensured.starts_with("Created");
    let variant = |debug: String| debug.split('(').next().unwrap_or_default().to_owned();

    let delivery = NewDeliveryConfiguration::new(values()).name("One");
    let store = NewBigSegmentStore::new(values()).name("One");
    let import = NewFlagImport::new(values()).name("One");
    for (project, environment) in [("p", "e"), ("p", "f"), ("q", "e")] {
        let deliveries = client
            .delivery_configurations()
            .environment(project, environment);
        let stores = client
            .big_segment_stores()
            .environment(project, environment);
        for round in ["Created", "Found"] {
            let ensured = deliveries.ensure(&delivery).send().unwrap();
            assert_eq!(
                variant(format!("{ensured:?}")),
                round,
                "{project} {environment}"
            );
            let ensured = stores.ensure(&store).send().unwrap();
            assert_eq!(
                variant(format!("{ensured:?}")),
                round,
                "{project} {environment}"
            );
        }
    }
    for project in ["p", "q"] {
        let imports = client.flag_imports().project(project);
        let first = variant(format!("{:?}", imports.ensure(&import).send().unwrap()));
        assert!(is_created(&first), "{first}");
        let second = variant(format!("{:?}", imports.ensure(&import).send().unwrap()));
        assert_eq!(second, "Found");
    }
    // Another integration with the same name.
    let other = RawConfigValues::new("other").unwrap();
    let other = NewDeliveryConfiguration::new(other).name("One");
    let deliveries = client.delivery_configurations().environment("p", "e");
    let ensured = deliveries.ensure(&other).send().unwrap();
    assert!(is_created(&format!("{ensured:?}")));
}

#[test]
fn a_name_is_required() {
    let mock = MockTransport::new();
    let new = NewFlagImport::new(values());
    let client = client(&mock);
    let error = client
        .flag_imports()
        .project("p")
        .ensure(&new)
        .send()
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("set one"), "{error}");
    assert!(mock.requests().is_empty());
}
