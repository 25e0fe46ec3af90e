//! Creates the integrations that a TOML or JSON file declares, if they don't exist yet:
//! `cargo run -p launchdarkly-integrations --example apply -- integrations.toml`
//!
//! It checks the whole file before it sends anything. Without `--send` it only shows the requests,
//! without secrets. It never changes an integration that exists.

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use launchdarkly_integrations::client::{
    Client, Declaration, Ensured, InvalidDeclaration, NewResource,
};
use serde_json::Value;

const USAGE: &str = "\
usage: apply FILE [--send]

Creates the integrations that FILE declares, if they don't exist yet. Never changes one that exists.
Without --send, only checks FILE and shows what would be created.

FILE ends in .toml or .json. In TOML:

    [[integrations]]
    key = \"datadog\"
    endpoint = \"audit-log-subscription\"
    name = \"Production Datadog\"
    values = { apiKey = { env = \"DD_API_KEY\" }, hostURL = \"https://api.datadoghq.eu\" }

This prints a JSON Schema of FILE, for editors:

    cargo run --example schema --features schemars -- apply

Options:
    --send    create the integrations

Environment variables:
    LAUNCHDARKLY_ACCESS_TOKEN    required with --send
    LAUNCHDARKLY_API_HOST        defaults to https://app.launchdarkly.com";

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

/// Returns `false` if an integration couldn't be created.
async fn run() -> Result<bool, Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (file, send) = match arguments[..] {
        [file] if !file.starts_with('-') => (file, false),
        [file, "--send"] => (file, true),
        _ => return Err(format!("wrong arguments\n\n{USAGE}").into()),
    };
    let plan = check(read(file)?).map_err(|problems| format!("{file}:\n{problems}"))?;
    if !send {
        for Planned { title, new, .. } in &plan {
            println!(
                "would create, if it doesn't exist: {title}\n{:#}\n",
                new.redacted()?
            );
        }
        println!("nothing was sent; add --send to create the integrations");
        return Ok(true);
    }
    let client = Client::from_env()?;
    let mut all_exist = true;
    for Planned { title, new, .. } in &plan {
        match ensure(&client, new).await {
            Ok((outcome, id)) => println!("{outcome:7} {title}: {id}"),
            Err(error) => {
                all_exist = false;
                println!("failed  {title}: {error}");
            }
        }
    }
    Ok(all_exist)
}

fn read(file: &str) -> Result<Value, String> {
    let extension = Path::new(file).extension().unwrap_or_default();
    let is_toml = extension == "toml";
    if !is_toml && extension != "json" {
        return Err(format!("{file}: the file name must end in .toml or .json"));
    }
    let text = fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    if !is_toml {
        return serde_json::from_str(&text).map_err(|error| format!("{file}: {error}"));
    }
    toml::from_str(&text).map_err(|error| {
        // The error's `Display` would show the line, which may contain a secret.
        let before = error.span().and_then(|span| text.get(..span.start));
        let line = before.unwrap_or_default().lines().count().max(1);
        format!("{file}:{line}: {}", error.message())
    })
}

/// A resource to create.
struct Planned {
    /// Its position in the file.
    index: usize,
    /// Identifies it: no two resources of a file have the same title.
    title: String,
    new: NewResource,
}

/// Returns what the file declares, or all problems, one per line.
fn check(file: Value) -> Result<Vec<Planned>, String> {
    let Value::Object(mut members) = file else {
        return Err("expected an object with `integrations`".to_owned());
    };
    let integrations = members.remove("integrations");
    members.remove("$schema");
    let mut problems: Vec<String> = members
        .iter()
        .map(|(key, value)| unknown_key(key, value))
        .collect();
    let integrations = match integrations {
        Some(Value::Array(integrations)) => integrations,
        _ => {
            problems.push("integrations: expected a list".to_owned());
            Vec::new()
        }
    };
    let mut plan: Vec<Planned> = Vec::new();
    for (index, json) in integrations.into_iter().enumerate() {
        let (declaration, new) = match resolve(json) {
            Ok(resolved) => resolved,
            Err(error) => {
                let all = error.problems().iter();
                problems.extend(all.map(|problem| format!("integrations[{index}]: {problem}")));
                continue;
            }
        };
        if declaration.name().is_none() {
            problems.push(format!(
                "integrations[{index}]: name: missing; without it the next run can't find the integration"
            ));
        }
        let title = title(&declaration);
        if let Some(first) = plan.iter().find(|planned| planned.title == title) {
            problems.push(format!(
                "integrations[{index}]: the same integration as integrations[{}]: {title}; remove one, \
                 or rename it",
                first.index
            ));
        }
        plan.push(Planned { index, title, new });
    }
    if problems.is_empty() {
        Ok(plan)
    } else {
        Err(problems.join("\n"))
    }
}

fn unknown_key(key: &str, value: &Value) -> String {
    let suggestion = if strsim::osa_distance(key, "integrations") <= 4 {
        "; did you mean `integrations`?".to_owned()
    } else if value.is_object() {
        format!("; did you mean `[integrations.{key}]`?")
    } else {
        String::new()
    };
    format!("{key}: unknown key; expected only `integrations`{suggestion}")
}

fn resolve(json: Value) -> Result<(Declaration, NewResource), InvalidDeclaration> {
    let declaration = Declaration::from_json(json)?;
    let new = declaration.resolve(|name| env::var(name).ok())?;
    Ok((declaration, new))
}

/// For example `datadog "Production Datadog" as audit log subscription`.
fn title(declaration: &Declaration) -> String {
    let mut title = declaration.integration_key().to_string();
    // Writing to a string can't fail.
    if let Some(name) = declaration.name() {
        let _ = write!(title, " {name:?}");
    }
    let _ = write!(title, " as {}", declaration.endpoint());
    let place = [declaration.project(), declaration.environment()];
    for key in place.into_iter().flatten() {
        let _ = write!(title, ", {key}");
    }
    title
}

/// Creates the resource if it doesn't exist. Returns what happened, and the id.
async fn ensure(
    client: &Client,
    new: &NewResource,
) -> Result<(&'static str, String), Box<dyn Error>> {
    Ok(match new {
        NewResource::IntegrationConfiguration(new) => {
            let configurations = client.integration_configurations();
            outcome(configurations.ensure(new).send().await?, |found| found.id)
        }
        NewResource::AuditLogSubscription(new) => {
            let subscriptions = client.audit_log_subscriptions();
            outcome(subscriptions.ensure(new).send().await?, |found| found.id)
        }
        NewResource::DeliveryConfiguration {
            project,
            environment,
            new,
        } => {
            let deliveries = client.delivery_configurations();
            let deliveries = deliveries.environment(project, environment);
            outcome(deliveries.ensure(new).send().await?, |found| found.id)
        }
        NewResource::BigSegmentStore {
            project,
            environment,
            new,
        } => {
            let stores = client.big_segment_stores();
            let stores = stores.environment(project, environment);
            outcome(stores.ensure(new).send().await?, |found| found.id)
        }
        NewResource::FlagImport { project, new } => {
            let imports = client.flag_imports().project(project);
            outcome(imports.ensure(new).send().await?, |found| found.id)
        }
        _ => return Err("this example doesn't support that endpoint".into()),
    })
}

fn outcome<R>(ensured: Ensured<R>, id: fn(R) -> String) -> (&'static str, String) {
    let outcome = match &ensured {
        Ensured::Found(_) => "exists",
        _ => "created",
    };
    (outcome, id(ensured.into_inner()))
}
