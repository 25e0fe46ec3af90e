//! Creates a Datadog configuration, without async. Without `--send` it only shows the request:
//! `cargo run -p launchdarkly-integrations --features blocking,ring --example create_datadog_blocking`

mod support;

use std::process::ExitCode;

use launchdarkly_integrations::client::{Configuration, blocking::Client};
use support::{Command, Failure};

fn main() -> ExitCode {
    support::report(run())
}

fn run() -> Result<Option<Configuration>, Failure> {
    let command = Command::from_args()?;
    let configuration = command.configuration()?;
    match command {
        Command::Show => support::show(&configuration).map(|()| None),
        Command::Send => {
            let client = Client::from_env()?;
            Ok(Some(client.create(&configuration)?))
        }
    }
}
