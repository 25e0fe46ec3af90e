//! [`DeliveryConfigurationValidation`].

use std::time::SystemTime;

use serde_json::Value;

use super::FromResponse;
use super::json::Json;
use super::sensitive_string::SensitiveString;

response! {
    /// What LaunchDarkly found when it tried a saved delivery configuration.
    ///
    /// The third party's status is in here. That `validate` succeeds says only that LaunchDarkly
    /// tried.
    pub struct DeliveryConfigurationValidation {
        /// The status code of the third party's response.
        status_code: Option<u16> = "statusCode",
        /// What went wrong.
        error: Option<SensitiveString> = "error",
        /// When it was tried.
        timestamp: Option<SystemTime> = "timestamp",
        /// The body of the third party's response.
        response_body: Option<SensitiveString> = "responseBody",
    }
}

impl DeliveryConfigurationValidation {
    /// Reads the body of a response. `None` if it isn't a JSON object: nothing in it is sure to be
    /// there.
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
