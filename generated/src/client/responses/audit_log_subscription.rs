//! [`AuditLogSubscription`]: an existing audit log subscription.

use std::time::SystemTime;

use super::common::{Access, Links, ReceivedStatement};
use super::masked_values::MaskedValues;
use super::sensitive_string::SensitiveString;

resource! {
    /// An existing audit log subscription.
    pub struct AuditLogSubscription {
        /// The name.
        name: Option<String> = "name",
        /// The integration's key, such as `datadog`.
        integration_key: Option<String> = "kind",
        /// The values of the form variables. Secret values are masked. `None` if LaunchDarkly omits them.
        config: Option<MaskedValues> = "config",
        /// The policy statements, which select the audit log events that are sent.
        statements: Vec<ReceivedStatement> = "statements",
        /// Whether it is on.
        on: Option<bool> = "on",
        /// The tags.
        tags: Vec<String> = "tags",
        /// Links to related resources.
        links: Links = "_links",
        /// What the access token allows and denies.
        access: Option<Access> = "_access",
        /// The status of the delivery of events.
        status: Option<AuditLogSubscriptionStatus> = "_status",
        /// The URL of a legacy Slack webhook. It is a secret: it allows posting to Slack.
        url: Option<SensitiveString> = "url",
        /// The API key of a legacy Datadog subscription. It may be masked.
        api_key: Option<SensitiveString> = "apiKey",
    }
    form variables: config of AuditLogSubscription
}

part! {
    /// The status of the delivery of events to an [`AuditLogSubscription`].
    #[derive(Eq)]
    pub struct AuditLogSubscriptionStatus {
        /// The number of successful deliveries.
        success_count: Option<u64> = "successCount",
        /// The time of the last success. 0 is read as 1970-01-01.
        last_success: Option<SystemTime> = "lastSuccess",
        /// The time of the last failure. 0 is read as 1970-01-01.
        last_error: Option<SystemTime> = "lastError",
        /// The number of failed deliveries.
        error_count: Option<u64> = "errorCount",
        /// Failed deliveries.
        errors: Vec<AuditLogSubscriptionError> = "errors",
    }
}

part! {
    /// A failed delivery of events.
    #[derive(Eq)]
    pub struct AuditLogSubscriptionError {
        /// The status code of the third party's response.
        status_code: Option<u16> = "statusCode",
        /// The body of the third party's response.
        response_body: Option<SensitiveString> = "responseBody",
        /// The time of the failure.
        timestamp: Option<SystemTime> = "timestamp",
    }
}
