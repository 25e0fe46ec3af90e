//! What is between a client and an HTTP library.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use http::Response;

/// The time for making a connection, the proxy's part included.
#[cfg(any(feature = "async", feature = "blocking"))]
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A connection that was idle for longer isn't reused: load balancers may have closed it.
#[cfg(any(feature = "async", feature = "blocking"))]
pub(super) const IDLE_TIMEOUT: Duration = Duration::from_secs(15);

/// The limits of one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The time for the whole attempt, from connecting to the last byte of the response.
    pub time: Duration,
    /// The most bytes of the response's body that are read. The rest is skipped.
    pub body: usize,
}

impl Limits {
    /// These limits.
    #[must_use]
    pub fn new(time: Duration, body: usize) -> Self {
        Self { time, body }
    }
}

/// A response, as far as it was received.
///
/// `Debug` shows no header and no body, which may repeat a secret.
#[non_exhaustive]
pub struct Received {
    /// Status, headers, and the body as far as it was received.
    pub response: Response<Vec<u8>>,
    /// Why the body isn't whole. `None` if it is, or if it was cut at [`Limits::body`].
    pub interrupted: Option<SendError>,
}

impl Received {
    /// A whole response.
    #[must_use]
    pub fn new(response: Response<Vec<u8>>) -> Self {
        Self {
            response,
            interrupted: None,
        }
    }
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("status", &self.response.status())
            .field("body", &self.response.body().len())
            .field("interrupted", &self.interrupted)
            .finish_non_exhaustive()
    }
}

/// Why there is no response.
#[derive(Debug)]
#[non_exhaustive]
pub struct SendError {
    /// How far the request got.
    pub stage: SendStage,
    /// What failed.
    pub failure: SendFailure,
    /// The HTTP library's error. Must hold nothing of the request's headers and body.
    pub source: Box<dyn Error + Send + Sync>,
}

impl SendError {
    /// An error of an HTTP library.
    pub fn new(
        stage: SendStage,
        failure: SendFailure,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self {
            stage,
            failure,
            source: source.into(),
        }
    }
}

/// How far a request got that has no response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SendStage {
    /// No part of its body was sent, nor will be: it had no effect, for certain.
    NotSent,
    /// It may have been sent, in part or whole: it may have taken effect.
    Sent,
}

/// What failed when a request was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SendFailure {
    /// There was no connection, or it broke.
    Connection,
    /// The time of [`Limits::time`] is over, or that for connecting.
    Timeout,
    /// The host's name is unknown. Not for a name server that doesn't respond.
    UnknownHost,
    /// TLS refused the connection, such as for a certificate that isn't trusted.
    Tls,
    /// There are no root certificates on this machine, so that TLS can trust nobody.
    NoRootCertificates,
    /// The other side doesn't speak TLS: `https` was used where the server takes `http`.
    NotTls,
    /// The proxy refused, such as for missing credentials (407).
    Proxy,
}

impl SendFailure {
    /// Whether another attempt would fail in the same way.
    #[must_use]
    pub fn is_permanent(self) -> bool {
        !matches!(self, Self::Connection | Self::Timeout)
    }
}

impl fmt::Display for SendFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connection => "the connection failed",
            Self::Timeout => "timed out",
            Self::UnknownHost => "the host name is unknown: check the host",
            Self::Tls => "TLS failed: check the host, and whether its certificate is trusted here",
            Self::NoRootCertificates => {
                "there are no CA certificates on this machine: install them (on Debian the package \
                 ca-certificates) or set SSL_CERT_FILE"
            }
            Self::NotTls => "the server doesn't speak TLS: check the host's port and scheme",
            Self::Proxy => "the proxy refused: check HTTPS_PROXY and its user and password",
        })
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.failure)
    }
}

impl Error for SendError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}
