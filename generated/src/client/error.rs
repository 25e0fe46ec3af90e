//! [`Error`]: why a configuration wasn't created, and what is known about it.

use std::error::Error as StdError;
use std::fmt;

use http::StatusCode;

use super::rate_limit::RateLimit;

/// Why a call failed.
///
/// `Display` is one line, for people and logs. Nothing in an error holds a secret that was sent:
/// should LaunchDarkly's answer repeat one, it is cut out.
pub struct Error(Box<Details>);

pub(crate) struct Details {
    pub(crate) kind: ErrorKind,
    pub(crate) status: Option<StatusCode>,
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) rate_limit: RateLimit,
    pub(crate) attempts: u32,
    pub(crate) body: Vec<u8>,
    pub(crate) source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self(Box::new(Details {
            kind,
            status: None,
            code: None,
            message: None,
            request_id: None,
            rate_limit: RateLimit::default(),
            attempts: 1,
            body: Vec::new(),
            source: None,
        }))
    }

    pub(crate) fn caused(
        kind: ErrorKind,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self::new(kind).with(|details| details.source = Some(source.into()))
    }

    pub(crate) fn with(mut self, change: impl FnOnce(&mut Details)) -> Self {
        change(&mut self.0);
        self
    }

    /// What kind of failure it is, to match on.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The response's status, if there was a response.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// LaunchDarkly's name for the error (`code`), such as `invalid_request`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// LaunchDarkly's explanation (`message`).
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// What LaunchDarkly's support finds the request by (`id`).
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// What the response says about rate limits.
    #[must_use]
    pub fn rate_limit(&self) -> &RateLimit {
        &self.0.rate_limit
    }

    /// How many attempts were made.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The response's body, cut to 8 KiB. Empty if there was none.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.0.body
    }

    /// Whether the configuration may exist all the same: the request was sent, and the answer is
    /// missing or says neither yes nor no. Look for it before trying again.
    #[must_use]
    pub fn may_have_been_created(&self) -> bool {
        match self.kind() {
            ErrorKind::Interrupted | ErrorKind::TimedOut | ErrorKind::UnreadableAnswer => true,
            ErrorKind::ServerError => true,
            ErrorKind::InvalidRequest
            | ErrorKind::NotConnected
            | ErrorKind::Refused
            | ErrorKind::Unauthorized
            | ErrorKind::Forbidden
            | ErrorKind::NotFound
            | ErrorKind::Conflict
            | ErrorKind::RateLimited
            | ErrorKind::Redirected
            | ErrorKind::UnexpectedStatus => false,
        }
    }
}

/// The kinds of [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No request could be made of the configuration. Nothing was sent.
    InvalidRequest,
    /// There was no connection: the name wasn't found, nobody listened or answered in time, or TLS
    /// failed. Nothing of the configuration was sent.
    NotConnected,
    /// The time was over before there was an answer. The request may have been carried out.
    TimedOut,
    /// The connection broke before there was a whole answer. The request may have been carried
    /// out.
    Interrupted,
    /// The answer says that the configuration was created, but not which it is; or it is larger
    /// than allowed.
    UnreadableAnswer,
    /// 400: LaunchDarkly takes the request for invalid.
    Refused,
    /// 401: the access token is not valid.
    Unauthorized,
    /// 403: the access token's role doesn't allow it.
    Forbidden,
    /// 404: LaunchDarkly knows no such integration key.
    NotFound,
    /// 409: it conflicts with something that exists.
    Conflict,
    /// 429: too many calls, see [`Error::rate_limit`].
    RateLimited,
    /// 3xx: redirects are not followed, since the token would go elsewhere.
    Redirected,
    /// 5xx: LaunchDarkly, or something before it, failed. The request may have been carried out.
    ServerError,
    /// Another status than LaunchDarkly's API description has.
    UnexpectedStatus,
}

impl ErrorKind {
    pub(crate) fn of(status: StatusCode) -> Self {
        match status.as_u16() {
            400 => Self::Refused,
            401 => Self::Unauthorized,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            409 => Self::Conflict,
            429 => Self::RateLimited,
            300..=399 => Self::Redirected,
            500..=599 => Self::ServerError,
            _ => Self::UnexpectedStatus,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::InvalidRequest => "no request could be made",
            Self::NotConnected => "no connection to LaunchDarkly, nothing was sent",
            Self::TimedOut => "no answer in time, the configuration may have been created",
            Self::Interrupted => "the connection broke, the configuration may have been created",
            Self::UnreadableAnswer => {
                "the configuration was created, but the answer doesn't say which it is"
            }
            Self::Refused => "LaunchDarkly refuses the request",
            Self::Unauthorized => "the access token is not valid",
            Self::Forbidden => "the access token's role doesn't allow it",
            Self::NotFound => "LaunchDarkly knows no such integration",
            Self::Conflict => "it conflicts with something that exists",
            Self::RateLimited => "too many calls",
            Self::Redirected => "LaunchDarkly redirects, which is not followed",
            Self::ServerError => "LaunchDarkly failed, the configuration may have been created",
            Self::UnexpectedStatus => "an unexpected answer",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let details = &self.0;
        f.write_str(details.kind.words())?;
        if let Some(status) = details.status {
            write!(f, " (status {}", status.as_u16())?;
            if let Some(code) = &details.code {
                write!(f, ", {}", line(code))?;
            }
            f.write_str(")")?;
        }
        if let Some(message) = &details.message {
            write!(f, ": {}", line(message))?;
        }
        if let Some(id) = &details.request_id {
            write!(f, " [request {}]", line(id))?;
        }
        if details.attempts > 1 {
            write!(f, " after {} attempts", details.attempts)?;
        }
        Ok(())
    }
}

/// A text of the server's, in one line that can't trick a terminal.
fn line(text: &str) -> String {
    crate::wording::bare_excerpt(text)
}

/// Without the body, which has an accessor.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let details = &self.0;
        f.debug_struct("Error")
            .field("kind", &details.kind)
            .field("status", &details.status)
            .field("code", &details.code)
            .field("message", &details.message)
            .field("request_id", &details.request_id)
            .field("rate_limit", &details.rate_limit)
            .field("attempts", &details.attempts)
            .field("source", &details.source)
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let source = self.0.source.as_deref()?;
        Some(source)
    }
}
