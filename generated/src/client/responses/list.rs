//! [`List`]: all resources of a kind.

use std::{slice, vec};

use super::FromResponse;
use super::common::Links;
use super::json::Json;
use super::object::{Object, Path, Resource, find};
use super::unparsed::Unparsed;

/// All resources of a kind. LaunchDarkly doesn't paginate these lists.
///
/// The items of most lists lack the values of their form variables. Use `get` for them.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
#[non_exhaustive]
pub struct List<T> {
    /// The resources.
    ///
    /// On the wire: `items`.
    pub items: Vec<T>,
    /// Related resources.
    ///
    /// On the wire: `_links`.
    pub links: Links,
    /// The integration's key. Only in lists of audit log subscriptions.
    ///
    /// On the wire: `key`.
    pub integration_key: Option<String>,
    /// The parts that have an unexpected shape. An item without an id is here, as `items[3]`, so check
    /// this before you conclude that a resource doesn't exist.
    pub unparsed: Unparsed,
}

impl<T> List<T> {
    /// The number of resources.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are no resources.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The resources.
    pub fn iter(&self) -> slice::Iter<'_, T> {
        self.items.iter()
    }
}

impl<T> IntoIterator for List<T> {
    type Item = T;
    type IntoIter = vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a List<T> {
    type Item = &'a T;
    type IntoIter = slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: Resource> FromResponse for List<T> {
    fn from_response(json: Json<'_>) -> Option<Self> {
        let Json::Object(mut members) = json else {
            return None;
        };
        let elements = match find(&mut members, "items").map(Json::take) {
            Some(Some(Json::Array(elements))) => elements,
            // Go writes an empty list as `null` or omits it.
            Some(None) => Vec::new(),
            None if matches!(find(&mut members, "_links"), Some(Json::Object(_))) => Vec::new(),
            // An empty list would mean that nothing exists.
            _ => return None,
        };
        let mut unparsed = Unparsed::default();
        let mut items = Vec::with_capacity(elements.len());
        for (index, element) in elements.into_iter().enumerate() {
            match T::read(element) {
                Ok(item) => items.push(item),
                Err(json) => unparsed.insert(format!("items[{index}]"), json.into()),
            }
        }
        let mut object = Object {
            path: &Path::Root,
            members,
            unparsed: &mut unparsed,
        };
        let links = object.take("_links");
        let integration_key = object.take("key");
        Some(Self {
            items,
            links,
            integration_key,
            unparsed,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::{AuditLogSubscription, DeliveryConfiguration};
    use super::*;

    type Subscriptions = List<AuditLogSubscription>;

    #[test]
    fn items_are_read_and_those_without_an_id_are_kept() {
        let list = Subscriptions::from_json(json!({
            "_links": {"self": {"href": "/x"}},
            "key": "datadog",
            "items": [{"_id": "1"}, {"name": "no id"}, {"_id": "2", "name": 7}, null],
        }));
        let list = list.unwrap();
        assert_eq!(list.integration_key.as_deref(), Some("datadog"));
        assert_eq!(list.links["self"].href.as_deref(), Some("/x"));
        assert_eq!((list.len(), list.is_empty()), (2, false));
        let mut ids = Vec::new();
        for item in &list {
            ids.push(item.id.as_str());
        }
        assert_eq!(ids, ["1", "2"]);
        assert_eq!(list.items[1].unparsed.get("name"), Some(&json!(7)));
        let unparsed = list.unparsed.clone();
        let expected = json!({"items[1]": {"name": "no id"}, "items[3]": null});
        assert_eq!(Value::from_iter(unparsed), expected);
        let ids: Vec<String> = list.into_iter().map(|item| item.id).collect();
        assert_eq!(ids, ["1", "2"]);
    }

    #[test]
    fn items_may_lack_config() {
        let list = json!({"items": [{"_id": "1"}, {"_id": "2", "config": {}}]});
        let list = List::<DeliveryConfiguration>::from_json(list).unwrap();
        assert_eq!(list.items[0].config, None);
        assert!(list.items[1].config.as_ref().unwrap().is_empty());
    }

    #[test]
    fn other_json_is_not_an_empty_list() {
        for empty in [
            json!({"items": []}),
            json!({"items": null}),
            json!({"_links": {}, "key": "datadog"}),
        ] {
            let list = Subscriptions::from_json(empty.clone());
            assert!(list.is_some_and(|list| list.is_empty()), "{empty}");
        }
        for other in [
            json!({}),
            json!([]),
            json!({"items": {}}),
            json!({"items": "x", "_links": {}}),
            json!({"message": "no", "_links": 7}),
        ] {
            assert!(Subscriptions::from_json(other.clone()).is_none(), "{other}");
        }
    }
}
