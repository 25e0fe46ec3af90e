//! A struct of values.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{builder, defaults, docs};
use crate::model::{Field, Struct, ValueType};

/// The items of a struct. Code that depends only on the struct's name is a macro of the generated crate.
///
/// Functions that aren't generic are `#[inline]`, so that only the ones in use are compiled. Without
/// that, building the crate takes a sixth longer.
pub(super) fn items(values: &Struct, purpose: &str, descriptions: bool) -> [TokenStream; 4] {
    let [builder, methods] = builder::items(values);
    [
        definition(values, purpose, descriptions),
        inherent(values),
        builder,
        methods,
    ]
}

/// The macro calls for a struct.
pub(super) fn calls(values: &Struct) -> Vec<String> {
    let (name, fields_name) = (&values.name, &values.fields_name);
    let required = values.required();
    let mut calls: Vec<String> = required
        .map(|(field, typestate)| builder::is_set(field, typestate))
        .collect();
    if calls.is_empty() {
        calls.push(format!("crate::default_values!({name});"));
    }
    let idents: Vec<&str> = values.fields.iter().map(|field| &*field.ident).collect();
    let idents = idents.join(", ");
    let complete = builder::complete(values);
    calls.push(builder::debug(values));
    calls.push(format!(
        "crate::form_values!({name}, {fields_name}, [{idents}], {complete});"
    ));
    calls
}

fn definition(values: &Struct, purpose: &str, descriptions: bool) -> TokenStream {
    let name = format_ident!("{}", values.name);
    let doc = docs::outer([purpose]);
    let fields = values.fields.iter().map(|field| {
        let doc = docs::outer(docs::field(field, descriptions));
        let (ident, field_type) = (ident(field), field_type(field));
        quote!(#doc pub #ident: #field_type)
    });
    quote! {
        #doc
        #[derive(Clone)]
        #[must_use]
        #[non_exhaustive]
        pub struct #name {
            #(#fields,)*
        }
    }
}

/// The inherent impl: the default constants, `builder` and, if nothing is required, `new`.
fn inherent(values: &Struct) -> TokenStream {
    let name = format_ident!("{}", values.name);
    let constants = values.fields.iter().filter_map(defaults::constant);
    let is_complete = values.required().next().is_none();
    let new = is_complete.then(|| new(values));
    let builder = builder::entry(values);
    quote! {
        impl #name {
            #(#constants)*
            #new
            #builder
        }
    }
}

fn new(values: &Struct) -> TokenStream {
    let fields = values.fields.iter().map(|field| {
        let (ident, value) = (ident(field), defaults::initial(values, field));
        quote!(#ident: #value)
    });
    let doc = docs::outer([defaults::preset("Creates values", values)]);
    quote! {
        #doc
        #[inline]
        pub fn new() -> Self {
            Self { #(#fields,)* }
        }
    }
}

pub(super) fn ident(field: &Field) -> Ident {
    format_ident!("{}", field.ident)
}

pub(super) fn field_type(field: &Field) -> TokenStream {
    let value_type = value_type(&field.value_type);
    if field.optional() {
        quote!(Option<#value_type>)
    } else {
        value_type
    }
}

pub(super) fn value_type(value_type: &ValueType) -> TokenStream {
    code(&value_type.path())
}

/// A path or a literal of Rust as tokens.
pub(super) fn code(text: &str) -> TokenStream {
    // Text that isn't Rust gives no tokens, and then the generated file doesn't parse.
    text.parse().unwrap_or_default()
}
