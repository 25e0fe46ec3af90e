//! The fake transport does what its script says, and keeps secrets to itself.

// Clippy knows `#[test]` functions as tests, but not their helpers.
#![allow(clippy::unwrap_used)]

use launchdarkly_integrations::client::{
    AccessToken, Client, ErrorKind, Fake, NewConfiguration, Options, RawConfigValues, Reached,
    RetryPolicy, blocking,
};

fn configuration() -> NewConfiguration {
    let values = RawConfigValues::new("datadog")
        .unwrap()
        .with("apiKey", "canary-1");
    NewConfiguration::new("Production", values)
}

fn options() -> Options {
    let token = AccessToken::new("canary-2").unwrap();
    Options::new(token).retry(RetryPolicy::never())
}

#[test]
fn the_script_is_followed_and_then_all_is_created() {
    let teapot = http::Response::builder().status(418).body(Vec::new());
    let fake = Fake::new()
        .created("one")
        .error(429, "rate_limited", "Slow down")
        .answer(teapot.unwrap())
        .broken(Reached::Nothing)
        .broken(Reached::Timeout)
        .error(9_999, "", "");
    let client = blocking::Client::with_transport(options(), fake.clone());
    let create = || client.create(&configuration());

    assert_eq!(create().unwrap().id, "one");
    let limited = create().unwrap_err();
    assert_eq!(limited.kind(), ErrorKind::RateLimited);
    assert_eq!(limited.message(), Some("Slow down"));
    for kind in [
        ErrorKind::UnexpectedStatus,
        ErrorKind::NotConnected,
        ErrorKind::TimedOut,
        ErrorKind::ServerError,
    ] {
        assert_eq!(create().unwrap_err().kind(), kind);
    }
    assert_eq!(create().unwrap().id, "fake-7");
    assert_eq!(create().unwrap().id, "fake-8");
    assert_eq!(fake.requests().len(), 8);
}

#[test]
fn requests_are_kept_and_not_shown() {
    let fake = Fake::new();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let client = Client::with_transport(options(), fake.clone());
    runtime.block_on(client.create(&configuration())).unwrap();

    let shown = format!("{fake:?} {:?} {client:?}", fake.requests());
    assert!(shown.contains("keys/datadog"), "{shown}");
    assert!(!shown.contains("canary"), "{shown}");

    let requests = fake.requests();
    let [request] = &requests[..] else {
        panic!("{shown}")
    };
    assert_eq!(request.method(), "POST");
    assert_eq!(request.integration_key(), "datadog");
    assert_eq!(request.headers()["authorization"], "canary-2");
    assert_eq!(request.body()["configValues"]["apiKey"], "canary-1");
}
