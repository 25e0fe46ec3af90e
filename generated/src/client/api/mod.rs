//! [`Api`]: creates the requests of all operations and parses their responses, without sending.

pub(crate) mod operation;
pub(crate) mod operations;

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue, USER_AGENT};
use http::{Request, Response};
use operation::OperationRequest;

use super::body::Body;
use super::call::Call;
use super::error::Error;
use super::host::Host;
use super::invalid_request::InvalidRequest;
use super::redact::Redactor;
use super::token::AccessToken;

/// Creates requests and parses responses, for any HTTP library that supports the types of the crate
/// `http`. It contains the host and the access token.
///
/// ```
/// use launchdarkly_integrations::client::{AccessToken, Api, Host, NewAuditLogSubscription};
/// use launchdarkly_integrations::integrations::datadog::ConfigValues;
///
/// let api = Api::new(AccessToken::new("api-0123")?).host(Host::eu());
/// let values = ConfigValues::builder().api_key("0123456789abcdef").build();
/// let new = NewAuditLogSubscription::new("Production Datadog", values);
///
/// let call = api.audit_log_subscriptions().create(&new);
/// let request = call.request()?;
/// assert_eq!(request.uri().path(), "/api/v2/integrations/datadog");
/// // Send it with an HTTP library of your choice. The same call parses its response.
/// let response = http::Response::builder().status(201).body(r#"{"_id": "1"}"#)?;
/// assert_eq!(call.parse(&response)?.id, "1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Api {
    token: AccessToken,
    host: Host,
    /// `None` if it contains characters that a header can't contain.
    user_agent: Option<HeaderValue>,
}

impl Api {
    /// Creates an API with LaunchDarkly's commercial host.
    pub fn new(token: AccessToken) -> Self {
        Self {
            token,
            host: Host::default(),
            user_agent: Some(HeaderValue::from_static(OWN_USER_AGENT)),
        }
    }

    /// Sets the host. Defaults to [`Host::commercial`].
    pub fn host(mut self, host: Host) -> Self {
        self.host = host;
        self
    }

    /// Adds your program, such as `my-tool/1.2.3`, to the `User-Agent`, before this crate.
    pub fn user_agent(mut self, product: impl Into<String>) -> Self {
        let user_agent = format!("{} {OWN_USER_AGENT}", product.into());
        self.user_agent = HeaderValue::try_from(user_agent).ok();
        self
    }

    pub(crate) fn host_ref(&self) -> &Host {
        &self.host
    }

    pub(crate) fn request(&self, operation: &OperationRequest<'_>) -> Result<Request<Body>, Error> {
        self.try_request(operation)
            .map_err(|reason| Error::invalid(self, operation, reason))
    }

    fn try_request(
        &self,
        operation: &OperationRequest<'_>,
    ) -> Result<Request<Body>, InvalidRequest> {
        let path = operation.path.as_deref().map_err(Clone::clone)?;
        let version = if operation.metadata.beta {
            BETA
        } else {
            VERSION
        };
        let user_agent = self.user_agent.as_ref().ok_or(InvalidRequest::UserAgent)?;
        let mut request = Request::new(Body::default());
        *request.method_mut() = operation.metadata.method.clone();
        *request.uri_mut() = self.host.join(path)?;
        let headers = request.headers_mut();
        headers.insert(AUTHORIZATION, self.token.header()?);
        headers.insert(API_VERSION, version);
        headers.insert(ACCEPT, JSON);
        headers.insert(USER_AGENT, user_agent.clone());
        if let Some(payload) = operation.payload {
            payload.check()?;
            headers.insert(CONTENT_TYPE, JSON);
            *request.body_mut() = payload.to_json()?.into();
        }
        Ok(request)
    }

    /// Redacts the secrets of this operation.
    pub(crate) fn redactor(&self, operation: &OperationRequest<'_>) -> Redactor {
        let mut secrets = vec![self.token.expose()];
        if let Some(payload) = operation.payload {
            payload.secrets(&mut secrets);
        }
        Redactor::new(secrets)
    }
}

impl<R> Call<'_, R, Api> {
    /// Creates the request. Its `Debug` shows no secret.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`](super::ErrorKind::InvalidRequest) if a key or an id can't be part
    /// of a path, a value is masked, or a name or the value of a required form variable is blank.
    pub fn request(&self) -> Result<Request<Body>, Error> {
        self.client.request(&self.operation.request)
    }

    /// Parses the response.
    ///
    /// # Errors
    ///
    /// [`Error`] if the status isn't the documented success status, or if the body can't be parsed
    /// ([`ErrorKind::MalformedResponse`](super::ErrorKind::MalformedResponse)).
    pub fn parse<B: AsRef<[u8]>>(&self, response: &Response<B>) -> Result<R, Error> {
        let operation = &self.operation.request;
        let body = response.body().as_ref();
        let mut cause = None;
        if response.status() == operation.metadata.success {
            match (self.operation.parse)(body) {
                Ok(parsed) => return Ok(parsed),
                Err(malformed) => cause = malformed.0,
            }
        }
        let (status, headers) = (response.status(), response.headers());
        let error = Error::from_response(self.client, operation, status, headers, body);
        Err(match cause {
            Some(cause) => error.with_source(cause.into()),
            None => error,
        })
    }
}

const OWN_USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
const API_VERSION: HeaderName = HeaderName::from_static("ld-api-version");
const BETA: HeaderValue = HeaderValue::from_static("beta");
/// Without this header, the version that was current when the token was created is used.
const VERSION: HeaderValue = HeaderValue::from_static("20240415");
const JSON: HeaderValue = HeaderValue::from_static("application/json");
