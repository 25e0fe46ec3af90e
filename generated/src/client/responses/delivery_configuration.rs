//! [`DeliveryConfiguration`]: an existing delivery configuration.

use super::common::{Access, Links};
use super::masked_values::MaskedValues;

resource! {
    /// An existing delivery configuration: LaunchDarkly writes the flags of an environment to a third party's
    /// feature store.
    pub struct DeliveryConfiguration {
        /// The name.
        name: Option<String> = "name",
        /// The integration's key, such as `cloudflare`.
        integration_key: Option<String> = "integrationKey",
        /// The project's key.
        project_key: Option<String> = "projectKey",
        /// The environment's key.
        environment_key: Option<String> = "environmentKey",
        /// The values of the form variables. Secret values are masked. `None` in lists.
        config: Option<MaskedValues> = "config",
        /// Whether it is on.
        on: Option<bool> = "on",
        /// The tags.
        tags: Vec<String> = "tags",
        /// The version. When it changes is not documented.
        version: Option<u64> = "version",
        /// Links to related resources.
        links: Links = "_links",
        /// What the access token allows and denies.
        access: Option<Access> = "_access",
    }
    form variables: config of DeliveryConfiguration
}
