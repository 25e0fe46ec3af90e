//! Exhaustive patterns are not allowed, because they would break when upstream adds a value or field.

use launchdarkly_integrations::integrations::datadog::{ConfigValues, HostUrl};

fn region(url: &HostUrl) -> &str {
    match url { //~ E0004
        HostUrl::ApiDatadoghqCom => "us1",
        HostUrl::ApiDatadoghqEu => "eu",
        HostUrl::Us3DatadoghqCom => "us3",
        HostUrl::Us5DatadoghqCom => "us5",
        HostUrl::AppDdogGovCom => "gov",
        HostUrl::Unlisted(other) => other,
    }
}

fn host(values: ConfigValues) -> Option<HostUrl> {
    let ConfigValues { api_key: _, host_url, hide_member_details: _ } = values; //~ E0638
    host_url
}

fn main() {}
