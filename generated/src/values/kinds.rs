//! The types of form variables, one row for each. To add a type, add a file in this folder and a row here.

#[cfg(feature = "schemars")]
use super::{boolean, environment_selector, json, list, string, uri};
use crate::Field;

/// Defines [`FieldKind`] and everything that depends on the type. No other code matches on it.
macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident = $name:literal, $file:ident;)+) => {
        /// The type of a form variable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum FieldKind {
            $($(#[doc = $doc])+ $kind,)+
            /// A type that this version of the crate doesn't know, with its name in the manifest.
            Unknown(&'static str),
        }

        impl FieldKind {
            /// All types that this version of the crate knows.
            pub const KNOWN: &'static [Self] = &[$(Self::$kind),+];

            /// Returns the type's name in the manifest.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)+
                    Self::Unknown(name) => name,
                }
            }

            /// Whether its values are strings.
            #[cfg(feature = "client")]
            pub(crate) fn takes_strings(self) -> bool {
                match self {
                    $(Self::$kind => matches!(stringify!($file), "string" | "uri"),)+
                    Self::Unknown(_) => false,
                }
            }

            /// The JSON Schema of a form variable of this type.
            #[cfg(feature = "schemars")]
            pub(crate) fn schema(self, field: &Field) -> schemars::Schema {
                match self {
                    $(Self::$kind => $file::schema(field),)+
                    Self::Unknown(_) => json::schema(field),
                }
            }
        }
    };
}

kinds! {
    /// `string`: any string.
    String = "string", string;
    /// `uri`: an absolute URI.
    Uri = "uri", uri;
    /// `boolean`.
    Boolean = "boolean", boolean;
    /// `enum`: one of the listed strings.
    Enum = "enum", string;
    /// `dynamicEnum`: a string, which LaunchDarkly's form picks from a remote list.
    DynamicEnum = "dynamicEnum", string;
    /// `generated`: a string, which LaunchDarkly's form generates and an API client sets.
    Generated = "generated", string;
    /// `publicKey`: a string, a public key that LaunchDarkly shows.
    PublicKey = "publicKey", string;
    /// `oauth`: a string, an OAuth grant made in LaunchDarkly.
    Oauth = "oauth", string;
    /// `multiselect`: an array of listed strings.
    Multiselect = "multiselect", list;
    /// `environmentSelector`: a project and an environment.
    EnvironmentSelector = "environmentSelector", environment_selector;
}

impl FieldKind {
    /// Creates a field of this type. Like [`Field::new`], but shorter in generated code.
    pub(crate) const fn field(self, key: &'static str, label: &'static str) -> Field {
        Field::new(key, label, self)
    }
}

/// The default of a form variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DefaultValue {
    /// A string.
    String(&'static str),
    /// `true` or `false`.
    Boolean(bool),
    /// An array of strings.
    Strings(&'static [&'static str]),
}

impl From<DefaultValue> for serde_json::Value {
    fn from(default: DefaultValue) -> Self {
        match default {
            DefaultValue::String(text) => text.into(),
            DefaultValue::Boolean(value) => value.into(),
            DefaultValue::Strings(texts) => texts.into(),
        }
    }
}
