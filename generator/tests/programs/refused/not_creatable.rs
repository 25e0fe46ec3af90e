//! What has an endpoint of its own is not created as an integration configuration.

use launchdarkly_integrations::client::NewConfiguration;
use launchdarkly_integrations::integrations::{fastly, redis, split};

pub fn store(values: redis::ConfigValues) -> NewConfiguration {
    NewConfiguration::new("Store", values) //~ E0277
}

pub fn import(values: split::ConfigValues) -> NewConfiguration {
    NewConfiguration::new("Import", values) //~ E0277
}

pub fn capability(values: fastly::FeatureStoreConfig) -> NewConfiguration {
    NewConfiguration::new("Features", values) //~ E0277
}

fn main() {}
