//! [`Transport`]: what sends the requests of the async client.

use std::future::Future;
use std::pin::Pin;

use http::Request;

use super::body::Body;
use super::transport::{Limits, Received, SendError};

/// Sends the requests of the async client. [`ReqwestTransport`](super::ReqwestTransport) is the
/// one for real use.
pub trait Transport: Send + Sync + 'static {
    /// Sends the request exactly once: no redirect is followed, nothing is retried. Returns any
    /// response, whatever its status.
    ///
    /// # Errors
    ///
    /// [`SendError`] says how far the request got.
    fn send(
        &self,
        request: Request<Body>,
        limits: Limits,
    ) -> Pin<Box<dyn Future<Output = Result<Received, SendError>> + Send + '_>>;
}
