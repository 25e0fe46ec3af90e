//! [`NewBigSegmentStore`] and [`BigSegmentStorePatch`].

use super::draft::{COMMON_FORMAT, Draft, new_resource, optional_name};
use super::form_variables::FormVariables;
use super::patch::{Patch, patch};

/// A new big segment store, also called persistent store: a Redis or DynamoDB database that LaunchDarkly
/// writes the big segments of an environment to.
#[derive(Clone, Debug)]
#[must_use]
pub struct NewBigSegmentStore(pub(super) Draft);

optional_name!(NewBigSegmentStore, BigSegmentStoreValues, BigSegmentStore);
new_resource!(NewBigSegmentStore, COMMON_FORMAT);

impl NewBigSegmentStore {
    /// Sets whether it is on. Defaults to off when omitted.
    pub fn on(mut self, on: bool) -> Self {
        self.0.on = Some(on);
        self
    }
}

/// A patch of a big segment store. Each method replaces a whole property.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct BigSegmentStorePatch(pub(crate) Patch);

impl BigSegmentStorePatch {
    /// Sets whether it is on.
    pub fn on(mut self, on: bool) -> Self {
        self.0.json("/on", on.into());
        self
    }
}

patch!(
    BigSegmentStorePatch,
    BigSegmentStoreValues,
    BigSegmentStore,
    "/config"
);
