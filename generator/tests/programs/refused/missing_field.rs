//! The compiler names the missing field and its wire key.

use launchdarkly_integrations::integrations::datadog::{ConfigValues, HostUrl};

fn main() {
    let _ = ConfigValues::builder()
        .host_url(HostUrl::ApiDatadoghqEu)
        .hide_member_details(true)
        .build(); //~ E0277
}
