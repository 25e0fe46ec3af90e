//! `ensure` creates one, whatever the server does: one that exists is found, and one that may have
//! been created is looked for.

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

/// With waits of milliseconds, and every retry that a caller can ask for.
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

/// What came of it, in a word, with the id.
fn word<R>(result: Result<Ensured<R>, Error>, id: impl Fn(&R) -> String) -> Result<String, Error> {
    result.map(|ensured| {
        let word = match &ensured {
            Ensured::Found(_) => "found",
            Ensured::Created(_) => "created",
            Ensured::FoundAfterUnknown(_) => "found after unknown",
            _ => "else",
        };
        format!("{word} {}", id(ensured.get()))
    })
}

/// By both clients, each with a mock of its own.
fn both(mock: impl Fn() -> MockTransport, check: impl Fn(Result<String, Error>, &MockTransport)) {
    let by_blocking = mock();
    let client = client(&by_blocking);
    let result = client.audit_log_subscriptions().ensure(&new()).send();
    check(word(result, |one| one.id.clone()), &by_blocking);

    let by_async = mock();
    let client = Client::builder("api-0123")
        .transport(by_async.clone())
        .retry(policy())
        .build()
        .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_time().build().unwrap();
    let new = new();
    let result = runtime.block_on(client.audit_log_subscriptions().ensure(&new).send());
    check(word(result, |one| one.id.clone()), &by_async);
}

/// The methods that the mock saw, such as `GET POST`.
fn methods(mock: &MockTransport) -> String {
    let requests = mock.requests();
    let methods: Vec<&str> = requests.iter().map(|one| one.method().as_str()).collect();
    methods.join(" ")
}

/// How many of that name exist in the mock.
fn count(mock: &MockTransport) -> usize {
    let list = client(mock)
        .audit_log_subscriptions()
        .list("acme")
        .send()
        .unwrap();
    list.iter()
        .filter(|one| one.name.as_deref() == Some("Production"))
        .count()
}

fn listing(items: &Value) -> Response<Vec<u8>> {
    let body = json!({"items": items, "_links": {}}).to_string();
    Response::new(body.into_bytes())
}

#[test]
fn it_creates_one_and_then_finds_it() {
    both(MockTransport::new, |result, mock| {
        let id = result.unwrap();
        let id = id.strip_prefix("created ").unwrap();
        assert_eq!(methods(mock), "GET POST");
        let again = client(mock).audit_log_subscriptions().ensure(&new()).send();
        assert_eq!(
            word(again, |one| one.id.clone()).unwrap(),
            format!("found {id}")
        );
        assert_eq!(methods(mock), "GET POST GET");
        assert_eq!(count(mock), 1);
    });
}

#[test]
fn one_of_another_name_or_case_is_another_one() {
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

/// The response is lost after the create.
#[test]
fn a_create_that_was_carried_out_is_found() {
    let lost = || MockTransport::new().normal().broken(SendStage::Sent);
    both(lost, |result, mock| {
        assert!(result.unwrap().starts_with("found after unknown "));
        assert_eq!(methods(mock), "GET POST GET");
        assert_eq!(count(mock), 1);
    });
}

/// It isn't in the first lists after the create.
#[test]
fn a_create_that_shows_late_is_found() {
    let late = || {
        MockTransport::new()
            .normal()
            .broken(SendStage::Sent)
            .response(listing(&json!([])))
            .error(503, "unavailable", "Try later")
            .error(503, "unavailable", "Try later")
            .response(listing(&json!([])))
    };
    both(late, |result, mock| {
        assert!(result.unwrap().starts_with("found after unknown "));
        // The list that failed was retried once.
        assert_eq!(methods(mock), "GET POST GET GET GET GET GET");
        assert_eq!(count(mock), 1);
    });
}

/// Somebody else created one meanwhile, and LaunchDarkly says so.
#[test]
fn a_conflict_is_looked_into() {
    let theirs = json!([{"_id": "theirs", "name": "Production"}]);
    let conflict = move || {
        MockTransport::new()
            .normal()
            .error(409, "optimistic_locking_error", "Conflict")
            .response(listing(&theirs))
    };
    both(conflict, |result, mock| {
        assert_eq!(result.unwrap(), "found after unknown theirs");
        assert_eq!(methods(mock), "GET POST GET");
    });
}

#[test]
fn a_conflict_with_nothing_stays_a_conflict() {
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

/// Never repeated, although the policy says that ambiguous calls are retried.
#[test]
fn an_unknown_create_that_does_not_show_stays_unknown() {
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
fn a_create_that_is_refused_is_not_looked_for() {
    let refused = || {
        MockTransport::new()
            .normal()
            .error(400, "invalid_request", "No")
    };
    both(refused, |result, mock| {
        assert_eq!(result.unwrap_err().kind(), ErrorKind::BadRequest);
        assert_eq!(methods(mock), "GET POST");
    });
}

#[test]
fn without_a_list_nothing_is_created() {
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
fn several_are_an_error_with_their_ids() {
    let two = json!([{"_id": "one", "name": "Production"}, {"_id": "two", "name": "Production"}]);
    let before = || MockTransport::new().response(listing(&two));
    both(before, |result, mock| {
        let error = result.unwrap_err();
        assert_eq!(
            (error.kind(), error.effect()),
            (ErrorKind::SeveralExist, Effect::None)
        );
        assert!(
            error.to_string().contains("their ids are one, two"),
            "{error}"
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
            (ErrorKind::SeveralExist, Effect::Unknown)
        );
    });
}

#[test]
fn integration_configurations_are_ensured_too() {
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

/// Over a real socket: a server that creates, and then hangs up.
#[test]
fn a_server_that_hangs_up_has_created_one() {
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
    let found = word(result, |one| one.id.clone());
    assert_eq!(found.unwrap(), "found after unknown id-0");
    let posts = server.received();
    let posts = posts.iter().filter(|one| one.head.starts_with("POST"));
    assert_eq!(posts.count(), 1);
}

/// Each of these belongs to a place: one of the same name elsewhere is another one.
#[test]
fn places_are_kept_apart() {
    let mock = MockTransport::new();
    let client = client(&mock);
    let is_created = |ensured: &str| ensured.starts_with("Created");
    let kind = |debug: String| debug.split('(').next().unwrap_or_default().to_owned();

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
                kind(format!("{ensured:?}")),
                round,
                "{project} {environment}"
            );
            let ensured = stores.ensure(&store).send().unwrap();
            assert_eq!(
                kind(format!("{ensured:?}")),
                round,
                "{project} {environment}"
            );
        }
    }
    for project in ["p", "q"] {
        let imports = client.flag_imports().project(project);
        let first = kind(format!("{:?}", imports.ensure(&import).send().unwrap()));
        assert!(is_created(&first), "{first}");
        let second = kind(format!("{:?}", imports.ensure(&import).send().unwrap()));
        assert_eq!(second, "Found");
    }
    // Another integration of the same name.
    let other = RawConfigValues::new("other").unwrap();
    let other = NewDeliveryConfiguration::new(other).name("One");
    let deliveries = client.delivery_configurations().environment("p", "e");
    let ensured = deliveries.ensure(&other).send().unwrap();
    assert!(is_created(&format!("{ensured:?}")));
}

#[test]
fn what_has_no_name_can_not_be_ensured() {
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
