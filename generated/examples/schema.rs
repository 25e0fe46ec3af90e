//! Prints the JSON Schema of an integration's values, by its key, or of the example `apply`'s files:
//! `cargo run --example schema --features schemars -- datadog`.

use std::env;
use std::io::{self, Write as _};
use std::process::ExitCode;

use launchdarkly_integrations::IntegrationKey;
use launchdarkly_integrations::client::Declaration;
use serde_json::Value;

const USAGE: &str =
    "usage: cargo run --example schema --features schemars -- INTEGRATION_KEY | apply";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [key] = arguments.as_slice() else {
        let keys: Vec<&str> = IntegrationKey::all().map(IntegrationKey::as_str).collect();
        eprintln!("{USAGE}\n\nThe integration keys:\n{}", keys.join("\n"));
        return ExitCode::from(2);
    };
    if key == "apply" {
        return print(&file());
    }
    match key.parse::<IntegrationKey>() {
        Ok(key) => print(&key.integration().schema().to_value()),
        Err(error) => {
            eprintln!("{error}; without a key this lists them all");
            ExitCode::from(2)
        }
    }
}

/// Not by `println!`, which panics where nobody reads on.
fn print(schema: &Value) -> ExitCode {
    match writeln!(io::stdout(), "{schema:#}") {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// The files of the example `apply`.
fn file() -> Value {
    let mut generator = schemars::SchemaGenerator::default();
    let declaration = generator.subschema_for::<Declaration>();
    serde_json::json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Integrations of LaunchDarkly",
        "type": "object",
        "required": ["integrations"],
        "properties": {
            "$schema": {"type": "string"},
            "integrations": {"type": "array", "items": declaration},
        },
        "additionalProperties": false,
        "$defs": generator.take_definitions(true),
    })
}
