//! Reading the values of each integration by its key at run time.

// Clippy knows `#[test]` functions as tests, but not their helpers.
#![allow(clippy::panic, clippy::unwrap_used)]

mod support;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::Path;

use launchdarkly_integrations::integrations::{self, ALL};
use launchdarkly_integrations::{
    AnyConfigValues, Endpoint, Field, FieldKind, Integration, IntegrationKey, InvalidConfigValues,
    ProblemKind, UnknownIntegrationKey,
};
use serde_json::{Map, Value, json};
use support::sample::{FEATURE_STORE, fields_of, good_values, is_required, samples};

fn full_values(integration: &Integration) -> Map<String, Value> {
    samples(integration.fields, |_| "text")
}

fn unknown_key(text: &str) -> UnknownIntegrationKey {
    text.parse::<IntegrationKey>().unwrap_err()
}

/// The kinds and paths of all problems.
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
fn keys_are_unique_and_sorted() {
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
            assert_eq!(unknown_key(&other).suggestion(), Some(integration.key));
        }
    }
}

#[test]
fn the_error_shows_an_excerpt_of_an_unknown_key() {
    let error = unknown_key(&"line\n\u{1b}".repeat(10_000));
    for text in [error.to_string(), format!("{error:?}")] {
        assert!(text.len() < 600, "{text}");
        assert!(!text.contains(['\n', '\u{1b}']), "{text}");
    }
}

#[test]
fn every_integration_reads_and_writes_its_values() {
    for integration in ALL {
        let members = full_values(integration);
        let values = AnyConfigValues::from_json(integration.key, members.clone().into()).unwrap();
        assert_eq!(values.key().as_str(), integration.key);
        assert_eq!(values.integration(), integration);
        assert_eq!(serde_json::to_value(&values).unwrap(), json!(members));

        // The values are in the manifest's order, unlike in a map of serde_json.
        let text = serde_json::to_string(&values).unwrap();
        let fields = integration.fields.iter();
        assert!(fields.is_sorted_by_key(|field| text.find(&format!("{:?}:", field.key))));
        let values = AnyConfigValues::from_json_str(integration.key, &text).unwrap();
        assert_eq!(serde_json::to_string(&values).unwrap(), text);
        assert_eq!(serde_json::to_string(&values.clone()).unwrap(), text);
    }
}

#[test]
fn each_missing_required_field_is_reported() {
    let mut count = 0;
    for integration in ALL {
        for field in integration.fields {
            let mut members = full_values(integration);
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
fn values_are_send_and_sync() {
    fn assert_send_sync<T: Send + Sync + 'static>() {}
    assert_send_sync::<AnyConfigValues>();
    assert_send_sync::<InvalidConfigValues>();
}

/// The endpoints of an integration and its capabilities, each with the form variables that it accepts.
fn endpoints_with_fields(integration: &'static Integration) -> Vec<(Endpoint, &'static [Field])> {
    let endpoints = integration.endpoints.iter().copied();
    endpoints
        .map(|endpoint| (endpoint, fields_of(integration, endpoint)))
        .collect()
}

#[test]
fn each_endpoint_accepts_only_the_values_of_its_integrations() {
    let mut accepting = HashSet::new();
    for integration in ALL {
        let key = integration.key;
        let accepted = endpoints_with_fields(integration);
        for (endpoint, fields) in &accepted {
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
            accepting.insert(*endpoint);
        }
        let others = Endpoint::ALL.iter().filter(|endpoint| {
            let mut accepted = accepted.iter();
            accepted.all(|(other, _)| other != *endpoint)
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
    assert!(!accepting.is_empty());
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
                blocks.any(|block| (block.capability, block.block) == FEATURE_STORE),
            ),
            (Endpoint::IntegrationConfiguration, allowed && !excluded),
        ]
        .into_iter()
        .filter_map(|(endpoint, accepts)| accepts.then_some(endpoint))
        .collect();
        let found: HashSet<Endpoint> = integration.endpoints.iter().copied().collect();
        assert_eq!(found, expected, "{}", integration.key);
        assert_eq!(found.len(), integration.endpoints.len());
    }
}

#[test]
fn values_of_a_capability_are_recognized_when_read_as_those_of_the_integration() {
    let mut count = 0;
    for integration in ALL {
        for (endpoint, fields) in endpoints_with_fields(integration) {
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

/// The endpoints that accept an integration's own values, and whether one accepts those of the block
/// `featureStore`. Read from LaunchDarkly's manifests and `overrides.toml`, not from the generated code.
fn expected_endpoints() -> BTreeMap<String, (BTreeSet<Endpoint>, bool)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../manifests");
    let mut facts: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
            && name != "upstream"
        {
            let manifest = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
            facts.entry(name.to_owned()).or_default().push(manifest);
        }
    }
    let overrides = fs::read_to_string(folder.join("overrides.toml")).unwrap();
    let overrides: Value = toml::from_str(&overrides).unwrap();
    for supplement in overrides["supplement"].as_array().into_iter().flatten() {
        let key = supplement["integration"].as_str().unwrap().to_owned();
        facts.entry(key).or_default().push(supplement.clone());
    }
    let expected = |facts: Vec<Value>| {
        let has = |capability: &str| {
            let mut all = facts.iter();
            all.any(|facts| !facts["capabilities"][capability].is_null())
        };
        let refused = |facts: &Value| facts["allowIntegrationConfigurations"] == false;
        let configurable = !(has("bigSegmentStore") || has("flagImport"));
        let own = [
            (Endpoint::AuditLogSubscription, has("auditLogEventsHook")),
            (Endpoint::BigSegmentStore, has("bigSegmentStore")),
            (Endpoint::FlagImport, has("flagImport")),
            (
                Endpoint::IntegrationConfiguration,
                configurable && !facts.iter().any(refused),
            ),
        ];
        let own = own.into_iter().filter(|(_, accepts)| *accepts);
        let store = facts
            .iter()
            .any(|facts| !facts["capabilities"]["featureStore"]["formVariables"].is_null());
        (own.map(|(endpoint, _)| endpoint).collect(), store)
    };
    let facts = facts.into_iter();
    facts.map(|(key, facts)| (key, expected(facts))).collect()
}

#[test]
fn every_endpoint_accepts_or_refuses_values_as_the_manifests_say() {
    let expected = expected_endpoints();
    let keys: BTreeSet<&str> = expected.keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        ALL.iter().map(|integration| integration.key).collect()
    );
    for (integration, (own, store)) in ALL.iter().zip(expected.values()) {
        let key = integration.key;
        for endpoint in Endpoint::ALL.iter().copied() {
            let accepts_store = endpoint == Endpoint::DeliveryConfiguration && *store;
            let accepts = own.contains(&endpoint) || accepts_store;
            let read = AnyConfigValues::for_endpoint(endpoint, key, json!({}));
            let wrong = matches!(read, Err(InvalidConfigValues::WrongEndpoint(_)));
            assert_eq!(wrong, !accepts, "{key} {endpoint}");
        }
        let values = AnyConfigValues::from_json(key, full_values(integration).into()).unwrap();
        check_sent(&values, |endpoint| own.contains(&endpoint));
        if *store {
            let endpoint = Endpoint::DeliveryConfiguration;
            let mut parts = endpoints_with_fields(integration).into_iter();
            let (_, fields) = parts.find(|(other, _)| *other == endpoint).unwrap();
            let members = samples(fields, |_| "text");
            let values = AnyConfigValues::for_endpoint(endpoint, key, members.into()).unwrap();
            check_sent(&values, |other| other == endpoint);
        }
    }
}

#[cfg(not(feature = "client"))]
fn check_sent(values: &AnyConfigValues, accepts: impl Fn(Endpoint) -> bool) {
    for endpoint in Endpoint::ALL.iter().copied() {
        assert_eq!(values.endpoints().contains(&endpoint), accepts(endpoint));
    }
}

#[cfg(feature = "client")]
fn check_sent(values: &AnyConfigValues, accepts: impl Fn(Endpoint) -> bool) {
    use launchdarkly_integrations::client::{
        NewAuditLogSubscription, NewBigSegmentStore, NewDeliveryConfiguration, NewFlagImport,
        NewIntegrationConfiguration,
    };
    for endpoint in Endpoint::ALL.iter().copied() {
        let values = values.clone();
        let key = values.key();
        let sent = match endpoint {
            Endpoint::IntegrationConfiguration => {
                NewIntegrationConfiguration::with_any("n", values).map(drop)
            }
            Endpoint::AuditLogSubscription => {
                NewAuditLogSubscription::with_any("n", values).map(drop)
            }
            Endpoint::DeliveryConfiguration => NewDeliveryConfiguration::with_any(values).map(drop),
            Endpoint::BigSegmentStore => NewBigSegmentStore::with_any(values).map(drop),
            Endpoint::FlagImport => NewFlagImport::with_any(values).map(drop),
            other => panic!("{other}"),
        };
        assert_eq!(sent.is_ok(), accepts(endpoint), "{key} {endpoint}");
    }
}

#[test]
fn every_error_has_a_problem() {
    let key = ALL[0].key;
    let errors = [
        AnyConfigValues::from_json("no such key", json!({})).unwrap_err(),
        AnyConfigValues::from_json(key, json!([])).unwrap_err(),
        AnyConfigValues::from_json(key, json!({"no such key": 1})).unwrap_err(),
        AnyConfigValues::from_json_str(key, "{").unwrap_err(),
        AnyConfigValues::for_endpoint(Endpoint::FlagImport, "no such key", json!({})).unwrap_err(),
    ];
    let wrong = ALL.iter().flat_map(|integration| {
        let endpoints = Endpoint::ALL.iter().copied();
        endpoints.filter_map(|endpoint| {
            AnyConfigValues::for_endpoint(endpoint, integration.key, json!([])).err()
        })
    });
    for error in errors.into_iter().chain(wrong) {
        assert!(!error.problems().is_empty(), "{error}");
    }
}

#[test]
fn values_of_another_endpoint_are_one_problem() {
    for integration in ALL {
        let parts = endpoints_with_fields(integration);
        for (endpoint, fields) in &parts {
            let own = |field: &Field| integration.fields.iter().any(|own| own.key == field.key);
            if *endpoint != Endpoint::DeliveryConfiguration || fields.iter().any(own) {
                continue;
            }
            let store =
                AnyConfigValues::from_json(integration.key, samples(fields, |_| "text").into());
            let error = store.unwrap_err();
            assert_eq!(
                problems(&error),
                [(ProblemKind::OtherEndpoint, "")],
                "{error}"
            );
            if parts.len() > 1 && !integration.fields.is_empty() {
                let own = Value::Object(full_values(integration));
                let read = AnyConfigValues::for_endpoint(*endpoint, integration.key, own);
                let error = read.unwrap_err();
                assert_eq!(
                    problems(&error),
                    [(ProblemKind::OtherEndpoint, "")],
                    "{error}"
                );
            }
        }
    }
}

#[test]
fn values_of_a_capability_without_an_endpoint_are_one_problem() {
    for integration in ALL {
        for block in integration.capability_fields {
            let is_sent = integration
                .endpoints
                .contains(&Endpoint::DeliveryConfiguration);
            let own = |field: &Field| integration.fields.iter().any(|own| own.key == field.key);
            if ((block.capability, block.block) == FEATURE_STORE && is_sent)
                || block.fields.is_empty()
                || block.fields.iter().any(own)
            {
                continue;
            }
            let values = samples(block.fields, |_| "text").into();
            let error = AnyConfigValues::from_json(integration.key, values).unwrap_err();
            assert_eq!(
                problems(&error),
                [(ProblemKind::OtherEndpoint, "")],
                "{error}"
            );
            let cause = format!(
                "its capability {}, which no endpoint accepts",
                block.capability
            );
            assert!(error.to_string().contains(&cause), "{error}");
        }
    }
}

#[test]
fn blank_values_are_refused_for_required_fields() {
    let mut count = 0;
    for integration in ALL {
        for field in integration.fields {
            for blank in ["", " ", "\t\n", "\u{a0}"] {
                let mut members = full_values(integration);
                let is_string = members[field.key].is_string();
                if !is_string || !field.allowed_values.is_empty() || !is_required(field) {
                    continue;
                }
                members.insert(field.key.to_owned(), blank.into());
                let key = integration.key;
                let error = AnyConfigValues::from_json(key, members.clone().into());
                let error = error.unwrap_err();
                assert_eq!(problems(&error), [(ProblemKind::Blank, field.key)]);
                // Lenient reading accepts blank strings, except for URIs.
                let lenient = AnyConfigValues::from_json_lenient(key, members.into());
                assert_eq!(lenient.is_ok(), field.kind.as_str() != "uri");
                count += 1;
            }
        }
    }
    assert!(count > 0);
}

#[test]
fn every_integration_compares_and_lists_its_values() {
    for integration in ALL {
        let members = full_values(integration);
        let read = |members: Map<String, Value>| {
            AnyConfigValues::from_json(integration.key, members.into()).unwrap()
        };
        let values = read(members.clone());
        assert_eq!(values, values.clone());
        assert_eq!(values, read(members.clone()));

        let entries = values.entries();
        let keys: Vec<&str> = entries.iter().map(|(key, _)| *key).collect();
        let fields = integration.fields.iter();
        assert_eq!(keys, fields.map(|field| field.key).collect::<Vec<_>>());
        for (field, (key, value)) in integration.fields.iter().zip(&entries) {
            let shown = (!field.secret).then_some(&members[*key]);
            assert_eq!(value.shown(), shown, "{}: {key}", integration.key);

            // Values differ if any field differs.
            let mut others = good_values(field, "other").into_iter();
            let Some(other) = others.find(|other| *other != members[*key]) else {
                continue;
            };
            let mut changed = members.clone();
            changed.insert((*key).to_owned(), other);
            assert_ne!(values, read(changed), "{}: {key}", integration.key);
            if !is_required(field) && field.optional {
                let mut less = members.clone();
                less.remove(*key);
                assert_ne!(values, read(less), "{}: {key}", integration.key);
            }
        }
    }
}

#[test]
fn lenient_reading_returns_unknown_keys_and_keeps_unlisted_values() {
    let mut unlisted = 0;
    for integration in ALL {
        let key = integration.key;
        let members = full_values(integration);
        let strict = AnyConfigValues::from_json(key, members.clone().into()).unwrap();
        let mut more = members.clone();
        more.insert("no such key".to_owned(), json!(["x"]));
        let read = AnyConfigValues::from_json_lenient(key, more.into()).unwrap();
        assert_eq!(read.values, strict);
        assert_eq!(read.unknown.len(), 1);
        assert_eq!(read.unknown[0].0, "no such key");
        assert_eq!(read.unknown[0].1.expose_secret(), &json!(["x"]));

        for field in integration.fields {
            let listed = !field.allowed_values.is_empty() && !field.secret;
            let (member, is_list) = match &members[field.key] {
                Value::Array(_) => (json!(["unlisted"]), true),
                _ => (json!("unlisted"), false),
            };
            if listed {
                let mut newer = members.clone();
                newer.insert(field.key.to_owned(), member.clone());
                let error = AnyConfigValues::from_json(key, newer.clone().into()).unwrap_err();
                assert_eq!(error.problems()[0].kind, ProblemKind::UnlistedValue);
                let read = AnyConfigValues::from_json_lenient(key, newer.into()).unwrap();
                assert_eq!(json!(read.values)[field.key], member);
                unlisted += 1;
            }
            if matches!(field.kind, FieldKind::Unknown(_)) {
                // It accepts any JSON.
                continue;
            }
            let wrong = if is_list { json!("x") } else { json!([["x"]]) };
            let mut members = members.clone();
            members.insert(field.key.to_owned(), wrong);
            let error = AnyConfigValues::from_json_lenient(key, members.into()).unwrap_err();
            assert_eq!(problems(&error), [(ProblemKind::WrongType, field.key)]);
        }
        for (endpoint, fields) in endpoints_with_fields(integration) {
            let mut members = samples(fields, |_| "text");
            members.insert("no such key".to_owned(), json!(1));
            let read = AnyConfigValues::for_endpoint_lenient(endpoint, key, members.into());
            let read = read.unwrap();
            assert_eq!((read.values.fields(), read.unknown.len()), (fields, 1));
        }
    }
    assert!(unlisted > 0);
}
