//! The constants that hold a manifest's facts.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{defaults, docs};
use crate::model::{CapabilityConfig, Field, Integration, Struct};

/// `INTEGRATION`, the manifest's facts.
pub(super) fn integration(integration: &Integration) -> TokenStream {
    let Integration {
        key,
        name,
        version,
        capabilities,
        other_capabilities,
        ..
    } = integration;
    let mut members = Vec::new();
    if integration.requires_oauth {
        members.push(quote!(requires_oauth: true));
    }
    if let Some(allowed) = integration.allow_integration_configurations {
        members.push(quote!(allow_integration_configurations: Some(#allowed)));
    }
    if !capabilities.is_empty() {
        members.push(quote!(capabilities: &[#(#capabilities),*]));
    }
    if !other_capabilities.is_empty() {
        members.push(quote!(other_capabilities: &[#(#other_capabilities),*]));
    }
    if !integration.creatable() {
        members.push(quote!(creatable: false));
    }
    if !integration.config.fields.is_empty() {
        let fields = format_ident!("{}", integration.config.fields_name);
        members.push(quote!(fields: #fields));
    }
    if !integration.capability_configs.is_empty() {
        let blocks = integration.capability_configs.iter().map(block);
        members.push(quote!(capability_fields: &[#(#blocks),*]));
    }
    if let Some(supplement) = &integration.supplement {
        let evidence = &supplement.evidence;
        members.push(quote!(evidence: Some(#evidence)));
        if supplement.whole {
            members.push(quote!(supplement: true));
        }
    }
    let mut value = quote!(crate::Integration::new(#key, #name, #version));
    if !members.is_empty() {
        value = quote!(crate::Integration { #(#members,)* ..#value });
    }
    let doc = docs::outer(["The manifest's facts."]);
    quote!(#doc pub const INTEGRATION: crate::Integration = #value;)
}

fn block(block: &CapabilityConfig) -> TokenStream {
    let CapabilityConfig {
        capability,
        block,
        config,
    } = block;
    let fields = if config.fields.is_empty() {
        quote!(&[])
    } else {
        let name = format_ident!("{}", config.fields_name);
        quote!(#name)
    };
    quote!(crate::CapabilityFields { capability: #capability, block: #block, fields: #fields })
}

/// The constant of a struct's form variables.
pub(super) fn fields(values: &Struct) -> TokenStream {
    let name = format_ident!("{}", values.fields_name);
    let fields = values.fields.iter().map(field);
    let doc = docs::outer([format!(
        "The form variables of [`{}`], in upstream's order.",
        values.name
    )]);
    quote! {
        #doc
        pub const #name: &[crate::Field] = &[#(#fields),*];
    }
}

fn field(field: &Field) -> TokenStream {
    let Field { key, label, .. } = field;
    let kind = format_ident!("{}", field.kind.row().kind);
    let mut kind = quote!(crate::FieldKind::#kind);
    if !field.kind.is_known() {
        let name = field.kind.as_str();
        kind.extend(quote!((#name)));
    }
    let mut value = quote!(#kind.field(#key, #label));
    if field.optional() {
        value.extend(quote!(.optional()));
    }
    if field.secret {
        value.extend(quote!(.secret()));
    }
    if field.hidden {
        value.extend(quote!(.hidden()));
    }
    if field.supplement {
        value.extend(quote!(.supplement()));
    }
    let default = field.default();
    if let Some(default) = default.and_then(|default| defaults::fact(field, default)) {
        value.extend(quote!(.with_default(#default)));
    }
    let listed: Vec<&str> = field.listed_values().collect();
    if !listed.is_empty() {
        value.extend(quote!(.with_values(&[#(#listed),*])));
    }
    value
}
