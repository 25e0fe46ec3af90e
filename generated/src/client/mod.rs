//! A thin client for every endpoint that takes the values of an integration: create, list, get,
//! update, delete.
//!
//! ```no_run
//! # #[cfg(feature = "async")]
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use launchdarkly_integrations::client::{
//!     AuditLogSubscriptionPatch, Client, Effect, ErrorKind, NewAuditLogSubscription,
//! };
//! use launchdarkly_integrations::integrations::datadog;
//!
//! let client = Client::from_env()?; // LAUNCHDARKLY_ACCESS_TOKEN, LAUNCHDARKLY_API_HOST
//! let subscriptions = client.audit_log_subscriptions();
//!
//! let values = datadog::ConfigValues::builder().api_key("0123456789abcdef").build();
//! let new = NewAuditLogSubscription::new("Production Datadog", values).on(true);
//! let created = match subscriptions.create(&new).send().await {
//!     Ok(created) => created,
//!     Err(error) if error.effect() == Effect::Unknown => {
//!         println!("it may exist all the same: {error}");
//!         subscriptions.ensure(&new).send().await?.into_inner()
//!     }
//!     Err(error) if error.kind() == ErrorKind::Unauthorized => {
//!         println!("check LAUNCHDARKLY_ACCESS_TOKEN and the host");
//!         return Err(error.into());
//!     }
//!     Err(error) => return Err(error.into()),
//! };
//! let off = AuditLogSubscriptionPatch::new().on(false);
//! subscriptions.update(datadog::KEY, &created.id, &off).send().await?;
//! subscriptions.delete(datadog::KEY, &created.id).send().await?;
//! # Ok(())
//! # }
//! # #[cfg(feature = "async")]
//! # let _ = run;
//! ```
//!
//! | handle | what it manages | values |
//! |---|---|---|
//! | [`integration_configurations()`](IntegrationConfigurations) | integration configurations (beta) | `ConfigValues` |
//! | [`audit_log_subscriptions()`](AuditLogSubscriptions) | receivers of audit log events | `ConfigValues` of integrations with the capability `auditLogEventsHook` |
//! | [`delivery_configurations()`](DeliveryConfigurations) | feature stores that LaunchDarkly writes flags to (beta) | `FeatureStoreConfig` |
//! | [`big_segment_stores()`](BigSegmentStores) | big segment stores, also called persistent stores (beta) | `ConfigValues` of Redis and DynamoDB |
//! | [`flag_imports()`](FlagImports) | imports of flags from other products (beta) | `ConfigValues` of Split and Unleash |
//!
//! Values of another endpoint don't compile, and the compiler names the handle that takes them. The
//! page of each integration says where its values are sent. A handle makes a [`Call`]; a call has
//! options of its own, `timeout` and `retry`, and nothing happens
//! until it is sent.
//!
//! # Files
//!
//! A [`Declaration`] reads a new resource from a file, in any format of serde: checked as strictly
//! as code is, with the path of every problem, and with secrets from environment variables. It has a
//! JSON Schema with the feature `schemars`.
//!
//! # Features
//!
//! | feature | gives |
//! |---|---|
//! | `async`, a default | `Client` for async code, on reqwest and tokio |
//! | `blocking` | `blocking::Client` for code without async, on ureq, which builds in half the time |
//! | `ring`, a default | cryptography for TLS, for our clients only: nothing is installed for the process, and a default `CryptoProvider` of rustls that the process installed takes precedence. If your program has a reqwest without TLS of its own, cargo gives it ours without cryptography: install a provider, or enable `aws-lc-rs` |
//! | `aws-lc-rs` | the same by AWS-LC, if `ring` is off; reqwest has it then too, for clients of the program's own |
//! | `native-roots` | root certificates from the operating system's store, checked by rustls instead of by the operating system (the same on Linux) |
//! | `client` | what both stand on: [`Api`] makes requests and reads responses for any HTTP library |
//! | `mock` | `MockTransport`, a LaunchDarkly in memory for tests |
//!
//! # Errors and retries
//!
//! [`Error::effect`] says what is known about the effect of a call, over all its attempts: nothing
//! changed, unknown, or applied although the response can't be read. `Display` says it, too.
//!
//! A call is retried only where that can't do something twice: a rate limit (429) and a request that
//! was never sent, for all calls; time-outs, broken connections and 5xx, for calls that read or
//! delete. [`RetryPolicy::retry_ambiguous`] adds the others. A deleted resource may therefore be
//! reported as not found, with [`Effect::Unknown`], by the second attempt. No layer below retries
//! anything by itself.
//!
//! `ensure` creates something unless one of the same integration and name exists already. It creates at
//! most once, and looks again where the effect of that is unknown.
//!
//! # Hosts, proxies, TLS
//!
//! The access token goes to the [`Host`] that is set, by https, and nowhere else: redirects are not
//! followed. Accounts in the EU and federal accounts have hosts of their own: [`Host::eu`],
//! [`Host::federal`], or `LAUNCHDARKLY_API_HOST`. Plain http is for loopback addresses, and by
//! [`Host::insecure`] for a mock on another host.
//!
//! Both clients use the proxies of `HTTPS_PROXY` or `ALL_PROXY`, SOCKS included, and never for
//! loopback; `NO_PROXY` is read as curl reads it. They trust the certificates that the operating
//! system trusts.
//!
//! # Cancellation
//!
//! Dropping the future of a call cancels it. A request whose body wasn't handed to the connection is
//! never sent then; one that was may take effect all the same, and nobody is told. Prefer
//! `ClientBuilder::timeout` and [`RetryPolicy::deadline`], whose errors say what is known.
//!
//! # Logging
//!
//! Spans and events go to the crate `tracing`, with OpenTelemetry's names for HTTP clients: method,
//! path, server, status, number of retries, never a value. Retries are logged at `WARN`.
//!
//! **Don't log ureq's target `ureq_proto::util` at `TRACE`**: it dumps all bytes that are written,
//! the access token and secret values included. That concerns the blocking client only, and this
//! crate can't switch it off.
//!
//! # Secrets
//!
//! No error, log line, `Debug` or panic of this crate holds the access token or a secret value:
//! where a response repeats one, in whatever encoding, it is redacted. LaunchDarkly returns secrets
//! masked, and a masked value can't be sent back: a request with one is refused.
//!
//! # Tests
//!
//! `MockTransport` (feature `mock`) answers every call as LaunchDarkly does and remembers what was
//! created. A mock server works as well: `Host::new("http://127.0.0.1:4010")`.

mod api;
#[cfg(feature = "async")]
mod async_transport;
#[cfg(feature = "async")]
mod asynchronous;
#[cfg(feature = "blocking")]
pub mod blocking;
#[cfg(feature = "blocking")]
mod blocking_transport;
mod body;
mod call;
#[cfg(any(feature = "async", feature = "blocking"))]
mod config;
mod effect;
pub(crate) mod endpoint_values;
#[cfg(any(feature = "async", feature = "blocking"))]
mod ensure;
mod error;
#[cfg(any(feature = "async", feature = "blocking"))]
mod failure;
#[cfg(feature = "async")]
mod hand_over;
mod handles;
mod host;
#[cfg(all(feature = "mock", any(feature = "async", feature = "blocking")))]
mod mock;
#[cfg(any(feature = "async", feature = "blocking"))]
mod proxy;
mod rate_limit;
mod redact;
mod requests;
#[cfg(feature = "async")]
mod reqwest_transport;
mod responses;
mod retry;
#[cfg(any(feature = "async", feature = "blocking"))]
mod setup_error;
#[cfg(any(feature = "async", feature = "blocking"))]
mod tls;
mod token;
mod transport;
#[cfg(feature = "blocking")]
mod ureq_transport;

/// The HTTP types in signatures of this module.
pub use http;
/// The HTTP library in signatures of [`ReqwestTransport`].
#[cfg(feature = "async")]
pub use reqwest;

pub use api::Api;
#[cfg(feature = "async")]
pub use async_transport::Transport;
#[cfg(feature = "async")]
pub use asynchronous::Client;
pub use body::Body;
pub use call::Call;
#[cfg(any(feature = "async", feature = "blocking"))]
pub use config::{ClientBuilder, Configured};
pub use effect::Effect;
pub use endpoint_values::{
    AuditLogSubscriptionValues, BigSegmentStoreValues, DeliveryConfigurationValues,
    FlagImportValues, IntegrationConfigurationValues,
};
#[cfg(any(feature = "async", feature = "blocking"))]
pub use ensure::{Ensure, Ensured};
pub use error::{Error, ErrorKind};
pub use handles::{
    AuditLogSubscriptions, BigSegmentStores, DeliveryConfigurations, EnvironmentBigSegmentStores,
    EnvironmentDeliveryConfigurations, FlagImports, IntegrationConfigurations, ProjectFlagImports,
};
pub use host::{Host, InvalidHost};
#[cfg(all(feature = "mock", any(feature = "async", feature = "blocking")))]
pub use mock::{MockTransport, RecordedRequest};
pub use rate_limit::RateLimit;
#[doc(hidden)]
pub use requests::Values;
pub use requests::{
    Actions, AdditionalFormVariable, AuditLogSubscriptionPatch, BigSegmentStorePatch, Declaration,
    DeliveryConfigurationPatch, FlagImportPatch, FormVariableNames, IntegrationConfigurationPatch,
    InvalidDeclaration, InvalidIntegrationKey, NewAuditLogSubscription, NewBigSegmentStore,
    NewDeliveryConfiguration, NewFlagImport, NewIntegrationConfiguration, NewResource,
    RawConfigValues, Resources, Statement, StatementEffect,
};
#[cfg(feature = "async")]
pub use reqwest_transport::ReqwestTransport;
pub use responses::{
    Access, AuditLogSubscription, AuditLogSubscriptionError, AuditLogSubscriptionStatus,
    BigSegmentStore, BigSegmentStoreError, BigSegmentStoreStatus, DeliveryConfiguration,
    DeliveryConfigurationValidation, FlagImport, FlagImportError, FlagImportState,
    FlagImportStatus, IntegrationConfiguration, Link, Links, List, MaskedValues, Permission,
    ReceivedEffect, ReceivedStatement, SensitiveString, Unparsed,
};
pub use retry::{Attempt, Decision, Outcome, Repeat, RetryPolicy};
#[cfg(any(feature = "async", feature = "blocking"))]
pub use setup_error::SetupError;
pub use token::{AccessToken, InvalidAccessToken};
pub use transport::{Limits, Received, SendError, SendFailure, SendStage};
