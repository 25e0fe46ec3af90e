//! Builds Datadog's values and prints the JSON that `configValues` takes.

use launchdarkly_integrations::integrations::datadog::{ConfigValues, HostUrl};

fn main() -> Result<(), serde_json::Error> {
    let values = ConfigValues::builder()
        .api_key("0123456789abcdef")
        .host_url(HostUrl::ApiDatadoghqEu)
        .build();

    println!("{}", serde_json::to_string_pretty(&values)?);
    Ok(())
}
