//! `cargo xtask list`: what is generated, for people and for programs.

mod detail;

use std::io::{IsTerminal as _, stdout};

use comfy_table::presets::NOTHING;
use comfy_table::{ColumnConstraint, ContentArrangement, Table};
use generator::catalog::Catalog;
use generator::diagnostic::{bounded, nearest};
use generator::model::Integration;

use crate::cli::{self, Format};
use crate::error::{Failure, counted};
use crate::lock::{self, Access};
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, arguments: &cli::List) -> Result<(), Failure> {
    let _lock = lock::workspace(workspace, Access::Read)?;
    let input = super::read_input(workspace, arguments.from.as_deref())?;
    let analysis = super::accepted(workspace, &input, false)?;
    let integrations = named(analysis.integrations(), &arguments.keys)?;
    crate::print(&match arguments.format {
        Format::Json => {
            Catalog::new(input.pin.as_ref().or(input.commit.as_ref()), &integrations).to_json()
        }
        Format::Table => match (integrations.as_slice(), arguments.keys.is_empty()) {
            ([integration], false) => detail::of(integration),
            _ => overview(&integrations),
        },
    })
}

/// Those that are named, in their own order; all of them if none is.
fn named<'a>(all: Vec<&'a Integration>, keys: &[String]) -> Result<Vec<&'a Integration>, Failure> {
    for key in keys {
        if !all.iter().any(|integration| integration.key == *key) {
            let known = all.iter().map(|integration| integration.key.as_str());
            return Err(Failure::NoIntegration {
                key: bounded(key),
                near: nearest(key, known).map(str::to_owned),
            });
        }
    }
    let wanted = |integration: &&Integration| keys.is_empty() || keys.contains(&integration.key);
    Ok(all.into_iter().filter(wanted).collect())
}

fn overview(integrations: &[&Integration]) -> String {
    let mut table = Table::new();
    table
        .load_style(NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(["INTEGRATION", "MODULE", "CREATABLE", "FIELDS (* required)"]);
    for integration in integrations {
        let creatable = if integration.creatable() { "yes" } else { "no" };
        table.add_row([
            &integration.key,
            &integration.module,
            creatable,
            &fields(integration),
        ]);
    }
    fit(&mut table);
    let lines = table.lines().map(|line| line.trim_end().to_owned() + "\n");
    let integrations = counted(integrations.len(), "integration");
    format!("{}{integrations}\n", lines.collect::<String>())
}

/// Fits a table into the terminal, where there is one: the fields wrap, and names stay whole.
fn fit(table: &mut Table) {
    let width = terminal_size::terminal_size_of(stdout()).filter(|_| stdout().is_terminal());
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 2));
        match (index, width) {
            // It is the key in other letters, so it goes first when there is little room.
            (MODULE, Some((width, _))) if width.0 < ROOMY => {
                column.set_constraint(ColumnConstraint::Hidden);
            }
            (FIELDS, _) => {}
            _ => {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
    }
    if let Some((width, _)) = width {
        table.set_width(width.0);
    }
}

/// Columns of the table.
const MODULE: usize = 1;
const FIELDS: usize = 3;

/// A terminal with room for both names of the longest integration, and for its fields.
const ROOMY: u16 = 110;

fn fields(integration: &Integration) -> String {
    let fields = integration.config.fields.iter().map(|field| {
        let mark = if field.optional() { "" } else { "*" };
        format!("{}{mark}", bounded(&field.key))
    });
    fields.collect::<Vec<_>>().join(" ")
}
