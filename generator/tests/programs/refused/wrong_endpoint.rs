//! Values can be sent only to the endpoints that accept them.

use launchdarkly_integrations::client::{
    NewAuditLogSubscription, NewBigSegmentStore, NewDeliveryConfiguration, NewFlagImport,
    NewIntegrationConfiguration,
};
use launchdarkly_integrations::AnyConfigValues;
use launchdarkly_integrations::integrations::{
    adfs, datadog, fastly, redis, servicenow_c0, snowflake_v2, split,
};

pub fn store(values: redis::ConfigValues) -> NewIntegrationConfiguration {
    NewIntegrationConfiguration::new("Store", values) //~ E0277
}

pub fn import(values: split::ConfigValues) -> NewIntegrationConfiguration {
    NewIntegrationConfiguration::new("Import", values) //~ E0277
}

pub fn capability(values: fastly::FeatureStoreConfig) -> NewIntegrationConfiguration {
    NewIntegrationConfiguration::new("Features", values) //~ E0277
}

pub fn refused_by_the_manifest(values: snowflake_v2::ConfigValues) -> NewIntegrationConfiguration {
    NewIntegrationConfiguration::new("Export", values) //~ E0277
}

pub fn known_at_run_time(values: AnyConfigValues) -> NewIntegrationConfiguration {
    NewIntegrationConfiguration::new("Any", values) //~ E0277
}

pub fn not_built() -> NewIntegrationConfiguration {
    NewIntegrationConfiguration::new("Events", datadog::ConfigValues::builder().api_key("0")) //~ E0277
}

pub fn each_takes_its_own(
    datadog: datadog::ConfigValues,
    fastly: fastly::FeatureStoreConfig,
    redis: redis::ConfigValues,
    split: split::ConfigValues,
) {
    let _ = NewIntegrationConfiguration::new("Events", datadog.clone());
    let _ = NewAuditLogSubscription::new("Events", datadog);
    let _ = NewDeliveryConfiguration::new(fastly);
    let _ = NewBigSegmentStore::new(redis);
    let _ = NewFlagImport::new(split);
}

pub fn others_do_not(adfs: adfs::ConfigValues, approval: servicenow_c0::ApprovalEnvironmentConfig) {
    let _ = NewAuditLogSubscription::new("Events", adfs.clone()); //~ E0277
    let _ = NewDeliveryConfiguration::new(adfs.clone()); //~ E0277
    let _ = NewBigSegmentStore::new(approval); //~ E0277
    let _ = NewFlagImport::new(adfs); //~ E0277
}

fn main() {}
