//! Ensures that LaunchDarkly has every integration that a JSON or TOML file declares:
//! `cargo run -p launchdarkly-integrations --example apply -- integrations.toml`
//!
//! It checks the whole file first, and shows what it would send, without secrets. With `--send` it
//! creates what isn't there yet, and changes nothing that exists.

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::process::ExitCode;

use launchdarkly_integrations::client::{self, Client, Declaration, Ensured, NewResource};
use serde_json::Value;

const USAGE: &str = "\
usage: apply FILE [--send]

Ensures that LaunchDarkly has every integration that FILE declares, and changes nothing that exists.
Without --send, only shows what would be sent. FILE is TOML or JSON:

    [[integrations]]
    key = \"datadog\"
    endpoint = \"audit-log-subscription\"
    name = \"Production Datadog\"
    values = { apiKey = { env = \"DD_API_KEY\" }, hostURL = \"https://api.datadoghq.eu\" }

`cargo run --example schema --features schemars -- apply` prints a JSON Schema of it, for editors.

    --send    send it; needs LAUNCHDARKLY_ACCESS_TOKEN

LAUNCHDARKLY_API_HOST, if set, is the host to call.";

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all of it is there now.
async fn run() -> Result<bool, Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (file, send) = match arguments[..] {
        [file] if !file.starts_with('-') => (file, false),
        [file, "--send"] => (file, true),
        _ => return Err(USAGE.into()),
    };
    let plan = check(read(file)?).map_err(|problems| format!("{file}:\n{problems}"))?;
    if !send {
        for (title, new) in &plan {
            println!("would ensure {title}\n{:#}\n", new.redacted()?);
        }
        println!("nothing was sent: that needs --send");
        return Ok(true);
    }
    let client = Client::from_env()?;
    let mut is_complete = true;
    for (title, new) in &plan {
        match ensure(&client, new).await {
            Ok((what, id)) => println!("{what:7} {title}: {id}"),
            Err(error) => {
                is_complete = false;
                println!("failed  {title}: {error}");
            }
        }
    }
    Ok(is_complete)
}

/// The integrations that the file declares, unchecked.
fn read(file: &str) -> Result<Vec<Value>, Box<dyn Error>> {
    let text = fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    let mut document: Value = if file.ends_with(".toml") {
        // Not the error's own text: that shows the line, in which a secret may be.
        toml::from_str(&text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start));
            let line = before.unwrap_or_default().lines().count().max(1);
            format!("{file}:{line}: {}", error.message())
        })?
    } else {
        serde_json::from_str(&text).map_err(|error| format!("{file}: {error}"))?
    };
    match document["integrations"].take() {
        Value::Array(integrations) => Ok(integrations),
        _ => Err(format!("{file}: expected a list `integrations`").into()),
    }
}

/// What is declared, each with words for it; or all problems.
fn check(integrations: Vec<Value>) -> Result<Vec<(String, NewResource)>, String> {
    let mut plan = Vec::new();
    let mut problems = String::new();
    for (index, integration) in integrations.into_iter().enumerate() {
        let resolved = Declaration::from_json(integration).and_then(|declaration| {
            let new = declaration.resolve(|name| env::var(name).ok())?;
            Ok((declaration.name().is_some(), title(&declaration), new))
        });
        match resolved {
            Ok((true, title, new)) => plan.push((title, new)),
            Ok((false, ..)) => {
                let _ = writeln!(
                    problems,
                    "integrations[{index}]: name: required, by which it is found again"
                );
            }
            Err(error) => {
                for problem in error.problems() {
                    // Writing to a String can't fail.
                    let _ = writeln!(problems, "integrations[{index}]: {problem}");
                }
            }
        }
    }
    if problems.is_empty() {
        Ok(plan)
    } else {
        Err(problems)
    }
}

/// Such as `datadog "Production Datadog" as audit log subscription`.
fn title(declaration: &Declaration) -> String {
    let mut title = declaration.integration_key().to_string();
    if let Some(name) = declaration.name() {
        let _ = write!(title, " {name:?}");
    }
    let _ = write!(title, " as {}", declaration.endpoint());
    let places = [declaration.project(), declaration.environment()];
    for place in places.into_iter().flatten() {
        let _ = write!(title, ", {place}");
    }
    title
}

/// What was done, and the id of what exists now.
async fn ensure(
    client: &Client,
    new: &NewResource,
) -> Result<(&'static str, String), Box<dyn Error>> {
    Ok(match new {
        NewResource::IntegrationConfiguration(new) => {
            let ensured = client
                .integration_configurations()
                .ensure(new)
                .send()
                .await?;
            (what(&ensured), ensured.into_inner().id)
        }
        NewResource::AuditLogSubscription(new) => {
            let ensured = client.audit_log_subscriptions().ensure(new).send().await?;
            (what(&ensured), ensured.into_inner().id)
        }
        NewResource::DeliveryConfiguration {
            project,
            environment,
            new,
        } => {
            let deliveries = client
                .delivery_configurations()
                .environment(project, environment);
            let ensured = deliveries.ensure(new).send().await?;
            (what(&ensured), ensured.into_inner().id)
        }
        NewResource::BigSegmentStore {
            project,
            environment,
            new,
        } => {
            let stores = client
                .big_segment_stores()
                .environment(project, environment);
            let ensured = stores.ensure(new).send().await?;
            (what(&ensured), ensured.into_inner().id)
        }
        NewResource::FlagImport { project, new } => {
            let ensured = client
                .flag_imports()
                .project(project)
                .ensure(new)
                .send()
                .await?;
            (what(&ensured), ensured.into_inner().id)
        }
        _ => return Err("this example doesn't know that endpoint".into()),
    })
}

fn what<R>(ensured: &client::Ensured<R>) -> &'static str {
    match ensured {
        Ensured::Found(_) => "exists",
        _ => "created",
    }
}
