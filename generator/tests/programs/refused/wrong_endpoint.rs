//! Values are sent to an endpoint that takes them, and to no other.

use launchdarkly_integrations::client::{
    AuditLogSubscriptionValues, BigSegmentStoreValues, DeliveryConfigurationValues,
    FlagImportValues, NewConfiguration,
};
use launchdarkly_integrations::AnyConfigValues;
use launchdarkly_integrations::integrations::{
    adfs, datadog, fastly, redis, servicenow_c0, snowflake_v2, split,
};

pub fn store(values: redis::ConfigValues) -> NewConfiguration {
    NewConfiguration::new("Store", values) //~ E0277
}

pub fn import(values: split::ConfigValues) -> NewConfiguration {
    NewConfiguration::new("Import", values) //~ E0277
}

pub fn capability(values: fastly::FeatureStoreConfig) -> NewConfiguration {
    NewConfiguration::new("Features", values) //~ E0277
}

pub fn refused_by_the_manifest(values: snowflake_v2::ConfigValues) -> NewConfiguration {
    NewConfiguration::new("Export", values) //~ E0277
}

pub fn known_at_run_time(values: AnyConfigValues) -> NewConfiguration {
    NewConfiguration::new("Any", values) //~ E0277
}

pub fn not_built() -> NewConfiguration {
    NewConfiguration::new("Events", datadog::ConfigValues::builder().api_key("0")) //~ E0277
}

pub fn subscription(_: impl AuditLogSubscriptionValues) {}
pub fn delivery(_: impl DeliveryConfigurationValues) {}
pub fn big_segments(_: impl BigSegmentStoreValues) {}
pub fn flags(_: impl FlagImportValues) {}

pub fn each_takes_its_own(
    datadog: datadog::ConfigValues,
    fastly: fastly::FeatureStoreConfig,
    redis: redis::ConfigValues,
    split: split::ConfigValues,
) {
    NewConfiguration::new("Events", datadog.clone());
    subscription(datadog);
    delivery(fastly);
    big_segments(redis);
    flags(split);
}

pub fn others_do_not(adfs: adfs::ConfigValues, approval: servicenow_c0::ApprovalEnvironmentConfig) {
    subscription(adfs.clone()); //~ E0277
    delivery(adfs.clone()); //~ E0277
    big_segments(approval); //~ E0277
    flags(adfs); //~ E0277
}

fn main() {}
