//! The way in for programs that learn the integration when they run, for every integration.

// Clippy knows `#[test]` functions as tests, but not their helpers.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::HashSet;

use launchdarkly_integrations::integrations::{self, ALL};
use launchdarkly_integrations::{
    AnyConfigValues, Integration, IntegrationKey, InvalidConfigValues, ProblemKind,
    UnknownIntegrationKey,
};
use serde_json::{Map, Value, json};
use support::sample::{is_required, samples};

fn full(integration: &Integration) -> Map<String, Value> {
    samples(integration.fields, |_| "text")
}

fn unknown(text: &str) -> UnknownIntegrationKey {
    text.parse::<IntegrationKey>().unwrap_err()
}

/// Kinds and paths.
fn problems(error: &InvalidConfigValues) -> Vec<(ProblemKind, &str)> {
    let problems = error.problems().iter();
    problems
        .map(|problem| (problem.kind, problem.path.as_str()))
        .collect()
}

#[test]
fn every_key_parses_to_itself() {
    assert_eq!(IntegrationKey::all().len(), ALL.len());
    for (key, integration) in IntegrationKey::all().zip(ALL) {
        assert_eq!(key.as_str(), integration.key);
        assert_eq!(key.integration(), integration);
        assert_eq!(integrations::get(key.as_ref()), Some(integration));
        assert_eq!(integration.key.parse(), Ok(key));
        assert_eq!(IntegrationKey::try_from(integration.key), Ok(key));
        assert_eq!(<&'static str>::from(key), integration.key);
        assert_eq!(key.to_string(), integration.key);
        let json = serde_json::to_value(key).unwrap();
        assert_eq!(json, integration.key);
        assert_eq!(serde_json::from_value::<IntegrationKey>(json).unwrap(), key);
    }
}

#[test]
fn every_key_is_there_once_and_in_order() {
    assert!(IntegrationKey::all().is_sorted());
    assert_eq!(
        IntegrationKey::all().collect::<HashSet<_>>().len(),
        ALL.len()
    );
}

#[test]
fn a_key_with_other_separators_gets_a_suggestion() {
    for integration in ALL {
        let other = integration.key.replace('-', "_");
        if integrations::get(&other).is_none() {
            assert_eq!(unknown(&other).suggestion(), Some(integration.key));
        }
    }
}

#[test]
fn an_unknown_key_is_shown_in_part_and_escaped() {
    let error = unknown(&"line\n\u{1b}".repeat(10_000));
    for text in [error.to_string(), format!("{error:?}")] {
        assert!(text.len() < 400, "{text}");
        assert!(!text.contains(['\n', '\u{1b}']), "{text}");
    }
}

#[test]
fn every_integration_reads_and_writes_its_values() {
    for integration in ALL {
        let members = full(integration);
        let values = AnyConfigValues::from_json(integration.key, members.clone().into()).unwrap();
        assert_eq!(values.key().as_str(), integration.key);
        assert_eq!(values.integration(), integration);
        assert_eq!(serde_json::to_value(&values).unwrap(), json!(members));

        // In the manifest's order, which serde_json's own map forgets.
        let text = serde_json::to_string(&values).unwrap();
        let fields = integration.fields.iter();
        assert!(fields.is_sorted_by_key(|field| text.find(&format!("{:?}:", field.key))));
        let values = AnyConfigValues::from_json_str(integration.key, &text).unwrap();
        assert_eq!(serde_json::to_string(&values).unwrap(), text);
        assert_eq!(serde_json::to_string(&values.clone()).unwrap(), text);
    }
}

#[test]
fn each_required_field_is_missed_in_turn() {
    let mut count = 0;
    for integration in ALL {
        for field in integration.fields {
            let mut members = full(integration);
            members.remove(field.key).unwrap();
            let read = AnyConfigValues::from_json(integration.key, members.into());
            if !is_required(field) {
                assert!(read.is_ok(), "{} {}", integration.key, field.key);
                continue;
            }
            let error = read.unwrap_err();
            assert_eq!(problems(&error), [(ProblemKind::MissingKey, field.key)]);
            let expected = format!(
                "{}: {}: required, but missing; ",
                integration.key, field.key
            );
            assert!(error.to_string().starts_with(&expected), "{error}");
            count += 1;
        }
    }
    assert!(count > 0);
}

#[test]
fn every_problem_is_reported() {
    for integration in ALL {
        let mut expected = vec![(ProblemKind::UnknownKey, "surplus!")];
        let mut members = Map::from_iter([("surplus!".to_owned(), json!(1))]);
        for field in integration.fields {
            if is_required(field) {
                expected.push((ProblemKind::MissingKey, field.key));
            } else {
                members.insert(field.key.to_owned(), Value::Null);
                expected.push((ProblemKind::Null, field.key));
            }
        }
        let error = AnyConfigValues::from_json(integration.key, members.into()).unwrap_err();
        assert_eq!(problems(&error), expected, "{}", integration.key);
        assert!(error.to_string().starts_with(integration.key), "{error}");
    }
}

#[test]
fn values_can_cross_threads() {
    fn crosses<T: Send + Sync + 'static>() {}
    crosses::<AnyConfigValues>();
    crosses::<InvalidConfigValues>();
}
