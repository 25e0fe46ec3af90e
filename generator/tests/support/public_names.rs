//! The public names of a generated module, read from its text: those of its items, and those that its macro
//! calls define.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, FnArg, ImplItem, Item, ReturnType, Signature, Type, Visibility};

/// The public names in a module's text, one line each.
pub(crate) fn names_of(module: &str) -> BTreeSet<String> {
    let file = syn::parse_file(module).unwrap();
    let names = names_of_items(&file.items);
    let calls = file.items.iter().filter_map(|item| match item {
        Item::Macro(call) => Some((
            call.mac.path.segments.last().unwrap().ident.to_string(),
            compact(&call.mac.tokens),
        )),
        _ => None,
    });
    let mut names: BTreeSet<String> = names.into_iter().collect();
    for (name, arguments) in calls {
        let first = arguments.split([',', ':', ' ']).next().unwrap().to_owned();
        match name.as_str() {
            "no_form_variables" => {
                names.extend([first.clone(), format!("{first}::new() -> Self")]);
            }
            "integration_values" => {}
            "form_values" => {
                let (_, builder) = arguments.rsplit_once("], ").unwrap();
                let builder = builder.split('<').next().unwrap();
                names.insert(format!("{first}.into_builder() -> {builder}"));
                continue;
            }
            "facts" => {
                names.insert("INTEGRATION: Integration".to_owned());
                names.insert("KEY: IntegrationKey".to_owned());
                continue;
            }
            _ => continue,
        }
        let rest = arguments.strip_prefix(&first).unwrap();
        if let Some(endpoints) = rest.strip_prefix(':') {
            let traits = endpoints.split(", ");
            names.extend(traits.map(|endpoint| format!("{first}: {endpoint}Values")));
        }
    }
    names
}

/// The public names of items, one line each, without items that are hidden in the documentation.
fn names_of_items(items: &[Item]) -> Vec<String> {
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
            names.push(name.to_string());
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
            let Some(owner) = name(&item.self_ty) else {
                return;
            };
            let inner = item.items.iter().filter_map(|item| associated(item, owner));
            names.extend(inner.map(|inner| format!("{owner}{inner}")));
        }
        Item::Trait(item) if shown(&item.vis, &item.attrs) => names.push(item.ident.to_string()),
        Item::Type(item) if shown(&item.vis, &item.attrs) => {
            names.push(format!("{} = {}", item.ident, compact(&item.ty)));
        }
        _ => {}
    }
}

/// An associated item of a type: `::LISTED: …`, `::builder() -> …`, `.build() -> …`.
fn associated(item: &ImplItem, owner: &Ident) -> Option<String> {
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
            let call = call(&item.sig, Some(owner));
            let condition = required(&item.block.to_token_stream().to_string());
            Some(format!("{separator}{call}{condition}"))
        }
        _ => None,
    }
}

/// The fields that must be set before this function can be called.
fn required(body: &str) -> String {
    let body = body.replace(' ', "");
    let mut idents: Vec<&str> = body
        .match_indices(".value()")
        .map(|(end, _)| body[..end].rsplit('.').next().unwrap())
        .collect();
    idents.sort_unstable();
    match idents.len() {
        0 => String::new(),
        _ => format!(" after {}", idents.join(", ")),
    }
}

fn shown(visibility: &Visibility, attributes: &[Attribute]) -> bool {
    let hides = |attribute: &Attribute| {
        attribute.path().is_ident("doc")
            && matches!(&attribute.meta, syn::Meta::List(list) if list.tokens.to_string() == "hidden")
    };
    matches!(visibility, Visibility::Public(_)) && !attributes.iter().any(hides)
}

/// The name of a function, the types of its arguments and its return type.
fn call(signature: &Signature, owner: Option<&Ident>) -> String {
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
        ReturnType::Type(_, result) if owner.is_some() && name(result) == owner => {
            " -> Self".into()
        }
        ReturnType::Type(_, result) => format!(" -> {}", compact(result)),
    };
    format!("{}({}){result}", signature.ident, arguments.join(", "))
}

/// A type's name without its path and generic arguments.
fn name(ty: &Type) -> Option<&Ident> {
    match ty {
        Type::Path(path) => Some(&path.path.segments.last()?.ident),
        _ => None,
    }
}

/// A type with the usual spacing and without `crate::`.
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
            // Omits the `::` at the start of a path.
            TokenTree::Punct(punct) if punct.as_char() == ':' && !ends_path(text) => {}
            TokenTree::Punct(punct) => {
                // A long type is printed on several lines, with a comma after the last argument.
                if punct.as_char() == '>' && text.ends_with(", ") {
                    text.truncate(text.len() - 2);
                }
                text.push(punct.as_char());
            }
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
