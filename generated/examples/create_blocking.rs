//! The example `create` without async:
//! `cargo run -p launchdarkly-integrations --features blocking --example create_blocking -- KEY < values.json`

mod support;

use std::process::ExitCode;

use launchdarkly_integrations::client::blocking::Client;
use support::{AnyError, Command, New};

fn main() -> ExitCode {
    support::report(run())
}

/// Returns the id of what was created, if `--send` was given.
fn run() -> Result<Option<String>, AnyError> {
    let Command { new, send } = Command::read()?;
    if !send {
        let client = Client::builder("placeholder").build()?;
        support::show(client.api(), &new)?;
        return Ok(None);
    }
    let client = Client::from_env()?;
    Ok(Some(match &new {
        New::Subscription(new) => client.audit_log_subscriptions().create(new).send()?.id,
        New::Configuration(new) => client.integration_configurations().create(new).send()?.id,
    }))
}
