//! New big segment stores, and patches of them.

use super::draft::{Draft, RESOURCE, new_resource};
use super::form_variables::FormVariables;
use super::patch::{Patch, patch};
use crate::client::BigSegmentStoreValues;
use crate::{AnyConfigValues, Endpoint, WrongEndpoint};

/// A new big segment store, which LaunchDarkly also calls a persistent store: Redis or DynamoDB, where
/// it keeps the segments of an environment that are too big for memory.
#[derive(Clone, Debug)]
#[must_use]
pub struct NewBigSegmentStore(Draft);

impl NewBigSegmentStore {
    /// A big segment store with these values: a generated `ConfigValues`, or
    /// [`RawConfigValues`](crate::client::RawConfigValues). Values for another endpoint don't
    /// compile.
    pub fn new(values: impl BigSegmentStoreValues) -> Self {
        Self(Draft::new(None, FormVariables::new(values.into())))
    }

    /// As [`new`](Self::new), with values of an integration that is known only at run time.
    ///
    /// # Errors
    ///
    /// [`WrongEndpoint`] if the endpoint doesn't take them.
    pub fn with_any(values: AnyConfigValues) -> Result<Self, WrongEndpoint> {
        let values = FormVariables::checked(values, Endpoint::BigSegmentStore)?;
        Ok(Self(Draft::new(None, values)))
    }

    #[cfg(any(feature = "async", feature = "blocking"))]
    pub(crate) fn name_ref(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// Sets its name. LaunchDarkly makes one up when this is omitted; an empty or blank one is
    /// refused before anything is sent.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.0.name = Some(name.into());
        self
    }

    /// Sets whether it is on. It is off when this is omitted.
    pub fn on(mut self, on: bool) -> Self {
        self.0.on = Some(on);
        self
    }
}

new_resource!(NewBigSegmentStore, RESOURCE);

/// A patch of a big segment store: it replaces whole properties.
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
