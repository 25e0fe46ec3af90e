//! Sends typed values in requests.
#![allow(
    clippy::unwrap_used,
    reason = "a panic in a test helper fails the test"
)]

use launchdarkly_integrations::client::{AccessToken, Api, NewIntegrationConfiguration};
use launchdarkly_integrations::integrations::datadog::{ConfigValues, HostUrl};
use serde_json::{Value, json};

#[test]
fn typed_values_are_sent_to_their_integration() {
    let values = ConfigValues::builder()
        .api_key("0")
        .host_url(HostUrl::ApiDatadoghqEu)
        .build();
    let new = NewIntegrationConfiguration::new("Production", values)
        .with_value("new-key", json!([1]))
        .with_value("apiKey", "1");
    let api = Api::new(AccessToken::new("token").unwrap());
    let request = api.integration_configurations().create(&new).request().unwrap();
    assert_eq!(
        request.uri().path(),
        "/api/v2/integration-configurations/keys/datadog"
    );
    let body: Value = serde_json::from_slice(request.body().as_ref()).unwrap();
    let values = json!({"apiKey": "1", "hostURL": "https://api.datadoghq.eu", "new-key": [1]});
    assert_eq!(body, json!({"name": "Production", "configValues": values}));
}
