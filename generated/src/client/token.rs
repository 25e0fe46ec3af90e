//! [`AccessToken`]: what LaunchDarkly knows the caller by.

use std::error::Error;
use std::fmt;

use http::HeaderValue;
use secrecy::ExposeSecret;

/// An access token of LaunchDarkly's API. Redacted in `Debug`, zeroized on drop.
///
/// Its role has to allow creating integrations.
#[derive(Clone)]
pub struct AccessToken(secrecy::SecretString);

impl AccessToken {
    /// Checks and keeps the token.
    ///
    /// # Errors
    ///
    /// [`InvalidAccessToken`] when it is empty or can't stand in a header.
    pub fn new(text: impl Into<crate::SecretString>) -> Result<Self, InvalidAccessToken> {
        let text: crate::SecretString = text.into();
        let trimmed = text.expose_secret().trim();
        let fits = trimmed.bytes().all(|byte| byte.is_ascii_graphic());
        if trimmed.is_empty() || !fits {
            return Err(InvalidAccessToken(()));
        }
        Ok(Self(trimmed.into()))
    }

    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// The bare token, as `Authorization` takes it; marked so that it stays out of logs.
    pub(crate) fn header(&self) -> Result<HeaderValue, http::Error> {
        let mut value = HeaderValue::from_str(self.0.expose_secret())?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl From<AccessToken> for crate::SecretString {
    fn from(token: AccessToken) -> Self {
        Self::from(token.expose())
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken([redacted])")
    }
}

/// A string that can't be an access token. Holds nothing of the string.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct InvalidAccessToken(());

#[cfg(any(feature = "async", feature = "blocking"))]
impl InvalidAccessToken {
    pub(crate) fn new() -> Self {
        Self(())
    }
}

impl fmt::Display for InvalidAccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the access token is empty, or contains spaces or other unexpected characters")
    }
}

/// As `Display`, for a `main` that returns it.
impl fmt::Debug for InvalidAccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for InvalidAccessToken {}
