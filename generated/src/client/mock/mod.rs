//! [`MockTransport`]: LaunchDarkly in memory, for tests.

mod account;
mod configuration;
mod kind;
mod mask;
mod patch;
mod recorded_request;
mod reply;
mod route;

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::{Request, Response, StatusCode};

use super::body::Body;
use super::transport::{Limits, Received, SendError, SendFailure, SendStage};
use account::Account;
pub use recorded_request::RecordedRequest;

/// A transport for tests of code that calls a client: LaunchDarkly in memory. It sends nothing.
///
/// It responds to every operation of the five handles as LaunchDarkly does: what was created is
/// returned, listed, changed and deleted, in the project and environment of its path only. Secrets
/// come back masked, and the lists of delivery configurations, big segment stores and flag imports
/// have no `config`. A missing token is a 401, a missing beta header a 403, a wrong body or patch a
/// 400, an unknown path or id a 404.
///
/// A clone shares everything: pass one to the client and keep the other.
///
#[cfg_attr(
    feature = "async",
    doc = r#"
```
use launchdarkly_integrations::client::{Client, ErrorKind, MockTransport, NewAuditLogSubscription};
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
Without async, and with a script: a create whose response is lost did create something.

```
use launchdarkly_integrations::client::blocking::Client;
use launchdarkly_integrations::client::{Effect, MockTransport, NewAuditLogSubscription, SendStage};
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
/// A script says what happens to the next requests, before anything is looked up in memory. Each
/// method adds one request to its end. Attempts count: a call that is retried takes an entry for
/// each of them. Entries can be added at any time, through any clone.
///
/// | | carried out in memory | the client receives |
/// |---|---|---|
/// | [`error`](Self::error), [`response`](Self::response) | no | this response |
/// | [`broken`](Self::broken), [`failing`](Self::failing) with [`SendStage::NotSent`] | no | an error |
/// | the same with [`SendStage::Sent`] | **yes** | an error: the response is lost |
/// | [`normal`](Self::normal), or nothing left in the script | yes | the response |
///
/// # What it doesn't do
///
/// - It doesn't check values against a manifest: the types do, and LaunchDarkly's own checks
///   aren't documented. Every integration key, project, environment and token exists.
/// - It fills in no defaults of the manifest and normalizes no values.
/// - A masked value that is sent back is stored as it is, and the secret is lost. What LaunchDarkly
///   does isn't documented.
/// - It has no clock: times begin at 2023-11-14T22:13:20Z and advance by a second with each request
///   that is carried out. Ids are numbered. Two runs of a test return the same bytes.
#[derive(Clone, Default)]
#[must_use]
pub struct MockTransport(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    script: VecDeque<Entry>,
    requests: Vec<RecordedRequest>,
    account: Account,
}

/// What happens to one request.
enum Entry {
    Normal,
    Response(Response<Vec<u8>>),
    Failure(SendStage, SendFailure),
}

impl MockTransport {
    /// An account without any configurations, and an empty script.
    pub fn new() -> Self {
        Self::default()
    }

    /// Responds to the next request with an error of LaunchDarkly's: this status, code and message,
    /// such as 400, `invalid_request` and any text. A number that is no status counts as 500.
    pub fn error(self, status: u16, code: &str, message: &str) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        self.response(reply::error(status, code, message))
    }

    /// Responds to the next request with exactly this response.
    pub fn response(self, response: Response<Vec<u8>>) -> Self {
        self.push(Entry::Response(response))
    }

    /// Breaks the connection of the next request: `failing` with [`SendFailure::Connection`].
    ///
    /// With [`SendStage::Sent`] the request is carried out and only its response is lost, as when
    /// a connection is reset too late: a create that returns an error leaves a configuration.
    pub fn broken(self, stage: SendStage) -> Self {
        self.failing(stage, SendFailure::Connection)
    }

    /// Fails the next request at this stage, for this reason. With [`SendStage::Sent`] the request
    /// is carried out and only its response is lost.
    pub fn failing(self, stage: SendStage, failure: SendFailure) -> Self {
        self.push(Entry::Failure(stage, failure))
    }

    /// Carries the next request out in memory, as without a script. For scripts in which a later
    /// request fails.
    pub fn normal(self) -> Self {
        self.push(Entry::Normal)
    }

    /// All requests so far, in order: those that the script answers too, and those that it fails.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.state().requests.clone()
    }

    fn push(self, entry: Entry) -> Self {
        self.state().script.push_back(entry);
        self
    }

    /// A panic under this lock leaves the state usable.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn carry_out(&self, request: Request<Body>) -> Result<Received, SendError> {
        let request = RecordedRequest::new(request);
        let state = &mut *self.state();
        state.requests.push(request.clone());
        let response = match state.script.pop_front().unwrap_or(Entry::Normal) {
            Entry::Normal => state.account.respond(&request),
            Entry::Response(response) => response,
            Entry::Failure(stage, failure) => {
                if stage == SendStage::Sent {
                    state.account.respond(&request);
                }
                return Err(SendError::new(
                    stage,
                    failure,
                    "MockTransport's script fails this request",
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
        // Like a network, it does nothing before it is polled.
        Box::pin(async move { self.carry_out(request) })
    }
}

#[cfg(feature = "blocking")]
impl super::blocking::Transport for MockTransport {
    fn send(&self, request: Request<Body>, _: Limits) -> Result<Received, SendError> {
        self.carry_out(request)
    }
}

impl fmt::Debug for MockTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockTransport")
            .field("requests", &self.state().requests)
            .finish_non_exhaustive()
    }
}
