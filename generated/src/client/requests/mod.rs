//! The bodies of requests: new resources and patches.

mod additional_form_variable;
mod audit_log_subscription;
mod big_segment_store;
mod declaration;
mod delivery_configuration;
mod draft;
mod flag_import;
mod form_variables;
mod integration_configuration;
mod patch;
mod raw_config_values;
mod statement;

pub use additional_form_variable::{AdditionalFormVariable, FormVariableNames};
pub use audit_log_subscription::{AuditLogSubscriptionPatch, NewAuditLogSubscription};
pub use big_segment_store::{BigSegmentStorePatch, NewBigSegmentStore};
pub use declaration::{Declaration, InvalidDeclaration, NewResource};
pub use delivery_configuration::{DeliveryConfigurationPatch, NewDeliveryConfiguration};
pub use flag_import::{FlagImportPatch, NewFlagImport};
pub use form_variables::Values;
pub use integration_configuration::{IntegrationConfigurationPatch, NewIntegrationConfiguration};
pub use raw_config_values::{InvalidIntegrationKey, RawConfigValues};
pub use statement::{Actions, Resources, Statement, StatementEffect};

use super::invalid_request::InvalidRequest;

/// The body of a request. It may hold secrets.
pub(crate) trait Payload: Sync {
    fn to_json(&self) -> Result<Vec<u8>, serde_json::Error>;

    /// Adds every secret string, since a response may repeat it.
    fn secrets<'a>(&'a self, found: &mut Vec<&'a str>);

    /// The integration's key. `None` for a patch without values.
    fn integration_key(&self) -> Option<&str>;

    /// Refuses a body that is certainly a mistake, such as one with a masked secret or a blank name.
    fn check(&self) -> Result<(), InvalidRequest>;
}
