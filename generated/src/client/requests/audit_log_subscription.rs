//! New audit log subscriptions, and patches of them.

use serde_json::json;

use super::capability_config::Statement;
use super::draft::{Draft, RESOURCE, new_resource};
use super::form_variables::FormVariables;
use super::patch::{Patch, patch};
use crate::client::AuditLogSubscriptionValues;
use crate::{AnyConfigValues, Endpoint, WrongEndpoint};

/// A new audit log subscription: an integration that receives events of the audit log.
///
/// ```
/// use launchdarkly_integrations::client::{Actions, NewAuditLogSubscription, Resources, Statement};
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
pub struct NewAuditLogSubscription(Draft);

impl NewAuditLogSubscription {
    /// A subscription with this name and these values: a generated `ConfigValues`, or
    /// [`RawConfigValues`](crate::client::RawConfigValues). Values for another endpoint don't
    /// compile.
    ///
    /// With an empty or blank name, the call returns
    /// [`InvalidRequest`](crate::client::ErrorKind::InvalidRequest) and sends nothing.
    pub fn new(name: impl Into<String>, values: impl AuditLogSubscriptionValues) -> Self {
        let values = FormVariables::new(values.into());
        Self(Draft::new(Some(name.into()), values))
    }

    /// As [`new`](Self::new), with values of an integration that is known only at run time.
    ///
    /// # Errors
    ///
    /// [`WrongEndpoint`] if the endpoint doesn't take them.
    pub fn with_any(
        name: impl Into<String>,
        values: AnyConfigValues,
    ) -> Result<Self, WrongEndpoint> {
        let values = FormVariables::checked(values, Endpoint::AuditLogSubscription)?;
        Ok(Self(Draft::new(Some(name.into()), values)))
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.name.as_deref().unwrap_or_default()
    }

    /// Sets whether it is on. What LaunchDarkly does when this is omitted is unknown.
    pub fn on(mut self, on: bool) -> Self {
        self.0.on = Some(on);
        self
    }

    /// Sets the policy statements that select the events it receives. LaunchDarkly's
    /// documentation says that they are required, its schema that they are not.
    pub fn statements(mut self, statements: impl IntoIterator<Item = Statement>) -> Self {
        self.0.statements = statements.into_iter().collect();
        self
    }
}

new_resource!(NewAuditLogSubscription, RESOURCE);

/// A patch of an audit log subscription: it replaces whole properties.
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
