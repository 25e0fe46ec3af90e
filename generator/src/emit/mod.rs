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
mod struct_list;
mod structs;
pub(crate) mod table;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::limits;
use crate::model::Integration;
use crate::snapshot::Pin;

pub use print::is_generated;
use print::{Shared, Written};

/// What the output says beyond the model.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// The pin, which only `mod.rs` has.
    pub pin: Option<&'a Pin>,
    /// Whether upstream's descriptions go into the documentation.
    pub descriptions: bool,
}

/// Why there is no output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EmitError {
    /// The generator wrote what Rust can't read: a defect of the generator, not of the input.
    Defect {
        /// The file that would have held it.
        file: String,
        /// What the parser said.
        reason: String,
    },
    /// The modules' text grew beyond this many bytes.
    TooLarge(usize),
}

impl fmt::Display for EmitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Defect { file, reason } => write!(
                f,
                "the generator wrote Rust that doesn't parse for {file}: {reason}; this is its own defect, please report it"
            ),
            Self::TooLarge(limit) => write!(
                f,
                "the manifests ask for more than {limit} bytes of Rust: if upstream means it, raise the limit in generator/src/limits.rs"
            ),
        }
    }
}

impl std::error::Error for EmitError {}

/// Every file of the output.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// The modules' folder, by path below it.
    pub modules: BTreeMap<String, String>,
    /// What stands outside of the modules, by name beside the package's `Cargo.toml`.
    pub pages: BTreeMap<String, String>,
}

/// Every file of the output.
///
/// # Errors
/// A file that didn't come out as Rust, or too much text.
pub fn files(integrations: &[&Integration], options: Options<'_>) -> Result<Files, EmitError> {
    let shared = Shared::default();
    let (modules, (index, (front_page, catalog))) = rayon::join(
        || modules(integrations, options, &shared, limits::GENERATED_BYTES),
        || {
            let index = index::file(integrations, options, &shared);
            let front_page = front_page::text(integrations);
            (index, (front_page, catalog_page::text(integrations)))
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
    let structs = struct_list::text(integrations);
    files.pages.insert(struct_list::FILE.to_owned(), structs);
    files.pages.insert(public_names::FILE.to_owned(), names);
    Ok(files)
}

fn modules(
    integrations: &[&Integration],
    options: Options<'_>,
    shared: &Shared,
    limit: usize,
) -> Result<Vec<Written>, EmitError> {
    let total = AtomicUsize::new(0);
    integrations
        .par_iter()
        // Modules differ much in length: small shares keep both cores busy to the end.
        .with_max_len(2)
        .map(|integration| {
            let module = module::file(integration, options, shared)?;
            let before = total.fetch_add(module.text.len(), Ordering::Relaxed);
            if before.saturating_add(module.text.len()) > limit {
                return Err(EmitError::TooLarge(limit));
            }
            Ok(module)
        })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::analyse;
    use crate::overrides::Overrides;
    use crate::source::Source;

    #[test]
    fn all_modules_together_are_bounded() {
        let sources = ["a", "b"].map(|key| Source {
            key: key.into(),
            origin: key.into(),
            bytes: b"{}".into(),
        });
        let analysis = analyse(&sources, &Overrides::default(), true);
        let integrations: Vec<&Integration> = analysis
            .entries
            .iter()
            .map(|entry| &entry.integration)
            .collect();
        let written = |limit| {
            let modules = modules(&integrations, Options::default(), &Shared::default(), limit);
            modules.map(|modules| modules.iter().map(|module| module.text.len()).sum())
        };
        let both: usize = written(usize::MAX).unwrap();
        assert_eq!(written(both), Ok(both));
        let refused = written(both - 1).unwrap_err();
        assert_eq!(refused, EmitError::TooLarge(both - 1));
        assert!(refused.to_string().contains("limits.rs"), "{refused}");
    }
}
