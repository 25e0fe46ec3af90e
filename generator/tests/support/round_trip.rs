//! A test that `emitted.rs` copies into the generated package. `check_all.rs` lists the structs, and
//! `cases.json` has the test cases from the manifests.

use std::collections::HashSet;
use std::fmt::Debug;

use launchdarkly_integrations::integrations::{ALL, get};
use launchdarkly_integrations::{
    AnyConfigValues, Field, FormValues, InvalidValues, ProblemKind,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

include!("check_all.rs");

#[test]
fn every_struct_reads_and_writes_the_values_of_its_manifest() {
    let cases = Cases(serde_json::from_str(include_str!("cases.json")).unwrap());
    check_all(&cases);
}

#[test]
fn the_table_has_the_facts_of_every_manifest() {
    let cases: Value = serde_json::from_str(include_str!("cases.json")).unwrap();
    let cases = cases.as_array().unwrap();
    let keys: Vec<&str> = ALL.iter().map(|integration| integration.key).collect();
    let expected: Vec<&str> = cases
        .iter()
        .map(|case| case["key"].as_str().unwrap())
        .collect();
    assert_eq!(keys, expected);
    for case in cases {
        let found = get(case["key"].as_str().unwrap()).unwrap();
        let facts = json!({
            "key": found.key,
            "name": found.name,
            "version": found.version,
            "requires_oauth": found.requires_oauth,
            "allow_integration_configurations": found.allow_integration_configurations,
            "capabilities": found.capabilities,
            "other_capabilities": found.other_capabilities,
            "endpoints": found.endpoints,
        });
        for (name, value) in facts.as_object().unwrap() {
            assert_eq!(value, &case[name], "{}: {name}", found.key);
        }
        let blocks: HashSet<String> = found
            .capability_fields
            .iter()
            .map(|block| format!("{}.{}", block.capability, block.block))
            .chain(["formVariables".to_owned()])
            .collect();
        let expected: HashSet<String> = array(&case["blocks"])
            .iter()
            .map(|block| text(&block["block"]).to_owned())
            .collect();
        assert_eq!(blocks, expected, "{}", found.key);
    }
    assert!(get("no such integration").is_none());
}

#[test]
fn values_without_their_type_are_the_same() {
    let cases: Value = serde_json::from_str(include_str!("cases.json")).unwrap();
    for case in array(&cases) {
        let key = text(&case["key"]);
        let top = array(&case["blocks"])
            .iter()
            .find(|block| block["block"] == "formVariables");
        let samples: Vec<(&str, String)> = array(&top.unwrap()["fields"])
            .iter()
            .map(|field| (text(&field["key"]), text(&field["sample"]).to_owned()))
            .collect();
        let values = AnyConfigValues::from_json_str(key, &object(&samples))
            .unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(values.key().as_str(), key);
        assert_eq!(serde_json::to_string(&values).unwrap(), object(&samples));
    }
}

struct Cases(Value);

impl Cases {
    fn check<T: FormValues + Serialize + DeserializeOwned + Clone + Debug + Eq>(
        &self,
        key: &str,
        block: &str,
    ) {
        let integration = array(&self.0).iter().find(|case| case["key"] == key);
        let blocks = array(&integration.unwrap()["blocks"]);
        let case = blocks.iter().find(|case| case["block"] == block).unwrap();
        Struct {
            place: format!("{key} {block}"),
            fields: array(&case["fields"]).iter().collect(),
            facts: T::FIELDS,
            read: |text| {
                let values = T::from_json_str(text)?;
                let lenient = T::from_json_lenient(serde_json::from_str(text).unwrap()).unwrap();
                assert!(lenient.values == values && lenient.unknown.is_empty(), "{text}");
                let entries: Map<String, Value> = values
                    .entries()
                    .into_iter()
                    .map(|(key, value)| (key.to_owned(), json!(value)))
                    .collect();
                let sent: Map<String, Value> = serde_json::from_value(json!(values)).unwrap();
                assert!(entries.keys().eq(sent.keys()), "{text}");
                Ok((written(&values).0, format!("{values:?}{}", json!(entries))))
            },
            by_serde: |text| serde_json::from_str::<T>(text).map(|values| written(&values)),
        }
        .check();
    }
}

/// The JSON and the `Debug` output of values.
fn written<T: Serialize + Debug + Clone>(values: &T) -> (String, String) {
    (
        serde_json::to_string(&values.clone()).unwrap(),
        format!("{values:?}"),
    )
}

/// A struct's functions without its type, so that the checks are compiled only once.
struct Struct<'a> {
    place: String,
    fields: Vec<&'a Value>,
    facts: &'static [Field],
    read: fn(&str) -> Result<(String, String), InvalidValues>,
    by_serde: fn(&str) -> serde_json::Result<(String, String)>,
}

impl Struct<'_> {
    fn check(&self) {
        self.check_facts();
        self.check_round_trip();
        self.check_left_out();
        self.check_refusals();
    }

    fn check_facts(&self) {
        assert_eq!(self.facts.len(), self.fields.len(), "{}", self.place);
        for (found, expected) in self.facts.iter().zip(&self.fields) {
            let found = json!({
                "key": found.key,
                "label": found.label,
                "kind": found.kind.as_str(),
                "optional": found.optional,
                "secret": found.secret,
                "hidden": found.hidden,
                "default": found.default.map(Value::from),
                "allowed_values": found.allowed_values,
            });
            for (name, value) in found.as_object().unwrap() {
                assert_eq!(value, &expected[name], "{}: {name}", self.place);
            }
        }
    }

    fn samples(&self) -> Vec<(&str, String)> {
        let samples = self.fields.iter();
        samples
            .map(|field| (text(&field["key"]), text(&field["sample"]).to_owned()))
            .collect()
    }

    fn check_round_trip(&self) {
        let samples = self.samples();
        let expected = object(&samples);
        let mut backwards = samples.clone();
        backwards.reverse();
        // The output has the manifest's order for any order of the input.
        for input in [&expected, &object(&backwards)] {
            let (output, debug) =
                (self.read)(input).unwrap_or_else(|error| panic!("{}: {error}", self.place));
            assert_eq!(output, expected, "{}", self.place);
            for field in &self.fields {
                let free = field["free"] == true;
                let shown = debug.contains(text(&field["mark"]));
                assert_eq!(
                    shown && free,
                    free && field["secret"] == false,
                    "{}: {}",
                    self.place,
                    field["key"]
                );
            }
        }
        let (output, _) =
            (self.by_serde)(&expected).unwrap_or_else(|error| panic!("{}: {error}", self.place));
        assert_eq!(output, expected, "{}", self.place);
    }

    fn check_left_out(&self) {
        for (position, field) in self.fields.iter().enumerate() {
            let key = text(&field["key"]);
            let mut samples = self.samples();
            samples.remove(position);
            let outcome = (self.read)(&object(&samples));
            if field["optional"] == true {
                assert_eq!(
                    outcome.unwrap().0,
                    object(&samples),
                    "{}: {key}",
                    self.place
                );
            } else if field["left_out"].is_null() {
                self.assert_refused(outcome, ProblemKind::MissingKey, key);
            } else {
                samples.insert(position, (key, field["left_out"].to_string()));
                assert_eq!(
                    outcome.unwrap().0,
                    object(&samples),
                    "{}: {key}",
                    self.place
                );
            }
        }
        // Only the required fields.
        let least = |with_defaults: bool| -> Vec<(&str, String)> {
            let fields = self
                .fields
                .iter()
                .filter(|field| field["optional"] == false);
            let fields = fields.filter_map(|field| {
                let key = text(&field["key"]);
                match &field["left_out"] {
                    Value::Null => Some((key, text(&field["sample"]).to_owned())),
                    default => with_defaults.then(|| (key, default.to_string())),
                }
            });
            fields.collect()
        };
        let (output, _) = (self.read)(&object(&least(false))).unwrap();
        assert_eq!(output, object(&least(true)), "{}", self.place);
    }

    fn check_refusals(&self) {
        let with = |key: &str, value: &str| {
            let mut samples = self.samples();
            samples.retain(|(other, _)| *other != key);
            samples.push((key, value.to_owned()));
            (self.read)(&object(&samples))
        };
        self.assert_refused(
            with("no such key", "1"),
            ProblemKind::UnknownKey,
            "no such key",
        );
        for field in &self.fields {
            let key = text(&field["key"]);
            self.assert_refused(with(key, "null"), ProblemKind::Null, key);
            for wrong in array(&field["wrong"]) {
                let [value, place, kind] = array(wrong) else {
                    panic!("{wrong}")
                };
                let outcome = with(key, &value.to_string());
                self.assert_refused(outcome, problem_kind(text(kind)), text(place));
            }
            let mut twice = self.samples();
            twice.extend(
                self.samples()
                    .into_iter()
                    .filter(|(other, _)| *other == key),
            );
            self.assert_refused((self.read)(&object(&twice)), ProblemKind::DuplicateKey, key);
        }
    }

    fn assert_refused(
        &self,
        outcome: Result<(String, String), InvalidValues>,
        kind: ProblemKind,
        path: &str,
    ) {
        let Err(error) = outcome else {
            panic!("{}: {path} was accepted, expected {kind:?}", self.place);
        };
        let [problem] = error.problems() else {
            panic!("{}: {error}", self.place);
        };
        assert_eq!(
            (problem.kind, problem.path.as_str()),
            (kind, path),
            "{}: {error}",
            self.place
        );
    }
}

fn problem_kind(name: &str) -> ProblemKind {
    match name {
        "WrongType" => ProblemKind::WrongType,
        "InvalidUri" => ProblemKind::InvalidUri,
        "UnlistedValue" => ProblemKind::UnlistedValue,
        _ => panic!("{name}"),
    }
}

fn object(members: &[(&str, String)]) -> String {
    let members: Vec<String> = members
        .iter()
        .map(|(key, value)| format!("{}:{value}", json!(key)))
        .collect();
    format!("{{{}}}", members.join(","))
}

fn array(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}
