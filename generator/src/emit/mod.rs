//! Converts the model to text: tokens with `quote`, layout with prettyplease, one file per module, and
//! the pages that list all integrations.

mod builder;
mod catalog_page;
mod defaults;
pub(crate) mod docs;
mod enums;
mod example;
mod facts;
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

/// Options for the output.
#[derive(Clone, Copy, Debug, Default)]
pub struct EmitOptions<'a> {
    /// The pin, which is written to `mod.rs`.
    pub pin: Option<&'a Pin>,
    /// Whether the documentation contains upstream's descriptions.
    pub descriptions: bool,
}

/// The reason why there is no output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EmitError {
    /// The generated code doesn't parse. This is a bug of the generator, not of the input.
    Defect {
        /// The name of the file.
        file: String,
        /// The message of the parser.
        reason: String,
    },
    /// The modules have more than this number of bytes in total.
    TooLarge(usize),
}

impl fmt::Display for EmitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Defect { file, reason } => write!(
                f,
                "the generated code for {file} doesn't parse: {reason}; this is a bug of the generator, please report it"
            ),
            Self::TooLarge(limit) => write!(
                f,
                "the manifests would generate more than {limit} bytes of Rust; if upstream needs more, raise the limit in generator/src/limits.rs"
            ),
        }
    }
}

impl std::error::Error for EmitError {}

/// All files of the output.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// The files in the modules' folder, by path in it.
    pub modules: BTreeMap<String, String>,
    /// The files outside of that folder, by name in the package's folder.
    pub pages: BTreeMap<String, String>,
}

/// Generates all files. The order of the integrations doesn't matter.
///
/// # Errors
/// Returns [`EmitError`] if a generated file doesn't parse as Rust, or if the output is too large.
pub fn files(integrations: &[&Integration], options: EmitOptions<'_>) -> Result<Files, EmitError> {
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
fn pages(integrations: &[&Integration], options: EmitOptions<'_>) -> Result<Files, EmitError> {
    let mut files = Files::default();
    let index = index::file(integrations, options)?;
    files.modules.insert("mod.rs".to_owned(), index);
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
    options: EmitOptions<'_>,
    limit: usize,
) -> Result<Vec<String>, EmitError> {
    let total = AtomicUsize::new(0);
    integrations
        .par_iter()
        // The modules differ greatly in length, so small work items keep all cores busy.
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
            .analyzed
            .iter()
            .map(|entry| &entry.integration)
            .collect();
        let written = |limit| {
            let modules = modules(&integrations, EmitOptions::default(), limit);
            modules.map(|modules| modules.iter().map(String::len).sum())
        };
        let both: usize = written(usize::MAX).unwrap();
        assert_eq!(written(both), Ok(both));
        let refused = written(both - 1).unwrap_err();
        assert_eq!(refused, EmitError::TooLarge(both - 1));
        assert!(refused.to_string().contains("limits.rs"), "{refused}");
    }
}
