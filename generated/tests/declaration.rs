//! New resources that files declare: for every integration and endpoint, good and bad, and the
//! JSON Schema of such files.

// Clippy knows `#[test]` functions as tests, but not their helpers.
#![allow(clippy::panic, clippy::unwrap_used)]

mod support;

use std::collections::HashSet;

use launchdarkly_integrations::client::{Declaration, InvalidDeclaration, NewResource};
use launchdarkly_integrations::integrations::ALL;
use launchdarkly_integrations::{Endpoint, Field, Integration, ProblemKind};
use serde_json::{Map, Value, json};
use support::sample::{is_required, samples};
use support::validator::Validator;

fn validator() -> Validator {
    Validator::new(&schemars::schema_for!(Declaration).to_value())
}

fn fields(integration: &Integration, endpoint: Endpoint) -> &'static [Field] {
    if endpoint != Endpoint::DeliveryConfiguration {
        return integration.fields;
    }
    let mut blocks = integration.capability_fields.iter();
    let is_store = |block: &&launchdarkly_integrations::CapabilityFields| {
        (block.capability, block.block) == ("featureStore", "formVariables")
    };
    blocks.find(is_store).unwrap().fields
}

/// Every integration with every endpoint that takes its values.
fn pairs() -> impl Iterator<Item = (&'static Integration, Endpoint)> {
    ALL.iter().flat_map(|integration| {
        let endpoints = integration.endpoints.iter();
        endpoints.map(move |endpoint| (integration, *endpoint))
    })
}

/// All that the endpoint takes.
fn full(integration: &Integration, endpoint: Endpoint) -> Value {
    let values = samples(fields(integration, endpoint), |_| "text");
    let mut declaration = json!({
        "key": integration.key,
        "endpoint": endpoint,
        "name": "a name",
        "values": values,
        "tags": ["a", "b"],
        "unchecked": {"more": [1, null]},
    });
    let more = match endpoint {
        Endpoint::IntegrationConfiguration | Endpoint::AuditLogSubscription => json!({
            "on": false,
            "statements": [
                {"effect": "allow", "resources": ["proj/*"], "actions": ["*"]},
                {"effect": "deny", "notResources": ["proj/a"], "notActions": ["b", "c"]},
            ],
        }),
        Endpoint::FlagImport => json!({"project": "p"}),
        _ => json!({"on": true, "project": "p", "environment": "e"}),
    };
    for (name, value) in more.as_object().unwrap() {
        declaration[name] = value.clone();
    }
    declaration
}

fn no_variables(name: &str) -> Option<String> {
    panic!("asked for {name}");
}

/// The body of the request that creates it, without where it goes.
fn body(resource: &NewResource) -> Value {
    match resource {
        NewResource::IntegrationConfiguration(new) => serde_json::to_value(new),
        NewResource::AuditLogSubscription(new) => serde_json::to_value(new),
        NewResource::DeliveryConfiguration { new, .. } => serde_json::to_value(new),
        NewResource::BigSegmentStore { new, .. } => serde_json::to_value(new),
        NewResource::FlagImport { new, .. } => serde_json::to_value(new),
        other => panic!("{other:?}"),
    }
    .unwrap()
}

/// Kinds and paths.
fn problems(error: &InvalidDeclaration) -> Vec<(ProblemKind, &str)> {
    let problems = error.problems().iter();
    problems
        .map(|problem| (problem.kind, problem.path.as_str()))
        .collect()
}

#[test]
fn everything_that_is_declared_is_in_the_request() {
    let validator = validator();
    for (integration, endpoint) in pairs() {
        let file = full(integration, endpoint);
        validator.check(&file).unwrap();
        let declaration = Declaration::from_json(file.clone()).unwrap();
        assert_eq!(declaration.integration_key().as_str(), integration.key);
        assert_eq!(declaration.endpoint(), endpoint);
        assert_eq!(declaration.name(), Some("a name"));
        assert_eq!(declaration.project(), file["project"].as_str());
        assert_eq!(declaration.environment(), file["environment"].as_str());
        assert_eq!(declaration.variables().count(), 0);

        let mut values = file["values"].clone();
        values["more"] = json!([1, null]);
        let mut expected = json!({"name": "a name", "tags": ["a", "b"]});
        let configuration = endpoint == Endpoint::IntegrationConfiguration;
        let names = if configuration {
            ("configValues", "enabled")
        } else {
            ("config", "on")
        };
        expected[names.0] = values;
        if let Some(on) = file.get("on") {
            expected[names.1] = on.clone();
        }
        if let Some(statements) = file.get("statements") {
            if configuration {
                let hook = json!({"auditLogEventsHook": {"statements": statements}});
                expected["capabilityConfig"] = hook;
            } else {
                expected["statements"] = statements.clone();
            }
        }
        let resource = declaration.resolve(no_variables).unwrap();
        assert_eq!(body(&resource), expected);
        match &resource {
            NewResource::DeliveryConfiguration {
                project,
                environment,
                ..
            }
            | NewResource::BigSegmentStore {
                project,
                environment,
                ..
            } => {
                assert_eq!((project.as_str(), environment.as_str()), ("p", "e"));
            }
            NewResource::FlagImport { project, .. } => assert_eq!(project, "p"),
            _ => {}
        }

        // By text, in two formats.
        let read: Declaration = serde_json::from_str(&file.to_string()).unwrap();
        assert_eq!(body(&read.resolve(no_variables).unwrap()), expected);
        let mut file = file;
        file["unchecked"] = json!({"more": [1]});
        let read: Declaration = toml::Value::try_from(&file).unwrap().try_into().unwrap();
        let resource = read.resolve(no_variables).unwrap();
        expected[names.0]["more"] = json!([1]);
        assert_eq!(body(&resource), expected);
    }
}

#[test]
fn a_file_in_toml() {
    let (integration, endpoint) = pairs().next().unwrap();
    let file = least(integration, endpoint);
    let expected = Declaration::from_json(file.clone()).unwrap();
    let expected = expected.resolve(no_variables).unwrap();
    let mut text = String::new();
    for (name, value) in file.as_object().unwrap() {
        match value.as_object() {
            None => text.insert_str(0, &format!("{name} = {value}\n")),
            Some(members) => {
                text.push_str(&format!("[{name}]\n"));
                for (key, value) in members {
                    text.push_str(&format!("{key:?} = {value}\n"));
                }
            }
        }
    }
    let declaration: Declaration = toml::from_str(&text).unwrap();
    let resource = declaration.resolve(no_variables).unwrap();
    assert_eq!(body(&resource), body(&expected));

    let error = toml::from_str::<Declaration>("key = 1979-05-27\ntags = 1").unwrap_err();
    let expected = "2 problems: key: wrong type; expected a string; found an object | tags: wrong";
    assert!(error.to_string().contains(expected), "{error}");
}

#[test]
fn an_endpoint_may_be_left_out_if_there_is_only_one() {
    let validator = validator();
    for integration in ALL {
        let Some(endpoint) = integration.endpoints.first() else {
            let file = json!({"key": integration.key, "name": "a name"});
            assert!(!validator.is_valid(&file));
            let error = Declaration::from_json(file).unwrap_err();
            assert_eq!(problems(&error), [(ProblemKind::WrongEndpoint, "key")]);
            continue;
        };
        let mut file = full(integration, *endpoint);
        file.as_object_mut().unwrap().remove("endpoint");
        let only = integration.endpoints.len() == 1;
        assert_eq!(validator.is_valid(&file), only, "{}", integration.key);
        match Declaration::from_json(file) {
            Ok(declaration) => assert!(only && declaration.endpoint() == *endpoint),
            Err(error) => {
                assert!(!only);
                assert_eq!(problems(&error), [(ProblemKind::MissingKey, "endpoint")]);
            }
        }
    }
}

#[test]
fn an_endpoint_that_takes_nothing_of_it_is_refused() {
    let validator = validator();
    for integration in ALL.iter().filter(|one| !one.endpoints.is_empty()) {
        for endpoint in Endpoint::ALL {
            if integration.endpoints.contains(endpoint) {
                continue;
            }
            let mut file = full(integration, integration.endpoints[0]);
            file["endpoint"] = json!(endpoint);
            assert!(!validator.is_valid(&file));
            let error = Declaration::from_json(file).unwrap_err();
            assert_eq!(problems(&error), [(ProblemKind::WrongEndpoint, "endpoint")]);
        }
    }
}

/// The file without what may be left out.
fn least(integration: &Integration, endpoint: Endpoint) -> Value {
    let mut file = full(integration, endpoint);
    let members = file.as_object_mut().unwrap();
    for name in ["tags", "unchecked", "on", "statements"] {
        members.remove(name);
    }
    file
}

#[test]
fn every_mistake_has_a_path() {
    let validator = validator();
    let mut seen = HashSet::new();
    for (integration, endpoint) in pairs() {
        let good = least(integration, endpoint);
        validator.check(&good).unwrap();
        let named = matches!(
            endpoint,
            Endpoint::IntegrationConfiguration | Endpoint::AuditLogSubscription
        );
        let placed = good.get("environment").is_some();
        let of_project = good.get("project").is_some();
        use ProblemKind::*;
        let mut cases: Vec<(&str, Value, ProblemKind, &str)> = vec![
            ("key", json!(1), WrongType, "key"),
            ("key", json!("no such key"), UnknownIntegration, "key"),
            ("endpoint", json!("flag-imports"), UnlistedValue, "endpoint"),
            ("endpoint", json!(null), Null, "endpoint"),
            ("name", json!(""), Blank, "name"),
            ("name", json!(" \t"), Blank, "name"),
            ("name", json!({}), WrongType, "name"),
            ("tags", json!("a"), WrongType, "tags"),
            ("tags", json!(["a", 1]), WrongType, "tags[1]"),
            ("tags", json!([""]), Blank, "tags[0]"),
            ("unchecked", json!([]), WrongType, "unchecked"),
            ("values", json!([]), WrongType, "values"),
            ("no such name", json!(1), UnknownKey, "no such name"),
        ];
        if endpoint == Endpoint::FlagImport {
            cases.push(("on", json!(true), UnknownKey, "on"));
        } else {
            cases.push(("on", json!("true"), WrongType, "on"));
        }
        if !of_project {
            cases.push(("project", json!("p"), UnknownKey, "project"));
        }
        if !placed {
            cases.push(("environment", json!("e"), UnknownKey, "environment"));
        }
        if named {
            let statement = |json| ("statements", json!([json]));
            for ((name, json), kind, path) in [
                (statement(json!(1)), WrongType, "statements[0]"),
                (
                    statement(json!({"effect": "permit", "resources": [], "actions": []})),
                    UnlistedValue,
                    "statements[0].effect",
                ),
                (
                    statement(json!({"resources": [], "actions": []})),
                    MissingKey,
                    "statements[0].effect",
                ),
                (
                    statement(json!({"effect": "deny", "actions": []})),
                    MissingKey,
                    "statements[0].resources",
                ),
                (
                    statement(json!({
                        "effect": "deny", "resources": [], "actions": [], "notActions": []
                    })),
                    DuplicateKey,
                    "statements[0].actions",
                ),
                (
                    statement(json!({"effect": "deny", "notResources": [7], "actions": []})),
                    WrongType,
                    "statements[0].notResources[0]",
                ),
                (
                    statement(json!({
                        "effect": "deny", "resources": [], "actions": [], "action": []
                    })),
                    UnknownKey,
                    "statements[0].action",
                ),
            ] {
                cases.push((name, json, kind, path));
            }
        } else {
            cases.push(("statements", json!([]), UnknownKey, "statements"));
        }
        // What isn't about values is alike for all integrations.
        if !seen.insert(endpoint) {
            cases.clear();
        }
        for (name, value, kind, path) in cases {
            let mut file = good.clone();
            file[name] = value;
            assert!(!validator.is_valid(&file), "{file}");
            let text = file.to_string();
            let error = Declaration::from_json(file).unwrap_err();
            assert_eq!(problems(&error), [(kind, path)], "{error}");
            let by_text = serde_json::from_str::<Declaration>(&text).unwrap_err();
            assert!(
                by_text.to_string().starts_with(&error.to_string()),
                "{by_text}"
            );
        }
        let required = [
            ("name", named),
            ("project", of_project),
            ("environment", placed),
        ];
        for (name, required) in required {
            let mut file = good.clone();
            file.as_object_mut().unwrap().remove(name);
            assert_eq!(validator.is_valid(&file), !required);
            match Declaration::from_json(file) {
                Ok(_) => assert!(!required),
                Err(error) => assert_eq!(problems(&error), [(ProblemKind::MissingKey, name)]),
            }
        }
        for field in fields(integration, endpoint)
            .iter()
            .filter(|one| is_required(one))
        {
            let mut file = good.clone();
            file["values"].as_object_mut().unwrap().remove(field.key);
            assert!(!validator.is_valid(&file));
            let error = Declaration::from_json(file).unwrap_err();
            let path = format!("values.{}", field.key);
            assert_eq!(problems(&error), [(ProblemKind::MissingKey, path.as_str())]);
        }
        let mut file = good.clone();
        file["values"]["no such key"] = json!({"env": "A"});
        assert!(!validator.is_valid(&file));
        let error = Declaration::from_json(file).unwrap_err();
        assert_eq!(
            problems(&error),
            [(ProblemKind::UnknownKey, "values.no such key")]
        );
        assert!(
            error.to_string().ends_with("put it in `unchecked`"),
            "{error}"
        );
    }
}

#[test]
fn strings_may_be_in_environment_variables() {
    let validator = validator();
    let mut count = 0;
    for (integration, endpoint) in pairs() {
        let good = least(integration, endpoint);
        for field in fields(integration, endpoint) {
            let value = good["values"][field.key].clone();
            let mut file = good.clone();
            file["values"][field.key] = json!({"env": "CANARY"});
            let Some(text) = value.as_str() else {
                continue;
            };
            count += 1;
            let path = format!("values.{}", field.key);
            // Of other types this is a value, or none.
            if !validator.is_valid(&file) {
                continue;
            }
            let declaration = Declaration::from_json(file.clone()).unwrap();
            if declaration.variables().count() == 0 {
                continue;
            }
            assert_eq!(declaration.variables().collect::<Vec<_>>(), ["CANARY"]);
            let resolved = declaration.resolve(|name| {
                assert_eq!(name, "CANARY");
                Some(text.to_owned())
            });
            let expected = Declaration::from_json(good.clone()).unwrap();
            let expected = expected.resolve(no_variables).unwrap();
            assert_eq!(body(&resolved.unwrap()), body(&expected));

            for unset in [None, Some(String::new()), Some(" \n".to_owned())] {
                let error = declaration.resolve(|_| unset.clone()).unwrap_err();
                assert_eq!(
                    problems(&error),
                    [(ProblemKind::MissingVariable, path.as_str())]
                );
                assert!(error.to_string().ends_with("expected CANARY"), "{error}");
            }
            if !field.allowed_values.is_empty() || field.kind.as_str() == "uri" {
                let error = declaration.resolve(|_| Some("s3cret-canary".to_owned()));
                let error = error.unwrap_err();
                assert_eq!(error.problems()[0].path, path);
                let shown = format!("{error} {error:?}");
                assert!(!shown.contains("s3cret"), "{shown}");
                assert!(error.to_string().contains("the value of CANARY"), "{shown}");
            }
            // The other form is no reference.
            for wrong in [
                json!({"env": ""}),
                json!({"env": 1}),
                json!({"env": "A", "b": 1}),
            ] {
                file["values"][field.key] = wrong;
                assert!(!validator.is_valid(&file));
                let error = Declaration::from_json(file.clone()).unwrap_err();
                assert_eq!(problems(&error), [(ProblemKind::WrongType, path.as_str())]);
            }
        }
    }
    assert!(count > 0);
}

#[test]
fn unchecked_values_may_be_in_environment_variables() {
    let (integration, endpoint) = pairs().next().unwrap();
    let mut file = least(integration, endpoint);
    file["unchecked"] = json!({"a": {"env": "CANARY"}, "b": {"env": 1}});
    let declaration = Declaration::from_json(file).unwrap();
    let error = declaration.resolve(|_| None).unwrap_err();
    assert_eq!(
        problems(&error),
        [(ProblemKind::MissingVariable, "unchecked.a")]
    );
    let resource = declaration
        .resolve(|name| Some(format!("value of {name}")))
        .unwrap();
    let body = body(&resource).to_string();
    assert!(
        body.contains(r#""a":"value of CANARY","b":{"env":1}"#),
        "{body}"
    );
}

#[test]
fn a_key_that_is_given_twice_is_refused() {
    let (integration, endpoint) = pairs().find(|(one, _)| !one.fields.is_empty()).unwrap();
    let mut file = least(integration, endpoint);
    file["unchecked"] = json!({"x": 1});
    let text = file.to_string();
    let first = integration.fields[0].key;
    for (before, after, path) in [
        ("{\"", "{\"name\":\"b\",\"".to_owned(), "name"),
        ("\"x\":1", "\"x\":1,\"x\":1".to_owned(), "unchecked.x"),
        (
            "\"values\":{",
            format!("\"values\":{{{first:?}:{},", file["values"][first]),
            &format!("values.{first}"),
        ),
    ] {
        let text = text.replacen(before, &after, 1);
        let error = serde_json::from_str::<Declaration>(&text).unwrap_err();
        let expected = format!("{path}: given more than once; expected one value");
        assert!(error.to_string().starts_with(&expected), "{text}: {error}");
    }
}

#[test]
fn values_of_another_endpoint_name_it() {
    for (integration, endpoint) in pairs() {
        let store = Endpoint::DeliveryConfiguration;
        let own = integration.fields.iter().map(|field| field.key);
        let own: HashSet<&str> = own.collect();
        if endpoint == store || !integration.endpoints.contains(&store) {
            continue;
        }
        let values = samples(fields(integration, store), |_| "text");
        if values.keys().any(|key| own.contains(key.as_str())) {
            continue;
        }
        let mut file = least(integration, endpoint);
        file["values"] = values.into();
        let error = Declaration::from_json(file).unwrap_err();
        assert_eq!(problems(&error), [(ProblemKind::OtherEndpoint, "values")]);
        let end = "of its capability featureStore; their endpoint is delivery-configuration";
        assert!(error.to_string().ends_with(end), "{error}");
    }
}

#[test]
fn no_value_is_shown() {
    const CANARY: &str = "c4nary";
    for (integration, endpoint) in pairs() {
        let mut file = least(integration, endpoint);
        let values: Map<String, Value> = fields(integration, endpoint)
            .iter()
            .map(|field| (field.key.to_owned(), json!(CANARY)))
            .collect();
        let is_secret = |field: &Field| field.secret;
        let secret = fields(integration, endpoint).iter().all(is_secret);
        file["values"] = values.into();
        file["unchecked"] = json!({"a": CANARY});
        match Declaration::from_json(file) {
            Ok(declaration) => {
                let shown = format!("{declaration:?}");
                assert!(!shown.contains(CANARY), "{shown}");
                let resource = declaration.resolve(no_variables).unwrap();
                if secret {
                    let shown = format!("{resource:?} {}", resource.redacted().unwrap());
                    assert!(!shown.contains(CANARY), "{shown}");
                }
            }
            Err(error) if secret => {
                let shown = format!("{error} {error:?}");
                assert!(!shown.contains(CANARY), "{shown}");
            }
            Err(_) => {}
        }
    }
    for text in ["\"c4nary\"", "[\"c4nary\"]", "c4nary"] {
        let error = serde_json::from_str::<Declaration>(text).unwrap_err();
        assert!(!error.to_string().contains(CANARY), "{error}");
    }
}
