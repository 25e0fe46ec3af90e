//! A JSON document that keeps the order of properties. A repeated name is an error, and [`locate`] finds
//! the position of a value in the text.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::diagnostic::{Segment, escape_and_truncate};

/// A JSON value; objects keep upstream's order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// Any number
    Number(serde_json::Number),
    /// Text
    String(Cow<'a, str>),
    /// `[…]`
    Array(Vec<Node<'a>>),
    /// `{…}`
    Object(Vec<(Cow<'a, str>, Node<'a>)>),
}

impl Node<'_> {
    /// The kind of value, for messages.
    #[must_use]
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }

    /// The same value in serde's form, without the order.
    #[must_use]
    pub(crate) fn to_value(&self) -> serde_json::Value {
        match self {
            Self::Null => serde_json::Value::Null,
            Self::Bool(value) => (*value).into(),
            Self::Number(number) => number.clone().into(),
            Self::String(text) => text.as_ref().into(),
            Self::Array(items) => items.iter().map(Self::to_value).collect(),
            Self::Object(entries) => entries
                .iter()
                .map(|(name, value)| (name.clone().into_owned(), value.to_value()))
                .collect(),
        }
    }
}

/// Compact JSON for diagnostics; an array or object is shown by its size only.
impl fmt::Display for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => value.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::String(text) => {
                // The caller truncates it anyway, and a string can have many megabytes.
                let start: String = text.chars().take(200).collect();
                write!(f, "{start:?}")
            }
            Self::Array(items) => write!(f, "an array with {} items", items.len()),
            Self::Object(entries) => write!(f, "an object with {} properties", entries.len()),
        }
    }
}

impl<'de> Deserialize<'de> for Node<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Node::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        // JSON has neither infinities nor NaN, so this is always a number.
        Ok(serde_json::Number::from_f64(value).map_or(Node::Null, Node::Number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Node::String(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Node::String(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Node::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut entries: Vec<(Cow<'de, str>, Node<'de>)> = Vec::new();
        let mut names = HashSet::new();
        while let Some(Name(name)) = access.next_key()? {
            // Most objects are small and need no hashing.
            let is_repeated = if entries.len() < SMALL {
                entries.iter().any(|(other, _)| *other == name)
            } else {
                if names.is_empty() {
                    names.extend(entries.iter().map(|(name, _)| name.clone()));
                }
                !names.insert(name.clone())
            };
            if is_repeated {
                // The parser adds line and column.
                let name = escape_and_truncate(&name);
                return Err(A::Error::custom(format_args!(
                    "the object has the name {name:?} twice"
                )));
            }
            entries.push((name, access.next_value()?));
        }
        Ok(Node::Object(entries))
    }
}

/// Below this number of names, a linear search is faster than hashing.
const SMALL: usize = 32;

/// An object's name, borrowed from the text where it has no escapes.
struct Name<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;

        impl<'de> Visitor<'de> for NameVisitor {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Owned(text.to_owned())))
            }
        }

        deserializer.deserialize_str(NameVisitor)
    }
}

/// The span of each path's value in `text`, or of the deepest parent that exists.
///
/// It parses the text again, so that the first parse needs no positions. Only documents with
/// diagnostics pay for that. Each part of the text is read once for all paths.
#[must_use]
pub(crate) fn locate(text: &str, paths: &[Vec<&Segment>]) -> Vec<Option<Range<usize>>> {
    let mut found = vec![None; paths.len()];
    if let Ok(raw) = serde_json::from_str::<&RawValue>(text) {
        let ways = paths.iter().map(Vec::as_slice).enumerate().collect();
        follow(raw, ways, &mut |way, raw| {
            let start = (raw.get().as_ptr() as usize).checked_sub(text.as_ptr() as usize);
            found[way] = start.map(|start| start..start + raw.get().len());
        });
    }
    found
}

/// Calls `found` with the index of each path and its value or deepest existing parent.
fn follow<'a>(
    raw: &'a RawValue,
    ways: Vec<(usize, &[&Segment])>,
    found: &mut impl FnMut(usize, &'a RawValue),
) {
    if ways.iter().all(|(_, steps)| steps.is_empty()) {
        for (way, _) in ways {
            found(way, raw);
        }
        return;
    }
    let children = Children::of(raw);
    let mut onward: BTreeMap<usize, Vec<(usize, &[&Segment])>> = BTreeMap::new();
    for (way, steps) in ways {
        let step = steps.split_first();
        match step.and_then(|(first, rest)| Some((children.position(first)?, rest))) {
            Some((position, rest)) => onward.entry(position).or_default().push((way, rest)),
            None => found(way, raw),
        }
    }
    for (position, ways) in onward {
        follow(children.values[position], ways, found);
    }
}

/// The items of an array, or the values of an object.
struct Children<'a> {
    values: Vec<&'a RawValue>,
    /// The positions of an object's values by name; empty for an array.
    names: HashMap<Cow<'a, str>, usize>,
}

impl<'a> Children<'a> {
    fn of(raw: &'a RawValue) -> Self {
        let mut names = HashMap::new();
        if let Ok(values) = serde_json::from_str(raw.get()) {
            return Self { values, names };
        }
        let entries = serde_json::from_str(raw.get())
            .map_or_else(|_| Vec::new(), |RawObject(entries)| entries);
        let mut values = Vec::with_capacity(entries.len());
        for (Name(name), value) in entries {
            names.insert(name, values.len());
            values.push(value);
        }
        Self { values, names }
    }

    fn position(&self, step: &Segment) -> Option<usize> {
        match step {
            Segment::Index(position) => {
                (self.names.is_empty() && *position < self.values.len()).then_some(*position)
            }
            Segment::Key(name) => self.names.get(name.as_str()).copied(),
        }
    }
}

/// An object whose values aren't parsed.
struct RawObject<'a>(Vec<(Name<'a>, &'a RawValue)>);

impl<'de> Deserialize<'de> for RawObject<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RawVisitor;

        impl<'de> Visitor<'de> for RawVisitor {
            type Value = RawObject<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = access.next_entry()? {
                    entries.push(entry);
                }
                Ok(RawObject(entries))
            }
        }

        deserializer.deserialize_map(RawVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::JsonPath;

    #[test]
    fn order_survives() {
        let node: Node<'_> = serde_json::from_str(r#"{"b":1,"a":[true,null],"c":"\n"}"#).unwrap();
        let Node::Object(entries) = node else {
            panic!("not an object")
        };
        let names: Vec<_> = entries.iter().map(|(name, _)| name.as_ref()).collect();
        assert_eq!(names, ["b", "a", "c"]);
        assert_eq!(entries[2].1, Node::String("\n".into()));
    }

    #[test]
    fn paths_lead_to_their_text() {
        let text = r#"{ "a": [ {"k": 1}, {"k": "two", "l": 3} ], "b": {} }"#;
        let inner = JsonPath::root().key("a").index(1);
        let paths = [
            inner.key("k"),
            JsonPath::root().key("b"),
            inner.key("l"),
            JsonPath::root().key("a").index(0),
            JsonPath::root(),
        ];
        assert_eq!(
            texts(text, &paths),
            [r#""two""#, "{}", "3", r#"{"k": 1}"#, text]
        );
    }

    #[test]
    fn a_path_that_ends_early_leads_to_what_is_there() {
        let text = r#"{"a": {"b": 1}}"#;
        let root = JsonPath::root();
        let paths = [
            root.key("a").key("type"),
            root.key("a").key("b").key("c"),
            root.key("a").index(0),
            root.key("x").key("y"),
        ];
        assert_eq!(
            texts(text, &paths),
            [r#"{"b": 1}"#, "1", r#"{"b": 1}"#, text]
        );
    }

    fn texts<'a>(text: &'a str, paths: &[JsonPath]) -> Vec<&'a str> {
        let paths: Vec<_> = paths.iter().map(JsonPath::segments).collect();
        let found = locate(text, &paths).into_iter();
        found.map(|span| &text[span.unwrap()]).collect()
    }

    #[test]
    fn deep_nesting_is_an_error_not_a_crash() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(serde_json::from_str::<Node<'_>>(&deep).is_err());
        assert!(locate(&deep, &[vec![&Segment::Index(0)]])[0].is_some());
    }
}
