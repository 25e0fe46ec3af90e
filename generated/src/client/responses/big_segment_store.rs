//! [`BigSegmentStore`]: an existing big segment store.

use std::time::SystemTime;

use super::common::{Access, Links};
use super::masked_values::MaskedValues;
use super::sensitive_string::SensitiveString;

resource! {
    /// An existing big segment store, also called persistent store.
    pub struct BigSegmentStore {
        /// The name.
        name: Option<String> = "name",
        /// The integration's key, such as `redis`.
        integration_key: Option<String> = "integrationKey",
        /// The project's key.
        project_key: Option<String> = "projectKey",
        /// The environment's key.
        environment_key: Option<String> = "environmentKey",
        /// The values of the form variables. Secret values are masked. `None` in lists.
        config: Option<MaskedValues> = "config",
        /// Whether it is on.
        on: Option<bool> = "on",
        /// The tags.
        tags: Vec<String> = "tags",
        /// The version. When it changes is not documented.
        version: Option<u64> = "version",
        /// Links to related resources.
        links: Links = "_links",
        /// What the access token allows and denies.
        access: Option<Access> = "_access",
        /// The status of the store.
        status: Option<BigSegmentStoreStatus> = "_status",
    }
    form variables: config of BigSegmentStore
}

part! {
    /// The status of a [`BigSegmentStore`].
    #[derive(Eq)]
    pub struct BigSegmentStoreStatus {
        /// Whether it is available.
        available: Option<bool> = "available",
        /// Whether its data may be out of date.
        potentially_stale: Option<bool> = "potentiallyStale",
        /// The time of the last synchronization. 0 is read as 1970-01-01.
        last_sync: Option<SystemTime> = "lastSync",
        /// The time of the last error. 0 is read as 1970-01-01.
        last_error: Option<SystemTime> = "lastError",
        /// The errors.
        errors: Vec<BigSegmentStoreError> = "errors",
    }
}

part! {
    /// An error of a [`BigSegmentStore`].
    #[derive(Eq)]
    pub struct BigSegmentStoreError {
        /// The status code of the store's response.
        status_code: Option<u16> = "statusCode",
        /// The error message.
        message: Option<SensitiveString> = "message",
        /// The time of the error.
        timestamp: Option<SystemTime> = "timestamp",
    }
}
