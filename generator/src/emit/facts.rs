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
    let mut value = quote!(crate::Integration::new(#key, #name, #version));
    if integration.requires_oauth {
        value.extend(quote!(.with_oauth()));
    }
    if let Some(allowed) = integration.allow_integration_configurations {
        value.extend(quote!(.with_configurations(#allowed)));
    }
    if !capabilities.is_empty() {
        value.extend(quote!(.with_capabilities(&[#(#capabilities),*])));
    }
    if !other_capabilities.is_empty() {
        value.extend(quote!(.with_other_capabilities(&[#(#other_capabilities),*])));
    }
    if !integration.creatable() {
        value.extend(quote!(.not_creatable()));
    }
    if !integration.config.fields.is_empty() {
        let fields = fields_or_empty(&integration.config);
        value.extend(quote!(.with_fields(#fields)));
    }
    if !integration.capability_configs.is_empty() {
        let blocks = integration.capability_configs.iter().map(block);
        value.extend(quote!(.with_capability_fields(&[#(#blocks),*])));
    }
    if let Some(supplement) = &integration.supplement {
        let evidence = &supplement.evidence;
        value.extend(quote!(.with_evidence(#evidence)));
        if supplement.whole {
            value.extend(quote!(.supplement()));
        }
    }
    let doc = docs::outer(["The integration's facts."]);
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
    let mut value = plain(field);
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
    if let Some(default) = &field.default {
        let default = self::default(default);
        value.extend(quote!(.with_default(#default)));
    }
    let listed: Vec<&str> = field.listed_values().collect();
    if !listed.is_empty() {
        value.extend(quote!(.with_values(&[#(#listed),*])));
    }
    value
}

/// A form variable of that type, of which the manifest says no more.
fn plain(field: &Field) -> TokenStream {
    let Field { key, label, .. } = field;
    let constructor = match &field.kind {
        VariableType::String => "string",
        VariableType::Uri => "uri",
        VariableType::Boolean => "boolean",
        VariableType::Enum => "enumeration",
        VariableType::DynamicEnum => "dynamic_enum",
        VariableType::Generated => "generated",
        VariableType::PublicKey => "public_key",
        VariableType::Oauth => "oauth",
        VariableType::Multiselect => "multiselect",
        VariableType::EnvironmentSelector => "environment_selector",
        VariableType::Other(name) => {
            return quote!(crate::Field::new(#key, #label, crate::FieldKind::Unknown(#name)));
        }
    };
    let constructor = format_ident!("{constructor}");
    quote!(crate::Field::#constructor(#key, #label))
}

fn default(default: &Default) -> TokenStream {
    match default {
        Default::Text(text) => quote!(crate::DefaultValue::String(#text)),
        Default::Boolean(value) => quote!(crate::DefaultValue::Boolean(#value)),
        Default::List(values) => quote!(crate::DefaultValue::Strings(&[#(#values),*])),
    }
}
