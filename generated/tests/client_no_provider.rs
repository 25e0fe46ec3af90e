//! Without cryptography the clients say so where they are set up, and don't panic.
//!
//! The feature `ring` has to be off, so this is a run of its own:
//! `cargo test -p launchdarkly-integrations --features async,blocking --test client_no_provider`

#![cfg(not(feature = "ring"))]

use launchdarkly_integrations::client::{AccessToken, Client, SetupError, blocking};

#[test]
fn the_missing_cryptography_is_named() {
    let token = AccessToken::new("api-0123").unwrap();
    let errors = [
        Client::new(token.clone()).map(drop).unwrap_err(),
        Client::with_http(token.clone(), reqwest::Client::builder())
            .map(drop)
            .unwrap_err(),
        blocking::Client::new(token).map(drop).unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(error, SetupError::NoTlsProvider), "{error:?}");
        assert!(error.to_string().contains("`ring`"), "{error}");
    }
}
