//! The client for async code, on reqwest.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use http::{Request, Response};
use http_body::{Body as HttpBody, Frame, SizeHint};
use tracing::Instrument as _;

use super::api::operation::Operation;
use super::body::Body;
use super::call::{Attempts, Call, Finished, Next};
use super::config::{ClientBuilder, ClientConfig, Configured};
use super::error::Error;
use super::setup_error::SetupError;
use super::tls;
use super::transport::{Limits, Received, SendError, SendFailure, SendStage};
use crate::SecretString;

/// A client for async code, on reqwest and tokio. A clone shares its connections.
///
/// ```no_run
/// use launchdarkly_integrations::client::{Client, NewAuditLogSubscription};
/// use launchdarkly_integrations::integrations::datadog;
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let client = Client::from_env()?;
/// let subscriptions = client.audit_log_subscriptions();
///
/// let values = datadog::ConfigValues::builder().api_key("0123456789abcdef").build();
/// let new = NewAuditLogSubscription::new("Production Datadog", values);
/// let created = subscriptions.create(&new).send().await?;
///
/// for subscription in subscriptions.list(datadog::KEY).send().await? {
///     println!("{}", subscription.id);
/// }
/// subscriptions.delete(datadog::KEY, &created.id).send().await?;
/// # Ok(())
/// # }
/// # let _ = run;
/// ```
///
/// Dropping the future of a call cancels it: a request that wasn't sent yet never is, and one that
/// was sent may take effect all the same.
///
/// Redirects are not followed, since the access token would go elsewhere.
#[derive(Clone)]
pub struct Client {
    config: Arc<ClientConfig>,
    transport: Arc<dyn Transport>,
}

impl Client {
    /// Sets up a client with this access token: a string or an
    /// [`AccessToken`](super::AccessToken).
    pub fn builder(token: impl Into<SecretString>) -> ClientBuilder<Self> {
        ClientBuilder::new(token.into())
    }

    /// Sets up a client with the access token of `LAUNCHDARKLY_ACCESS_TOKEN`, and the host of
    /// `LAUNCHDARKLY_API_HOST` if that is set.
    ///
    /// # Errors
    ///
    /// [`SetupError`] names the variable that is missing or wrong.
    pub fn builder_from_env() -> Result<ClientBuilder<Self>, SetupError> {
        ClientBuilder::from_env()
    }

    /// A client with all defaults, set up by [`builder_from_env`](Self::builder_from_env).
    ///
    /// # Errors
    ///
    /// [`SetupError`] names the variable that is missing or wrong, or says why TLS can't be set
    /// up.
    pub fn from_env() -> Result<Self, SetupError> {
        Self::builder_from_env()?.build()
    }

    async fn run(&self, attempts: &mut Attempts<'_>) -> Result<Finished, Error> {
        loop {
            let (request, limits) = attempts.begin()?;
            let sent = self.transport.send(request, limits).await;
            match attempts.end(sent) {
                Next::Done(result) => return *result,
                Next::Wait(time) => tokio::time::sleep(time).await,
            }
        }
    }
}

impl Configured for Client {
    type Transport = Arc<dyn Transport>;

    #[allow(private_interfaces)]
    fn assemble(
        config: ClientConfig,
        transport: Option<Arc<dyn Transport>>,
    ) -> Result<Self, SetupError> {
        let transport = match transport {
            Some(transport) => transport,
            None => Arc::new(Http::new(if config.api.host_ref().is_loopback() {
                reqwest::Client::builder().no_proxy()
            } else {
                reqwest::Client::builder()
            })?),
        };
        Ok(Self {
            config: Arc::new(config),
            transport,
        })
    }
}

impl ClientBuilder<Client> {
    /// Sets what sends the requests: a `ReqwestTransport` of your own reqwest, another HTTP library, or a mock in tests.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }
}

impl<R> Call<'_, R, Client> {
    /// Sends the call, and retries it where the policy allows.
    ///
    /// # Errors
    ///
    /// [`Error`] says what failed and whether the call took effect.
    pub async fn send(self) -> Result<R, Error> {
        let Operation { request, read } = self.operation;
        let mut attempts = Attempts::new(&self.client.config, &request, self.options);
        let span = attempts.span();
        let finished = self.client.run(&mut attempts).instrument(span.clone());
        let finished = finished.await?;
        match read(finished.body()) {
            Ok(read) => Ok(read),
            Err(unreadable) => Err(span.in_scope(|| attempts.unreadable(finished, unreadable))),
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

/// The time for making a connection.
const CONNECT: Duration = Duration::from_secs(10);

/// What sends requests.
pub trait Transport: Send + Sync + 'static {
    /// Sends the request, once, and follows no redirect.
    fn send(
        &self,
        request: Request<Body>,
        limits: Limits,
    ) -> Pin<Box<dyn Future<Output = Result<Received, SendError>> + Send + '_>>;
}

/// A client of reqwest that follows no redirect, for transports of your own around it. Only its
/// builder can see to that, so the trait is not implemented for any client of reqwest.
#[derive(Clone, Debug)]
pub struct Http(reqwest::Client);

impl Http {
    /// What the builder makes, with its redirect policy replaced by none.
    ///
    /// # Errors
    ///
    /// [`SetupError`] if TLS can't be set up, or reqwest refuses its settings.
    pub fn new(http: reqwest::ClientBuilder) -> Result<Self, SetupError> {
        tls::ensure_provider()?;
        let http = http.redirect(reqwest::redirect::Policy::none()).build();
        http.map(Self)
            .map_err(|error| SetupError::Http(error.into()))
    }
}

impl Transport for Http {
    fn send(
        &self,
        request: Request<Body>,
        limits: Limits,
    ) -> Pin<Box<dyn Future<Output = Result<Received, SendError>> + Send + '_>> {
        Box::pin(send(&self.0, request, limits))
    }
}

async fn send(
    http: &reqwest::Client,
    request: Request<Body>,
    limits: Limits,
) -> Result<Received, SendError> {
    let begun = Arc::new(AtomicBool::new(false));
    let request = request.map(|bytes| {
        reqwest::Body::wrap(Watched {
            body: bytes.into_bytes().into(),
            begun: Arc::clone(&begun),
        })
    });
    let failed = |error| failed(error, begun.load(Ordering::Relaxed));
    let mut request = reqwest::Request::try_from(request).map_err(failed)?;
    *request.timeout_mut() = Some(limits.time);
    let mut received = http.execute(request).await.map_err(failed)?;

    let mut body = Vec::new();
    let broken = loop {
        match received.chunk().await {
            Ok(Some(chunk)) => {
                let rest = limits.body.saturating_sub(body.len());
                body.extend_from_slice(&chunk[..chunk.len().min(rest)]);
                if chunk.len() > rest {
                    break None;
                }
            }
            Ok(None) => break None,
            Err(error) => break Some(failed(error)),
        }
    };
    let mut response = Response::new(body);
    *response.status_mut() = received.status();
    *response.headers_mut() = std::mem::take(received.headers_mut());
    Ok(Received {
        response,
        interrupted: broken,
    })
}

/// A body that knows whether any of it was asked for. It is asked for once there is a connection,
/// so this tells for certain what the kinds of reqwest's errors only suggest.
///
/// reqwest can't copy it, and therefore can't send it a second time either.
struct Watched {
    body: reqwest::Body,
    begun: Arc<AtomicBool>,
}

impl HttpBody for Watched {
    type Data = <reqwest::Body as HttpBody>::Data;
    type Error = reqwest::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        self.begun.store(true, Ordering::Relaxed);
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

fn failed(error: reqwest::Error, begun: bool) -> SendError {
    let stage = if begun {
        SendStage::Sent
    } else {
        SendStage::NotSent
    };
    let failure = if error.is_timeout() {
        SendFailure::Timeout
    } else {
        SendFailure::Connection
    };
    SendError::new(stage, failure, error)
}
