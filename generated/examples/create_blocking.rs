//! Creates a configuration of any integration, without async, from JSON on standard input. Without `--send` it
//! only shows the request:
//! `cargo run -p launchdarkly-integrations --features blocking,ring --example create_blocking -- KEY < values.json`

mod support;

use std::process::ExitCode;

use launchdarkly_integrations::client::{IntegrationConfiguration, blocking::Client};
use support::{Command, Failure};

fn main() -> ExitCode {
    support::report(run())
}

fn run() -> Result<Option<IntegrationConfiguration>, Failure> {
    let command = Command::from_args()?;
    let configuration = command.configuration()?;
    match command.send {
        false => support::show(&configuration).map(|()| None),
        true => {
            let client = Client::from_env()?;
            Ok(Some(client.create(&configuration)?))
        }
    }
}
