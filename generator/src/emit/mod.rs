//! Model to text: tokens by `quote`, layout by prettyplease, one file per module; and the pages
//! that list them all, in Markdown.

mod builder;
mod catalog_page;
mod defaults;
pub(crate) mod docs;
mod enums;
mod example;
mod facts;
mod front_page;
mod index;
mod index_page;
mod module;
mod page;
mod print;
mod public_names;
mod schema;
mod structs;
pub(crate) mod table;

use std::collections::BTreeMap;
use std::fmt;

use rayon::prelude::*;

use crate::model::Integration;
use crate::snapshot::Pin;

pub use print::is_generated;
use print::{Shared, Written};

/// What the output says beyond the model.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// The pin that the documentation links to.
    pub pin: Option<&'a Pin>,
    /// Whether upstream's descriptions go into the documentation.
    pub descriptions: bool,
}

/// The generator wrote what Rust can't read: a defect of the generator, not of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmitError {
    /// The file that would have held it.
    pub file: String,
    /// What the parser said.
    pub reason: String,
}

impl fmt::Display for EmitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, reason } = self;
        write!(
            f,
            "the generator wrote Rust that doesn't parse for {file}: {reason}; this is its own defect, please report it"
        )
    }
}

impl std::error::Error for EmitError {}

/// Every file of the output.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// The modules' folder, by path below it.
    pub modules: BTreeMap<String, String>,
    /// What people read and review, by name beside the package's `Cargo.toml`.
    pub pages: BTreeMap<String, String>,
}

/// Every file of the output.
///
/// # Errors
/// The first file, by key, that didn't come out as Rust.
pub fn files(integrations: &[&Integration], options: Options<'_>) -> Result<Files, EmitError> {
    let shared = Shared::default();
    let (modules, (index, (front_page, catalog))) = rayon::join(
        || modules(integrations, options, &shared),
        || {
            let index = index::file(integrations, options, &shared);
            let front_page = front_page::text(integrations);
            (
                index,
                (front_page, catalog_page::text(integrations, options)),
            )
        },
    );
    let (modules, index) = (modules?, index?);
    let names = public_names(integrations, &modules, &index);
    let mut files = Files::default();
    for (integration, module) in integrations.iter().zip(modules) {
        let name = format!("{}.rs", integration.module);
        files.modules.insert(name, module.text);
    }
    files.modules.insert("mod.rs".to_owned(), index.text);
    files
        .modules
        .insert(front_page::FILE.to_owned(), front_page);
    files.pages.insert(catalog_page::FILE.to_owned(), catalog);
    files.pages.insert(public_names::FILE.to_owned(), names);
    Ok(files)
}

fn modules(
    integrations: &[&Integration],
    options: Options<'_>,
    shared: &Shared,
) -> Result<Vec<Written>, EmitError> {
    integrations
        .par_iter()
        // Modules differ much in length: small shares keep both cores busy to the end.
        .with_max_len(2)
        .map(|integration| module::file(integration, options, shared))
        .collect()
}

fn public_names(integrations: &[&Integration], modules: &[Written], index: &Written) -> String {
    let modules = integrations.iter().zip(modules);
    let modules = modules.map(|(integration, written)| {
        (
            format!("{}::", integration.module),
            written.names.as_slice(),
        )
    });
    let index = (String::new(), index.names.as_slice());
    public_names::text(modules.chain([index]))
}
