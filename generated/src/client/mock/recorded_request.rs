//! [`RecordedRequest`]: a request that the mock received.

use std::fmt;

use http::{HeaderMap, Method, Request, Uri};
use serde_json::Value;

use super::super::body::Body;
use super::route::Route;

/// A request that a [`MockTransport`](super::MockTransport) received.
///
/// `Debug` omits the headers and the body, since they contain secrets.
#[derive(Clone)]
pub struct RecordedRequest {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Option<Value>,
}

impl RecordedRequest {
    pub(super) fn new(request: Request<Body>) -> Self {
        let (parts, body) = request.into_parts();
        Self {
            method: parts.method,
            uri: parts.uri,
            headers: parts.headers,
            body: serde_json::from_slice(body.as_ref()).ok(),
        }
    }

    /// The integration key in the path. `None` if the path is unknown or has no integration key, like
    /// `/integration-configurations/{id}`.
    #[must_use]
    pub fn integration_key(&self) -> Option<String> {
        Route::parse(&self.method, self.uri.path())?.key
    }

    /// The method, such as `POST`.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The URL.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        &self.uri
    }

    /// The headers, including the access token.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body, including secrets. `null` if it is missing or isn't JSON.
    #[must_use]
    pub fn body(&self) -> &Value {
        self.body.as_ref().unwrap_or(&Value::Null)
    }
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordedRequest")
            .field("method", &self.method)
            .field("uri", &format_args!("{}", self.uri))
            .finish_non_exhaustive()
    }
}
