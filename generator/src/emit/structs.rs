//! A struct of values.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::Index;

use super::{builder, defaults, docs};
use crate::model::{Enum, Field, Presence, Struct, ValueType};

/// The structs and what is theirs alone; what they share is written by hand in the generated crate.
///
/// Functions that aren't generic are `#[inline]`, so that a build only makes code of those in use:
/// without it the whole crate takes a sixth longer to build.
pub(super) fn tokens(of: &Struct, purpose: &str, descriptions: bool) -> TokenStream {
    let definition = definition(of, purpose, descriptions);
    let inherent = inherent(of);
    let builder = (!of.fields.is_empty()).then(|| builder::tokens(of, descriptions));
    let form_values = form_values(of);
    quote!(#definition #inherent #builder #form_values)
}

fn definition(of: &Struct, purpose: &str, descriptions: bool) -> TokenStream {
    let name = format_ident!("{}", of.name);
    let mut lines = vec![purpose];
    if !of.fields.is_empty() {
        lines.extend(["", "The [module's page](self) has a table and an example."]);
    }
    let doc = docs::outer(lines);
    let fields = of.fields.iter().map(|field| {
        let doc = docs::outer(docs::field(field, descriptions));
        let (ident, field_type) = (ident(field), field_type(field));
        quote!(#doc pub #ident: #field_type)
    });
    quote! {
        #doc
        #[derive(Clone, Debug)]
        #[must_use]
        #[non_exhaustive]
        pub struct #name {
            #(#fields,)*
        }
    }
}

/// What is there without a value: the defaults, and where nothing is required, the least values.
fn inherent(of: &Struct) -> TokenStream {
    let name = format_ident!("{}", of.name);
    let constants = of.fields.iter().filter_map(defaults::constant);
    let least = of.required().next().is_none().then(|| new(of));
    let builder = (!of.fields.is_empty()).then(|| builder::entry(of));
    let default = least.as_ref().map(|_| {
        quote! {
            impl Default for #name {
                #[inline]
                fn default() -> Self {
                    Self::new()
                }
            }
        }
    });
    quote! {
        impl #name {
            #(#constants)*
            #least
            #builder
        }
        #default
    }
}

fn new(of: &Struct) -> TokenStream {
    let fields = of.fields.iter().map(|field| {
        let (ident, value) = (ident(field), defaults::initial(of, field));
        quote!(#ident: #value)
    });
    quote! {
        /// Values with nothing but what has to be sent.
        #[inline]
        pub fn new() -> Self {
            Self { #(#fields,)* }
        }
    }
}

fn form_values(of: &Struct) -> TokenStream {
    let name = format_ident!("{}", of.name);
    let (fields, write, read) = if of.fields.is_empty() {
        (quote!(&[]), quote!(_), quote!(_))
    } else {
        let fields = format_ident!("{}", of.fields_name);
        (quote!(#fields), quote!(entries), quote!(reader))
    };
    let puts = of.fields.iter().map(|field| {
        let ident = ident(field);
        let key = &field.key;
        quote!((#key, &self.#ident))
    });
    let write_body = (!of.fields.is_empty()).then(|| quote!(entries.put(&[#(#puts),*]);));
    let reads = of.fields.iter().map(|field| read_field(of, field));
    let idents = of.fields.iter().map(ident);
    let positions = (0..of.fields.len()).map(Index::from);
    // A tuple, since a variable for each field could hide another name.
    let read_body = if of.fields.is_empty() {
        quote!(Some(Self {}))
    } else {
        quote! {
            let fields = (#(#reads,)*);
            Some(Self { #(#idents: fields.#positions?,)* })
        }
    };
    quote! {
        impl crate::FormValues for #name {
            const FIELDS: &'static [crate::Field] = #fields;

            #[inline]
            fn write<'a>(&'a self, #write: &mut crate::values::Entries<'a>) {
                #write_body
            }

            #[inline]
            fn read(#read: &mut crate::values::ObjectReader) -> Option<Self> {
                #read_body
            }
        }
    }
}

fn read_field(of: &Struct, field: &Field) -> TokenStream {
    let key = &field.key;
    match field.presence {
        Presence::Required => quote!(reader.required(#key)),
        Presence::Optional => quote!(reader.optional(#key)),
        Presence::Prefilled => {
            let default = defaults::initial(of, field);
            quote!(reader.defaulted(#key, #default))
        }
    }
}

/// The struct's impls of serde's traits, which depend on nothing but its name.
pub(super) fn serde(of: &Struct) -> TokenStream {
    let name = format_ident!("{}", of.name);
    quote! {
        impl ::serde::Serialize for #name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                crate::values::serialize(self, serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::values::deserialize(deserializer)
            }
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
    match value_type {
        ValueType::String => quote!(String),
        ValueType::SecretString => quote!(crate::SecretString),
        ValueType::Uri => quote!(crate::Uri),
        ValueType::SecretUri => quote!(crate::SecretUri),
        ValueType::Bool => quote!(bool),
        ValueType::Enum(Enum { name, .. }) => {
            let name = format_ident!("{name}");
            quote!(#name)
        }
        ValueType::EnumList(Enum { name, .. }) => {
            let name = format_ident!("{name}");
            quote!(Vec<#name>)
        }
        ValueType::StringList => quote!(Vec<String>),
        ValueType::EnvironmentSelector => quote!(crate::EnvironmentSelector),
        ValueType::Json => quote!(::serde_json::Value),
        ValueType::SecretJson => quote!(crate::SecretJson),
    }
}
