//! The file of one integration.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::print::{Shared, Writer, Written};
use super::{EmitError, Options, docs, enums, facts, page, schema, structs};
use crate::model::{CapabilityConfig, Integration, Struct};
use crate::overrides;
use crate::snapshot;

pub(super) fn file(
    integration: &Integration,
    options: Options<'_>,
    shared: &Shared,
) -> Result<Written, EmitError> {
    let source = match &integration.supplement {
        Some(supplement) if supplement.whole => overrides::FILE.to_owned(),
        _ => format!("manifests/{}", snapshot::file_name(&integration.key)),
    };
    let mut writer = Writer::new(format!("{}.rs", integration.module), &source, shared);
    writer.docs(&page::lines(integration));
    writer.items(facts::integration(integration))?;
    values(
        &mut writer,
        &integration.config,
        "The values of a configuration.",
        options,
    )?;
    let config = &integration.config.name;
    writer.shared_items(&format!("integration {config}"), || {
        integration_values(config)
    })?;
    if integration.creatable() {
        writer.shared_items(&format!("creatable {config}"), || creatable(config))?;
    }
    for block in &integration.capability_configs {
        values(&mut writer, &block.config, &purpose(block), options)?;
    }
    Ok(writer.finish())
}

fn values(
    writer: &mut Writer<'_>,
    of: &Struct,
    purpose: &str,
    options: Options<'_>,
) -> Result<(), EmitError> {
    if of.fields.is_empty() {
        // Most integrations: nothing in them but the names differs.
        writer.shared_items(&format!("{} {purpose}", of.name), || {
            structs::tokens(of, purpose, options.descriptions)
        })?;
    } else {
        writer.items(facts::fields(of))?;
        writer.items(structs::tokens(of, purpose, options.descriptions))?;
    }
    writer.shared_items(&format!("serde {}", of.name), || structs::serde(of))?;
    let name = format!("schema of struct {}", of.name);
    writer.shared_items(&name, || schema::of_struct(of))?;
    for (field, enumeration) in of
        .fields
        .iter()
        .filter_map(|field| Some((field, field.enumeration()?)))
    {
        writer.items(enums::tokens(field, enumeration))?;
        let name = format!("schema of enum {}", enumeration.name);
        writer.shared_items(&name, || schema::of_enum(enumeration))?;
    }
    Ok(())
}

/// What makes the struct of that name the values of this module's integration.
fn integration_values(name: &str) -> TokenStream {
    let name = format_ident!("{name}");
    quote! {
        impl crate::IntegrationValues for #name {
            const KEY: crate::IntegrationKey = crate::IntegrationKey::of(&INTEGRATION);
        }
    }
}

/// What lets the struct of that name be created as an integration configuration.
fn creatable(name: &str) -> TokenStream {
    let name = format_ident!("{name}");
    quote! {
        #[cfg(feature = "client")]
        impl crate::client::Creatable for #name {
            fn into_values(self) -> crate::client::Values {
                crate::client::Values::Typed(self.into())
            }
        }
    }
}

fn purpose(block: &CapabilityConfig) -> String {
    format!(
        "The values of {} in the capability {}.",
        docs::code(&block.block),
        docs::code(&block.capability)
    )
}
