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

use super::body::Body;
use super::call::{Call, Next};
use super::configuration::Configuration;
use super::error::Error;
use super::new_configuration::NewConfiguration;
use super::options::Options;
use super::setup_error::SetupError;
use super::tls;
use super::transport::{Limits, Received, SendError, SendFailure, SendStage};

/// A client for async code. A clone shares its connections.
///
/// ```no_run
/// use launchdarkly_integrations::client::{Client, NewConfiguration};
/// use launchdarkly_integrations::integrations::datadog::ConfigValues;
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let client = Client::from_env()?;
/// let values = ConfigValues::builder().api_key("0123456789abcdef").build();
/// let created = client.create(&NewConfiguration::new("Production Datadog", values)).await?;
/// println!("{}", created.id);
/// # Ok(())
/// # }
/// # let _ = run;
/// ```
///
/// It runs on tokio. Redirects are not followed, since the access token would go elsewhere.
#[derive(Clone)]
pub struct Client {
    options: Arc<Options>,
    transport: Arc<dyn Transport>,
}

impl Client {
    /// A client with these options, or with just an access token. It goes through the system's
    /// proxy, unless the host is a loopback address.
    ///
    /// # Errors
    ///
    /// [`SetupError`] if TLS can't be set up.
    pub fn new(options: impl Into<Options>) -> Result<Self, SetupError> {
        let options = options.into();
        let mut http = reqwest::Client::builder().connect_timeout(CONNECT);
        if options.api().is_loopback() {
            http = http.no_proxy();
        }
        Self::with_http(options, http)
    }

    /// A client whose token and host come from the environment, see [`Options::from_env`].
    ///
    /// # Errors
    ///
    /// [`SetupError`] says which variable is missing or wrong, or why TLS can't be set up.
    pub fn from_env() -> Result<Self, SetupError> {
        Self::new(Options::from_env()?)
    }

    /// A client on a reqwest of your own: its proxy, TLS, DNS, layers. Its redirect policy is
    /// replaced by none.
    ///
    /// # Errors
    ///
    /// [`SetupError`] if reqwest refuses its settings.
    pub fn with_http(
        options: impl Into<Options>,
        http: reqwest::ClientBuilder,
    ) -> Result<Self, SetupError> {
        Ok(Self::with_transport(options, Http::new(http)?))
    }

    /// A client on a transport of your own, such as another HTTP library, or a fake one in tests.
    pub fn with_transport(options: impl Into<Options>, transport: impl Transport) -> Self {
        Self {
            options: Arc::new(options.into()),
            transport: Arc::new(transport),
        }
    }

    /// Creates a configuration.
    ///
    /// # Errors
    ///
    /// [`Error`] tells what LaunchDarkly or the network said, and whether the configuration may
    /// exist all the same.
    pub async fn create(&self, configuration: &NewConfiguration) -> Result<Configuration, Error> {
        let call = Call::new(&self.options, configuration);
        let span = call.span();
        self.run(call).instrument(span).await
    }

    async fn run(&self, mut call: Call<'_>) -> Result<Configuration, Error> {
        loop {
            let (request, limits) = call.request()?;
            let sent = self.transport.send(request, limits).await;
            match call.answered(sent) {
                Next::Done(result) => return *result,
                Next::Wait(time) => tokio::time::sleep(time).await,
            }
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("options", &self.options)
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
