//! [`Transport`] for the async client.

use std::future::Future;
use std::pin::Pin;

use http::Request;

use super::body::Body;
use super::transport::{Limits, Received, SendError};

/// Sends the requests of the async client. The default is
/// [`ReqwestTransport`](super::ReqwestTransport).
pub trait Transport: Send + Sync + 'static {
    /// Sends the request once, without following redirects and without retries. Returns the response
    /// with any status.
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
