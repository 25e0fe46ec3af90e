//! The example `apply`: a file is checked whole, shown, and ensured; the second time nothing changes.

// Clippy knows `#[test]` functions as tests, but not their helpers.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;
use std::time::Duration;

use http::Request;
use launchdarkly_integrations::client::{Body, Limits, MockTransport, blocking::Transport as _};
use launchdarkly_integrations::{Endpoint, Integration, integrations};
use serde_json::{Map, Value, json};
use support::openapi;
use support::prism::Prism;
use support::sample;
use support::server::{Action, Received, Server, response};
use support::validator::Validator;

const SECRET: &str = "canary-0123";

/// Runs an example with these arguments, against this host.
fn example(name: &str, arguments: &[&str], host: &str) -> Output {
    Command::new(env!("CARGO"))
        .args([
            "run",
            "--quiet",
            "--locked",
            "--all-features",
            "--example",
            name,
            "--",
        ])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("LAUNCHDARKLY_ACCESS_TOKEN", "api-0123")
        .env("LAUNCHDARKLY_API_HOST", host)
        .env("THE_SECRET", SECRET)
        .env_remove("NOT_SET")
        .output()
        .unwrap()
}

/// Its standard output, if it succeeded.
fn output(output: &Output) -> String {
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Ten integrations over three endpoints, with a secret from the environment where there is one.
fn file() -> Value {
    let some = |endpoint: Endpoint, count: usize| {
        let all = integrations::ALL.iter();
        let taken = all.filter(move |one| one.endpoints.contains(&endpoint));
        taken.take(count).map(move |one| declare(one, endpoint))
    };
    let declarations: Vec<Value> = some(Endpoint::AuditLogSubscription, 4)
        .chain(some(Endpoint::IntegrationConfiguration, 3))
        .chain(some(Endpoint::DeliveryConfiguration, 3))
        .collect();
    assert_eq!(declarations.len(), 10);
    json!({ "integrations": declarations })
}

fn declare(integration: &Integration, endpoint: Endpoint) -> Value {
    let fields = if endpoint == Endpoint::DeliveryConfiguration {
        let mut blocks = integration.capability_fields.iter();
        let store = blocks.find(|block| block.capability == "featureStore");
        store.map_or(&[][..], |block| block.fields)
    } else {
        integration.fields
    };
    let values: Map<String, Value> = fields
        .iter()
        .filter(|field| sample::is_required(field))
        .map(|field| {
            let is_plain = field.secret && sample::sample(field, "x") == "x";
            let value = match is_plain {
                true => json!({"env": "THE_SECRET"}),
                false => sample::sample(field, "x"),
            };
            (field.key.to_owned(), value)
        })
        .collect();
    let mut declaration = json!({
        "key": integration.key,
        "endpoint": endpoint.as_str(),
        "name": format!("Our {}", integration.key),
        "values": values,
        "tags": ["applied"],
    });
    if endpoint == Endpoint::DeliveryConfiguration {
        declaration["project"] = json!("default");
        declaration["environment"] = json!("production");
    }
    declaration
}

/// The file on disk.
fn write(folder: &Path, name: &str, file: &Value) -> PathBuf {
    let path = folder.join(name);
    let text = if name.ends_with(".toml") {
        toml::to_string(file).unwrap()
    } else {
        file.to_string()
    };
    fs::write(&path, text).unwrap();
    path
}

/// The mock behind a real socket.
fn serve(mock: &MockTransport) -> Server {
    let mock = Mutex::new(mock.clone());
    Server::new(move |_, received| {
        let limits = Limits::new(Duration::from_secs(1), usize::MAX);
        let sent = mock.lock().unwrap().send(request(received), limits);
        let answer = sent.unwrap().response;
        let body = String::from_utf8_lossy(answer.body()).into_owned();
        Action::Send(response(answer.status().as_str(), "", &body))
    })
}

fn request(received: &Received) -> Request<Body> {
    let mut lines = received.head.lines();
    let mut words = lines.next().unwrap().split(' ');
    let (method, path) = (words.next().unwrap(), words.next().unwrap());
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        request = request.header(name, value);
    }
    request.body(Body::from(received.body.clone())).unwrap()
}

#[test]
fn a_file_is_shown_then_ensured_and_then_nothing_changes() {
    let folder = tempfile::tempdir().unwrap();
    let mock = MockTransport::new();
    let server = serve(&mock);
    for name in ["integrations.toml", "integrations.json"] {
        let path = write(folder.path(), name, &file());
        let shown = output(&example("apply", &[path.to_str().unwrap()], &server.url()));
        assert_eq!(shown.matches("would ensure ").count(), 10, "{shown}");
        assert!(!shown.contains(SECRET), "{shown}");
    }
    assert!(mock.requests().is_empty());

    let path = write(folder.path(), "integrations.toml", &file());
    let arguments = [path.to_str().unwrap(), "--send"];
    let first = output(&example("apply", &arguments, &server.url()));
    assert_eq!(
        first
            .lines()
            .filter(|line| line.starts_with("created "))
            .count(),
        10,
        "{first}"
    );
    assert!(!first.contains(SECRET), "{first}");
    let changes = || {
        let requests = mock.requests();
        requests.iter().filter(|one| one.method() != "GET").count()
    };
    assert_eq!(changes(), 10);

    let second = output(&example("apply", &arguments, &server.url()));
    assert_eq!(
        second
            .lines()
            .filter(|line| line.starts_with("exists "))
            .count(),
        10,
        "{second}"
    );
    assert_eq!(changes(), 10);
    // The same ones.
    let ids = |lines: &str| -> Vec<String> {
        let lines = lines.lines();
        lines
            .map(|line| line.split(": ").last().unwrap().to_owned())
            .collect()
    };
    assert_eq!(ids(&first), ids(&second));
}

#[test]
fn what_is_wrong_is_named_and_nothing_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let mut file = file();
    file["integrations"][1]["naem"] = json!("x");
    file["integrations"][2]["name"] = json!(" ");
    let integration = &mut file["integrations"][3];
    integration["unchecked"] = json!({"new": {"env": "NOT_SET"}});
    let path = write(folder.path(), "integrations.json", &file);
    let refused = example(
        "apply",
        &[path.to_str().unwrap(), "--send"],
        "http://127.0.0.1:1",
    );
    assert_eq!(refused.status.code(), Some(1));
    assert!(refused.stdout.is_empty());
    let error = String::from_utf8(refused.stderr).unwrap();
    for part in [
        "integrations[1]: naem: unknown key",
        "integrations[2]: name",
        "integrations[3]: unchecked.new",
        "NOT_SET",
    ] {
        assert!(error.contains(part), "{part}: {error}");
    }
}

#[test]
fn the_schema_of_the_file_takes_good_files_and_refuses_bad_ones() {
    let printed = output(&example("schema", &["apply"], ""));
    let schema: Value = serde_json::from_str(&printed).unwrap();
    let validator = Validator::new(&schema);
    let good = file();
    assert_eq!(validator.check(&good), Ok(()));
    let bad = |change: fn(&mut Value)| {
        let mut bad = good.clone();
        change(&mut bad);
        assert!(!validator.is_valid(&bad), "{bad}");
    };
    bad(|file| file["integrations"][0]["naem"] = json!("x"));
    bad(|file| file["integrations"][0]["key"] = json!("datadgo"));
    bad(|file| file["integrations"][0]["values"]["no-such-key"] = json!("x"));
    bad(|file| file["integrations"][0]["endpoint"] = json!("flag-import"));
    bad(|file| file["integrations"][9]["project"] = Value::Null);
    bad(|file| file["integrations"] = json!({}));
}

/// Prism has everything of an example's name, whatever it is asked.
#[test]
fn prism_takes_what_is_applied() {
    let Some(document) = openapi::document_path() else {
        return;
    };
    let Some(prism) = Prism::start(&document) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), "integrations.toml", &file());
    let arguments = [path.to_str().unwrap(), "--send"];
    let applied = output(&example("apply", &arguments, prism.url()));
    assert_eq!(applied.lines().count(), 10, "{applied}");
}
