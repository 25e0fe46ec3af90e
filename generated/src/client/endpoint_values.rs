//! The traits of values that an endpoint accepts, one for each [`Endpoint`](crate::Endpoint).

use super::requests::{RawConfigValues, Values};
use crate::IntegrationValues;
use crate::handle_names::{self, Include};

macro_rules! endpoint_values {
    ($(#[$doc:meta])* $name:ident, $handle:ident, $message:literal) => {
        $(#[$doc])*
        ///
        /// Implemented by generated types, according to the manifest, and by [`RawConfigValues`]. You
        /// can't implement it.
        #[diagnostic::on_unimplemented(
            message = $message,
            label = "expected `ConfigValues`, `FeatureStoreConfig` or `RawConfigValues`",
            note = "is it a builder? Call `.build()` first",
            note = "is it `AnyConfigValues`? Pass it to `with_any`, or to `any_values` of a patch"
        )]
        pub trait $name: Into<Values> {}

        impl $name for RawConfigValues {}

        impl<T> $name for T
        where
            T: IntegrationValues,
            T::Handles: Include<handle_names::$handle, T>,
        {
        }
    };
}

endpoint_values!(
    /// Values of an integration configuration: the `ConfigValues` of integrations without the capability
    /// `bigSegmentStore` or `flagImport`, unless the manifest excludes them.
    IntegrationConfigurationValues,
    integration_configurations,
    "`{Self}` can't be sent as an integration configuration"
);

endpoint_values!(
    /// Values of an audit log subscription: the `ConfigValues` of integrations with the capability
    /// `auditLogEventsHook`.
    AuditLogSubscriptionValues,
    audit_log_subscriptions,
    "`{Self}` can't be sent as an audit log subscription"
);

endpoint_values!(
    /// Values of a delivery configuration: the `FeatureStoreConfig` of integrations with the capability
    /// `featureStore`.
    DeliveryConfigurationValues,
    delivery_configurations,
    "`{Self}` can't be sent as a delivery configuration"
);

endpoint_values!(
    /// Values of a big segment store: the `ConfigValues` of integrations with the capability
    /// `bigSegmentStore`.
    BigSegmentStoreValues,
    big_segment_stores,
    "`{Self}` can't be sent as a big segment store"
);

endpoint_values!(
    /// Values of a flag import: the `ConfigValues` of integrations with the capability `flagImport`.
    FlagImportValues,
    flag_imports,
    "`{Self}` can't be sent as a flag import"
);
