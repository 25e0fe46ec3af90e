//! The facts of integrations as constants.

use crate::Endpoint;
use crate::values::{DefaultValue, FieldKind};

/// The facts of an integration, as its manifest states them.
///
/// They include fields and capabilities that only LaunchDarkly's server has, not the public manifest: see
/// [`evidence`](Self::evidence).
///
/// The constant `INTEGRATION` of each generated module is one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Integration {
    /// The integration key, as it is used in the paths of the API.
    pub key: &'static str,
    /// The name for people (`name`).
    pub name: &'static str,
    /// The version of the manifest (`version`), such as `1.0.0`. Empty if the manifest has none.
    pub version: &'static str,
    /// Whether configuring it requires an OAuth sign-in (`requiresOAuth`).
    pub requires_oauth: bool,
    /// Whether it allows integration configurations (`allowIntegrationConfigurations`); `None` if the
    /// manifest doesn't say.
    pub allow_integration_configurations: Option<bool>,
    /// The names of its capabilities (keys of `capabilities`), such as `auditLogEventsHook`.
    pub capabilities: &'static [&'static str],
    /// The names of further capabilities, which have no form variables (`otherCapabilities`).
    pub other_capabilities: &'static [&'static str],
    /// The endpoints that accept its values or those of its capabilities. The endpoints that belong to a
    /// capability come first.
    pub endpoints: &'static [Endpoint],
    /// Its form variables (`formVariables`), in upstream's order.
    pub fields: &'static [Field],
    /// The form variables of its capabilities.
    pub capability_fields: &'static [CapabilityFields],
    /// The URL of a page that proves the parts that are in no public manifest: the whole integration, or
    /// the fields that are marked as `supplement`. `None` if there are no such parts.
    pub evidence: Option<&'static str>,
    /// Whether the whole integration is in no public manifest.
    pub supplement: bool,
}

impl Integration {
    /// The form variables whose values this endpoint accepts. Empty if it accepts none of this integration.
    #[cfg(feature = "client")]
    pub(crate) fn fields_of(&self, endpoint: Endpoint) -> &'static [Field] {
        if endpoint != Endpoint::DeliveryConfiguration {
            return self.fields;
        }
        let mut blocks = self.capability_fields.iter();
        let block = blocks.find(|block| block.is_feature_store());
        block.map_or(&[], |block| block.fields)
    }

    /// The first endpoint for its own values, or the one for those of the capability `featureStore`.
    pub(crate) fn endpoint(&self, is_feature_store: bool) -> Option<Endpoint> {
        let mut endpoints = self.endpoints.iter().copied();
        endpoints.find(|one| (*one == Endpoint::DeliveryConfiguration) == is_feature_store)
    }

    /// Creates an integration without capabilities and form variables, which is sent as an integration
    /// configuration. Assign the other fields where they differ.
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

/// The commit of the manifests that this crate was generated from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Upstream {
    /// The URL of the repository.
    pub repository: &'static str,
    /// The full id of the commit.
    pub revision: &'static str,
    /// The time of the commit in RFC 3339.
    pub committed: &'static str,
}

/// A block of form variables inside a capability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CapabilityFields {
    /// The name of the capability, such as `featureStore`.
    pub capability: &'static str,
    /// The name of the block in it, such as `formVariables` or `environmentFormVariables`.
    pub block: &'static str,
    /// The form variables, in upstream's order.
    pub fields: &'static [Field],
}

impl CapabilityFields {
    /// Whether the values of this block have their own endpoint.
    pub(crate) fn is_feature_store(&self) -> bool {
        (self.capability, self.block) == ("featureStore", "formVariables")
    }
}

/// The facts of a form variable, as its manifest states them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Field {
    /// The wire key (`key`).
    pub key: &'static str,
    /// The label for people (`name`).
    pub label: &'static str,
    /// The type (`type`).
    pub kind: FieldKind,
    /// Whether it can be omitted (`isOptional`).
    pub optional: bool,
    /// Whether its value is treated as secret: the manifest says so (`isSecret`), or this crate knows it.
    pub secret: bool,
    /// Whether LaunchDarkly's own form hides it (`isHidden`).
    pub hidden: bool,
    /// The value that LaunchDarkly uses when it is omitted (`defaultValue`).
    pub default: Option<DefaultValue>,
    /// The listed values (`allowedValues` or `multiselectOptions`), in upstream's order. Empty if every
    /// value of the type is allowed.
    pub allowed_values: &'static [&'static str],
    /// Whether it is in no public manifest: see [`Integration::evidence`].
    pub supplement: bool,
}

impl Field {
    /// Creates a required form variable without a default and without listed values, which isn't secret and
    /// isn't hidden. Assign the other fields where they differ.
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

    /// Whether it can't be omitted: it isn't optional and has no default.
    pub(crate) fn is_required(&self) -> bool {
        !self.optional && self.default.is_none()
    }

    /// Whether blank strings are refused: it isn't optional, it has no listed values, and its default isn't
    /// blank.
    pub(crate) fn refuses_blank(&self) -> bool {
        let is_blank = |text: &str| text.trim().is_empty();
        !self.optional
            && self.allowed_values.is_empty()
            && !matches!(self.default, Some(DefaultValue::String(text)) if is_blank(text))
    }

    /// Whether a URI may be the empty string: it is optional, and its default is the empty string.
    pub(crate) fn takes_empty_uri(&self) -> bool {
        self.optional && self.default == Some(DefaultValue::String(""))
    }
}

/// Used by generated code. The manifests decide which of these are called.
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
