//! [`BigSegmentStore`].

use std::time::SystemTime;

use super::common::{Access, Links};
use super::masked_values::{self, MaskedValues};
use super::sensitive_string::SensitiveString;

resource! {
    /// A persistent store (big segment store) that exists.
    pub struct BigSegmentStore {
        /// Its name for people.
        name: Option<String> = "name",
        /// The key of its integration, such as `redis`.
        integration_key: Option<String> = "integrationKey",
        /// The key of the project.
        project_key: Option<String> = "projectKey",
        /// The key of the environment.
        environment_key: Option<String> = "environmentKey",
        /// The values of its form variables, the secret ones masked. `None` in lists: LaunchDarkly
        /// includes them when one is requested by its id.
        config: Option<MaskedValues> = "config",
        /// Whether it is on.
        on: Option<bool> = "on",
        /// Its tags.
        tags: Vec<String> = "tags",
        /// Its version. What changes it is not documented.
        version: Option<u64> = "version",
        /// Related resources.
        links: Links = "_links",
        /// What the owner of the access token may do with it.
        access: Option<Access> = "_access",
        /// How the store is doing.
        status: Option<BigSegmentStoreStatus> = "_status",
    }
    form variables of config: masked_values::top_level
}

part! {
    /// How a [`BigSegmentStore`] is doing.
    #[derive(Eq)]
    pub struct BigSegmentStoreStatus {
        /// Whether it is available.
        available: Option<bool> = "available",
        /// Whether what it holds may be out of date.
        potentially_stale: Option<bool> = "potentiallyStale",
        /// When LaunchDarkly last synchronized it. 0 is kept as the year 1970.
        last_sync: Option<SystemTime> = "lastSync",
        /// When an error last occurred. 0 is kept as the year 1970.
        last_error: Option<SystemTime> = "lastError",
        /// Its errors.
        errors: Vec<BigSegmentStoreError> = "errors",
    }
}

part! {
    /// An error of a [`BigSegmentStore`].
    #[derive(Eq)]
    pub struct BigSegmentStoreError {
        /// The status code of the store's response.
        status_code: Option<u16> = "statusCode",
        /// What went wrong.
        message: Option<SensitiveString> = "message",
        /// When it went wrong.
        timestamp: Option<SystemTime> = "timestamp",
    }
}
