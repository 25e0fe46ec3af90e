//! `CATALOG.md`: all integrations with their fields, for readers of the repository.

use super::print::markdown_header;
use super::table;
use super::{docs, page};
use crate::model::{ConfigurationSupport, Endpoint, Integration, Struct};

/// The file's name in the package's folder.
pub(super) const FILE: &str = "CATALOG.md";

pub(super) fn text(integrations: &[&Integration]) -> String {
    let mut lines = vec![markdown_header("manifests/"), "# All integrations".into()];
    lines.push(String::new());
    lines.push(introduction(integrations));
    lines.push(String::new());
    lines.extend(overview(integrations));
    for integration in integrations {
        if page::has_fields(integration) {
            lines.extend(section(integration));
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

fn introduction(integrations: &[&Integration]) -> String {
    let with_fields = integrations
        .iter()
        .filter(|integration| page::has_fields(integration))
        .count();
    let mut text = format!(
        "{} integrations, {with_fields} of them with form variables.",
        integrations.len()
    );
    if integrations
        .iter()
        .any(|integration| integration.integration_configurations() == ConfigurationSupport::Unsaid)
    {
        text.push_str(&format!(
            " A question mark means: the manifest doesn't say whether the integration allows {}s, and it is \
            unknown whether the server accepts them.",
            Endpoint::IntegrationConfiguration.as_str().replace('-', " ")
        ));
    }
    if integrations
        .iter()
        .any(|integration| integration.supplement.is_some())
    {
        text.push_str(&format!(
            " {SUPPLEMENT:?}: LaunchDarkly's server has more than the public manifests, and the section \
             says how that is known."
        ));
    }
    text
}

/// A row for each integration, with a link to its section or its module.
fn overview(integrations: &[&Integration]) -> Vec<String> {
    let mut lines = Vec::from(table::head(&[
        "Key",
        "Name",
        "Version",
        "Capabilities",
        "Endpoints",
        "Fields",
    ]));
    for integration in integrations {
        let Integration {
            key, name, version, ..
        } = integration;
        let fields: usize = integration
            .structs()
            .map(|values| values.fields.len())
            .sum();
        let (place, fields) = if fields > 0 {
            (format!("#{}", integration.module), fields.to_string())
        } else {
            (source(integration), String::new())
        };
        let version = match version.as_str() {
            "" => String::new(),
            version => table::code(version),
        };
        lines.push(table::row(&[
            format!("[{key}]({place})"),
            docs::plain(name),
            version,
            capabilities(integration),
            endpoints(integration),
            fields,
        ]));
    }
    lines
}

/// The capabilities, OAuth, and whether there is a supplement.
fn capabilities(integration: &Integration) -> String {
    let mut parts = vec![page::capabilities(integration, table::code)];
    if integration.requires_oauth {
        parts.push("OAuth".into());
    }
    if integration.supplement.is_some() {
        parts.push(SUPPLEMENT.into());
    }
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}

/// The endpoints that accept its values.
fn endpoints(integration: &Integration) -> String {
    let verdict = integration.integration_configurations();
    let endpoints = integration.endpoints().into_iter().map(|endpoint| {
        let is_unsaid = endpoint == Endpoint::IntegrationConfiguration
            && verdict == ConfigurationSupport::Unsaid;
        let mark = if is_unsaid { "?" } else { "" };
        format!("`{}`{mark}", endpoint.as_str())
    });
    endpoints.collect::<Vec<_>>().join(", ")
}

/// The mark of integrations with a supplement.
const SUPPLEMENT: &str = "supplement";

/// The generated file, relative to `CATALOG.md`.
fn source(integration: &Integration) -> String {
    format!("src/integrations/{}.rs", integration.module)
}

/// The section of an integration with fields. The heading is the module's name, so that the anchor is
/// the same text.
fn section(integration: &Integration) -> Vec<String> {
    let module = &integration.module;
    let mut lines = vec![String::new(), format!("## {module}"), String::new()];
    lines.push(format!(
        "{}: [{module}.rs]({})",
        docs::plain(&integration.name),
        source(integration)
    ));
    if let Some(supplement) = docs::supplement(integration) {
        lines.extend([String::new(), supplement]);
    }
    for values in page::structs_with_fields(integration) {
        lines.extend([String::new(), format!("`{}`", values.name), String::new()]);
        lines.extend(fields(values));
    }
    lines
}

fn fields(values: &Struct) -> Vec<String> {
    let mut names = vec!["Wire key", "Field", "Type", "Value"];
    let listed = values
        .fields
        .iter()
        .any(|field| field.enumeration().is_some());
    if listed {
        names.push("Listed values");
    }
    let mut lines = Vec::from(table::head(&names));
    for field in &values.fields {
        let mut cells = vec![
            table::code(&field.key),
            format!("`{}`", field.ident),
            format!("`{}`", field.value_type.name()),
            docs::requirement(field, table::code),
        ];
        if listed {
            let values: Vec<String> = field.listed_values().map(table::code).collect();
            cells.push(values.join(", "));
        }
        lines.push(table::row(&cells));
    }
    lines
}
