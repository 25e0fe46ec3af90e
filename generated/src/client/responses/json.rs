//! [`Json`]: parsed JSON that borrows its strings.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};

/// Like [`Value`], but cheaper to parse: keys and strings without escapes are borrowed.
pub(crate) enum Json<'a> {
    Null,
    Bool(bool),
    Number(Number),
    String(Cow<'a, str>),
    Array(Vec<Json<'a>>),
    Object(Members<'a>),
}

/// The members of an object, in order. The last member with a key counts.
pub(super) type Members<'a> = Vec<(Cow<'a, str>, Json<'a>)>;

impl Json<'_> {
    /// Takes the JSON and leaves `null`. Returns `None` if it is `null`.
    pub(super) fn take(&mut self) -> Option<Self> {
        match std::mem::replace(self, Self::Null) {
            Self::Null => None,
            other => Some(other),
        }
    }

    pub(super) fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Number(number) => number.as_u64(),
            _ => None,
        }
    }

    pub(super) fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Number(number) => number.as_i64(),
            _ => None,
        }
    }
}

impl From<Json<'_>> for Value {
    fn from(json: Json<'_>) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(bool) => Self::Bool(bool),
            Json::Number(number) => Self::Number(number),
            Json::String(text) => Self::String(text.into_owned()),
            Json::Array(elements) => elements.into_iter().map(Self::from).collect(),
            Json::Object(members) => {
                let members = members.into_iter();
                Self::Object(
                    members
                        .map(|(key, json)| (key.into_owned(), json.into()))
                        .collect(),
                )
            }
        }
    }
}

impl From<Value> for Json<'_> {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(bool) => Self::Bool(bool),
            Value::Number(number) => Self::Number(number),
            Value::String(text) => Self::String(text.into()),
            Value::Array(elements) => Self::Array(elements.into_iter().map(Self::from).collect()),
            Value::Object(members) => {
                let members = members.into_iter();
                Self::Object(
                    members
                        .map(|(key, value)| (key.into(), value.into()))
                        .collect(),
                )
            }
        }
    }
}

/// With the feature `arbitrary_precision`, which another crate may turn on, serde_json passes a number as
/// an object with this key.
const NUMBER: &str = "$serde_json::private::Number";

impl<'de> Deserialize<'de> for Json<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct JsonVisitor;

        impl<'de> Visitor<'de> for JsonVisitor {
            type Value = Json<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }

            fn visit_unit<E>(self) -> Result<Json<'de>, E> {
                Ok(Json::Null)
            }

            fn visit_bool<E>(self, bool: bool) -> Result<Json<'de>, E> {
                Ok(Json::Bool(bool))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Json<'de>, E> {
                Ok(Json::Number(number.into()))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Json<'de>, E> {
                Ok(Json::Number(number.into()))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Json<'de>, E> {
                Ok(Number::from_f64(number).map_or(Json::Null, Json::Number))
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Json<'de>, E> {
                Ok(Json::String(text.into()))
            }

            fn visit_str<E>(self, text: &str) -> Result<Json<'de>, E> {
                Ok(Json::String(text.to_owned().into()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Json<'de>, A::Error> {
                let mut elements = Vec::new();
                while let Some(element) = seq.next_element()? {
                    elements.push(element);
                }
                Ok(Json::Array(elements))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json<'de>, A::Error> {
                let mut members = Members::new();
                // Keys are read as JSON too, since serde has no string type that borrows if possible.
                while let Some((key, member)) = map.next_entry()? {
                    match (key, member) {
                        (Json::String(key), Json::String(digits)) if key == NUMBER => {
                            return digits.parse().map(Json::Number).map_err(A::Error::custom);
                        }
                        (Json::String(key), member) => members.push((key, member)),
                        _ => return Err(A::Error::custom("a key is not a string")),
                    }
                }
                Ok(Json::Object(members))
            }
        }

        deserializer.deserialize_any(JsonVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_equals_a_value_of_serde_json() {
        for text in [
            "null",
            " true ",
            "0",
            "-7",
            "18446744073709551615",
            "-9223372036854775808",
            "18446744073709551616",
            "-0",
            "1.5e-7",
            r#""a""#,
            r#""a\n\u00e9\ud83d\ude00""#,
            "[]",
            r#"[1, "a", [null], {}]"#,
            r#"{"a": {"b\"": false}, "": [{"c": 1.0}]}"#,
            r#"{"a": 1, "b": 2, "a": null}"#,
        ] {
            let value: Value = serde_json::from_str(text).unwrap();
            let json: Json<'_> = serde_json::from_str(text).unwrap();
            assert_eq!(Value::from(json), value, "{text}");
            assert_eq!(Value::from(Json::from(value.clone())), value, "{text}");
        }
    }

    #[test]
    fn invalid_json_is_refused_as_by_serde_json() {
        let deep = "[".repeat(200);
        for text in [
            "",
            "{",
            "[1,]",
            r#"{"a" 1}"#,
            r#"{1: 2}"#,
            "1 2",
            "\"\u{1}\"",
            "01",
            &deep,
        ] {
            let expected = serde_json::from_str::<Value>(text).unwrap_err();
            let error = serde_json::from_str::<Json<'_>>(text)
                .map(|_| ())
                .unwrap_err();
            assert_eq!(error.to_string(), expected.to_string(), "{text}");
        }
    }

    #[test]
    fn only_strings_with_escapes_are_copied() {
        let json: Json<'_> = serde_json::from_str(r#"{"a": "b", "c\n": "d\n"}"#).unwrap();
        let Json::Object(members) = json else {
            panic!("not an object");
        };
        let borrowed = members.iter().map(|(key, json)| {
            let is_borrowed = |text: &Cow<'_, str>| matches!(text, Cow::Borrowed(_));
            (
                is_borrowed(key),
                matches!(json, Json::String(text) if is_borrowed(text)),
            )
        });
        assert!(borrowed.eq([(true, true), (false, false)]));
    }

    /// The input is what serde_json passes with the feature `arbitrary_precision`.
    #[test]
    fn numbers_of_arbitrary_precision_are_read() {
        let text = format!(r#"[{{"{NUMBER}": "7"}}]"#);
        let json: Json<'_> = serde_json::from_str(&text).unwrap();
        assert_eq!(Value::from(json), serde_json::json!([7]));
    }
}
