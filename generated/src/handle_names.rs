//! Types with the names of the client's handles. If values are passed to the wrong handle, the compiler's
//! message shows the types of the right ones.

#![allow(
    non_camel_case_types,
    reason = "the compiler shows these names to users, who know the methods"
)]

/// The handle `audit_log_subscriptions()`.
#[derive(Clone, Copy, Debug)]
pub struct audit_log_subscriptions {}

/// The handle `big_segment_stores()`.
#[derive(Clone, Copy, Debug)]
pub struct big_segment_stores {}

/// The handle `delivery_configurations()`.
#[derive(Clone, Copy, Debug)]
pub struct delivery_configurations {}

/// The handle `flag_imports()`.
#[derive(Clone, Copy, Debug)]
pub struct flag_imports {}

/// The handle `integration_configurations()`.
#[derive(Clone, Copy, Debug)]
pub struct integration_configurations {}

/// The handles of values that no endpoint accepts.
#[derive(Clone, Copy, Debug)]
pub struct no_handle {}

/// The handles of `Values`, which include `Handle`.
///
/// The compiler shows this message, and not that of the endpoint's trait, because `Self` is not the type of the
/// values.
#[cfg(feature = "client")]
#[diagnostic::on_unimplemented(
    message = "`{Handle}()` doesn't accept `{Values}`",
    label = "send it with: `{Self}`"
)]
pub trait Include<Handle, Values> {}

/// The type of the handles of these endpoints.
macro_rules! handles {
    () => {
        $crate::handle_names::no_handle
    };
    (AuditLogSubscription) => {
        $crate::handle_names::audit_log_subscriptions
    };
    (BigSegmentStore) => {
        $crate::handle_names::big_segment_stores
    };
    (DeliveryConfiguration) => {
        $crate::handle_names::delivery_configurations
    };
    (FlagImport) => {
        $crate::handle_names::flag_imports
    };
    (IntegrationConfiguration) => {
        $crate::handle_names::integration_configurations
    };
    ($($endpoint:ident),+) => {
        ($($crate::handles!($endpoint)),+)
    };
}

pub(crate) use handles;
