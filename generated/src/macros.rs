//! Macros that the generated modules call: code that depends only on a type's name, and code that every
//! module has.
//!
//! All paths are absolute, so that names of a module can't shadow them. Fields, setters and variants are in
//! the modules themselves, so that people can read them and editors can jump to them.

/// Defines `KEY` and `INTEGRATION`. Facts with their usual value are omitted.
macro_rules! facts {
    ($key:literal, $name:literal, $version:literal, $($fact:ident: $value:tt,)*) => {
        /// The key of the integration.
        pub const KEY: $crate::IntegrationKey = $crate::IntegrationKey::new(&INTEGRATION);

        /// The facts of the integration.
        pub const INTEGRATION: $crate::Integration = $crate::Integration {
            $($fact: $crate::macros::fact!($fact $value),)*
            ..$crate::Integration::new($key, $name, $version)
        };
    };
}

/// Converts the value of a fact to Rust.
macro_rules! fact {
    (endpoints [$($endpoint:ident),*]) => {
        $crate::endpoints![$($endpoint),*]
    };
    (capability_fields [$($capability:literal $block:literal $fields:tt),*]) => {
        &[$($crate::CapabilityFields {
            capability: $capability,
            block: $block,
            fields: &$fields,
        }),*]
    };
    (allow_integration_configurations $allowed:literal) => {
        ::std::option::Option::Some($allowed)
    };
    (evidence $url:literal) => {
        ::std::option::Option::Some($url)
    };
    ($fact:ident [$($value:literal),*]) => {
        &[$($value),*]
    };
    ($fact:ident $value:tt) => {
        $value
    };
}

/// Defines the values of an integration, or of a capability's block, without form variables.
///
/// Most integrations have none. They share one generic type, which the compiler checks only once.
macro_rules! no_form_variables {
    ($name:ident $(: $($endpoint:ident),+)?) => {
        /// Configuration values of an integration without form variables. Create them with
        /// [`ConfigValues::new`](crate::NoFormVariables::new).
        pub type $name = $crate::NoFormVariables<Key>;

        /// Distinguishes the values of this integration from those of others.
        #[doc(hidden)]
        #[allow(missing_debug_implementations, reason = "it has no value")]
        pub enum Key {}

        impl $crate::no_form_variables::Key for Key {
            const KEY: $crate::IntegrationKey = KEY;
            const ENDPOINTS: &'static [$crate::Endpoint] =
                $crate::endpoints![$($($endpoint),+)?];
            type Handles = $crate::handles![$($($endpoint),+)?];
        }

        $crate::macros::sent_to!($name, $($($endpoint),+)?);
    };
    ($name:ident, $purpose:literal) => {
        #[doc = $purpose]
        #[derive(Clone)]
        #[must_use]
        #[non_exhaustive]
        pub struct $name {}

        impl $name {
            /// Creates the values, which are empty.
            #[inline]
            pub fn new() -> Self {
                Self {}
            }
        }

        $crate::macros::default_values!($name);
        $crate::macros::form_values!($name, &[], []);
    };
}

/// Implements `IntegrationValues` for a struct, and the traits of its endpoints.
macro_rules! integration_values {
    ($name:ident $(: $($endpoint:ident),+)?) => {
        // Without this, an error of the compiler would list a hundred other types.
        #[diagnostic::do_not_recommend]
        impl $crate::IntegrationValues for $name {
            const KEY: $crate::IntegrationKey = KEY;
            const ENDPOINTS: &'static [$crate::Endpoint] =
                $crate::endpoints![$($($endpoint),+)?];
            type Handles = $crate::handles![$($($endpoint),+)?];
        }

        $crate::macros::sent_to!($name, $($($endpoint),+)?);
    };
}

/// Makes each handle of a struct one that the client accepts for it.
#[cfg(feature = "client")]
macro_rules! sent_to {
    ($name:ident, $($endpoint:ident),*) => {
        $crate::macros::sent_to!(@ $name [$($endpoint)*] $crate::handles![$($endpoint),*]);
    };
    (@ $name:ident [$($endpoint:ident)*] $handles:ty) => {
        $(
            #[diagnostic::do_not_recommend]
            impl $crate::handle_names::Include<$crate::handles!($endpoint), $name> for $handles {}
        )*
    };
}

#[cfg(not(feature = "client"))]
macro_rules! sent_to {
    ($($any:tt)*) => {};
}

/// Defines the table of functions that read values whose type is known only at run time. It is sorted by key.
/// For each module it has the `ConfigValues`, then the blocks that have an endpoint.
macro_rules! readers {
    ($($module:ident $(+ $block:ident)*),* $(,)?) => {
        pub(crate) const READERS: &[$crate::any::Reader] = &[$(
            $crate::any::Reader::new::<$module::ConfigValues>(),
            $($crate::any::Reader::new::<$module::$block>(),)*
        )*];
    };
}

/// Implements `Default` for a struct without required fields.
macro_rules! default_values {
    ($name:ident) => {
        impl ::std::default::Default for $name {
            #[inline]
            fn default() -> Self {
                Self::new()
            }
        }
    };
}

/// Implements `Debug` for a builder. It shows no values, because its type parameters can be any type.
macro_rules! builder_debug {
    ($name:ident<$($state:ident),*>) => {
        impl<$($state),*> ::std::fmt::Debug for $name<$($state),*> {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(::std::concat!(::std::stringify!($name), " { .. }"))
            }
        }
    };
}

/// Implements `FormValues` and the traits of the standard library and serde for a struct, and `into_builder`.
/// The fields are in the order of `$fields`. The builder's type is the one with all required fields set.
macro_rules! form_values {
    ($name:ident, $fields:expr, [$($field:ident),*], $builder:ident $(<$($set:ty),+>)?) => {
        impl $name {
            /// Returns a builder with these values, to change some of them.
            #[inline]
            pub fn into_builder(self) -> $builder $(<$($set),+>)? {
                $builder { $($field: self.$field),* }
            }
        }

        $crate::macros::form_values!($name, $fields, [$($field),*]);
    };
    ($name:ident, $fields:expr, [$($field:ident),*]) => {
        $crate::macros::inherent!($name);

        impl $crate::FormValues for $name {
            const FIELDS: &'static [$crate::Field] = $fields;

            #[inline]
            fn write<'a>(&'a self, entries: &mut $crate::values::Entries<'a>) {
                entries.put(Self::FIELDS, &[$(&self.$field),*]);
            }

            #[inline]
            #[allow(unused_variables, unreachable_patterns, reason = "there may be no fields")]
            fn read(reader: &mut $crate::values::ObjectReader) -> ::std::option::Option<Self> {
                // Reads all fields even if one fails, so that all problems are found. The compiler
                // needs more time for `?`.
                $(let $field = reader.next();)*
                match ($($field,)*) {
                    ($(::std::option::Option::Some($field),)*) => {
                        ::std::option::Option::Some(Self { $($field),* })
                    }
                    _ => ::std::option::Option::None,
                }
            }
        }

        impl ::std::cmp::PartialEq for $name {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                $crate::values::eq(self, other)
            }
        }

        impl ::std::cmp::Eq for $name {}

        impl ::std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                let names = &[$(::std::stringify!($field)),*];
                $crate::values::debug(self, f, ::std::stringify!($name), names)
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::values::serialize(self, serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::values::deserialize(deserializer)
            }
        }

        $crate::macros::json_schema!($name, $crate::schema::object(<Self as $crate::FormValues>::FIELDS));
    };
}

/// Defines the provided functions of `FormValues` as inherent functions, so that users don't have to import
/// the trait.
macro_rules! inherent {
    ($name:ident $(, $parameter:ident: $bound:path)?) => {
        impl$(<$parameter: $bound>)? $name $(<$parameter>)? {
            /// Reads the values from a JSON object. Reading is [strict](crate::FormValues#strict-reading).
            ///
            /// # Errors
            ///
            /// Returns [`InvalidValues`](crate::InvalidValues) with all problems.
            #[inline]
            pub fn from_json(
                value: ::serde_json::Value,
            ) -> ::std::result::Result<Self, $crate::InvalidValues> {
                $crate::FormValues::from_json(value)
            }

            /// Parses a JSON object and reads the values from it. Reading is
            /// [strict](crate::FormValues#strict-reading).
            ///
            /// # Errors
            ///
            /// Returns [`InvalidValues`](crate::InvalidValues) with all problems. If the string isn't JSON,
            /// that is the only problem.
            #[inline]
            pub fn from_json_str(text: &str) -> ::std::result::Result<Self, $crate::InvalidValues> {
                $crate::FormValues::from_json_str(text)
            }

            /// Reads the values from a JSON object that may have unknown keys and unlisted values, see
            /// [`FormValues::from_json_lenient`](crate::FormValues::from_json_lenient).
            ///
            /// # Errors
            ///
            /// Returns [`InvalidValues`](crate::InvalidValues) with all problems.
            #[inline]
            pub fn from_json_lenient(
                value: ::serde_json::Value,
            ) -> ::std::result::Result<$crate::LenientValues<Self>, $crate::InvalidValues> {
                $crate::FormValues::from_json_lenient(value)
            }

            /// Returns the fields that are set, with their wire keys and with secrets redacted, see
            /// [`FormValues::entries`](crate::FormValues::entries).
            #[inline]
            pub fn entries(&self) -> ::std::vec::Vec<(&'static str, $crate::RedactedValue)> {
                $crate::FormValues::entries(self)
            }
        }
    };
}

/// Implements the traits of an enum of listed values.
macro_rules! listed_value {
    ($name:ident) => {
        impl $crate::ListedValue for $name {
            const LISTED: &'static [Self] = Self::LISTED;

            #[inline]
            fn as_str(&self) -> &str {
                self.as_str()
            }

            #[inline]
            fn unlisted(text: ::std::string::String) -> ::std::option::Option<Self> {
                ::std::option::Option::Some(Self::Unlisted(text))
            }
        }

        impl ::std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::listed::fmt(self, f)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::UnlistedValue;

            #[inline]
            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                $crate::listed::from_str(text)
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::listed::serialize(self, serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::listed::deserialize(deserializer)
            }
        }

        $crate::macros::json_schema!($name, $crate::schema::listed::<Self>());
    };
}

/// Implements `JsonSchema` for a type of a generated module. Another type also says whether its schema is
/// inline, which means that it is repeated at each use instead of referenced.
macro_rules! json_schema {
    ($name:ident, $schema:expr) => {
        $crate::macros::json_schema!(
            $name,
            $crate::schema::name(INTEGRATION.key, ::std::stringify!($name)),
            inline: false,
            $schema
        );
    };
    ($name:ident, inline: $inline:literal, $schema:expr) => {
        $crate::macros::json_schema!(
            $name,
            ::std::stringify!($name).into(),
            inline: $inline,
            $schema
        );
    };
    ($name:ident, $schema_name:expr, inline: $inline:literal, $schema:expr) => {
        #[cfg(feature = "schemars")]
        impl ::schemars::JsonSchema for $name {
            #[inline]
            fn inline_schema() -> bool {
                $inline
            }

            #[inline]
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                $schema_name
            }

            #[inline]
            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                ::std::concat!(::std::module_path!(), "::", ::std::stringify!($name)).into()
            }

            #[inline]
            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                $schema
            }
        }
    };
}

/// Defines the trait with which the compiler names a required field that isn't set.
macro_rules! is_set {
    ($name:ident, $value:ty, $message:literal, $label:literal) => {
        #[doc(hidden)]
        #[diagnostic::on_unimplemented(message = $message, label = $label)]
        pub trait $name: $crate::builder::Set<$value> {}

        #[diagnostic::do_not_recommend]
        impl $name for $value {}
    };
}

pub(crate) use {
    builder_debug, default_values, fact, facts, form_values, inherent, integration_values, is_set,
    json_schema, listed_value, no_form_variables, readers, sent_to,
};
