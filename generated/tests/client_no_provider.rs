//! Without a crypto provider, creating a transport returns an error and doesn't panic.
//!
//! The features `ring` and `aws-lc-rs` must be disabled, so this needs a separate run:
//! `cargo test -p launchdarkly-integrations --no-default-features --features async,blocking --test
//! client_no_provider`

#![cfg(not(any(feature = "ring", feature = "aws-lc-rs")))]

use launchdarkly_integrations::client::{ReqwestTransport, SetupError, blocking::UreqTransport};

#[test]
fn the_error_names_the_missing_features() {
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
