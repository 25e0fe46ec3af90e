//! Builds Datadog's values and prints the JSON that `configValues` takes.

use launchdarkly_integrations::integrations::datadog::{ConfigValues, HostUrl, Required};

fn main() -> Result<(), serde_json::Error> {
    let values = ConfigValues::new(Required {
        api_key: "0123456789abcdef".into(),
    })
    .host_url(HostUrl::ApiDatadoghqEu);

    println!("{}", serde_json::to_string_pretty(&values)?);
    Ok(())
}
