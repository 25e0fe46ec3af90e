//! `cargo xtask list`: what is generated, for people and for programs.

use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};
use generator::catalog::Catalog;
use generator::diagnostic::bounded;
use generator::model::Integration;

use crate::cli::{self, Format};
use crate::error::{Failure, counted};
use crate::lock::{self, Access};
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, arguments: &cli::List) -> Result<(), Failure> {
    let _lock = lock::workspace(workspace, Access::Read)?;
    let input = super::read_input(workspace, arguments.from.as_deref())?;
    let analysis = super::accepted(workspace, &input, false)?;
    let integrations: Vec<&Integration> = analysis
        .entries
        .iter()
        .map(|entry| &entry.integration)
        .collect();
    crate::print(&match arguments.format {
        Format::Json => {
            Catalog::new(input.pin.as_ref().or(input.commit.as_ref()), &integrations).to_json()
        }
        Format::Table => table(&integrations),
    })
}

fn table(integrations: &[&Integration]) -> String {
    let mut table = Table::new();
    table
        .load_style(NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["INTEGRATION", "MODULE", "CREATABLE", "FIELDS (* required)"]);
    for integration in integrations {
        let creatable = if integration.creatable() { "yes" } else { "no" };
        table.add_row([
            &integration.key,
            &integration.module,
            creatable,
            &fields(integration),
        ]);
    }
    format!("{table}\n{}\n", counted(integrations.len(), "integration"))
}

fn fields(integration: &Integration) -> String {
    let fields = integration.config.fields.iter().map(|field| {
        let mark = if field.optional() { "" } else { "*" };
        format!("{}{mark}", bounded(&field.key))
    });
    fields.collect::<Vec<_>>().join(" ")
}
