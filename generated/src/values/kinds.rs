//! The types of form variables: one row each. A new type is a file beside this one, and a row here.

#[cfg(feature = "schemars")]
use super::{boolean, environment_selector, json, list, string, uri};
use crate::Field;

/// Makes [`FieldKind`] and all that depends on the type: nothing else matches on it.
macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident = $name:literal, $file:ident;)+) => {
        /// The type of a form variable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum FieldKind {
            $($(#[doc = $doc])+ $kind,)+
            /// A type that this version of the crate doesn't know, by its name in the manifest.
            Unknown(&'static str),
        }

        impl FieldKind {
            /// Every type that this version of the crate knows.
            pub const KNOWN: &'static [Self] = &[$(Self::$kind),+];

            /// The type's name in the manifest.
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
    /// `dynamicEnum`: a string; LaunchDarkly's own form fetches the choices.
    DynamicEnum = "dynamicEnum", string;
    /// `generated`: a string; LaunchDarkly's own form makes it up, an API caller supplies it.
    Generated = "generated", string;
    /// `publicKey`: a string; LaunchDarkly's own form shows a key of LaunchDarkly's.
    PublicKey = "publicKey", string;
    /// `oauth`: a string; LaunchDarkly's own form gets it by a sign-in.
    Oauth = "oauth", string;
    /// `multiselect`: an array of listed strings.
    Multiselect = "multiselect", list;
    /// `environmentSelector`: a project and environment.
    EnvironmentSelector = "environmentSelector", environment_selector;
}

impl FieldKind {
    /// A form variable of this type: [`Field::new`] with its arguments in another order.
    pub(crate) const fn field(self, key: &'static str, label: &'static str) -> Field {
        Field::new(key, label, self)
    }
}

/// A default, as JSON has it in the manifest.
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
