//! [`Error`]: why a call failed, and whether it took effect.

use std::error::Error as StdError;
use std::fmt::{self, Write as _};

use http::header::LOCATION;
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

use super::api::Api;
use super::api::operation::{OperationRequest, words};
use super::effect::Effect;
use super::rate_limit::RateLimit;
use super::redact::Redactor;
use super::retry::Repeat;
#[cfg(any(feature = "async", feature = "blocking"))]
use super::transport::{SendError, SendFailure, SendStage};
use crate::wording::escaped;

/// Why a call failed.
///
/// `Display` is one line that says what failed, why, and what to do. `Debug` says the same, since
/// that is what a `main` that returns it prints. No part of it holds a secret that was sent, neither
/// the access token nor a value: where LaunchDarkly's response repeats one, it is redacted.
pub struct Error(Box<Details>);

struct Details {
    kind: ErrorKind,
    operation: &'static str,
    /// What the path is about, for a 404.
    subject: String,
    host: String,
    status: Option<StatusCode>,
    headers: HeaderMap,
    code: Option<String>,
    message: Option<String>,
    request_id: Option<String>,
    rate_limit: RateLimit,
    attempts: u32,
    effect: Effect,
    body: Vec<u8>,
    /// What the response looks like, where that explains it.
    look: Option<Look>,
    source: Option<Source>,
}

/// A response that isn't LaunchDarkly's.
enum Look {
    Html,
    /// The address of a redirect, without path and query.
    RedirectTo(String),
}

pub(crate) type Source = Box<dyn StdError + Send + Sync>;

/// The most bytes of a body that an error keeps.
const KEPT_BODY: usize = 8 * 1024;

/// The most characters of LaunchDarkly's message that `Display` shows.
const SHOWN_MESSAGE: usize = 4 * 1024;

impl Error {
    fn new(kind: ErrorKind, api: &Api, request: &OperationRequest<'_>) -> Self {
        Self(Box::new(Details {
            kind,
            operation: request.metadata.name,
            subject: String::new(),
            host: api.host_ref().to_string(),
            status: None,
            headers: HeaderMap::new(),
            code: None,
            message: None,
            request_id: None,
            rate_limit: RateLimit::default(),
            attempts: 0,
            effect: Effect::None,
            body: Vec::new(),
            look: None,
            source: None,
        }))
    }

    /// What a list shows that it shouldn't.
    #[cfg(any(feature = "async", feature = "blocking"))]
    pub(crate) fn of_list(
        api: &Api,
        request: &OperationRequest<'_>,
        kind: ErrorKind,
        ids: Vec<String>,
    ) -> Self {
        let mut error = Self::new(kind, api, request);
        error.0.attempts = 1;
        if !ids.is_empty() {
            error.0.subject = format!("their ids are {}", ids.join(", "));
        }
        error
    }

    /// No request can be made.
    pub(crate) fn invalid(
        api: &Api,
        request: &OperationRequest<'_>,
        invalid: InvalidRequest,
    ) -> Self {
        Self::new(ErrorKind::InvalidRequest, api, request).with_source(invalid.into())
    }

    /// The error of a response that isn't the documented success.
    pub(crate) fn of_response(
        api: &Api,
        request: &OperationRequest<'_>,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Self {
        let redactor = api.redactor(request);
        let mut members = match serde_json::from_slice(body) {
            Ok(Value::Object(members)) if !status.is_success() => members,
            _ => Map::new(),
        };
        let mut text = |name: &str| match members.remove(name)? {
            Value::String(text) => Some(redactor.text(&text)),
            _ => None,
        };
        let mut error = Self::new(ErrorKind::of(status), api, request);
        let details = &mut error.0;
        details.status = Some(status);
        details.code = text("code");
        details.message = text("message");
        details.request_id = text("id");
        details.rate_limit = RateLimit::from_headers(headers);
        details.headers = redacted(headers, &redactor);
        details.body = redactor.body(body, KEPT_BODY);
        details.attempts = 1;
        details.effect = match request.metadata.repeat {
            Repeat::Safe => Effect::None,
            _ => Effect::of_status(status, request.metadata.success),
        };
        details.look = look(details.kind, headers, body, &redactor);
        if details.kind == ErrorKind::NotFound {
            details.subject = subject(request);
        }
        error
    }

    /// The error of a request that has no response.
    #[cfg(any(feature = "async", feature = "blocking"))]
    pub(crate) fn of_send(api: &Api, request: &OperationRequest<'_>, sent: SendError) -> Self {
        let mut error = Self::new(ErrorKind::of_send(&sent), api, request);
        let details = &mut error.0;
        details.attempts = 1;
        details.effect = match (request.metadata.repeat, sent.stage) {
            (Repeat::Safe, _) | (_, SendStage::NotSent) => Effect::None,
            (_, SendStage::Sent) => Effect::Unknown,
        };
        error.with_source(sent.into())
    }

    /// The response broke off.
    #[cfg(any(feature = "async", feature = "blocking"))]
    pub(crate) fn interrupted(mut self, sent: SendError) -> Self {
        if self.0.kind == ErrorKind::MalformedResponse {
            self.0.kind = ErrorKind::of_send(&sent);
        }
        self.with_source(sent.into())
    }

    pub(crate) fn with_source(mut self, source: Source) -> Self {
        self.0.source = Some(source);
        self
    }

    /// Keeps the source that is there.
    #[cfg(any(feature = "async", feature = "blocking"))]
    pub(crate) fn or_source(self, source: Source) -> Self {
        match self.0.source {
            Some(_) => self,
            None => self.with_source(source),
        }
    }

    /// How much the error says of what is wrong: a response says more than a request that has none,
    /// and that says more than one that was never sent.
    #[cfg(any(feature = "async", feature = "blocking"))]
    pub(crate) fn rank(&self) -> u8 {
        match self.0.kind {
            ErrorKind::NotConnected => 0,
            ErrorKind::TimedOut | ErrorKind::Interrupted => 1,
            _ => 2,
        }
    }

    /// As one of several attempts.
    #[cfg(any(feature = "async", feature = "blocking"))]
    pub(crate) fn after(mut self, attempts: u32, effect: Effect) -> Self {
        self.0.attempts = attempts;
        self.0.effect = self.0.effect.max(effect);
        self
    }

    /// What kind of failure it is, to match on.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether the call took effect, over all its attempts.
    #[must_use]
    pub fn effect(&self) -> Effect {
        self.0.effect
    }

    /// What was to be done, such as `create an audit log subscription`.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// The host that was asked, as its URL.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.0.host
    }

    /// The status of the response. `None` if there was none.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// LaunchDarkly's name of the error (`code`), such as `invalid_request`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// LaunchDarkly's explanation (`message`), whole.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// The id of the request (`id`), which LaunchDarkly's support can look up.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// The rate limits that the response's headers state.
    #[must_use]
    pub fn rate_limit(&self) -> &RateLimit {
        &self.0.rate_limit
    }

    /// The headers of the response.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// The number of attempts. Zero if no request could be made.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The beginning of the response's body, at most 8 KiB. Empty if there was none.
    ///
    /// JSON is written anew, and the values of `config` and `configValues` are redacted.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.0.body
    }
}

fn look(kind: ErrorKind, headers: &HeaderMap, body: &[u8], redactor: &Redactor) -> Option<Look> {
    if kind == ErrorKind::Redirected {
        let location = headers.get(LOCATION)?.to_str().ok()?;
        let uri: http::Uri = location.parse().ok()?;
        return Some(Look::RedirectTo(redactor.text(uri.host()?)));
    }
    let is_html = body.trim_ascii_start().starts_with(b"<");
    is_html.then_some(Look::Html)
}

/// What the path names, of which some part wasn't found.
fn subject(request: &OperationRequest<'_>) -> String {
    let mut subject = String::new();
    for (name, value) in request.parameters() {
        let or = if subject.is_empty() {
            "no "
        } else {
            ", or no "
        };
        // Writing to a String can't fail.
        let _ = write!(subject, "{or}{} {value:?}", words(name));
    }
    subject
}

fn redacted(headers: &HeaderMap, redactor: &Redactor) -> HeaderMap {
    let mut redacted = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        let text = String::from_utf8_lossy(value.as_bytes());
        if let Ok(value) = redactor.text(&text).parse() {
            redacted.append(name, value);
        }
    }
    redacted
}

/// The kinds of [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No request can be made of what was given, and nothing was sent.
    InvalidRequest,
    /// There was no connection, or it failed before the request was sent.
    NotConnected,
    /// There was no whole response in time.
    TimedOut,
    /// The connection broke before there was a whole response.
    Interrupted,
    /// The status is one of success, but not the documented one, or the body is not as documented,
    /// or longer than the client reads.
    MalformedResponse,
    /// 400: LaunchDarkly refuses the request as invalid.
    BadRequest,
    /// 401: the access token is not valid at this host.
    Unauthorized,
    /// 403: the access token's role doesn't allow it.
    Forbidden,
    /// 404: something that the path names doesn't exist, or this account can't see it.
    NotFound,
    /// 409: a concurrent call, or something that exists already. LaunchDarkly doesn't tell which.
    Conflict,
    /// 422: the patch can't be applied.
    PatchFailed,
    /// 429: too many calls, see [`Error::rate_limit`].
    RateLimited,
    /// 3xx: redirects are not followed, since the access token would go elsewhere.
    Redirected,
    /// 5xx: LaunchDarkly, or a proxy before it, failed.
    ServerError,
    /// A status that LaunchDarkly doesn't document.
    UnexpectedStatus,
    /// There are several of the same integration and name, so that `ensure` can't tell which is
    /// meant.
    SeveralExist,
}

impl ErrorKind {
    fn of(status: StatusCode) -> Self {
        match status.as_u16() {
            200..=299 => Self::MalformedResponse,
            300..=399 => Self::Redirected,
            400 => Self::BadRequest,
            401 => Self::Unauthorized,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            409 => Self::Conflict,
            422 => Self::PatchFailed,
            429 => Self::RateLimited,
            500..=599 => Self::ServerError,
            _ => Self::UnexpectedStatus,
        }
    }

    #[cfg(any(feature = "async", feature = "blocking"))]
    fn of_send(sent: &SendError) -> Self {
        match (sent.stage, sent.failure) {
            (SendStage::NotSent, _) => Self::NotConnected,
            (SendStage::Sent, SendFailure::Timeout) => Self::TimedOut,
            (SendStage::Sent, _) => Self::Interrupted,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::InvalidRequest => "the request is invalid",
            Self::NotConnected => "no connection",
            Self::TimedOut => "the response timed out",
            Self::Interrupted => "the connection broke before there was a whole response",
            Self::MalformedResponse => "the response is not as documented",
            Self::BadRequest => "LaunchDarkly refused the request as invalid",
            Self::Unauthorized => "the access token is not valid",
            Self::Forbidden => "the access token's role doesn't allow it",
            Self::NotFound => "not found",
            Self::Conflict => "it conflicts with a concurrent call or with something that exists",
            Self::PatchFailed => "the patch can't be applied",
            Self::RateLimited => "too many calls",
            Self::Redirected => "redirected, which is not followed",
            Self::ServerError => "the server failed",
            Self::UnexpectedStatus => "an unexpected status",
            Self::SeveralExist => "there are several of that name",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let details = &self.0;
        write!(f, "can't {}: {}", details.operation, details.kind.words())?;
        if let Some(status) = details.status {
            write!(f, " (status {}", status.as_u16())?;
            if let Some(code) = &details.code {
                write!(f, ", {}", escaped(code, SHOWN_MESSAGE))?;
            }
            f.write_str(")")?;
        }
        if let Some(message) = &details.message {
            write!(f, ": {}", escaped(message, SHOWN_MESSAGE))?;
        }
        match (&details.look, &details.source) {
            (Some(Look::Html), _) => f.write_str(
                ": the response is HTML, such as a proxy's page: check the host, and the proxy",
            )?,
            (Some(Look::RedirectTo(host)), _) => {
                write!(f, ", to {}", escaped(host, SHOWN_MESSAGE))?;
            }
            (None, Some(source)) => {
                let text = format!("{}", Chain(&**source));
                write!(f, ": {}", escaped(&text, SHOWN_MESSAGE))?;
            }
            (None, None) => {}
        }
        if let Some(id) = &details.request_id {
            write!(f, " [request {}]", escaped(id, SHOWN_MESSAGE))?;
        }
        match details.kind {
            ErrorKind::NotFound if !details.subject.is_empty() => {
                let Details { subject, host, .. } = &**details;
                write!(
                    f,
                    "; there is {subject} at {host}, or this token can't see it"
                )?;
            }
            ErrorKind::SeveralExist => write!(f, ": {}", escaped(&details.subject, SHOWN_MESSAGE))?,
            ErrorKind::Unauthorized => write!(
                f,
                "; asked {}: for an account in the EU or a federal one, set LAUNCHDARKLY_API_HOST, or \
                 `Host::eu()` or `Host::federal()`",
                details.host
            )?,
            ErrorKind::InvalidRequest
            | ErrorKind::BadRequest
            | ErrorKind::NotFound
            | ErrorKind::Conflict
            | ErrorKind::PatchFailed
            | ErrorKind::RateLimited => {}
            _ => write!(f, "; asked {}", details.host)?,
        }
        if details.attempts > 1 {
            write!(f, "; {} attempts", details.attempts)?;
        }
        match details.effect {
            Effect::None => Ok(()),
            Effect::Unknown => {
                f.write_str("; it may have taken effect all the same: look before you retry")
            }
            Effect::Applied => f.write_str("; it took effect: don't retry"),
        }
    }
}

/// An error with its causes, each told once: many libraries repeat a cause in their own text, and
/// some only say that there is one.
struct Chain<'a>(&'a (dyn StdError + 'static));

/// The beginnings of such texts, of reqwest and hyper.
const EMPTY_WORDS: [&str; 2] = ["error sending request", "client error ("];

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut told = String::new();
        let mut next = Some(self.0);
        while let Some(cause) = next {
            next = cause.source();
            let text = cause.to_string();
            let is_empty =
                next.is_some() && EMPTY_WORDS.iter().any(|words| text.starts_with(words));
            if is_empty || told.contains(&text) {
                continue;
            }
            if !told.is_empty() {
                told.push_str(": ");
            }
            told.push_str(&text);
        }
        f.write_str(&told)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {self}", self.0.kind)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let source = self.0.source.as_deref()?;
        Some(source)
    }
}

/// Why no request can be made of what was given.
#[derive(Clone)]
pub(crate) enum InvalidRequest {
    /// A key or an id that can't be in a path.
    Parameter {
        name: &'static str,
        value: String,
    },
    /// The patch has values of another integration than the path.
    OtherIntegration {
        path: String,
        values: String,
    },
    /// A secret as LaunchDarkly shows it.
    Masked {
        key: String,
    },
    /// A name without a visible character.
    BlankName,
    /// A typed value without a visible character, of a form variable that has to be set.
    Blank {
        key: String,
    },
    UserAgent,
    /// What is to be ensured has no name.
    #[cfg(any(feature = "async", feature = "blocking"))]
    Unnamed,
    /// The words of a library's error.
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
                write!(f, "the {name} {value:?} can't be a part of a path")
            }
            Self::OtherIntegration { path, values } => write!(
                f,
                "the patch has values of {values:?}, and the path says {path:?}"
            ),
            Self::Masked { key } => write!(
                f,
                "the value of {key:?} is masked, as LaunchDarkly shows secrets: it can't be sent \
                 back; send the secret itself"
            ),
            Self::BlankName => {
                f.write_str("the name is empty or blank: give it one that people see")
            }
            Self::Blank { key } => write!(
                f,
                "the value of {key:?} is empty or blank, and the integration requires one; \
                 `with_value` sends it all the same"
            ),
            Self::UserAgent => f.write_str("the User-Agent can't be in a header"),
            #[cfg(any(feature = "async", feature = "blocking"))]
            Self::Unnamed => {
                f.write_str("it has no name, by which it could be found again: set one")
            }
            Self::Library(words) => f.write_str(words),
        }
    }
}

impl fmt::Debug for InvalidRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InvalidRequest({self})")
    }
}

impl StdError for InvalidRequest {}
