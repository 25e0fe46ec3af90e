//! The traits by which the compiler sends values to an endpoint that takes them: one for each
//! [`Endpoint`](crate::Endpoint).

use super::requests::{RawConfigValues, Values};

/// A trait of an endpoint. The notes are the same for all, since none knows what it was given.
macro_rules! endpoint_values {
    ($(#[$doc:meta])* $name:ident, $message:literal, $label:literal) => {
        $(#[$doc])*
        ///
        /// Implemented by generated types, by the manifest's facts, and by [`RawConfigValues`]. It
        /// can't be implemented elsewhere.
        #[diagnostic::on_unimplemented(
            message = $message,
            label = $label,
            note = "`audit_log_subscriptions()` takes the `ConfigValues` of integrations with the capability `auditLogEventsHook`, `big_segment_stores()` those with `bigSegmentStore`, `flag_imports()` those with `flagImport`; `integration_configurations()` takes all but the last two, unless the manifest refuses; `delivery_configurations()` takes each `FeatureStoreConfig`",
            note = "a builder isn't sent: call `.build()` on it first",
            note = "values of an integration that is known only at run time (`AnyConfigValues`) are passed to `with_any`, not to `new`"
        )]
        pub trait $name: Into<Values> {}

        impl $name for RawConfigValues {}
    };
}

endpoint_values!(
    /// Values that can be sent as an integration configuration: the `ConfigValues` of every
    /// integration, except those whose manifest refuses it, big segment stores and flag imports.
    IntegrationConfigurationValues,
    "`{Self}` can't be sent as an integration configuration",
    "`integration_configurations()` doesn't take this"
);

endpoint_values!(
    /// Values that can be sent as an audit log subscription: the `ConfigValues` of integrations
    /// with the capability `auditLogEventsHook`.
    AuditLogSubscriptionValues,
    "`{Self}` can't be sent as an audit log subscription",
    "`audit_log_subscriptions()` doesn't take this"
);

endpoint_values!(
    /// Values that can be sent as a delivery configuration: those of the capability
    /// `featureStore`, each a `FeatureStoreConfig`.
    DeliveryConfigurationValues,
    "`{Self}` can't be sent as a delivery configuration",
    "`delivery_configurations()` doesn't take this"
);

endpoint_values!(
    /// Values that can be sent as a big segment store: the `ConfigValues` of integrations with the
    /// capability `bigSegmentStore`.
    BigSegmentStoreValues,
    "`{Self}` can't be sent as a big segment store",
    "`big_segment_stores()` doesn't take this"
);

endpoint_values!(
    /// Values that can be sent as a flag import: the `ConfigValues` of integrations with the
    /// capability `flagImport`.
    FlagImportValues,
    "`{Self}` can't be sent as a flag import",
    "`flag_imports()` doesn't take this"
);

/// Each trait under the name of its [`Endpoint`](crate::Endpoint), for the macros that implement
/// them.
#[allow(
    unused_imports,
    reason = "the manifests say which of them are implemented"
)]
pub(crate) mod of {
    pub(crate) use super::{
        AuditLogSubscriptionValues as AuditLogSubscription,
        BigSegmentStoreValues as BigSegmentStore,
        DeliveryConfigurationValues as DeliveryConfiguration, FlagImportValues as FlagImport,
        IntegrationConfigurationValues as IntegrationConfiguration,
    };
}
