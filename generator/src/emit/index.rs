//! `mod.rs`: every module, the table of all integrations, and the pin.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::print::Writer;
use super::{EmitError, EmitOptions, docs, index_page};
use crate::model::Integration;
use crate::snapshot::Pin;

pub(super) fn file(
    integrations: &[&Integration],
    options: EmitOptions<'_>,
) -> Result<String, EmitError> {
    let mut writer = Writer::new("mod.rs".to_owned(), "manifests/");
    writer.docs(&index_page::lines(integrations, options));
    writer.items(tokens(integrations, options))?;
    writer.calls(&readers(integrations));
    Ok(writer.finish())
}

/// The macro call that makes the table for reading values at run time: each module, and its blocks whose
/// values can be sent. It is wrapped like a paragraph; one line for each would be as long as the rest of
/// the file.
fn readers(integrations: &[&Integration]) -> Vec<String> {
    let mut lines = vec!["crate::readers! {".to_owned()];
    let mut line = String::new();
    for integration in integrations {
        let mut entry = integration.module.clone();
        for block in &integration.capability_configs {
            if block.endpoint().is_some() {
                entry.push_str(&format!(" + {}", block.config.name));
            }
        }
        if line.len() + entry.len() > READERS_WIDTH {
            lines.push(std::mem::take(&mut line));
        }
        line.push_str(if line.is_empty() { "    " } else { " " });
        line.push_str(&entry);
        line.push(',');
    }
    lines.extend(Some(line).filter(|line| !line.is_empty()));
    lines.push("}".to_owned());
    lines
}

/// The maximal length of a line in the table of readers.
const READERS_WIDTH: usize = 98;

fn tokens(integrations: &[&Integration], options: EmitOptions<'_>) -> TokenStream {
    let pin = options.pin.map(pin);
    let modules: Vec<_> = integrations
        .iter()
        .map(|integration| format_ident!("{}", integration.module))
        .collect();
    let all = docs::outer(["All integrations, sorted by key."]);
    let get = docs::outer(["Returns the integration with this key."]);
    quote! {
        #(pub mod #modules;)*
        #pin
        #all
        pub const ALL: &[crate::Integration] = &[#(#modules::INTEGRATION),*];
        #get
        #[must_use]
        pub fn get(key: &str) -> Option<&'static crate::Integration> {
            let found = ALL.binary_search_by(|integration| integration.key.cmp(key));
            found.ok().map(|position| &ALL[position])
        }
    }
}

/// The pin. No other generated code changes with it.
fn pin(pin: &Pin) -> TokenStream {
    let Pin {
        repository,
        revision,
        committed,
        ..
    } = pin;
    let doc = docs::outer(["The commit that these modules were generated from."]);
    quote! {
        #doc
        pub const UPSTREAM: crate::Upstream = crate::Upstream {
            repository: #repository,
            revision: #revision,
            committed: #committed,
        };
    }
}
