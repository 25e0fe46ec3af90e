//! The model of the generated code: integrations, fields, types and all names. It has no JSON text and
//! no tokens.

use serde_json::Value;

use crate::manifest::VariableType;
use crate::types::RustType;

pub use crate::endpoint::{ConfigurationSupport, Endpoint};

/// One integration and its module.
#[derive(Clone, Debug, PartialEq)]
pub struct Integration {
    /// The integration key, as it is used in the API's paths.
    pub key: String,
    /// The name of its module and, without `.rs`, of the module's file.
    pub module: String,
    /// The display name.
    pub name: String,
    /// The version of its manifest.
    pub version: String,
    /// Whether it authenticates with OAuth.
    pub requires_oauth: bool,
    /// Whether it can have integration configurations; `None` if the manifest doesn't say.
    pub allow_integration_configurations: Option<bool>,
    /// Its capabilities, in upstream's order.
    pub capabilities: Vec<String>,
    /// Further capabilities, without form variables, in upstream's order.
    pub other_capabilities: Vec<String>,
    /// The values of its configuration.
    pub config: Struct,
    /// The values of its capabilities, in upstream's order.
    pub capability_configs: Vec<CapabilityConfig>,
    /// The part that no public manifest has.
    pub supplement: Option<Supplement>,
}

/// The part of an integration that no public manifest has, and how it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Supplement {
    /// Whether no public manifest has the integration at all.
    pub whole_integration: bool,
    /// The capabilities that come from the supplement.
    pub capabilities: Vec<String>,
    /// How it is known.
    pub reason: String,
    /// The page that shows it.
    pub evidence: String,
}

impl Integration {
    /// The endpoints that accept values of the integration or of its capabilities, sorted.
    #[must_use]
    pub fn endpoints(&self) -> Vec<Endpoint> {
        let blocks = self.capability_configs.iter();
        let mut endpoints = self.config_endpoints();
        endpoints.extend(blocks.filter_map(CapabilityConfig::endpoint));
        endpoints.sort_unstable();
        endpoints
    }

    /// The endpoints that accept the values of its configuration, sorted.
    #[must_use]
    pub fn config_endpoints(&self) -> Vec<Endpoint> {
        let mut endpoints: Vec<Endpoint> = self.own_endpoints().collect();
        if self.integration_configurations().is_accepted() {
            endpoints.push(Endpoint::IntegrationConfiguration);
        }
        endpoints
    }

    /// Whether the endpoint for integration configurations accepts the values of its configuration.
    #[must_use]
    pub fn integration_configurations(&self) -> ConfigurationSupport {
        match self.allow_integration_configurations {
            _ if self.own_endpoints().any(Endpoint::is_exclusive) => ConfigurationSupport::Excluded,
            Some(true) => ConfigurationSupport::Allowed,
            Some(false) => ConfigurationSupport::Refused,
            None => ConfigurationSupport::Unsaid,
        }
    }

    /// The endpoints that its capabilities open for its own form variables.
    fn own_endpoints(&self) -> impl Iterator<Item = Endpoint> {
        let named = Endpoint::BY_CAPABILITY.into_iter();
        named.filter_map(|(endpoint, capability)| {
            let has = self.capabilities.iter().any(|name| name == capability);
            has.then_some(endpoint)
        })
    }

    /// The values of its configuration and of its capabilities.
    pub fn structs(&self) -> impl Iterator<Item = &Struct> {
        std::iter::once(&self.config)
            .chain(self.capability_configs.iter().map(|block| &block.config))
    }
}

/// A block of form variables inside a capability.
#[derive(Clone, Debug, PartialEq)]
pub struct CapabilityConfig {
    /// The capability, such as `featureStore`.
    pub capability: String,
    /// The block, such as `formVariables`.
    pub block: String,
    /// Its values.
    pub config: Struct,
}

impl CapabilityConfig {
    /// The endpoint that accepts its values, if there is one.
    #[must_use]
    pub fn endpoint(&self) -> Option<Endpoint> {
        Endpoint::of_block(&self.capability, &self.block)
    }

    /// The block's path in the manifest below `capabilities`: `featureStore.formVariables`.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{}.{}", self.capability, self.block)
    }
}

/// A struct of values.
#[derive(Clone, Debug, PartialEq)]
pub struct Struct {
    /// Its name, such as `ConfigValues`.
    pub name: String,
    /// The name of its builder, such as `ConfigValuesBuilder`.
    pub builder_name: String,
    /// The name of the constant that describes its fields, such as `FIELDS`.
    pub fields_name: String,
    /// Its fields, in upstream's order.
    pub fields: Vec<Field>,
}

impl Struct {
    /// The required fields, each with its typestate.
    pub fn required(&self) -> impl Iterator<Item = (&Field, &Typestate)> {
        self.fields
            .iter()
            .filter_map(|field| Some((field, field.typestate()?)))
    }
}

/// A field of a struct of values.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The wire key.
    pub key: String,
    /// The field's identifier.
    pub ident: String,
    /// The label of its form field.
    pub label: String,
    /// The manifest's type.
    pub kind: VariableType,
    /// The Rust type of a value.
    pub value_type: ValueType,
    /// Whether a value is required, and the default.
    pub presence: Presence,
    /// Whether the manifest or an override marks the value as secret.
    pub secret: bool,
    /// Whether the form hides it.
    pub hidden: bool,
    /// Whether it comes from the supplement.
    pub supplement: bool,
    /// Upstream's description, if the input has it.
    pub description: Option<String>,
}

impl Field {
    /// The type of the struct's field without paths, such as `Option<SecretString>`.
    #[must_use]
    pub fn rust_type(&self) -> String {
        let value = self.value_type.name();
        if self.optional() {
            format!("Option<{value}>")
        } else {
            value
        }
    }

    /// The enum that belongs to it, if it has one.
    #[must_use]
    pub const fn enumeration(&self) -> Option<&Enum> {
        match &self.value_type.item {
            ItemType::Enum(enumeration) => Some(enumeration),
            ItemType::Rust(_) => None,
        }
    }

    /// The values that upstream lists, in its order.
    pub fn listed_values(&self) -> impl Iterator<Item = &str> {
        let variants = self.enumeration().map(|enumeration| &enumeration.variants);
        let variants = variants.into_iter().flatten();
        variants.map(|variant| variant.value.as_str())
    }

    /// Whether the manifest lets it be omitted.
    #[must_use]
    pub const fn optional(&self) -> bool {
        matches!(self.presence, Presence::Optional(_))
    }

    /// The builder's typestate, if the field is required.
    #[must_use]
    pub const fn typestate(&self) -> Option<&Typestate> {
        match &self.presence {
            Presence::Required(typestate) => Some(typestate),
            Presence::Defaulted(_) | Presence::Optional(_) => None,
        }
    }

    /// The default, if the manifest has one of the right type.
    #[must_use]
    pub const fn default(&self) -> Option<&FieldDefault> {
        match &self.presence {
            Presence::Defaulted(default) => Some(default),
            Presence::Optional(default) => default.as_ref(),
            Presence::Required(_) => None,
        }
    }
}

/// Whether a value is required.
#[derive(Clone, Debug, PartialEq)]
pub enum Presence {
    /// The struct can't be built without it.
    Required(Typestate),
    /// It starts with this value and is always sent.
    Defaulted(FieldDefault),
    /// It is sent only if it is set. Otherwise LaunchDarkly uses this default, if there is one.
    Optional(Option<FieldDefault>),
}

impl Presence {
    /// The name in reports.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Required(_) => "required",
            Self::Defaulted(_) => "defaulted",
            Self::Optional(_) => "optional",
        }
    }

    /// The name in reports, with the default if it is sent. `show` formats the default.
    #[must_use]
    pub fn describe(&self, show: impl FnOnce(&FieldDefault) -> String) -> String {
        match self {
            Self::Defaulted(default) => format!("defaults to {}, which is sent", show(default)),
            Self::Required(_) | Self::Optional(_) => self.as_str().to_owned(),
        }
    }
}

/// The part of a builder's type that records whether a required field is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typestate {
    /// The builder's type parameter, such as `ApiKeyState`.
    pub parameter: String,
    /// The trait that the parameter implements once the field is set, such as `ApiKeyIsSet`.
    pub is_set: String,
}

/// The Rust type of a value.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueType {
    /// The type of the value, or of each item of a list.
    pub(crate) item: ItemType,
    /// Whether it is a list.
    pub(crate) many: bool,
}

/// The type of a value, or of an item of a list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ItemType {
    /// A type of the generated crate or of a library.
    Rust(&'static RustType),
    /// An enum of the listed values.
    Enum(Enum),
}

impl ValueType {
    /// Whether it redacts its value.
    #[must_use]
    pub const fn is_secret(&self) -> bool {
        matches!(self.item, ItemType::Rust(rust) if rust.secret)
    }

    /// The name without a path.
    #[must_use]
    pub fn name(&self) -> String {
        self.of(self.item.name())
    }

    /// The path in a generated module.
    #[must_use]
    pub fn path(&self) -> String {
        self.of(self.item.path())
    }

    fn of(&self, item: &str) -> String {
        if self.many {
            format!("Vec<{item}>")
        } else {
            item.to_owned()
        }
    }
}

impl ItemType {
    fn name(&self) -> &str {
        match self {
            Self::Rust(rust) => rust.name,
            Self::Enum(enumeration) => &enumeration.name,
        }
    }

    /// The path in a generated module.
    pub(crate) fn path(&self) -> &str {
        match self {
            Self::Rust(rust) => rust.path,
            Self::Enum(enumeration) => &enumeration.name,
        }
    }

    /// The type of the constant for a default, if the type can have one.
    pub(crate) fn constant(&self) -> Option<&str> {
        match self {
            Self::Rust(rust) => Some(rust.default.as_ref()?.constant),
            Self::Enum(enumeration) => Some(&enumeration.name),
        }
    }

    /// Whether a setter accepts `impl Into` of it.
    pub(crate) const fn accepts_into(&self) -> bool {
        matches!(self, Self::Rust(rust) if rust.into)
    }
}

/// The values that upstream lists for a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enum {
    /// The type's name.
    pub name: String,
    /// Its variants, in upstream's order.
    pub variants: Vec<Variant>,
}

impl Enum {
    /// The variant of a listed value.
    #[must_use]
    pub fn variant(&self, value: &str) -> Option<&Variant> {
        self.variants.iter().find(|variant| variant.value == value)
    }
}

/// One listed value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// The value on the wire.
    pub value: String,
    /// The variant's identifier.
    pub ident: String,
    /// The text that the form shows, if it differs from the value.
    pub label: Option<String>,
}

/// A default that fits the type of its field.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldDefault {
    /// A scalar.
    Value(Value),
    /// A listed value.
    Variant(Variant),
    /// The items of a list.
    List(Vec<Self>),
}

impl FieldDefault {
    /// The value on the wire.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Value(value) => value.clone(),
            Self::Variant(variant) => variant.value.as_str().into(),
            Self::List(items) => items.iter().map(Self::to_json).collect(),
        }
    }

    /// The value for people. `show` formats each string of it.
    #[must_use]
    pub fn describe(&self, show: fn(&str) -> String) -> String {
        match self {
            Self::Value(Value::String(text)) if text.is_empty() => "the empty string".to_owned(),
            Self::Value(Value::String(text)) => show(text),
            Self::Value(value) => show(&value.to_string()),
            Self::Variant(variant) => show(&variant.value),
            Self::List(items) if items.is_empty() => "none".to_owned(),
            Self::List(items) => {
                let items = items.iter().map(|item| item.describe(show));
                items.collect::<Vec<_>>().join(" and ")
            }
        }
    }
}
