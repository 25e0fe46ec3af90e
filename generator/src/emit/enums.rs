//! The enum of a field's listed values.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs;
use crate::model::{Enum, Field};

/// The enum and its impls; what they share is written by hand in the generated crate.
pub(super) fn tokens(field: &Field, enumeration: &Enum) -> TokenStream {
    let name = format_ident!("{}", enumeration.name);
    let doc = docs::outer([format!("The values of {}.", docs::code(&field.key))]);
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
            /// A value that LaunchDarkly takes and this crate doesn't list. It is sent as it is.
            Unlisted(String),
        }

        impl #name {
            /// Every listed value, in upstream's order.
            pub const LISTED: &'static [Self] = &[#(Self::#idents),*];

            /// The value on the wire.
            #[inline]
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#idents => #values,)*
                    Self::Unlisted(value) => value,
                }
            }
        }

        impl crate::ListedValue for #name {
            const LISTED: &'static [Self] = Self::LISTED;

            #[inline]
            fn as_str(&self) -> &str {
                self.as_str()
            }
        }

        impl ::std::fmt::Display for #name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                crate::listed::fmt(self, f)
            }
        }

        impl ::std::str::FromStr for #name {
            type Err = crate::UnlistedValue;

            #[inline]
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                crate::listed::from_str(text)
            }
        }

        impl ::serde::Serialize for #name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                crate::listed::serialize(self, serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::listed::deserialize(deserializer)
            }
        }
    }
}
