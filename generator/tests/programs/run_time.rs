//! Integrations whose key is known only at run time.
#![allow(
    clippy::unwrap_used,
    reason = "a panic in a test helper fails the test"
)]

use std::collections::BTreeMap;

use launchdarkly_integrations::integrations::{datadog, snowflake_v2, vscode};
use launchdarkly_integrations::{
    AnyConfigValues, IntegrationKey, IntegrationValues, InvalidConfigValues, ProblemKind,
    RedactedValue, UnknownIntegrationKey,
};
use serde_json::json;

fn unknown(text: &str) -> UnknownIntegrationKey {
    text.parse::<IntegrationKey>().unwrap_err()
}

/// The kind and the path of each problem.
fn problems(error: &InvalidConfigValues) -> Vec<(ProblemKind, &str)> {
    let problems = error.problems().iter();
    problems
        .map(|problem| (problem.kind, problem.path.as_str()))
        .collect()
}

#[test]
fn keys_are_compared_as_strings() {
    // The constant of the module and the element of the table have different addresses.
    let key: IntegrationKey = "datadog".parse().unwrap();
    assert_eq!(key, datadog::ConfigValues::KEY);
    assert!(key < vscode::ConfigValues::KEY);
    assert_eq!(
        format!("{key:?} {key:>9}"),
        r#"IntegrationKey("datadog")   datadog"#
    );
    assert_eq!(datadog::ConfigValues::INTEGRATION, &datadog::INTEGRATION);

    let by_key = BTreeMap::from([(key, 1)]);
    let json = serde_json::to_string(&by_key).unwrap();
    assert_eq!(json, r#"{"datadog":1}"#);
    let read: BTreeMap<IntegrationKey, i32> = serde_json::from_str(&json).unwrap();
    assert_eq!(read, by_key);
}

#[test]
fn a_misspelt_key_gets_a_suggestion() {
    for (text, suggestion) in [
        ("datadgo", Some("datadog")),
        ("Datadog", Some("datadog")),
        ("data-dog", Some("datadog")),
        ("snowflake_v2", Some("snowflake-v2")),
        ("SnowflakeV2", Some("snowflake-v2")),
        (" datadog ", Some("datadog")),
        ("my-private-integration", None),
        ("", None),
    ] {
        let error = unknown(text);
        assert_eq!(error.suggestion(), suggestion, "{error}");
        let mut expected = format!("unknown integration key {text:?}");
        match suggestion {
            Some(suggestion) => expected.push_str(&format!("; did you mean {suggestion}?")),
            None => expected.push_str(
                "; to send values of an integration that this crate doesn't know, use \
                 `RawConfigValues`",
            ),
        }
        assert_eq!(error.to_string(), expected);
        assert_eq!(IntegrationKey::try_from(text), Err(error.clone()));
        let by_serde = serde_json::from_value::<IntegrationKey>(json!(text)).unwrap_err();
        assert_eq!(by_serde.to_string(), expected);
    }
    let error = serde_json::from_value::<IntegrationKey>(json!(1)).unwrap_err();
    assert!(error.to_string().contains("an integration key"), "{error}");
}

#[test]
fn every_problem_is_reported() {
    let text = r#"{"hostURL": "https://api.datadoghq.org", "hideMemberDetails": "no", "apikey": "",
        "hideMemberDetails": true}"#;
    let error = AnyConfigValues::from_json_str("datadog", text).unwrap_err();
    assert_eq!(
        problems(&error),
        [
            (ProblemKind::UnknownKey, "apikey"),
            (ProblemKind::DuplicateKey, "hideMemberDetails"),
            (ProblemKind::MissingKey, "apiKey"),
            (ProblemKind::UnlistedValue, "hostURL"),
            (ProblemKind::WrongType, "hideMemberDetails"),
        ]
    );
    assert_eq!(error.problems()[0].suggestion, Some("apiKey"));
    let typed = datadog::ConfigValues::from_json_str(text).unwrap_err();
    assert_eq!(error.problems(), typed.problems());
    assert_eq!(error.to_string(), format!("datadog: {typed}"));

    let error = AnyConfigValues::from_json_str("datadog", "{").unwrap_err();
    assert_eq!(problems(&error), [(ProblemKind::InvalidJson, "")]);
    let error = AnyConfigValues::from_json("vscode", json!([])).unwrap_err();
    assert_eq!(problems(&error), [(ProblemKind::WrongType, "")]);
}

#[test]
fn an_unknown_integration_key_is_a_separate_error() {
    for error in [
        AnyConfigValues::from_json("datadgo", json!({"apiKey": "0123"})).unwrap_err(),
        AnyConfigValues::from_json_str("datadgo", "no JSON").unwrap_err(),
    ] {
        assert_eq!(error, InvalidConfigValues::UnknownKey(unknown("datadgo")));
        assert_eq!(error.problems(), [unknown("datadgo").problem().clone()]);
        assert_eq!(problems(&error), [(ProblemKind::UnknownIntegration, "")]);
        assert_eq!(error.to_string(), unknown("datadgo").to_string());
    }
}

#[test]
fn values_convert_back_only_to_their_own_type() {
    let json = json!({"apiKey": "0123", "hideMemberDetails": true});
    let key: IntegrationKey = "datadog".parse().unwrap();
    let values = AnyConfigValues::from_json(key, json.clone()).unwrap();
    assert!(values.is::<datadog::ConfigValues>());
    assert!(!values.is::<vscode::ConfigValues>());
    let typed = values.downcast_ref::<datadog::ConfigValues>().unwrap();
    assert_eq!(typed.api_key.expose_secret(), "0123");
    assert!(
        values
            .downcast_ref::<snowflake_v2::ConfigValues>()
            .is_none()
    );

    let shared = values.clone();
    let values = values.downcast::<vscode::ConfigValues>().unwrap_err();
    assert_eq!(serde_json::to_value(&values).unwrap(), json);
    let typed = values.downcast::<datadog::ConfigValues>().unwrap();
    assert_eq!(typed.hide_member_details, Some(true));
    assert_eq!(serde_json::to_value(&shared).unwrap(), json);

    // Code can set a value that is not listed, but parsing rejects it.
    let mut newer = typed;
    newer.host_url = Some(datadog::HostUrl::Unlisted("https://new.example".to_owned()));
    let values = AnyConfigValues::from(newer);
    assert_eq!(values.key(), key);
    let json = serde_json::to_value(&values).unwrap();
    assert_eq!(json["hostURL"], "https://new.example");
    assert!(AnyConfigValues::from_json(key, json).is_err());
}

#[test]
fn debug_shows_the_set_values_but_no_secrets() {
    let json = json!({"apiKey": "0123", "hostURL": "https://api.datadoghq.eu"});
    let values = AnyConfigValues::from_json("datadog", json).unwrap();
    assert_eq!(
        format!("{values:?}"),
        "AnyConfigValues { key: IntegrationKey(\"datadog\"), values: \
         {\"apiKey\": [redacted], \"hostURL\": \"https://api.datadoghq.eu\"} }"
    );
}

#[test]
fn values_are_listed_compared_and_read_leniently() {
    let json = json!({"apiKey": "0123", "hostURL": "https://new.example", "site": "new"});
    assert!(AnyConfigValues::from_json("datadog", json.clone()).is_err());
    let read = AnyConfigValues::from_json_lenient("datadog", json.clone()).unwrap();
    assert_eq!(
        read.values.entries(),
        [
            ("apiKey", RedactedValue::Secret),
            ("hostURL", RedactedValue::Shown(json!("https://new.example"))),
        ]
    );
    assert!(!format!("{read:?}").contains(r#""new""#), "{read:?}");
    let [(key, value)] = read.unknown.as_slice() else {
        panic!("{read:?}");
    };
    assert_eq!((key.as_str(), value.expose_secret()), ("site", &json!("new")));

    let typed = datadog::ConfigValues::from_json_lenient(json).unwrap();
    assert_eq!(AnyConfigValues::from(typed.values.clone()), read.values);
    let other = typed.values.into_builder().api_key("0124").build();
    assert_ne!(AnyConfigValues::from(other), read.values);
    let nothing = AnyConfigValues::from(vscode::ConfigValues::new());
    assert_eq!(nothing, AnyConfigValues::from_json("vscode", json!({})).unwrap());
    assert_ne!(nothing, read.values);
    let adfs = AnyConfigValues::from_json("adfs", json!({})).unwrap();
    assert_ne!(nothing, adfs);

    let wrong = json!({"apiKey": 1, "hideMemberDetails": null, "site": "new"});
    let error = AnyConfigValues::from_json_lenient("datadog", wrong).unwrap_err();
    assert_eq!(
        problems(&error),
        [
            (ProblemKind::WrongType, "apiKey"),
            (ProblemKind::Null, "hideMemberDetails"),
        ]
    );
}

#[test]
fn environment_variables_are_read_strictly() {
    let json = |environment| json!({"integrationKey": "0", "severity": "error", "projectAndEnv": environment});
    let misspelt = json(json!({"projectkey": "p", "environmentKey": "e"}));
    let key = "pagerduty-guardian-edition";
    let error = AnyConfigValues::from_json(key, misspelt.clone()).unwrap_err();
    assert_eq!(
        problems(&error),
        [
            (ProblemKind::UnknownKey, "projectAndEnv.projectkey"),
            (ProblemKind::MissingKey, "projectAndEnv.projectKey"),
        ]
    );
    assert_eq!(error.problems()[0].suggestion, Some("projectKey"));
    assert!(AnyConfigValues::from_json_lenient(key, misspelt).is_err());

    let newer = json(json!({"projectKey": "p", "environmentKey": "e", "region": "eu"}));
    assert!(AnyConfigValues::from_json(key, newer.clone()).is_err());
    let read = AnyConfigValues::from_json_lenient(key, newer.clone()).unwrap();
    assert!(read.unknown.is_empty());
    assert_eq!(serde_json::to_value(&read.values).unwrap(), newer);
}
