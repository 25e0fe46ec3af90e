//! A field's default as a constant, and what the field has until it is set.

use std::collections::HashMap;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::docs;
use crate::model::{Default, Enum, Field, Presence, Struct, ValueType};

fn name(field: &Field) -> Ident {
    format_ident!("DEFAULT_{}", field.ident.to_ascii_uppercase())
}

/// The constant of a field's default, if it has one.
pub(super) fn constant(field: &Field) -> Option<TokenStream> {
    let default = field.default.as_ref()?;
    let (constant_type, value) = match (&field.value_type, default) {
        (ValueType::Enum(enumeration), Default::Text(text)) => {
            let name = format_ident!("{}", enumeration.name);
            (quote!(#name), variant(enumeration, text))
        }
        (ValueType::EnumList(enumeration), Default::List(values)) => {
            let name = format_ident!("{}", enumeration.name);
            let variants = variants(enumeration, values);
            (quote!(&'static [#name]), quote!(&[#(#variants),*]))
        }
        (_, Default::List(values)) => (quote!(&'static [&'static str]), quote!(&[#(#values),*])),
        (_, Default::Boolean(value)) => (quote!(bool), quote!(#value)),
        (_, Default::Text(text)) => (quote!(&'static str), quote!(#text)),
    };
    let name = name(field);
    let when = match field.presence {
        Presence::Optional => "What LaunchDarkly takes when",
        Presence::Required | Presence::Prefilled => "What is sent when",
    };
    let doc = docs::outer([format!("{when} {} isn't set.", docs::code(&field.key))]);
    Some(quote! {
        #doc
        pub const #name: #constant_type = #value;
    })
}

/// What the field has until it is set.
pub(super) fn initial(of: &Struct, field: &Field) -> TokenStream {
    match (field.presence, &field.default) {
        (Presence::Required, _) => quote!(crate::Missing),
        (Presence::Optional, _) => quote!(None),
        (Presence::Prefilled, Some(_)) => prefilled(of, field),
        (Presence::Prefilled, None) => quote!(Default::default()),
    }
}

fn prefilled(of: &Struct, field: &Field) -> TokenStream {
    let (values, name) = (format_ident!("{}", of.name), name(field));
    let default = quote!(#values::#name);
    match &field.value_type {
        ValueType::Bool | ValueType::Enum(_) => default,
        ValueType::EnumList(_) => quote!(#default.to_vec()),
        ValueType::StringList => quote!(#default.iter().copied().map(String::from).collect()),
        ValueType::Uri => quote!(crate::Uri::from_manifest(#default)),
        ValueType::SecretUri => quote!(crate::SecretUri::from_manifest(#default)),
        _ => quote!(#default.into()),
    }
}

fn variants(enumeration: &Enum, values: &[String]) -> Vec<TokenStream> {
    let name = format_ident!("{}", enumeration.name);
    let variants = enumeration.variants.iter();
    let listed: HashMap<&str, Ident> = variants
        .map(|variant| (variant.value.as_str(), format_ident!("{}", variant.ident)))
        .collect();
    // The resolver keeps only defaults that are listed.
    let idents = values.iter().filter_map(|value| listed.get(value.as_str()));
    idents.map(|ident| quote!(#name::#ident)).collect()
}

fn variant(enumeration: &Enum, value: &str) -> TokenStream {
    let name = format_ident!("{}", enumeration.name);
    // The resolver keeps only defaults that are listed.
    let listed = enumeration
        .variant(value)
        .map(|variant| format_ident!("{}", variant.ident));
    match listed {
        Some(ident) => quote!(#name::#ident),
        None => quote!(#name::Unlisted(#value.into())),
    }
}
