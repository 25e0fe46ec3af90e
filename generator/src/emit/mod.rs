//! Model to text: tokens by `quote`, layout by prettyplease, one file per module.

mod builder;
mod defaults;
mod docs;
mod enums;
mod example;
mod facts;
mod index;
mod index_page;
mod module;
mod page;
mod print;
mod schema;
mod structs;
mod table;

use std::collections::BTreeMap;
use std::fmt;

use rayon::prelude::*;

use crate::model::Integration;
use crate::snapshot::Pin;

pub use print::is_generated;

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

/// Every file of the output, by its path below the output folder.
///
/// # Errors
/// The first file, by key, that didn't come out as Rust.
pub fn files(
    integrations: &[&Integration],
    options: Options<'_>,
) -> Result<BTreeMap<String, String>, EmitError> {
    let shared = print::Shared::default();
    let module = |integration: &&Integration| {
        let text = module::file(integration, options, &shared)?;
        Ok((format!("{}.rs", integration.module), text))
    };
    let (modules, index) = rayon::join(
        || {
            integrations
                .par_iter()
                // Modules differ much in length: small shares keep both cores busy to the end.
                .with_max_len(2)
                .map(module)
                .collect::<Result<Vec<_>, EmitError>>()
        },
        || index::file(integrations, options, &shared),
    );
    let mut files: BTreeMap<String, String> = modules?.into_iter().collect();
    files.insert("mod.rs".to_owned(), index?);
    Ok(files)
}
