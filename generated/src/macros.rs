//! What depends on a generated type's name alone, and what every module has alike: the generated modules
//! call each of these once.
//!
//! All paths are absolute, so that no name of a module can shadow another. Fields, setters and
//! variants are never in here: people read and jump to them.

/// The facts of a module's integration: those that every integration has, and others by their names.
macro_rules! facts {
    ($key:literal, $name:literal, $version:literal, $($fact:ident: $value:tt,)*) => {
        /// The integration's key.
        pub const KEY: $crate::IntegrationKey = $crate::IntegrationKey::of(&INTEGRATION);

        /// The manifest's facts.
        pub const INTEGRATION: $crate::Integration = $crate::Integration {
            $($fact: $crate::macros::fact!($fact $value),)*
            ..$crate::Integration::new($key, $name, $version)
        };
    };
}

/// The value of a fact.
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

/// The values of an integration or of a capability's block that has no form variables.
///
/// All integrations share one generic type, as most have no form variables: the compiler checks it once.
macro_rules! no_form_variables {
    ($name:ident $(: $($endpoint:ident),+)?) => {
        /// The values of a configuration, which has no form variables:
        /// [`ConfigValues::new`](crate::NoFormVariables::new) makes them.
        pub type $name = $crate::NoFormVariables<Key>;

        /// Tells the values of this integration from those of others.
        #[doc(hidden)]
        #[allow(missing_debug_implementations, reason = "it has no value")]
        pub enum Key {}

        impl $crate::no_form_variables::Key for Key {
            const KEY: $crate::IntegrationKey = KEY;
            const ENDPOINTS: &'static [$crate::Endpoint] =
                $crate::endpoints![$($($endpoint),+)?];
        }

        $crate::macros::sent_to!($name $(: $($endpoint),+)?);
    };
    ($name:ident, $purpose:literal) => {
        #[doc = $purpose]
        #[derive(Clone)]
        #[must_use]
        #[non_exhaustive]
        pub struct $name {}

        impl $name {
            /// The values, of which there are none.
            #[inline]
            pub fn new() -> Self {
                Self {}
            }
        }

        $crate::macros::default_values!($name);
        $crate::macros::form_values!($name, &[], []);
    };
}

/// What makes a struct values of its module's integration, and where they are sent.
macro_rules! integration_values {
    ($name:ident $(: $($endpoint:ident),+)?) => {
        impl $crate::IntegrationValues for $name {
            const KEY: $crate::IntegrationKey = KEY;
            const ENDPOINTS: &'static [$crate::Endpoint] =
                $crate::endpoints![$($($endpoint),+)?];
        }

        $crate::macros::sent_to!($name $(: $($endpoint),+)?);
    };
}

/// The endpoints that take a struct's values, for the compiler.
macro_rules! sent_to {
    ($name:ident $(: $($endpoint:ident),+)?) => {
        $($(
            // The compiler would list a hundred types that aren't meant.
            #[cfg(feature = "client")]
            #[diagnostic::do_not_recommend]
            impl $crate::client::endpoint_values::of::$endpoint for $name {}
        )+)?
    };
}

/// The table by which values are read without their type, sorted by key: for each module its
/// `ConfigValues`, then the blocks whose values can be sent.
macro_rules! readers {
    ($($module:ident $(+ $block:ident)*),* $(,)?) => {
        pub(crate) const READERS: &[$crate::any::Reader] = &[$(
            $crate::any::Reader::of::<$module::ConfigValues>(),
            $($crate::any::Reader::of::<$module::$block>(),)*
        )*];
    };
}

/// `Default` for a struct that needs nothing to be set.
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

/// `Debug` for a builder.
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

/// How a struct is shown, read, written, compared and built again: its fields in the order of the
/// constant that describes them, and its builder with everything set.
macro_rules! form_values {
    ($name:ident, $fields:expr, [$($field:ident),*], $builder:ident $(<$($set:ty),+>)?) => {
        impl $name {
            /// A builder with these values, to change some of them.
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

/// The provided functions of `FormValues` as a struct's own, so that nobody has to import the trait.
macro_rules! inherent {
    ($name:ident $(, $parameter:ident: $bound:path)?) => {
        impl$(<$parameter: $bound>)? $name $(<$parameter>)? {
            /// Reads the values from a JSON object, strictly: see [`FormValues`](crate::FormValues).
            ///
            /// # Errors
            ///
            /// [`InvalidValues`](crate::InvalidValues) with every problem.
            #[inline]
            pub fn from_json(
                value: ::serde_json::Value,
            ) -> ::std::result::Result<Self, $crate::InvalidValues> {
                $crate::FormValues::from_json(value)
            }

            /// Reads the values from the text of a JSON object, strictly: see
            /// [`FormValues`](crate::FormValues).
            ///
            /// # Errors
            ///
            /// [`InvalidValues`](crate::InvalidValues) with every problem, or with one when the text
            /// isn't JSON.
            #[inline]
            pub fn from_json_str(text: &str) -> ::std::result::Result<Self, $crate::InvalidValues> {
                $crate::FormValues::from_json_str(text)
            }

            /// Reads the values from a JSON object that may have keys that aren't known and values
            /// that aren't listed: see
            /// [`FormValues::from_json_lenient`](crate::FormValues::from_json_lenient).
            ///
            /// # Errors
            ///
            /// [`InvalidValues`](crate::InvalidValues) with every problem.
            #[inline]
            pub fn from_json_lenient(
                value: ::serde_json::Value,
            ) -> ::std::result::Result<$crate::LenientValues<Self>, $crate::InvalidValues> {
                $crate::FormValues::from_json_lenient(value)
            }

            /// The fields that are set, by their keys on the wire, with secrets redacted: see
            /// [`FormValues::entries`](crate::FormValues::entries).
            #[inline]
            pub fn entries(&self) -> ::std::vec::Vec<(&'static str, $crate::RedactedValue)> {
                $crate::FormValues::entries(self)
            }
        }
    };
}

/// What an enum of listed values has besides its variants, `LISTED` and `as_str`.
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

/// The JSON Schema of a type of a generated module.
macro_rules! json_schema {
    ($name:ident, $schema:expr) => {
        #[cfg(feature = "schemars")]
        impl ::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                $crate::schema::name(INTEGRATION.key, ::std::stringify!($name))
            }

            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                ::std::concat!(::std::module_path!(), "::", ::std::stringify!($name)).into()
            }

            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                $schema
            }
        }
    };
}

/// The trait that makes the compiler name a required field that isn't set.
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
