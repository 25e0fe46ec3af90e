//! The documentation of an integration's module: its facts, a table of its fields, an example, and
//! where its values are sent.

use super::{docs, example, table};
use crate::model::{ConfigurationSupport, Endpoint, Field, Integration, Struct};

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

/// The names of the endpoints, for people. `mark` follows the one for integration configurations if the
/// manifest doesn't say whether they are allowed.
pub(super) fn sent_as(
    integration: &Integration,
    endpoints: &[Endpoint],
    mark: &str,
) -> Vec<String> {
    let is_unsaid = integration.integration_configurations() == ConfigurationSupport::Unsaid;
    let names = endpoints.iter().map(|endpoint| {
        let mut name = endpoint.words();
        if is_unsaid && *endpoint == Endpoint::IntegrationConfiguration {
            name.push_str(mark);
        }
        name
    });
    names.collect()
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

/// Capabilities and OAuth in one line. The version is in the facts only.
fn summary(integration: &Integration) -> String {
    let capabilities = integration.capabilities.iter();
    let capabilities: Vec<String> = capabilities
        .chain(&integration.other_capabilities)
        .map(|name| docs::code(name))
        .collect();
    let mut summary = match capabilities.as_slice() {
        [] => "No capabilities".to_owned(),
        [capability] => format!("Capability {capability}"),
        all => format!("Capabilities {}", all.join(", ")),
    };
    if integration.requires_oauth {
        summary.push_str("; authenticates with OAuth");
    }
    summary.push('.');
    summary
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

/// A table of the struct's fields. There are only two columns, so that a narrow screen shows long names.
fn fields(values: &Struct) -> Vec<String> {
    let differs = |field: &Field| field.key != field.ident;
    let title = match values.fields.iter().any(differs) {
        true => "Field (wire key, if different)",
        false => "Field",
    };
    let mut lines = Vec::from(table::head(&[title, "Value"]));
    for field in &values.fields {
        let mut name = format!("[`{1}`]({0}::{1})", values.name, field.ident);
        if differs(field) {
            name.push_str(&format!(" ({})", table::code(&field.key)));
        }
        lines.push(table::row(&[name, docs::requirement(field, table::code)]));
    }
    lines
}
