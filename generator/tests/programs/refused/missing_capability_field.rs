//! The values of a capability are held to the same.

use launchdarkly_integrations::integrations::akamai_edgeworkers::FeatureStoreConfig;

fn main() {
    let _ = FeatureStoreConfig::builder()
        .hostname("example.com")
        .group_id("group")
        .namespace_id("namespace")
        .client_secret("secret")
        .access_token("token")
        .build(); //~ E0277
}
