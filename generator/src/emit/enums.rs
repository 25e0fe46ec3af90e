//! The enum of a field's listed values.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs;
use crate::model::{Enum, Field};

/// The enum and the list of its values. A macro of the generated crate writes the impls.
pub(super) fn tokens(field: &Field, enumeration: &Enum) -> TokenStream {
    let name = format_ident!("{}", enumeration.name);
    let doc = docs::outer([format!("Listed values of {}.", docs::code(&field.key))]);
    let idents: Vec<_> = enumeration
        .variants
        .iter()
        .map(|variant| format_ident!("{}", variant.ident))
        .collect();
    let values = enumeration.variants.iter().map(|variant| &variant.value);
    let variant_docs = enumeration.variants.iter().map(|variant| {
        let value = docs::code(&variant.value);
        docs::outer([match &variant.label {
            Some(label) => format!("{value}: {}", docs::plain(label)),
            None => value,
        }])
    });
    quote! {
        #doc
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variant_docs #idents,)*
            /// A value that this crate doesn't list. It is sent unchanged.
            Unlisted(String),
        }

        impl #name {
            /// All listed values.
            pub const LISTED: &'static [Self] = &[#(Self::#idents),*];

            /// Returns the value as it is sent.
            #[inline]
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#idents => #values,)*
                    Self::Unlisted(value) => value,
                }
            }
        }
    }
}
