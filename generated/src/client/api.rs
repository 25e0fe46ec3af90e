//! [`Api`]: requests out, responses in, and nothing sent: the part of a client without a network.

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue, USER_AGENT};
use http::{Method, Request, Response};
use serde_json::{Map, Value};

use super::body::Body;
use super::configuration::Configuration;
use super::error::{Error, ErrorKind};
use super::host::Host;
use super::new_configuration::NewConfiguration;
use super::rate_limit::RateLimit;
use super::token::AccessToken;

/// Where LaunchDarkly is, and who calls: what makes requests, and reads responses.
///
/// It holds no HTTP library, and works with any that speaks the types of the crate `http`.
///
/// ```
/// use launchdarkly_integrations::client::{AccessToken, Api, Host, NewConfiguration};
/// use launchdarkly_integrations::integrations::datadog::ConfigValues;
///
/// let api = Api::new(AccessToken::new("api-0123")?).host(Host::eu());
/// let values = ConfigValues::builder().api_key("0123456789abcdef").build();
/// let configuration = NewConfiguration::new("Production Datadog", values);
///
/// let request = api.request(&configuration)?;
/// assert_eq!(request.uri().host(), Some("app.eu.launchdarkly.com"));
/// // … sent by an HTTP library of your choice, which answers …
/// let response = http::Response::builder().status(201).body(r#"{"_id": "1"}"#)?;
/// assert_eq!(api.read(&configuration, &response)?.id, "1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Api {
    token: AccessToken,
    host: Host,
    user_agent: Option<String>,
}

/// The most of a body that an error keeps.
const KEPT_BODY: usize = 8 * 1024;

impl Api {
    /// Calls by this token, to LaunchDarkly's commercial host.
    pub fn new(token: AccessToken) -> Self {
        Self {
            token,
            host: Host::default(),
            user_agent: None,
        }
    }

    #[cfg(any(feature = "async", feature = "blocking"))]
    pub(super) fn is_loopback(&self) -> bool {
        self.host.is_loopback()
    }

    /// Calls another host.
    pub fn host(mut self, host: Host) -> Self {
        self.host = host;
        self
    }

    /// Names the calling program too in `User-Agent`, as in `my-tool/1.2.3`.
    pub fn user_agent(mut self, product: impl Into<String>) -> Self {
        self.user_agent = Some(product.into());
        self
    }

    /// The request that creates a configuration.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] if something can't stand in it.
    pub fn request(&self, configuration: &NewConfiguration) -> Result<Request<Body>, Error> {
        let body = serde_json::to_vec(configuration).map_err(invalid)?;
        let key = configuration.integration_key();
        let path = format!("/api/v2/integration-configurations/keys/{key}");
        Request::builder()
            .method(Method::POST)
            .uri(self.host.join(&path).map_err(invalid)?)
            .header(AUTHORIZATION, self.token.header().map_err(invalid)?)
            .header(VERSION, BETA)
            .header(CONTENT_TYPE, JSON)
            .header(ACCEPT, JSON)
            .header(USER_AGENT, self.agent().map_err(invalid)?)
            .body(Body::from(body))
            .map_err(invalid)
    }

    fn agent(&self) -> Result<HeaderValue, http::Error> {
        const OWN: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
        match &self.user_agent {
            Some(product) => Ok(HeaderValue::from_str(&format!("{product} {OWN}"))?),
            None => Ok(HeaderValue::from_static(OWN)),
        }
    }

    /// What LaunchDarkly answered to the request for this configuration.
    ///
    /// # Errors
    ///
    /// Of the [`ErrorKind`] of the status; or [`ErrorKind::UnreadableAnswer`] when the answer says
    /// that the configuration was created, but not which it is.
    pub fn read<B: AsRef<[u8]>>(
        &self,
        configuration: &NewConfiguration,
        response: &Response<B>,
    ) -> Result<Configuration, Error> {
        let body = response.body().as_ref();
        let status = response.status();
        let read = serde_json::from_slice::<Value>(body);
        if !status.is_success() {
            let members = match read {
                Ok(Value::Object(members)) => members,
                _ => Map::new(),
            };
            return Err(failure(configuration, response, members));
        }
        let unreadable = match read {
            Ok(value) => match Configuration::from_json(value) {
                Some(created) => return Ok(created),
                None => Error::new(ErrorKind::UnreadableAnswer),
            },
            Err(cause) => Error::caused(ErrorKind::UnreadableAnswer, cause),
        };
        let kept = kept(body, &configuration.secrets());
        Err(unreadable.with(|details| {
            details.status = Some(status);
            details.body = kept;
            details.rate_limit = RateLimit::from_headers(response.headers());
        }))
    }
}

const VERSION: HeaderName = HeaderName::from_static("ld-api-version");
const BETA: HeaderValue = HeaderValue::from_static("beta");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

fn invalid(cause: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::caused(ErrorKind::InvalidRequest, cause)
}

/// The error of a response whose status isn't one of success.
fn failure<B: AsRef<[u8]>>(
    configuration: &NewConfiguration,
    response: &Response<B>,
    members: Map<String, Value>,
) -> Error {
    let secrets = configuration.secrets();
    let text = |name: &str| {
        let text = members.get(name)?.as_str()?;
        Some(without(text, &secrets))
    };
    Error::new(ErrorKind::of(response.status())).with(|details| {
        details.status = Some(response.status());
        details.code = text("code");
        details.message = text("message");
        details.request_id = text("id");
        details.rate_limit = RateLimit::from_headers(response.headers());
        details.body = kept(response.body().as_ref(), &secrets);
    })
}

/// The beginning of a body, without secrets.
fn kept(body: &[u8], secrets: &[&str]) -> Vec<u8> {
    let text = String::from_utf8_lossy(body);
    let mut text = without(&text, secrets);
    let mut end = text.len().min(KEPT_BODY);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    text.into_bytes()
}

/// A shorter text would be found everywhere, and tells nothing.
const SHORTEST_SECRET: usize = 4;

/// The text with every secret cut out, also where it is escaped as in JSON.
fn without(text: &str, secrets: &[&str]) -> String {
    let mut text = text.to_owned();
    for secret in secrets
        .iter()
        .filter(|secret| secret.len() >= SHORTEST_SECRET)
    {
        let escaped = Value::from(*secret).to_string();
        let escaped = &escaped[1..escaped.len() - 1];
        for form in [secret, escaped] {
            if text.contains(form) {
                text = text.replace(form, "[redacted]");
            }
        }
    }
    text
}
