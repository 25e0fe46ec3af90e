//! All about one integration, for people.

use generator::diagnostic::bounded;
use generator::model::{Default, Field, Integration, Presence, Struct};

use crate::style::{BOLD, BOLD_CYAN, styled};

pub(super) fn of(integration: &Integration) -> String {
    let mut text = facts(integration);
    text.push_str(&values("fields", &integration.config));
    for block in &integration.capability_configs {
        text.push_str(&values(&bounded(&block.path()), &block.config));
    }
    text
}

fn facts(integration: &Integration) -> String {
    let capabilities: Vec<String> = integration
        .capabilities
        .iter()
        .chain(&integration.other_capabilities)
        .map(|capability| bounded(capability))
        .collect();
    let creatable = if integration.creatable() {
        "yes"
    } else {
        "no: this endpoint excludes its capabilities"
    };
    let title = format!("{} ({})", bounded(&integration.name), integration.key);
    let supplement = integration.supplement.as_ref().map(|supplement| {
        let what = if supplement.whole {
            "no public manifest has it"
        } else {
            "the public manifest lacks some of it"
        };
        let (reason, evidence) = (&supplement.reason, &supplement.evidence);
        format!("supplement    {what}: {reason}\nevidence      {evidence}\n")
    });
    let supplement = supplement.unwrap_or_default();
    format!(
        "{}\nmodule        {}\nversion       {}\ncapabilities  {}\ncreatable     {creatable}\n{supplement}",
        styled(title, BOLD),
        integration.module,
        or_none(&bounded(&integration.version)),
        or_none(&capabilities.join(", ")),
    )
}

fn or_none(text: &str) -> &str {
    if text.is_empty() { "none" } else { text }
}

/// The fields of a struct below a title.
fn values(title: &str, values: &Struct) -> String {
    if values.fields.is_empty() {
        return format!("\nno {title}\n");
    }
    let fields = values.fields.iter().map(field);
    format!("\n{}\n{}", styled(title, BOLD), fields.collect::<String>())
}

fn field(field: &Field) -> String {
    let need = match field.presence {
        Presence::Required => "required",
        Presence::Prefilled => "pre-filled",
        Presence::Optional => "optional",
    };
    let secret = if field.secret { ", secret" } else { "" };
    let supplement = if field.supplement { ", supplement" } else { "" };
    let mut text = format!("  {}\n", styled(bounded(&field.key), BOLD_CYAN));
    let mut line = |name, value| text.push_str(&format!("    {name:<8} {value}\n"));
    line("field", format!("{}: {}", field.ident, field.rust_type()));
    line("type", field.kind.as_str().to_owned());
    line("need", format!("{need}{secret}{supplement}"));
    if let Some(value) = &field.default {
        line("default", default(value));
    }
    let names = std::iter::once("values").chain(std::iter::repeat(""));
    for (name, value) in names.zip(field.listed_values()) {
        line(name, bounded(value));
    }
    text
}

fn default(default: &Default) -> String {
    match default {
        Default::Text(text) => bounded(text),
        Default::Boolean(value) => value.to_string(),
        Default::List(values) => {
            let values: Vec<String> = values.iter().map(|value| bounded(value)).collect();
            values.join(", ")
        }
    }
}
