//! The types that a client exchanges with a transport.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use http::Response;

/// The time-out for connecting, with or without a proxy.
#[cfg(any(feature = "async", feature = "blocking"))]
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A connection that was idle for longer isn't reused, because a load balancer may have closed it.
#[cfg(any(feature = "async", feature = "blocking"))]
pub(super) const IDLE_TIMEOUT: Duration = Duration::from_secs(15);

/// The limits of one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The time-out of the attempt, from connecting to the last byte of the response.
    pub timeout: Duration,
    /// How many bytes of the response's body are read at most. The rest is skipped.
    pub max_body: usize,
}

impl Limits {
    /// Creates the limits.
    #[must_use]
    pub fn new(timeout: Duration, max_body: usize) -> Self {
        Self { timeout, max_body }
    }
}

/// A response, or the part of it that was received.
///
/// `Debug` shows neither headers nor body, because they may contain secrets.
#[non_exhaustive]
pub struct Received {
    /// Status, headers, and the part of the body that was received.
    pub response: Response<Vec<u8>>,
    /// Why the body is incomplete. `None` if it is complete or was cut at [`Limits::max_body`].
    pub interrupted: Option<SendError>,
}

impl Received {
    /// A response that was received completely.
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

/// Why a request has no response.
#[derive(Debug)]
#[non_exhaustive]
pub struct SendError {
    /// How far the request got.
    pub stage: SendStage,
    /// What failed.
    pub failure: SendFailure,
    /// The HTTP library's error. It must contain nothing of the request's headers and body.
    pub source: Box<dyn Error + Send + Sync>,
}

impl SendError {
    /// Creates an error from an HTTP library's error.
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

/// How far a request got before it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SendStage {
    /// No part of its body was sent or will be sent: the request certainly had no effect.
    NotSent,
    /// All or a part of it may have been sent: it may have taken effect.
    Sent,
}

/// Why sending a request failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SendFailure {
    /// There was no connection, or it broke.
    Connection,
    /// The connection was refused: nothing listens at this host and port.
    Refused,
    /// The request timed out, after [`Limits::timeout`] or while connecting.
    Timeout,
    /// The host name is unknown. If the name server doesn't respond, this is `Connection`.
    UnknownHost,
    /// TLS failed, for example because the certificate isn't trusted.
    Tls,
    /// There are no root certificates on this machine, so that TLS trusts no server.
    NoRootCertificates,
    /// The server doesn't use TLS: the URL has `https`, and the server expects `http`.
    NotTls,
    /// The proxy wasn't found or refused the request, for example without credentials (407). Also used
    /// if no proxy listens at a loopback address.
    Proxy,
}

impl SendFailure {
    /// Whether a retry would fail in the same way.
    ///
    /// The clients also treat `Refused` as permanent if the host is a loopback address.
    #[must_use]
    pub fn is_permanent(self) -> bool {
        !matches!(self, Self::Connection | Self::Refused | Self::Timeout)
    }
}

impl fmt::Display for SendFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connection => "the connection failed",
            Self::Refused => {
                "the connection was refused because nothing listens there: check the host and \
                 port, or start the server"
            }
            Self::Timeout => "timed out",
            Self::UnknownHost => "the host name is unknown: check the host",
            Self::Tls => "TLS failed: check the host, and that this machine trusts its certificate",
            Self::NoRootCertificates => {
                "there are no CA certificates on this machine: install them (on Debian the package \
                 ca-certificates) or set SSL_CERT_FILE"
            }
            Self::NotTls => "the server doesn't use TLS: check the host's port and scheme",
            Self::Proxy => "the proxy failed: check its URL, user and password, and that it runs",
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
