//! Creates something for an integration, from JSON on standard input. Without `--send` it only shows
//! the request:
//! `cargo run -p launchdarkly-integrations --features async,ring --example create -- KEY < values.json`

mod support;

use std::process::ExitCode;

use launchdarkly_integrations::client::Client;
use support::{Command, Failure, New};

#[tokio::main]
async fn main() -> ExitCode {
    support::report(run().await)
}

async fn run() -> Result<Option<String>, Failure> {
    let Command { new, send } = Command::read()?;
    if !send {
        let client = Client::builder("placeholder").build()?;
        return support::show(client.api(), &new).map(|()| None);
    }
    let client = Client::from_env()?;
    Ok(Some(match &new {
        New::Subscription(new) => {
            client
                .audit_log_subscriptions()
                .create(new)
                .send()
                .await?
                .id
        }
        New::Configuration(new) => {
            client
                .integration_configurations()
                .create(new)
                .send()
                .await?
                .id
        }
    }))
}
