//! Creates a configuration of any integration, from JSON on standard input. Without `--send` it
//! only shows the request:
//! `cargo run -p launchdarkly-integrations --features async,ring --example create -- KEY < values.json`

mod support;

use std::process::ExitCode;

use launchdarkly_integrations::client::{Client, IntegrationConfiguration};
use support::{Command, Failure};

#[tokio::main]
async fn main() -> ExitCode {
    support::report(run().await)
}

async fn run() -> Result<Option<IntegrationConfiguration>, Failure> {
    let command = Command::from_args()?;
    let configuration = command.configuration()?;
    match command.send {
        false => support::show(&configuration).map(|()| None),
        true => {
            let client = Client::from_env()?;
            Ok(Some(client.create(&configuration).await?))
        }
    }
}
