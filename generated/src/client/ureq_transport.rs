//! [`UreqTransport`]: sends the requests of the blocking client, with ureq.

use std::fmt;
use std::io::{self, Cursor, Read};
use std::sync::Arc;
use std::time::Duration;

use http::header::CONTENT_LENGTH;
use http::request::Parts;
use http::{HeaderValue, Method, Request, Response, Uri};
use ureq::config::ConfigBuilder;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::typestate::AgentScope;
use ureq::{Agent, Proxy, SendBody, Timeout};

use super::blocking_transport::Transport;
use super::body::Body;
use super::failure::{ErrorContext, classify};
use super::proxy::{EnvProxy, Proxies};
use super::setup_error::SetupError;
use super::tls;
use super::transport::{CONNECT_TIMEOUT, IDLE_TIMEOUT, Limits, Received, SendError, SendFailure};

/// Sends requests with [ureq](https://docs.rs/ureq). Clones share connections.
///
/// Defaults:
///
/// - 10 seconds to connect
/// - a connection that was idle for 15 seconds isn't reused
/// - the proxies of the environment, see [Proxies](super#proxies)
///
/// # Logging
///
/// At level `TRACE`, ureq logs every byte that it sends and receives, including the access token and
/// secret values, with the target `ureq_proto::util`. This crate can't prevent that: don't enable
/// `TRACE` for that target.
#[derive(Clone)]
pub struct UreqTransport {
    agent: Agent,
    without_roots: bool,
    proxies: Option<Arc<Proxies<Proxy>>>,
}

impl UreqTransport {
    /// Creates a transport with the defaults above.
    ///
    /// # Errors
    ///
    /// [`SetupError`] if there is no crypto provider for TLS, or an environment variable for proxies
    /// is invalid.
    pub fn new() -> Result<Self, SetupError> {
        let roots = roots();
        let without_roots = matches!(&roots, RootCerts::Specific(certs) if certs.is_empty());
        Ok(Self {
            agent: defaults(roots)?.build().new_agent(),
            without_roots,
            proxies: Some(Arc::new(Proxies::from_env(|url| Proxy::new(url).ok())?)),
        })
    }

    /// Creates a ureq builder with the defaults above, but without proxies, to change some of them:
    ///
    /// ```
    /// # use launchdarkly_integrations::client::blocking::UreqTransport;
    /// let agent = UreqTransport::builder()?.user_agent("my-tool/1").build().new_agent();
    /// let transport = UreqTransport::with_agent(agent);
    /// # let _ = transport;
    /// # Ok::<(), launchdarkly_integrations::client::SetupError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`SetupError`] if there is no crypto provider for TLS.
    pub fn builder() -> Result<ConfigBuilder<AgentScope>, SetupError> {
        defaults(roots())
    }

    /// Creates a transport from your own agent, with its proxy, TLS and middleware. Redirects are
    /// switched off for each request.
    ///
    /// Start from [`builder`](Self::builder), or configure the agent's TLS completely: without a crypto
    /// provider or root certificates, ureq panics at the first `https` request.
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
        proxy: Option<Proxy>,
    ) -> Result<Response<ureq::Body>, ureq::Error> {
        let time = limits.timeout.min(LONGEST_TIMEOUT);
        let mut request = self
            .agent
            .configure_request(Request::from_parts(parts, body))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(time))
            .timeout_connect(Some(CONNECT_TIMEOUT.min(time)));
        // The caller's own agent keeps its proxy.
        if self.proxies.is_some() {
            request = request.proxy(proxy);
        }
        self.agent.run(request.build())
    }

    /// The proxy that requests to this URL go through.
    fn proxy(&self, uri: &Uri) -> Option<&EnvProxy<Proxy>> {
        let proxies = self.proxies.as_ref()?;
        proxies.find(uri.scheme_str()?, uri.host()?, uri.port_u16())
    }
}

/// The operating system's root certificates. Its own verifier checks certificates unless the
/// feature `native-roots` is enabled.
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
        let found = self.proxy(&parts.uri);
        let proxy = found.map(|found| found.proxy.clone());
        let context = ErrorContext {
            proxy: found.map(|found| found.origin),
            without_roots: self.without_roots,
        };
        let mut body = WatchedBody {
            bytes: Cursor::new(body.into_bytes()),
            is_started: false,
        };
        let sent = if has_body {
            self.run(parts, SendBody::from_reader(&mut body), limits, proxy)
        } else {
            self.run(parts, SendBody::none(), limits, proxy)
        };
        let (parts, received) = match sent {
            Ok(response) => response.into_parts(),
            Err(error) => {
                let failure = classify(&error);
                let not_sent = match has_body {
                    true => !body.is_started,
                    // Without a body, only the error shows how far the request got.
                    false => is_before_sending(&error),
                };
                return Err(context.error(not_sent, failure, error.into_io()));
            }
        };
        let mut reader = received.into_reader().take(limits.max_body as u64);
        let mut bytes = Vec::new();
        let interrupted = reader.read_to_end(&mut bytes).err();
        Ok(Received {
            response: Response::from_parts(parts, bytes),
            interrupted: interrupted.map(|error| context.error(false, classify(&error), error)),
        })
    }
}

/// ureq adds the time-out to the current time, which must not overflow.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Whether the error proves that nothing was sent.
fn is_before_sending(error: &ureq::Error) -> bool {
    match error {
        ureq::Error::HostNotFound
        | ureq::Error::ConnectionFailed
        | ureq::Error::ConnectProxyFailed(_)
        | ureq::Error::Timeout(Timeout::Resolve | Timeout::Connect) => true,
        ureq::Error::Io(io) => {
            matches!(
                classify(error),
                SendFailure::Refused | SendFailure::UnknownHost | SendFailure::Proxy
            ) || is_certificate_refused(io)
        }
        ureq::Error::Rustls(_) => true,
        _ => false,
    }
}

/// An invalid certificate ends the handshake, before any request.
fn is_certificate_refused(error: &io::Error) -> bool {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    matches!(inner, Some(rustls::Error::InvalidCertificate(_)))
}

/// Omits the fields, because their `Debug` is long.
impl fmt::Debug for UreqTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UreqTransport").finish_non_exhaustive()
    }
}

/// A body that records whether ureq began to read it, which happens after connecting.
///
/// This is reliable: ureq sends on this thread only, and sends nothing after it returned an error.
struct WatchedBody {
    bytes: Cursor<Vec<u8>>,
    is_started: bool,
}

impl Read for WatchedBody {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.is_started = true;
        self.bytes.read(buffer)
    }
}
