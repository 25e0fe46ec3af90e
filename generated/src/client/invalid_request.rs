//! [`InvalidRequest`]: why no request can be created.

use std::error::Error;
use std::fmt;

/// Why no request can be created from the arguments of a call.
#[derive(Clone)]
pub(crate) enum InvalidRequest {
    /// A key or an id that can't be part of a path.
    Parameter {
        name: &'static str,
        value: String,
    },
    /// The patch has values of another integration than the path.
    OtherIntegration {
        path: String,
        values: String,
    },
    /// A masked secret, as LaunchDarkly returns it.
    Masked {
        key: String,
    },
    /// A name without a visible character.
    BlankName,
    /// A blank typed value of a required form variable.
    Blank {
        key: String,
        /// The method or type that sends it anyway.
        escape_hatch: &'static str,
    },
    UserAgent,
    /// The resource passed to `ensure` has no name.
    #[cfg(any(feature = "async", feature = "blocking"))]
    Unnamed,
    /// The message of a library's error.
    Library(String),
}

impl From<http::Error> for InvalidRequest {
    fn from(error: http::Error) -> Self {
        Self::Library(error.to_string())
    }
}

impl From<serde_json::Error> for InvalidRequest {
    fn from(error: serde_json::Error) -> Self {
        Self::Library(error.to_string())
    }
}

impl fmt::Display for InvalidRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parameter { name, value } if value.is_empty() => write!(f, "the {name} is empty"),
            Self::Parameter { name, value } => {
                write!(f, "the {name} {value:?} can't be part of a URL path")
            }
            Self::OtherIntegration { path, values } => write!(
                f,
                "the patch has values of the integration {values:?}, but the call is for {path:?}"
            ),
            Self::Masked { key } => write!(
                f,
                "the value of {key:?} is masked, as LaunchDarkly returns secrets: send the secret \
                 itself"
            ),
            Self::BlankName => f.write_str("the name is empty or blank: choose a visible name"),
            Self::Blank { key, escape_hatch } => write!(
                f,
                "the value of {key:?} is empty or blank, and the integration requires one; \
                 {escape_hatch} sends it anyway"
            ),
            Self::UserAgent => f.write_str(
                "the User-Agent contains characters that a header can't contain: change what you \
                 pass to `user_agent`",
            ),
            #[cfg(any(feature = "async", feature = "blocking"))]
            Self::Unnamed => {
                f.write_str("it has no name, which `ensure` needs to find it: set one")
            }
            Self::Library(text) => f.write_str(text),
        }
    }
}

crate::wording::debug_as_display!(InvalidRequest);

impl Error for InvalidRequest {}
