//! [`NewIntegrationConfiguration`] and [`IntegrationConfigurationPatch`].

use super::additional_form_variable::AdditionalFormVariable;
use super::draft::{Draft, INTEGRATION_CONFIGURATION_FORMAT, new_resource, required_name};
use super::form_variables::FormVariables;
use super::patch::{Patch, patch};
use super::statement::Statement;

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
pub struct NewIntegrationConfiguration(pub(super) Draft);

required_name!(
    NewIntegrationConfiguration,
    IntegrationConfigurationValues,
    IntegrationConfiguration
);
new_resource!(
    NewIntegrationConfiguration,
    INTEGRATION_CONFIGURATION_FORMAT
);

impl NewIntegrationConfiguration {
    /// Sets whether it is enabled. Defaults to enabled when omitted.
    pub fn enabled(mut self, enabled: bool) -> Self {
        self.0.on = Some(enabled);
        self
    }

    /// Sets the policy statements, which select the audit log events that are sent to the integration.
    /// For integrations with the capability `auditLogEventsHook`.
    pub fn statements(mut self, statements: impl IntoIterator<Item = Statement>) -> Self {
        self.0.statements = statements.into_iter().collect();
        self
    }

    /// Sets the form variables that approval requests have in addition to the manifest's. For integrations
    /// with the capability `approval`.
    pub fn additional_form_variables(
        mut self,
        variables: impl IntoIterator<Item = AdditionalFormVariable>,
    ) -> Self {
        self.0.additional_form_variables = variables.into_iter().collect();
        self
    }
}

/// A patch of an integration configuration. Each method replaces a whole property.
///
/// LaunchDarkly documents only the path `/on`, although responses call that property `enabled`. Whether
/// other paths work is unknown.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct IntegrationConfigurationPatch(pub(crate) Patch);

impl IntegrationConfigurationPatch {
    /// Sets whether it is enabled. Replaces `/on`, the path that LaunchDarkly documents.
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
