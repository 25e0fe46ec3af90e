//! [`IntegrationConfiguration`]: an existing integration configuration.

use std::time::SystemTime;

use super::common::{Access, Links, ReceivedStatement};
use super::masked_values::MaskedValues;
use super::object::{FromObject, Object};
use super::sensitive_string::SensitiveString;
use crate::client::requests::AdditionalFormVariable;

resource! {
    /// An existing integration configuration.
    pub struct IntegrationConfiguration {
        /// The name.
        name: Option<String> = "name",
        /// The integration's key, such as `datadog`.
        integration_key: Option<String> = "_integrationKey",
        /// When it was created.
        created_at: Option<SystemTime> = "_createdAt",
        /// The id of the account member who maintains it.
        maintainer_id: Option<String> = "_maintainerId",
        /// Whether it is enabled.
        enabled: Option<bool> = "enabled",
        /// The tags.
        tags: Vec<String> = "tags",
        /// Links to related resources.
        links: Links = "_links",
        /// What the access token allows and denies.
        access: Option<Access> = "_access",
        /// The values of the form variables. Secret values are masked.
        config_values: Option<MaskedValues> = "configValues",
        /// The policy statements, which select the audit log events that are sent.
        statements: Vec<ReceivedStatement> = "capabilityConfig.auditLogEventsHook.statements",
        /// The form variables that approval requests have in addition to the manifest's.
        additional_form_variables: Vec<AdditionalFormVariable> =
            "capabilityConfig.approvals.additionalFormVariables",
        /// The script that sets up Snowflake. Only setup endpoints return it.
        snowflake_setup_script: Option<SensitiveString> = "snowflakeSetupScript",
        /// The scripts that set up Redshift. Only setup endpoints return them.
        redshift_setup_scripts: Vec<SensitiveString> = "redshiftSetupScripts",
        /// The permissions policy of the IAM role for Redshift. Only setup endpoints return it.
        redshift_iam_permissions_policy: Option<SensitiveString> = "redshiftIAMPermissionsPolicy",
        /// The trust policy of the IAM role for Redshift. Only setup endpoints return it.
        redshift_iam_trust_policy: Option<SensitiveString> = "redshiftIAMTrustPolicy",
    }
    form variables: config_values of IntegrationConfiguration
}

impl FromObject for AdditionalFormVariable {
    fn from_object(object: &mut Object<'_>) -> Self {
        Self {
            key: object.take("key"),
            name: object.take("name"),
            kind: object.take("type"),
            description: object.take("description"),
            placeholder: object.take("placeholder"),
            optional: object.take("isOptional"),
            default: object.take("defaultValue"),
            allowed_values: object.take("allowedValues"),
            dynamic_options: object.take("dynamicOptions"),
        }
    }
}
