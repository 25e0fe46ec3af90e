//! Formats integrations: a table of several, or one in detail.

use std::io::{IsTerminal as _, stdout};

use comfy_table::presets::NOTHING;
use comfy_table::{ColumnConstraint, ContentArrangement, Table};
use generator::escape_and_truncate;
use generator::model::{Endpoint, Field, Integration, Struct};

use crate::error::counted;
use crate::ui::style::{BOLD, BOLD_CYAN, styled};

/// Formats a table with one row per integration.
pub(crate) fn integrations(integrations: &[&Integration]) -> String {
    let mut table = Table::new();
    table
        .load_style(NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(["INTEGRATION", "MODULE", "ENDPOINTS", "FIELDS (* required)"]);
    for integration in integrations {
        let endpoints = Endpoint::listed(&integration.endpoints());
        table.add_row([
            integration.key.as_str(),
            &integration.module,
            or_none(&endpoints),
            &fields(integration),
        ]);
    }
    fit(&mut table);
    let lines = table.lines().map(|line| line.trim_end().to_owned() + "\n");
    let integrations = counted(integrations.len(), "integration");
    format!("{}{integrations}\n", lines.collect::<String>())
}

/// Fits a table into the terminal's width: lists are wrapped, names aren't.
fn fit(table: &mut Table) {
    let width = terminal_size::terminal_size_of(stdout()).filter(|_| stdout().is_terminal());
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 2));
        match (index, width) {
            // The module is almost the same as the key, so it is hidden first if the terminal is narrow.
            (MODULE, Some((width, _))) if width.0 < ROOMY => {
                column.set_constraint(ColumnConstraint::Hidden);
            }
            (ENDPOINTS | FIELDS, _) => {}
            _ => {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
    }
    if let Some((width, _)) = width {
        table.set_width(width.0);
    }
}

/// The index of a column.
const MODULE: usize = 1;
const ENDPOINTS: usize = 2;
const FIELDS: usize = 3;

/// The minimal width of a terminal that shows key, module and fields.
const ROOMY: u16 = 110;

fn fields(integration: &Integration) -> String {
    let fields = integration.config.fields.iter().map(|field| {
        let mark = if field.optional() { "" } else { "*" };
        format!("{}{mark}", escape_and_truncate(&field.key))
    });
    fields.collect::<Vec<_>>().join(" ")
}

/// Formats one integration with all about its fields.
pub(crate) fn integration(integration: &Integration) -> String {
    let mut text = facts(integration);
    text.push_str(&values("fields", &integration.config));
    for block in &integration.capability_configs {
        text.push_str(&values(&escape_and_truncate(&block.path()), &block.config));
    }
    text
}

fn facts(integration: &Integration) -> String {
    let capabilities: Vec<String> = integration
        .capabilities
        .iter()
        .chain(&integration.other_capabilities)
        .map(|capability| escape_and_truncate(capability))
        .collect();
    let endpoints = Endpoint::listed(&integration.endpoints());
    let verdict = integration.integration_configurations().as_str();
    let title = format!(
        "{} ({})",
        escape_and_truncate(&integration.name),
        integration.key
    );
    let supplement = integration.supplement.as_ref().map(|supplement| {
        let what = if supplement.whole_integration {
            "no public manifest has it"
        } else {
            "the public manifest lacks some of it"
        };
        let (reason, evidence) = (&supplement.reason, &supplement.evidence);
        format!("supplement    {what}: {reason}\nevidence      {evidence}\n")
    });
    let supplement = supplement.unwrap_or_default();
    format!(
        "{}\nmodule        {}\nversion       {}\ncapabilities  {}\nendpoints     {}\n              integration configurations: {verdict}\n{supplement}",
        styled(title, BOLD),
        integration.module,
        or_none(&escape_and_truncate(&integration.version)),
        or_none(&capabilities.join(", ")),
        or_none(&endpoints),
    )
}

fn or_none(text: &str) -> &str {
    if text.is_empty() { "none" } else { text }
}

/// Formats the fields of a struct below a title.
fn values(title: &str, values: &Struct) -> String {
    if values.fields.is_empty() {
        return format!("\nno {title}\n");
    }
    let fields = values.fields.iter().map(field);
    format!("\n{}\n{}", styled(title, BOLD), fields.collect::<String>())
}

fn field(field: &Field) -> String {
    let need = field.presence.as_str();
    let secret = if field.secret { ", secret" } else { "" };
    let supplement = if field.supplement { ", supplement" } else { "" };
    let mut text = format!("  {}\n", styled(escape_and_truncate(&field.key), BOLD_CYAN));
    let mut line = |name, value| text.push_str(&format!("    {name:<8} {value}\n"));
    line("field", format!("{}: {}", field.ident, field.rust_type()));
    line("type", field.kind.as_str().to_owned());
    line("need", format!("{need}{secret}{supplement}"));
    if let Some(default) = field.default() {
        line("default", default.describe(escape_and_truncate));
    }
    let names = std::iter::once("values").chain(std::iter::repeat(""));
    for (name, value) in names.zip(field.listed_values()) {
        line(name, escape_and_truncate(value));
    }
    text
}
