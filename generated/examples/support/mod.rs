//! Shared by the examples `create` and `create_blocking`: reads the command line, and shows a request.

use std::env;
use std::error::Error;
use std::io;
use std::process::ExitCode;

use launchdarkly_integrations::client::{
    Api, NewAuditLogSubscription, NewIntegrationConfiguration, SetupError,
};
use launchdarkly_integrations::{AnyConfigValues, Endpoint};

pub(crate) type AnyError = Box<dyn Error>;

const USAGE: &str = concat!(
    "usage: ",
    env!("CARGO_BIN_NAME"),
    " KEY [--send] < values.json

Creates an audit log subscription for the integration KEY, such as datadog, or an integration
configuration if the integration doesn't receive audit log events. Reads the values as JSON from standard
input. What it creates is turned off. Without --send, only shows the request.

Options:
    --send    send the request

Environment variables:
    LAUNCHDARKLY_ACCESS_TOKEN    required with --send
    LAUNCHDARKLY_API_HOST        defaults to https://app.launchdarkly.com"
);

pub(crate) struct Command {
    pub(crate) new: New,
    pub(crate) send: bool,
}

pub(crate) enum New {
    Subscription(NewAuditLogSubscription),
    Configuration(NewIntegrationConfiguration),
}

impl Command {
    /// Reads the command line and standard input.
    pub(crate) fn read() -> Result<Self, AnyError> {
        let arguments: Vec<String> = env::args().skip(1).collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let (key, send) = match arguments[..] {
            [key] if !key.starts_with('-') => (key, false),
            [key, "--send"] => (key, true),
            _ => return Err(format!("wrong arguments\n\n{USAGE}").into()),
        };
        let values = AnyConfigValues::from_json_str(key, &io::read_to_string(io::stdin())?)?;
        let name = format!("Example of {}", values.integration().name);
        let new = if values.endpoints().contains(&Endpoint::AuditLogSubscription) {
            New::Subscription(NewAuditLogSubscription::with_any(name, values)?.on(false))
        } else {
            New::Configuration(NewIntegrationConfiguration::with_any(name, values)?.enabled(false))
        };
        Ok(Self { new, send })
    }
}

/// Prints the request without secrets.
pub(crate) fn show(api: &Api, new: &New) -> Result<(), AnyError> {
    let (request, body) = match new {
        New::Subscription(new) => (
            api.audit_log_subscriptions().create(new).request()?,
            new.redacted()?,
        ),
        New::Configuration(new) => (
            api.integration_configurations().create(new).request()?,
            new.redacted()?,
        ),
    };
    println!("{} {}", request.method(), request.uri());
    for (name, value) in request.headers() {
        match value.is_sensitive() {
            true => println!("{name}: [redacted]"),
            false => println!("{name}: {}", value.to_str()?),
        }
    }
    println!("\n{body:#}");
    Ok(())
}

/// Prints the id of what was created, or the error.
pub(crate) fn report(result: Result<Option<String>, AnyError>) -> ExitCode {
    match result {
        Ok(Some(id)) => println!("created {id}"),
        Ok(None) => {}
        Err(error) => {
            eprintln!("error: {error}");
            if let Some(SetupError::MissingToken) = error.downcast_ref() {
                eprintln!("without --send, no token is needed");
            }
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
