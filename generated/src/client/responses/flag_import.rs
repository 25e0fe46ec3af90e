//! [`FlagImport`]: an existing flag import configuration.

use std::time::SystemTime;

use super::common::{Access, Links};
use super::masked_values::MaskedValues;
use super::sensitive_string::SensitiveString;

resource! {
    /// An existing flag import configuration.
    pub struct FlagImport {
        /// The name.
        name: Option<String> = "name",
        /// The integration's key, such as `split`.
        integration_key: Option<String> = "integrationKey",
        /// The key of the project that flags are imported into.
        project_key: Option<String> = "projectKey",
        /// The values of the form variables. Secret values are masked. `None` in lists.
        config: Option<MaskedValues> = "config",
        /// The tags.
        tags: Vec<String> = "tags",
        /// The version. It also changes without a request of yours, so don't use it as a lock.
        version: Option<u64> = "version",
        /// Links to related resources.
        links: Links = "_links",
        /// What the access token allows and denies.
        access: Option<Access> = "_access",
        /// The status of the import.
        status: Option<FlagImportStatus> = "_status",
    }
    form variables: config of FlagImport
}

part! {
    /// The status of a [`FlagImport`].
    #[derive(Eq)]
    pub struct FlagImportStatus {
        /// The state.
        state: Option<FlagImportState> = "status",
        /// The time of the last import. 0 is read as 1970-01-01.
        last_import: Option<SystemTime> = "lastImport",
        /// The time of the last error. 0 is read as 1970-01-01.
        last_error: Option<SystemTime> = "lastError",
        /// The errors.
        errors: Vec<FlagImportError> = "errors",
    }
}

open_enum! {
    /// The state of a [`FlagImport`].
    pub enum FlagImportState {
        /// The import is complete.
        Complete = "complete",
        /// The import is running.
        Importing = "importing",
        /// The import is waiting.
        Pending = "pending",
        /// The import failed.
        Failed = "failed",
        /// The import is partially complete.
        Partial = "partial",
    }
}

part! {
    /// An error of a [`FlagImport`].
    #[derive(Eq)]
    pub struct FlagImportError {
        /// The id of the flag import configuration.
        integration_id: Option<String> = "integrationId",
        /// The error message.
        message: Option<SensitiveString> = "message",
        /// The status code of the third party's response.
        status_code: Option<u16> = "statusCode",
        /// The time of the error.
        timestamp: Option<SystemTime> = "timestamp",
    }
}
