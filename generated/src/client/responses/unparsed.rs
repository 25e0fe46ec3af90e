//! [`Unparsed`]: the parts of a response that have an unexpected shape.

use std::collections::{BTreeMap, btree_map};
use std::fmt;

use serde_json::Value;

/// The parts of a response that don't have the shape that LaunchDarkly's API description requires. Each is
/// JSON by its path, such as `capabilityConfig.approvals.additionalFormVariables` or `items[3]`.
///
/// The field of an unparsed part is `None` or empty. A list of objects lacks the unparsed element. A list of
/// strings with an unexpected element is unparsed as a whole.
///
/// `Debug` shows the paths only, since a part may contain a secret.
#[derive(Clone, Default, PartialEq)]
pub struct Unparsed(BTreeMap<String, Value>);

impl Unparsed {
    /// The paths and the JSON, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(path, json)| (path.as_str(), json))
    }

    /// The JSON at this path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Value> {
        self.0.get(path)
    }

    /// Whether the whole response had the expected shape.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The number of parts.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn insert(&mut self, path: String, json: Value) {
        self.0.insert(path, json);
    }
}

impl IntoIterator for Unparsed {
    type Item = (String, Value);
    type IntoIter = btree_map::IntoIter<String, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Debug for Unparsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
