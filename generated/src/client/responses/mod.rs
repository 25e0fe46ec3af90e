//! What LaunchDarkly returns, as types.
//!
//! Reading is lenient, since what exists must reach the caller whatever else its description holds:
//!
//! - Only the id is sure to be there. What is absent or `null` is `None` or empty.
//! - What has an unexpected shape is kept as JSON in `unparsed`, by its path.
//! - Unknown members are ignored, and values of enums that aren't listed here are kept.
//!
//! `Debug` shows neither values nor what is in `unparsed` nor what a third party answered: any of
//! them may hold a secret.

#[macro_use]
mod object;

mod audit_log_subscription;
mod big_segment_store;
mod common;
mod delivery_configuration;
mod delivery_configuration_validation;
mod flag_import;
mod integration_configuration;
mod json;
mod list;
mod masked_values;
mod sensitive_string;
mod unparsed;

pub use audit_log_subscription::{
    AuditLogSubscription, AuditLogSubscriptionError, AuditLogSubscriptionStatus,
};
pub use big_segment_store::{BigSegmentStore, BigSegmentStoreError, BigSegmentStoreStatus};
pub use common::{Access, Link, Links, Permission, ReceivedEffect, ReceivedStatement};
pub use delivery_configuration::DeliveryConfiguration;
pub use delivery_configuration_validation::DeliveryConfigurationValidation;
pub use flag_import::{FlagImport, FlagImportError, FlagImportState, FlagImportStatus};
pub use integration_configuration::IntegrationConfiguration;
pub(crate) use json::Json;
pub use list::List;
pub use masked_values::MaskedValues;
pub use sensitive_string::SensitiveString;
pub use unparsed::Unparsed;

/// What the body of a successful response is read as.
pub(crate) trait FromResponse: Sized {
    /// `None` if the body lacks what makes it one: the id, or the `items` of a list.
    fn from_response(json: Json<'_>) -> Option<Self>;
}

impl<T: object::Resource> FromResponse for T {
    fn from_response(json: Json<'_>) -> Option<Self> {
        Self::read(json).ok()
    }
}
