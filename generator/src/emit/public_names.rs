//! `PUBLIC_NAMES.txt`: every public name of the generated modules, so that a review sees a rename.
//!
//! The names are those of the items that were written, not of the model that they came from.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, FnArg, ImplItem, Item, ReturnType, Signature, Type, Visibility};

use super::print::text_header;

/// The file's name beside the package's `Cargo.toml`.
pub(super) const FILE: &str = "PUBLIC_NAMES.txt";

/// The file, with the names of each path: `datadog::`, and nothing before those of `mod.rs`.
pub(super) fn text<'a>(names: impl Iterator<Item = (String, &'a [String])>) -> String {
    let mut lines = Vec::new();
    for (path, names) in names {
        lines.extend(names.iter().map(|name| format!("{path}{name}\n")));
    }
    lines.sort_unstable();
    let mut text = text_header("manifests/");
    text.push_str("# What is public below launchdarkly_integrations::integrations.\n\n");
    text.extend(lines);
    text
}

/// The public names of items, a line for each, without what the documentation hides.
pub(super) fn of(items: &[Item]) -> Vec<String> {
    let mut names = Vec::new();
    for item in items {
        add(item, &mut names);
    }
    names
}

fn add(item: &Item, names: &mut Vec<String>) {
    match item {
        Item::Const(item) if shown(&item.vis, &item.attrs) => {
            names.push(format!("{}: {}", item.ident, compact(&item.ty)));
        }
        Item::Fn(item) if shown(&item.vis, &item.attrs) => names.push(call(&item.sig, None)),
        Item::Mod(item) if shown(&item.vis, &item.attrs) => names.push(item.ident.to_string()),
        Item::Struct(item) if shown(&item.vis, &item.attrs) => {
            let name = &item.ident;
            let parameters = item
                .generics
                .type_params()
                .map(|parameter| &parameter.ident);
            let parameters: Vec<String> = parameters.map(ToString::to_string).collect();
            names.push(match parameters.as_slice() {
                [] => name.to_string(),
                parameters => format!("{name}<{}>", parameters.join(", ")),
            });
            for field in &item.fields {
                if let (Some(ident), true) = (&field.ident, shown(&field.vis, &field.attrs)) {
                    names.push(format!("{name}.{ident}: {}", compact(&field.ty)));
                }
            }
        }
        Item::Enum(item) if shown(&item.vis, &item.attrs) => {
            let name = &item.ident;
            names.push(name.to_string());
            for variant in &item.variants {
                names.push(format!(
                    "{name}::{}{}",
                    variant.ident,
                    compact(&variant.fields)
                ));
            }
        }
        Item::Impl(item) if item.trait_.is_none() => {
            let Some(of) = name(&item.self_ty) else {
                return;
            };
            let inner = item.items.iter().filter_map(|item| associated(item, of));
            names.extend(inner.map(|inner| format!("{of}{inner}")));
        }
        Item::Trait(item) if shown(&item.vis, &item.attrs) => names.push(item.ident.to_string()),
        Item::Type(item) if shown(&item.vis, &item.attrs) => {
            names.push(format!("{} = {}", item.ident, compact(&item.ty)));
        }
        _ => {}
    }
}

/// What a type has: `::LISTED: …`, `::builder() -> …`, `.build() -> …`.
fn associated(item: &ImplItem, of: &Ident) -> Option<String> {
    match item {
        ImplItem::Const(item) if shown(&item.vis, &item.attrs) => {
            Some(format!("::{}: {}", item.ident, compact(&item.ty)))
        }
        ImplItem::Fn(item) if shown(&item.vis, &item.attrs) => {
            let separator = if item.sig.receiver().is_some() {
                "."
            } else {
                "::"
            };
            Some(format!("{separator}{}", call(&item.sig, Some(of))))
        }
        _ => None,
    }
}

fn shown(visibility: &Visibility, attributes: &[Attribute]) -> bool {
    let hides = |attribute: &Attribute| {
        attribute.path().is_ident("doc")
            && matches!(&attribute.meta, syn::Meta::List(list) if list.tokens.to_string() == "hidden")
    };
    matches!(visibility, Visibility::Public(_)) && !attributes.iter().any(hides)
}

/// A function's name, its arguments' types and its result's.
fn call(signature: &Signature, of: Option<&Ident>) -> String {
    let arguments = signature
        .inputs
        .iter()
        .filter_map(|argument| match argument {
            FnArg::Receiver(_) => None,
            FnArg::Typed(argument) => Some(compact(&argument.ty)),
        });
    let arguments: Vec<String> = arguments.collect();
    let result = match &signature.output {
        ReturnType::Default => String::new(),
        // A builder's generic arguments would change with every other field.
        ReturnType::Type(_, result) if of.is_some() && name(result) == of => " -> Self".into(),
        ReturnType::Type(_, result) => format!(" -> {}", compact(result)),
    };
    format!("{}({}){result}", signature.ident, arguments.join(", "))
}

/// A type's name without its path and generic arguments.
fn name(of: &Type) -> Option<&Ident> {
    match of {
        Type::Path(path) => Some(&path.path.segments.last()?.ident),
        _ => None,
    }
}

/// Tokens as people write them in a type, without the way to what is at the crate's root.
fn compact(tokens: &impl ToTokens) -> String {
    let mut text = String::new();
    write(tokens.to_token_stream(), &mut text);
    text.replace("crate::", "")
}

fn write(tokens: TokenStream, text: &mut String) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::None => ("", ""),
                };
                // `'static [Self]`, but `String(…)`.
                if open == "[" && text.ends_with(is_word) {
                    text.push(' ');
                }
                text.push_str(open);
                write(group.stream(), text);
                text.push_str(close);
            }
            TokenTree::Punct(punct) if punct.as_char() == ',' => text.push_str(", "),
            TokenTree::Punct(punct) if punct.as_char() == '=' => text.push_str(" = "),
            // A path from the root of all crates.
            TokenTree::Punct(punct) if punct.as_char() == ':' && !ends_path(text) => {}
            TokenTree::Punct(punct) => text.push(punct.as_char()),
            word => {
                // Two words: `impl Into`, `'static str`, `dyn Error`.
                if text.ends_with(is_word) {
                    text.push(' ');
                }
                text.push_str(&word.to_string());
            }
        }
    }
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

fn ends_path(text: &str) -> bool {
    text.ends_with(|last| is_word(last) || matches!(last, ':' | '>'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_public_is_named_with_its_type() {
        let file: syn::File = syn::parse_quote! {
            //! Docs.
            pub mod inner;
            mod hidden;
            pub const FIELDS: &[crate::Field] = &[];
            pub struct Values {
                pub url: Option<crate::Uri>,
                any: ::serde_json::Value,
            }
            pub struct Builder<A = crate::Missing, B = crate::Missing> { a: A, b: B }
            impl<A, B> Builder<A, B> {
                pub fn a(self, value: impl Into<String>) -> Builder<String, B> { todo!() }
                pub fn list(self, value: impl IntoIterator<Item = Kind>) -> Self { self }
                pub fn any(self, value: impl Into<::serde_json::Value>) -> Self { self }
                #[doc(hidden)]
                pub fn internal() {}
                fn private() {}
            }
            #[doc(hidden)]
            pub trait IsSet {}
            pub enum Kind { One, Unlisted(String) }
            impl Kind { pub const LISTED: &'static [Self] = &[]; }
            impl ::std::fmt::Debug for Kind {}
            pub fn get(key: &str) -> Option<&'static crate::Integration> { None }
        };
        assert_eq!(
            of(&file.items),
            [
                "inner",
                "FIELDS: &[Field]",
                "Values",
                "Values.url: Option<Uri>",
                "Builder<A, B>",
                "Builder.a(impl Into<String>) -> Self",
                "Builder.list(impl IntoIterator<Item = Kind>) -> Self",
                "Builder.any(impl Into<serde_json::Value>) -> Self",
                "Kind",
                "Kind::One",
                "Kind::Unlisted(String)",
                "Kind::LISTED: &'static [Self]",
                "get(&str) -> Option<&'static Integration>",
            ]
        );
    }
}
