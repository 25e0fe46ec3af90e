//! A struct of values, and the struct of what it can't be made without.

use std::collections::HashMap;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::Index;

use super::docs;
use crate::model::{Default, Enum, Field, Presence, Struct, ValueType};

/// The structs and what is theirs alone; what they share is written by hand in the generated crate.
pub(super) fn tokens(of: &Struct, purpose: &str, descriptions: bool) -> TokenStream {
    let definition = definition(of, purpose, descriptions);
    let required = required(of);
    let construction = construction(of);
    let form_values = form_values(of);
    quote!(#definition #required #construction #form_values)
}

fn definition(of: &Struct, purpose: &str, descriptions: bool) -> TokenStream {
    let name = format_ident!("{}", of.name);
    let doc = docs::outer([purpose]);
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

/// A plain literal, so that required values are given by name and a missing one doesn't compile.
fn required(of: &Struct) -> TokenStream {
    if of.required().next().is_none() {
        return TokenStream::new();
    }
    let name = format_ident!("{}", of.required_name);
    let doc = docs::outer([format!("What [`{}`] can't be made without.", of.name)]);
    let fields = of.required().map(|field| {
        let doc = docs::outer([docs::summary(field)]);
        let (ident, value_type) = (ident(field), value_type(&field.value_type));
        quote!(#doc pub #ident: #value_type)
    });
    quote! {
        #doc
        #[derive(Clone, Debug)]
        pub struct #name {
            #(#fields,)*
        }
    }
}

fn construction(of: &Struct) -> TokenStream {
    let name = format_ident!("{}", of.name);
    let initial = of.fields.iter().map(|field| {
        let ident = ident(field);
        let value = initial(field);
        quote!(#ident: #value)
    });
    let setters = of
        .fields
        .iter()
        .filter(|field| field.presence != Presence::Required)
        .map(setter);
    let parameter = of.required().next().map(|_| {
        let required = format_ident!("{}", of.required_name);
        quote!(required: #required)
    });
    let default = parameter.is_none().then(|| {
        quote! {
            impl Default for #name {
                fn default() -> Self {
                    Self::new()
                }
            }
        }
    });
    let doc = docs::outer([match parameter {
        Some(_) => "Values with everything required, and nothing else but what has to be sent.",
        None => "Values with nothing but what has to be sent.",
    }]);
    quote! {
        impl #name {
            #doc
            pub fn new(#parameter) -> Self {
                Self { #(#initial,)* }
            }
            #(#setters)*
        }
        #default
    }
}

fn setter(field: &Field) -> TokenStream {
    let ident = ident(field);
    let value_type = value_type(&field.value_type);
    let (parameter, value) = match &field.value_type {
        // Nothing else turns into these without an error.
        ValueType::Bool | ValueType::Enum(_) | ValueType::Uri | ValueType::SecretUri => {
            (value_type, quote!(value))
        }
        ValueType::EnumList(Enum { name, .. }) => {
            let item = format_ident!("{name}");
            (
                quote!(impl IntoIterator<Item = #item>),
                quote!(value.into_iter().collect()),
            )
        }
        _ => (quote!(impl Into<#value_type>), quote!(value.into())),
    };
    let value = match field.presence {
        Presence::Optional => quote!(Some(#value)),
        Presence::Required | Presence::Prefilled => value,
    };
    let doc = docs::outer([format!("Sets {}.", docs::code(&field.key))]);
    quote! {
        #doc
        pub fn #ident(mut self, value: #parameter) -> Self {
            self.#ident = #value;
            self
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
    let reads = of.fields.iter().map(read_field);
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

            fn write<'a>(&'a self, #write: &mut crate::values::Entries<'a>) {
                #write_body
            }

            fn read(#read: &mut crate::values::ObjectReader) -> Option<Self> {
                #read_body
            }
        }
    }
}

fn read_field(field: &Field) -> TokenStream {
    let key = &field.key;
    match field.presence {
        Presence::Required => quote!(reader.required(#key)),
        Presence::Optional => quote!(reader.optional(#key)),
        Presence::Prefilled => {
            let default = initial(field);
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

fn ident(field: &Field) -> Ident {
    format_ident!("{}", field.ident)
}

fn field_type(field: &Field) -> TokenStream {
    let value_type = value_type(&field.value_type);
    if field.optional() {
        quote!(Option<#value_type>)
    } else {
        value_type
    }
}

fn value_type(value_type: &ValueType) -> TokenStream {
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

/// What a new struct has in the field.
fn initial(field: &Field) -> TokenStream {
    let ident = ident(field);
    match (field.presence, &field.default) {
        (Presence::Required, _) => quote!(required.#ident),
        (Presence::Optional, _) => quote!(None),
        (Presence::Prefilled, Some(default)) => prefilled(&field.value_type, default),
        (Presence::Prefilled, None) => quote!(Default::default()),
    }
}

fn prefilled(value_type: &ValueType, default: &Default) -> TokenStream {
    match (value_type, default) {
        (ValueType::Enum(enumeration), Default::Text(text)) => variant(enumeration, text),
        (ValueType::EnumList(enumeration), Default::List(values)) => {
            let name = format_ident!("{}", enumeration.name);
            let variants = enumeration.variants.iter();
            let listed: HashMap<&str, Ident> = variants
                .map(|variant| (variant.value.as_str(), format_ident!("{}", variant.ident)))
                .collect();
            // The resolver keeps only defaults that are listed.
            let idents = values.iter().filter_map(|value| listed.get(value.as_str()));
            quote!(vec![#(#name::#idents),*])
        }
        (_, Default::List(values)) => {
            quote!(vec![#(String::from(#values)),*])
        }
        (_, Default::Boolean(value)) => quote!(#value),
        (ValueType::Uri, Default::Text(text)) => quote!(crate::Uri::from_manifest(#text)),
        (ValueType::SecretUri, Default::Text(text)) => {
            quote!(crate::SecretUri::from_manifest(#text))
        }
        (_, Default::Text(text)) => quote!(#text.into()),
    }
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
