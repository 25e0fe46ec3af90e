//! A client for every endpoint that accepts the values of an integration.
//!
//! ```no_run
//! # #[cfg(feature = "async")]
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use launchdarkly_integrations::client::{
//!     AuditLogSubscriptionPatch, Client, NewAuditLogSubscription,
//! };
//! use launchdarkly_integrations::integrations::datadog;
//!
//! let client = Client::from_env()?; // LAUNCHDARKLY_ACCESS_TOKEN, LAUNCHDARKLY_API_HOST
//! let subscriptions = client.audit_log_subscriptions();
//!
//! let values = datadog::ConfigValues::builder().api_key("0123456789abcdef").build();
//! let new = NewAuditLogSubscription::new("Production Datadog", values).on(true);
//! let created = subscriptions.create(&new).send().await?;
//!
//! for subscription in subscriptions.list(datadog::KEY).send().await? {
//!     println!("{}", subscription.id);
//! }
//! let off = AuditLogSubscriptionPatch::new().on(false);
//! subscriptions.update(datadog::KEY, &created.id, &off).send().await?;
//! subscriptions.delete(datadog::KEY, &created.id).send().await?;
//! # Ok(())
//! # }
//! # #[cfg(feature = "async")]
//! # let _ = example;
//! ```
//!
//! `Client` is async and needs tokio; `blocking::Client` has the same methods without `await`. Both
//! have a handle for each kind of resource:
//!
//! - [`integration_configurations()`](IntegrationConfigurations): integration configurations (beta).
//!   Takes `ConfigValues`.
//! - [`audit_log_subscriptions()`](AuditLogSubscriptions): subscriptions to audit log events. Takes
//!   `ConfigValues` of integrations with the capability `auditLogEventsHook`.
//! - [`delivery_configurations()`](DeliveryConfigurations): feature stores that LaunchDarkly writes flags
//!   to (beta). Takes `FeatureStoreConfig`.
//! - [`big_segment_stores()`](BigSegmentStores): big segment stores, also called persistent stores
//!   (beta). Takes `ConfigValues` of integrations with the capability `bigSegmentStore`.
//! - [`flag_imports()`](FlagImports): imports of flags from other products (beta). Takes `ConfigValues`
//!   of integrations with the capability `flagImport`.
//!
//! Values of another endpoint don't compile, and the compiler names the correct handle. So does the page
//! of each integration, under "Where to send these values". `ensure` creates a resource unless one with
//! the same integration and name exists. A [`Declaration`] reads a resource from a file, in any format of
//! serde.
//!
//! # Errors
//!
//! A failed call returns [`Error`]. `Display` is one line that says what failed, why, and what to do.
//! Programs use two methods:
//!
//! - [`kind()`](Error::kind) says what failed, such as [`Unauthorized`](ErrorKind::Unauthorized).
//! - [`effect()`](Error::effect) says whether the call changed something, over all its attempts.
//!   [`Unknown`](Effect::Unknown) means that the request may have taken effect: check what exists
//!   before you repeat it, or use `ensure`.
//!
//! ```no_run
//! # #[cfg(feature = "async")]
//! # async fn example(client: launchdarkly_integrations::client::Client)
//! #     -> Result<(), Box<dyn std::error::Error>> {
//! # use launchdarkly_integrations::client::NewAuditLogSubscription;
//! # use launchdarkly_integrations::integrations::datadog;
//! use launchdarkly_integrations::client::{Effect, ErrorKind};
//!
//! # let subscriptions = client.audit_log_subscriptions();
//! # let values = datadog::ConfigValues::builder().api_key("0123456789abcdef").build();
//! # let new = NewAuditLogSubscription::new("Production Datadog", values);
//! let created = match subscriptions.create(&new).send().await {
//!     Ok(created) => created,
//!     // It may exist: search for it, and create it only if it doesn't.
//!     Err(error) if error.effect() == Effect::Unknown => {
//!         subscriptions.ensure(&new).send().await?.into_inner()
//!     }
//!     Err(error) if error.kind() == ErrorKind::RateLimited => {
//!         println!("wait for {:?}", error.rate_limit().retry_after);
//!         return Err(error.into());
//!     }
//!     Err(error) => return Err(error.into()),
//! };
//! # let _ = created;
//! # Ok(())
//! # }
//! # #[cfg(feature = "async")]
//! # let _ = example;
//! ```
//!
//! No error, log line, `Debug` or panic of this crate contains the access token or a secret value. If a
//! response repeats one, in any encoding, it is redacted. LaunchDarkly returns secrets masked, and a
//! request with a masked value is rejected before it is sent.
//!
//! # Hosts
//!
//! Accounts in the EU and federal accounts have their own hosts. Set the host in the program, or in
//! `LAUNCHDARKLY_API_HOST`, which `from_env` reads:
//!
//! - commercial, the default: [`Host::commercial()`] or `https://app.launchdarkly.com`
//! - EU: [`Host::eu()`] or `https://app.eu.launchdarkly.com`
//! - federal: [`Host::federal()`] or `https://app.launchdarkly.us`
//! - a mock server on this machine: [`Host::new`] with `http://127.0.0.1:4010`, or that URL in the
//!   variable
//! - a mock server on your network, without TLS: [`Host::insecure`] with `http://mock:8080`; not in the
//!   variable
//!
//! ```
//! # #[cfg(all(feature = "async", feature = "ring"))] {
//! use launchdarkly_integrations::client::{Client, Host};
//!
//! let client = Client::builder("api-0123abcd").host(Host::eu()).build()?;
//! # let _ = client;
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The access token is sent only to this host, and redirects are not followed. With the wrong host,
//! calls fail with 401, and the message names the host. Only loopback hosts and [`Host::insecure`]
//! accept plain `http`.
//!
//! # Proxies
//!
//! Both clients use the proxies of these environment variables, as curl does. A lowercase name takes
//! precedence. A variable that isn't a valid URL is an error.
//!
//! - `HTTPS_PROXY`: the proxy for `https` hosts
//! - `HTTP_PROXY`: the proxy for `http` hosts
//! - `ALL_PROXY`: the proxy if the variable for the scheme is not set
//! - `NO_PROXY`: hosts, IP addresses and networks without a proxy, separated by commas; `*` means all
//!
//! A URL such as `http://user:password@proxy:3128` can have the scheme `http`, `https`, `socks5` (this
//! machine resolves the host name), `socks5h` (the proxy resolves it), `socks4` or `socks4a`. Requests to
//! loopback hosts never use a proxy. If a proxy fails, the error names the variable, and not its URL. To
//! set a proxy in the program, use `ReqwestTransport::builder` or `UreqTransport::builder`.
//!
//! # Time-outs
//!
//! - One attempt, from connecting to the last byte: 30 seconds. `ClientBuilder::timeout` sets it for a
//!   client, `Call::timeout` for a call.
//! - Connecting: 10 seconds.
//! - All attempts and waits of a call: 3 minutes, or two time-outs and a wait if that is longer.
//!   [`RetryPolicy::deadline`] sets it.
//!
//! ```no_run
//! # #[cfg(feature = "blocking")] {
//! use std::time::Duration;
//! use launchdarkly_integrations::client::{RetryPolicy, blocking::Client};
//!
//! let client = Client::builder("api-0123abcd")
//!     .timeout(Duration::from_secs(10))
//!     .retry(RetryPolicy::default().deadline(Duration::from_secs(60)))
//!     .build()?;
//! let all = client.delivery_configurations().list().timeout(Duration::from_secs(120)).send()?;
//! # let _ = all;
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Retries
//!
//! A call is retried only if it can't take effect twice:
//!
//! - every call after a rate limit (429), or if the request was not sent
//! - `list`, `get` and `delete` also after time-outs, broken connections and 5xx
//! - the other operations after those only with [`RetryPolicy::retry_ambiguous`]
//!
//! There are up to 5 attempts, with waits of about 1, 2, 4 and 8 seconds, or longer if `Retry-After`
//! requires it. Failures that a retry can't resolve are returned at once: an unknown host, an invalid
//! certificate, a loopback host where nothing listens. A `delete` whose first attempt had no response
//! may end with [`NotFound`](ErrorKind::NotFound) and [`Effect::Unknown`]. [`RetryPolicy`] sets all of
//! this, for a client or a call. The HTTP libraries retry nothing.
//!
//! # Logging
//!
//! The clients log with the crate `tracing`; the target begins with `launchdarkly_integrations`. Each
//! call is a span `launchdarkly` at `DEBUG`, with OpenTelemetry's names for HTTP clients: method, path,
//! server, status, number of retries. Retries are logged at `WARN`, failures at `DEBUG`. No header, value
//! or body is logged.
//!
//! **Don't enable `TRACE` for ureq's target `ureq_proto::util`.** ureq then logs all bytes that it sends,
//! including the access token and secret values. This concerns the blocking client only, and this crate
//! can't prevent it. A safe filter for everything else is `RUST_LOG=trace,ureq_proto::util=off`.
//!
//! # Cancellation
//!
//! Dropping the future of a call cancels it. If the connection hadn't taken the request's body yet, the
//! body is never sent. Otherwise the call may still take effect, and nothing reports it. To limit the
//! time of a call, prefer its [time-outs](#time-outs) to `tokio::time::timeout`: their error has an
//! [`effect()`](Error::effect).
//!
//! # TLS
//!
//! Both clients use rustls and trust the certificates that the operating system trusts. On Linux,
//! `SSL_CERT_FILE` replaces them with those in a file. Nothing is installed for the whole process.
//!
//! - `ring`, a default: the crypto provider is ring, unless the process has installed a default
//!   `CryptoProvider` of rustls.
//! - `aws-lc-rs`: the crypto provider is AWS-LC if `ring` is disabled.
//! - `native-roots`: rustls instead of the operating system checks certificates, with the system's root
//!   certificates. No difference on Linux.
//!
//! If your program uses reqwest itself and enables no TLS feature of it, it shares this crate's reqwest,
//! which has no crypto provider: install one with `CryptoProvider::install_default`, or enable
//! `aws-lc-rs`. For your own root certificates or client certificates, use `ReqwestTransport::builder` or
//! `UreqTransport::builder`.
//!
//! # Other HTTP libraries
//!
//! With the feature `client` alone, [`Api`] creates the requests and parses the responses, and your
//! program sends them with any HTTP library that supports the types of the crate `http`:
//!
//! ```
//! use launchdarkly_integrations::client::{AccessToken, Api};
//!
//! let api = Api::new(AccessToken::new("api-0123abcd")?);
//! let call = api.audit_log_subscriptions().list("datadog");
//! let request = call.request()?;
//! assert_eq!(request.uri().path(), "/api/v2/integrations/datadog");
//!
//! # let send = |_: http::Request<launchdarkly_integrations::client::Body>| {
//! #     http::Response::new(r#"{"items": [{"_id": "1"}]}"#)
//! # };
//! let response: http::Response<_> = send(request);
//! assert_eq!(call.parse(&response)?.items[0].id, "1");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! To keep the clients' retries, time-outs and logging, implement `Transport` or `blocking::Transport`
//! instead and pass it to `ClientBuilder::transport`.
//!
//! # Tests
//!
//! With the feature `mock`, `MockTransport` is a LaunchDarkly in memory: it responds to every call as
//! LaunchDarkly does, and stores what is created. Before that, it returns the responses and errors that a
//! test scripts:
//!
//! ```
//! # #[cfg(all(feature = "blocking", feature = "mock"))] {
//! use launchdarkly_integrations::client::{
//!     ErrorKind, MockTransport, NewAuditLogSubscription, blocking::Client,
//! };
//! use launchdarkly_integrations::integrations::datadog;
//!
//! let mock = MockTransport::new().error(403, "forbidden", "Not allowed");
//! let client = Client::builder("any-token").transport(mock.clone()).build()?;
//! let subscriptions = client.audit_log_subscriptions();
//!
//! let values = datadog::ConfigValues::builder().api_key("0123456789abcdef").build();
//! let new = NewAuditLogSubscription::new("Production Datadog", values);
//! let error = subscriptions.create(&new).send().unwrap_err();
//! assert_eq!(error.kind(), ErrorKind::Forbidden);
//!
//! subscriptions.create(&new).send()?;
//! assert_eq!(subscriptions.list(datadog::KEY).send()?.items.len(), 1);
//! assert_eq!(mock.requests()[0].method(), "POST");
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A mock server such as Prism works, too, see [Hosts](#hosts).

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
mod invalid_request;
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

/// The crate `http`, whose types are used in this module.
pub use http;
/// The crate `reqwest`, whose types [`ReqwestTransport`] uses.
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
pub use config::{BuildClient, ClientBuilder};
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
pub use retry::{Attempt, Decision, Idempotency, Outcome, RetryPolicy};
#[cfg(any(feature = "async", feature = "blocking"))]
pub use setup_error::SetupError;
pub use token::{AccessToken, InvalidAccessToken};
pub use transport::{Limits, Received, SendError, SendFailure, SendStage};
