//! Rust types for the values of every LaunchDarkly integration (Datadog, Splunk, PagerDuty, …), and a
//! client that sends them to LaunchDarkly's REST API. A missing field, a mistyped key or the wrong
//! endpoint is a compile error, and secrets are redacted in errors and logs.
//!
//! **[All integrations](integrations)**, with their fields and endpoints. `generated/CATALOG.md` in the
//! repository lists them in one file.
//!
//! Not affiliated with LaunchDarkly. Nothing here has been tried against LaunchDarkly's own servers:
//! only against its OpenAPI document, Prism and a mock.
//!
//! ```console
//! $ cargo add launchdarkly-integrations
//! $ cargo add tokio --features macros,rt-multi-thread
//! ```
//!
//! # Create a subscription
//!
//! ```no_run
//! # #[cfg(feature = "async")] #[allow(dead_code)] mod example {
//! use launchdarkly_integrations::client::{Client, Effect, NewAuditLogSubscription};
//! use launchdarkly_integrations::integrations::datadog::{ConfigValues, HostUrl};
//!
//! async fn create(client: &Client) -> Result<(), Box<dyn std::error::Error>> {
//!     let values = ConfigValues::builder()
//!         .api_key("0123456789abcdef")
//!         .host_url(HostUrl::ApiDatadoghqEu)
//!         .build();
//!     let new = NewAuditLogSubscription::new("Production Datadog", values);
//!     let subscriptions = client.audit_log_subscriptions();
//!     match subscriptions.create(&new).send().await {
//!         Ok(created) => println!("created {}", created.id),
//!         // It may exist now: look for it, instead of creating a second one.
//!         Err(error) if error.effect() == Effect::Unknown => {
//!             subscriptions.ensure(&new).send().await?;
//!         }
//!         Err(error) => return Err(error.into()), // its message says what to do
//!     }
//!     Ok(())
//! }
//! # }
//! ```
//!
//! `Client::from_env()?` makes a client with the access token in `LAUNCHDARKLY_ACCESS_TOKEN`. Fields are
//! the form variables of the integration's public manifest. The page of an integration says if
//! LaunchDarkly's server is known to have more.
//!
//! # Run-time values
//!
//! If a program learns the integration only when it runs, [`AnyConfigValues`] reads the values from JSON,
//! with the same checks:
//!
//! ```
//! use launchdarkly_integrations::AnyConfigValues;
//!
//! let json = r#"{"apikey": "0123456789abcdef", "hostURL": "https://api.datadoghq.com"}"#;
//! if let Err(error) = AnyConfigValues::from_json_str("datadog", json) {
//!     for problem in error.problems() {
//!         println!("{problem}");
//!     }
//! }
//! # let error = AnyConfigValues::from_json_str("datadog", json).unwrap_err();
//! # let problems: Vec<String> = error.problems().iter().map(ToString::to_string).collect();
//! # assert!(problems[0].starts_with("apikey: unknown key; expected one of apiKey, "), "{problems:?}");
//! # assert!(problems[0].ends_with("; did you mean apiKey?"), "{problems:?}");
//! # assert_eq!(problems[1], "apiKey: required, but missing; expected a string");
//! ```
//!
//! ```text
//! apikey: unknown key; expected one of apiKey, hostURL, hideMemberDetails; did you mean apiKey?
//! apiKey: required, but missing; expected a string
//! ```
//!
//! `NewAuditLogSubscription::with_any` and its siblings send such values. [`IntegrationKey`] and
//! [`Integration`] have the names, fields and endpoints for a form or a command line.
//!
//! # The client
//!
//! [Its page](client/index.html) lists what can be created, listed, changed and deleted. It also covers:
//!
//! - [Errors](client/index.html#errors): what failed, and whether the call changed anything
//! - [Hosts](client/index.html#hosts): the EU, federal accounts, a mock server
//! - [Proxies](client/index.html#proxies): `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`
//! - [Time-outs](client/index.html#time-outs): 30 seconds for each attempt, unless you set another
//! - [Retries](client/index.html#retries): only if that can't do something twice
//! - [Logging](client/index.html#logging): spans and events of `tracing`, without secrets
//! - [Cancellation](client/index.html#cancellation): drop the future
//! - [TLS](client/index.html#tls): rustls with ring or AWS-LC, and the system's certificates
//! - [Other HTTP libraries](client/index.html#other-http-libraries): requests and responses only
//! - [Files](client/struct.Declaration.html): resources that a TOML, YAML or JSON file declares
//!
//! # Tests
//!
//! A client with a `MockTransport` sends nothing. The mock responds from memory as LaunchDarkly does
//! ([more](client/index.html#tests)):
//!
//! ```console
//! $ cargo add --dev launchdarkly-integrations --features mock
//! ```
//!
#![cfg_attr(
    all(feature = "async", feature = "mock"),
    doc = r#"
```
# mod example {
use launchdarkly_integrations::client::{Client, MockTransport, NewAuditLogSubscription};
use launchdarkly_integrations::integrations::datadog;

// With #[tokio::test] in your crate.
# #[tokio::main(flavor = "current_thread")]
# pub
async fn creates_a_subscription() -> Result<(), Box<dyn std::error::Error>> {
    let mock = MockTransport::new();
    let client = Client::builder("any-token").transport(mock.clone()).build()?;
    let subscriptions = client.audit_log_subscriptions();

    // Call your own code here.
    let values = datadog::ConfigValues::builder().api_key("0123456789abcdef").build();
    let new = NewAuditLogSubscription::new("Production Datadog", values);
    let created = subscriptions.create(&new).send().await?;

    let found = subscriptions.get(datadog::KEY, &created.id).send().await?;
    assert_eq!(found.name.as_deref(), Some("Production Datadog"));
    assert_eq!(mock.requests()[0].body()["config"]["apiKey"], "0123456789abcdef");
    Ok(())
}
# }
# fn main() -> Result<(), Box<dyn std::error::Error>> { example::creates_a_subscription() }
```
"#
)]
//!
//! # Features
//!
//! | features | what they add | crates | cold build (1 = 7 s of CPU) |
//! |---|---|---:|---:|
//! | none | the types | 11 | 1 |
//! | `client` | requests and responses, for any HTTP library | 15 | 1.5 |
//! | `blocking`, `ring` | the client without async, on ureq | 37 | 3.8 |
//! | `async`, `ring` (default) | the async client, on reqwest and tokio | 91 | 6.2 |
//! | default, `mock` | `MockTransport`, for tests | 96 | 6.9 |
//! | default, `schemars` | JSON Schemas, in [`schema`](schema/index.html) | 95 | 6.3 |
//!
//! Crates are all dependencies. Build times are of a debug build on two virtual cores. Two more features
//! change [TLS](client/index.html#tls): `aws-lc-rs`, which replaces `ring`, and `native-roots`.
//!
//! # Versions
//!
//! Versions follow [Cargo's rules][semver], also if only LaunchDarkly's manifests changed:
//!
//! - **breaking** (0.1 → 0.2; later 1.0 → 2.0): some programs don't compile. A field was removed or
//!   became required, or its type changed.
//! - **minor** (0.1.0 → 0.1.1; later 1.0 → 1.1): every program compiles. An integration, an optional
//!   field or a value of an enum was added.
//! - **patch** (0.1.0 → 0.1.1; later 1.0.0 → 1.0.1): no name or type changed. Read the changelog: it marks
//!   what the compiler can't see, such as another default.
//!
//! LaunchDarkly may accept new values before this crate knows them: send them with the `Unlisted` variant
//! of an enum, `with_value` or `RawConfigValues`.
//!
#![doc = concat!("Requires Rust ", env!("CARGO_PKG_RUST_VERSION"), " or later, with any features. Only a")]
//! version that changes the first or second number may require a newer Rust, and that Rust is then at
//! least a year old.
//!
//! A new major version of a public dependency is a breaking change here. These are `serde`, `serde_json`
//! and `secrecy`, and with their features `http` (`client`), `reqwest` (`async`), `ureq` (`blocking`)
//! and `schemars`.
//!
//! [semver]: https://doc.rust-lang.org/cargo/reference/semver.html
#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc(test(attr(deny(warnings), allow(unused_variables))))]

mod any;
mod builder;
#[cfg(feature = "client")]
pub mod client;
mod endpoint;
mod facts;
// Not hidden for the compiler, which would show longer paths in messages.
#[cfg_attr(doc, doc(hidden))]
pub mod handle_names;
mod integration_key;
mod integration_values;
#[rustfmt::skip]
#[allow(
    non_camel_case_types,
    reason = "the type parameters for `a_1` and `a1` differ only in the underscore"
)]
pub mod integrations;
mod macros;
mod no_form_variables;
#[cfg(feature = "schemars")]
pub mod schema;
#[doc(hidden)]
pub mod values;
mod wording;

#[allow(
    unused_imports,
    reason = "which of them are called depends on the manifests"
)]
pub(crate) use {
    endpoint::{endpoints, sent},
    handle_names::handles,
    macros::{
        builder_debug, default_values, facts, form_values, integration_values, is_set,
        listed_value, no_form_variables, readers,
    },
};

pub use any::{AnyConfigValues, InvalidConfigValues};
pub use builder::{IntoOption, Missing};
#[cfg(feature = "async")]
pub use client::Client;
#[cfg(feature = "client")]
pub use client::{NewAuditLogSubscription, NewIntegrationConfiguration};
pub use endpoint::{Endpoint, UnknownEndpoint, WrongEndpoint};
pub use facts::{CapabilityFields, Field, Integration, Upstream};
pub use integration_key::{IntegrationKey, UnknownIntegrationKey};
pub use integration_values::IntegrationValues;
pub use no_form_variables::NoFormVariables;
#[cfg(feature = "schemars")]
#[doc(no_inline)]
pub use schemars;
#[doc(no_inline)]
pub use secrecy;
#[doc(hidden)]
pub use values::listed;
#[doc(inline)]
pub use values::listed::{ListedValue, UnlistedValue};
#[doc(inline)]
pub use values::{
    DefaultValue, Environment, EnvironmentKeys, EnvironmentSelector, FieldKind, FormValue,
    FormValues, InvalidSecretUri, InvalidUri, InvalidValues, LenientValues, Problem, ProblemKind,
    RedactedValue, SecretJson, SecretString, SecretUri, Uri,
};

/// Compiles and runs the examples of the README.
#[cfg(all(doctest, feature = "async"))]
#[doc = include_str!("../README.md")]
struct Readme;
