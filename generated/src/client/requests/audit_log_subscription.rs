//! [`NewAuditLogSubscription`] and [`AuditLogSubscriptionPatch`].

use serde_json::json;

use super::draft::{COMMON_FORMAT, Draft, new_resource, required_name};
use super::form_variables::FormVariables;
use super::patch::{Patch, patch};
use super::statement::Statement;

/// A new audit log subscription: LaunchDarkly sends audit log events to the integration.
///
/// ```
/// use launchdarkly_integrations::client::{
///     Actions, NewAuditLogSubscription, Resources, Statement,
/// };
/// use launchdarkly_integrations::integrations::datadog::ConfigValues;
///
/// let values = ConfigValues::builder().api_key("0123456789abcdef").build();
/// let new = NewAuditLogSubscription::new("Production Datadog", values)
///     .on(true)
///     .statements([Statement::allow(
///         Resources::only(["proj/*:env/production:flag/*"]),
///         Actions::only(["*"]),
///     )]);
/// assert_eq!(new.integration_key(), "datadog");
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct NewAuditLogSubscription(pub(super) Draft);

required_name!(
    NewAuditLogSubscription,
    AuditLogSubscriptionValues,
    AuditLogSubscription
);
new_resource!(NewAuditLogSubscription, COMMON_FORMAT);

impl NewAuditLogSubscription {
    /// Sets whether it is on. The default when omitted is not documented.
    pub fn on(mut self, on: bool) -> Self {
        self.0.on = Some(on);
        self
    }

    /// Sets the policy statements, which select the events that are sent. LaunchDarkly's documentation
    /// says that they are required; its API description says that they are optional.
    pub fn statements(mut self, statements: impl IntoIterator<Item = Statement>) -> Self {
        self.0.statements = statements.into_iter().collect();
        self
    }
}

/// A patch of an audit log subscription. Each method replaces a whole property.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct AuditLogSubscriptionPatch(pub(crate) Patch);

impl AuditLogSubscriptionPatch {
    /// Sets whether it is on.
    pub fn on(mut self, on: bool) -> Self {
        self.0.json("/on", on.into());
        self
    }

    /// Replaces all policy statements.
    pub fn statements(mut self, statements: impl IntoIterator<Item = Statement>) -> Self {
        let statements: Vec<Statement> = statements.into_iter().collect();
        self.0.json("/statements", json!(statements));
        self
    }
}

patch!(
    AuditLogSubscriptionPatch,
    AuditLogSubscriptionValues,
    AuditLogSubscription,
    "/config"
);
