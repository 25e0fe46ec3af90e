//! The file of one integration.

use super::print::Writer;
use super::{EmitError, EmitOptions, docs, enums, facts, page, structs};
use crate::model::{CapabilityConfig, Endpoint, Integration, Struct};
use crate::overrides;
use crate::snapshot;

pub(super) fn file(
    integration: &Integration,
    options: EmitOptions<'_>,
) -> Result<String, EmitError> {
    let source = match &integration.supplement {
        Some(supplement) if supplement.whole_integration => overrides::FILE.to_owned(),
        _ => format!("manifests/{}", snapshot::file_name(&integration.key)),
    };
    let mut writer = Writer::new(format!("{}.rs", integration.module), &source);
    writer.docs(&page::lines(integration));
    writer.doc_call(&page::endpoints_call(integration));
    writer.calls(&facts::integration(integration));
    let config = &integration.config;
    let name = &config.name;
    let endpoints = endpoint_arguments(&integration.config_endpoints());
    if config.fields.is_empty() {
        writer.calls(&[format!("crate::no_form_variables!({name}{endpoints});")]);
    } else {
        values(
            &mut writer,
            config,
            &format!(
                "Configuration values of {}.",
                docs::plain(&integration.name)
            ),
            options,
        )?;
        writer.calls(&[format!("crate::integration_values!({name}{endpoints});")]);
    }
    for block in &integration.capability_configs {
        let (config, purpose) = (&block.config, purpose(block));
        if config.fields.is_empty() {
            let name = &config.name;
            writer.calls(&[format!("crate::no_form_variables!({name}, {purpose:?});")]);
        } else {
            values(&mut writer, config, &purpose, options)?;
        }
        if let Some(endpoint) = block.endpoint() {
            let (name, endpoints) = (&config.name, endpoint_arguments(&[endpoint]));
            writer.calls(&[format!("crate::integration_values!({name}{endpoints});")]);
        }
    }
    Ok(writer.finish())
}

/// The endpoints of a struct, as arguments of a macro call.
fn endpoint_arguments(endpoints: &[Endpoint]) -> String {
    let names: Vec<&str> = endpoints
        .iter()
        .map(|endpoint| endpoint.variant())
        .collect();
    let colon = if names.is_empty() { "" } else { ": " };
    format!("{colon}{}", names.join(", "))
}

fn values(
    writer: &mut Writer,
    values: &Struct,
    purpose: &str,
    options: EmitOptions<'_>,
) -> Result<(), EmitError> {
    writer.items(facts::fields(values))?;
    for item in structs::items(values, purpose, options.descriptions) {
        writer.items(item)?;
    }
    writer.calls(&structs::calls(values));
    for field in &values.fields {
        if let Some(enumeration) = field.enumeration() {
            writer.items(enums::tokens(field, enumeration))?;
            writer.calls(&[format!("crate::listed_value!({});", enumeration.name)]);
        }
    }
    Ok(())
}

fn purpose(block: &CapabilityConfig) -> String {
    let not_sent = match block.endpoint() {
        Some(_) => "",
        None => " The client has no endpoint for them.",
    };
    format!(
        "Values of {} in the capability {}.{not_sent}",
        docs::code(&block.block),
        docs::code(&block.capability)
    )
}
