//! Prints the JSON Schema of an integration's values, or of the files that the example `apply` reads:
//! `cargo run -p launchdarkly-integrations --features schemars --example schema -- datadog`

use std::env;
use std::io::{self, Write as _};
use std::process::ExitCode;

use launchdarkly_integrations::IntegrationKey;
use launchdarkly_integrations::client::Declaration;
use serde_json::Value;

const USAGE: &str = "\
usage: schema KEY
       schema apply

Prints the JSON Schema of the values of the integration KEY, or of the files that the example apply reads.";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [key] = arguments.as_slice() else {
        let keys: Vec<&str> = IntegrationKey::all().map(IntegrationKey::as_str).collect();
        eprintln!("{USAGE}\n\nThe integration keys:\n{}", keys.join("\n"));
        return ExitCode::from(2);
    };
    if key == "apply" {
        return print(&apply_schema());
    }
    match key.parse::<IntegrationKey>() {
        Ok(key) => print(&key.integration().schema().to_value()),
        Err(error) => {
            eprintln!("error: {error}; run `schema` without a key to list all keys");
            ExitCode::from(2)
        }
    }
}

/// Unlike `println!`, doesn't panic if the output is a closed pipe.
fn print(schema: &Value) -> ExitCode {
    match writeln!(io::stdout(), "{schema:#}") {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The schema of the files that the example `apply` reads.
fn apply_schema() -> Value {
    let mut generator = schemars::SchemaGenerator::default();
    let declaration = generator.subschema_for::<Declaration>();
    serde_json::json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "LaunchDarkly integrations",
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
