//! The compiler names the field that isn't set, and its key on the wire.

use launchdarkly_integrations::integrations::datadog::{ConfigValues, HostUrl};

fn main() {
    let _ = ConfigValues::builder()
        .host_url(HostUrl::ApiDatadoghqEu)
        .hide_member_details(true)
        .build(); //~ E0277
}
