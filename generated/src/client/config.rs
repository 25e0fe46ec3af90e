//! [`ClientBuilder`]: sets up a client.

use std::env;
use std::fmt;
use std::time::Duration;

use super::api::Api;
use super::host::{Host, InvalidHost};
use super::retry::RetryPolicy;
use super::setup_error::{HOST, SetupError, TOKEN};
use super::token::{AccessToken, InvalidAccessToken};
use crate::SecretString;

/// The settings of a client.
#[derive(Clone, Debug)]
pub(crate) struct ClientConfig {
    pub(crate) api: Api,
    pub(crate) retry: RetryPolicy,
    pub(crate) timeout: Duration,
    pub(crate) max_body: usize,
}

/// A client that [`ClientBuilder`] builds. Implemented by both clients.
pub trait BuildClient: Sized {
    #[doc(hidden)]
    type Transport;

    #[doc(hidden)]
    #[allow(private_interfaces)]
    fn assemble(
        config: ClientConfig,
        transport: Option<Self::Transport>,
    ) -> Result<Self, SetupError>;
}

/// Builds a `Client` or a `blocking::Client`.
///
#[cfg_attr(
    all(feature = "async", feature = "ring"),
    doc = r#"
```
use std::time::Duration;
use launchdarkly_integrations::client::{Client, Host, RetryPolicy};

let client = Client::builder("api-0123")
    .host(Host::eu())
    .timeout(Duration::from_secs(10))
    .retry(RetryPolicy::never())
    .build()?;
# let _ = client;
# Ok::<(), launchdarkly_integrations::client::SetupError>(())
```
"#
)]
#[must_use]
pub struct ClientBuilder<C: BuildClient> {
    token: SecretString,
    /// The environment variable that the token was read from.
    variable: Option<&'static str>,
    host: Host,
    user_agent: Option<String>,
    retry: RetryPolicy,
    timeout: Duration,
    max_body: usize,
    pub(crate) transport: Option<C::Transport>,
}

impl<C: BuildClient> ClientBuilder<C> {
    pub(crate) fn new(token: SecretString) -> Self {
        Self {
            token,
            variable: None,
            host: Host::default(),
            user_agent: None,
            retry: RetryPolicy::default(),
            timeout: Duration::from_secs(30),
            max_body: 1024 * 1024,
            transport: None,
        }
    }

    pub(crate) fn from_env() -> Result<Self, SetupError> {
        let token = env::var(TOKEN).map_err(|error| match error {
            env::VarError::NotPresent => SetupError::MissingToken,
            env::VarError::NotUnicode(_) => SetupError::Token {
                variable: Some(TOKEN),
                error: InvalidAccessToken::Characters,
            },
        })?;
        let mut builder = Self::new(token.into());
        builder.variable = Some(TOKEN);
        match env::var(HOST) {
            Ok(host) if !host.trim().is_empty() => {
                builder.host = Host::new(&host).map_err(SetupError::Host)?;
            }
            Ok(_) | Err(env::VarError::NotPresent) => {}
            Err(env::VarError::NotUnicode(_)) => return Err(SetupError::Host(InvalidHost::Syntax)),
        }
        Ok(builder)
    }

    /// Sets the host. Defaults to [`Host::commercial`].
    pub fn host(mut self, host: Host) -> Self {
        self.host = host;
        self
    }

    /// Adds your program, such as `my-tool/1.2.3`, to the `User-Agent`, before this crate.
    pub fn user_agent(mut self, product: impl Into<String>) -> Self {
        self.user_agent = Some(product.into());
        self
    }

    /// Sets the time-out of each attempt, from connecting to the last byte of the response. Defaults
    /// to 30 seconds. [`RetryPolicy::deadline`] limits the time of all attempts together.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets when calls are retried. Defaults to [`RetryPolicy::default`].
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Sets how many bytes of a response's body are read at most. Defaults to 1 MiB. A longer response
    /// is an error, [`MalformedResponse`](super::ErrorKind::MalformedResponse).
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    ///
    /// [`SetupError`] if the token is invalid, or if a proxy, TLS or the HTTP library can't be set up.
    pub fn build(self) -> Result<C, SetupError> {
        let variable = self.variable;
        let token =
            AccessToken::new(self.token).map_err(|error| SetupError::Token { variable, error })?;
        let mut api = Api::new(token).host(self.host);
        if let Some(product) = self.user_agent {
            api = api.user_agent(product);
        }
        let config = ClientConfig {
            api,
            retry: self.retry,
            timeout: self.timeout,
            max_body: self.max_body,
        };
        C::assemble(config, self.transport)
    }
}

impl<C: BuildClient> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("host", &self.host)
            .field("timeout", &self.timeout)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}
