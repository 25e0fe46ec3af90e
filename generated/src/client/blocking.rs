//! The client for code without async, on ureq.

use std::fmt;
use std::io::{self, Cursor, Read};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use http::header::CONTENT_LENGTH;
use http::{Request, Response};
use ureq::{Agent, SendBody};

use super::api::operation::Operation;
use super::body::Body;
use super::call::{Attempts, Call, Finished, Next};
use super::config::{ClientBuilder, ClientConfig, Configured};
use super::error::Error;
use super::setup_error::SetupError;
use super::tls;
use super::transport::{Limits, Received, SendError, SendFailure, SendStage};
use crate::SecretString;

/// A client for code without async, on ureq. A clone shares its connections.
///
/// ```no_run
/// use launchdarkly_integrations::client::{NewAuditLogSubscription, blocking::Client};
/// use launchdarkly_integrations::integrations::datadog;
///
/// let client = Client::from_env()?;
/// let subscriptions = client.audit_log_subscriptions();
///
/// let values = datadog::ConfigValues::builder().api_key("0123456789abcdef").build();
/// let new = NewAuditLogSubscription::new("Production Datadog", values);
/// let created = subscriptions.create(&new).send()?;
///
/// for subscription in subscriptions.list(datadog::KEY).send()? {
///     println!("{}", subscription.id);
/// }
/// subscriptions.delete(datadog::KEY, &created.id).send()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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

    fn run(&self, attempts: &mut Attempts<'_>) -> Result<Finished, Error> {
        loop {
            let (request, limits) = attempts.begin()?;
            let sent = self.transport.send(request, limits);
            match attempts.end(sent) {
                Next::Done(result) => return *result,
                Next::Wait(time) => thread::sleep(time),
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
            None => {
                tls::ensure_provider()?;
                let tls = ureq::tls::TlsConfig::builder()
                    .root_certs(ureq::tls::RootCerts::PlatformVerifier)
                    .build();
                let mut agent = Agent::config_builder().tls_config(tls);
                if config.api.host_ref().is_loopback() {
                    agent = agent.proxy(None);
                }
                Arc::new(agent.build().new_agent())
            }
        };
        Ok(Self {
            config: Arc::new(config),
            transport,
        })
    }
}

impl ClientBuilder<Client> {
    /// Sets what sends the requests: a `ureq::Agent` of your own, another HTTP library, or a mock in tests.
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
    pub fn send(self) -> Result<R, Error> {
        let Operation { request, read } = self.operation;
        let mut attempts = Attempts::new(&self.client.config, &request, self.options);
        let _entered = attempts.span().entered();
        let finished = self.client.run(&mut attempts)?;
        read(finished.body()).map_err(|unreadable| attempts.unreadable(finished, unreadable))
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

/// What sends requests. Implemented by `ureq::Agent`.
pub trait Transport: Send + Sync + 'static {
    /// Sends the request, once, and follows no redirect.
    ///
    /// # Errors
    ///
    /// [`SendError`] says how far it got.
    fn send(&self, request: Request<Body>, limits: Limits) -> Result<Received, SendError>;
}

impl Transport for Agent {
    fn send(&self, mut request: Request<Body>, limits: Limits) -> Result<Received, SendError> {
        let length = request.body().as_ref().len().into();
        request.headers_mut().insert(CONTENT_LENGTH, length);
        let (parts, body) = request.into_parts();
        let mut body = Watched {
            bytes: Cursor::new(body.into_bytes()),
            begun: false,
        };
        let request = Request::from_parts(parts, SendBody::from_reader(&mut body));
        let request = self
            .configure_request(request)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(limits.time))
            .timeout_connect(Some(CONNECT.min(limits.time)))
            .build();
        let sent = self.run(request);
        let (parts, body) = match sent {
            Ok(response) => response.into_parts(),
            Err(error) => return Err(failed(error, body.begun)),
        };
        let mut reader = body.into_reader().take(limits.body as u64);
        let mut bytes = Vec::new();
        let broken = reader.read_to_end(&mut bytes).err().map(interrupted);
        Ok(Received {
            response: Response::from_parts(parts, bytes),
            interrupted: broken,
        })
    }
}

/// A body that knows whether any of it was asked for. It is asked for once there is a connection,
/// so this tells for certain what ureq's errors only suggest: one of TLS may come before the
/// request or after it.
struct Watched {
    bytes: Cursor<Vec<u8>>,
    begun: bool,
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.begun = true;
        self.bytes.read(buffer)
    }
}

fn failed(error: ureq::Error, begun: bool) -> SendError {
    if !begun {
        return SendError::new(SendStage::NotSent, SendFailure::Connection, error);
    }
    interrupted(error.into_io())
}

/// An error after the request, where ureq's own are wrapped as those of a reader.
fn interrupted(error: io::Error) -> SendError {
    let timeout = error.kind() == io::ErrorKind::TimedOut
        || matches!(
            error.get_ref().and_then(|inner| inner.downcast_ref()),
            Some(ureq::Error::Timeout(_))
        );
    let failure = if timeout {
        SendFailure::Timeout
    } else {
        SendFailure::Connection
    };
    SendError::new(SendStage::Sent, failure, error)
}
