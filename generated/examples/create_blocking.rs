//! Creates something for an integration without async, from JSON on standard input. Without `--send`
//! it only shows the request:
//! `cargo run -p launchdarkly-integrations --features blocking,ring --example create_blocking -- KEY < values.json`

mod support;

use std::process::ExitCode;

use launchdarkly_integrations::client::blocking::Client;
use support::{Command, Failure, New};

fn main() -> ExitCode {
    support::report(run())
}

fn run() -> Result<Option<String>, Failure> {
    let Command { new, send } = Command::read()?;
    if !send {
        let client = Client::builder("placeholder").build()?;
        return support::show(client.api(), &new).map(|()| None);
    }
    let client = Client::from_env()?;
    Ok(Some(match &new {
        New::Subscription(new) => client.audit_log_subscriptions().create(new).send()?.id,
        New::Configuration(new) => client.integration_configurations().create(new).send()?.id,
    }))
}
