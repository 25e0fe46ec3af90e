//! The types of responses.
//!
//! Reading is lenient, so that the caller learns that a resource exists even if a part of the response is
//! unexpected:
//!
//! - Only the id is required. A missing or `null` member is `None` or empty.
//! - A part with an unexpected shape is kept as JSON in `unparsed`, by its path.
//! - Unknown members are ignored. Unknown values of enums are kept.
//!
//! `Debug` omits the values of form variables, unparsed parts, and the responses of third parties, since
//! they may contain secrets.

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

/// A type that the body of a successful response is read as.
pub(crate) trait FromResponse: Sized {
    /// Returns `None` if the id, or the `items` of a list, are missing.
    fn from_response(json: Json<'_>) -> Option<Self>;
}

impl<T: object::Resource> FromResponse for T {
    fn from_response(json: Json<'_>) -> Option<Self> {
        Self::read(json).ok()
    }
}
