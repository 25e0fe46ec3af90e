//! The client for code without async, on ureq.

use std::fmt;
use std::io::{self, Cursor, Read};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use http::header::CONTENT_LENGTH;
use http::{Request, Response};
use ureq::{Agent, SendBody};

use super::body::Body;
use super::call::{Call, Next};
use super::configuration::Configuration;
use super::error::Error;
use super::new_configuration::NewConfiguration;
use super::options::Options;
use super::setup_error::SetupError;
use super::tls;
use super::transport::{Limits, Received, SendError, SendFailure, SendStage};

/// A client for code without async. A clone shares its connections.
///
/// ```no_run
/// use launchdarkly_integrations::client::{NewConfiguration, blocking::Client};
/// use launchdarkly_integrations::integrations::datadog::ConfigValues;
///
/// let client = Client::from_env()?;
/// let values = ConfigValues::builder().api_key("0123456789abcdef").build();
/// let created = client.create(&NewConfiguration::new("Production Datadog", values))?;
/// println!("{}", created.id);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Redirects are not followed, since the access token would go elsewhere.
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
        tls::ensure_provider()?;
        let tls = ureq::tls::TlsConfig::builder()
            .root_certs(ureq::tls::RootCerts::PlatformVerifier)
            .build();
        let options = options.into();
        let mut config = Agent::config_builder().tls_config(tls);
        if options.api().is_loopback() {
            config = config.proxy(None);
        }
        Ok(Self::with_transport(options, config.build().new_agent()))
    }

    /// A client whose token and host come from the environment, see [`Options::from_env`].
    ///
    /// # Errors
    ///
    /// [`SetupError`] says which variable is missing or wrong, or why TLS can't be set up.
    pub fn from_env() -> Result<Self, SetupError> {
        Self::new(Options::from_env()?)
    }

    /// A client on a transport of your own: a `ureq::Agent` with its proxy, TLS and middleware, or
    /// another HTTP library, or a fake one in tests. An agent's redirects are switched off.
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
    pub fn create(&self, configuration: &NewConfiguration) -> Result<Configuration, Error> {
        let mut call = Call::new(&self.options, configuration);
        let _entered = call.span().entered();
        loop {
            let (request, limits) = call.request()?;
            let sent = self.transport.send(request, limits);
            match call.answered(sent) {
                Next::Done(result) => return *result,
                Next::Wait(time) => thread::sleep(time),
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
