//! New integration configurations, and patches of them.

use super::capability_config::{AdditionalFormVariable, Statement};
use super::draft::{Draft, INTEGRATION_CONFIGURATION, new_resource};
use super::form_variables::FormVariables;
use super::patch::{Patch, patch};
use crate::client::IntegrationConfigurationValues;
use crate::{AnyConfigValues, Endpoint, WrongEndpoint};

/// A new integration configuration.
///
/// ```
/// use launchdarkly_integrations::client::NewIntegrationConfiguration;
/// use launchdarkly_integrations::integrations::datadog::ConfigValues;
///
/// let values = ConfigValues::builder().api_key("0123456789abcdef").build();
/// let new = NewIntegrationConfiguration::new("Production Datadog", values)
///     .enabled(false)
///     .tags(["ops"]);
/// assert_eq!(new.integration_key(), "datadog");
/// assert_eq!(new.redacted()?["configValues"]["apiKey"], "[redacted]");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct NewIntegrationConfiguration(Draft);

impl NewIntegrationConfiguration {
    /// A configuration with this name and these values: a generated `ConfigValues`, or
    /// [`RawConfigValues`](crate::client::RawConfigValues). Values for another endpoint don't
    /// compile.
    ///
    /// With an empty or blank name, the call returns
    /// [`InvalidRequest`](crate::client::ErrorKind::InvalidRequest) and sends nothing.
    pub fn new(name: impl Into<String>, values: impl IntegrationConfigurationValues) -> Self {
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
        let values = FormVariables::checked(values, Endpoint::IntegrationConfiguration)?;
        Ok(Self(Draft::new(Some(name.into()), values)))
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.name.as_deref().unwrap_or_default()
    }

    /// Sets whether it is enabled. LaunchDarkly enables it when this is omitted.
    pub fn enabled(mut self, enabled: bool) -> Self {
        self.0.on = Some(enabled);
        self
    }

    /// Sets the policy statements that select the audit log events it receives, for integrations
    /// with the capability `auditLogEventsHook`.
    pub fn statements(mut self, statements: impl IntoIterator<Item = Statement>) -> Self {
        self.0.statements = statements.into_iter().collect();
        self
    }

    /// Sets the form variables that approval requests ask for, for integrations with the
    /// capability `approval`.
    pub fn additional_form_variables(
        mut self,
        variables: impl IntoIterator<Item = AdditionalFormVariable>,
    ) -> Self {
        self.0.additional_form_variables = variables.into_iter().collect();
        self
    }
}

new_resource!(NewIntegrationConfiguration, INTEGRATION_CONFIGURATION);

/// A patch of an integration configuration: it replaces whole properties.
///
/// LaunchDarkly documents only one path for these, `/on`, although the property is called
/// `enabled` when it is read. Whether the others work is unknown.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct IntegrationConfigurationPatch(pub(crate) Patch);

impl IntegrationConfigurationPatch {
    /// Sets whether it is enabled, by the path `/on` that LaunchDarkly documents.
    pub fn on(mut self, on: bool) -> Self {
        self.0.json("/on", on.into());
        self
    }
}

patch!(
    IntegrationConfigurationPatch,
    IntegrationConfigurationValues,
    IntegrationConfiguration,
    "/configValues"
);
