//! What is misspelt doesn't exist, and the compiler says what does.

use launchdarkly_integrations::integrations::datadog::{ConfigValues, HostUrl};

fn main() {
    let _ = ConfigValues::builder().apikey("0123456789abcdef"); //~ E0599
    let _ = ConfigValues::builder().host_url(HostUrl::ApiDatadogEu); //~ E0599
}

fn read(values: &ConfigValues) -> Option<bool> {
    values.hide_member_detail //~ E0609
}
