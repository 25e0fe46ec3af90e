//! A user's program that upstream's additions must not break. The tests run it with the fixtures and,
//! unchanged, with fixtures that have additions.
#![allow(
    clippy::unwrap_used,
    reason = "a panic in a test helper fails the test"
)]

use launchdarkly_integrations::integrations::akamai_edgeworkers::{self, FeatureStoreNetwork};
use launchdarkly_integrations::integrations::datadog::{self, HostUrl};
use launchdarkly_integrations::integrations::{
    ALL, adfs, get, pagerduty_guardian_edition as pagerduty, splunk,
};
use launchdarkly_integrations::{
    Endpoint, EnvironmentKeys, FieldKind, FormValues, Missing, ProblemKind, SecretString, secrecy,
};
use serde_json::{Value, json};

fn json(values: &impl serde::Serialize) -> Value {
    serde_json::to_value(values).unwrap()
}

fn datadog() -> datadog::ConfigValues {
    datadog::ConfigValues::builder()
        .api_key("0123456789abcdef")
        .host_url(HostUrl::ApiDatadoghqEu)
        .build()
}

/// A builder's type can be named. It doesn't depend on the order of the fields in the manifest.
fn splunk() -> splunk::ConfigValuesBuilder<String, bool, Missing> {
    splunk::ConfigValues::builder()
        .skip_ca_verification(true)
        .base_url("https://splunk.example")
}

fn region(url: &HostUrl) -> &str {
    match url {
        HostUrl::ApiDatadoghqCom => "us1",
        HostUrl::ApiDatadoghqEu => "eu",
        HostUrl::Unlisted(other) => other,
        _ => "another",
    }
}

#[test]
fn builders_make_the_same_values() {
    let expected = json!({"apiKey": "0123456789abcdef", "hostURL": "https://api.datadoghq.eu"});
    assert_eq!(json(&datadog()), expected);

    let sent = json(&splunk().token("token").build());
    assert_eq!(sent["base-url"], "https://splunk.example");
    assert_eq!(sent["token"], "token");
    assert_eq!(sent["skip-ca-verification"], true);

    let store = akamai_edgeworkers::FeatureStoreConfig::builder()
        .hostname("example.com")
        .namespace_id("namespace")
        .group_id("group")
        .client_secret("secret")
        .client_token("token")
        .access_token("access")
        .network(FeatureStoreNetwork::Staging)
        .build();
    assert_eq!(json(&store)["network"], "staging");

    let values = pagerduty::ConfigValues::builder()
        .integration_key("key")
        .severity(pagerduty::Severity::Error)
        .event_filter([pagerduty::EventFilter::MeasuredRolloutReverted])
        .project_and_env(EnvironmentKeys {
            project_key: "p".into(),
            environment_key: "e".into(),
        })
        .build();
    assert_eq!(
        json(&values),
        json!({
            "integrationKey": "key",
            "severity": "error",
            "eventFilter": ["measured-rollout-reverted"],
            "projectAndEnv": {"projectKey": "p", "environmentKey": "e"},
        })
    );
}

#[test]
fn fields_are_read_and_written() {
    let mut values = datadog();
    assert_eq!(region(values.host_url.as_ref().unwrap()), "eu");
    values.host_url = Some(datadog::ConfigValues::DEFAULT_HOST_URL);
    values.hide_member_details = Some(!datadog::ConfigValues::DEFAULT_HIDE_MEMBER_DETAILS);
    let datadog::ConfigValues {
        api_key,
        host_url,
        hide_member_details,
        ..
    } = values.clone();
    let key: &SecretString = &api_key;
    assert_eq!(key.expose_secret(), "0123456789abcdef");
    assert_eq!(host_url, Some(HostUrl::ApiDatadoghqCom));
    assert_eq!(hide_member_details, Some(true));
    assert!(!format!("{values:?}").contains("0123456789abcdef"));
}

#[test]
fn written_values_can_be_read_again() {
    let text = json(&datadog()).to_string();
    let values = datadog::ConfigValues::from_json_str(&text).unwrap();
    assert_eq!(json(&values), json(&datadog()));
    let values: datadog::ConfigValues = serde_json::from_str(&text).unwrap();
    assert_eq!(json(&values), json(&datadog()));

    let error = datadog::ConfigValues::from_json(json!({"hideMemberDetails": true})).unwrap_err();
    let [problem] = error.problems() else {
        panic!("{error}");
    };
    assert_eq!(problem.kind, ProblemKind::MissingKey);
    assert_eq!(problem.path, "apiKey");
}

#[test]
fn an_unlisted_value_is_sent() {
    let newer = HostUrl::Unlisted("https://ap1.datadoghq.com".into());
    assert_eq!(region(&newer), "https://ap1.datadoghq.com");
    assert_eq!(newer.to_string(), newer.as_str());
    assert_eq!(json(&newer), "https://ap1.datadoghq.com");

    let listed: HostUrl = "https://app.ddog-gov.com".parse().unwrap();
    assert_eq!(listed, HostUrl::AppDdogGovCom);
    assert!(HostUrl::LISTED.contains(&listed));
}

#[test]
fn values_without_fields_are_built_without_arguments() {
    let values = adfs::ConfigValues::new();
    let adfs::ConfigValues { .. } = values;
    assert_eq!(json(&adfs::ConfigValues::default()), json!({}));
    assert!(adfs::ConfigValues::from_json(json!({})).is_ok());
}

#[test]
fn facts_are_found_by_key() {
    let mut fields = datadog::FIELDS.iter();
    let host = fields.find(|field| field.key == "hostURL").unwrap();
    assert!(host.optional && host.kind == FieldKind::Enum);
    assert!(host.allowed_values.contains(&"https://api.datadoghq.eu"));
    assert!(datadog::ConfigValues::FIELDS.len() >= 3);

    assert_eq!(datadog::INTEGRATION.key, "datadog");
    let endpoints = get("datadog").unwrap().endpoints;
    assert!(endpoints.contains(&Endpoint::AuditLogSubscription));
    assert!(ALL.iter().any(|integration| integration.key == "splunk"));
}

/// The settings of a program, as it reads them from a file.
struct Settings {
    host: Option<HostUrl>,
    hide: Option<bool>,
    filter: Option<Vec<pagerduty::EventFilter>>,
}

impl Settings {
    fn datadog(&self) -> datadog::ConfigValues {
        datadog::ConfigValues::builder()
            .api_key(secrecy::SecretString::from("0123456789abcdef"))
            .host_url(self.host.clone())
            .hide_member_details(self.hide)
            .build()
    }

    fn pagerduty(&self) -> pagerduty::ConfigValues {
        pagerduty::ConfigValues::builder()
            .integration_key("key")
            .event_filter(self.filter.clone())
            .severity(pagerduty::Severity::Error)
            .project_and_env(None)
            .build()
    }
}

#[test]
fn a_setter_also_accepts_an_option() {
    let none = Settings {
        host: None,
        hide: None,
        filter: None,
    };
    assert_eq!(json(&none.datadog()), json!({"apiKey": "0123456789abcdef"}));
    assert_eq!(json(&none.pagerduty()), json!({"integrationKey": "key", "severity": "error"}));
    let some = Settings {
        host: Some(HostUrl::ApiDatadoghqEu),
        hide: Some(false),
        filter: Some(vec![pagerduty::EventFilter::MeasuredRolloutReverted]),
    };
    assert_eq!(json(&some.datadog())["hostURL"], "https://api.datadoghq.eu");
    let sent = json(&some.pagerduty());
    assert_eq!(sent["eventFilter"], json!(["measured-rollout-reverted"]));

    let filter = [pagerduty::EventFilter::MeasuredRolloutReverted];
    let slice = some.pagerduty().into_builder().event_filter(&filter[..]);
    assert_eq!(slice.build(), some.pagerduty());

    // `None` sends the manifest's default if the field has one that is sent.
    let store = akamai_edgeworkers::FeatureStoreConfig::builder()
        .hostname("example.com")
        .namespace_id("namespace")
        .group_id("group")
        .client_secret("secret")
        .client_token("token")
        .access_token("access")
        .network(FeatureStoreNetwork::Staging);
    let unset = store.clone().network(None).build();
    assert_eq!(json(&store.build())["network"], "staging");
    assert_eq!(
        unset.network,
        akamai_edgeworkers::FeatureStoreConfig::DEFAULT_NETWORK
    );
}

#[test]
fn values_are_compared_listed_and_rebuilt() {
    let values = datadog();
    assert_eq!(values, values.clone());
    let other_key = values.clone().into_builder().api_key("0123456789abcdeg");
    assert_ne!(values, other_key.build());
    let other_host = values.clone().into_builder().host_url(None).build();
    assert_ne!(values, other_host);
    assert_eq!(
        other_host.into_builder().host_url(HostUrl::ApiDatadoghqEu).build(),
        values
    );
    // The comparison uses the values that are sent.
    let mut unlisted = values.clone();
    unlisted.host_url = Some(HostUrl::Unlisted(HostUrl::ApiDatadoghqEu.to_string()));
    assert_eq!(values, unlisted);
    assert_eq!(adfs::ConfigValues::new(), adfs::ConfigValues::default());
    assert!(adfs::ConfigValues::new().entries().is_empty());

    let lines = values.entries().into_iter();
    let mut lines: Vec<String> = lines
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    // Upstream may change the order of the fields.
    lines.sort();
    assert_eq!(lines, ["apiKey=[redacted]", "hostURL=https://api.datadoghq.eu"]);

    let splunk = splunk().token("token").build();
    let moved = splunk.clone().into_builder().base_url("https://other.example").build();
    assert_eq!(json(&moved)["token"], "token");
    assert_ne!(moved, splunk);
}
