//! What will be generated: integrations, fields, types and every name. No JSON text, no tokens.

use serde_json::Value;

use crate::manifest::VariableType;
use crate::types::RustType;

pub use crate::endpoint::{Endpoint, Verdict};

/// One integration and its module.
#[derive(Clone, Debug, PartialEq)]
pub struct Integration {
    /// The integration key, as the API's path takes it.
    pub key: String,
    /// Its module, and the stem of the module's file.
    pub module: String,
    /// The name that people know it by.
    pub name: String,
    /// The version of its manifest.
    pub version: String,
    /// Whether it authenticates by OAuth.
    pub requires_oauth: bool,
    /// Whether LaunchDarkly lets it have many configurations, if the manifest says.
    pub allow_integration_configurations: Option<bool>,
    /// Its capabilities, in upstream's order.
    pub capabilities: Vec<String>,
    /// Its capabilities that manifests don't configure, in upstream's order.
    pub other_capabilities: Vec<String>,
    /// The values of its configuration.
    pub config: Struct,
    /// The values that its capabilities take, in upstream's order.
    pub capability_configs: Vec<CapabilityConfig>,
    /// What no public manifest has of it.
    pub supplement: Option<Supplement>,
}

/// What no public manifest has of an integration, and how it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Supplement {
    /// Whether it is the whole integration.
    pub whole: bool,
    /// The capabilities that the manifest lacks.
    pub capabilities: Vec<String>,
    /// How it is known.
    pub reason: String,
    /// The page that shows it.
    pub evidence: String,
}

impl Integration {
    /// The endpoints that take values of it, its own or those of a capability, sorted.
    #[must_use]
    pub fn endpoints(&self) -> Vec<Endpoint> {
        let blocks = self.capability_configs.iter();
        let mut endpoints = self.config_endpoints();
        endpoints.extend(blocks.filter_map(CapabilityConfig::endpoint));
        endpoints.sort_unstable();
        endpoints
    }

    /// The endpoints that take the values of its configuration, sorted.
    #[must_use]
    pub fn config_endpoints(&self) -> Vec<Endpoint> {
        let mut endpoints: Vec<Endpoint> = self.own_endpoints().collect();
        if self.integration_configurations().is_taken() {
            endpoints.push(Endpoint::IntegrationConfiguration);
        }
        endpoints
    }

    /// Whether the endpoint for integration configurations takes the values of its configuration.
    #[must_use]
    pub fn integration_configurations(&self) -> Verdict {
        match self.allow_integration_configurations {
            _ if self.own_endpoints().any(Endpoint::is_exclusive) => Verdict::Excluded,
            Some(true) => Verdict::Allowed,
            Some(false) => Verdict::Refused,
            None => Verdict::Unsaid,
        }
    }

    /// The endpoints that its capabilities name for its own form variables.
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
    /// The endpoint that takes its values, if one does.
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
    /// The fields that must be set, each with its typestate.
    pub fn required(&self) -> impl Iterator<Item = (&Field, &Typestate)> {
        self.fields
            .iter()
            .filter_map(|field| Some((field, field.typestate()?)))
    }
}

/// A field of a struct of values.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The key on the wire.
    pub key: String,
    /// The field's identifier.
    pub ident: String,
    /// The label of its form field.
    pub label: String,
    /// The manifest's type.
    pub kind: VariableType,
    /// The Rust type of a value.
    pub value_type: ValueType,
    /// Whether a value must be given, and what replaces an omitted one.
    pub presence: Presence,
    /// Whether the value is secret, by the manifest or by an override.
    pub secret: bool,
    /// Whether the form hides it.
    pub hidden: bool,
    /// Whether no public manifest has it.
    pub supplement: bool,
    /// Upstream's explanation, if the input has it.
    pub description: Option<String>,
}

impl Field {
    /// The type of the struct's field, as people write it.
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

    /// How the builder knows whether it is set, if it must be.
    #[must_use]
    pub const fn typestate(&self) -> Option<&Typestate> {
        match &self.presence {
            Presence::Required(typestate) => Some(typestate),
            Presence::Defaulted(_) | Presence::Optional(_) => None,
        }
    }

    /// What replaces an omitted value, if the manifest has a default of the right type.
    #[must_use]
    pub const fn default(&self) -> Option<&Default> {
        match &self.presence {
            Presence::Defaulted(default) => Some(default),
            Presence::Optional(default) => default.as_ref(),
            Presence::Required(_) => None,
        }
    }
}

/// Whether a value must be given.
#[derive(Clone, Debug, PartialEq)]
pub enum Presence {
    /// Without it the struct can't be built.
    Required(Typestate),
    /// It has this value until it is set, and is always sent.
    Defaulted(Default),
    /// It is left out until it is set. LaunchDarkly then uses this default, if there is one.
    Optional(Option<Default>),
}

impl Presence {
    /// Its name, for people.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Required(_) => "required",
            Self::Defaulted(_) => "defaulted",
            Self::Optional(_) => "optional",
        }
    }

    /// Whether a value must be given, in words; a default that is sent is shown by `show`.
    #[must_use]
    pub fn shown(&self, show: impl FnOnce(&Default) -> String) -> String {
        match self {
            Self::Defaulted(default) => format!("defaults to {}, which is sent", show(default)),
            Self::Required(_) | Self::Optional(_) => self.as_str().to_owned(),
        }
    }
}

/// How a builder's type tells whether a required field is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typestate {
    /// The builder's type parameter, such as `ApiKeyState`.
    pub parameter: String,
    /// The trait that only a set field's value implements, such as `ApiKeyIsSet`.
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

/// The type of a value that is no list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ItemType {
    /// One of the generated crate or of a library.
    Rust(&'static RustType),
    /// One of the listed values.
    Enum(Enum),
}

impl ValueType {
    /// Whether it redacts its value.
    #[must_use]
    pub const fn is_secret(&self) -> bool {
        matches!(self.item, ItemType::Rust(rust) if rust.secret)
    }

    /// Its name, as people write it.
    #[must_use]
    pub fn name(&self) -> String {
        self.of(self.item.name())
    }

    /// Its path in a generated module.
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

    /// Its path in a generated module.
    pub(crate) fn path(&self) -> &str {
        match self {
            Self::Rust(rust) => rust.path,
            Self::Enum(enumeration) => &enumeration.name,
        }
    }

    /// The type of a constant that holds a default, if any default fits.
    pub(crate) fn constant(&self) -> Option<&str> {
        match self {
            Self::Rust(rust) => Some(rust.default.as_ref()?.constant),
            Self::Enum(enumeration) => Some(&enumeration.name),
        }
    }

    /// Whether a setter takes what turns into it.
    pub(crate) const fn takes_into(&self) -> bool {
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
    /// What the form shows, if that differs from the value.
    pub label: Option<String>,
}

/// A default of the type of its field.
#[derive(Clone, Debug, PartialEq)]
pub enum Default {
    /// A value of a Rust type that has a rule for defaults.
    Value(Value),
    /// A listed value.
    Variant(Variant),
    /// The items of a list.
    List(Vec<Self>),
}

impl Default {
    /// The value on the wire.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Value(value) => value.clone(),
            Self::Variant(variant) => variant.value.as_str().into(),
            Self::List(items) => items.iter().map(Self::to_json).collect(),
        }
    }

    /// The value in words, each text of it shown by `show`.
    #[must_use]
    pub fn shown(&self, show: fn(&str) -> String) -> String {
        match self {
            Self::Value(Value::String(text)) if text.is_empty() => "the empty string".to_owned(),
            Self::Value(Value::String(text)) => show(text),
            Self::Value(value) => show(&value.to_string()),
            Self::Variant(variant) => show(&variant.value),
            Self::List(items) if items.is_empty() => "none".to_owned(),
            Self::List(items) => {
                let items = items.iter().map(|item| item.shown(show));
                items.collect::<Vec<_>>().join(" and ")
            }
        }
    }
}
