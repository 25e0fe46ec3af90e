//! The facts of integrations, as plain constants.

use crate::Endpoint;
use crate::values::{DefaultValue, FieldKind};

/// An integration, as its manifest describes it.
///
/// Where LaunchDarkly's server has more than the public manifest, that is part of it: see
/// [`evidence`](Self::evidence).
///
/// Every generated module has one as its constant `INTEGRATION`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Integration {
    /// The integration key: the manifest's folder, and the path segment of the API.
    pub key: &'static str,
    /// Name for people (`name`).
    pub name: &'static str,
    /// Version of the manifest (`version`), such as `1.0.0`. Empty where it has none.
    pub version: &'static str,
    /// Whether configuring it involves an OAuth sign-in (`requiresOAuth`).
    pub requires_oauth: bool,
    /// Whether it allows integration configurations (`allowIntegrationConfigurations`);
    /// `None` where the manifest is silent.
    pub allow_integration_configurations: Option<bool>,
    /// Names of its capabilities (keys of `capabilities`), such as `auditLogEventsHook`.
    pub capabilities: &'static [&'static str],
    /// Capabilities that LaunchDarkly runs elsewhere (`otherCapabilities`).
    pub other_capabilities: &'static [&'static str],
    /// The endpoints that take values of it, its own or those of a capability: first those that a
    /// capability names.
    pub endpoints: &'static [Endpoint],
    /// Its form variables (`formVariables`), in the manifest's order.
    pub fields: &'static [Field],
    /// The form variables that belong to one capability each.
    pub capability_fields: &'static [CapabilityFields],
    /// The URL of a page that shows what no public manifest has of it: the whole integration or
    /// some of its fields, each marked as `supplement`. `None` if the manifest has everything.
    pub evidence: Option<&'static str>,
    /// Whether there is no public manifest of it.
    pub supplement: bool,
}

/// The capability's block whose values are sent by themselves.
const FEATURE_STORE: (&str, &str) = ("featureStore", "formVariables");

impl Integration {
    /// The form variables whose values this endpoint takes, if it takes any of this integration.
    pub(crate) fn fields_of(&self, endpoint: Endpoint) -> &'static [Field] {
        if endpoint != Endpoint::DeliveryConfiguration {
            return self.fields;
        }
        let mut blocks = self.capability_fields.iter();
        let block = blocks.find(|one| (one.capability, one.block) == FEATURE_STORE);
        block.map_or(&[], |block| block.fields)
    }

    /// An integration of which the manifest says no more: without capabilities and form variables,
    /// sent as an integration configuration. The other fields can be assigned.
    pub const fn new(key: &'static str, name: &'static str, version: &'static str) -> Self {
        Self {
            key,
            name,
            version,
            requires_oauth: false,
            allow_integration_configurations: None,
            capabilities: &[],
            other_capabilities: &[],
            endpoints: &[Endpoint::IntegrationConfiguration],
            fields: &[],
            capability_fields: &[],
            evidence: None,
            supplement: false,
        }
    }
}

/// The commit whose manifests this crate was generated from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Upstream {
    /// The repository's URL.
    pub repository: &'static str,
    /// The commit's full id.
    pub revision: &'static str,
    /// When it was committed, as RFC 3339.
    pub committed: &'static str,
}

/// A block of form variables inside a capability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CapabilityFields {
    /// Name of the capability, such as `featureStore`.
    pub capability: &'static str,
    /// Name of the block in it, such as `formVariables` or `environmentFormVariables`.
    pub block: &'static str,
    /// The form variables, in the manifest's order.
    pub fields: &'static [Field],
}

/// A form variable, as its manifest describes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Field {
    /// Its key on the wire (`key`), verbatim.
    pub key: &'static str,
    /// Its label for people (`name`).
    pub label: &'static str,
    /// Its type (`type`).
    pub kind: FieldKind,
    /// Whether it may be left out (`isOptional`).
    pub optional: bool,
    /// Whether its value is secret (`isSecret`, or known to be one although the manifest
    /// doesn't say so).
    pub secret: bool,
    /// Whether LaunchDarkly's own form hides it (`isHidden`).
    pub hidden: bool,
    /// What LaunchDarkly takes when it is left out (`defaultValue`).
    pub default: Option<DefaultValue>,
    /// The values to choose from (`allowedValues` or `multiselectOptions`), in the manifest's
    /// order. Empty when every value of the type is allowed.
    pub allowed_values: &'static [&'static str],
    /// Whether no public manifest has it: see [`Integration::evidence`].
    pub supplement: bool,
}

impl Field {
    /// A form variable that is required, neither secret nor hidden, and has no default and no
    /// listed values. The other fields can be assigned.
    pub const fn new(key: &'static str, label: &'static str, kind: FieldKind) -> Self {
        Self {
            key,
            label,
            kind,
            optional: false,
            secret: false,
            hidden: false,
            default: None,
            allowed_values: &[],
            supplement: false,
        }
    }

    /// Whether it can't be left out: it is neither optional nor has it a default.
    pub(crate) fn is_required(&self) -> bool {
        !self.optional && self.default.is_none()
    }

    /// Whether a string without a visible character is no value of it: it isn't optional, and no
    /// such string is its default or listed.
    pub(crate) fn refuses_blank(&self) -> bool {
        let is_blank = |text: &str| text.trim().is_empty();
        !self.optional
            && self.allowed_values.is_empty()
            && !matches!(self.default, Some(DefaultValue::String(text)) if is_blank(text))
    }

    /// Whether the empty string is a value of it, although it takes a URI: it is optional, and its
    /// default is the empty string.
    pub(crate) fn takes_empty_uri(&self) -> bool {
        self.optional && self.default == Some(DefaultValue::String(""))
    }
}

/// What generated code is written in. Which of it is called depends on the manifests.
#[allow(dead_code)]
impl Field {
    pub(crate) const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    pub(crate) const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    pub(crate) const fn hidden(mut self) -> Self {
        self.hidden = true;
        self
    }

    pub(crate) const fn supplement(mut self) -> Self {
        self.supplement = true;
        self
    }

    pub(crate) const fn with_default(mut self, default: DefaultValue) -> Self {
        self.default = Some(default);
        self
    }

    pub(crate) const fn with_values(mut self, allowed: &'static [&'static str]) -> Self {
        self.allowed_values = allowed;
        self
    }
}
