//! What will be generated: integrations, fields, types and every name. No JSON, no tokens.

use crate::manifest::VariableType;

/// Capabilities that have an endpoint of their own instead of integration configurations.
const EXCLUDED_CAPABILITIES: [&str; 2] = ["bigSegmentStore", "flagImport"];

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
    /// Whether the endpoint that creates integration configurations takes it.
    #[must_use]
    pub fn creatable(&self) -> bool {
        !self
            .capabilities
            .iter()
            .any(|capability| EXCLUDED_CAPABILITIES.contains(&capability.as_str()))
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
    /// The block's way in the manifest below `capabilities`: `featureStore.formVariables`.
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
    /// The fields without which it can't be made.
    pub fn required(&self) -> impl Iterator<Item = &Field> {
        self.fields
            .iter()
            .filter(|field| field.presence == Presence::Required)
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
    /// Whether a value must be given.
    pub presence: Presence,
    /// How the builder knows whether it is set, if it must be.
    pub state: Option<State>,
    /// Whether the value is secret, by the manifest or by an override.
    pub secret: bool,
    /// Whether the form hides it.
    pub hidden: bool,
    /// Whether no public manifest has it.
    pub supplement: bool,
    /// What stands for an omitted value, if the manifest has a default of the right type.
    pub default: Option<Default>,
    /// Upstream's explanation, if the input has it.
    pub description: Option<String>,
}

impl Field {
    /// The type of the struct's field, as its module writes it.
    #[must_use]
    pub fn rust_type(&self) -> String {
        let value = self.value_type.name();
        if self.presence == Presence::Optional {
            format!("Option<{value}>")
        } else {
            value
        }
    }

    /// The enum that belongs to it, if it has one.
    #[must_use]
    pub fn enumeration(&self) -> Option<&Enum> {
        match &self.value_type {
            ValueType::Enum(enumeration) | ValueType::EnumList(enumeration) => Some(enumeration),
            _ => None,
        }
    }

    /// The values that upstream lists, in its order.
    pub fn listed_values(&self) -> impl Iterator<Item = &str> {
        self.enumeration()
            .into_iter()
            .flat_map(|enumeration| &enumeration.variants)
            .map(|variant| variant.value.as_str())
    }

    /// Whether the manifest lets it be omitted.
    #[must_use]
    pub fn optional(&self) -> bool {
        self.presence == Presence::Optional
    }
}

/// How a builder's type tells whether a required field is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// The builder's type parameter, such as `ApiKeyState`.
    pub parameter: String,
    /// The trait that only a set field's value has, such as `ApiKeyIsSet`.
    pub bound: String,
}

/// Whether a value must be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Without it the struct can't be made.
    Required,
    /// It has its default until it is set, and is always sent.
    Prefilled,
    /// It is left out until it is set.
    Optional,
}

/// The Rust type of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueType {
    /// Text.
    String,
    /// Secret text.
    SecretString,
    /// An absolute URL.
    Uri,
    /// A secret URL.
    SecretUri,
    /// `true` or `false`.
    Bool,
    /// One of a list.
    Enum(Enum),
    /// Some of a list.
    EnumList(Enum),
    /// Some texts, of which upstream has no list.
    StringList,
    /// A project and an environment.
    EnvironmentSelector,
    /// Any JSON.
    Json,
    /// Any JSON, secret.
    SecretJson,
}

impl ValueType {
    /// Whether it keeps its value out of sight.
    #[must_use]
    pub const fn is_secret(&self) -> bool {
        matches!(
            self,
            Self::SecretString | Self::SecretUri | Self::SecretJson
        )
    }

    /// Its name, as people write it.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::String => "String".into(),
            Self::SecretString => "SecretString".into(),
            Self::Uri => "Uri".into(),
            Self::SecretUri => "SecretUri".into(),
            Self::Bool => "bool".into(),
            Self::Enum(enumeration) => enumeration.name.clone(),
            Self::EnumList(enumeration) => format!("Vec<{}>", enumeration.name),
            Self::StringList => "Vec<String>".into(),
            Self::EnvironmentSelector => "EnvironmentSelector".into(),
            Self::Json => "Value".into(),
            Self::SecretJson => "SecretJson".into(),
        }
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Default {
    /// Text, which for an enum is a listed value.
    Text(String),
    /// `true` or `false`.
    Boolean(bool),
    /// Listed values.
    List(Vec<String>),
}
