//! Prints the JSON Schema of an integration's values, by its key:
//! `cargo run --example schema --features schemars -- datadog`.

use std::env;
use std::process::ExitCode;

use launchdarkly_integrations::IntegrationKey;

const USAGE: &str = "usage: cargo run --example schema --features schemars -- INTEGRATION_KEY";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [key] = arguments.as_slice() else {
        let keys: Vec<&str> = IntegrationKey::all().map(IntegrationKey::as_str).collect();
        eprintln!("{USAGE}\n\nThe integration keys:\n{}", keys.join("\n"));
        return ExitCode::from(2);
    };
    match key.parse::<IntegrationKey>() {
        Ok(key) => {
            println!("{:#}", key.integration().schema().to_value());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}; without a key this lists them all");
            ExitCode::from(2)
        }
    }
}
