//! [`Options`]: what a client is set to.

use std::env;
use std::time::Duration;

use super::api::Api;
use super::host::{Host, InvalidHost};
use super::retry::RetryPolicy;
use super::setup_error::{HOST, SetupError, TOKEN};
use super::token::AccessToken;

/// What a client is set to. An [`AccessToken`] alone is enough.
///
/// ```
/// use std::time::Duration;
/// use launchdarkly_integrations::client::{AccessToken, Host, Options, RetryPolicy};
///
/// let options = Options::new(AccessToken::new("api-0123")?)
///     .host(Host::eu())
///     .timeout(Duration::from_secs(10))
///     .retry(RetryPolicy::never());
/// # let _ = options;
/// # Ok::<(), launchdarkly_integrations::client::InvalidAccessToken>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Options {
    pub(crate) api: Api,
    pub(crate) retry: RetryPolicy,
    pub(crate) timeout: Duration,
    pub(crate) max_body: usize,
}

impl Options {
    /// LaunchDarkly's commercial host, 30 seconds for an attempt, the default [`RetryPolicy`].
    pub fn new(token: AccessToken) -> Self {
        Self {
            api: Api::new(token),
            retry: RetryPolicy::default(),
            timeout: Duration::from_secs(30),
            max_body: 1024 * 1024,
        }
    }

    /// The token of `LAUNCHDARKLY_ACCESS_TOKEN`, and the host of `LAUNCHDARKLY_API_HOST` if that
    /// is set.
    ///
    /// # Errors
    ///
    /// [`SetupError`] says which variable is missing or wrong.
    pub fn from_env() -> Result<Self, SetupError> {
        let token = env::var(TOKEN).map_err(|_| SetupError::MissingToken)?;
        let options = Self::new(AccessToken::new(token).map_err(SetupError::Token)?);
        match env::var(HOST) {
            Ok(host) if !host.trim().is_empty() => {
                Ok(options.host(Host::new(&host).map_err(SetupError::Host)?))
            }
            Ok(_) | Err(env::VarError::NotPresent) => Ok(options),
            Err(env::VarError::NotUnicode(_)) => Err(SetupError::Host(InvalidHost::Syntax)),
        }
    }

    /// What makes the requests, such as to show one before it is sent.
    pub fn api(&self) -> &Api {
        &self.api
    }

    /// Calls another host.
    pub fn host(mut self, host: Host) -> Self {
        self.api = self.api.host(host);
        self
    }

    /// Names the calling program too in `User-Agent`, as in `my-tool/1.2.3`.
    pub fn user_agent(mut self, product: impl Into<String>) -> Self {
        self.api = self.api.user_agent(product);
        self
    }

    /// The time for each attempt, from connecting to the last byte of the answer. The time for all
    /// attempts together is [`RetryPolicy::deadline`].
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Whether and when a call is made again.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// The most bytes of an answer's body that are read: 1 MiB, unless it is set.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }
}

impl From<AccessToken> for Options {
    fn from(token: AccessToken) -> Self {
        Self::new(token)
    }
}
