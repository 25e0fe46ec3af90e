//! A field's default as a constant, and the initial value of a field.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;

use super::docs;
use super::structs::code;
use crate::model::{Field, FieldDefault, ItemType, Presence, Struct};
use crate::names;
use crate::types::{DefaultRule, RustType};

fn name(field: &Field) -> Ident {
    format_ident!("{}", names::constant_name(field))
}

/// The constant of a field's default, if it has one.
pub(super) fn constant(field: &Field) -> Option<TokenStream> {
    let default = field.default()?;
    let constant_type = code(&names::constant_type(field)?);
    let value = literal(field, default);
    let name = name(field);
    let doc = docs::outer([format!("Default of {}.", docs::code(&field.key))]);
    Some(quote! {
        #doc
        pub const #name: #constant_type = #value;
    })
}

fn rule(rust: &RustType) -> Option<&DefaultRule> {
    rust.default.as_ref()
}

fn literal(field: &Field, default: &FieldDefault) -> TokenStream {
    match default {
        FieldDefault::Value(value) => json(value),
        FieldDefault::Variant(variant) => {
            let enumeration = field
                .enumeration()
                .map(|found| format_ident!("{}", found.name));
            let variant = format_ident!("{}", variant.ident);
            quote!(#enumeration::#variant)
        }
        FieldDefault::List(items) => {
            let items = items.iter().map(|item| literal(field, item));
            quote!(&[#(#items),*])
        }
    }
}

/// The default in a field's facts.
pub(super) fn fact(field: &Field, default: &FieldDefault) -> Option<TokenStream> {
    if let FieldDefault::List(items) = default {
        let items = items.iter().map(|item| json(&item.to_json()));
        return Some(quote!(crate::DefaultValue::Strings(&[#(#items),*])));
    }
    let variant = match &field.value_type.item {
        ItemType::Rust(rust) => format_ident!("{}", rule(rust)?.variant),
        ItemType::Enum(_) => format_ident!("String"),
    };
    let value = json(&default.to_json());
    Some(quote!(crate::DefaultValue::#variant(#value)))
}

/// A scalar as a literal.
fn json(value: &Value) -> TokenStream {
    match value {
        Value::String(text) => quote!(#text),
        other => code(&other.to_string()),
    }
}

/// A sentence that begins with `action` and names the fields that have a value from the beginning. Optional
/// fields have none, even if the manifest has a default for them.
pub(super) fn preset(action: &str, values: &Struct) -> String {
    let is_preset = |field: &&Field| matches!(field.presence, Presence::Defaulted(_));
    let preset: Vec<String> = values
        .fields
        .iter()
        .filter(is_preset)
        .map(|field| format!("`{}`", field.ident))
        .collect();
    match preset.len() {
        0 => format!("{action}. No field is set."),
        1 => format!("{action} with the default of {}.", preset[0]),
        _ => format!("{action} with the defaults of {}.", preset.join(", ")),
    }
}

/// The initial value of the field.
pub(super) fn initial(values: &Struct, field: &Field) -> TokenStream {
    match &field.presence {
        Presence::Required(_) => quote!(crate::Missing),
        Presence::Optional(_) => quote!(None),
        Presence::Defaulted(_) => {
            let (values, name) = (format_ident!("{}", values.name), name(field));
            let constant = quote!(#values::#name);
            match (&field.value_type.item, field.value_type.many) {
                (ItemType::Enum(_), false) => constant,
                (ItemType::Enum(_), true) => quote!(#constant.to_vec()),
                (ItemType::Rust(rust), false) => value(rust, constant),
                (ItemType::Rust(rust), true) => {
                    let item = value(rust, quote!((*item)));
                    quote!(#constant.iter().map(|item| #item).collect())
                }
            }
        }
    }
}

fn value(rust: &RustType, constant: TokenStream) -> TokenStream {
    match rule(rust) {
        Some(rule) => (rule.value)(constant),
        None => constant,
    }
}
