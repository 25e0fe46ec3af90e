//! The documentation of an integration's module: its facts, a table of its fields, an example, and
//! where its values are sent.

use super::{docs, example, table};
use crate::model::{Endpoint, Integration, Struct};

pub(super) fn lines(integration: &Integration) -> Vec<String> {
    let mut lines = facts(integration);
    lines.extend(sections(integration));
    lines
}

/// The macro call that writes the section about endpoints: those of capabilities, and whether the one
/// for integration configurations accepts the values.
pub(super) fn endpoints_call(integration: &Integration) -> String {
    let mut endpoints = integration.endpoints();
    endpoints.retain(|endpoint| *endpoint != Endpoint::IntegrationConfiguration);
    let endpoints = endpoints.into_iter().map(Endpoint::variant);
    let verdict = integration.integration_configurations().name();
    let parts: Vec<&str> = endpoints.chain([verdict]).collect();
    format!("crate::sent!({}: {})", integration.module, parts.join(", "))
}

fn facts(integration: &Integration) -> Vec<String> {
    let mut lines = vec![
        format!(
            "{} (key {}).",
            docs::plain(&integration.name),
            docs::code(&integration.key)
        ),
        String::new(),
        summary(integration),
    ];
    if let Some(supplement) = docs::supplement(integration) {
        lines.extend([String::new(), supplement]);
    }
    lines
}

/// Version, capabilities and OAuth in one line.
fn summary(integration: &Integration) -> String {
    let mut parts = Vec::new();
    if !integration.version.is_empty() {
        parts.push(format!("Version {}", docs::code(&integration.version)));
    }
    let capabilities = capabilities(integration, docs::code);
    parts.push(match capability_names(integration).count() {
        0 => "no capabilities".into(),
        1 => format!("capability {capabilities}"),
        _ => format!("capabilities {capabilities}"),
    });
    if integration.requires_oauth {
        parts.push("authenticates by OAuth".into());
    }
    let mut summary = parts.join("; ");
    if let Some(first) = summary.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    if !has_fields(integration) {
        summary.push_str("; no form variables");
    }
    summary.push('.');
    summary
}

/// All capabilities. `code` formats each name.
pub(super) fn capabilities(integration: &Integration, code: fn(&str) -> String) -> String {
    let all: Vec<String> = capability_names(integration)
        .map(|name| code(name))
        .collect();
    all.join(", ")
}

/// The names of all capabilities, with the ones that have no form variables.
fn capability_names(integration: &Integration) -> impl Iterator<Item = &String> {
    let Integration {
        capabilities,
        other_capabilities,
        ..
    } = integration;
    capabilities.iter().chain(other_capabilities)
}

/// A table and an example for each struct that has fields.
fn sections(integration: &Integration) -> Vec<String> {
    let mut lines = Vec::new();
    for values in structs_with_fields(integration) {
        if !integration.capability_configs.is_empty() {
            let title = format!("# [`{}`]", values.name);
            lines.extend([String::new(), title]);
        }
        lines.push(String::new());
        lines.extend(fields(values));
        lines.push(String::new());
        lines.extend(example::lines(&integration.module, values));
    }
    lines
}

/// The structs that have fields.
pub(super) fn structs_with_fields(integration: &Integration) -> impl Iterator<Item = &Struct> {
    integration
        .structs()
        .filter(|values| !values.fields.is_empty())
}

/// Whether any struct has fields.
pub(super) fn has_fields(integration: &Integration) -> bool {
    structs_with_fields(integration).next().is_some()
}

fn fields(values: &Struct) -> Vec<String> {
    let mut lines = Vec::from(table::head(&["Field", "Wire key", "Value"]));
    for field in &values.fields {
        lines.push(table::row(&[
            format!("[`{}::{}`]", values.name, field.ident),
            table::code(&field.key),
            docs::requirement(field, table::code),
        ]));
    }
    lines
}
