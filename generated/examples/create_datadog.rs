//! Creates a Datadog configuration. Without `--send` it only shows the request:
//! `cargo run -p launchdarkly-integrations --features async,ring --example create_datadog`

mod support;

use std::process::ExitCode;

use launchdarkly_integrations::client::{Client, Configuration};
use support::{Command, Failure};

#[tokio::main]
async fn main() -> ExitCode {
    support::report(run().await)
}

async fn run() -> Result<Option<Configuration>, Failure> {
    let command = Command::from_args()?;
    let configuration = command.configuration()?;
    match command {
        Command::Show => support::show(&configuration).map(|()| None),
        Command::Send => {
            let client = Client::from_env()?;
            Ok(Some(client.create(&configuration).await?))
        }
    }
}
