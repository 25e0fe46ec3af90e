//! [`Options`]: what a client is set to.

use std::env;
use std::error::Error;
use std::fmt;
use std::time::Duration;

use super::api::Api;
use super::host::{Host, InvalidHost};
use super::retry::RetryPolicy;
use super::token::{AccessToken, InvalidAccessToken};

/// The variable of the environment that holds the access token.
const TOKEN: &str = "LAUNCHDARKLY_ACCESS_TOKEN";
/// The variable of the environment that holds the host, if it isn't the commercial one.
const HOST: &str = "LAUNCHDARKLY_API_HOST";

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

/// Why a client can't be set up.
#[derive(Debug)]
#[non_exhaustive]
pub enum SetupError {
    /// `LAUNCHDARKLY_ACCESS_TOKEN` isn't set.
    MissingToken,
    /// `LAUNCHDARKLY_ACCESS_TOKEN` can't be a token.
    Token(InvalidAccessToken),
    /// `LAUNCHDARKLY_API_HOST` can't be a host.
    Host(InvalidHost),
    /// No cryptography is there for TLS: enable the feature `ring`, or install a provider of
    /// rustls'.
    NoTlsProvider,
    /// The HTTP library can't be set up.
    Http(Box<dyn Error + Send + Sync>),
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingToken => write!(f, "{TOKEN} is not set"),
            Self::Token(error) => write!(f, "{TOKEN}: {error}"),
            Self::Host(error) => write!(f, "{HOST}: {error}"),
            Self::NoTlsProvider => f.write_str(
                "no cryptography is there for TLS: enable the feature `ring` of \
                 launchdarkly-integrations, or install a default CryptoProvider of rustls",
            ),
            Self::Http(error) => write!(f, "the HTTP library can't be set up: {error}"),
        }
    }
}

impl Error for SetupError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Http(error) => Some(&**error),
            _ => None,
        }
    }
}
