//! [`FlagImport`].

use std::time::SystemTime;

use super::common::{Access, Links};
use super::masked_values::{self, MaskedValues};
use super::sensitive_string::SensitiveString;

resource! {
    /// A flag import configuration that exists.
    pub struct FlagImport {
        /// Its name for people.
        name: Option<String> = "name",
        /// The key of its integration, such as `split`.
        integration_key: Option<String> = "integrationKey",
        /// The key of the project that flags are imported into.
        project_key: Option<String> = "projectKey",
        /// The values of its form variables, the secret ones masked. `None` in lists: LaunchDarkly
        /// includes them when one is requested by its id.
        config: Option<MaskedValues> = "config",
        /// Its tags.
        tags: Vec<String> = "tags",
        /// Its version. It also changes without a request of yours, so it can't serve as a lock.
        version: Option<u64> = "version",
        /// Related resources.
        links: Links = "_links",
        /// What the owner of the access token may do with it.
        access: Option<Access> = "_access",
        /// How the import went.
        status: Option<FlagImportStatus> = "_status",
    }
    form variables of config: masked_values::top_level
}

part! {
    /// How a [`FlagImport`] went.
    #[derive(Eq)]
    pub struct FlagImportStatus {
        /// How far it is.
        state: Option<FlagImportState> = "status",
        /// When flags were last imported. 0 is kept as the year 1970.
        last_import: Option<SystemTime> = "lastImport",
        /// When an error last occurred. 0 is kept as the year 1970.
        last_error: Option<SystemTime> = "lastError",
        /// Its errors.
        errors: Vec<FlagImportError> = "errors",
    }
}

open_enum! {
    /// How far a [`FlagImport`] is.
    pub enum FlagImportState {
        /// It is complete.
        Complete = "complete",
        /// It is running.
        Importing = "importing",
        /// It is waiting.
        Pending = "pending",
        /// It failed.
        Failed = "failed",
        /// It is complete in part.
        Partial = "partial",
    }
}

part! {
    /// An error of a [`FlagImport`].
    #[derive(Eq)]
    pub struct FlagImportError {
        /// The id of the flag import.
        integration_id: Option<String> = "integrationId",
        /// What went wrong.
        message: Option<SensitiveString> = "message",
        /// The status code of the third party's response.
        status_code: Option<u16> = "statusCode",
        /// When it went wrong.
        timestamp: Option<SystemTime> = "timestamp",
    }
}
