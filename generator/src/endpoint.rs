//! The endpoints of LaunchDarkly's API that accept the values of a manifest's form variables.

/// An endpoint that accepts form variable values.
///
/// Lists of endpoints use this order: first the endpoints that belong to a capability.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Endpoint {
    /// `/integrations`.
    AuditLogSubscription,
    /// `/integration-capabilities/big-segment-store`.
    BigSegmentStore,
    /// `/integration-capabilities/featureStore`.
    DeliveryConfiguration,
    /// `/integration-capabilities/flag-import`.
    FlagImport,
    /// `/integration-configurations`.
    IntegrationConfiguration,
}

impl Endpoint {
    /// All endpoints, in this order.
    pub(crate) const ALL: [Self; 5] = [
        Self::AuditLogSubscription,
        Self::BigSegmentStore,
        Self::DeliveryConfiguration,
        Self::FlagImport,
        Self::IntegrationConfiguration,
    ];

    /// The endpoints that accept an integration's own form variables if it has a certain capability.
    pub(crate) const BY_CAPABILITY: [(Self, &'static str); 3] = [
        (Self::AuditLogSubscription, "auditLogEventsHook"),
        (Self::BigSegmentStore, "bigSegmentStore"),
        (Self::FlagImport, "flagImport"),
    ];

    /// The endpoint that accepts the form variables of a capability's block.
    pub(crate) fn of_block(capability: &str, block: &str) -> Option<Self> {
        (capability == "featureStore" && block == "formVariables")
            .then_some(Self::DeliveryConfiguration)
    }

    /// Whether LaunchDarkly's documentation says that integrations with this endpoint can't have
    /// integration configurations.
    pub(crate) const fn is_exclusive(self) -> bool {
        matches!(self, Self::BigSegmentStore | Self::FlagImport)
    }

    /// The name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuditLogSubscription => "audit-log-subscription",
            Self::BigSegmentStore => "big-segment-store",
            Self::DeliveryConfiguration => "delivery-configuration",
            Self::FlagImport => "flag-import",
            Self::IntegrationConfiguration => "integration-configuration",
        }
    }

    /// The name for people, such as `audit log subscription`.
    pub(crate) fn words(self) -> String {
        self.as_str().replace('-', " ")
    }

    /// The path below `/api/v2`.
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::AuditLogSubscription => "/integrations",
            Self::BigSegmentStore => "/integration-capabilities/big-segment-store",
            Self::DeliveryConfiguration => "/integration-capabilities/featureStore",
            Self::FlagImport => "/integration-capabilities/flag-import",
            Self::IntegrationConfiguration => "/integration-configurations",
        }
    }

    /// The variant of the generated crate's `Endpoint`.
    pub(crate) const fn variant(self) -> &'static str {
        match self {
            Self::AuditLogSubscription => "AuditLogSubscription",
            Self::BigSegmentStore => "BigSegmentStore",
            Self::DeliveryConfiguration => "DeliveryConfiguration",
            Self::FlagImport => "FlagImport",
            Self::IntegrationConfiguration => "IntegrationConfiguration",
        }
    }

    /// The names, separated by commas.
    #[must_use]
    pub fn listed(endpoints: &[Self]) -> String {
        let names: Vec<&str> = endpoints.iter().map(|endpoint| endpoint.as_str()).collect();
        names.join(", ")
    }
}

/// Whether the endpoint for integration configurations accepts an integration's own values, and how
/// that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfigurationSupport {
    /// The manifest says `allowIntegrationConfigurations: true`.
    Allowed,
    /// The manifest doesn't say, so it is unknown whether the server accepts the values.
    Unsaid,
    /// The manifest says `allowIntegrationConfigurations: false`.
    Refused,
    /// LaunchDarkly's documentation excludes the integration's capability.
    Excluded,
}

impl ConfigurationSupport {
    /// Whether the generated crate sends the values to that endpoint.
    #[must_use]
    pub const fn is_accepted(self) -> bool {
        matches!(self, Self::Allowed | Self::Unsaid)
    }

    /// The token that macros of the generated crate match.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Allowed => "Allowed",
            Self::Unsaid => "Unsaid",
            Self::Refused => "Refused",
            Self::Excluded => "Excluded",
        }
    }

    /// The reason, for people.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed by the manifest",
            Self::Unsaid => "the manifest doesn't say",
            Self::Refused => "refused by the manifest",
            Self::Excluded => "excluded by the documentation",
        }
    }
}
