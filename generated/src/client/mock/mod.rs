//! [`MockTransport`]: LaunchDarkly in memory, for tests.

mod account;
mod endpoint;
mod mask;
mod patch;
mod recorded_request;
mod resource;
mod response;
mod route;

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::{Request, Response, StatusCode};

use super::body::Body;
use super::transport::{Limits, Received, SendError, SendFailure, SendStage};
use account::Account;
pub use recorded_request::RecordedRequest;

/// A transport for tests of code that uses a client. It simulates LaunchDarkly in memory and sends nothing.
///
/// It responds to every operation of the five handles as LaunchDarkly does. It stores what a create sends,
/// and returns, lists, changes and deletes it. Responses mask secrets, and the lists of delivery
/// configurations, big segment stores and flag imports omit `config`. It responds with 401 if the token is
/// missing, 403 if the beta header is missing, 400 if the body or patch is invalid, and 404 if the path or id
/// is unknown.
///
/// Clones share their state: pass one to the client and keep the other.
///
#[cfg_attr(
    feature = "async",
    doc = r#"
```
use launchdarkly_integrations::client::{
    Client, ErrorKind, MockTransport, NewAuditLogSubscription,
};
use launchdarkly_integrations::integrations::datadog::ConfigValues;

# tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
let mock = MockTransport::new();
let client = Client::builder("any-token").transport(mock.clone()).build()?;
let subscriptions = client.audit_log_subscriptions();

let values = ConfigValues::builder().api_key("0123456789abcdef").build();
let new = NewAuditLogSubscription::new("Production", values);
let created = subscriptions.create(&new).send().await?;
let found = subscriptions.get("datadog", &created.id).send().await?;
assert_eq!(found.name.as_deref(), Some("Production"));

let _ = mock.clone().error(403, "forbidden", "Not your project");
let error = subscriptions.create(&new).send().await.unwrap_err();
assert_eq!(error.kind(), ErrorKind::Forbidden);
assert_eq!(mock.requests()[0].body()["config"]["apiKey"], "0123456789abcdef");
# Ok::<(), Box<dyn std::error::Error>>(())
# })?;
# Ok::<(), Box<dyn std::error::Error>>(())
```
"#
)]
#[cfg_attr(
    feature = "blocking",
    doc = r#"
Without async, with a script: the response of a create is lost, but the resource exists.

```
use launchdarkly_integrations::client::{
    Effect, MockTransport, NewAuditLogSubscription, SendStage, blocking::Client,
};
use launchdarkly_integrations::integrations::datadog::ConfigValues;

let mock = MockTransport::new().broken(SendStage::Sent);
let client = Client::builder("any-token").transport(mock).build()?;
let subscriptions = client.audit_log_subscriptions();

let values = ConfigValues::builder().api_key("0123456789abcdef").build();
let new = NewAuditLogSubscription::new("Production", values);
let error = subscriptions.create(&new).send().unwrap_err();
assert_eq!(error.effect(), Effect::Unknown);
assert_eq!(subscriptions.list("datadog").send()?.items.len(), 1);
# Ok::<(), Box<dyn std::error::Error>>(())
```
"#
)]
///
/// # Script
///
/// A script decides what happens to the next requests. Each method below adds an entry for one request. A
/// retry is another request, so it uses another entry. You can add entries at any time, through any clone.
///
/// Between attempts, and in `ensure` before it lists again, the client waits as long as in production.
/// [`RetryPolicy::backoff`](super::RetryPolicy::backoff) with [`Duration::ZERO`](std::time::Duration::ZERO)
/// avoids that in a test.
///
/// | entry | the request takes effect | the client receives |
/// |---|---|---|
/// | [`error`](Self::error), [`response`](Self::response) | no | this response |
/// | [`broken`](Self::broken) or [`failing`](Self::failing) with [`SendStage::NotSent`] | no | an error |
/// | [`broken`](Self::broken) or [`failing`](Self::failing) with [`SendStage::Sent`] | **yes** | an error: the response is lost |
/// | [`normal`](Self::normal), or no entry | yes | the simulated response |
///
/// # Limits
///
/// - It doesn't check values against a manifest: the types do, and LaunchDarkly's own checks aren't
///   documented. Every integration key, project, environment and token is valid.
/// - It doesn't add the manifest's defaults and doesn't normalize values.
/// - It stores a masked value that is sent back, so the secret is lost. What LaunchDarkly does isn't
///   documented.
/// - It is deterministic. Time begins at 2023-11-14T22:13:20Z and advances by a second with each request that
///   it handles. Ids are consecutive numbers.
#[derive(Clone, Default)]
#[must_use]
pub struct MockTransport(Arc<Mutex<MockState>>);

#[derive(Default)]
struct MockState {
    script: VecDeque<ScriptEntry>,
    requests: Vec<RecordedRequest>,
    account: Account,
}

/// What happens to one request.
enum ScriptEntry {
    Normal,
    Response(Response<Vec<u8>>),
    Failure(SendStage, SendFailure),
}

impl MockTransport {
    /// Creates an account without configurations and with an empty script.
    pub fn new() -> Self {
        Self::default()
    }

    /// Responds to the next request with an error in LaunchDarkly's format, such as the status 400, the code
    /// `invalid_request` and any message. An invalid status becomes 500.
    pub fn error(self, status: u16, code: &str, message: &str) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        self.response(response::error(status, code, message))
    }

    /// Responds to the next request with this response, unchanged.
    pub fn response(self, response: Response<Vec<u8>>) -> Self {
        self.push(ScriptEntry::Response(response))
    }

    /// Fails the next request with a broken connection: [`failing`](Self::failing) with
    /// [`SendFailure::Connection`].
    ///
    /// With [`SendStage::Sent`] the request takes effect and only the response is lost: a create returns an
    /// error, but the resource exists.
    pub fn broken(self, stage: SendStage) -> Self {
        self.failing(stage, SendFailure::Connection)
    }

    /// Fails the next request at this stage, for this reason. With [`SendStage::Sent`] the request takes
    /// effect and only the response is lost.
    pub fn failing(self, stage: SendStage, failure: SendFailure) -> Self {
        self.push(ScriptEntry::Failure(stage, failure))
    }

    /// Handles the next request as without a script. Use it before an entry for a later request.
    pub fn normal(self) -> Self {
        self.push(ScriptEntry::Normal)
    }

    /// All requests so far, in order, including those that the script responds to or fails.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.state().requests.clone()
    }

    fn push(self, entry: ScriptEntry) -> Self {
        self.state().script.push_back(entry);
        self
    }

    /// Ignores poisoning: a panic doesn't leave the state inconsistent.
    fn state(&self) -> MutexGuard<'_, MockState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn handle(&self, request: Request<Body>) -> Result<Received, SendError> {
        let request = RecordedRequest::new(request);
        let state = &mut *self.state();
        state.requests.push(request.clone());
        let response = match state.script.pop_front().unwrap_or(ScriptEntry::Normal) {
            ScriptEntry::Normal => state.account.respond(&request),
            ScriptEntry::Response(response) => response,
            ScriptEntry::Failure(stage, failure) => {
                if stage == SendStage::Sent {
                    state.account.respond(&request);
                }
                return Err(SendError::new(
                    stage,
                    failure,
                    "the script of MockTransport fails this request",
                ));
            }
        };
        Ok(Received::new(response))
    }
}

#[cfg(feature = "async")]
impl super::async_transport::Transport for MockTransport {
    fn send(
        &self,
        request: Request<Body>,
        _: Limits,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<Received, SendError>> + Send + '_>> {
        // Like a network request, it does nothing until it is polled.
        Box::pin(async move { self.handle(request) })
    }
}

#[cfg(feature = "blocking")]
impl super::blocking::Transport for MockTransport {
    fn send(&self, request: Request<Body>, _: Limits) -> Result<Received, SendError> {
        self.handle(request)
    }
}

impl fmt::Debug for MockTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockTransport")
            .field("requests", &self.state().requests)
            .finish_non_exhaustive()
    }
}
