//! The list of integrations for the crate's front page, as Markdown with links for rustdoc.

use super::print::markdown_header;
use super::{docs, page, table};
use crate::model::{Field, Integration, Presence, Struct};

/// The file's name in the modules' folder.
pub(super) const FILE: &str = "front_page.md";

pub(super) fn text(integrations: &[&Integration]) -> String {
    let (with_fields, without): (Vec<&Integration>, Vec<&Integration>) = integrations
        .iter()
        .partition(|integration| page::has_fields(integration));
    let mut text = markdown_header("manifests/");
    if !with_fields.is_empty() {
        let head = table::head(&["Integration", "Fields, the required ones **bold**"]);
        text.push_str(&format!("\n{}\n{}\n", head[0], head[1]));
    }
    for integration in with_fields {
        text.push_str(&row(integration));
        text.push('\n');
    }
    if !without.is_empty() {
        let links = without.into_iter();
        let links: Vec<String> = links.map(|one| link(&docs::plain(&one.key), one)).collect();
        text.push_str("\nWithout form variables: ");
        text.push_str(&links.join(", "));
        text.push_str(".\n");
    }
    text
}

fn row(integration: &Integration) -> String {
    let structs = page::structs_with_fields(integration);
    let cells: Vec<String> = structs.map(|values| fields(integration, values)).collect();
    let key = table::code(&integration.key);
    table::row(&[link(&key, integration), cells.join("<br>")])
}

/// A link to the module.
fn link(text: &str, integration: &Integration) -> String {
    // A function may have the same name.
    format!("[{text}](mod@crate::integrations::{})", integration.module)
}

fn fields(integration: &Integration, values: &Struct) -> String {
    let fields = values.fields.iter().map(|field| {
        let link = format!("[`{}`]({})", field.ident, path(integration, values, field));
        match &field.presence {
            Presence::Required(_) => format!("**{link}**"),
            Presence::Defaulted(_) | Presence::Optional(_) => link,
        }
    });
    let fields = fields.collect::<Vec<_>>().join(", ");
    if values.name == integration.config.name {
        return fields;
    }
    let Integration { module, .. } = integration;
    format!(
        "[`{0}`](crate::integrations::{module}::{0}): {fields}",
        values.name
    )
}

/// The absolute path of a field, for links of rustdoc.
fn path(integration: &Integration, values: &Struct, field: &Field) -> String {
    let Integration { module, .. } = integration;
    format!(
        "crate::integrations::{module}::{}::{}",
        values.name, field.ident
    )
}
