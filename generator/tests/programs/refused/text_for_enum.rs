//! A listed value is an enum and not a string, so that a misspelt one is an error.

use launchdarkly_integrations::integrations::datadog::{ConfigValues, HostUrl};

fn main() {
    let _ = ConfigValues::builder().host_url("https://api.datadoghq.eu"); //~ E0277
    let _ = HostUrl::Unlisted("https://api.datadoghq.eu"); //~ E0308
}
