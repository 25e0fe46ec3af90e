//! A thin client for the endpoint that creates integration configurations,
//! `POST /api/v2/integration-configurations/keys/{integrationKey}`.
//!
//! One request in, one typed answer or one [`Error`] out:
//!
//! ```no_run
//! # #[cfg(feature = "async")]
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use launchdarkly_integrations::client::{Client, ErrorKind, NewConfiguration};
//! use launchdarkly_integrations::integrations::datadog::ConfigValues;
//!
//! let client = Client::from_env()?; // LAUNCHDARKLY_ACCESS_TOKEN, LAUNCHDARKLY_API_HOST
//! let values = ConfigValues::builder().api_key("0123456789abcdef").build();
//! match client.create(&NewConfiguration::new("Production Datadog", values)).await {
//!     Ok(created) => println!("created {}", created.id),
//!     Err(error) if error.kind() == ErrorKind::Unauthorized => println!("a new token, please"),
//!     Err(error) if error.may_have_been_created() => println!("look before trying again: {error}"),
//!     Err(error) => return Err(error.into()),
//! }
//! # Ok(())
//! # }
//! # #[cfg(feature = "async")]
//! # let _ = run;
//! ```
//!
//! | feature | gives |
//! |---|---|
//! | `async`, a default | `Client` for async code, on reqwest and tokio |
//! | `blocking` | `blocking::Client` for code without async, on ureq, which builds in half the time |
//! | `ring`, a default | cryptography for TLS; without it install a `CryptoProvider` of rustls |
//! | `client` | what both stand on: [`Api`] makes requests and reads responses, and nothing is sent |
//!
//! What holds for both clients:
//!
//! - The access token goes to the [`Host`] that is set, over https, and nowhere else: redirects
//!   are not followed.
//! - A call is made again only where that can't create a second configuration, see
//!   [`RetryPolicy`].
//! - No error, log or `Debug` holds the token or a secret value.
//! - Spans and events go to the crate `tracing`: method, integration key, status, attempt and
//!   request id, never a value.
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
mod endpoint_values;
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
mod setup_error;
#[cfg(any(feature = "async", feature = "blocking"))]
mod tls;
mod token;
mod transport;
#[cfg(feature = "blocking")]
mod ureq_transport;

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
pub use endpoint_values::*;
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
    Actions, AdditionalFormVariable, AuditLogSubscriptionPatch, BigSegmentStorePatch,
    DeliveryConfigurationPatch, FlagImportPatch, FormVariableNames, IntegrationConfigurationPatch,
    InvalidIntegrationKey, NewAuditLogSubscription, NewBigSegmentStore, NewDeliveryConfiguration,
    NewFlagImport, NewIntegrationConfiguration, RawConfigValues, Resources, Statement,
    StatementEffect, WrongEndpoint,
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
pub use setup_error::SetupError;
pub use token::{AccessToken, InvalidAccessToken};
pub use transport::{Limits, Received, SendError, SendFailure, SendStage};
