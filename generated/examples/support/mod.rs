//! What the examples share: their command line, the configuration, and showing a request.

use std::env;
use std::error::Error;
use std::io;
use std::process::ExitCode;

use launchdarkly_integrations::AnyConfigValues;
use launchdarkly_integrations::client::{
    AccessToken, Api, IntegrationConfiguration, NewConfiguration, Options, SetupError,
};

/// Any error, for people.
pub(crate) type Failure = Box<dyn Error>;

const USAGE: &str = "\
usage: KEY [--send] < values.json

Creates a configuration of the integration with this key in LaunchDarkly, or shows the request that
would. Its values are read as JSON from standard input.

    --send    send it; needs LAUNCHDARKLY_ACCESS_TOKEN

LAUNCHDARKLY_API_HOST, if set, is the host to call.";

/// What the command line asks for.
pub(crate) struct Command {
    key: String,
    pub(crate) send: bool,
}

impl Command {
    /// Reads the command line, or says how it is to be used.
    pub(crate) fn from_args() -> Result<Self, Failure> {
        let arguments: Vec<String> = env::args().skip(1).collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let (key, send) = match arguments[..] {
            [key] if !key.starts_with('-') => (key, false),
            [key, "--send"] => (key, true),
            _ => return Err(USAGE.into()),
        };
        Ok(Self {
            key: key.to_owned(),
            send,
        })
    }

    /// The configuration to create, with the values on standard input.
    pub(crate) fn configuration(&self) -> Result<NewConfiguration, Failure> {
        let text = io::read_to_string(io::stdin())?;
        let values = AnyConfigValues::from_json_str(&self.key, &text)?;
        let name = format!("Example of {}", values.integration().name);
        Ok(NewConfiguration::with_any(name, values)?.tags(["example"]))
    }
}

/// Prints the request without its secrets. Nothing is sent, so any token will do.
pub(crate) fn show(configuration: &NewConfiguration) -> Result<(), Failure> {
    let options = match Options::from_env() {
        Err(SetupError::MissingToken) => AccessToken::new("placeholder")?.into(),
        options => options?,
    };
    let api: &Api = options.api();
    let request = api.request(configuration)?;
    println!("{} {}", request.method(), request.uri());
    for (name, value) in request.headers() {
        match value.is_sensitive() {
            true => println!("{name}: [redacted]"),
            false => println!("{name}: {}", value.to_str()?),
        }
    }
    println!("\n{:#}", configuration.redacted()?);
    Ok(())
}

/// Prints what was created, or what went wrong.
pub(crate) fn report(result: Result<Option<IntegrationConfiguration>, Failure>) -> ExitCode {
    match result {
        Ok(Some(created)) => println!("created {}", created.id),
        Ok(None) => {}
        Err(error) => {
            eprintln!("error: {error}");
            let mut source = error.source();
            while let Some(cause) = source {
                eprintln!("  since: {cause}");
                source = cause.source();
            }
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
