//! An example for a struct of values: code that sets the required fields and at most one other.
//!
//! Sample values are made from a field's type and identifier, never from a manifest's prose.

use std::iter;

use crate::model::{Field, FieldDefault, ItemType, Struct, Variant};

/// The number of fields that an example sets although they aren't required.
const EXTRA_FIELDS: usize = 1;

/// The longest line that rustdoc's page shows without scrolling in a window of 1280 pixels.
const MAX_WIDTH: usize = 92;

/// The lines of a Markdown code block that is a doctest.
pub(super) fn lines(module: &str, values: &Struct) -> Vec<String> {
    let fields = chosen(values);
    let samples: Vec<String> = fields.iter().map(|field| sample(field)).collect();
    let enums = fields.iter().filter_map(|field| field.enumeration());
    let enums = enums.map(|enumeration| enumeration.name.as_str());
    let mut names: Vec<&str> = iter::once(values.name.as_str()).chain(enums).collect();
    names.sort_unstable();
    names.dedup();
    let path = format!("use launchdarkly_integrations::integrations::{module}::");
    let import = match &names[..] {
        [name] => format!("{path}{name};"),
        names => format!("{path}{{{}}};", names.join(", ")),
    };
    let mut lines = vec!["```".to_owned()];
    if names.len() > 1 && import.len() > MAX_WIDTH {
        lines.push(format!("{path}{{"));
        lines.push(format!("    {},", names.join(", ")));
        lines.push("};".to_owned());
    } else {
        lines.push(import);
    }
    lines.push(String::new());
    lines.push(format!("let values = {}::builder()", values.name));
    for (field, sample) in fields.iter().zip(&samples) {
        let code = sample.replace('\n', "\n    ");
        let setter = format!("    .{}({code})", field.ident);
        lines.extend(setter.lines().map(str::to_owned));
    }
    lines.push("    .build();".to_owned());
    if samples.iter().any(|sample| sample.ends_with(")?")) {
        lines.push("# Ok::<(), std::boxed::Box<dyn std::error::Error>>(())".to_owned());
    }
    lines.push("```".to_owned());
    lines
}

/// The fields that the example sets.
fn chosen(values: &Struct) -> Vec<&Field> {
    let mut extras = EXTRA_FIELDS;
    // A hidden field is set only if there is no other.
    let is_plain = |field: &Field| field.typestate().is_some() || !field.hidden;
    let hidden_too = !values.fields.iter().any(is_plain);
    let mut chosen = Vec::new();
    for field in &values.fields {
        let is_required = field.typestate().is_some();
        let is_extra = !is_required && extras > 0 && (hidden_too || !field.hidden);
        extras -= usize::from(is_extra);
        if is_required || is_extra {
            chosen.push(field);
        }
    }
    chosen
}

/// The argument of the field's setter.
fn sample(field: &Field) -> String {
    let many = field.value_type.many;
    let default = field.default().map(FieldDefault::to_json);
    let code: Vec<String> = match &field.value_type.item {
        ItemType::Rust(rust) => vec![(rust.sample)(&text(field), default.as_ref())],
        ItemType::Enum(enumeration) => {
            let mut variants: Vec<&Variant> = enumeration.variants.iter().collect();
            // Setting the default would have no effect.
            let is_default = |variant: &&Variant| default == Some(variant.value.as_str().into());
            variants.sort_by_key(is_default);
            let variants = variants.into_iter().take(if many { 2 } else { 1 });
            let code = |variant: &Variant| format!("{}::{}", enumeration.name, variant.ident);
            variants.map(code).collect()
        }
    };
    if many {
        format!("[{}]", code.join(", "))
    } else {
        code.concat()
    }
}

/// A string that names its field and doesn't look like a real secret.
fn text(field: &Field) -> String {
    format!("my-{}", field.ident.trim_matches('_').replace('_', "-"))
}
