//! The way in for programs that learn the integration when they run, for every integration.

// Clippy knows `#[test]` functions as tests, but not their helpers.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::HashSet;

use launchdarkly_integrations::integrations::{self, ALL};
use launchdarkly_integrations::{
    AnyConfigValues, Endpoint, Field, Integration, IntegrationKey, InvalidConfigValues,
    ProblemKind, UnknownIntegrationKey,
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

/// Values that can be sent, those of a capability among them: the endpoint and the form variables.
fn sendable(integration: &'static Integration) -> Vec<(Endpoint, &'static [Field])> {
    let endpoints = integration.endpoints.iter().copied();
    endpoints
        .map(|endpoint| match endpoint {
            Endpoint::DeliveryConfiguration => {
                let mut blocks = integration.capability_fields.iter();
                let block = blocks.find(|block| block.capability == "featureStore");
                (endpoint, block.unwrap().fields)
            }
            _ => (endpoint, integration.fields),
        })
        .collect()
}

#[test]
fn each_endpoint_takes_what_the_manifest_says_and_refuses_the_rest() {
    let mut taken = HashSet::new();
    for integration in ALL {
        let key = integration.key;
        let sendable = sendable(integration);
        for (endpoint, fields) in &sendable {
            let members: Value = samples(fields, |_| "text").into();
            let values = AnyConfigValues::for_endpoint(*endpoint, key, members.clone()).unwrap();
            assert_eq!(values.key().as_str(), key);
            assert_eq!(values.fields(), *fields);
            assert!(values.endpoints().contains(endpoint));
            assert_eq!(serde_json::to_value(&values).unwrap(), members);
            let read = AnyConfigValues::for_endpoint_str(*endpoint, key, &members.to_string());
            assert_eq!(read.unwrap().fields(), *fields);

            let unknown = json!({"no such key": 1});
            let error = AnyConfigValues::for_endpoint(*endpoint, key, unknown).unwrap_err();
            assert_eq!(problems(&error)[0].0, ProblemKind::UnknownKey);
            taken.insert(*endpoint);
        }
        let others = Endpoint::ALL.iter().filter(|endpoint| {
            let mut taking = sendable.iter();
            taking.all(|(other, _)| other != *endpoint)
        });
        for endpoint in others {
            let error = AnyConfigValues::for_endpoint(*endpoint, key, json!({})).unwrap_err();
            let InvalidConfigValues::WrongEndpoint(wrong) = &error else {
                panic!("{error}");
            };
            assert_eq!(wrong.key().as_str(), key);
            assert_eq!(
                (wrong.endpoint(), wrong.endpoints()),
                (*endpoint, integration.endpoints)
            );
            for other in integration.endpoints {
                assert!(error.to_string().contains(other.handle()), "{error}");
            }
        }
    }
    assert!(!taken.is_empty());
}

#[test]
fn the_endpoints_of_an_integration_follow_from_its_facts() {
    for integration in ALL {
        let has = |name| integration.capabilities.contains(&name);
        let mut blocks = integration.capability_fields.iter();
        let excluded = has("bigSegmentStore") || has("flagImport");
        let allowed = integration.allow_integration_configurations != Some(false);
        let expected: HashSet<Endpoint> = [
            (Endpoint::AuditLogSubscription, has("auditLogEventsHook")),
            (Endpoint::BigSegmentStore, has("bigSegmentStore")),
            (Endpoint::FlagImport, has("flagImport")),
            (
                Endpoint::DeliveryConfiguration,
                blocks.any(|block| {
                    (block.capability, block.block) == ("featureStore", "formVariables")
                }),
            ),
            (Endpoint::IntegrationConfiguration, allowed && !excluded),
        ]
        .into_iter()
        .filter_map(|(endpoint, takes)| takes.then_some(endpoint))
        .collect();
        let found: HashSet<Endpoint> = integration.endpoints.iter().copied().collect();
        assert_eq!(found, expected, "{}", integration.key);
        assert_eq!(found.len(), integration.endpoints.len());
    }
}

#[test]
fn values_of_a_capability_under_the_integrations_own_name_are_recognised() {
    let mut count = 0;
    for integration in ALL {
        for (endpoint, fields) in sendable(integration) {
            let own = |key| integration.fields.iter().any(|field| field.key == key);
            if endpoint != Endpoint::DeliveryConfiguration
                || fields.iter().all(|field| own(field.key))
            {
                continue;
            }
            let members = samples(fields, |_| "text");
            let error = AnyConfigValues::from_json(integration.key, members.into()).unwrap_err();
            let text = error.to_string();
            assert!(text.contains("capability featureStore"), "{text}");
            assert!(text.contains("delivery_configurations()"), "{text}");
            let error = AnyConfigValues::from_json(integration.key, json!({"x": 1})).unwrap_err();
            assert!(!error.to_string().contains("featureStore"), "{error}");
            count += 1;
        }
    }
    assert!(count > 0);
}
