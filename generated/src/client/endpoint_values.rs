//! The traits of values that an endpoint accepts, one for each [`Endpoint`](crate::Endpoint).

use super::requests::{RawConfigValues, Values};

/// Defines a trait. The notes are the same for all traits, because they can't depend on the type.
macro_rules! endpoint_values {
    ($(#[$doc:meta])* $name:ident, $message:literal, $label:literal) => {
        $(#[$doc])*
        ///
        /// Implemented by generated types, according to the manifest, and by [`RawConfigValues`]. You
        /// can't implement it.
        #[diagnostic::on_unimplemented(
            message = $message,
            label = $label,
            note = "is it the wrong handle? `delivery_configurations()` takes `FeatureStoreConfig`; for `ConfigValues`, the page of the integration's module names the handle under \"Where to send these values\"",
            note = "is it a builder? Call `.build()` first",
            note = "is it `AnyConfigValues`? Pass it to `with_any`, or to `any_values` of a patch"
        )]
        pub trait $name: Into<Values> {}

        impl $name for RawConfigValues {}
    };
}

endpoint_values!(
    /// Values of an integration configuration: the `ConfigValues` of integrations without the capability
    /// `bigSegmentStore` or `flagImport`, unless the manifest excludes them.
    IntegrationConfigurationValues,
    "`{Self}` can't be sent as an integration configuration",
    "`integration_configurations()` doesn\'t take it"
);

endpoint_values!(
    /// Values of an audit log subscription: the `ConfigValues` of integrations with the capability
    /// `auditLogEventsHook`.
    AuditLogSubscriptionValues,
    "`{Self}` can't be sent as an audit log subscription",
    "`audit_log_subscriptions()` doesn\'t take it"
);

endpoint_values!(
    /// Values of a delivery configuration: the `FeatureStoreConfig` of integrations with the capability
    /// `featureStore`.
    DeliveryConfigurationValues,
    "`{Self}` can't be sent as a delivery configuration",
    "`delivery_configurations()` doesn\'t take it"
);

endpoint_values!(
    /// Values of a big segment store: the `ConfigValues` of integrations with the capability
    /// `bigSegmentStore`.
    BigSegmentStoreValues,
    "`{Self}` can't be sent as a big segment store",
    "`big_segment_stores()` doesn\'t take it"
);

endpoint_values!(
    /// Values of a flag import: the `ConfigValues` of integrations with the capability `flagImport`.
    FlagImportValues,
    "`{Self}` can't be sent as a flag import",
    "`flag_imports()` doesn\'t take it"
);

/// The traits by the names of their [`Endpoint`](crate::Endpoint)s, for the macros that implement them.
#[allow(
    unused_imports,
    reason = "the manifests decide which of them are implemented"
)]
pub(crate) mod by_endpoint {
    pub(crate) use super::{
        AuditLogSubscriptionValues as AuditLogSubscription,
        BigSegmentStoreValues as BigSegmentStore,
        DeliveryConfigurationValues as DeliveryConfiguration, FlagImportValues as FlagImport,
        IntegrationConfigurationValues as IntegrationConfiguration,
    };
}
