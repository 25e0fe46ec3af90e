//! Declarations of new resources, valid and invalid, for every integration and endpoint, and their JSON
//! Schema.

// Clippy knows `#[test]` functions as tests, but not their helpers.
#![allow(clippy::panic, clippy::unwrap_used)]

mod support;

use std::collections::HashSet;

use launchdarkly_integrations::client::{Declaration, InvalidDeclaration, NewResource};
use launchdarkly_integrations::integrations::ALL;
use launchdarkly_integrations::{Endpoint, Field, Integration, ProblemKind};
use serde_json::{Map, Value, json};
use support::sample::{fields_of, is_required, samples};
use support::validator::Validator;

fn validator() -> Validator {
    Validator::new(&schemars::schema_for!(Declaration).to_value())
}

/// Every integration with every endpoint that takes its values.
fn pairs() -> impl Iterator<Item = (&'static Integration, Endpoint)> {
    ALL.iter().flat_map(|integration| {
        let endpoints = integration.endpoints.iter();
        endpoints.map(move |endpoint| (integration, *endpoint))
    })
}

/// A declaration with every property that the endpoint takes.
fn full(integration: &Integration, endpoint: Endpoint) -> Value {
    let values = samples(fields_of(integration, endpoint), |_| "text");
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
    if endpoint == Endpoint::IntegrationConfiguration {
        declaration["additionalFormVariables"] = json!([
            {"key": "a", "name": "A", "type": "string"},
            {
                "key": "b",
                "name": "B",
                "type": "dynamicEnum",
                "description": "",
                "placeholder": "Choose one",
                "isOptional": true,
                "defaultValue": "x",
                "allowedValues": ["", "x"],
                "dynamicOptions": {"endpoint": {"url": "https://example.com"}},
            },
        ]);
    }
    declaration
}

fn no_variables(name: &str) -> Option<String> {
    panic!("reads {name}");
}

/// The body of the request that creates it.
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

/// The kind and path of each problem.
fn problems(error: &InvalidDeclaration) -> Vec<(ProblemKind, &str)> {
    let problems = error.problems().iter();
    problems
        .map(|problem| (problem.kind, problem.path.as_str()))
        .collect()
}

#[test]
fn every_property_is_in_the_request() {
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
        assert_eq!(declaration.environment_variables().count(), 0);

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
                expected["capabilityConfig"] = json!({
                    "approvals": {"additionalFormVariables": file["additionalFormVariables"]},
                    "auditLogEventsHook": {"statements": statements},
                });
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

        // From a string, in two formats.
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
fn toml_is_read() {
    let (integration, endpoint) = pairs().next().unwrap();
    let file = minimal(integration, endpoint);
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
fn the_endpoint_is_optional_if_there_is_only_one() {
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
fn an_endpoint_that_does_not_take_the_integration_is_refused() {
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

/// A declaration without optional properties.
fn minimal(integration: &Integration, endpoint: Endpoint) -> Value {
    let mut file = full(integration, endpoint);
    let members = file.as_object_mut().unwrap();
    for name in [
        "tags",
        "unchecked",
        "on",
        "statements",
        "additionalFormVariables",
    ] {
        members.remove(name);
    }
    file
}

#[test]
fn every_mistake_is_named_with_its_path() {
    let validator = validator();
    let mut seen = HashSet::new();
    for (integration, endpoint) in pairs() {
        let good = minimal(integration, endpoint);
        validator.check(&good).unwrap();
        let needs_name = matches!(
            endpoint,
            Endpoint::IntegrationConfiguration | Endpoint::AuditLogSubscription
        );
        let has_environment = good.get("environment").is_some();
        let has_project = good.get("project").is_some();
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
        if !has_project {
            cases.push(("project", json!("p"), UnknownKey, "project"));
        }
        if !has_environment {
            cases.push(("environment", json!("e"), UnknownKey, "environment"));
        }
        if needs_name {
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
        if endpoint == Endpoint::IntegrationConfiguration {
            let variable = |more: Value| {
                let mut variable = json!({"key": "a", "name": "A", "type": "string"});
                for (name, value) in more.as_object().unwrap() {
                    variable[name] = value.clone();
                }
                json!([variable])
            };
            for (json, kind, path) in [
                (json!({}), WrongType, ""),
                (json!([1]), WrongType, "[0]"),
                (json!([{"key": "a", "name": "A"}]), MissingKey, "[0].type"),
                (variable(json!({"key": " "})), Blank, "[0].key"),
                (variable(json!({"kind": "x"})), UnknownKey, "[0].kind"),
                (
                    variable(json!({"placeholder": 1})),
                    WrongType,
                    "[0].placeholder",
                ),
                (
                    variable(json!({"isOptional": null})),
                    Null,
                    "[0].isOptional",
                ),
                (
                    variable(json!({"allowedValues": ["", 1]})),
                    WrongType,
                    "[0].allowedValues[1]",
                ),
                (
                    variable(json!({"dynamicOptions": []})),
                    WrongType,
                    "[0].dynamicOptions",
                ),
            ] {
                let mut file = good.clone();
                file["additionalFormVariables"] = json;
                assert!(!validator.is_valid(&file), "{file}");
                let error = Declaration::from_json(file).unwrap_err();
                let path = format!("additionalFormVariables{path}");
                assert_eq!(problems(&error), [(kind, path.as_str())], "{error}");
            }
        } else {
            let path = "additionalFormVariables";
            cases.push((path, json!([]), UnknownKey, path));
        }
        // These mistakes don't depend on the integration.
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
            let from_string = serde_json::from_str::<Declaration>(&text).unwrap_err();
            assert!(
                from_string.to_string().starts_with(&error.to_string()),
                "{from_string}"
            );
        }
        let properties = [
            ("name", needs_name),
            ("project", has_project),
            ("environment", has_environment),
        ];
        for (name, required) in properties {
            let mut file = good.clone();
            file.as_object_mut().unwrap().remove(name);
            assert_eq!(validator.is_valid(&file), !required);
            match Declaration::from_json(file) {
                Ok(_) => assert!(!required),
                Err(error) => assert_eq!(problems(&error), [(ProblemKind::MissingKey, name)]),
            }
        }
        for field in fields_of(integration, endpoint)
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
fn strings_are_read_from_environment_variables() {
    let validator = validator();
    let mut count = 0;
    for (integration, endpoint) in pairs() {
        let good = minimal(integration, endpoint);
        for field in fields_of(integration, endpoint) {
            let value = good["values"][field.key].clone();
            let mut file = good.clone();
            file["values"][field.key] = json!({"env": "CANARY"});
            let Some(text) = value.as_str() else {
                continue;
            };
            count += 1;
            let path = format!("values.{}", field.key);
            // Other types may take the object as a value.
            if !validator.is_valid(&file) {
                continue;
            }
            let declaration = Declaration::from_json(file.clone()).unwrap();
            if declaration.environment_variables().count() == 0 {
                continue;
            }
            assert_eq!(
                declaration.environment_variables().collect::<Vec<_>>(),
                ["CANARY"]
            );
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
            // Other objects aren't environment variables.
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
fn unchecked_values_are_read_from_environment_variables() {
    let (integration, endpoint) = pairs().next().unwrap();
    let mut file = minimal(integration, endpoint);
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
    let mut file = minimal(integration, endpoint);
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
fn values_of_another_endpoint_are_refused_with_its_name() {
    for (integration, endpoint) in pairs() {
        let store = Endpoint::DeliveryConfiguration;
        let own = integration.fields.iter().map(|field| field.key);
        let own: HashSet<&str> = own.collect();
        if endpoint == store || !integration.endpoints.contains(&store) {
            continue;
        }
        let values = samples(fields_of(integration, store), |_| "text");
        if values.keys().any(|key| own.contains(key.as_str())) {
            continue;
        }
        let mut file = minimal(integration, endpoint);
        file["values"] = values.into();
        let error = Declaration::from_json(file).unwrap_err();
        assert_eq!(problems(&error), [(ProblemKind::OtherEndpoint, "values")]);
        let end = "of its capability featureStore; their endpoint is delivery-configuration";
        assert!(error.to_string().ends_with(end), "{error}");
    }
}

#[test]
fn credentials_of_additional_form_variables_are_redacted() {
    let pair = pairs().find(|(_, endpoint)| *endpoint == Endpoint::IntegrationConfiguration);
    let (integration, endpoint) = pair.unwrap();
    let mut file = minimal(integration, endpoint);
    file["additionalFormVariables"] = json!([{
        "key": "a",
        "name": "A",
        "type": "dynamicEnum",
        "defaultValue": "c4nary",
        "dynamicOptions": {"endpoint": {"headers": [{"value": "c4nary"}]}},
    }]);
    let declaration = Declaration::from_json(file).unwrap();
    let resource = declaration.resolve(no_variables).unwrap();
    let redacted = resource.redacted().unwrap();
    let variable = &redacted["capabilityConfig"]["approvals"]["additionalFormVariables"][0];
    assert_eq!(variable["key"], "a");
    assert_eq!(variable["dynamicOptions"], "[redacted]");
    let shown = format!("{declaration:?} {resource:?} {redacted}");
    assert!(!shown.contains("c4nary"), "{shown}");
}

#[test]
fn debug_and_errors_show_no_value() {
    const CANARY: &str = "c4nary";
    for (integration, endpoint) in pairs() {
        let mut file = minimal(integration, endpoint);
        let values: Map<String, Value> = fields_of(integration, endpoint)
            .iter()
            .map(|field| (field.key.to_owned(), json!(CANARY)))
            .collect();
        let is_secret = |field: &Field| field.secret;
        let secret = fields_of(integration, endpoint).iter().all(is_secret);
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
