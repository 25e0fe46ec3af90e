//! Without cryptography the transports return an error where they are set up, and don't panic.
//!
//! The features `ring` and `aws-lc-rs` have to be off, so this is a run of its own:
//! `cargo test -p launchdarkly-integrations --no-default-features --features async,blocking --test
//! client_no_provider`

#![cfg(not(any(feature = "ring", feature = "aws-lc-rs")))]

use launchdarkly_integrations::client::{ReqwestTransport, SetupError, blocking::UreqTransport};

#[test]
fn the_missing_cryptography_is_named() {
    let errors = [
        ReqwestTransport::new().map(drop).unwrap_err(),
        ReqwestTransport::builder().map(drop).unwrap_err(),
        ReqwestTransport::with_builder(reqwest::Client::builder())
            .map(drop)
            .unwrap_err(),
        UreqTransport::new().map(drop).unwrap_err(),
        UreqTransport::builder().map(drop).unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(error, SetupError::NoTlsProvider), "{error:?}");
        for feature in ["`ring`", "`aws-lc-rs`"] {
            assert!(error.to_string().contains(feature), "{error}");
        }
    }
}
