//! Writes Rust code that builds values with the generated builders. The names are from the model; the values
//! and the expected JSON are from the manifests.

use std::fmt::Write as _;

use generator::{Analysis, model::Enum, model::Field, model::Integration, model::Struct};
use serde_json::{Value, json};

use super::cases::{sample, usable_default};
use super::types::TypeCase;
use super::{Facts, FieldFacts};

/// A struct of the model with the facts of its manifest.
pub(crate) struct Block<'a> {
    /// The integration key and the block, for messages.
    place: String,
    module: String,
    model: &'a Struct,
    fields: Vec<BlockField<'a>>,
}

struct BlockField<'a> {
    model: &'a Field,
    facts: &'a FieldFacts,
    /// A valid value as JSON.
    sample: String,
}

impl BlockField<'_> {
    /// The value that is sent if the field isn't set.
    fn unset(&self) -> Option<Value> {
        let default = usable_default(self.facts);
        (!self.facts.optional && !default.is_null()).then_some(default)
    }

    /// Whether the field must be set.
    fn required(&self) -> bool {
        !self.facts.optional && self.unset().is_none()
    }
}

/// One block for each struct of the manifests.
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

/// Code that builds every struct with all fields and with only the required ones, and checks its defaults.
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
    /// Writes separate functions for each struct, because the compile time grows with the length of a function
    /// and a debug build keeps every step of a chain on the stack.
    fn write_checks(&self, position: usize, text: &mut String) {
        let path = self.path();
        let mut checks = String::new();
        let mut check = |what: &str, value: &str, expected: &str| {
            let place = format!("{} {what}", self.place);
            writeln!(checks, "    check({place:?}, &{value}, {expected:?});").unwrap();
        };
        let least_json = self.expected(|field| {
            let unset = field.unset().map(|value| value.to_string());
            unset.or_else(|| field.required().then(|| field.sample.clone()))
        });
        if !self.fields.is_empty() {
            let full = self.built(|_| true);
            let least = self.built(|field| field.required());
            writeln!(text, "fn full{position}() -> {path} {{ {full} }}").unwrap();
            writeln!(text, "fn least{position}() -> {path} {{ {least} }}").unwrap();
            let all = self.expected(|field| Some(field.sample.clone()));
            check("full", &format!("full{position}()"), &all);
            let rebuilt = format!("full{position}().into_builder().build()");
            check("rebuilt", &rebuilt, &all);
            check("least", &format!("least{position}()"), &least_json);
        }
        if !self.fields.iter().any(BlockField::required) {
            check("new", &format!("{path}::new()"), &least_json);
            check("default", &format!("{path}::default()"), &least_json);
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

    /// An expression that builds the struct with some fields set.
    fn built(&self, set: impl Fn(&BlockField<'_>) -> bool) -> String {
        let mut text = format!("{}::builder()", self.path());
        // In reverse order, because no setter may depend on another.
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

/// The sample as Rust code for the setter.
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

/// A function on one line that must not compile, and the texts that the compiler's message must contain.
pub(crate) struct Omission {
    pub(crate) function: String,
    pub(crate) said: [String; 2],
}

/// For every required field, a function that sets all other required fields.
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
