//! A listed value is no text, so that a mistyped one doesn't pass.

use launchdarkly_integrations::integrations::datadog::{ConfigValues, HostUrl};

fn main() {
    let _ = ConfigValues::builder().host_url("https://api.datadoghq.eu"); //~ E0277
    let _ = HostUrl::Unlisted("https://api.datadoghq.eu"); //~ E0308
}
