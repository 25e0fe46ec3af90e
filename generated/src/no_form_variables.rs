//! [`NoFormVariables`]: the values of an integration without form variables.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

use crate::values::{Entries, ObjectReader};
use crate::{Endpoint, Field, FormValues, IntegrationKey, IntegrationValues, values};

/// The `ConfigValues` of an integration without form variables.
///
/// They are serialized as `{}`, and reading refuses every key.
#[must_use]
#[non_exhaustive]
pub struct NoFormVariables<K> {
    key: PhantomData<K>,
}

/// An integration without form variables.
#[doc(hidden)]
pub trait Key: Send + Sync + 'static {
    const KEY: IntegrationKey;
    const ENDPOINTS: &'static [Endpoint];
    type Handles;
}

impl<K: Key> NoFormVariables<K> {
    /// Creates the values, which are empty.
    pub const fn new() -> Self {
        Self { key: PhantomData }
    }
}

impl<K: Key> Default for NoFormVariables<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Key> Clone for NoFormVariables<K> {
    fn clone(&self) -> Self {
        Self::new()
    }
}

/// They are always equal.
impl<K: Key> PartialEq for NoFormVariables<K> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<K: Key> Eq for NoFormVariables<K> {}

impl<K: Key> fmt::Debug for NoFormVariables<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConfigValues")
    }
}

crate::macros::inherent!(NoFormVariables, K: Key);

impl<K: Key> FormValues for NoFormVariables<K> {
    const FIELDS: &'static [Field] = &[];

    fn write<'a>(&'a self, _: &mut Entries<'a>) {}

    fn read(_: &mut ObjectReader) -> Option<Self> {
        Some(Self::new())
    }
}

#[diagnostic::do_not_recommend]
impl<K: Key> IntegrationValues for NoFormVariables<K> {
    const KEY: IntegrationKey = K::KEY;
    const ENDPOINTS: &'static [Endpoint] = K::ENDPOINTS;
    type Handles = K::Handles;
}

impl<K: Key> Serialize for NoFormVariables<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        values::serialize(self, serializer)
    }
}

impl<'de, K: Key> Deserialize<'de> for NoFormVariables<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        values::deserialize(deserializer)
    }
}

#[cfg(feature = "schemars")]
impl<K: Key> schemars::JsonSchema for NoFormVariables<K> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        crate::schema::name(K::KEY.as_str(), "ConfigValues")
    }

    fn schema_id() -> std::borrow::Cow<'static, str> {
        let key = K::KEY.as_str();
        format!("launchdarkly_integrations::integrations::{key}::ConfigValues").into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        crate::schema::object(&[])
    }
}
