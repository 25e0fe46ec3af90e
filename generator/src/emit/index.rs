//! `mod.rs`: every module, the table of all integrations, and the pin.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::print::Writer;
use super::{EmitError, Options, docs, index_page};
use crate::model::Integration;
use crate::snapshot::Pin;

pub(super) fn file(
    integrations: &[&Integration],
    options: Options<'_>,
) -> Result<String, EmitError> {
    let mut writer = Writer::new("mod.rs".to_owned(), "manifests/");
    writer.items(tokens(integrations, options))?;
    Ok(writer.finish())
}

fn tokens(integrations: &[&Integration], options: Options<'_>) -> TokenStream {
    let page = index_page::docs(integrations, options);
    let pin = options.pin.map(pin);
    let modules: Vec<_> = integrations
        .iter()
        .map(|integration| format_ident!("{}", integration.module))
        .collect();
    let all = docs::outer(["Every integration, sorted by key."]);
    let readers = docs::outer(["How the values of each are read, sorted by key."]);
    let get = docs::outer(["The integration of that key."]);
    quote! {
        #page
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
        #readers
        pub(crate) const READERS: &[crate::any::Reader] = &[
            #(#modules::READER),*
        ];
    }
}

/// The only text that changes with the pin.
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
