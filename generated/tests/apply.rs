//! The example `apply`: it checks the whole file, shows the requests, and creates what doesn't exist.

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

/// A file with ten integrations for three endpoints. Secrets are in an environment variable.
fn file() -> Value {
    let declare_some = |endpoint: Endpoint, count: usize| {
        let all = integrations::ALL.iter();
        let taken = all.filter(move |integration| integration.endpoints.contains(&endpoint));
        taken
            .take(count)
            .map(move |integration| declare(integration, endpoint))
    };
    let declarations: Vec<Value> = declare_some(Endpoint::AuditLogSubscription, 4)
        .chain(declare_some(Endpoint::IntegrationConfiguration, 3))
        .chain(declare_some(Endpoint::DeliveryConfiguration, 3))
        .collect();
    assert_eq!(declarations.len(), 10);
    json!({ "integrations": declarations })
}

fn declare(integration: &Integration, endpoint: Endpoint) -> Value {
    let values: Map<String, Value> = sample::fields_of(integration, endpoint)
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

/// Writes the file to disk.
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

/// Serves the mock on a socket.
fn serve(mock: &MockTransport) -> Server {
    let mock = Mutex::new(mock.clone());
    Server::new(move |_, received| {
        let limits = Limits::new(Duration::from_secs(1), usize::MAX);
        let sent = mock.lock().unwrap().send(request(received), limits);
        let mocked = sent.unwrap().response;
        let body = String::from_utf8_lossy(mocked.body()).into_owned();
        Action::Send(response(mocked.status().as_str(), "", &body))
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
fn integrations_are_created_once() {
    let folder = tempfile::tempdir().unwrap();
    let mock = MockTransport::new();
    let server = serve(&mock);
    for name in ["integrations.toml", "integrations.json"] {
        let path = write(folder.path(), name, &file());
        let shown = output(&example("apply", &[path.to_str().unwrap()], &server.url()));
        assert_eq!(shown.matches("would create").count(), 10, "{shown}");
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
    // Both runs return the same ids.
    let ids = |lines: &str| -> Vec<String> {
        let lines = lines.lines();
        lines
            .map(|line| line.split(": ").last().unwrap().to_owned())
            .collect()
    };
    assert_eq!(ids(&first), ids(&second));
}

/// The error for a file that is refused before anything is sent.
fn refusal(path: &Path) -> String {
    let refused = example(
        "apply",
        &[path.to_str().unwrap(), "--send"],
        "http://127.0.0.1:1",
    );
    assert_eq!(refused.status.code(), Some(1));
    assert!(refused.stdout.is_empty());
    String::from_utf8(refused.stderr).unwrap()
}

#[test]
fn the_same_integration_twice_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut file = file();
    let mut copy = file["integrations"][2].clone();
    // These don't make it another integration.
    copy["tags"] = json!(["other"]);
    copy["on"] = json!(false);
    file["integrations"].as_array_mut().unwrap().push(copy);
    let error = refusal(&write(folder.path(), "integrations.json", &file));
    let expected = "integrations[10]: the same integration as integrations[2]: ";
    assert!(error.contains(expected), "{error}");
    assert_eq!(error.lines().count(), 2, "{error}");

    let mut other = file["integrations"][9].clone();
    other["environment"] = json!("test");
    file["integrations"][10] = other;
    let path = write(folder.path(), "integrations.json", &file);
    let shown = output(&example("apply", &[path.to_str().unwrap()], ""));
    assert_eq!(shown.matches("would create").count(), 11, "{shown}");
}

#[test]
fn unknown_top_level_keys_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("integrations.toml");
    fs::write(
        &path,
        "title = 1\n[[integration]]\nkey = \"datadog\"\n[values]\napiKey = \"0\"\n",
    )
    .unwrap();
    let error = refusal(&path);
    for line in [
        "title: unknown key; expected only `integrations`",
        "integration: unknown key; expected only `integrations`; did you mean `integrations`?",
        "values: unknown key; expected only `integrations`; did you mean `[integrations.values]`?",
        "integrations: expected a list",
    ] {
        assert!(error.lines().any(|one| one == line), "{line}: {error}");
    }
    let mut file = file();
    file["$schema"] = json!("integrations.schema.json");
    let path = write(folder.path(), "integrations.json", &file);
    output(&example("apply", &[path.to_str().unwrap()], ""));
}

#[test]
fn other_file_extensions_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["integrations.yaml", "integrations", "toml"] {
        let error = refusal(&write(folder.path(), name, &file()));
        let expected = "the file name must end in .toml or .json";
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn all_problems_are_named_and_nothing_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let mut file = file();
    file["integrations"][1]["naem"] = json!("x");
    file["integrations"][2]["name"] = json!(" ");
    let integration = &mut file["integrations"][3];
    integration["unchecked"] = json!({"new": {"env": "NOT_SET"}});
    let path = write(folder.path(), "integrations.json", &file);
    let error = refusal(&path);
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
fn the_schema_accepts_valid_files_and_refuses_invalid_ones() {
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

/// Prism returns examples from the API description for every request.
#[test]
fn requests_fit_the_api_description() {
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
