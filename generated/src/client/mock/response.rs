//! Responses in LaunchDarkly's format.

use http::header::CONTENT_TYPE;
use http::{HeaderValue, Response, StatusCode};
use serde_json::{Value, json};

pub(super) fn json(status: StatusCode, body: &Value) -> Response<Vec<u8>> {
    let mut response = empty(status);
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    *response.body_mut() = body.to_string().into_bytes();
    response
}

pub(super) fn empty(status: StatusCode) -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = status;
    response
}

pub(super) fn error(status: StatusCode, code: &str, message: &str) -> Response<Vec<u8>> {
    json(status, &json!({"code": code, "message": message}))
}

/// An error response.
pub(super) struct ErrorResponse {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl ErrorResponse {
    pub(super) fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "Invalid access token",
        )
    }

    pub(super) fn beta() -> Self {
        let message = "This API is in beta. To use it, your request must include the header \
                       `LD-API-Version: beta`";
        Self::new(StatusCode::FORBIDDEN, "forbidden", message)
    }

    pub(super) fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "Invalid resource identifier",
        )
    }

    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request", message)
    }

    /// This status is documented for delivery configurations only.
    pub(super) fn patch_failed() -> Self {
        let message = "Unprocessable entity. Could not apply patch.";
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "patch_failed", message)
    }

    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
        }
    }

    /// Returns the response to the request with this id.
    pub(super) fn response(&self, id: &str) -> Response<Vec<u8>> {
        let body = json!({"code": self.code, "message": self.message, "id": id});
        json(self.status, &body)
    }
}
