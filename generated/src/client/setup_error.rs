//! [`SetupError`]: why there is no client.

use std::error::Error;
use std::fmt;

use super::host::InvalidHost;
use super::token::InvalidAccessToken;

/// The environment variable that holds the access token.
pub(crate) const TOKEN: &str = "LAUNCHDARKLY_ACCESS_TOKEN";
/// The environment variable that holds the host, if it isn't the commercial one.
pub(crate) const HOST: &str = "LAUNCHDARKLY_API_HOST";

/// Why a client can't be set up.
#[derive(Debug)]
#[non_exhaustive]
pub enum SetupError {
    /// `LAUNCHDARKLY_ACCESS_TOKEN` isn't set.
    MissingToken,
    /// The access token can't be one.
    Token {
        /// The environment variable that holds it. `None` if it came from the program.
        variable: Option<&'static str>,
        /// What is wrong with it.
        error: InvalidAccessToken,
    },
    /// `LAUNCHDARKLY_API_HOST` can't be a host.
    Host(InvalidHost),
    /// No cryptography is there for TLS: enable the feature `ring`, or install a provider of
    /// rustls'.
    NoTlsProvider,
    /// The HTTP library can't be set up.
    Http(Box<dyn Error + Send + Sync>),
}

impl SetupError {
    pub(crate) fn invalid_token(variable: Option<&'static str>) -> Self {
        Self::Token {
            variable,
            error: InvalidAccessToken::new(),
        }
    }
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingToken => write!(f, "{TOKEN} is not set"),
            Self::Token { variable, error } => match variable {
                Some(variable) => write!(f, "{variable}: {error}"),
                None => write!(f, "{error}"),
            },
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
