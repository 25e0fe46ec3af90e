//! All calls that a client can make, for tests of all of them.

use launchdarkly_integrations::client::{
    Actions, AuditLogSubscriptionPatch, BigSegmentStorePatch, DeliveryConfigurationPatch,
    FlagImportPatch, IntegrationConfigurationPatch, NewAuditLogSubscription, NewBigSegmentStore,
    NewDeliveryConfiguration, NewFlagImport, NewIntegrationConfiguration, RawConfigValues,
    Resources, Statement,
};

/// The parameters of paths.
pub(crate) const KEY: &str = "acme-key";
pub(crate) const ID: &str = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff";
pub(crate) const PROJECT: &str = "the-project";
pub(crate) const ENVIRONMENT: &str = "the-environment";

/// The bodies of the calls.
pub(crate) struct Arguments {
    pub(crate) configuration: NewIntegrationConfiguration,
    pub(crate) configuration_patch: IntegrationConfigurationPatch,
    pub(crate) subscription: NewAuditLogSubscription,
    pub(crate) subscription_patch: AuditLogSubscriptionPatch,
    pub(crate) delivery: NewDeliveryConfiguration,
    pub(crate) delivery_patch: DeliveryConfigurationPatch,
    pub(crate) store: NewBigSegmentStore,
    pub(crate) store_patch: BigSegmentStorePatch,
    pub(crate) import: NewFlagImport,
    pub(crate) import_patch: FlagImportPatch,
}

impl Arguments {
    /// Bodies that contain this secret.
    pub(crate) fn new(secret: &str) -> Self {
        let values = || RawConfigValues::new(KEY).unwrap().with("apiKey", secret);
        let statements = || {
            [
                Statement::allow(Resources::only(["proj/*"]), Actions::all_but(["updateOn"])),
                Statement::deny(Resources::all_but(["proj/*"]), Actions::only(["*"])),
            ]
        };
        Self {
            configuration: NewIntegrationConfiguration::new("Name", values())
                .enabled(false)
                .statements(statements())
                .tags(["a"]),
            configuration_patch: IntegrationConfigurationPatch::new()
                .name("Name")
                .on(true)
                .tags(["a"])
                .values(values()),
            subscription: NewAuditLogSubscription::new("Name", values())
                .on(true)
                .statements(statements())
                .tags(["a"]),
            subscription_patch: AuditLogSubscriptionPatch::new()
                .name("Name")
                .on(true)
                .statements(statements())
                .values(values()),
            delivery: NewDeliveryConfiguration::new(values())
                .name("Name")
                .on(true)
                .tags(["a"]),
            delivery_patch: DeliveryConfigurationPatch::new().on(false).values(values()),
            store: NewBigSegmentStore::new(values()).name("Name").on(true),
            store_patch: BigSegmentStorePatch::new().tags(["a"]).values(values()),
            import: NewFlagImport::new(values()).name("Name").tags(["a"]),
            import_patch: FlagImportPatch::new().name("Name").values(values()),
        }
    }
}

/// A vector of `$each!(method, path, call)` for every call of `$client`.
#[allow(unused_macros, reason = "each test uses only some of the helpers")]
macro_rules! every_call {
    ($client:expr, $arguments:expr, $each:ident) => {{
        use $crate::support::calls::{ENVIRONMENT, ID, KEY, PROJECT};
        let (client, a) = (&$client, &$arguments);
        let configurations = client.integration_configurations();
        let subscriptions = client.audit_log_subscriptions();
        let all_deliveries = client.delivery_configurations();
        let deliveries = all_deliveries.environment(PROJECT, ENVIRONMENT);
        let all_stores = client.big_segment_stores();
        let stores = all_stores.environment(PROJECT, ENVIRONMENT);
        let all_imports = client.flag_imports();
        let imports = all_imports.project(PROJECT);
        vec![
            $each!("GET", "/integration-configurations/keys/{integrationKey}", configurations.list(KEY)),
            $each!("POST", "/integration-configurations/keys/{integrationKey}", configurations.create(&a.configuration)),
            $each!("GET", "/integration-configurations/{integrationConfigurationId}", configurations.get(ID)),
            $each!("PATCH", "/integration-configurations/{integrationConfigurationId}", configurations.update(ID, &a.configuration_patch)),
            $each!("DELETE", "/integration-configurations/{integrationConfigurationId}", configurations.delete(ID)),
            $each!("GET", "/integrations/{integrationKey}", subscriptions.list(KEY)),
            $each!("POST", "/integrations/{integrationKey}", subscriptions.create(&a.subscription)),
            $each!("GET", "/integrations/{integrationKey}/{id}", subscriptions.get(KEY, ID)),
            $each!("PATCH", "/integrations/{integrationKey}/{id}", subscriptions.update(KEY, ID, &a.subscription_patch)),
            $each!("DELETE", "/integrations/{integrationKey}/{id}", subscriptions.delete(KEY, ID)),
            $each!("GET", "/integration-capabilities/featureStore", all_deliveries.list()),
            $each!("GET", "/integration-capabilities/featureStore/{projectKey}/{environmentKey}", deliveries.list()),
            $each!("POST", "/integration-capabilities/featureStore/{projectKey}/{environmentKey}/{integrationKey}", deliveries.create(&a.delivery)),
            $each!("GET", "/integration-capabilities/featureStore/{projectKey}/{environmentKey}/{integrationKey}/{id}", deliveries.get(KEY, ID)),
            $each!("PATCH", "/integration-capabilities/featureStore/{projectKey}/{environmentKey}/{integrationKey}/{id}", deliveries.update(KEY, ID, &a.delivery_patch)),
            $each!("DELETE", "/integration-capabilities/featureStore/{projectKey}/{environmentKey}/{integrationKey}/{id}", deliveries.delete(KEY, ID)),
            $each!("POST", "/integration-capabilities/featureStore/{projectKey}/{environmentKey}/{integrationKey}/{id}/validate", deliveries.validate(KEY, ID)),
            $each!("GET", "/integration-capabilities/big-segment-store", all_stores.list()),
            $each!("POST", "/integration-capabilities/big-segment-store/{projectKey}/{environmentKey}/{integrationKey}", stores.create(&a.store)),
            $each!("GET", "/integration-capabilities/big-segment-store/{projectKey}/{environmentKey}/{integrationKey}/{integrationId}", stores.get(KEY, ID)),
            $each!("PATCH", "/integration-capabilities/big-segment-store/{projectKey}/{environmentKey}/{integrationKey}/{integrationId}", stores.update(KEY, ID, &a.store_patch)),
            $each!("DELETE", "/integration-capabilities/big-segment-store/{projectKey}/{environmentKey}/{integrationKey}/{integrationId}", stores.delete(KEY, ID)),
            $each!("GET", "/integration-capabilities/flag-import", all_imports.list()),
            $each!("POST", "/integration-capabilities/flag-import/{projectKey}/{integrationKey}", imports.create(&a.import)),
            $each!("GET", "/integration-capabilities/flag-import/{projectKey}/{integrationKey}/{integrationId}", imports.get(KEY, ID)),
            $each!("PATCH", "/integration-capabilities/flag-import/{projectKey}/{integrationKey}/{integrationId}", imports.update(KEY, ID, &a.import_patch)),
            $each!("DELETE", "/integration-capabilities/flag-import/{projectKey}/{integrationKey}/{integrationId}", imports.delete(KEY, ID)),
            $each!("POST", "/integration-capabilities/flag-import/{projectKey}/{integrationKey}/{integrationId}/trigger", imports.trigger(KEY, ID)),
        ]
    }};
}

#[allow(unused_imports, reason = "each test uses only some of the helpers")]
pub(crate) use every_call;

/// The path with the values of its parameters.
pub(crate) fn filled(template: &str) -> String {
    let path = template
        .replace("{projectKey}", PROJECT)
        .replace("{environmentKey}", ENVIRONMENT)
        .replace("{integrationKey}", KEY)
        .replace("{integrationConfigurationId}", ID)
        .replace("{integrationId}", ID)
        .replace("{id}", ID);
    format!("/api/v2{path}")
}
