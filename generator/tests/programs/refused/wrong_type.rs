//! A setter accepts only the type that the manifest requires.

use launchdarkly_integrations::Uri;
use launchdarkly_integrations::integrations::datadog;
use launchdarkly_integrations::integrations::elastic;

fn main() {
    let _ = datadog::ConfigValues::builder().hide_member_details("true"); //~ E0277
    let _ = datadog::ConfigValues::builder().api_key(true); //~ E0277
    let _ = elastic::ConfigValues::builder().url(datadog::HostUrl::ApiDatadoghqEu); //~ E0308
    let _ = elastic::ConfigValues::builder().url("https://elastic.example"); //~ E0308

    let url: Uri = "https://elastic.example".parse().unwrap();
    let _ = elastic::ConfigValues::builder().token(url); //~ E0277
}
