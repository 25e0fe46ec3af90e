//! [`SetupError`]: why a client can't be built.

use std::error::Error;
use std::fmt;

use super::host::InvalidHost;
use super::token::InvalidAccessToken;

/// The environment variable with the access token.
pub(crate) const TOKEN: &str = "LAUNCHDARKLY_ACCESS_TOKEN";
/// The environment variable with the host. The commercial host is the default.
pub(crate) const HOST: &str = "LAUNCHDARKLY_API_HOST";

/// Why a client can't be built.
///
/// `Debug` prints what `Display` prints, for a `main` that returns it.
#[non_exhaustive]
pub enum SetupError {
    /// `LAUNCHDARKLY_ACCESS_TOKEN` isn't set.
    MissingToken,
    /// The access token is invalid.
    Token {
        /// The environment variable with the token. `None` if the program passed the token.
        variable: Option<&'static str>,
        /// What is wrong with it.
        error: InvalidAccessToken,
    },
    /// `LAUNCHDARKLY_API_HOST` is invalid.
    Host(InvalidHost),
    /// There is no crypto provider for TLS: enable the feature `ring` or `aws-lc-rs`, or install a
    /// default `CryptoProvider` of rustls.
    NoTlsProvider,
    /// The environment variable with this name doesn't contain the URL of a proxy.
    Proxy(&'static str),
    /// The HTTP library can't be set up.
    Http(Box<dyn Error + Send + Sync>),
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingToken => write!(
                f,
                "{TOKEN} is not set: set it to a token from LaunchDarkly's organization settings"
            ),
            Self::Token { variable, error } => match variable {
                Some(variable) => write!(f, "{variable}: {error}"),
                None => write!(f, "{error}"),
            },
            Self::Host(error) => write!(f, "{HOST}: {error}"),
            Self::NoTlsProvider => f.write_str(
                "there is no crypto provider for TLS: enable the feature `ring` or `aws-lc-rs` of \
                 launchdarkly-integrations, or install a default CryptoProvider of rustls",
            ),
            Self::Proxy(variable) => write!(
                f,
                "{variable} is not the URL of a proxy: set it to a URL such as \
                 http://user:password@host:3128 with the scheme http, https, socks5, socks5h, \
                 socks4 or socks4a, or unset it"
            ),
            Self::Http(error) => {
                write!(f, "the HTTP library can't be set up: {error}")?;
                let mut source = error.source();
                while let Some(cause) = source {
                    write!(f, ": {cause}")?;
                    source = cause.source();
                }
                Ok(())
            }
        }
    }
}

crate::wording::debug_as_display!(SetupError);

impl Error for SetupError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Http(error) => Some(&**error),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::{AccessToken, Host};

    /// `Debug` is what a `main` that returns `Result` prints.
    #[test]
    fn debug_names_the_variable_and_the_reason() {
        for (error, parts) in [
            (
                SetupError::MissingToken,
                &["LAUNCHDARKLY_ACCESS_TOKEN is not set: set it"][..],
            ),
            (
                SetupError::Token {
                    variable: Some(TOKEN),
                    error: AccessToken::new("canary canary").unwrap_err(),
                },
                &["LAUNCHDARKLY_ACCESS_TOKEN: ", "white space"],
            ),
            (
                SetupError::Host(Host::new("http://canary.example").unwrap_err()),
                &["LAUNCHDARKLY_API_HOST: ", "https://", "Host::insecure"],
            ),
            (SetupError::NoTlsProvider, &["`ring`", "`aws-lc-rs`"]),
            (
                SetupError::Proxy("HTTPS_PROXY"),
                &["HTTPS_PROXY is not the URL of a proxy: set it", "socks5h"],
            ),
            (SetupError::Http("why".into()), &["HTTP library", "why"]),
        ] {
            let shown = format!("{error:?}");
            assert_eq!(shown, error.to_string());
            assert!(!shown.contains("canary"), "{shown}");
            for part in parts {
                assert!(shown.contains(part), "{part}: {shown}");
            }
        }
    }
}
