//! The items of a generated module, and the items that its manifest requires.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::{Expr, ExprArray, Fields, ImplItem, Item, Type};

use super::{Facts, FieldFacts, block_endpoint, cases};

/// The names of a module's items, in order where the order matters.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Items {
    /// The fields of each struct.
    structs: BTreeMap<String, Vec<String>>,
    /// The variants of each enum.
    enums: BTreeMap<String, Vec<String>>,
    traits: BTreeSet<String>,
    /// The wire keys in each constant of fields.
    constants: BTreeMap<String, Vec<String>>,
    /// The types that are values of the integration, each with the endpoints that accept it.
    integration_values: Vec<(String, Vec<String>)>,
    /// The constants that hold defaults, by struct and field.
    defaults: BTreeSet<String>,
}

impl Items {
    /// The items that a manifest requires.
    pub(crate) fn expected(facts: &Facts) -> Self {
        let mut items = Self::default();
        items
            .constants
            .insert("integration".into(), vec![facts.key.clone()]);
        let squashed = |names: &[&str]| names.iter().map(|name| squash(name)).collect();
        let endpoints = squashed(&facts.endpoints);
        items
            .integration_values
            .push(("configvalues".into(), endpoints));
        for (block, fields) in facts.blocks() {
            let prefix = prefix(block);
            if let Some(endpoint) = block_endpoint(block) {
                let values = (format!("{prefix}config"), squashed(&[endpoint]));
                items.integration_values.push(values);
            }
            items.block(&prefix, fields);
        }
        items
    }

    fn block(&mut self, prefix: &str, fields: &[FieldFacts]) {
        let (name, constant) = if prefix.is_empty() {
            ("configvalues".to_owned(), "fields".to_owned())
        } else {
            (format!("{prefix}config"), format!("{prefix}fields"))
        };
        let idents: Vec<String> = fields.iter().map(|field| squash(&field.key)).collect();
        if !fields.is_empty() {
            let keys = fields.iter().map(|field| field.key.clone());
            self.constants.insert(constant, keys.collect());
            self.structs
                .insert(format!("{name}builder"), idents.clone());
        }
        for (field, ident) in fields.iter().zip(&idents) {
            self.field(&name, prefix, field, ident);
        }
        self.structs.insert(name, idents);
    }

    fn field(&mut self, struct_name: &str, prefix: &str, field: &FieldFacts, ident: &str) {
        if !field.allowed_values.is_empty() {
            let mut values: Vec<&str> = Vec::new();
            for value in &field.allowed_values {
                if !values.contains(&value.as_str()) {
                    values.push(value);
                }
            }
            let variants = values.into_iter().map(squash_value);
            let variants = variants.chain(["unlisted".to_owned()]).collect();
            self.enums.insert(format!("{prefix}{ident}"), variants);
        }
        let has_default = has_default(field);
        if has_default {
            self.defaults
                .insert(format!("{struct_name}::default{ident}"));
        }
        if !field.optional && !has_default {
            self.traits.insert(format!("{prefix}{ident}isset"));
        }
    }

    /// The items in the text of a module. Fails if there are others.
    pub(crate) fn found(text: &str) -> Self {
        let file = syn::parse_file(text).unwrap();
        assert!(
            file.attrs
                .iter()
                .all(|attribute| attribute.path().is_ident("doc"))
        );
        let mut items = Self::default();
        for item in file.items {
            items.item(item);
        }
        items
    }

    fn item(&mut self, item: Item) {
        match item {
            Item::Struct(item) => {
                let Fields::Named(fields) = item.fields else {
                    panic!("{} has no named fields", item.ident)
                };
                let fields = fields.named.iter();
                let names = fields.map(|field| name_of(field.ident.as_ref().unwrap()));
                let names = names.collect();
                let before = self.structs.insert(name_of(&item.ident), names);
                assert!(before.is_none());
            }
            Item::Enum(item) => {
                let variants = item.variants.iter();
                let variants = variants.map(|variant| name_of(&variant.ident)).collect();
                assert!(self.enums.insert(name_of(&item.ident), variants).is_none());
            }
            Item::Trait(item) => assert!(self.traits.insert(name_of(&item.ident))),
            Item::Const(item) => {
                let keys = match *item.expr {
                    Expr::Reference(list) => match *list.expr {
                        Expr::Array(ExprArray { elems, .. }) => {
                            elems.iter().map(first_text).collect()
                        }
                        _ => panic!("{} is not a list", item.ident),
                    },
                    facts => vec![first_text(&facts)],
                };
                assert!(self.constants.insert(name_of(&item.ident), keys).is_none());
            }
            Item::Impl(item) => self.implementation(item),
            Item::Macro(item) => self.call(&item.mac),
            _ => panic!("an unexpected kind of item"),
        }
    }

    /// A call of one of the generated crate's macros.
    fn call(&mut self, call: &syn::Macro) {
        let path: Vec<String> = call
            .path
            .segments
            .iter()
            .map(|part| part.ident.to_string())
            .collect();
        let [root, name] = path.as_slice() else {
            panic!("{path:?}")
        };
        assert_eq!(root, "crate");
        if name == "facts" {
            let key: TokenTree = call.tokens.clone().into_iter().next().unwrap();
            let key = first_text(&syn::parse2(key.into()).unwrap());
            let before = self.constants.insert("integration".into(), vec![key]);
            assert!(before.is_none());
            return;
        }
        let mut words = Vec::new();
        let mut has_text = false;
        for token in call.tokens.clone() {
            match token {
                TokenTree::Ident(ident) => words.push(name_of(&ident)),
                TokenTree::Group(group) => {
                    let inner = group.stream().into_iter();
                    words.extend(inner.filter_map(|token| match token {
                        TokenTree::Ident(ident) => Some(name_of(&ident)),
                        _ => None,
                    }));
                }
                TokenTree::Literal(_) => has_text = true,
                TokenTree::Punct(_) => {}
            }
        }
        let subject = words.remove(0);
        match name.as_str() {
            "no_form_variables" => {
                assert!(self.structs.insert(subject.clone(), Vec::new()).is_none());
                if !has_text {
                    self.values_of_integration(subject, &words);
                }
            }
            "integration_values" => self.values_of_integration(subject, &words),
            "form_values" => {
                let fields = &self.structs[&subject];
                let (read, rest) = words[1..].split_at(fields.len());
                assert_eq!(read, fields, "{subject} reads its fields in order");
                assert_eq!(rest[0], format!("{subject}builder"));
            }
            "builder_debug" => assert!(self.structs.contains_key(&subject)),
            "is_set" => assert!(self.traits.insert(subject)),
            "listed_value" => assert!(self.enums.contains_key(&subject)),
            "default_values" => assert!(self.structs.contains_key(&subject)),
            _ => panic!("unexpected macro {name}"),
        }
    }

    fn values_of_integration(&mut self, name: String, endpoints: &[String]) {
        self.integration_values.push((name, endpoints.to_vec()));
    }

    fn implementation(&mut self, item: syn::ItemImpl) {
        let Type::Path(path) = *item.self_ty else {
            panic!("an impl for a type that is not a path")
        };
        let self_type = name_of(&path.path.segments.last().unwrap().ident);
        assert!(item.trait_.is_none(), "impls of traits are macros");
        let constants = item.items.iter().filter_map(|item| match item {
            ImplItem::Const(constant) => Some(name_of(&constant.ident)),
            _ => None,
        });
        let defaults = constants.filter(|name| name.starts_with("default"));
        self.defaults
            .extend(defaults.map(|name| format!("{self_type}::{name}")));
    }

    /// All identifiers that come from the manifest.
    fn names(&self) -> BTreeSet<String> {
        let lists = [&self.structs, &self.enums].into_iter().flatten();
        let lists = lists.flat_map(|(name, inner)| inner.iter().chain([name]));
        let mut names: BTreeSet<String> = lists.chain(&self.traits).cloned().collect();
        names.extend(self.constants.keys().cloned());
        for default in &self.defaults {
            let (_, name) = default.split_once("::").unwrap();
            names.insert(name.to_owned());
        }
        for (name, fields) in &self.structs {
            names.insert(name.clone());
            names.extend(fields.iter().map(|field| format!("{field}state")));
        }
        names
    }
}

fn name_of(ident: &proc_macro2::Ident) -> String {
    squash(&ident.to_string())
}

/// Reduces a key, or a name made from it, to lower-case letters and digits, with an `n` before a leading digit.
/// Other tests check the case of names.
fn squash(key: &str) -> String {
    let plain = key.chars().filter(char::is_ascii_alphanumeric);
    let plain: String = plain.map(|c| c.to_ascii_lowercase()).collect();
    if plain.starts_with(|first: char| first.is_ascii_digit()) {
        format!("n{plain}")
    } else {
        plain
    }
}

fn squash_value(value: &str) -> String {
    let rest = value.strip_prefix("https://");
    let rest = rest.or(value.strip_prefix("http://")).unwrap_or(value);
    if rest.is_empty() {
        "empty".to_owned()
    } else {
        squash(rest)
    }
}

/// The prefix of a block's type names: its capability and the rest of its own name.
fn prefix(block: &str) -> String {
    let Some((capability, block)) = block.rsplit_once('.') else {
        return String::new();
    };
    let own = block.strip_suffix("ormVariables").unwrap();
    let own = own.strip_suffix(['f', 'F']).unwrap();
    let mut prefix = squash(capability);
    if !own.is_empty() && own != capability {
        prefix.push_str(&squash(own));
    }
    prefix
}

fn has_default(field: &FieldFacts) -> bool {
    !cases::usable_default(field).is_null()
}

/// The first string in the innermost call of a chain of calls.
fn first_text(expression: &Expr) -> String {
    match expression {
        Expr::MethodCall(call) if call.method == "field" => first_text(call.args.first().unwrap()),
        Expr::MethodCall(call) => first_text(&call.receiver),
        Expr::Struct(literal) => first_text(literal.rest.as_ref().unwrap()),
        Expr::Call(call) => first_text(call.args.first().unwrap()),
        Expr::Lit(literal) => match &literal.lit {
            syn::Lit::Str(text) => text.value(),
            _ => panic!("a literal that is not a string"),
        },
        _ => panic!("an unexpected expression"),
    }
}

/// All identifiers in a file, except in literals and comments.
pub(crate) fn words(text: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    collect(text.parse().unwrap(), &mut words);
    words
}

fn collect(tokens: TokenStream, words: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => {
                words.insert(ident.to_string());
            }
            TokenTree::Group(group) => collect(group.stream(), words),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// The identifiers of a module that come neither from the generator nor from the manifest.
pub(crate) fn unexpected_words(text: &str, own: &BTreeSet<String>, items: &Items) -> Vec<String> {
    let names = items.names();
    let words = words(text).into_iter();
    words
        .filter(|word| !own.contains(word) && !names.contains(&squash(word)))
        .collect()
}
