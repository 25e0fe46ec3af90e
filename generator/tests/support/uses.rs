//! Writes programs that use every public name of a generated module in every way that its type allows. The
//! programs show whether a change of a module is breaking or adds names. They are written from the text of the
//! module, without the code of `diff`.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{
    FnArg, GenericArgument, ImplItem, Item, ItemImpl, ItemStruct, PathArguments, ReturnType, Type,
    TypeParamBound, Visibility,
};

/// A program that uses every public name in the text of a module.
pub(crate) fn uses(module: &str, text: &str) -> String {
    let module = format_ident!("{module}");
    let file = syn::parse_file(text).unwrap();
    let uses = file.items.iter().map(use_item);
    let uses = quote! {
        use launchdarkly_integrations::integrations::#module::*;

        fn any<T>() -> T {
            loop {}
        }

        #(#uses)*
    };
    prettyplease::unparse(&syn::parse2(uses).unwrap())
}

fn use_item(item: &Item) -> TokenStream {
    match item {
        Item::Const(item) if is_public(&item.vis) => {
            let (name, ty) = (&item.ident, outside(&item.ty, None));
            quote!(const _: #ty = #name;)
        }
        Item::Struct(item) if is_public(&item.vis) => use_struct(item),
        Item::Enum(item) if is_public(&item.vis) => {
            let name = &item.ident;
            let patterns = item.variants.iter().map(|variant| {
                let ident = &variant.ident;
                let fields = variant.fields.iter().map(|_| quote!(_));
                match variant.fields.is_empty() {
                    true => quote!(#name::#ident),
                    false => quote!(#name::#ident(#(#fields),*)),
                }
            });
            quote! {
                const _: fn(#name) = |value| match value {
                    #(#patterns => {})*
                    _ => {}
                };
            }
        }
        Item::Impl(item) => use_inherent_impl(item),
        Item::Macro(item) => use_macro(&item.mac),
        _ => TokenStream::new(),
    }
}

/// Uses the items that a macro call of the package defines.
fn use_macro(call: &syn::Macro) -> TokenStream {
    let mut words = call
        .tokens
        .clone()
        .into_iter()
        .filter_map(|token| match token {
            TokenTree::Ident(ident) => Some(ident),
            _ => None,
        });
    let package = quote!(launchdarkly_integrations);
    if call.path.segments.last().unwrap().ident == "facts" {
        return quote!(
            const _: #package::Integration = INTEGRATION;
            const _: #package::IntegrationKey = KEY;
        );
    }
    let owner = words.next().unwrap();
    let integration = quote!(#package::IntegrationValues);
    let endpoints = words.map(|endpoint| {
        let of_endpoint = format_ident!("{endpoint}Values");
        quote!(#package::client::#of_endpoint)
    });
    let traits: Vec<TokenStream> = match call
        .path
        .segments
        .last()
        .unwrap()
        .ident
        .to_string()
        .as_str()
    {
        "no_form_variables" => {
            let new = quote!(const _: fn() -> #owner = #owner::new;);
            let traits = [quote!(Default), quote!(#package::FormValues)].into_iter();
            let is_block = call.tokens.to_string().contains('"');
            let traits = traits
                .chain((!is_block).then_some(integration))
                .chain(endpoints);
            let traits = traits.map(|trait_path| has(&owner, &trait_path));
            return quote!(#new #(#traits)*);
        }
        "integration_values" => std::iter::once(integration).chain(endpoints).collect(),
        "form_values" => vec![
            quote!(::std::fmt::Debug),
            quote!(#package::FormValues),
            quote!(Eq),
            quote!(::serde::Serialize),
            quote!(::serde::de::DeserializeOwned),
        ],
        "default_values" => vec![quote!(Default)],
        "listed_value" => vec![
            quote!(#package::ListedValue),
            quote!(::std::fmt::Display),
            quote!(::std::str::FromStr),
        ],
        "builder_debug" | "is_set" => Vec::new(),
        other => panic!("unknown macro: {other}"),
    };
    traits
        .iter()
        .map(|trait_path| has(&owner, trait_path))
        .collect()
}

/// Requires that a type implements a trait.
fn has(owner: &Ident, trait_path: &TokenStream) -> TokenStream {
    quote! {
        const _: fn() = || {
            fn needs<T: #trait_path>() {}
            needs::<#owner>();
        };
    }
}

/// Names the type with all its parameters, and reads each field with its type.
fn use_struct(item: &ItemStruct) -> TokenStream {
    let name = &item.ident;
    let parameters = item.generics.type_params();
    let missing = parameters.map(|_| quote!(launchdarkly_integrations::Missing));
    let fields = item.fields.iter().filter(|field| is_public(&field.vis));
    let fields = fields.map(|field| {
        let (ident, ty) = (&field.ident, outside(&field.ty, None));
        quote!(const _: fn(&#name) -> &#ty = |values| &values.#ident;)
    });
    quote! {
        const _: fn(#name<#(#missing),*>) = |_| {};
        #(#fields)*
    }
}

fn use_inherent_impl(item: &ItemImpl) -> TokenStream {
    let owner = type_name(&item.self_ty);
    if let Some(values) = owner.to_string().strip_suffix("Builder") {
        return chains(item, &format_ident!("{values}"));
    }
    let uses = item.items.iter().map(|inner| match inner {
        ImplItem::Const(inner) if is_public(&inner.vis) => {
            let (name, constant) = (&inner.ident, outside(&inner.ty, Some(&owner)));
            quote!(const _: #constant = #owner::#name;)
        }
        ImplItem::Fn(inner) if is_public(&inner.vis) => {
            let name = &inner.sig.ident;
            let ReturnType::Type(_, result) = &inner.sig.output else {
                panic!("{name} has no return type");
            };
            let result = outside(result, Some(&owner));
            match inner.sig.receiver() {
                None => quote!(const _: fn() -> #result = #owner::#name;),
                Some(_) => quote!(const _: fn(&#owner) -> #result = |values| values.#name();),
            }
        }
        _ => TokenStream::new(),
    });
    uses.collect()
}

/// Builds once with all setters and once with only the required ones.
fn chains(item: &ItemImpl, values: &Ident) -> TokenStream {
    let mut all = Vec::new();
    let mut required = Vec::new();
    for inner in &item.items {
        let ImplItem::Fn(inner) = inner else { continue };
        let Some(FnArg::Typed(value)) = inner.sig.inputs.iter().nth(1) else {
            continue;
        };
        let (name, ty) = (&inner.sig.ident, outside(&argument_type(&value.ty), None));
        let call = quote!(.#name(any::<#ty>()));
        all.push(call.clone());
        if inner.sig.output.to_token_stream().to_string() != "-> Self" {
            required.push(call);
        }
    }
    quote! {
        const _: fn() -> #values = || #values::builder() #(#all)* .build();
        const _: fn() -> #values = || #values::builder() #(#required)* .build();
    }
}

/// The type of an argument: `T` for `impl Into<T>`, `Vec<T>` for `impl IntoIterator<Item = T>`, and any other
/// type unchanged.
fn argument_type(ty: &Type) -> Type {
    let Type::ImplTrait(bounds) = ty else {
        return ty.clone();
    };
    let Some(TypeParamBound::Trait(bound)) = bounds.bounds.first() else {
        panic!("{} has no trait bound", ty.to_token_stream());
    };
    let PathArguments::AngleBracketed(arguments) = &bound.path.segments.last().unwrap().arguments
    else {
        panic!("{} has no argument", ty.to_token_stream());
    };
    match arguments.args.first() {
        Some(GenericArgument::Type(ty)) => ty.clone(),
        Some(GenericArgument::AssocType(item)) => {
            let item = argument_type(&item.ty);
            syn::parse_quote!(Vec<#item>)
        }
        _ => panic!("{} has an unexpected argument", ty.to_token_stream()),
    }
}

fn type_name(ty: &Type) -> Ident {
    let Type::Path(ty) = ty else {
        panic!("{} is not a path", ty.to_token_stream());
    };
    ty.path.segments.last().unwrap().ident.clone()
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// A type as code outside the package names it. `Self` is replaced with `own`.
fn outside(ty: &Type, own: Option<&Ident>) -> TokenStream {
    replaced(ty.to_token_stream(), own)
}

fn replaced(tokens: TokenStream, own: Option<&Ident>) -> TokenStream {
    let tokens = tokens.into_iter().map(|token| match (token, own) {
        (TokenTree::Ident(ident), _) if ident == "crate" => {
            format_ident!("launchdarkly_integrations").into()
        }
        (TokenTree::Ident(ident), Some(own)) if ident == "Self" => own.clone().into(),
        (TokenTree::Group(group), _) => {
            let inner = replaced(group.stream(), own);
            Group::new(group.delimiter(), inner).into()
        }
        (token, _) => token,
    });
    tokens.collect()
}
