//! [`DeliveryConfiguration`].

use super::common::{Access, Links};
use super::masked_values::{self, MaskedValues};

resource! {
    /// A delivery configuration that exists: LaunchDarkly writes the flags of an environment to a
    /// third party's feature store.
    pub struct DeliveryConfiguration {
        /// Its name for people.
        name: Option<String> = "name",
        /// The key of its integration, such as `cloudflare`.
        integration_key: Option<String> = "integrationKey",
        /// The key of the project.
        project_key: Option<String> = "projectKey",
        /// The key of the environment.
        environment_key: Option<String> = "environmentKey",
        /// The values of its form variables, the secret ones masked. `None` in lists: LaunchDarkly
        /// includes them when one is requested by its id.
        config: Option<MaskedValues> = "config",
        /// Whether it is on.
        on: Option<bool> = "on",
        /// Its tags.
        tags: Vec<String> = "tags",
        /// Its version. What changes it is not documented.
        version: Option<u64> = "version",
        /// Related resources.
        links: Links = "_links",
        /// What the owner of the access token may do with it.
        access: Option<Access> = "_access",
    }
    form variables of config: masked_values::feature_store
}
