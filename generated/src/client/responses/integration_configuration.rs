//! [`IntegrationConfiguration`].

use std::time::SystemTime;

use super::common::{Access, Links, ReceivedStatement};
use super::masked_values::{self, MaskedValues};
use super::object::{FromObject, Object};
use super::sensitive_string::SensitiveString;
use crate::client::requests::AdditionalFormVariable;

resource! {
    /// An integration configuration that exists.
    pub struct IntegrationConfiguration {
        /// Its name for people.
        name: Option<String> = "name",
        /// The key of its integration, such as `datadog`.
        integration_key: Option<String> = "_integrationKey",
        /// When it was created.
        created_at: Option<SystemTime> = "_createdAt",
        /// The id of the account member who maintains it.
        maintainer_id: Option<String> = "_maintainerId",
        /// Whether it is enabled.
        enabled: Option<bool> = "enabled",
        /// Its tags.
        tags: Vec<String> = "tags",
        /// Related resources.
        links: Links = "_links",
        /// What the owner of the access token may do with it.
        access: Option<Access> = "_access",
        /// The values of its form variables, the secret ones masked.
        config_values: Option<MaskedValues> = "configValues",
        /// The policy statements that select the events that it receives.
        statements: Vec<ReceivedStatement> = "capabilityConfig.auditLogEventsHook.statements",
        /// Form variables that approval requests ask for besides those of the manifest.
        additional_form_variables: Vec<AdditionalFormVariable> =
            "capabilityConfig.approvals.additionalFormVariables",
        /// A script that sets up Snowflake. Only the endpoints for setting up return it.
        snowflake_setup_script: Option<SensitiveString> = "snowflakeSetupScript",
        /// Scripts that set up Redshift. Only the endpoints for setting up return them.
        redshift_setup_scripts: Vec<SensitiveString> = "redshiftSetupScripts",
        /// The permissions policy of an IAM role for Redshift. Only the endpoints for setting up return
        /// it.
        redshift_iam_permissions_policy: Option<SensitiveString> = "redshiftIAMPermissionsPolicy",
        /// The trust policy of that role. Only the endpoints for setting up return it.
        redshift_iam_trust_policy: Option<SensitiveString> = "redshiftIAMTrustPolicy",
    }
    form variables of config_values: masked_values::top_level
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
