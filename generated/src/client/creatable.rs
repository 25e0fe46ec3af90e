//! [`Creatable`]: what the endpoint for integration configurations takes.

use super::new_configuration::{RawConfigValues, Values};

/// Values that an integration configuration can be created with: those of every integration but
/// big segment stores and flag imports, which have endpoints of their own, and
/// [`RawConfigValues`].
///
/// It can't be implemented elsewhere.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not created as an integration configuration",
    label = "these values belong to another endpoint",
    note = "big segment stores: POST /api/v2/integration-capabilities/big-segment-store/{{projectKey}}/{{environmentKey}}/{{integrationKey}}",
    note = "flag imports: POST /api/v2/integration-capabilities/flag-import/{{projectKey}}/{{integrationKey}}",
    note = "values of a capability belong to its own endpoint, such as POST /api/v2/integration-capabilities/featureStore/{{projectKey}}/{{environmentKey}}/{{integrationKey}}"
)]
pub trait Creatable: Into<Values> {}

impl Creatable for RawConfigValues {}
