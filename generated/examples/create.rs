//! Creates an audit log subscription or an integration configuration from JSON on standard input:
//! `cargo run -p launchdarkly-integrations --example create -- KEY < values.json`
//!
//! Without `--send` it only shows the request.

mod support;

use std::process::ExitCode;

use launchdarkly_integrations::client::Client;
use support::{AnyError, Command, New};

#[tokio::main]
async fn main() -> ExitCode {
    support::report(run().await)
}

/// Returns the id of what was created, if `--send` was given.
async fn run() -> Result<Option<String>, AnyError> {
    let Command { new, send } = Command::read()?;
    if !send {
        let client = Client::builder("placeholder").build()?;
        support::show(client.api(), &new)?;
        return Ok(None);
    }
    let client = Client::from_env()?;
    Ok(Some(match &new {
        New::Subscription(new) => {
            let subscriptions = client.audit_log_subscriptions();
            subscriptions.create(new).send().await?.id
        }
        New::Configuration(new) => {
            let configurations = client.integration_configurations();
            configurations.create(new).send().await?.id
        }
    }))
}
