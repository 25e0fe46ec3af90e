//! The structs and enums of the model, written with derives.

use std::collections::BTreeMap;

use generator::{model::Enum, model::Field, model::Integration, model::Struct};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// The files of the folder `integrations`, by name. With `builder`, each struct derives `bon::Builder`.
pub(crate) fn files(integrations: &[&Integration], builder: bool) -> BTreeMap<String, String> {
    let modules = integrations.iter().map(|integration| {
        let name = format!("{}.rs", integration.module);
        (name, print(module(integration, builder)))
    });
    let idents = integrations
        .iter()
        .map(|integration| format_ident!("{}", integration.module));
    let index = print(quote! {
        #![doc = " One module per integration key."]
        #(pub mod #idents;)*

        // The hand-written part needs these items.
        /// Empty.
        pub const ALL: &[crate::Integration] = &[];
        pub(crate) const READERS: &[crate::any::Reader] = &[];
        /// Returns `None`.
        pub fn get(_: &str) -> Option<&'static crate::Integration> {
            None
        }
    });
    let mut files: BTreeMap<String, String> = modules.collect();
    files.insert("mod.rs".to_owned(), index);
    files
}

fn print(tokens: TokenStream) -> String {
    prettyplease::unparse(&syn::parse2(tokens).expect("Rust"))
}

fn module(integration: &Integration, builder: bool) -> TokenStream {
    let doc = format!(" {} (`{}`).", integration.name, integration.key);
    let structs = integration.structs().map(|model| structure(model, builder));
    let enums = integration
        .structs()
        .flat_map(|model| &model.fields)
        .filter_map(|field| Some(enumeration(field, field.enumeration()?)));
    quote! {
        #![doc = #doc]
        #(#structs)*
        #(#enums)*
    }
}

fn structure(model: &Struct, builder: bool) -> TokenStream {
    let name = format_ident!("{}", model.name);
    let fields = model.fields.iter().map(|inner| field(inner, builder));
    let builder = builder.then(|| quote!(#[derive(::bon::Builder)]));
    quote! {
        /// The values of a configuration.
        #[derive(Clone, Debug, ::serde::Serialize, ::serde::Deserialize)]
        #builder
        #[serde(deny_unknown_fields)]
        #[non_exhaustive]
        pub struct #name {
            #(#fields,)*
        }
    }
}

fn field(field: &Field, builder: bool) -> TokenStream {
    let Field { key, label, .. } = field;
    let ident = format_ident!("{}", field.ident);
    let (label, facts) = (format!(" {label}"), format!(" Wire key `{key}`."));
    let value: TokenStream = field.value_type.path().parse().expect("a type");
    let (skip, field_type) = if field.optional() {
        let skip = quote!(#[serde(skip_serializing_if = "Option::is_none")]);
        (Some(skip), quote!(Option<#value>))
    } else {
        (None, value)
    };
    let text = field.value_type.path().ends_with("String");
    let into = (builder && text).then(|| quote!(#[builder(into)]));
    quote! {
        #[doc = #label]
        ///
        #[doc = #facts]
        #[serde(rename = #key)]
        #skip
        #into
        pub #ident: #field_type
    }
}

fn enumeration(field: &Field, model: &Enum) -> TokenStream {
    let name = format_ident!("{}", model.name);
    let doc = format!(" The values of `{}`.", field.key);
    let variants = model.variants.iter().map(|variant| {
        let ident = format_ident!("{}", variant.ident);
        let (value, doc) = (&variant.value, format!(" `{}`", variant.value));
        quote!(#[doc = #doc] #[serde(rename = #value)] #ident)
    });
    quote! {
        #[doc = #doc]
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, ::serde::Serialize, ::serde::Deserialize)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            /// A value that isn't listed.
            #[serde(untagged)]
            Unlisted(String),
        }
    }
}
