//! Additions of upstream don't break users' programs. For removals, the compiler names what is missing.
//!
//! The program is `programs/consumer.rs`. `fixtures.rs` runs it with the fixtures. Here it runs with changed
//! fixtures.
#![allow(
    clippy::unwrap_used,
    reason = "a panic in a test helper fails the test"
)]

mod support;

use std::collections::BTreeMap;

use generator::Source;
use serde_json::{Value, json};
use support::copy::{CompilerError, Files};
use support::{Snapshot, fixtures, source};

/// The fixtures' manifests, by key.
struct Upstream {
    manifests: BTreeMap<String, Value>,
    snapshot: Snapshot,
}

impl Upstream {
    fn new() -> Self {
        let snapshot = fixtures();
        let read = |source: &Source| serde_json::from_slice(&source.bytes).unwrap();
        let sources = snapshot.sources.iter();
        let manifests = sources.map(|source| (source.key.clone(), read(source)));
        Self {
            manifests: manifests.collect(),
            snapshot,
        }
    }

    fn manifest(&mut self, key: &str) -> &mut Value {
        self.manifests.get_mut(key).unwrap()
    }

    fn variables(&mut self, key: &str) -> &mut Vec<Value> {
        as_array(&mut self.manifest(key)["formVariables"])
    }

    /// The generated modules.
    fn modules(&self) -> BTreeMap<String, String> {
        let sources: Vec<Source> = self
            .manifests
            .iter()
            .map(|(key, manifest)| source(key, manifest.to_string()))
            .collect();
        self.snapshot.emit_from(&sources).modules
    }
}

fn as_array(value: &mut Value) -> &mut Vec<Value> {
    value.as_array_mut().unwrap()
}

fn variable<'a>(variables: &'a mut [Value], key: &str) -> &'a mut Value {
    let mut variables = variables.iter_mut();
    variables.find(|variable| variable["key"] == key).unwrap()
}

/// Applies all additions and changes that must not break users.
fn add(upstream: &mut Upstream) {
    upstream.manifest("datadog")["version"] = json!("2.0.0");
    upstream.manifest("datadog")["name"] = json!("Datadog");
    let datadog = upstream.variables("datadog");
    variable(datadog, "apiKey")["name"] = json!("Another label");
    let urls = as_array(&mut variable(datadog, "hostURL")["allowedValues"]);
    urls.insert(1, json!("https://ap1.datadoghq.com"));
    datadog.reverse();
    datadog.insert(
        0,
        json!({"key": "site", "name": "Site", "type": "string", "isOptional": true}),
    );
    datadog.insert(
        2,
        json!({"key": "flavour", "name": "Flavour", "type": "enum", "isOptional": true,
            "allowedValues": ["plain", "spicy"], "defaultValue": "plain"}),
    );

    let splunk = upstream.variables("splunk");
    splunk.reverse();
    // A required field with a default.
    splunk.push(json!({"key": "index", "name": "Index", "type": "string", "defaultValue": "main"}));

    // The first field of an integration, and the first block of one of its capabilities.
    let block = json!([{"key": "host", "name": "Host", "type": "string"}]);
    let adfs = upstream.manifest("adfs");
    adfs["formVariables"] =
        json!([{"key": "realm", "name": "Realm", "type": "string", "isOptional": true}]);
    adfs["capabilities"] = json!({"featureStore": {"formVariables": block}});

    let akamai = upstream.manifest("akamai-edgeworkers");
    let store = as_array(&mut akamai["capabilities"]["featureStore"]["formVariables"]);
    store.reverse();
    store.push(json!({"key": "zone", "name": "Zone", "type": "boolean", "isOptional": true}));
    let networks = as_array(&mut variable(store, "network")["allowedValues"]);
    networks.insert(1, json!("canary"));

    let events = upstream.variables("pagerduty-guardian-edition");
    let options = &mut variable(events, "eventFilter")["multiselectOptions"];
    as_array(options).insert(0, json!({"label": "Started", "value": "rollout-started"}));

    let added = json!({"name": "Acme", "version": "1.0.0", "formVariables": block});
    upstream.manifests.insert("acme".to_owned(), added);
}

/// A copy of the package with these modules and the program.
fn with_consumer(name: &'static str, modules: &BTreeMap<String, String>) -> Files {
    let mut files = Files::with_modules(name, modules);
    files.add_test("consumer.rs", include_str!("programs/consumer.rs"));
    files
}

#[test]
fn additions_do_not_break_a_program() {
    let before = Upstream::new().modules();
    let mut upstream = Upstream::new();
    add(&mut upstream);
    let modules = upstream.modules();
    let changed: Vec<&str> = modules
        .iter()
        .filter(|(name, text)| before.get(*name) != Some(text))
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(
        changed,
        [
            "acme.rs",
            "adfs.rs",
            "akamai_edgeworkers.rs",
            "datadog.rs",
            "mod.rs",
            "pagerduty_guardian_edition.rs",
            "splunk.rs"
        ]
    );

    let copy = with_consumer("added", &modules).write();
    copy.cargo(&["test", "--test", "consumer"]);
}

#[test]
fn new_requirements_and_removals_break_the_build() {
    let mut upstream = Upstream::new();
    let datadog = upstream.variables("datadog");
    datadog.push(json!({"key": "siteName", "name": "Site", "type": "string"}));
    let akamai = upstream.manifest("akamai-edgeworkers");
    let store = as_array(&mut akamai["capabilities"]["featureStore"]["formVariables"]);
    as_array(&mut variable(store, "network")["allowedValues"]).retain(|value| value != "staging");
    let splunk = upstream.variables("splunk");
    splunk.retain(|variable| variable["key"] != "skip-ca-verification");

    let copy = with_consumer("removed", &upstream.modules()).write();
    let errors = copy.refused("consumer");
    for (code, said) in [
        (
            "E0277",
            "`site_name` is required and not set (wire key `siteName`)",
        ),
        ("E0599", "no variant or associated item named `Staging`"),
        ("E0599", "no method named `skip_ca_verification`"),
    ] {
        let fits = |error: &CompilerError| error.code == code && error.message.contains(said);
        assert!(errors.iter().any(fits), "{said}: {errors:#?}");
    }
}
