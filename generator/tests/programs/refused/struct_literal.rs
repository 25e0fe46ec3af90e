//! Struct literals are not allowed, because they would break when upstream adds a field.

use launchdarkly_integrations::SecretString;
use launchdarkly_integrations::integrations::{akamai_edgeworkers, datadog};

fn main() {
    let _ = datadog::ConfigValues { //~ E0639
        api_key: SecretString::from("0123456789abcdef"),
        host_url: None,
        hide_member_details: None,
    };
    let _ = akamai_edgeworkers::ConfigValues {}; //~ E0639
}
