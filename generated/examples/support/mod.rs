//! What the examples share: their command line, the configuration, and showing a request.

use std::env;
use std::error::Error;
use std::process::ExitCode;

use launchdarkly_integrations::client::{
    AccessToken, Api, Configuration, NewConfiguration, Options, SetupError,
};
use launchdarkly_integrations::integrations::datadog::{ConfigValues, HostUrl};

/// Any error, for people.
pub(crate) type Failure = Box<dyn Error>;

const USAGE: &str = "\
the only argument is --send

Creates a Datadog configuration in LaunchDarkly, or shows the request that would.

    --send    send it; needs LAUNCHDARKLY_ACCESS_TOKEN and DATADOG_API_KEY

LAUNCHDARKLY_API_HOST, if set, is the host to call.";

/// What the command line asks for.
pub(crate) enum Command {
    Show,
    Send,
}

impl Command {
    /// Reads the command line, or says how it is to be used.
    pub(crate) fn from_args() -> Result<Self, Failure> {
        let arguments: Vec<String> = env::args().skip(1).collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        match arguments[..] {
            [] => Ok(Self::Show),
            ["--send"] => Ok(Self::Send),
            _ => Err(USAGE.into()),
        }
    }

    /// The configuration to create. Without a key of Datadog's it can only be shown.
    pub(crate) fn configuration(&self) -> Result<NewConfiguration, Failure> {
        let api_key = match (env::var("DATADOG_API_KEY"), self) {
            (Ok(key), _) => key,
            (Err(_), Self::Show) => "placeholder".to_owned(),
            (Err(error), Self::Send) => return Err(format!("DATADOG_API_KEY: {error}").into()),
        };
        let values = ConfigValues::builder()
            .api_key(api_key)
            .host_url(HostUrl::ApiDatadoghqEu)
            .build();
        Ok(NewConfiguration::new("Production Datadog", values).tags(["example"]))
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
pub(crate) fn report(result: Result<Option<Configuration>, Failure>) -> ExitCode {
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
