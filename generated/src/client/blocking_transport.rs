//! [`Transport`]: what sends the requests of the blocking client.

use http::Request;

use super::body::Body;
use super::transport::{Limits, Received, SendError};

/// Sends the requests of the blocking client. [`UreqTransport`](super::blocking::UreqTransport) is the
/// one for real use.
pub trait Transport: Send + Sync + 'static {
    /// Sends the request exactly once: no redirect is followed, nothing is retried. Returns any
    /// response, whatever its status.
    ///
    /// # Errors
    ///
    /// [`SendError`] says how far the request got.
    fn send(&self, request: Request<Body>, limits: Limits) -> Result<Received, SendError>;
}
