//! The effect of a call after several attempts.

// Clippy knows `#[test]` functions as tests, but not their helpers.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use launchdarkly_integrations::client::{
    AuditLogSubscriptionPatch, Client, Effect, Error, ErrorKind, MockTransport,
    NewAuditLogSubscription, RawConfigValues, RetryPolicy, SendStage, blocking,
};

/// The result of one attempt.
#[derive(Clone, Copy, Debug)]
enum Attempt {
    NotSent,
    /// The request was sent, and the connection broke.
    NoResponse,
    Status(u16),
    /// A response with this status whose body is HTML.
    Html(u16),
}

use Attempt::{Html, NoResponse, NotSent, Status};

fn mock(attempts: &[Attempt]) -> MockTransport {
    let mut mock = MockTransport::new();
    for attempt in attempts {
        mock = match *attempt {
            NotSent => mock.broken(SendStage::NotSent),
            NoResponse => mock.broken(SendStage::Sent),
            Status(status) => mock.error(status, "code", "message"),
            Html(status) => {
                let html = http::Response::builder().status(status);
                mock.response(html.body(b"<html>".to_vec()).unwrap())
            }
        };
    }
    mock
}

fn retry_all() -> RetryPolicy {
    RetryPolicy::default()
        .backoff(Duration::from_millis(1))
        .retry_ambiguous(true)
}

/// The errors of a create, an update, a delete and a get with these attempts.
fn errors(attempts: &[Attempt], policy: &RetryPolicy) -> [Error; 4] {
    let client = || {
        blocking::Client::builder("api-0123")
            .transport(mock(attempts))
            .retry(policy.clone())
            .build()
            .unwrap()
    };
    let values = || RawConfigValues::new("acme").unwrap();
    let new = NewAuditLogSubscription::new("x", values());
    let patch = AuditLogSubscriptionPatch::new().on(true);
    [
        client()
            .audit_log_subscriptions()
            .create(&new)
            .send()
            .unwrap_err(),
        client()
            .audit_log_subscriptions()
            .update("acme", "1", &patch)
            .send()
            .unwrap_err(),
        client()
            .audit_log_subscriptions()
            .delete("acme", "1")
            .send()
            .unwrap_err(),
        client()
            .audit_log_subscriptions()
            .get("acme", "1")
            .send()
            .unwrap_err(),
    ]
}

#[test]
fn the_effect_covers_all_attempts_and_the_most_informative_error_is_returned() {
    for (attempts, kind, effect) in [
        (&[NotSent; 5][..], ErrorKind::NotConnected, Effect::None),
        (&[Status(400)], ErrorKind::BadRequest, Effect::None),
        (&[Status(409)], ErrorKind::Conflict, Effect::None),
        (
            &[Status(429), Status(403)],
            ErrorKind::Forbidden,
            Effect::None,
        ),
        (
            &[NotSent, Status(401)],
            ErrorKind::Unauthorized,
            Effect::None,
        ),
        // An unknown effect stays unknown.
        (
            &[NoResponse, Status(400)],
            ErrorKind::BadRequest,
            Effect::Unknown,
        ),
        (
            &[NoResponse, Status(401)],
            ErrorKind::Unauthorized,
            Effect::Unknown,
        ),
        (
            &[NoResponse, Status(409)],
            ErrorKind::Conflict,
            Effect::Unknown,
        ),
        (
            &[NoResponse, NotSent, NotSent, NotSent, NotSent],
            ErrorKind::Interrupted,
            Effect::Unknown,
        ),
        (
            &[Status(503), Status(403)],
            ErrorKind::Forbidden,
            Effect::Unknown,
        ),
        (
            &[Status(503), NoResponse, NoResponse, NoResponse, NotSent],
            ErrorKind::ServerError,
            Effect::Unknown,
        ),
        (
            &[
                NoResponse,
                Status(429),
                Status(429),
                Status(429),
                Status(429),
            ],
            ErrorKind::RateLimited,
            Effect::Unknown,
        ),
        (&[Status(500); 5], ErrorKind::ServerError, Effect::Unknown),
        (&[Html(202)], ErrorKind::MalformedResponse, Effect::Unknown),
        (&[Html(303)], ErrorKind::Redirected, Effect::Unknown),
        (&[Html(308)], ErrorKind::Redirected, Effect::None),
        (
            &[Status(408), Status(404)],
            ErrorKind::NotFound,
            Effect::Unknown,
        ),
    ] {
        let [create, update, delete, get] = errors(attempts, &retry_all());
        for (which, error) in [("create", create), ("update", update), ("delete", delete)] {
            let seen = (error.kind(), error.effect(), error.attempts() as usize);
            assert_eq!(
                seen,
                (kind, effect, attempts.len()),
                "{which} {attempts:?}: {error}"
            );
            let is_unknown = error
                .to_string()
                .contains("check what exists before you retry");
            assert_eq!(is_unknown, effect == Effect::Unknown, "{which}: {error}");
        }
        assert_eq!(
            (get.kind(), get.effect()),
            (kind, Effect::None),
            "{attempts:?}: {get}"
        );
    }
}

#[test]
fn a_create_whose_response_can_not_be_parsed_took_effect() {
    for attempts in [&[Html(201)][..], &[NoResponse, Html(201)]] {
        let [create, ..] = errors(attempts, &retry_all());
        assert_eq!(create.kind(), ErrorKind::MalformedResponse);
        assert_eq!(create.effect(), Effect::Applied);
        assert!(
            create.to_string().ends_with("it took effect: don't retry"),
            "{create}"
        );
    }
}

#[test]
fn by_default_a_call_that_may_have_taken_effect_is_retried_only_if_that_is_safe() {
    let policy = RetryPolicy::default().backoff(Duration::from_millis(1));
    for (first, create_attempts, read_attempts) in [
        (NotSent, 2, 2),
        (Status(429), 2, 2),
        (NoResponse, 1, 2),
        (Status(503), 1, 2),
        (Status(409), 1, 1),
    ] {
        let [create, update, delete, get] = errors(&[first, Status(403)], &policy);
        assert_eq!(create.attempts(), create_attempts, "{first:?}");
        assert_eq!(update.attempts(), create_attempts, "{first:?}");
        assert_eq!(delete.attempts(), read_attempts, "{first:?}");
        assert_eq!(get.attempts(), read_attempts, "{first:?}");
    }
}

#[test]
fn the_async_client_retries_like_the_blocking_client() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let client = Client::builder("api-0123")
        .transport(mock(&[Status(429), NoResponse, Status(403)]))
        .retry(retry_all())
        .build()
        .unwrap();
    let new = NewAuditLogSubscription::new("x", RawConfigValues::new("acme").unwrap());
    let subscriptions = client.audit_log_subscriptions();
    let error = runtime
        .block_on(subscriptions.create(&new).send())
        .unwrap_err();
    let seen = (error.kind(), error.effect(), error.attempts());
    assert_eq!(seen, (ErrorKind::Forbidden, Effect::Unknown, 3));
}
