//! [`DeliveryConfigurationValidation`]: the result of a validation.

use std::time::SystemTime;

use serde_json::Value;

use super::FromResponse;
use super::json::Json;
use super::sensitive_string::SensitiveString;

response! {
    /// The result of the validation of a saved delivery configuration.
    ///
    /// LaunchDarkly sends a request to the third party. If `validate` returns `Ok`, that request may still
    /// have failed: check `status_code` and `error`.
    pub struct DeliveryConfigurationValidation {
        /// The status code of the third party's response.
        status_code: Option<u16> = "statusCode",
        /// The error message.
        error: Option<SensitiveString> = "error",
        /// The time of the validation.
        timestamp: Option<SystemTime> = "timestamp",
        /// The body of the third party's response.
        response_body: Option<SensitiveString> = "responseBody",
    }
}

impl DeliveryConfigurationValidation {
    /// Reads it from LaunchDarkly's JSON. Returns `None` if that isn't an object. No member is required.
    #[must_use]
    pub fn from_json(value: Value) -> Option<Self> {
        Self::from_response(value.into())
    }
}

impl FromResponse for DeliveryConfigurationValidation {
    fn from_response(json: Json<'_>) -> Option<Self> {
        match json {
            Json::Object(members) => Some(Self::from_members(members)),
            _ => None,
        }
    }
}
