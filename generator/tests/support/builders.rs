//! Rust that builds values with the emitted builders: names from the model, values and what must
//! come of them from the manifests alone.

use std::fmt::Write as _;

use generator::{Analysis, model::Enum, model::Field, model::Integration, model::Struct};
use serde_json::{Value, json};

use super::cases::{sample, usable_default};
use super::types::TypeCase;
use super::{Facts, FieldFacts};

/// A struct of the model's, and what its manifest says of it.
pub(crate) struct Block<'a> {
    /// The integration key and the block, for people.
    place: String,
    /// The module's path.
    module: String,
    model: &'a Struct,
    /// Each field with the manifest's facts and a value.
    fields: Vec<BlockField<'a>>,
}

struct BlockField<'a> {
    model: &'a Field,
    facts: &'a FieldFacts,
    /// A value as JSON text.
    sample: String,
}

impl BlockField<'_> {
    /// What is sent of it when it isn't set, by the manifest.
    fn unset(&self) -> Option<Value> {
        let default = usable_default(self.facts);
        (!self.facts.optional && !default.is_null()).then_some(default)
    }

    /// Whether the manifest leaves nothing to send when it isn't set.
    fn required(&self) -> bool {
        !self.facts.optional && self.unset().is_none()
    }
}

/// Every struct of the manifests.
pub(crate) fn blocks<'a>(analysis: &'a Analysis, facts: &'a [Facts]) -> Vec<Block<'a>> {
    let integrations = analysis.analyzed.iter().map(|entry| &entry.integration);
    integrations
        .zip(facts)
        .flat_map(|(integration, facts)| {
            assert_eq!(integration.key, facts.key);
            facts
                .blocks()
                .map(|(name, fields)| block(integration, name, fields))
        })
        .collect()
}

fn block<'a>(integration: &'a Integration, name: &str, facts: &'a [FieldFacts]) -> Block<'a> {
    let mut inner = integration.capability_configs.iter();
    let model = inner
        .find(|block| block.path() == name)
        .map_or(&integration.config, |block| &block.config);
    let fields = facts.iter().enumerate().map(|(position, facts)| {
        let mut fields = model.fields.iter();
        BlockField {
            model: fields.find(|field| field.key == facts.key).unwrap(),
            facts,
            sample: sample(facts, position),
        }
    });
    Block {
        place: format!("{} {name}", integration.key),
        module: format!(
            "launchdarkly_integrations::integrations::{}",
            integration.module
        ),
        model,
        fields: fields.collect(),
    }
}

/// The calls that build every struct in full and with the least, and look at its defaults.
pub(crate) fn build_all(blocks: &[Block<'_>]) -> String {
    let mut text = String::new();
    let mut calls = String::new();
    for (position, block) in blocks.iter().enumerate() {
        block.write_checks(position, &mut text);
        writeln!(calls, "    check{position}();").unwrap();
    }
    write!(text, "fn build_all() {{\n{calls}}}\n").unwrap();
    text
}

impl Block<'_> {
    /// Functions of their own for each struct: the compiler's time grows with a function's length,
    /// and a debug build keeps every step of a chain on the stack.
    fn write_checks(&self, position: usize, text: &mut String) {
        let path = self.path();
        let mut checks = String::new();
        let mut check = |what: &str, value: &str, expected: &str| {
            let place = format!("{} {what}", self.place);
            writeln!(checks, "    check({place:?}, &{value}, {expected:?});").unwrap();
        };
        let least = self.expected(|field| {
            let unset = field.unset().map(|value| value.to_string());
            unset.or_else(|| field.required().then(|| field.sample.clone()))
        });
        if !self.fields.is_empty() {
            let full = self.built(|_| true);
            let few = self.built(|field| field.required());
            writeln!(text, "fn full{position}() -> {path} {{ {full} }}").unwrap();
            writeln!(text, "fn least{position}() -> {path} {{ {few} }}").unwrap();
            let all = self.expected(|field| Some(field.sample.clone()));
            check("full", &format!("full{position}()"), &all);
            let rebuilt = format!("full{position}().into_builder().build()");
            check("rebuilt", &rebuilt, &all);
            check("least", &format!("least{position}()"), &least);
        }
        if !self.fields.iter().any(BlockField::required) {
            check("new", &format!("{path}::new()"), &least);
            check("default", &format!("{path}::default()"), &least);
        }
        for field in &self.fields {
            let default = usable_default(field.facts);
            if !default.is_null() {
                let name = format!("DEFAULT_{}", field.model.ident.to_ascii_uppercase());
                check(&name, &format!("{path}::{name}"), &default.to_string());
            }
        }
        writeln!(text, "fn check{position}() {{\n{checks}}}").unwrap();
    }

    fn path(&self) -> String {
        format!("{}::{}", self.module, self.model.name)
    }

    /// An expression that sets some fields.
    fn built(&self, set: impl Fn(&BlockField<'_>) -> bool) -> String {
        let mut text = format!("{}::builder()", self.path());
        // Backwards, since no setter may depend on another.
        for field in self.fields.iter().rev().filter(|field| set(field)) {
            let value = value(&self.module, field);
            write!(text, ".{}({value})", field.model.ident).unwrap();
        }
        text + ".build()"
    }

    /// The JSON object with these values, in the manifest's order.
    fn expected(&self, value: impl Fn(&BlockField<'_>) -> Option<String>) -> String {
        let members = self.fields.iter().filter_map(|field| {
            let value = value(field)?;
            Some(format!("{}:{value}", json!(field.facts.key)))
        });
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    }
}

/// The sample as the setter takes it, by the manifest's type.
fn value(module: &str, field: &BlockField<'_>) -> String {
    let sample: Value = serde_json::from_str(&field.sample).unwrap();
    let Some(enumeration) = field.model.enumeration() else {
        return TypeCase::of(&field.facts.kind).setter(&sample, field.model.secret);
    };
    match sample.as_array() {
        Some(items) => {
            let items = items.iter().map(|item| variant(module, enumeration, item));
            format!("[{}]", items.collect::<Vec<_>>().join(", "))
        }
        None => variant(module, enumeration, &sample),
    }
}

fn variant(module: &str, enumeration: &Enum, value: &Value) -> String {
    let variant = enumeration.variant(value.as_str().unwrap()).unwrap();
    format!("{module}::{}::{}", enumeration.name, variant.ident)
}

/// A function that doesn't compile, in a line of its own, and what the compiler must say.
pub(crate) struct Omission {
    pub(crate) function: String,
    pub(crate) said: [String; 2],
}

/// For every required field, the values without it.
pub(crate) fn omissions(blocks: &[Block<'_>]) -> Vec<Omission> {
    let mut omissions = Vec::new();
    for block in blocks {
        for left_out in block.fields.iter().filter(|field| field.required()) {
            let key = &left_out.facts.key;
            let built = block.built(|field| field.required() && field.facts.key != *key);
            let function = format!("fn f{}() {{ let _ = {built}; }}", omissions.len());
            let ident = &left_out.model.ident;
            // The message names the wire key only if it differs from the field's name.
            let key = if key == ident {
                "is required and not set".to_owned()
            } else {
                format!("wire key `{}`", key.escape_debug())
            };
            omissions.push(Omission {
                function: function.replace('\n', " "),
                said: [format!("`{ident}`"), key],
            });
        }
    }
    omissions
}
