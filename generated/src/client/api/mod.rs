//! [`Api`]: every operation without a network: its request out, its response in.

pub(crate) mod operation;
pub(crate) mod operations;

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue, USER_AGENT};
use http::{Request, Response};
use operation::OperationRequest;

use super::body::Body;
use super::call::Call;
use super::error::{Error, InvalidRequest};
use super::host::Host;
use super::redact::Redactor;
use super::token::AccessToken;

/// The host and the access token: what makes requests and reads responses, for any HTTP library
/// that has the types of the crate `http`.
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
/// // Send it with an HTTP library of your choice. Its response is read by the same call.
/// let response = http::Response::builder().status(201).body(r#"{"_id": "1"}"#)?;
/// assert_eq!(call.read(&response)?.id, "1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Api {
    token: AccessToken,
    host: Host,
    user_agent: Option<String>,
}

impl Api {
    /// The API of LaunchDarkly's commercial host.
    pub fn new(token: AccessToken) -> Self {
        Self {
            token,
            host: Host::default(),
            user_agent: None,
        }
    }

    /// Sets the host.
    pub fn host(mut self, host: Host) -> Self {
        self.host = host;
        self
    }

    /// Puts the calling program before this crate in `User-Agent`, such as `my-tool/1.2.3`.
    pub fn user_agent(mut self, product: impl Into<String>) -> Self {
        self.user_agent = Some(product.into());
        self
    }

    pub(crate) fn host_ref(&self) -> &Host {
        &self.host
    }

    pub(crate) fn request(&self, operation: &OperationRequest<'_>) -> Result<Request<Body>, Error> {
        self.try_request(operation)
            .map_err(|invalid| Error::invalid(self, operation, invalid))
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
        let mut request = Request::builder()
            .method(&operation.metadata.method)
            .uri(self.host.join(path)?)
            .header(AUTHORIZATION, self.token.header()?)
            .header(API_VERSION, version)
            .header(ACCEPT, JSON)
            .header(USER_AGENT, self.agent()?);
        let mut body = Body::default();
        if let Some(payload) = operation.payload {
            if let Some(key) = payload.masked_key() {
                return Err(InvalidRequest::Masked {
                    key: key.to_owned(),
                });
            }
            body = payload.to_json()?.into();
            request = request.header(CONTENT_TYPE, JSON);
        }
        Ok(request.body(body)?)
    }

    fn agent(&self) -> Result<HeaderValue, InvalidRequest> {
        const OWN: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
        match &self.user_agent {
            Some(product) => HeaderValue::from_str(&format!("{product} {OWN}"))
                .map_err(|_| InvalidRequest::UserAgent),
            None => Ok(HeaderValue::from_static(OWN)),
        }
    }

    /// What no error may show of this operation.
    pub(crate) fn redactor(&self, operation: &OperationRequest<'_>) -> Redactor {
        let mut secrets = vec![self.token.expose()];
        if let Some(payload) = operation.payload {
            payload.secrets(&mut secrets);
        }
        Redactor::new(secrets)
    }
}

/// For programs that send requests themselves.
impl<R> Call<'_, R, Api> {
    /// The request. Its `Debug` shows no secret.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`](super::ErrorKind::InvalidRequest) if a key or an id can't be
    /// in a path, or a value is masked.
    pub fn request(&self) -> Result<Request<Body>, Error> {
        self.client.request(&self.operation.request)
    }

    /// Reads the response to the request.
    ///
    /// # Errors
    ///
    /// The [`ErrorKind`](super::ErrorKind) of the status; or
    /// [`ErrorKind::MalformedResponse`](super::ErrorKind::MalformedResponse) if the status is one
    /// of success and the rest is not as documented.
    pub fn read<B: AsRef<[u8]>>(&self, response: &Response<B>) -> Result<R, Error> {
        let operation = &self.operation.request;
        let body = response.body().as_ref();
        let mut cause = None;
        if response.status() == operation.metadata.success {
            match (self.operation.read)(body) {
                Ok(read) => return Ok(read),
                Err(unreadable) => cause = unreadable.0,
            }
        }
        let (status, headers) = (response.status(), response.headers());
        let error = Error::of_response(self.client, operation, status, headers, body);
        Err(match cause {
            Some(cause) => error.with_source(cause.into()),
            None => error,
        })
    }
}

const API_VERSION: HeaderName = HeaderName::from_static("ld-api-version");
const BETA: HeaderValue = HeaderValue::from_static("beta");
/// Without a version, the one that was current when the token was created would count.
const VERSION: HeaderValue = HeaderValue::from_static("20240415");
const JSON: HeaderValue = HeaderValue::from_static("application/json");
