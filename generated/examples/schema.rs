//! Prints the JSON Schema of an integration's values, by its key:
//! `cargo run --example schema --features schemars -- datadog`.

use std::env;
use std::process::ExitCode;

use launchdarkly_integrations::integrations;

const USAGE: &str = "usage: cargo run --example schema --features schemars -- INTEGRATION_KEY";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [key] = arguments.as_slice() else {
        eprintln!("{USAGE}\n\nThe integration keys:\n{}", keys_with(""));
        return ExitCode::from(2);
    };
    let Some(integration) = integrations::get(key) else {
        eprintln!("{}", unknown(key));
        return ExitCode::from(2);
    };
    println!("{:#}", integration.schema().to_value());
    ExitCode::SUCCESS
}

fn unknown(key: &str) -> String {
    let beginning: String = key.chars().take(3).collect();
    let near = keys_with(&beginning.to_lowercase());
    if near.is_empty() {
        format!("no integration has the key {key:?}\n{USAGE}\nwithout a key it lists them all")
    } else {
        format!("no integration has the key {key:?}; did you mean one of these?\n{near}")
    }
}

/// The integration keys with that beginning, each on its line.
fn keys_with(beginning: &str) -> String {
    let keys = integrations::ALL
        .iter()
        .map(|integration| integration.key)
        .filter(|key| key.starts_with(beginning));
    keys.collect::<Vec<_>>().join("\n")
}
