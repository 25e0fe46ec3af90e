//! The constants that hold a manifest's facts.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs;
use crate::manifest::VariableType;
use crate::model::{CapabilityConfig, Default, Field, Integration, Struct};

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
    let mut facts = Vec::new();
    if integration.requires_oauth {
        facts.push(quote!(requires_oauth: true));
    }
    if let Some(allow) = integration.allow_integration_configurations {
        facts.push(quote!(allow_integration_configurations: Some(#allow)));
    }
    if !capabilities.is_empty() {
        facts.push(quote!(capabilities: &[#(#capabilities),*]));
    }
    if !other_capabilities.is_empty() {
        facts.push(quote!(other_capabilities: &[#(#other_capabilities),*]));
    }
    if !integration.creatable() {
        facts.push(quote!(creatable: false));
    }
    if !integration.config.fields.is_empty() {
        let fields = fields_or_empty(&integration.config);
        facts.push(quote!(fields: #fields));
    }
    if !integration.capability_configs.is_empty() {
        let blocks = integration.capability_configs.iter().map(block);
        facts.push(quote!(capability_fields: &[#(#blocks),*]));
    }
    let doc = docs::outer(["What the manifest says."]);
    let value = with(
        facts,
        quote!(crate::Integration),
        quote!(new(#key, #name, #version)),
    );
    quote!(#doc pub const INTEGRATION: crate::Integration = #value;)
}

fn block(block: &CapabilityConfig) -> TokenStream {
    let (capability, name, fields) = (
        &block.capability,
        &block.block,
        fields_or_empty(&block.config),
    );
    quote!(crate::CapabilityFields { capability: #capability, block: #name, fields: #fields })
}

/// A literal that names only what differs from the type's plain value.
fn with(facts: Vec<TokenStream>, of: TokenStream, plain: TokenStream) -> TokenStream {
    if facts.is_empty() {
        quote!(#of::#plain)
    } else {
        quote!(#of { #(#facts,)* ..#of::#plain })
    }
}

fn fields_or_empty(of: &Struct) -> TokenStream {
    if of.fields.is_empty() {
        return quote!(&[]);
    }
    let name = format_ident!("{}", of.fields_name);
    quote!(#name)
}

/// The constant of a struct's form variables; nothing for a struct without any.
pub(super) fn fields(of: &Struct) -> TokenStream {
    if of.fields.is_empty() {
        return TokenStream::new();
    }
    let name = format_ident!("{}", of.fields_name);
    let fields = of.fields.iter().map(field);
    let doc = docs::outer([format!(
        "The form variables of [`{}`], in upstream's order.",
        of.name
    )]);
    quote! {
        #doc
        pub const #name: &[crate::Field] = &[#(#fields),*];
    }
}

fn field(field: &Field) -> TokenStream {
    let Field { key, label, .. } = field;
    let kind = kind(&field.kind);
    let mut facts = Vec::new();
    if field.optional() {
        facts.push(quote!(optional: true));
    }
    if field.secret {
        facts.push(quote!(secret: true));
    }
    if field.hidden {
        facts.push(quote!(hidden: true));
    }
    if let Some(default) = &field.default {
        let default = self::default(default);
        facts.push(quote!(default: Some(#default)));
    }
    let listed: Vec<&str> = field.listed_values().collect();
    if !listed.is_empty() {
        facts.push(quote!(allowed_values: &[#(#listed),*]));
    }
    with(
        facts,
        quote!(crate::Field),
        quote!(new(#key, #label, #kind)),
    )
}

fn kind(kind: &VariableType) -> TokenStream {
    let variant = match kind {
        VariableType::String => "String",
        VariableType::Uri => "Uri",
        VariableType::Boolean => "Boolean",
        VariableType::Enum => "Enum",
        VariableType::DynamicEnum => "DynamicEnum",
        VariableType::Generated => "Generated",
        VariableType::PublicKey => "PublicKey",
        VariableType::Oauth => "Oauth",
        VariableType::Multiselect => "Multiselect",
        VariableType::EnvironmentSelector => "EnvironmentSelector",
        VariableType::Other(name) => return quote!(crate::FieldKind::Unknown(#name)),
    };
    let variant = format_ident!("{variant}");
    quote!(crate::FieldKind::#variant)
}

fn default(default: &Default) -> TokenStream {
    match default {
        Default::Text(text) => quote!(crate::DefaultValue::String(#text)),
        Default::Boolean(value) => quote!(crate::DefaultValue::Boolean(#value)),
        Default::List(values) => quote!(crate::DefaultValue::Strings(&[#(#values),*])),
    }
}
