//! Random manifests: valid ones with unexpected texts, and damaged real ones.

use generator::Source;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

use super::types::known;

use super::hostile::{NAMES, TEXTS};
use super::source;

/// Any text. Much of it has a meaning for Rust, rustdoc or a terminal.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        select(TEXTS).prop_map(str::to_owned),
        select(NAMES).prop_map(str::to_owned),
        "[a-zA-Z0-9 ._-]{0,20}",
        "\\PC{0,20}",
        any::<String>(),
    ]
}

/// A wire key. [`block`] adds a number to it, so that most keys are unique.
fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[a-zA-Z][a-zA-Z0-9_-]{0,12}",
        3 => select(NAMES).prop_map(str::to_owned),
        3 => select(TEXTS).prop_map(str::to_owned),
        2 => "\\PC{0,12}",
    ]
}

fn numbered(texts: Vec<String>) -> Vec<String> {
    let texts = texts.into_iter().enumerate();
    texts.map(|(n, text)| format!("{text}q{n}{text}")).collect()
}

/// Listed values. Most have unique names.
fn listed() -> impl Strategy<Value = Vec<String>> {
    prop_oneof![
        8 => vec(text(), 0..5).prop_map(numbered),
        1 => vec(key(), 0..4),
    ]
}

fn kind() -> impl Strategy<Value = String> {
    prop_oneof![
        12 => select(known().collect::<Vec<_>>()).prop_map(str::to_owned),
        1 => text(),
    ]
}

fn default(listed: Vec<String>) -> BoxedStrategy<Value> {
    let one = prop_oneof![
        text().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(json!("https://a.example/?b=%20#c")),
        Just(json!([1, {"a": null}])),
    ];
    if listed.is_empty() {
        return one.boxed();
    }
    prop_oneof![3 => select(listed).prop_map(Value::from), 1 => one].boxed()
}

/// A form variable. Its key may not be unique.
fn variable() -> impl Strategy<Value = Map<String, Value>> {
    let flags = vec(option::of(any::<bool>()), 3);
    let texts = (option::of(text()), option::of(text()), key());
    (kind(), listed(), flags, texts)
        .prop_flat_map(|(kind, listed, flags, texts)| {
            let default = option::of(default(listed.clone()));
            (Just((kind, listed, flags, texts)), default, text())
        })
        .prop_map(
            |((kind, listed, flags, (label, description, key)), default, other)| {
                let mut variable = Map::new();
                let options = listed
                    .iter()
                    .map(|value| json!({"value": value, "label": other}));
                let lists = kind == "multiselect";
                let (values, options): (Value, Value) = (json!(listed), options.collect());
                let mut put = |name: &str, value: Option<Value>| {
                    variable.extend(value.map(|value| (name.to_owned(), value)));
                };
                put("key", Some(json!(key)));
                put("type", Some(json!(kind)));
                put("name", label.map(Value::from));
                put("description", description.map(Value::from));
                for (name, flag) in ["isOptional", "isSecret", "isHidden"].iter().zip(flags) {
                    put(name, flag.map(Value::from));
                }
                put("allowedValues", (kind == "enum").then_some(values));
                put("multiselectOptions", lists.then_some(options));
                let defaults = default
                    .as_ref()
                    .filter(|_| lists)
                    .map(|value| json!([value]));
                put(
                    "multiselectDefaultOptions",
                    defaults.filter(|list| list[0].is_string()),
                );
                put("defaultValue", default.filter(|_| !lists));
                variable
            },
        )
}

/// A block of form variables. Most keys have unique names.
fn block() -> impl Strategy<Value = Value> {
    (vec(variable(), 0..6), prop::bool::weighted(0.9)).prop_map(|(mut variables, apart)| {
        for (n, variable) in variables.iter_mut().enumerate().filter(|_| apart) {
            let key = variable["key"].as_str().unwrap();
            variable["key"] = json!(format!("{key}k{n}"));
        }
        json!(variables)
    })
}

fn capability() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!({})),
        any::<bool>().prop_map(Value::from),
        block().prop_map(|block| json!({ "formVariables": block })),
        (block(), block()).prop_map(|(a, b)| json!({"formVariables": a, "otherFormVariables": b})),
    ]
}

fn capability_name() -> impl Strategy<Value = String> {
    prop_oneof![
        select(&["featureStore", "bigSegmentStore", "approval", "flagImport"][..])
            .prop_map(str::to_owned),
        text().prop_map(|text| format!("c{text}")),
    ]
}

/// A manifest, usually a valid one.
pub(crate) fn manifest() -> impl Strategy<Value = Value> {
    (
        option::of(text()),
        option::of(text()),
        vec(text(), 0..3),
        vec((capability_name(), capability()), 0..3),
        block(),
    )
        .prop_map(|(name, version, others, capabilities, block)| {
            let capabilities: Map<String, Value> = capabilities.into_iter().collect();
            let mut manifest = json!({"otherCapabilities": others, "capabilities": capabilities,
                "formVariables": block, "requiresOAuth": capabilities.len() == 1});
            let texts = [("name", name), ("version", version)].into_iter();
            for (name, text) in texts.filter_map(|(name, text)| Some((name, text?))) {
                manifest[name] = json!(text);
            }
            manifest
        })
}

/// One to three manifests.
pub(crate) fn several() -> impl Strategy<Value = Vec<Value>> {
    vec(manifest(), 1..4)
}

/// The manifests as sources with unique keys.
pub(crate) fn sources(manifests: &[Value]) -> Vec<Source> {
    let keys = ["acme", "a..b", "CON", "2fa"];
    let manifests = manifests.iter().zip(keys);
    manifests
        .map(|(manifest, key)| source(key, manifest.to_string()))
        .collect()
}

/// A change of a document.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    Remove(Index),
    /// Replaces the second value with a copy of the first.
    Copy(Index, Index),
    Swap(Index, Index),
    Duplicate(Index),
    Replace(Index, Value),
}

/// A change of the document's bytes.
#[derive(Clone, Debug)]
pub(crate) enum Flip {
    Byte(Index, u8),
    Cut(Index),
    Insert(Index, String),
}

pub(crate) fn changes() -> impl Strategy<Value = Vec<Change>> {
    let place = any::<Index>;
    let replacement = prop_oneof![
        text().prop_map(Value::from),
        Just(Value::Null),
        any::<i32>().prop_map(Value::from),
        Just(json!([[]])),
        block(),
    ];
    let change = prop_oneof![
        place().prop_map(Change::Remove),
        (place(), place()).prop_map(|(from, to)| Change::Copy(from, to)),
        (place(), place()).prop_map(|(one, other)| Change::Swap(one, other)),
        place().prop_map(Change::Duplicate),
        (place(), replacement).prop_map(|(at, value)| Change::Replace(at, value)),
    ];
    vec(change, 0..4)
}

pub(crate) fn flips() -> impl Strategy<Value = Vec<Flip>> {
    let flip = prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Flip::Byte(at, byte)),
        any::<Index>().prop_map(Flip::Cut),
        (any::<Index>(), text()).prop_map(|(at, text)| Flip::Insert(at, text)),
    ];
    prop_oneof![2 => Just(Vec::new()), 1 => vec(flip, 1..4)]
}

pub(crate) fn changed(bytes: &[u8], changes: &[Change], flips: &[Flip]) -> Vec<u8> {
    let mut document: Value = serde_json::from_slice(bytes).unwrap();
    for change in changes {
        apply(&mut document, change);
    }
    let mut bytes = document.to_string().into_bytes();
    for flip in flips.iter().filter(|_| !document.is_null()) {
        let place = |at: &Index| at.index(bytes.len() + 1);
        match flip {
            Flip::Byte(at, byte) => {
                let at = place(at);
                bytes.splice(at..(at + 1).min(bytes.len()), [*byte]);
            }
            Flip::Cut(at) => bytes.truncate(place(at)),
            Flip::Insert(at, text) => {
                let at = place(at);
                bytes.splice(at..at, text.bytes());
            }
        }
    }
    bytes
}

fn apply(document: &mut Value, change: &Change) {
    let mut places = Vec::new();
    pointers(document, String::new(), &mut places);
    let at = |index: &Index| index.get(&places).as_str();
    match change {
        Change::Remove(place) => {
            edit(document, at(place), |parent, name| match parent {
                Value::Array(items) => {
                    items.remove(name.parse().unwrap());
                }
                Value::Object(entries) => {
                    entries.remove(name);
                }
                _ => {}
            });
        }
        Change::Duplicate(place) => {
            edit(document, at(place), |parent, name| match parent {
                Value::Array(items) => items.push(items[name.parse::<usize>().unwrap()].clone()),
                Value::Object(entries) => {
                    entries.insert(format!("{name}2"), entries[name].clone());
                }
                _ => {}
            });
        }
        Change::Copy(from, to) => {
            let value = document.pointer(at(from)).unwrap().clone();
            *document.pointer_mut(at(to)).unwrap() = value;
        }
        Change::Swap(one, other) => {
            let values = [one, other].map(|place| document.pointer(at(place)).unwrap().clone());
            let [first, second] = values;
            *document.pointer_mut(at(one)).unwrap() = second;
            // The first step may have removed this place.
            if let Some(place) = document.pointer_mut(at(other)) {
                *place = first;
            }
        }
        Change::Replace(place, value) => {
            document.pointer_mut(at(place)).unwrap().clone_from(value);
        }
    }
}

/// Calls `change` with the parent of a value and the value's name or index.
fn edit(document: &mut Value, pointer: &str, change: impl Fn(&mut Value, &str)) {
    if let Some((parent, name)) = pointer.rsplit_once('/') {
        let name = name.replace("~1", "/").replace("~0", "~");
        change(document.pointer_mut(parent).unwrap(), &name);
    }
}

/// Collects the JSON pointer of every value.
fn pointers(value: &Value, pointer: String, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            for (position, item) in items.iter().enumerate() {
                pointers(item, format!("{pointer}/{position}"), found);
            }
        }
        Value::Object(entries) => {
            for (name, item) in entries {
                let name = name.replace('~', "~0").replace('/', "~1");
                pointers(item, format!("{pointer}/{name}"), found);
            }
        }
        _ => {}
    }
    found.push(pointer);
}
