//! `cargo xtask list`: lists the integrations, as a table or as JSON.

use generator::{Catalog, escape_and_truncate, model::Integration, most_similar};

use crate::cli::{self, Format};
use crate::error::Error;
use crate::lock::{self, Access};
use crate::pipeline;
use crate::render;
use crate::ui;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, arguments: &cli::List) -> Result<(), Error> {
    let _lock = lock::workspace(workspace, Access::Read)?;
    let input = pipeline::read(workspace, arguments.from.as_deref())?;
    let analysis = pipeline::analyze_without_errors(workspace, &input, false)?;
    let integrations = selected(analysis.integrations(), &arguments.keys)?;
    ui::print(&match arguments.format {
        Format::Json => Catalog::new(input.pin.as_ref(), &integrations).to_json(),
        Format::Table => match (integrations.as_slice(), arguments.keys.is_empty()) {
            ([integration], false) => render::integration(integration),
            _ => render::integrations(&integrations),
        },
    })
}

/// The integrations with these keys, sorted by key; all integrations if `keys` is empty.
fn selected<'a>(all: Vec<&'a Integration>, keys: &[String]) -> Result<Vec<&'a Integration>, Error> {
    for key in keys {
        if !all.iter().any(|integration| integration.key == *key) {
            let known = all.iter().map(|integration| integration.key.as_str());
            return Err(Error::NoIntegration {
                key: escape_and_truncate(key),
                near: most_similar(key, known).map(str::to_owned),
            });
        }
    }
    let selected = |integration: &&Integration| keys.is_empty() || keys.contains(&integration.key);
    Ok(all.into_iter().filter(selected).collect())
}
