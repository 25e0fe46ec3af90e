//! The client for code without async, on ureq.

use std::fmt;
use std::io::{self, Read as _};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use http::{Request, Response};
use ureq::Agent;

use super::call::{Call, Next};
use super::configuration::Configuration;
use super::error::Error;
use super::new_configuration::NewConfiguration;
use super::options::{Options, SetupError};
use super::tls;
use super::transport::{Answer, Limits, Reached, SendError};

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
    /// A client with these options, or with just an access token.
    ///
    /// # Errors
    ///
    /// [`SetupError`] if TLS can't be set up.
    pub fn new(options: impl Into<Options>) -> Result<Self, SetupError> {
        tls::ensure_provider()?;
        let tls = ureq::tls::TlsConfig::builder()
            .root_certs(ureq::tls::RootCerts::PlatformVerifier)
            .build();
        let agent = Agent::config_builder().tls_config(tls).build().new_agent();
        Ok(Self::with_transport(options, agent))
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

/// The time for making a connection: what fails within it was not sent, for certain.
const CONNECT: Duration = Duration::from_secs(10);

/// What sends requests. Implemented by `ureq::Agent`.
pub trait Transport: Send + Sync + 'static {
    /// Sends the request, once, and follows no redirect.
    ///
    /// # Errors
    ///
    /// [`SendError`] says how far it got.
    fn send(&self, request: Request<Vec<u8>>, limits: Limits) -> Result<Answer, SendError>;
}

impl Transport for Agent {
    fn send(&self, request: Request<Vec<u8>>, limits: Limits) -> Result<Answer, SendError> {
        let request = self
            .configure_request(request)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(limits.time))
            .timeout_connect(Some(CONNECT.min(limits.time)))
            .build();
        let (parts, body) = self.run(request).map_err(failed)?.into_parts();
        let mut reader = body.into_reader().take(limits.body as u64);
        let mut bytes = Vec::new();
        let broken = reader.read_to_end(&mut bytes).err().map(interrupted);
        Ok(Answer {
            response: Response::from_parts(parts, bytes),
            broken,
        })
    }
}

fn failed(error: ureq::Error) -> SendError {
    use ureq::{Error, Timeout};

    let reached = match &error {
        Error::HostNotFound
        | Error::ConnectionFailed
        | Error::BadUri(_)
        | Error::Tls(_)
        | Error::Rustls(_)
        | Error::Timeout(Timeout::Resolve | Timeout::Connect) => Reached::Nothing,
        Error::Io(error) => of_io(error),
        Error::Timeout(_) => Reached::Timeout,
        _ => Reached::Connection,
    };
    SendError::new(reached, error)
}

/// While a body is read, ureq wraps its own errors.
fn interrupted(error: io::Error) -> SendError {
    let timeout = error.kind() == io::ErrorKind::TimedOut
        || matches!(
            error.get_ref().and_then(|inner| inner.downcast_ref()),
            Some(ureq::Error::Timeout(_))
        );
    let reached = if timeout {
        Reached::Timeout
    } else {
        Reached::Connection
    };
    SendError::new(reached, error)
}

/// Errors that only come while a connection is made.
fn of_io(error: &io::Error) -> Reached {
    match error.kind() {
        io::ErrorKind::ConnectionRefused
        | io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::AddrNotAvailable => Reached::Nothing,
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Reached::Timeout,
        _ => Reached::Connection,
    }
}
