//! [`UreqTransport`]: sends the requests of the blocking client, with ureq.

use std::fmt;
use std::io::{self, Cursor, Read};
use std::sync::Arc;
use std::time::Duration;

use http::header::CONTENT_LENGTH;
use http::request::Parts;
use http::uri::Scheme;
use http::{HeaderValue, Method, Request, Response, Uri};
use ureq::config::ConfigBuilder;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::typestate::AgentScope;
use ureq::{Agent, Proxy, SendBody, Timeout};

use super::blocking_transport::Transport;
use super::body::Body;
use super::failure::classify;
use super::proxy::Proxies;
use super::setup_error::SetupError;
use super::tls;
use super::transport::{
    CONNECT_TIMEOUT, IDLE_TIMEOUT, Limits, Received, SendError, SendFailure, SendStage,
};

/// Sends requests with [ureq](https://docs.rs/ureq). A clone shares its connections.
///
/// Its defaults are those of `ReqwestTransport`, also for proxies: it connects within 10 seconds,
/// doesn't reuse a connection that was idle for 15 seconds, and uses the proxies that the
/// environment names: `HTTPS_PROXY` (for a host by plain `http`, `HTTP_PROXY`) or else
/// `ALL_PROXY`, but not for the hosts of `NO_PROXY` nor for loopback. All four may be lowercase,
/// which takes precedence. A proxy's URL begins with `http`, `https`, `socks5` (this machine
/// resolves the host's name), `socks5h` (the proxy does), `socks4` or `socks4a`, and may hold a
/// user and a password.
///
/// # Logs
///
/// At level `TRACE`, ureq logs every byte that it writes and reads, access token and secret values
/// included, under the target `ureq_proto::util`. Nothing here can switch that off: keep that
/// target above `TRACE`.
#[derive(Clone)]
pub struct UreqTransport {
    agent: Agent,
    without_roots: bool,
    proxies: Option<Arc<Proxies<Proxy>>>,
}

impl UreqTransport {
    /// The defaults above.
    ///
    /// # Errors
    ///
    /// [`SetupError`] if there is no cryptography for TLS, or a variable for proxies can't be
    /// used.
    pub fn new() -> Result<Self, SetupError> {
        let roots = roots();
        let without_roots = matches!(&roots, RootCerts::Specific(certs) if certs.is_empty());
        Ok(Self {
            agent: defaults(roots)?.build().new_agent(),
            without_roots,
            proxies: Some(Arc::new(Proxies::from_env(|url| Proxy::new(url).ok())?)),
        })
    }

    /// The defaults above as a builder, to change some of them. Its proxy is none, for a proxy of
    /// your own.
    ///
    /// ```
    /// # use launchdarkly_integrations::client::blocking::UreqTransport;
    /// let agent = UreqTransport::builder()?.proxy(None).build().new_agent();
    /// let transport = UreqTransport::with_agent(agent);
    /// # let _ = transport;
    /// # Ok::<(), launchdarkly_integrations::client::SetupError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new).
    pub fn builder() -> Result<ConfigBuilder<AgentScope>, SetupError> {
        defaults(roots())
    }

    /// An agent of your own: its proxy, TLS, middleware. Redirects are switched off for each
    /// request.
    ///
    /// Begin with [`builder`](Self::builder), or set the agent's TLS whole: ureq panics at the
    /// first request by `https` if it has no cryptography or root certificates.
    #[must_use]
    pub fn with_agent(agent: Agent) -> Self {
        Self {
            agent,
            without_roots: false,
            proxies: None,
        }
    }

    fn run(
        &self,
        parts: Parts,
        body: SendBody<'_>,
        limits: Limits,
    ) -> Result<Response<ureq::Body>, ureq::Error> {
        let proxy = self
            .proxies
            .as_ref()
            .map(|proxies| find(proxies, &parts.uri));
        let time = limits.time.min(LONGEST);
        let mut request = self
            .agent
            .configure_request(Request::from_parts(parts, body))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(time))
            .timeout_connect(Some(CONNECT_TIMEOUT.min(time)));
        if let Some(proxy) = proxy {
            request = request.proxy(proxy);
        }
        self.agent.run(request.build())
    }

    fn failed(&self, failure: SendFailure, not_sent: bool, error: io::Error) -> SendError {
        let stage = match not_sent {
            true => SendStage::NotSent,
            false => SendStage::Sent,
        };
        let failure = match failure {
            SendFailure::Tls if self.without_roots => SendFailure::NoRootCertificates,
            failure => failure,
        };
        SendError::new(stage, failure, error)
    }
}

/// The operating system's, checked by its own verifier unless the feature `native-roots` is on.
fn roots() -> RootCerts {
    #[cfg(feature = "native-roots")]
    return RootCerts::from(
        tls::native_roots()
            .iter()
            .map(|root| ureq::tls::Certificate::from_der(root).to_owned()),
    );
    #[cfg(not(feature = "native-roots"))]
    RootCerts::PlatformVerifier
}

fn defaults(roots: RootCerts) -> Result<ConfigBuilder<AgentScope>, SetupError> {
    let tls = TlsConfig::builder()
        .root_certs(roots)
        .unversioned_rustls_crypto_provider(tls::provider()?)
        .build();
    Ok(Agent::config_builder()
        .tls_config(tls)
        .proxy(None)
        .max_idle_age(IDLE_TIMEOUT))
}

impl Transport for UreqTransport {
    fn send(&self, request: Request<Body>, limits: Limits) -> Result<Received, SendError> {
        let (mut parts, body) = request.into_parts();
        let has_body = !body.is_empty();
        if has_body || matches!(parts.method, Method::POST | Method::PATCH | Method::PUT) {
            let length = HeaderValue::from(body.as_ref().len());
            parts.headers.insert(CONTENT_LENGTH, length);
        }
        let mut body = Watched {
            bytes: Cursor::new(body.into_bytes()),
            begun: false,
        };
        let sent = if has_body {
            self.run(parts, SendBody::from_reader(&mut body), limits)
        } else {
            self.run(parts, SendBody::none(), limits)
        };
        let (parts, received) = match sent {
            Ok(response) => response.into_parts(),
            Err(error) => {
                let failure = classify(&error);
                let not_sent = match has_body {
                    true => !body.begun,
                    // Nothing was there to be read.
                    false => is_before_sending(&error),
                };
                return Err(self.failed(failure, not_sent, error.into_io()));
            }
        };
        let mut reader = received.into_reader().take(limits.body as u64);
        let mut bytes = Vec::new();
        let interrupted = reader.read_to_end(&mut bytes).err();
        Ok(Received {
            response: Response::from_parts(parts, bytes),
            interrupted: interrupted.map(|error| self.failed(classify(&error), false, error)),
        })
    }
}

/// ureq adds a time-out to the present, which must not overflow.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

fn find(proxies: &Proxies<Proxy>, uri: &Uri) -> Option<Proxy> {
    let scheme = uri.scheme().map_or("", Scheme::as_str);
    proxies.find(scheme, uri.host()?, uri.port_u16()).cloned()
}

/// Whether there can't have been a connection, as far as the error shows.
fn is_before_sending(error: &ureq::Error) -> bool {
    match error {
        ureq::Error::HostNotFound
        | ureq::Error::ConnectionFailed
        | ureq::Error::ConnectProxyFailed(_)
        | ureq::Error::Timeout(Timeout::Resolve | Timeout::Connect) => true,
        ureq::Error::Io(io) => {
            io.kind() == io::ErrorKind::ConnectionRefused
                || matches!(
                    classify(error),
                    SendFailure::UnknownHost | SendFailure::Proxy
                )
                || is_certificate_refused(io)
        }
        ureq::Error::Rustls(_) => true,
        _ => false,
    }
}

/// The handshake ends with this before any request.
fn is_certificate_refused(error: &io::Error) -> bool {
    let held = error.get_ref().and_then(|held| held.downcast_ref());
    matches!(held, Some(rustls::Error::InvalidCertificate(_)))
}

/// Without ureq's own, which is long.
impl fmt::Debug for UreqTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UreqTransport").finish_non_exhaustive()
    }
}

/// A body that knows whether any of it was asked for, which happens once there is a connection.
/// That is certain: ureq sends on this thread only, and nothing after it returned an error.
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
