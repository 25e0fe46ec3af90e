//! The constants that hold a manifest's facts.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::{defaults, docs};
use crate::model::{CapabilityConfig, Endpoint, Field, Integration, Struct};

/// The lines of the macro call that defines `INTEGRATION`, the manifest's facts. Members with their
/// usual value are left out.
pub(super) fn integration(integration: &Integration) -> Vec<String> {
    let Integration {
        key,
        name,
        version,
        capabilities,
        other_capabilities,
        ..
    } = integration;
    let mut lines = vec!["crate::facts! {".to_owned()];
    let [key, name, version] = [key, name, version].map(|text| literal(text));
    lines.push(format!("    {key}, {name}, {version},"));
    let mut member = |name: &str, value: String| lines.push(format!("    {name}: {value},"));
    if integration.requires_oauth {
        member("requires_oauth", "true".to_owned());
    }
    if let Some(allowed) = integration.allow_integration_configurations {
        member("allow_integration_configurations", allowed.to_string());
    }
    if !capabilities.is_empty() {
        member("capabilities", list(capabilities, |name| literal(name)));
    }
    if !other_capabilities.is_empty() {
        let names = list(other_capabilities, |name| literal(name));
        member("other_capabilities", names);
    }
    let endpoints = integration.endpoints();
    if endpoints != [Endpoint::IntegrationConfiguration] {
        let endpoints = list(&endpoints, |endpoint| endpoint.variant().to_owned());
        member("endpoints", endpoints);
    }
    if !integration.config.fields.is_empty() {
        member("fields", integration.config.fields_name.clone());
    }
    if !integration.capability_configs.is_empty() {
        let blocks = list(&integration.capability_configs, block);
        member("capability_fields", blocks);
    }
    if let Some(supplement) = &integration.supplement {
        member("evidence", literal(&supplement.evidence));
        if supplement.whole_integration {
            member("supplement", "true".to_owned());
        }
    }
    lines.push("}".to_owned());
    lines
}

fn block(block: &CapabilityConfig) -> String {
    let fields = if block.config.fields.is_empty() {
        "[]"
    } else {
        &block.config.fields_name
    };
    let [capability, name] = [&block.capability, &block.block].map(|text| literal(text));
    format!("{capability} {name} {fields}")
}

fn list<T>(items: &[T], shown: impl FnMut(&T) -> String) -> String {
    let items: Vec<String> = items.iter().map(shown).collect();
    format!("[{}]", items.join(", "))
}

/// Text as a Rust string literal.
fn literal(text: &str) -> String {
    Literal::string(text).to_string()
}

/// The constant of a struct's form variables.
pub(super) fn fields(values: &Struct) -> TokenStream {
    let name = format_ident!("{}", values.fields_name);
    let fields = values.fields.iter().map(field);
    let doc = docs::outer([format!("Form variables of [`{}`].", values.name)]);
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
