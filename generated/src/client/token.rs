//! [`AccessToken`] and what can be wrong with one.

use std::error::Error;
use std::fmt;

use http::HeaderValue;

use crate::SecretString;

/// An access token for LaunchDarkly's API. Redacted in `Debug`, zeroized on drop.
///
/// To create resources, its role must allow it.
#[derive(Clone)]
pub struct AccessToken(SecretString);

impl AccessToken {
    /// Checks the token. Surrounding white space, such as the line break at the end of a file, is
    /// removed.
    ///
    /// # Errors
    ///
    /// [`InvalidAccessToken`] says what is wrong and what to do.
    pub fn new(token: impl Into<SecretString>) -> Result<Self, InvalidAccessToken> {
        let token: SecretString = token.into();
        let trimmed = token.expose_secret().trim();
        if trimmed.is_empty() {
            return Err(InvalidAccessToken::Empty);
        }
        let first_word = trimmed.split_whitespace().next().unwrap_or_default();
        if first_word.eq_ignore_ascii_case("bearer") {
            return Err(InvalidAccessToken::Bearer);
        }
        if trimmed.contains(char::is_whitespace) {
            return Err(InvalidAccessToken::WhiteSpace);
        }
        if trimmed.starts_with(['"', '\'']) {
            return Err(InvalidAccessToken::Quoted);
        }
        if !trimmed.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(InvalidAccessToken::Characters);
        }
        Ok(Self(trimmed.into()))
    }

    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// The value of `Authorization`: the token alone, marked as sensitive so that it isn't logged.
    pub(crate) fn header(&self) -> Result<HeaderValue, http::Error> {
        let mut value = HeaderValue::from_str(self.expose())?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl From<AccessToken> for SecretString {
    fn from(token: AccessToken) -> Self {
        token.0
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken([redacted])")
    }
}

/// What is wrong with an access token. Contains nothing of the token.
///
/// `Debug` prints what `Display` prints, for a `main` that returns it.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidAccessToken {
    /// It is empty, or only white space.
    Empty,
    /// It begins with `Bearer`.
    Bearer,
    /// It contains white space, such as a line break.
    WhiteSpace,
    /// It begins with a quotation mark.
    Quoted,
    /// It contains other characters than visible ASCII characters.
    Characters,
}

impl fmt::Display for InvalidAccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => {
                "the access token is empty: set it to a token from LaunchDarkly's organization \
                 settings, such as api-0123abcd"
            }
            Self::Bearer => {
                "the access token begins with `Bearer`: remove that word, LaunchDarkly expects the \
                 token alone"
            }
            Self::WhiteSpace => {
                "the access token contains a line break or other white space: check that the file \
                 or variable it comes from contains the token and nothing else"
            }
            Self::Quoted => "the access token begins with a quotation mark: remove the quotes",
            Self::Characters => {
                "the access token contains a character that isn't visible ASCII: copy the token \
                 again from LaunchDarkly"
            }
        })
    }
}

crate::wording::debug_as_display!(InvalidAccessToken);

impl Error for InvalidAccessToken {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surrounding_white_space_is_removed() {
        for token in ["api-0123", "api-0123\n", " \tapi-0123\r\n"] {
            assert_eq!(AccessToken::new(token).unwrap().expose(), "api-0123");
        }
    }

    #[test]
    fn each_mistake_has_its_own_message_without_the_token() {
        for (token, expected, message) in [
            (
                "",
                InvalidAccessToken::Empty,
                "the access token is empty: set it to a token from LaunchDarkly's organization settings, such as api-0123abcd",
            ),
            (" \r\n", InvalidAccessToken::Empty, "is empty"),
            (
                "Bearer api-canary",
                InvalidAccessToken::Bearer,
                "the access token begins with `Bearer`: remove that word, LaunchDarkly expects the token alone",
            ),
            // `"Bearer $TOKEN"`, where TOKEN isn't set.
            ("bearer ", InvalidAccessToken::Bearer, "`Bearer`"),
            (
                "api-canary\napi-canary",
                InvalidAccessToken::WhiteSpace,
                "the access token contains a line break or other white space: check that the file or variable it comes from contains the token and nothing else",
            ),
            (
                "TOKEN canary",
                InvalidAccessToken::WhiteSpace,
                "white space",
            ),
            (
                "\"api-canary\"",
                InvalidAccessToken::Quoted,
                "the access token begins with a quotation mark: remove the quotes",
            ),
            (
                "api-canary\u{2026}",
                InvalidAccessToken::Characters,
                "the access token contains a character that isn't visible ASCII: copy the token again from LaunchDarkly",
            ),
        ] {
            let error = AccessToken::new(token).unwrap_err();
            assert_eq!(error, expected);
            assert!(error.to_string().contains(message), "{error}");
            assert_eq!(format!("{error:?}"), error.to_string());
            assert!(!error.to_string().contains("canary"), "{error}");
        }
    }
}
