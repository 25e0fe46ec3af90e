//! [`AuditLogSubscription`].

use std::time::SystemTime;

use super::common::{Access, Links, ReceivedStatement};
use super::masked_values::{self, MaskedValues};
use super::sensitive_string::SensitiveString;

resource! {
    /// An audit log subscription that exists.
    pub struct AuditLogSubscription {
        /// Its name for people.
        name: Option<String> = "name",
        /// The key of its integration, such as `datadog`.
        integration_key: Option<String> = "kind",
        /// The values of its form variables, the secret ones masked. `None` where LaunchDarkly
        /// leaves them out.
        config: Option<MaskedValues> = "config",
        /// The policy statements that select the events that it receives.
        statements: Vec<ReceivedStatement> = "statements",
        /// Whether it is on.
        on: Option<bool> = "on",
        /// Its tags.
        tags: Vec<String> = "tags",
        /// Related resources.
        links: Links = "_links",
        /// What the owner of the access token may do with it.
        access: Option<Access> = "_access",
        /// How the delivery of events went.
        status: Option<AuditLogSubscriptionStatus> = "_status",
        /// The URL of a legacy Slack webhook. Whoever has it can post there.
        url: Option<SensitiveString> = "url",
        /// The API key of a legacy Datadog subscription, masked or not.
        api_key: Option<SensitiveString> = "apiKey",
    }
    form variables of config: masked_values::top_level
}

part! {
    /// How the delivery of events to an [`AuditLogSubscription`] went.
    #[derive(Eq)]
    pub struct AuditLogSubscriptionStatus {
        /// How many deliveries succeeded.
        success_count: Option<u64> = "successCount",
        /// When one last succeeded. 0 is kept as the year 1970.
        last_success: Option<SystemTime> = "lastSuccess",
        /// When one last failed. 0 is kept as the year 1970.
        last_error: Option<SystemTime> = "lastError",
        /// How many deliveries failed.
        error_count: Option<u64> = "errorCount",
        /// Deliveries that failed.
        errors: Vec<AuditLogSubscriptionError> = "errors",
    }
}

part! {
    /// A delivery of events that failed.
    #[derive(Eq)]
    pub struct AuditLogSubscriptionError {
        /// The status code of the third party's response.
        status_code: Option<u16> = "statusCode",
        /// The body of the third party's response.
        response_body: Option<SensitiveString> = "responseBody",
        /// When it failed.
        timestamp: Option<SystemTime> = "timestamp",
    }
}
