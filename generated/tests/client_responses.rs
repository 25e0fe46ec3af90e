//! Responses made from LaunchDarkly's OpenAPI document. Each is read, written back as JSON from the public
//! fields, and compared with the original.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

use launchdarkly_integrations::client::{
    Access, AdditionalFormVariable, AuditLogSubscription, BigSegmentStore, DeliveryConfiguration,
    DeliveryConfigurationValidation, FlagImport, IntegrationConfiguration, Links, List,
    MaskedValues, Permission, ReceivedStatement, SensitiveString, Unparsed,
};
use serde_json::{Map, Value, json};
use support::openapi;

/// A response after reading.
struct Read {
    /// The fields by their names on the wire, with the unparsed parts at their paths.
    json: Value,
    unparsed: BTreeMap<String, Value>,
    debug: Box<dyn Fn() -> String>,
}

/// Reads a response of this schema.
fn read(schema: &str, json: Value) -> Option<Read> {
    match schema {
        "IntegrationConfigurationsRep" => IntegrationConfiguration::from_json(json).map(resource),
        "IntegrationConfigurationCollectionRep" => {
            List::<IntegrationConfiguration>::from_json(json).map(list)
        }
        "Integration" => AuditLogSubscription::from_json(json).map(resource),
        "Integrations" => List::<AuditLogSubscription>::from_json(json).map(list),
        "IntegrationDeliveryConfiguration" => DeliveryConfiguration::from_json(json).map(resource),
        "IntegrationDeliveryConfigurationCollection" => {
            List::<DeliveryConfiguration>::from_json(json).map(list)
        }
        "IntegrationDeliveryConfigurationResponse" => {
            DeliveryConfigurationValidation::from_json(json).map(resource)
        }
        "BigSegmentStoreIntegration" => BigSegmentStore::from_json(json).map(resource),
        "BigSegmentStoreIntegrationCollection" => {
            List::<BigSegmentStore>::from_json(json).map(list)
        }
        "FlagImportIntegration" => FlagImport::from_json(json).map(resource),
        "FlagImportIntegrationCollection" => List::<FlagImport>::from_json(json).map(list),
        other => panic!("no type reads the schema {other}"),
    }
}

trait Wire: std::fmt::Debug + Clone + PartialEq {
    /// The public fields by their names on the wire.
    fn wire(&self) -> Value;
    fn unparsed(&self) -> &Unparsed;
}

fn resource<T: Wire + 'static>(read: T) -> Read {
    let mut json = read.wire();
    for (path, part) in read.unparsed().iter() {
        restore(&mut json, path, part.clone());
    }
    Read {
        json,
        unparsed: read.unparsed().clone().into_iter().collect(),
        debug: Box::new(move || format!("{read:?}")),
    }
}

fn list<T: Wire + 'static>(list: List<T>) -> Read {
    let debug = list.clone();
    assert_eq!(
        (list.len(), list.is_empty()),
        (list.items.len(), list.items.is_empty())
    );
    assert!(list.iter().eq(&list));
    let mut json = json!({"_links": links(&list.links), "key": list.integration_key, "items": []});
    let mut unparsed: BTreeMap<_, _> = list.unparsed.clone().into_iter().collect();
    let mut lost = (0..).filter(|index| list.unparsed.get(&format!("items[{index}]")).is_none());
    for item in list.items {
        let item = resource(item);
        let index = lost.next().unwrap();
        for (path, part) in item.unparsed {
            unparsed.insert(format!("items[{index}].{path}"), part);
        }
        json["items"].as_array_mut().unwrap().push(item.json);
    }
    for (path, part) in list.unparsed.iter() {
        restore(&mut json, path, part.clone());
    }
    Read {
        json,
        unparsed,
        debug: Box::new(move || format!("{debug:?}")),
    }
}

impl Wire for IntegrationConfiguration {
    fn wire(&self) -> Value {
        json!({
            "_id": self.id,
            "name": self.name,
            "_integrationKey": self.integration_key,
            "_createdAt": time(self.created_at),
            "_maintainerId": self.maintainer_id,
            "enabled": self.enabled,
            "tags": self.tags,
            "_links": links(&self.links),
            "_access": access(self.access.as_ref()),
            "configValues": values(self.config_values.as_ref()),
            "capabilityConfig": {
                "auditLogEventsHook": {"statements": all(&self.statements, statement)},
                "approvals": {
                    "additionalFormVariables": all(&self.additional_form_variables, form_variable),
                },
            },
            "snowflakeSetupScript": string(self.snowflake_setup_script.as_ref()),
            "redshiftSetupScripts":
                all(&self.redshift_setup_scripts, |script| string(Some(script))),
            "redshiftIAMPermissionsPolicy": string(self.redshift_iam_permissions_policy.as_ref()),
            "redshiftIAMTrustPolicy": string(self.redshift_iam_trust_policy.as_ref()),
        })
    }

    fn unparsed(&self) -> &Unparsed {
        &self.unparsed
    }
}

impl Wire for AuditLogSubscription {
    fn wire(&self) -> Value {
        let status = self.status.as_ref().map(|status| {
            let errors = all(&status.errors, |error| {
                json!({
                    "statusCode": error.status_code,
                    "responseBody": string(error.response_body.as_ref()),
                    "timestamp": time(error.timestamp),
                })
            });
            json!({
                "successCount": status.success_count,
                "lastSuccess": time(status.last_success),
                "lastError": time(status.last_error),
                "errorCount": status.error_count,
                "errors": errors,
            })
        });
        json!({
            "_id": self.id,
            "name": self.name,
            "kind": self.integration_key,
            "config": values(self.config.as_ref()),
            "statements": all(&self.statements, statement),
            "on": self.on,
            "tags": self.tags,
            "_links": links(&self.links),
            "_access": access(self.access.as_ref()),
            "_status": status,
            "url": string(self.url.as_ref()),
            "apiKey": string(self.api_key.as_ref()),
        })
    }

    fn unparsed(&self) -> &Unparsed {
        &self.unparsed
    }
}

impl Wire for DeliveryConfiguration {
    fn wire(&self) -> Value {
        json!({
            "_id": self.id,
            "name": self.name,
            "integrationKey": self.integration_key,
            "projectKey": self.project_key,
            "environmentKey": self.environment_key,
            "config": values(self.config.as_ref()),
            "on": self.on,
            "tags": self.tags,
            "version": self.version,
            "_links": links(&self.links),
            "_access": access(self.access.as_ref()),
        })
    }

    fn unparsed(&self) -> &Unparsed {
        &self.unparsed
    }
}

impl Wire for DeliveryConfigurationValidation {
    fn wire(&self) -> Value {
        json!({
            "statusCode": self.status_code,
            "error": string(self.error.as_ref()),
            "timestamp": time(self.timestamp),
            "responseBody": string(self.response_body.as_ref()),
        })
    }

    fn unparsed(&self) -> &Unparsed {
        &self.unparsed
    }
}

impl Wire for BigSegmentStore {
    fn wire(&self) -> Value {
        let status = self.status.as_ref().map(|status| {
            let errors = all(&status.errors, |error| {
                json!({
                    "statusCode": error.status_code,
                    "message": string(error.message.as_ref()),
                    "timestamp": time(error.timestamp),
                })
            });
            json!({
                "available": status.available,
                "potentiallyStale": status.potentially_stale,
                "lastSync": time(status.last_sync),
                "lastError": time(status.last_error),
                "errors": errors,
            })
        });
        json!({
            "_id": self.id,
            "name": self.name,
            "integrationKey": self.integration_key,
            "projectKey": self.project_key,
            "environmentKey": self.environment_key,
            "config": values(self.config.as_ref()),
            "on": self.on,
            "tags": self.tags,
            "version": self.version,
            "_links": links(&self.links),
            "_access": access(self.access.as_ref()),
            "_status": status,
        })
    }

    fn unparsed(&self) -> &Unparsed {
        &self.unparsed
    }
}

impl Wire for FlagImport {
    fn wire(&self) -> Value {
        let status = self.status.as_ref().map(|status| {
            let errors = all(&status.errors, |error| {
                json!({
                    "integrationId": error.integration_id,
                    "message": string(error.message.as_ref()),
                    "statusCode": error.status_code,
                    "timestamp": time(error.timestamp),
                })
            });
            json!({
                "status": status.state.as_ref().map(|state| state.as_str()),
                "lastImport": time(status.last_import),
                "lastError": time(status.last_error),
                "errors": errors,
            })
        });
        json!({
            "_id": self.id,
            "name": self.name,
            "integrationKey": self.integration_key,
            "projectKey": self.project_key,
            "config": values(self.config.as_ref()),
            "tags": self.tags,
            "version": self.version,
            "_links": links(&self.links),
            "_access": access(self.access.as_ref()),
            "_status": status,
        })
    }

    fn unparsed(&self) -> &Unparsed {
        &self.unparsed
    }
}

fn all<T>(elements: &[T], wire: impl Fn(&T) -> Value) -> Value {
    elements.iter().map(wire).collect()
}

fn string(string: Option<&SensitiveString>) -> Value {
    json!(string.map(SensitiveString::as_str))
}

fn time(time: Option<SystemTime>) -> Value {
    let milliseconds = time.map(|time| match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_millis()).unwrap(),
        Err(before) => -i64::try_from(before.duration().as_millis()).unwrap(),
    });
    json!(milliseconds)
}

fn values(values: Option<&MaskedValues>) -> Value {
    json!(values.map(|values| values.iter().collect::<BTreeMap<_, _>>()))
}

fn links(links: &Links) -> Value {
    let links = links.iter();
    let links = links.map(|(name, link)| {
        let link = json!({"href": link.href, "type": link.kind});
        (name.as_str(), link)
    });
    links.collect()
}

fn access(access: Option<&Access>) -> Value {
    let access = access.map(|access| {
        json!({
            "allowed": all(&access.allowed, permission),
            "denied": all(&access.denied, permission),
        })
    });
    json!(access)
}

fn permission(permission: &Permission) -> Value {
    json!({"action": permission.action, "reason": permission.reason.as_ref().map(statement)})
}

fn statement(statement: &ReceivedStatement) -> Value {
    json!({
        "effect": statement.effect.as_ref().map(|effect| effect.as_str()),
        "resources": statement.resources,
        "notResources": statement.not_resources,
        "actions": statement.actions,
        "notActions": statement.not_actions,
        "role_name": statement.role_name,
    })
}

fn form_variable(variable: &AdditionalFormVariable) -> Value {
    json!({
        "key": variable.key,
        "name": variable.name,
        "type": variable.kind,
        "description": variable.description,
        "placeholder": variable.placeholder,
        "isOptional": variable.optional,
        "defaultValue": variable.default,
        "allowedValues": variable.allowed_values,
        "dynamicOptions": variable.dynamic_options,
    })
}

/// The key, and the index if any, of a part of a path, such as `errors[1]`.
fn parse_step(step: &str) -> (&str, Option<usize>) {
    match step.split_once('[') {
        Some((key, index)) => (key, Some(index.trim_end_matches(']').parse().unwrap())),
        None => (step, None),
    }
}

/// Inserts JSON at its path.
fn restore(json: &mut Value, path: &str, part: Value) {
    let (first, rest) = match path.split_once('.') {
        Some((first, rest)) => (first, Some(rest)),
        None => (path, None),
    };
    let (key, index) = parse_step(first);
    match (index, rest) {
        (None, None) => json[key] = part,
        (None, Some(rest)) => restore(&mut json[key], rest, part),
        (Some(index), None) => json[key].as_array_mut().unwrap().insert(index, part),
        (Some(index), Some(rest)) => restore(&mut json[key][index], rest, part),
    }
}

/// Removes members that are `null` or empty, since they count as missing.
fn pruned(json: &Value) -> Value {
    match json {
        Value::Array(elements) => elements.iter().map(pruned).collect(),
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(key, json)| (key.as_str(), pruned(json)));
            let empties = [json!(null), json!([]), json!({})];
            members
                .filter(|(_, json)| !empties.contains(json))
                .collect()
        }
        other => other.clone(),
    }
}

/// The name of the schema in `{"$ref": "#/components/schemas/NAME"}`.
fn reference(schema: &Value) -> Option<&str> {
    schema["$ref"]
        .as_str()?
        .strip_prefix("#/components/schemas/")
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match reference(schema) {
        Some(name) => resolved(document, &document["components"]["schemas"][name]),
        None => schema,
    }
}

/// The schemas of all successful responses of groups 1 to 5.
fn schemas(document: &Value) -> BTreeSet<&str> {
    let mut schemas = BTreeSet::new();
    let bases = [
        "integration-configurations",
        "integrations",
        "integration-capabilities",
    ];
    for (path, operations) in document["paths"].as_object().unwrap() {
        let base = path.split('/').nth(3).unwrap();
        if !bases.contains(&base) {
            continue;
        }
        for operation in operations.as_object().unwrap().values() {
            let Some(responses) = operation["responses"].as_object() else {
                continue; // parameters that all operations share
            };
            for (status, response) in responses {
                let schema = &response["content"]["application/json"]["schema"];
                if status.starts_with('2') && !schema.is_null() {
                    schemas.insert(reference(schema).unwrap());
                }
            }
        }
    }
    assert!(!schemas.is_empty());
    schemas
}

/// Makes a response with all properties of its schema and with distinct values.
struct Maker<'a> {
    document: &'a Value,
    count: u64,
    /// Each boolean is this bit of its number.
    bit: u32,
    /// Whether objects have a member that isn't in the schema.
    unknown: bool,
}

const UNKNOWN: &str = "notInTheSchema";

impl Maker<'_> {
    fn make(&mut self, schema: &Value) -> Value {
        let schema = resolved(self.document, schema);
        self.count += 1;
        let count = self.count;
        if let Some(listed) = schema["enum"].as_array() {
            let listed = listed
                .iter()
                .cloned()
                .chain([json!(format!("unlisted {count}"))]);
            return listed.cycle().nth(count as usize).unwrap();
        }
        match schema["type"].as_str() {
            Some("string") => json!(format!("string {count}")),
            Some("integer") => json!(count),
            Some("boolean") => json!(count >> self.bit & 1 == 1),
            Some("array") => json!([self.make(&schema["items"]), self.make(&schema["items"])]),
            Some("object") => self.object(schema),
            None => json!({"any": [count, null]}),
            Some(other) => panic!("unexpected type {other}"),
        }
    }

    fn object(&mut self, schema: &Value) -> Value {
        let mut made = Map::new();
        if let Some(properties) = schema["properties"].as_object() {
            for (key, schema) in properties {
                made.insert(key.clone(), self.make(schema));
            }
            if self.unknown {
                made.insert(UNKNOWN.to_owned(), json!({"a": [1]}));
            }
        }
        if schema["additionalProperties"].is_object() {
            for _ in 0..2 {
                let key = format!("key {}", self.count);
                made.insert(key, self.make(&schema["additionalProperties"]));
            }
        }
        assert!(!made.is_empty(), "an object without properties: {schema}");
        Value::Object(made)
    }
}

fn make(document: &Value, schema: &str, bit: u32, unknown: bool) -> Value {
    let mut maker = Maker {
        document,
        count: 0,
        bit,
        unknown,
    };
    maker.make(&document["components"]["schemas"][schema])
}

#[test]
fn every_property_is_read_into_its_field() {
    let Some(document) = openapi::document() else {
        return;
    };
    for schema in schemas(&document) {
        // Enough bits to distinguish all booleans.
        for bit in 0..10 {
            let response = make(&document, schema, bit, false);
            let read = read(schema, response.clone()).unwrap();
            assert_eq!(read.unparsed, BTreeMap::new(), "{schema}");
            assert_eq!(pruned(&read.json), pruned(&response), "{schema}");
        }
    }
}

#[test]
fn unknown_members_are_ignored() {
    let Some(document) = openapi::document() else {
        return;
    };
    for schema in schemas(&document) {
        let known = make(&document, schema, 0, false);
        let read = read(schema, make(&document, schema, 0, true)).unwrap();
        assert_eq!(read.unparsed, BTreeMap::new(), "{schema}");
        assert_eq!(
            pruned(&without_unknown(read.json)),
            pruned(&known),
            "{schema}"
        );
    }
}

/// Removes unknown members: values of form variables and dynamic options keep them.
fn without_unknown(mut json: Value) -> Value {
    match &mut json {
        Value::Array(elements) => elements
            .iter_mut()
            .for_each(|json| *json = without_unknown(json.take())),
        Value::Object(members) => {
            members.remove(UNKNOWN);
            members
                .values_mut()
                .for_each(|json| *json = without_unknown(json.take()));
        }
        _ => {}
    }
    json
}

/// JSON pointers to all parts of a value, without the value itself.
fn pointers(json: &Value) -> Vec<String> {
    let parts: Vec<(String, &Value)> = match json {
        Value::Array(elements) => {
            let elements = elements.iter().enumerate();
            elements
                .map(|(index, json)| (index.to_string(), json))
                .collect()
        }
        Value::Object(members) => {
            let members = members.iter();
            members.map(|(key, json)| (key.clone(), json)).collect()
        }
        _ => Vec::new(),
    };
    let parts = parts.into_iter().flat_map(|(step, json)| {
        let below = pointers(json).into_iter();
        let below: Vec<_> = below.map(|rest| format!("/{step}{rest}")).collect();
        std::iter::once(format!("/{step}")).chain(below)
    });
    parts.collect()
}

#[test]
fn parts_of_another_shape_are_kept() {
    let Some(document) = openapi::document() else {
        return;
    };
    let others = [
        json!(null),
        json!(true),
        json!(7),
        json!(-7),
        json!(1.5),
        json!(u64::MAX),
        json!("canary"),
        json!(["canary"]),
        json!([["canary"], null]),
        json!({"a": "canary"}),
    ];
    for schema in schemas(&document) {
        let response = make(&document, schema, 0, false);
        let is_required = |pointer: &str| {
            let is_list = response["items"].is_array();
            pointer == if is_list { "/items" } else { "/_id" }
        };
        for pointer in pointers(&response) {
            // Skips second elements, and items, whose schema is tested separately.
            let is_item = pointer.starts_with("/items/") && pointer.split('/').count() > 4;
            if is_item || pointer.contains("/1/") {
                continue;
            }
            for other in &others {
                // Unknown members are ignored.
                if other.is_object() && response.pointer(&pointer).unwrap().is_object() {
                    continue;
                }
                let mut changed = response.clone();
                *changed.pointer_mut(&pointer).unwrap() = other.clone();
                let read = read(schema, changed.clone());
                if is_required(&pointer) {
                    // A list without items may be an empty one.
                    let may_be_read = match pointer.as_str() {
                        "/_id" => other.is_string(),
                        _ => other.is_array() || other.is_null(),
                    };
                    assert_eq!(read.is_some(), may_be_read, "{schema} {pointer} {other}");
                    continue;
                }
                let read = read.unwrap_or_else(|| panic!("{schema} {pointer} {other}"));
                assert_eq!(
                    pruned(&read.json),
                    pruned(&changed),
                    "{schema} {pointer} {other}"
                );
                // `Debug` doesn't show unparsed parts.
                if json!(read.unparsed).to_string().contains("canary") {
                    let debug = (read.debug)();
                    assert!(!debug.contains("canary"), "{debug}");
                }
            }
        }
    }
}

/// An example like Prism's: the example of each property, or else any value of its type.
fn example(document: &Value, schema: &Value) -> Value {
    let schema = resolved(document, schema);
    if let Some(example) = schema.get("example") {
        return example.clone();
    }
    if let Some(listed) = schema["enum"].as_array() {
        return listed[0].clone();
    }
    match schema["type"].as_str() {
        Some("string") | None => json!("string"),
        Some("integer") => json!(0),
        Some("boolean") => json!(true),
        Some("array") => json!([example(document, &schema["items"])]),
        Some("object") => {
            let properties = schema["properties"].as_object().into_iter().flatten();
            let properties =
                properties.map(|(key, schema)| (key.as_str(), example(document, schema)));
            properties.collect()
        }
        Some(other) => panic!("unexpected type {other}"),
    }
}

/// The parts of the document's examples that are known to be invalid, by path.
fn broken_parts(json: &Value, path: &str, found: &mut BTreeMap<String, Value>) {
    match json {
        Value::Array(elements) => {
            for (index, json) in elements.iter().enumerate() {
                broken_parts(json, &format!("{path}[{index}]"), found);
            }
        }
        Value::Object(members) => {
            for (key, json) in members {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                let is_broken = match key.as_str() {
                    "notActions" => *json == json!([null, null]),
                    "additionalFormVariables" => *json == json!("invalid example"),
                    _ => false,
                };
                if is_broken {
                    found.insert(path, json.clone());
                } else {
                    broken_parts(json, &path, found);
                }
            }
        }
        _ => {}
    }
}

#[test]
fn every_example_is_read_completely() {
    let (Some(newer), Some(older)) = (openapi::document(), openapi::older_document()) else {
        return;
    };
    for (document, has_broken_parts) in [(newer, false), (older, true)] {
        let mut all_broken = BTreeMap::new();
        for schema in schemas(&document) {
            let definition = &document["components"]["schemas"][schema];
            let mut without_example = definition.clone();
            without_example.as_object_mut().unwrap().remove("example");
            for definition in [definition, &without_example] {
                let response = example(&document, definition);
                let read = read(schema, response.clone()).unwrap();
                let mut broken = BTreeMap::new();
                broken_parts(&response, "", &mut broken);
                assert_eq!(read.unparsed, broken, "{schema}");
                assert_eq!(pruned(&read.json), pruned(&response), "{schema}");
                all_broken.append(&mut broken);
            }
        }
        assert_eq!(!all_broken.is_empty(), has_broken_parts);
    }
}

#[test]
fn the_documented_example_is_read_completely() {
    let Some(response) = openapi::documented_response() else {
        return;
    };
    let read = read("IntegrationConfigurationsRep", response.clone()).unwrap();
    assert_eq!(read.unparsed, BTreeMap::new());
    assert_eq!(pruned(&read.json), pruned(&response));
}
