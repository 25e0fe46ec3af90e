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

/// Every file of the output, whatever the order of the integrations.
///
/// # Errors
/// A file that isn't valid Rust, or too much text.
pub fn files(integrations: &[&Integration], options: Options<'_>) -> Result<Files, EmitError> {
    let mut integrations = integrations.to_vec();
    integrations.sort_by(|a, b| a.key.cmp(&b.key));
    let integrations = integrations.as_slice();
    let (modules, pages) = rayon::join(
        || modules(integrations, options, limits::GENERATED_BYTES),
        || pages(integrations, options),
    );
    let mut files = pages?;
    for (integration, text) in integrations.iter().zip(modules?) {
        let name = format!("{}.rs", integration.module);
        files.modules.insert(name, text);
    }
    Ok(files)
}

/// The files that list all integrations.
fn pages(integrations: &[&Integration], options: Options<'_>) -> Result<Files, EmitError> {
    let mut files = Files::default();
    for (file, text) in [
        ("mod.rs", index::file(integrations, options)?),
        (front_page::FILE, front_page::text(integrations)),
    ] {
        files.modules.insert(file.to_owned(), text);
    }
    let names = public_names::text(integrations, options.pin.is_some());
    for (file, text) in [
        (catalog_page::FILE, catalog_page::text(integrations)),
        (struct_list::FILE, struct_list::text(integrations)),
        (public_names::FILE, names),
    ] {
        files.pages.insert(file.to_owned(), text);
    }
    Ok(files)
}

fn modules(
    integrations: &[&Integration],
    options: Options<'_>,
    limit: usize,
) -> Result<Vec<String>, EmitError> {
    let total = AtomicUsize::new(0);
    integrations
        .par_iter()
        // Modules differ much in length: small shares keep all cores busy to the end.
        .with_max_len(2)
        .map(|integration| {
            let text = module::file(integration, options)?;
            let before = total.fetch_add(text.len(), Ordering::Relaxed);
            if before.saturating_add(text.len()) > limit {
                return Err(EmitError::TooLarge(limit));
            }
            Ok(text)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::analyze;
    use crate::overrides::Overrides;
    use crate::source::Source;

    #[test]
    fn all_modules_together_are_bounded() {
        let sources = ["a", "b"].map(|key| Source {
            key: key.into(),
            origin: key.into(),
            bytes: b"{}".into(),
        });
        let analysis = analyze(&sources, &Overrides::default(), true);
        let integrations: Vec<&Integration> = analysis
            .entries
            .iter()
            .map(|entry| &entry.integration)
            .collect();
        let written = |limit| {
            let modules = modules(&integrations, Options::default(), limit);
            modules.map(|modules| modules.iter().map(String::len).sum())
        };
        let both: usize = written(usize::MAX).unwrap();
        assert_eq!(written(both), Ok(both));
        let refused = written(both - 1).unwrap_err();
        assert_eq!(refused, EmitError::TooLarge(both - 1));
        assert!(refused.to_string().contains("limits.rs"), "{refused}");
    }
}
