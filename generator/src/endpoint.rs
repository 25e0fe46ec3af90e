//! The endpoints of LaunchDarkly's API that take the values of a manifest's form variables.

/// An endpoint that takes values.
///
/// In the order in which they are listed for an integration: first those that a capability names.
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
    /// Those that take an integration's own form variables, each with the capability that says so.
    pub(crate) const BY_CAPABILITY: [(Self, &'static str); 3] = [
        (Self::AuditLogSubscription, "auditLogEventsHook"),
        (Self::BigSegmentStore, "bigSegmentStore"),
        (Self::FlagImport, "flagImport"),
    ];

    /// The endpoint that takes the form variables of a capability's block.
    pub(crate) fn of_block(capability: &str, block: &str) -> Option<Self> {
        (capability == "featureStore" && block == "formVariables")
            .then_some(Self::DeliveryConfiguration)
    }

    /// Whether LaunchDarkly's documentation excludes what this endpoint takes from integration
    /// configurations.
    pub(crate) const fn is_exclusive(self) -> bool {
        matches!(self, Self::BigSegmentStore | Self::FlagImport)
    }

    /// Its name in JSON.
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

    /// Its variant of the generated crate's `Endpoint`.
    pub(crate) const fn variant(self) -> &'static str {
        match self {
            Self::AuditLogSubscription => "AuditLogSubscription",
            Self::BigSegmentStore => "BigSegmentStore",
            Self::DeliveryConfiguration => "DeliveryConfiguration",
            Self::FlagImport => "FlagImport",
            Self::IntegrationConfiguration => "IntegrationConfiguration",
        }
    }

    /// Several in a line, for people and in JSON.
    #[must_use]
    pub fn listed(endpoints: &[Self]) -> String {
        let names: Vec<&str> = endpoints.iter().map(|endpoint| endpoint.as_str()).collect();
        names.join(", ")
    }
}

/// Why the endpoint for integration configurations takes an integration's own values, or doesn't.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The manifest allows them.
    Allowed,
    /// The manifest doesn't say; whether the server takes them is unknown.
    Unsaid,
    /// The manifest refuses them.
    Refused,
    /// LaunchDarkly's documentation excludes the integration's capability.
    Excluded,
}

impl Verdict {
    /// Whether the values are sent there.
    #[must_use]
    pub const fn is_taken(self) -> bool {
        matches!(self, Self::Allowed | Self::Unsaid)
    }

    /// Its name in the generated crate.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Allowed => "Allowed",
            Self::Unsaid => "Unsaid",
            Self::Refused => "Refused",
            Self::Excluded => "Excluded",
        }
    }

    /// In words.
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
