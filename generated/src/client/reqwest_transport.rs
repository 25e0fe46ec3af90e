//! [`ReqwestTransport`]: sends the requests of the async client, with reqwest.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::header::CONTENT_LENGTH;
use http::uri::Scheme;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body::{Body as HttpBody, Frame, SizeHint};
use reqwest::Url;
use rustls::crypto::CryptoProvider;

use super::async_transport::Transport;
use super::body::Body;
use super::failure::classify;
use super::hand_over::{CancelOnDrop, HandOver};
use super::proxy::Proxies;
use super::setup_error::SetupError;
use super::tls::ClientTls;
use super::transport::{
    CONNECT_TIMEOUT, IDLE_TIMEOUT, Limits, Received, SendError, SendFailure, SendStage,
};

/// Sends requests with [reqwest](https://docs.rs/reqwest), on tokio. A clone shares its
/// connections.
///
/// It speaks HTTP/1.1, connects within 10 seconds, doesn't reuse a connection that was idle for 15
/// seconds, and uses the proxies that the environment names: `HTTPS_PROXY` (for a host by plain
/// `http`, `HTTP_PROXY`) or else `ALL_PROXY`, but not for the hosts of `NO_PROXY` nor for loopback.
/// All four may be lowercase, which takes precedence. A proxy's URL begins with `http`, `https`,
/// `socks5` (this machine resolves the host's name), `socks5h` (the proxy does), `socks4` or
/// `socks4a`, and may hold a user and a password.
///
/// # Cancellation
///
/// The future of a request may be dropped at any time, as `tokio::time::timeout` and
/// `tokio::select!` do. If the body wasn't handed to the connection before, no byte of it is sent
/// afterwards. If it was, LaunchDarkly may still get it and do what it asks, and nobody is told:
/// for a bound on time, set the client's time-out instead, whose error says what is known.
#[derive(Clone)]
pub struct ReqwestTransport {
    http: reqwest::Client,
    without_roots: bool,
    proxies: Option<Arc<Proxies<Url>>>,
}

impl ReqwestTransport {
    /// The defaults above.
    ///
    /// # Errors
    ///
    /// [`SetupError`] if there is no cryptography for TLS, or a variable for proxies can't be
    /// used.
    pub fn new() -> Result<Self, SetupError> {
        let tls = ClientTls::new()?;
        let without_roots = tls.without_roots;
        let proxies = Arc::new(Proxies::from_env(|url| Url::parse(url).ok())?);
        Ok(Self {
            without_roots,
            proxies: Some(Arc::clone(&proxies)),
            ..Self::build(defaults(tls, proxies))?
        })
    }

    /// The defaults above as a builder, to change some of them:
    ///
    /// ```
    /// # use launchdarkly_integrations::client::ReqwestTransport;
    /// let builder = ReqwestTransport::builder()?.user_agent("my-tool/1");
    /// let transport = ReqwestTransport::with_builder(builder)?;
    /// # let _ = transport;
    /// # Ok::<(), launchdarkly_integrations::client::SetupError>(())
    /// ```
    ///
    /// For a proxy of your own, call `no_proxy()` before `proxy(…)`, or else the environment's
    /// takes precedence. TLS is configured whole, so that reqwest ignores most of its `tls_…`
    /// methods: for root certificates of your own, set `SSL_CERT_FILE`, or pass a
    /// `rustls::ClientConfig` to `tls_backend_preconfigured`.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new).
    pub fn builder() -> Result<reqwest::ClientBuilder, SetupError> {
        let proxies = Proxies::from_env(|url| Url::parse(url).ok())?;
        Ok(defaults(ClientTls::new()?, Arc::new(proxies)))
    }

    /// A reqwest of your own: its proxy, TLS, DNS, layers. Only its redirect policy and its
    /// retries are replaced, by none.
    ///
    /// # Errors
    ///
    /// [`SetupError`] if reqwest refuses its settings. [`SetupError::NoTlsProvider`] if TLS is left
    /// to reqwest and reqwest has no cryptography: begin with [`builder`](Self::builder) then.
    pub fn with_builder(builder: reqwest::ClientBuilder) -> Result<Self, SetupError> {
        Self::build(builder)
    }

    fn build(builder: reqwest::ClientBuilder) -> Result<Self, SetupError> {
        let builder = builder
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never());
        let built = if CryptoProvider::get_default().is_some() {
            builder.build()
        } else {
            // reqwest panics if it needs a provider and has none, and doesn't tell before.
            catch_unwind(AssertUnwindSafe(|| builder.build()))
                .map_err(|_| SetupError::NoTlsProvider)?
        };
        Ok(Self {
            http: built.map_err(|error| SetupError::Http(error.into()))?,
            without_roots: false,
            proxies: None,
        })
    }

    async fn exchange(
        &self,
        request: Request<Body>,
        limits: Limits,
        hand_over: HandOver,
    ) -> Result<Received, SendError> {
        let by_plain_proxy = self.is_by_plain_proxy(request.uri());
        let _dropped = CancelOnDrop(hand_over.clone());
        let has_body = !request.body().is_empty();
        let failed = |error: reqwest::Error| {
            let not_sent = match has_body {
                true => hand_over.cancel(),
                // Nothing was there to be asked for.
                false => error.is_connect() || error.is_builder(),
            };
            self.failed(error, not_sent)
        };
        let mut request = to_reqwest(request, &hand_over).map_err(failed)?;
        *request.timeout_mut() = Some(limits.time);
        let mut received = self.http.execute(request).await.map_err(failed)?;
        if by_plain_proxy && received.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
            // What a proxy refuses, it doesn't pass on.
            let source = "the proxy responded 407";
            return Err(SendError::new(
                SendStage::NotSent,
                SendFailure::Proxy,
                source,
            ));
        }

        let mut body = Vec::new();
        let interrupted = loop {
            match received.chunk().await {
                Ok(Some(chunk)) => {
                    let rest = limits.body.saturating_sub(body.len());
                    body.extend_from_slice(&chunk[..chunk.len().min(rest)]);
                    if chunk.len() > rest {
                        break None;
                    }
                }
                Ok(None) => break None,
                Err(error) => break Some(self.failed(error, false)),
            }
        };
        let mut response = Response::new(body);
        *response.status_mut() = received.status();
        *response.headers_mut() = std::mem::take(received.headers_mut());
        Ok(Received {
            response,
            interrupted,
        })
    }

    /// Whether a proxy, and not the host, may be who responds.
    fn is_by_plain_proxy(&self, uri: &http::Uri) -> bool {
        let (Some(proxies), Some(host)) = (&self.proxies, uri.host()) else {
            return false;
        };
        uri.scheme() == Some(&Scheme::HTTP) && proxies.find("http", host, uri.port_u16()).is_some()
    }

    fn failed(&self, error: reqwest::Error, not_sent: bool) -> SendError {
        let stage = match not_sent {
            true => SendStage::NotSent,
            false => SendStage::Sent,
        };
        let failure = match classify(&error) {
            _ if error.is_timeout() => SendFailure::Timeout,
            SendFailure::Tls if self.without_roots => SendFailure::NoRootCertificates,
            failure => failure,
        };
        SendError::new(stage, failure, error)
    }
}

fn defaults(tls: ClientTls, proxies: Arc<Proxies<Url>>) -> reqwest::ClientBuilder {
    let proxy = reqwest::Proxy::custom(move |url| {
        let port = url.port();
        proxies.find(url.scheme(), url.host_str()?, port).cloned()
    });
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls.config)
        .proxy(proxy)
        // Another crate of the program may have switched its feature on.
        .no_hickory_dns()
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(IDLE_TIMEOUT)
}

impl Transport for ReqwestTransport {
    fn send(
        &self,
        request: Request<Body>,
        limits: Limits,
    ) -> Pin<Box<dyn Future<Output = Result<Received, SendError>> + Send + '_>> {
        Box::pin(self.exchange(request, limits, HandOver::default()))
    }
}

/// Without reqwest's own, which is long.
impl fmt::Debug for ReqwestTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReqwestTransport").finish_non_exhaustive()
    }
}

fn to_reqwest(
    request: Request<Body>,
    hand_over: &HandOver,
) -> Result<reqwest::Request, reqwest::Error> {
    let (mut parts, body) = request.into_parts();
    let body = if body.is_empty() {
        // hyper leaves it out where servers may ask for it.
        if matches!(parts.method, Method::POST | Method::PATCH | Method::PUT) {
            parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(0));
        }
        reqwest::Body::default()
    } else {
        reqwest::Body::wrap(HandedOver {
            body: body.into_bytes().into(),
            hand_over: hand_over.clone(),
        })
    };
    reqwest::Request::try_from(Request::from_parts(parts, body))
}

/// A body that asks before its first byte whether it may still be sent.
///
/// reqwest can't copy it, and therefore can't send it a second time either.
struct HandedOver {
    body: reqwest::Body,
    hand_over: HandOver,
}

type BoxError = Box<dyn Error + Send + Sync>;

impl HttpBody for HandedOver {
    type Data = <reqwest::Body as HttpBody>::Data;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, BoxError>>> {
        if !self.hand_over.take() {
            return Poll::Ready(Some(Err("the attempt was cancelled".into())));
        }
        let frame = Pin::new(&mut self.body).poll_frame(context);
        frame.map_err(BoxError::from)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    fn body(hand_over: &HandOver) -> HandedOver {
        HandedOver {
            body: "canary".into(),
            hand_over: hand_over.clone(),
        }
    }

    fn poll(body: &mut HandedOver) -> Option<Result<usize, String>> {
        let mut context = Context::from_waker(Waker::noop());
        match Pin::new(body).poll_frame(&mut context) {
            Poll::Ready(frame) => frame.map(|frame| match frame {
                Ok(frame) => Ok(frame.into_data().unwrap().len()),
                Err(error) => Err(error.to_string()),
            }),
            Poll::Pending => None,
        }
    }

    #[test]
    fn a_cancelled_body_yields_no_byte() {
        let hand_over = HandOver::default();
        let mut taken = body(&hand_over);
        assert_eq!(poll(&mut taken), Some(Ok(6)));
        assert!(!hand_over.cancel());

        let hand_over = HandOver::default();
        let mut late = body(&hand_over);
        assert!(hand_over.cancel());
        assert!(poll(&mut late).unwrap().is_err());
    }

    /// As a caller's own time-out does.
    #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
    #[tokio::test]
    async fn a_dropped_future_cancels_its_body() {
        // Connects, and never finishes the handshake.
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("https://{}/", listener.local_addr().unwrap());
        let request = Request::post(url).body(Body::from(b"canary".to_vec()));
        let limits = Limits::new(std::time::Duration::from_secs(9), 9);
        let transport = ReqwestTransport::new().unwrap();
        let hand_over = HandOver::default();
        let sent = transport.exchange(request.unwrap(), limits, hand_over.clone());
        let time = std::time::Duration::from_millis(50);
        assert!(tokio::time::timeout(time, sent).await.is_err());
        assert!(!hand_over.take());
    }
}
