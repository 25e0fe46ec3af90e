//! A misspelt name is an error, and the compiler suggests the right one.

use launchdarkly_integrations::integrations::datadog::{ConfigValues, HostUrl};

fn main() {
    let _ = ConfigValues::builder().apikey("0123456789abcdef"); //~ E0599
    let _ = ConfigValues::builder().host_url(HostUrl::ApiDatadogEu); //~ E0599
}

fn read(values: &ConfigValues) -> Option<bool> {
    values.hide_member_detail //~ E0609
}
