//! [`Fake`]: a transport for tests. It answers from a script, and sends nothing.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::{HeaderMap, Method, Request, Response, StatusCode, Uri};
use serde_json::{Value, json};

use super::body::Body;
use super::transport::{Received, SendError, SendFailure, SendStage};

/// A transport for tests of code that calls a client. It keeps every request and answers from a
/// script; once that is at its end, every configuration is created and gets an id of its own:
/// `fake-1`, `fake-2`, ….
///
/// A clone shares the script and the requests: give one to the client and keep the other.
///
/// The access token may be any, and the host too. Attempts count, so a call that is tried again
/// takes two answers; [`RetryPolicy::never`](super::RetryPolicy::never) makes it one.
///
#[cfg_attr(
    feature = "async",
    doc = r#"
```
use launchdarkly_integrations::client::{AccessToken, Client, ErrorKind, Fake, NewConfiguration};
use launchdarkly_integrations::integrations::datadog::ConfigValues;

# tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
let fake = Fake::new().created("id-1").error(403, "forbidden", "Not your project");
let client = Client::with_transport(AccessToken::new("any")?, fake.clone());

let values = ConfigValues::builder().api_key("0123456789abcdef").build();
let configuration = NewConfiguration::new("Production", values);
assert_eq!(client.create(&configuration).await?.id, "id-1");
let error = client.create(&configuration).await.unwrap_err();
assert_eq!(error.kind(), ErrorKind::Forbidden);

let requests = fake.requests();
assert_eq!(requests[0].integration_key(), "datadog");
assert_eq!(requests[0].body()["configValues"]["apiKey"], "0123456789abcdef");
# Ok::<(), Box<dyn std::error::Error>>(())
# })?;
# Ok::<(), Box<dyn std::error::Error>>(())
```
"#
)]
#[cfg_attr(
    feature = "blocking",
    doc = r#"
Without async:

```
use launchdarkly_integrations::client::{AccessToken, Fake, NewConfiguration, blocking::Client};
use launchdarkly_integrations::integrations::datadog::ConfigValues;

let fake = Fake::new();
let client = Client::with_transport(AccessToken::new("any")?, fake.clone());

let values = ConfigValues::builder().api_key("0123456789abcdef").build();
let created = client.create(&NewConfiguration::new("Production", values))?;
assert_eq!(created.id, "fake-1");
assert_eq!(fake.requests()[0].body()["name"], "Production");
# Ok::<(), Box<dyn std::error::Error>>(())
```
"#
)]
#[derive(Clone, Default)]
#[must_use]
pub struct Fake(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    script: VecDeque<Result<Response<Vec<u8>>, SendStage>>,
    requests: Vec<RecordedRequest>,
}

impl Fake {
    /// A transport with which everything is created.
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers the next request as LaunchDarkly does when it created a configuration with this id.
    pub fn created(self, id: impl Into<String>) -> Self {
        self.answer(json_response(
            StatusCode::CREATED,
            json!({"_id": id.into()}),
        ))
    }

    /// Answers the next request with an error of LaunchDarkly's, of this status, code and message,
    /// such as 400, `invalid_request` and any text. A number that is no status counts as 500.
    pub fn error(self, status: u16, code: &str, message: &str) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = json!({"code": code, "message": message});
        self.answer(json_response(status, body))
    }

    /// Answers the next request with just this.
    pub fn answer(self, response: Response<Vec<u8>>) -> Self {
        self.state().script.push_back(Ok(response));
        self
    }

    /// Doesn't answer the next request: the connection fails when it has got this far.
    pub fn broken(self, stage: SendStage) -> Self {
        self.state().script.push_back(Err(stage));
        self
    }

    /// All requests until now, in their order.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.state().requests.clone()
    }

    /// Nothing done under this lock can panic halfway.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn send(&self, request: Request<Body>) -> Result<Received, SendError> {
        let mut state = self.state();
        state.requests.push(RecordedRequest::new(request));
        let number = state.requests.len();
        match state.script.pop_front() {
            Some(Ok(response)) => Ok(answer(response)),
            Some(Err(stage)) => Err(SendError::new(
                stage,
                SendFailure::Connection,
                "as the script says",
            )),
            None => {
                let body = json!({"_id": format!("fake-{number}")});
                Ok(answer(json_response(StatusCode::CREATED, body)))
            }
        }
    }
}

fn json_response(status: StatusCode, body: Value) -> Response<Vec<u8>> {
    let mut response = Response::new(body.to_string().into_bytes());
    *response.status_mut() = status;
    response
}

fn answer(response: Response<Vec<u8>>) -> Received {
    Received::new(response)
}

#[cfg(feature = "async")]
impl super::async_transport::Transport for Fake {
    fn send(
        &self,
        request: Request<Body>,
        _: super::transport::Limits,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<Received, SendError>> + Send + '_>> {
        Box::pin(std::future::ready(self.send(request)))
    }
}

#[cfg(feature = "blocking")]
impl super::blocking::Transport for Fake {
    fn send(
        &self,
        request: Request<Body>,
        _: super::transport::Limits,
    ) -> Result<Received, SendError> {
        self.send(request)
    }
}

impl fmt::Debug for Fake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fake")
            .field("requests", &self.state().requests)
            .finish_non_exhaustive()
    }
}

/// A request that a [`Fake`] was given.
///
/// `Debug` shows no header and no body, since both hold secrets.
#[derive(Clone)]
pub struct RecordedRequest {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Value,
}

impl RecordedRequest {
    fn new(request: Request<Body>) -> Self {
        let (parts, body) = request.into_parts();
        Self {
            method: parts.method,
            uri: parts.uri,
            headers: parts.headers,
            body: serde_json::from_slice(body.as_ref()).unwrap_or_default(),
        }
    }

    /// The key of the integration, which is the last part of the path.
    #[must_use]
    pub fn integration_key(&self) -> &str {
        self.uri.path().rsplit('/').next().unwrap_or_default()
    }

    /// The method: `POST`.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The URL.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        &self.uri
    }

    /// The headers, the access token included.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body, secrets included.
    #[must_use]
    pub fn body(&self) -> &Value {
        &self.body
    }
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordedRequest")
            .field("method", &self.method)
            .field("uri", &format_args!("{}", self.uri))
            .finish_non_exhaustive()
    }
}
