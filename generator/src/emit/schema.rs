//! The impls of schemars' `JsonSchema`, which only the feature `schemars` compiles.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::model::{Enum, Struct};

/// The schema of a struct, which is made from its form variables at run time.
pub(super) fn of_struct(of: &Struct) -> TokenStream {
    tokens(
        &of.name,
        quote!(crate::schema::object(<Self as crate::FormValues>::FIELDS)),
    )
}

/// The schema of an enum: its listed values.
pub(super) fn of_enum(of: &Enum) -> TokenStream {
    tokens(&of.name, quote!(crate::schema::listed::<Self>()))
}

/// The impl, which depends on nothing but the type's name.
fn tokens(type_name: &str, schema: TokenStream) -> TokenStream {
    let ident = format_ident!("{type_name}");
    let id_end = format!("::{type_name}");
    quote! {
        #[cfg(feature = "schemars")]
        impl ::schemars::JsonSchema for #ident {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                crate::schema::name(INTEGRATION.key, #type_name)
            }

            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                concat!(module_path!(), #id_end).into()
            }

            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                #schema
            }
        }
    }
}
