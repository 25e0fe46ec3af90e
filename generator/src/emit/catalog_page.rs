//! `CATALOG.md`: the endpoints and fields of each integration, for readers of the repository.

use super::print::markdown_header;
use super::{docs, page, table};
use crate::model::{Endpoint, Integration, Struct};

/// The file's name in the package's folder.
pub(super) const FILE: &str = "CATALOG.md";

pub(super) fn text(integrations: &[&Integration]) -> String {
    let (with_fields, without): (Vec<&Integration>, Vec<&Integration>) = integrations
        .iter()
        .partition(|integration| page::has_fields(integration));
    let mut lines = vec![markdown_header("manifests/"), "# All integrations".into()];
    lines.extend(["", INTRODUCTION, ""].map(String::from));
    lines.extend(endpoints());
    if !with_fields.is_empty() {
        lines.extend([String::new(), contents(&with_fields)]);
    }
    for integration in with_fields {
        lines.extend(section(integration));
    }
    if !without.is_empty() {
        lines.extend(without_fields(&without));
    }
    lines.push(String::new());
    lines.join("\n")
}

const INTRODUCTION: &str = "The endpoints and form variables of each integration. \"Unconfirmed\" means: the \
    manifest doesn't say whether LaunchDarkly accepts integration configurations of this integration.";

/// The endpoints with their paths and the methods of the client.
fn endpoints() -> Vec<String> {
    let mut lines = Vec::from(table::head(&[
        "Sent as",
        "Endpoint",
        "Method of the client",
    ]));
    for endpoint in Endpoint::ALL {
        lines.push(table::row(&[
            endpoint.words(),
            format!("`/api/v2{}`", endpoint.path()),
            format!("`{}s()`", endpoint.as_str().replace('-', "_")),
        ]));
    }
    lines
}

/// Links to the sections.
fn contents(integrations: &[&Integration]) -> String {
    let links: Vec<String> = integrations
        .iter()
        .map(|integration| {
            let key = &integration.key;
            format!("[{}](#{})", docs::plain(key), anchor(key))
        })
        .collect();
    format!("With form variables: {}.", links.join(", "))
}

/// The anchor that GitHub gives to a heading that is an integration key.
fn anchor(key: &str) -> String {
    key.to_ascii_lowercase().replace('.', "")
}

/// A link to the generated file, relative to `CATALOG.md`.
fn source_link(integration: &Integration, text: &str) -> String {
    format!("[{text}](src/integrations/{}.rs)", integration.module)
}

/// The section of an integration with fields.
fn section(integration: &Integration) -> Vec<String> {
    let mut lines = vec![
        String::new(),
        format!("## {}", docs::plain(&integration.key)),
        String::new(),
        format!(
            "{}. Code: {}.",
            docs::plain(&integration.name),
            source_link(integration, &format!("`{}`", integration.module))
        ),
    ];
    if let Some(supplement) = docs::supplement(integration) {
        lines.extend([String::new(), supplement]);
    }
    let config = &integration.config;
    lines.extend(values(integration, config, &integration.config_endpoints()));
    for block in &integration.capability_configs {
        let endpoints: Vec<Endpoint> = block.endpoint().into_iter().collect();
        lines.extend(values(integration, &block.config, &endpoints));
    }
    lines
}

/// A struct: where it is sent, and a table of its fields.
fn values(integration: &Integration, values: &Struct, endpoints: &[Endpoint]) -> Vec<String> {
    let sent_as = match page::sent_as(integration, endpoints, " (unconfirmed)") {
        names if names.is_empty() => "the client has no endpoint for it".to_owned(),
        names => format!("sent as {}", names.join(" or ")),
    };
    let no_fields = if values.fields.is_empty() {
        "; no fields"
    } else {
        ""
    };
    let title = format!("`{}`: {sent_as}{no_fields}.", values.name);
    let mut lines = vec![String::new(), title];
    if !values.fields.is_empty() {
        lines.push(String::new());
        lines.extend(fields(values));
    }
    lines
}

fn fields(values: &Struct) -> Vec<String> {
    let mut lines = Vec::from(table::head(&["Wire key", "Field", "Type", "Value"]));
    for field in &values.fields {
        let mut value = docs::requirement(field, table::code);
        let listed: Vec<String> = field.listed_values().map(table::code).collect();
        if !listed.is_empty() {
            value.push_str(&format!("; listed: {}", listed.join(", ")));
        }
        lines.push(table::row(&[
            table::code(&field.key),
            format!("`{}`", field.ident),
            format!("`{}`", field.value_type.name()),
            value,
        ]));
    }
    lines
}

/// The table of integrations without fields.
fn without_fields(integrations: &[&Integration]) -> Vec<String> {
    let title = "## Integrations without form variables";
    let mut lines = ["", title, ""].map(String::from).to_vec();
    lines.extend(table::head(&["Key", "Name", "Sent as"]));
    for integration in integrations {
        let endpoints = integration.endpoints();
        lines.push(table::row(&[
            source_link(integration, &docs::plain(&integration.key)),
            docs::plain(&integration.name),
            page::sent_as(integration, &endpoints, " (unconfirmed)").join(", "),
        ]));
    }
    lines
}
