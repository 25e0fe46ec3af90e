//! [`NewDeliveryConfiguration`] and [`DeliveryConfigurationPatch`].

use super::draft::{COMMON_FORMAT, Draft, new_resource, optional_name};
use super::form_variables::FormVariables;
use super::patch::{Patch, patch};

/// A new delivery configuration: LaunchDarkly writes the flags of an environment to a third party's
/// feature store.
#[derive(Clone, Debug)]
#[must_use]
pub struct NewDeliveryConfiguration(pub(super) Draft);

optional_name!(
    NewDeliveryConfiguration,
    DeliveryConfigurationValues,
    DeliveryConfiguration
);
new_resource!(NewDeliveryConfiguration, COMMON_FORMAT);

impl NewDeliveryConfiguration {
    /// Sets whether it is on. Defaults to off when omitted.
    pub fn on(mut self, on: bool) -> Self {
        self.0.on = Some(on);
        self
    }
}

/// A patch of a delivery configuration. Each method replaces a whole property.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct DeliveryConfigurationPatch(pub(crate) Patch);

impl DeliveryConfigurationPatch {
    /// Sets whether it is on.
    pub fn on(mut self, on: bool) -> Self {
        self.0.json("/on", on.into());
        self
    }
}

patch!(
    DeliveryConfigurationPatch,
    DeliveryConfigurationValues,
    DeliveryConfiguration,
    "/config"
);
