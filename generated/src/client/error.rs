//! [`Error`]: why a call failed, and whether it took effect.

use std::error::Error as StdError;
use std::fmt;

use http::header::LOCATION;
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

use super::api::Api;
use super::api::operation::{OperationRequest, display_name};
use super::effect::Effect;
use super::invalid_request::InvalidRequest;
use super::rate_limit::RateLimit;
use super::redact::Redactor;
use super::retry::Idempotency;
#[cfg(any(feature = "async", feature = "blocking"))]
use super::transport::{SendError, SendFailure, SendStage};
use crate::wording::escaped;

/// Why a call failed.
///
/// `Display` is one line that says what failed, why, and what to do. `Debug` prints the same after
/// the [`ErrorKind`], for a `main` that returns it. An error contains no secret that was sent: if
/// LaunchDarkly's response repeats the access token or a secret value, it is redacted.
pub struct Error(Box<Details>);

struct Details {
    kind: ErrorKind,
    operation: &'static str,
    /// For `NotFound`, the parameters of the path. For `MultipleMatches`, the ids. Otherwise empty.
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
    /// The probable cause of an unexpected response.
    hint: Option<ResponseHint>,
    source: Option<Source>,
}

/// The probable cause of a response that isn't LaunchDarkly's.
enum ResponseHint {
    Html,
    /// The host that a redirect points to.
    RedirectTo(String),
}

pub(crate) type Source = Box<dyn StdError + Send + Sync>;

/// How many bytes of a body an error keeps at most.
const MAX_BODY: usize = 8 * 1024;

/// How many characters of LaunchDarkly's message `Display` shows at most.
const MAX_MESSAGE: usize = 4 * 1024;

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
            hint: None,
            source: None,
        }))
    }

    /// The error of `ensure` if the list has several matches or can't be parsed.
    #[cfg(any(feature = "async", feature = "blocking"))]
    pub(crate) fn from_list(
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

    /// The error if no request can be created.
    pub(crate) fn invalid(
        api: &Api,
        request: &OperationRequest<'_>,
        reason: InvalidRequest,
    ) -> Self {
        Self::new(ErrorKind::InvalidRequest, api, request).with_source(reason.into())
    }

    /// The error of a response that isn't a documented success.
    pub(crate) fn from_response(
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
        let mut error = Self::new(ErrorKind::from_status(status), api, request);
        let details = &mut error.0;
        details.status = Some(status);
        details.code = text("code");
        details.message = text("message");
        details.request_id = text("id");
        details.rate_limit = RateLimit::from_headers(headers);
        details.headers = redacted_headers(headers, &redactor);
        details.body = redactor.body(body, MAX_BODY);
        details.attempts = 1;
        details.effect = match request.metadata.idempotency {
            Idempotency::Safe => Effect::None,
            _ => Effect::of_status(status, request.metadata.success),
        };
        details.hint = response_hint(details.kind, headers, body, &redactor);
        if details.kind == ErrorKind::NotFound {
            details.subject = missing_parameters(request);
        }
        error
    }

    /// The error of a request that has no response.
    #[cfg(any(feature = "async", feature = "blocking"))]
    pub(crate) fn from_send(api: &Api, request: &OperationRequest<'_>, sent: SendError) -> Self {
        let mut error = Self::new(ErrorKind::from_send(&sent), api, request);
        let details = &mut error.0;
        details.attempts = 1;
        details.effect = match (request.metadata.idempotency, sent.stage) {
            (Idempotency::Safe, _) | (_, SendStage::NotSent) => Effect::None,
            (_, SendStage::Sent) => Effect::Unknown,
        };
        error.with_source(sent.into())
    }

    /// Adds that the response is incomplete.
    #[cfg(any(feature = "async", feature = "blocking"))]
    pub(crate) fn interrupted(mut self, sent: SendError) -> Self {
        if self.0.kind == ErrorKind::MalformedResponse {
            self.0.kind = ErrorKind::from_send(&sent);
        }
        self.with_source(sent.into())
    }

    /// Sets the source unless there is one.
    pub(crate) fn with_source(mut self, source: Source) -> Self {
        self.0.source.get_or_insert(source);
        self
    }

    /// How informative the error is. An error with a response has the highest rank, and an error of a
    /// request that wasn't sent the lowest.
    #[cfg(any(feature = "async", feature = "blocking"))]
    pub(crate) fn rank(&self) -> u8 {
        match self.0.kind {
            ErrorKind::NotConnected => 0,
            ErrorKind::TimedOut | ErrorKind::Interrupted => 1,
            _ => 2,
        }
    }

    /// Sets the number of attempts, and adds the effect of the earlier ones.
    #[cfg(any(feature = "async", feature = "blocking"))]
    pub(crate) fn after(mut self, attempts: u32, effect: Effect) -> Self {
        self.0.attempts = attempts;
        self.0.effect = self.0.effect.max(effect);
        self
    }

    /// The kind of the failure.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether the call took effect. All its attempts count.
    #[must_use]
    pub fn effect(&self) -> Effect {
        self.0.effect
    }

    /// The operation that failed, such as `create an audit log subscription`.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// The URL of the host.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.0.host
    }

    /// The status of the response. `None` without a response.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// LaunchDarkly's error code (`code`), such as `invalid_request`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// LaunchDarkly's complete error message (`message`).
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// The id of the request (`id`), for LaunchDarkly's support.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// The rate limits in the response's headers.
    #[must_use]
    pub fn rate_limit(&self) -> &RateLimit {
        &self.0.rate_limit
    }

    /// The headers of the response.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// The number of attempts. Zero if no request could be created.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The beginning of the response's body, at most 8 KiB. Empty without a response.
    ///
    /// JSON is reformatted, and the values of `config` and `configValues` are redacted.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.0.body
    }
}

fn response_hint(
    kind: ErrorKind,
    headers: &HeaderMap,
    body: &[u8],
    redactor: &Redactor,
) -> Option<ResponseHint> {
    if kind == ErrorKind::Redirected {
        let location = headers.get(LOCATION)?.to_str().ok()?;
        let uri: http::Uri = location.parse().ok()?;
        return Some(ResponseHint::RedirectTo(redactor.text(uri.host()?)));
    }
    let is_html = body.trim_ascii_start().starts_with(b"<");
    is_html.then_some(ResponseHint::Html)
}

/// Lists the path's parameters, for a 404. Empty if there are none.
fn missing_parameters(request: &OperationRequest<'_>) -> String {
    let parameters: Vec<String> = request
        .parameters()
        .map(|(name, value)| format!("{} {value:?}", display_name(name)))
        .collect();
    let which = match parameters.len() {
        0 => return String::new(),
        1 => "it",
        _ => "one of them",
    };
    format!("{}: {which} doesn't exist", parameters.join(", "))
}

fn redacted_headers(headers: &HeaderMap, redactor: &Redactor) -> HeaderMap {
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
    /// The arguments are invalid, and nothing was sent.
    InvalidRequest,
    /// There was no connection, or it broke before the request was sent.
    NotConnected,
    /// The request was sent, and the response wasn't complete before the time-out.
    TimedOut,
    /// The request was sent, and the connection broke before the response was complete.
    Interrupted,
    /// The status is 2xx, but isn't the documented one, or the body isn't as documented or is longer
    /// than `ClientBuilder::max_body`.
    MalformedResponse,
    /// 400: the request is invalid.
    BadRequest,
    /// 401: the access token is not valid at this host.
    Unauthorized,
    /// 403: the access token's role doesn't allow the operation.
    Forbidden,
    /// 404: a key or id in the path doesn't exist, or the access token can't see it.
    NotFound,
    /// 409: a conflict with a concurrent call or an existing resource. LaunchDarkly doesn't say which.
    Conflict,
    /// 422: the patch can't be applied.
    PatchFailed,
    /// 429: too many requests, see [`Error::rate_limit`].
    RateLimited,
    /// 3xx: redirects are not followed, because the access token would be sent to another URL.
    Redirected,
    /// 5xx: LaunchDarkly or a proxy failed.
    ServerError,
    /// A status that LaunchDarkly doesn't document.
    UnexpectedStatus,
    /// Several resources have the integration and name that was passed to `ensure`.
    MultipleMatches,
}

impl ErrorKind {
    fn from_status(status: StatusCode) -> Self {
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
    fn from_send(sent: &SendError) -> Self {
        match (sent.stage, sent.failure) {
            (SendStage::NotSent, _) => Self::NotConnected,
            (SendStage::Sent, SendFailure::Timeout) => Self::TimedOut,
            (SendStage::Sent, _) => Self::Interrupted,
        }
    }

    fn description(self) -> &'static str {
        match self {
            Self::InvalidRequest => "the request is invalid",
            Self::NotConnected => "no connection",
            Self::TimedOut => "the response timed out",
            Self::Interrupted => "the connection broke before the response was complete",
            Self::MalformedResponse => "the response is not as documented",
            Self::BadRequest => "LaunchDarkly rejected the request as invalid",
            Self::Unauthorized => "the access token is not valid",
            Self::Forbidden => "the access token's role doesn't allow it",
            Self::NotFound => "not found",
            Self::Conflict => "it conflicts with a concurrent call or an existing resource",
            Self::PatchFailed => "the patch can't be applied",
            Self::RateLimited => "too many requests",
            Self::Redirected => "redirects are not followed",
            Self::ServerError => "the server failed",
            Self::UnexpectedStatus => "unexpected status",
            Self::MultipleMatches => "several resources have that name",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let details = &self.0;
        write!(
            f,
            "can't {}: {}",
            details.operation,
            details.kind.description()
        )?;
        if let Some(status) = details.status {
            write!(f, " (status {}", status.as_u16())?;
            if let Some(code) = &details.code {
                write!(f, ", {}", escaped(code, MAX_MESSAGE))?;
            }
            f.write_str(")")?;
        }
        if let Some(message) = &details.message {
            write!(f, ": {}", escaped(message, MAX_MESSAGE))?;
        }
        match (&details.hint, &details.source) {
            (Some(ResponseHint::Html), _) => f.write_str(
                ": the response is HTML, such as the page of a proxy: check the host and the proxy",
            )?,
            (Some(ResponseHint::RedirectTo(host)), _) => {
                write!(f, ": this one points to {}", escaped(host, MAX_MESSAGE))?;
            }
            (None, Some(source)) => {
                let text = format!("{}", Chain(&**source));
                write!(f, ": {}", escaped(&text, MAX_MESSAGE))?;
            }
            (None, None) => {}
        }
        if let Some(id) = &details.request_id {
            write!(f, " [request {}]", escaped(id, MAX_MESSAGE))?;
        }
        match details.kind {
            ErrorKind::NotFound if !details.subject.is_empty() => {
                let Details { subject, host, .. } = &**details;
                write!(f, "; asked {host} for {subject}, or the token can't see it")?;
            }
            ErrorKind::MultipleMatches => write!(
                f,
                ": {}; rename or delete all but one",
                escaped(&details.subject, MAX_MESSAGE)
            )?,
            ErrorKind::Conflict if details.effect == Effect::None => {
                f.write_str("; check the current state, then retry")?;
            }
            ErrorKind::Unauthorized => write!(
                f,
                "; asked {}: if the account is on another host, set LAUNCHDARKLY_API_HOST, or use \
                 `Host::commercial()`, `Host::eu()` or `Host::federal()`",
                details.host
            )?,
            ErrorKind::Forbidden => write!(
                f,
                "; asked {}: change the token's role, or use another token",
                details.host
            )?,
            ErrorKind::InvalidRequest
            | ErrorKind::BadRequest
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
                f.write_str("; it may have taken effect: check what exists before you retry")
            }
            Effect::Applied => f.write_str("; it took effect: don't retry"),
        }
    }
}

/// Displays an error and its causes, each once: many errors include the message of their cause, and some
/// only say that there is a cause.
struct Chain<'a>(&'a (dyn StdError + 'static));

/// The beginnings of messages of reqwest and hyper that only say that there is a cause.
const UNINFORMATIVE: [&str; 2] = ["error sending request", "client error ("];

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = String::new();
        let mut next = Some(self.0);
        while let Some(cause) = next {
            next = cause.source();
            let text = cause.to_string();
            let is_uninformative =
                next.is_some() && UNINFORMATIVE.iter().any(|start| text.starts_with(start));
            if is_uninformative || shown.contains(&text) {
                continue;
            }
            if !shown.is_empty() {
                shown.push_str(": ");
            }
            shown.push_str(&text);
        }
        f.write_str(&shown)
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
