//! LaunchDarkly's OpenAPI document. It is not part of the repository; tests look for it beside the workspace.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The path of a stored file, or `None` if it doesn't exist.
///
/// With `LD_REQUIRE_SHARED=1`, a missing file fails the test.
fn stored(name: &str) -> Option<PathBuf> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = package.parent()?.join("../shared/openapi").join(name);
    if path.is_file() {
        return Some(path);
    }
    assert!(!is_set("LD_REQUIRE_SHARED"), "../shared/openapi is missing");
    skip("../shared/openapi is missing");
    None
}

/// The path of the OpenAPI document.
pub(crate) fn document_path() -> Option<PathBuf> {
    stored("forms.openapi.json")
}

/// The OpenAPI document.
pub(crate) fn document() -> Option<Value> {
    document_path().map(|path| read(&path))
}

/// An older version of the document, with examples that its own schemas refuse.
pub(crate) fn older_document() -> Option<Value> {
    stored("integrations.openapi.json").map(|path| read(&path))
}

/// The example of a created configuration in LaunchDarkly's documentation.
pub(crate) fn documented_response() -> Option<Value> {
    stored("create-201-example.json").map(|path| read(&path))
}

/// The operations of the document that the clients have. Each with its method and its path without
/// `/api/v2`.
pub(crate) fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    const GROUPS: [&str; 3] = [
        "integration-configurations",
        "integrations",
        "integration-capabilities",
    ];
    let paths = document["paths"].as_object().unwrap().iter();
    let mut operations = Vec::new();
    for (path, methods) in paths {
        let path = path.strip_prefix("/api/v2").unwrap();
        if !GROUPS.contains(&path.split('/').nth(1).unwrap()) {
            continue;
        }
        for (method, operation) in methods.as_object().unwrap() {
            if operation.get("responses").is_some() {
                operations.push((method.to_uppercase(), path.to_owned(), operation));
            }
        }
    }
    operations
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// Whether an environment variable is set to `1`.
pub(crate) fn is_set(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| value == "1")
}

/// Reports that a test is skipped, and why.
pub(crate) fn skip(reason: &str) {
    // `eprintln` would be captured if the test passes.
    let line = format!("skipped: {reason}\n");
    let _ = std::io::stderr().write_all(line.as_bytes());
}
