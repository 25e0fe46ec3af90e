//! The required fields of a capability must be set, too.

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
