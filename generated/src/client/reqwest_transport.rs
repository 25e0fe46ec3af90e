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
use super::failure::{ErrorContext, classify};
use super::hand_over::{CancelOnDrop, HandOver};
use super::proxy::{EnvProxy, Proxies};
use super::setup_error::SetupError;
use super::tls::ClientTls;
use super::transport::{CONNECT_TIMEOUT, IDLE_TIMEOUT, Limits, Received, SendError, SendFailure};

/// Sends requests with [reqwest](https://docs.rs/reqwest), on tokio. Clones share connections.
///
/// Defaults:
///
/// - HTTP/1.1 only
/// - 10 seconds to connect
/// - a connection that was idle for 15 seconds isn't reused
/// - the proxies of the environment, see [Proxies](super#proxies)
///
/// # Cancellation
///
/// The future of a request can be dropped at any time, as `tokio::time::timeout` and
/// `tokio::select!` do. If the connection hadn't taken the body yet, no byte of it is sent. Otherwise
/// LaunchDarkly may still carry out the request. To limit the time, set the client's time-out
/// instead: its error says whether the call took effect.
#[derive(Clone)]
pub struct ReqwestTransport {
    http: reqwest::Client,
    without_roots: bool,
    proxies: Option<Arc<Proxies<Url>>>,
}

impl ReqwestTransport {
    /// Creates a transport with the defaults above.
    ///
    /// # Errors
    ///
    /// [`SetupError`] if there is no crypto provider for TLS, or an environment variable for proxies
    /// is invalid.
    pub fn new() -> Result<Self, SetupError> {
        let tls = ClientTls::new()?;
        let without_roots = tls.without_roots;
        let proxies = Arc::new(Proxies::from_env(|url| Url::parse(url).ok())?);
        Ok(Self {
            without_roots,
            proxies: Some(Arc::clone(&proxies)),
            ..Self::with_builder(defaults(tls, proxies))?
        })
    }

    /// Creates a reqwest builder with the defaults above, to change some of them:
    ///
    /// ```
    /// # use launchdarkly_integrations::client::ReqwestTransport;
    /// let builder = ReqwestTransport::builder()?.user_agent("my-tool/1");
    /// let transport = ReqwestTransport::with_builder(builder)?;
    /// # let _ = transport;
    /// # Ok::<(), launchdarkly_integrations::client::SetupError>(())
    /// ```
    ///
    /// To set your own proxy, call `no_proxy()` before `proxy(…)`. Otherwise the environment's proxies
    /// take precedence. TLS is already configured, so that reqwest ignores most of its `tls_…` methods.
    /// To set your own root certificates, set `SSL_CERT_FILE`, or pass a `rustls::ClientConfig` to
    /// `tls_backend_preconfigured`.
    ///
    /// # Errors
    ///
    /// See [`new`](Self::new).
    pub fn builder() -> Result<reqwest::ClientBuilder, SetupError> {
        let proxies = Proxies::from_env(|url| Url::parse(url).ok())?;
        Ok(defaults(ClientTls::new()?, Arc::new(proxies)))
    }

    /// Creates a transport from your own reqwest builder, with its proxies, TLS, DNS and layers.
    /// Redirects and reqwest's retries are switched off.
    ///
    /// # Errors
    ///
    /// [`SetupError`] if reqwest rejects its settings. [`SetupError::NoTlsProvider`] if the builder
    /// doesn't configure TLS and reqwest has no crypto provider: start from
    /// [`builder`](Self::builder) instead.
    pub fn with_builder(builder: reqwest::ClientBuilder) -> Result<Self, SetupError> {
        let builder = builder
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never());
        let built = if CryptoProvider::get_default().is_some() {
            builder.build()
        } else {
            // reqwest panics without a provider, and there is no way to check before.
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
        let is_plain = request.uri().scheme() == Some(&Scheme::HTTP);
        let context = self.error_context(request.uri());
        let _cancel_on_drop = CancelOnDrop(hand_over.clone());
        let has_body = !request.body().is_empty();
        let failed = |error: reqwest::Error| {
            let not_sent = match has_body {
                true => hand_over.cancel(),
                // Without a body, only the error shows how far the request got.
                false => error.is_connect() || error.is_builder(),
            };
            context.error(not_sent, failure_of(&error), error)
        };
        let mut request = to_reqwest(request, &hand_over).map_err(failed)?;
        *request.timeout_mut() = Some(limits.timeout);
        let mut received = self.http.execute(request).await.map_err(failed)?;
        if is_plain
            && context.proxy.is_some()
            && received.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED
        {
            // The proxy refused the request and didn't forward it.
            let source = "it responded with status 407";
            return Err(context.error(true, SendFailure::Proxy, source));
        }

        let mut body = Vec::new();
        let interrupted = loop {
            match received.chunk().await {
                Ok(Some(chunk)) => {
                    let rest = limits.max_body.saturating_sub(body.len());
                    body.extend_from_slice(&chunk[..chunk.len().min(rest)]);
                    if chunk.len() > rest {
                        break None;
                    }
                }
                Ok(None) => break None,
                Err(error) => break Some(context.error(false, failure_of(&error), error)),
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

    fn error_context(&self, uri: &http::Uri) -> ErrorContext {
        let find = |proxies: &Arc<Proxies<Url>>| {
            let found = proxies.find(uri.scheme_str()?, uri.host()?, uri.port_u16())?;
            Some(found.origin)
        };
        ErrorContext {
            proxy: self.proxies.as_ref().and_then(find),
            without_roots: self.without_roots,
        }
    }
}

/// Classifies a failure.
fn failure_of(error: &reqwest::Error) -> SendFailure {
    match error.is_timeout() {
        true => SendFailure::Timeout,
        false => classify(error),
    }
}

fn defaults(tls: ClientTls, proxies: Arc<Proxies<Url>>) -> reqwest::ClientBuilder {
    let proxy = reqwest::Proxy::custom(move |url| {
        let port = url.port();
        let EnvProxy { proxy, .. } = proxies.find(url.scheme(), url.host_str()?, port)?;
        Some(proxy.clone())
    });
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls.config)
        .proxy(proxy)
        // Another crate of the program may have enabled that feature of reqwest.
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

/// Omits the fields, because their `Debug` is long.
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
        // Servers may require it, and hyper leaves it out.
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

/// A body that checks before its first byte that the attempt wasn't cancelled.
///
/// reqwest can't clone it, and therefore can't send it twice.
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
    fn a_cancelled_body_returns_no_byte() {
        let hand_over = HandOver::default();
        let mut sent = body(&hand_over);
        assert_eq!(poll(&mut sent), Some(Ok(6)));
        assert!(!hand_over.cancel());

        let hand_over = HandOver::default();
        let mut cancelled = body(&hand_over);
        assert!(hand_over.cancel());
        assert!(poll(&mut cancelled).unwrap().is_err());
    }

    #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
    #[tokio::test]
    async fn a_dropped_future_cancels_its_body() {
        // Accepts connections and never responds to the handshake.
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
