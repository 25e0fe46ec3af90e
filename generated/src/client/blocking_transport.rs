//! [`Transport`] for the blocking client.

use http::Request;

use super::body::Body;
use super::transport::{Limits, Received, SendError};

/// Sends the requests of the blocking client. The default is
/// [`UreqTransport`](super::blocking::UreqTransport).
pub trait Transport: Send + Sync + 'static {
    /// Sends the request once, without following redirects and without retries. Returns the response
    /// with any status.
    ///
    /// # Errors
    ///
    /// [`SendError`] says how far the request got.
    fn send(&self, request: Request<Body>, limits: Limits) -> Result<Received, SendError>;
}
