//! What the examples share: their command line, what to create, and showing a request.

use std::env;
use std::error::Error;
use std::io;
use std::process::ExitCode;

use launchdarkly_integrations::client::{
    Api, NewAuditLogSubscription, NewIntegrationConfiguration, SetupError,
};
use launchdarkly_integrations::{AnyConfigValues, Endpoint};

/// Any error, for people.
pub(crate) type Failure = Box<dyn Error>;

const USAGE: &str = "\
usage: KEY [--send] < values.json

Creates an audit log subscription for the integration with this key in LaunchDarkly, or an integration
configuration if the integration receives no audit log events. Without --send, only shows the request.
The values are read as JSON from standard input.

    --send    send it; needs LAUNCHDARKLY_ACCESS_TOKEN

LAUNCHDARKLY_API_HOST, if set, is the host to call.";

/// What the command line asks for.
pub(crate) struct Command {
    pub(crate) new: New,
    pub(crate) send: bool,
}

/// What is created.
pub(crate) enum New {
    Subscription(NewAuditLogSubscription),
    Configuration(NewIntegrationConfiguration),
}

impl Command {
    /// Reads the command line and the values.
    pub(crate) fn read() -> Result<Self, Failure> {
        let arguments: Vec<String> = env::args().skip(1).collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let (key, send) = match arguments[..] {
            [key] if !key.starts_with('-') => (key, false),
            [key, "--send"] => (key, true),
            _ => return Err(USAGE.into()),
        };
        let text = io::read_to_string(io::stdin())?;
        let values = AnyConfigValues::from_json_str(key, &text)?;
        let name = format!("Example of {}", values.integration().name);
        let takes_events = values.endpoints().contains(&Endpoint::AuditLogSubscription);
        let new = if takes_events {
            New::Subscription(NewAuditLogSubscription::with_any(name, values)?.on(false))
        } else {
            New::Configuration(NewIntegrationConfiguration::with_any(name, values)?.enabled(false))
        };
        Ok(Self { new, send })
    }
}

/// Prints the request without its secrets.
pub(crate) fn show(api: &Api, new: &New) -> Result<(), Failure> {
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

/// Prints the id of what was created, or what went wrong.
pub(crate) fn report(result: Result<Option<String>, Failure>) -> ExitCode {
    match result {
        Ok(Some(id)) => println!("created {id}"),
        Ok(None) => {}
        Err(error) => {
            eprintln!("error: {error}");
            if let Some(SetupError::MissingToken) = error.downcast_ref() {
                eprintln!("without --send, the request is shown and no token is needed");
            }
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
