//! The JSON Schemas of all integrations accept and refuse the same documents as strict reading.

// Clippy knows `#[test]` functions as tests, but not their helpers.
#![allow(clippy::panic, clippy::unwrap_used)]

#[path = "../every_struct.rs"]
#[rustfmt::skip]
#[macro_use]
mod every_struct;
mod support;

use std::collections::BTreeSet;

use launchdarkly_integrations::integrations;
use launchdarkly_integrations::{
    AnyConfigValues, DefaultValue, EnvironmentSelector, Field, FieldKind, FormValues, Integration,
    SecretJson, SecretString, SecretUri, Uri,
};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, schema_for};
use serde_json::{Map, Value, json};
use support::sample::{self, TypeCase};
use support::validator::Validator;

/// The values of an integration or of a block of its capabilities.
struct Subject {
    name: String,
    fields: &'static [Field],
    schema: Value,
    reads: Reads,
}

/// Returns whether reading accepts a document.
type Reads = Box<dyn Fn(Value) -> bool>;

/// The values of all integrations and their capabilities.
fn subjects() -> Vec<Subject> {
    let typed = typed();
    let mut subjects = Vec::new();
    for integration in integrations::ALL {
        subjects.push(Subject {
            name: integration.key.to_owned(),
            fields: integration.fields,
            schema: integration.schema().to_value(),
            reads: reader(&typed, integration, integration.fields),
        });
        for block in integration.capability_fields {
            subjects.push(Subject {
                name: format!("{} {}.{}", integration.key, block.capability, block.block),
                fields: block.fields,
                schema: block.schema().to_value(),
                reads: reader(&typed, integration, block.fields),
            });
        }
    }
    subjects
}

/// A struct with form variables.
struct Typed {
    integration: &'static str,
    fields: &'static [Field],
    reads: fn(Value) -> bool,
    schema: Value,
    name: String,
    id: String,
}

impl Typed {
    fn of<T: FormValues + JsonSchema>(integration: &'static Integration) -> Self {
        Self {
            integration: integration.key,
            fields: T::FIELDS,
            reads: accepts::<T>,
            schema: schema_for!(T).to_value(),
            name: T::schema_name().into_owned(),
            id: T::schema_id().into_owned(),
        }
    }
}

fn accepts<T: FormValues>(document: Value) -> bool {
    T::from_json(document).is_ok()
}

fn typed() -> Vec<Typed> {
    macro_rules! typed {
        ($($key:literal: $module:ident::$type:ident,)*) => {
            vec![$(Typed::of::<integrations::$module::$type>(
                &integrations::$module::INTEGRATION,
            )),*]
        };
    }
    every_struct!(typed)
}

/// The function that reads these form variables of the integration.
fn reader(typed: &[Typed], integration: &Integration, fields: &[Field]) -> Reads {
    let key = integration.key;
    let mut typed = typed.iter();
    match typed.find(|typed| typed.integration == key && typed.fields == fields) {
        Some(typed) => Box::new(typed.reads),
        // `every_struct` doesn't have the `ConfigValues` without fields.
        None => {
            assert!(fields.is_empty());
            Box::new(move |document| AnyConfigValues::from_json(key, document).is_ok())
        }
    }
}

/// A document, and whether it is valid according to the facts of the fields.
struct Case {
    document: Value,
    good: bool,
}

fn cases(fields: &[Field]) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |document: Value, good| cases.push(Case { document, good });

    let required_members: Map<String, Value> =
        fields
            .iter()
            .filter(|field| required(field))
            .fold(Map::new(), |mut members, field| {
                members.insert(field.key.to_owned(), good_values(field)[0].clone());
                members
            });
    let required_and = |key: &str, value: Value| {
        let mut members = required_members.clone();
        members.insert(key.to_owned(), value);
        Value::Object(members)
    };
    add(Value::Object(required_members.clone()), true);
    let full = fields
        .iter()
        .map(|field| (field.key.to_owned(), good_values(field)[0].clone()))
        .collect();
    add(Value::Object(full), true);
    for field in fields {
        for value in good_values(field) {
            add(required_and(field.key, value), true);
        }
        for value in bad_values(field) {
            add(required_and(field.key, value), false);
        }
        if required(field) {
            let mut members = required_members.clone();
            members.remove(field.key);
            add(Value::Object(members), false);
        }
        add(
            required_and(&field.key.to_ascii_uppercase(), Value::Null),
            false,
        );
    }
    for value in [Value::Null, json!(""), json!({})] {
        add(required_and("no such key", value), false);
    }
    add(required_and("", json!("")), false);
    for other in any_json() {
        // `{}` is valid if no field is required.
        if !other.is_object() {
            add(other, false);
        }
    }
    add(json!([required_members]), false);
    cases
}

fn required(field: &Field) -> bool {
    !field.optional && field.default.is_none()
}

/// At least one value of every JSON type.
fn any_json() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(false),
        json!(0),
        json!(-1.5),
        json!(""),
        json!("détail\n"),
        json!([]),
        json!([""]),
        json!([null]),
        json!([["a"]]),
        json!({}),
        json!({"a": null}),
    ]
}

/// Strings, each with whether it is an absolute URL.
fn urls() -> Vec<(bool, String)> {
    let urls: Vec<(bool, Vec<String>)> =
        serde_json::from_str(include_str!("support/urls.json")).unwrap();
    let urls = urls.into_iter();
    urls.flat_map(|(good, texts)| texts.into_iter().map(move |text| (good, text)))
        .collect()
}

fn good_values(field: &Field) -> Vec<Value> {
    let mut good = sample::good_values(field, "mark");
    if TypeCase::of(field).any() {
        good.extend(any_json().into_iter().filter(|value| !value.is_null()));
    }
    if accepts_empty_uri(field) {
        good.push(json!(""));
    }
    good
}

fn bad_values(field: &Field) -> Vec<Value> {
    let good = good_values(field);
    let mut bad = any_json();
    if let Some(first) = field.allowed_values.first() {
        bad.extend([
            json!(first),
            json!([first]),
            json!(format!("{first} ")),
            json!([first, "unlisted"]),
            json!([first, null]),
        ]);
    }
    if sample::refuses_blank(field) && !TypeCase::of(field).any() {
        bad.extend([json!(" "), json!("\t\r\n ")]);
    }
    if field.kind == FieldKind::Uri {
        let refused = urls().into_iter().filter(|(good, _)| !good);
        bad.extend(refused.map(|(_, text)| json!(text)));
    }
    bad.retain(|value| !good.contains(value));
    bad
}

/// Whether the field is an optional URI whose default is the empty string.
fn accepts_empty_uri(field: &Field) -> bool {
    field.kind == FieldKind::Uri && field.default == Some(DefaultValue::String(""))
}

#[test]
fn schemas_and_reading_accept_and_refuse_the_same_documents() {
    let subjects = subjects();
    let mut count = 0;
    for subject in &subjects {
        let validator = Validator::new(&subject.schema);
        for Case { document, good } in cases(subject.fields) {
            count += 1;
            let valid = validator.is_valid(&document);
            let read = (subject.reads)(document.clone());
            assert_eq!(
                (valid, read),
                (good, good),
                "(valid, read) of {document} for {}",
                subject.name
            );
        }
    }
    assert!(count > 10 * subjects.len(), "only {count} cases");
}

#[test]
fn the_schema_of_every_type_accepts_its_values() {
    for kind in FieldKind::KNOWN.iter().copied() {
        for listed in [&[][..], &["one", "two"]] {
            let mut field = Field::new("f", "F", kind);
            if !TypeCase::of(&field).is_listed() && !listed.is_empty() {
                continue;
            }
            field.allowed_values = listed;
            let mut integration = Integration::new("key", "Name", "1.0.0");
            integration.fields = vec![field].leak();
            let validator = Validator::new(&integration.schema().to_value());
            for (values, good) in [(good_values(&field), true), (bad_values(&field), false)] {
                for value in values {
                    let valid = validator.is_valid(&json!({ "f": value }));
                    assert_eq!(valid, good, "{}: {value}", kind.as_str());
                }
            }
        }
    }
}

#[test]
fn types_have_the_schema_of_their_integration() {
    let subjects = subjects();
    for typed in typed() {
        let subject = subjects
            .iter()
            .find(|subject| subject.fields == typed.fields)
            .unwrap();
        // The title of the integration's schema is its name; a block has none.
        let mut expected = subject.schema.clone();
        expected["title"] = json!(typed.name);
        assert_eq!(typed.schema, expected);
    }
}

#[test]
fn the_names_and_ids_of_types_are_unique() {
    let typed = typed();
    let names: BTreeSet<&str> = typed.iter().map(|typed| typed.name.as_str()).collect();
    let ids: BTreeSet<&str> = typed.iter().map(|typed| typed.id.as_str()).collect();
    assert_eq!((names.len(), ids.len()), (typed.len(), typed.len()));
    // Other crates may have a `datadog::ConfigValues`, too.
    let own = |id: &&str| id.starts_with("launchdarkly_integrations::");
    assert!(ids.iter().all(own), "{ids:?}");
}

#[test]
fn the_schemas_are_valid_json_schemas() {
    for subject in subjects() {
        let Subject { name, schema, .. } = subject;
        assert_eq!(
            schema["$schema"], "https://json-schema.org/draft/2020-12/schema",
            "{name}"
        );
        // `Validator::new` fails for an invalid schema.
        let _ = Validator::new(&schema);
    }
}

#[test]
fn the_schema_has_all_facts_and_nothing_else() {
    for subject in subjects() {
        let Subject { name, schema, .. } = &subject;
        assert_eq!(schema["type"], "object", "{name}");
        assert_eq!(schema["additionalProperties"], false, "{name}");
        let required: Vec<&str> = subject
            .fields
            .iter()
            .filter(|field| required(field))
            .map(|field| field.key)
            .collect();
        assert_eq!(schema["required"], json!(required), "{name}");
        let properties = schema["properties"].as_object().unwrap();
        assert_eq!(properties.len(), subject.fields.len(), "{name}");
        for field in subject.fields {
            check_property(name, field, &properties[field.key]);
        }
    }
}

fn check_property(name: &str, field: &Field, property: &Value) {
    let place = format!("{name}: {}: {property}", field.key);
    assert_eq!(property["title"], field.label, "{place}");
    assert_eq!(property["writeOnly"] == true, field.secret, "{place}");
    let uri = match accepts_empty_uri(field) {
        true => &property["anyOf"][0],
        false => property,
    };
    assert_eq!(
        uri["format"] == "uri",
        field.kind == FieldKind::Uri,
        "{place}"
    );
    let listing = if TypeCase::of(field).many() {
        &property["items"]["enum"]
    } else {
        &property["enum"]
    };
    let listed = (!field.allowed_values.is_empty()).then_some(field.allowed_values);
    assert_eq!(*listing, json!(listed), "{place}");
    let default = field.default.map(Value::from);
    assert_eq!(property.get("default"), default.as_ref(), "{place}");
    if let Some(default) = default {
        assert!(Validator::new(property).is_valid(&default), "{place}");
    }
    // Upstream's descriptions must not be in it.
    let known = [
        "title",
        "type",
        "enum",
        "items",
        "anyOf",
        "properties",
        "required",
        "additionalProperties",
        "format",
        "pattern",
        "default",
        "writeOnly",
    ];
    for keyword in property.as_object().unwrap().keys() {
        assert!(known.contains(&keyword.as_str()), "{keyword} in {place}");
    }
    assert!(!property.to_string().contains("description"), "{place}");
}

#[test]
fn every_type_of_form_variable_has_a_schema() {
    let mut multiselect = Field::new("a", "A", FieldKind::Multiselect);
    multiselect.default = Some(DefaultValue::Strings(&["x"]));
    multiselect.allowed_values = &["x", "y"];
    let mut integration = Integration::new("key", "Name", "1.0.0");
    let fields = vec![
        multiselect,
        Field::new("b", "B", FieldKind::Multiselect),
        Field::new("c", "C", FieldKind::Enum),
        Field::new("d", "D", FieldKind::Unknown("shape")),
        Field::new("e", "E", FieldKind::Oauth),
    ];
    integration.fields = fields.leak();
    let schema = integration.schema().to_value();
    let validator = Validator::new(&schema);
    assert_eq!(schema["required"], json!(["b", "c", "d", "e"]));
    for Case { document, good } in cases(integration.fields) {
        assert_eq!(validator.is_valid(&document), good, "{document}");
    }
    for field in integration.fields {
        check_property("key", field, &schema["properties"][field.key]);
    }
}

/// Checks that reading and the schema of a type accept the same documents.
fn check_type<T: JsonSchema + serde::de::DeserializeOwned>(documents: &[Value]) -> Schema {
    let settings = SchemaSettings::draft2020_12();
    let schema = settings.into_generator().into_root_schema_for::<T>();
    let validator = Validator::new(schema.as_value());
    for document in documents {
        assert_eq!(
            validator.is_valid(document),
            serde_json::from_value::<T>(document.clone()).is_ok(),
            "{document} as {}",
            T::schema_id()
        );
    }
    schema
}

#[test]
fn the_schemas_of_shared_types_match_reading() {
    let mut documents = any_json();
    documents.extend(urls().into_iter().map(|(_, text)| json!(text)));
    documents.push(json!({"projectKey": "p", "environmentKey": "e"}));
    documents.push(json!({"projectKey": "p", "environmentKey": "e", "projectId": ""}));
    documents.push(json!({"projectKey": " ", "environmentKey": "e"}));

    check_type::<Uri>(&documents);
    check_type::<EnvironmentSelector>(&documents);
    check_type::<Option<Uri>>(&documents);
    for secret in [
        check_type::<SecretString>(&documents),
        check_type::<SecretUri>(&documents),
        check_type::<SecretJson>(&documents),
    ] {
        assert_eq!(secret.get("writeOnly"), Some(&json!(true)), "{secret:?}");
    }
}

/// Strings at the limits of RFC 3986: all combinations of these parts, and all changes of one character.
fn uri_texts() -> Vec<String> {
    let schemes = "a: a+b-c.1: 1a: a_b: : é:";
    let authorities = r"/ // //h //u@ //u:p:q@h //@h //u@v@h //:1 //h: //h:12 //h:1a //h:1:2
        //[::1] //[::1]:1 //u@[::1] //[::1]a //[v1.a:] //[V1f.~] //[v.a] //[vg.a] //[v1.] //[]
        //%4A //%4 //% //é //1.2.3.4 //1.2.3.456 //a,b;c=d!$&'()*+ //h\";
    let rests = r#"/ // /a:@b a ? ?a?b/c # #a#b #a?b ?a#b /%fF /%f /[ ?| #^ /é /{a} ?" #< /`"#;
    let mut texts = Vec::new();
    for scheme in schemes.split_whitespace().chain([""]) {
        for authority in authorities.split_whitespace().chain(["", "//h h"]) {
            for rest in rests
                .split_whitespace()
                .chain(["", "/a b", "\n", "/\u{7f}"])
            {
                texts.push(format!("{scheme}{authority}{rest}"));
            }
        }
    }
    let sample = "h+1://u:%4a@h.x:1/p;%4A?q=/#f?";
    for (at, _) in sample.char_indices() {
        for c in ('\0'..='\u{ff}').chain(['\u{2028}', '\u{ff0e}', '\u{10ffff}']) {
            texts.push(format!("{}{c}{}", &sample[..at], &sample[at..]));
            texts.push(format!("{}{c}{}", &sample[..at], &sample[at + 1..]));
        }
        texts.push(format!("{}{}", &sample[..at], &sample[at + 1..]));
    }
    texts
}

#[test]
fn the_schema_of_a_uri_matches_reading() {
    let schema = schema_for!(Uri).to_value();
    let with_formats = Validator::new(&schema);
    let pattern_alone = Validator::without_formats(&schema);
    let mut good = 0;
    for text in uri_texts() {
        let read = Uri::new(text.as_str()).is_ok();
        let document = json!(text);
        assert_eq!(with_formats.is_valid(&document), read, "{text:?}");
        assert_eq!(pattern_alone.is_valid(&document), read, "{text:?}, pattern");
        good += usize::from(read);
    }
    assert!(good > 1_000, "only {good} good ones");
}

#[test]
fn reading_and_the_generator_accept_the_same_urls() {
    let validator = Validator::new(&schema_for!(Uri).to_value());
    for (good, text) in urls() {
        assert_eq!(Uri::new(text.as_str()).is_ok(), good, "{text:?}");
        assert_eq!(SecretUri::new(text.as_str()).is_ok(), good, "{text:?}");
        assert_eq!(validator.is_valid(&json!(text)), good, "{text:?}");
    }
}

#[test]
fn only_the_format_validates_ipv6_addresses() {
    let schema = schema_for!(Uri).to_value();
    let with_formats = Validator::new(&schema);
    let pattern_alone = Validator::without_formats(&schema);
    let good = ":: 1:: ::1 1:2:3:4:5:6:7:8 1::8 2001:DB8::a ::ffff:192.0.2.1
        1:2:3:4:5:6:192.0.2.1 1:2:3:4:5:6:7:: ::2:3:4:5:6:7:8";
    for address in good.split_whitespace() {
        let text = format!("https://[{address}]/");
        assert!(Uri::new(text.as_str()).is_ok(), "{text}");
        assert!(with_formats.is_valid(&json!(text)), "{text}");
        assert!(pattern_alone.is_valid(&json!(text)), "{text}");
    }
    let bad = "1 : 1:2 ::: 1::2::3 1:2:3:4:5:6:7 1:2:3:4:5:6:7:8:9 12345:: ::1.2 ::256.1.1.1 .";
    for address in bad.split_whitespace() {
        let text = format!("https://[{address}]/");
        assert!(Uri::new(text.as_str()).is_err(), "{text}");
        assert!(!with_formats.is_valid(&json!(text)), "{text}");
        // The pattern doesn't validate IPv6 addresses.
        assert!(pattern_alone.is_valid(&json!(text)), "{text}");
    }
}
