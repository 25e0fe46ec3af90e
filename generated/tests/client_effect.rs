//! What is known about the effect of a call after several attempts.

// Clippy knows `#[test]` functions as tests, but not their helpers.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use launchdarkly_integrations::client::{
    AuditLogSubscriptionPatch, Client, Effect, Error, ErrorKind, MockTransport,
    NewAuditLogSubscription, RawConfigValues, RetryPolicy, SendStage, blocking,
};

/// What happens to one attempt.
#[derive(Clone, Copy, Debug)]
enum Attempt {
    NotSent,
    Lost,
    Status(u16),
    /// A response of this status that isn't JSON.
    Page(u16),
}

use Attempt::{Lost, NotSent, Page, Status};

fn mock(attempts: &[Attempt]) -> MockTransport {
    let mut mock = MockTransport::new();
    for attempt in attempts {
        mock = match *attempt {
            NotSent => mock.broken(SendStage::NotSent),
            Lost => mock.broken(SendStage::Sent),
            Status(status) => mock.error(status, "code", "message"),
            Page(status) => {
                let page = http::Response::builder().status(status);
                mock.response(page.body(b"<html>".to_vec()).unwrap())
            }
        };
    }
    mock
}

fn eager() -> RetryPolicy {
    RetryPolicy::default()
        .backoff(Duration::from_millis(1))
        .retry_ambiguous(true)
}

/// The error of a create, an update, a delete and a get that go through these attempts.
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
fn the_effect_is_that_of_all_attempts_and_the_more_telling_error_is_returned() {
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
        // A doubt stays, whatever comes after it.
        (&[Lost, Status(400)], ErrorKind::BadRequest, Effect::Unknown),
        (
            &[Lost, Status(401)],
            ErrorKind::Unauthorized,
            Effect::Unknown,
        ),
        (&[Lost, Status(409)], ErrorKind::Conflict, Effect::Unknown),
        (
            &[Lost, NotSent, NotSent, NotSent, NotSent],
            ErrorKind::Interrupted,
            Effect::Unknown,
        ),
        (
            &[Status(503), Status(403)],
            ErrorKind::Forbidden,
            Effect::Unknown,
        ),
        (
            &[Status(503), Lost, Lost, Lost, NotSent],
            ErrorKind::ServerError,
            Effect::Unknown,
        ),
        (
            &[Lost, Status(429), Status(429), Status(429), Status(429)],
            ErrorKind::RateLimited,
            Effect::Unknown,
        ),
        (&[Status(500); 5], ErrorKind::ServerError, Effect::Unknown),
        (&[Page(202)], ErrorKind::MalformedResponse, Effect::Unknown),
        (&[Page(303)], ErrorKind::Redirected, Effect::Unknown),
        (&[Page(308)], ErrorKind::Redirected, Effect::None),
        (
            &[Status(408), Status(404)],
            ErrorKind::NotFound,
            Effect::Unknown,
        ),
    ] {
        let [create, update, delete, get] = errors(attempts, &eager());
        for (which, error) in [("create", create), ("update", update), ("delete", delete)] {
            let seen = (error.kind(), error.effect(), error.attempts() as usize);
            assert_eq!(
                seen,
                (kind, effect, attempts.len()),
                "{which} {attempts:?}: {error}"
            );
            let doubts = error.to_string().contains("look before you retry");
            assert_eq!(doubts, effect == Effect::Unknown, "{which}: {error}");
            assert!(!error.to_string().contains("nothing was sent"), "{error}");
        }
        assert_eq!(
            (get.kind(), get.effect()),
            (kind, Effect::None),
            "{attempts:?}: {get}"
        );
    }
}

#[test]
fn a_created_resource_that_can_not_be_read_took_effect() {
    for attempts in [&[Page(201)][..], &[Lost, Page(201)]] {
        let [create, ..] = errors(attempts, &eager());
        assert_eq!(create.kind(), ErrorKind::MalformedResponse);
        assert_eq!(create.effect(), Effect::Applied);
        assert!(
            create.to_string().ends_with("it took effect: don't retry"),
            "{create}"
        );
    }
}

/// Without the caller's word, a call that may have been carried out is left to the caller.
#[test]
fn by_default_only_what_is_safe_is_retried() {
    let policy = RetryPolicy::default().backoff(Duration::from_millis(1));
    for (first, create_attempts, read_attempts) in [
        (NotSent, 2, 2),
        (Status(429), 2, 2),
        (Lost, 1, 2),
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

/// Both clients have the same loop; this shows that the async one waits and stops alike.
#[test]
fn the_async_client_counts_alike() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let client = Client::builder("api-0123")
        .transport(mock(&[Status(429), Lost, Status(403)]))
        .retry(eager())
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

/// A request whose response was lost was carried out all the same: the caller can look.
#[test]
fn a_lost_create_is_found_by_looking() {
    let mock = MockTransport::new().broken(SendStage::Sent);
    let client = blocking::Client::builder("api-0123")
        .transport(mock)
        .build()
        .unwrap();
    let new = NewAuditLogSubscription::new("x", RawConfigValues::new("acme").unwrap());
    let subscriptions = client.audit_log_subscriptions();
    let error = subscriptions.create(&new).send().unwrap_err();
    assert_eq!(error.effect(), Effect::Unknown);
    let found = subscriptions.list("acme").send().unwrap();
    let names: Vec<_> = found.items.iter().map(|one| one.name.as_deref()).collect();
    assert_eq!(names, [Some("x")]);
}
