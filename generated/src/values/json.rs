//! Any JSON, secret or not: the value of a form variable of an unknown type.

use std::fmt;

use secrecy::zeroize::Zeroize;
use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;
use subtle::{Choice, ConstantTimeEq};

use super::equal::{all, bool_choice};
use super::form_value::{FormValue, ReadContext, View};
use super::password;

impl FormValue for Value {
    fn view(&self) -> View<'_> {
        View::Json(self)
    }

    fn expected() -> String {
        "any JSON but null".to_owned()
    }

    fn read(value: Value, _: &mut ReadContext<'_>) -> Option<Self> {
        Some(value)
    }
}

/// A copy in which each password in a URL is replaced by `[redacted]`.
#[inline]
pub(super) fn without_passwords(value: &Value) -> Value {
    let mut shown = value.clone();
    hide_passwords(&mut shown);
    shown
}

/// Replaces each password in a URL by `[redacted]`.
#[inline]
fn hide_passwords(value: &mut Value) {
    match value {
        Value::String(text) => *text = password::without_passwords(text).into_owned(),
        Value::Array(elements) => elements.iter_mut().for_each(hide_passwords),
        Value::Object(members) => {
            for (key, mut member) in std::mem::take(members) {
                hide_passwords(&mut member);
                members.insert(password::without_passwords(&key).into_owned(), member);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Visits every string, but not the keys of objects.
#[cfg(feature = "client")]
pub(crate) fn visit_strings<'a>(value: &'a Value, visit: &mut dyn FnMut(&'a str)) {
    match value {
        Value::String(text) => visit(text),
        Value::Array(elements) => elements
            .iter()
            .for_each(|element| visit_strings(element, visit)),
        Value::Object(members) => members
            .values()
            .for_each(|member| visit_strings(member, visit)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Secret JSON: the value of a secret form variable whose type this crate doesn't know.
///
/// On drop, all strings and object keys in it are zeroized. Numbers, booleans and the structure are not,
/// because serde_json doesn't give access to their memory. Serializing it reveals the secret.
///
/// `==` compares strings of the same length in constant time. Object keys, numbers, booleans and lengths are
/// compared in the usual way.
#[derive(Clone)]
pub struct SecretJson(Value);

impl SecretJson {
    /// Returns the secret.
    pub fn expose_secret(&self) -> &Value {
        &self.0
    }

    pub(crate) fn into_inner(mut self) -> Value {
        self.0.take()
    }
}

impl From<Value> for SecretJson {
    fn from(value: Value) -> Self {
        Self(value)
    }
}

impl PartialEq for SecretJson {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        ct_eq(&self.0, &other.0).into()
    }
}

impl Eq for SecretJson {}

/// Whether two secret values are equal. Compares all strings, even after one that differs.
#[inline]
pub(super) fn ct_eq(one: &Value, other: &Value) -> Choice {
    match (one, other) {
        (Value::String(one), Value::String(other)) => one.as_bytes().ct_eq(other.as_bytes()),
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            all(one.iter().zip(other).map(|(one, other)| ct_eq(one, other)))
        }
        (Value::Object(one), Value::Object(other)) if one.len() == other.len() => {
            all(one.iter().map(|(key, one)| match other.get(key) {
                Some(other) => ct_eq(one, other),
                None => Choice::from(0),
            }))
        }
        _ => bool_choice(one == other),
    }
}

impl Drop for SecretJson {
    fn drop(&mut self) {
        zeroize(&mut self.0);
    }
}

fn zeroize(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(elements) => elements.iter_mut().for_each(zeroize),
        Value::Object(members) => {
            for (mut key, mut member) in std::mem::take(members) {
                key.zeroize();
                zeroize(&mut member);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => *value = Value::Null,
    }
}

impl fmt::Debug for SecretJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretJson([redacted])")
    }
}

impl Serialize for SecretJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for SecretJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self)
    }
}

impl FormValue for SecretJson {
    const SECRET: bool = true;

    fn view(&self) -> View<'_> {
        View::SecretJson(self.expose_secret())
    }

    fn expected() -> String {
        Value::expected()
    }

    fn read(value: Value, _: &mut ReadContext<'_>) -> Option<Self> {
        Some(Self::from(value))
    }
}

/// It lists all types except null. Editors and form builders don't support the shorter `not`.
#[cfg(feature = "schemars")]
pub(super) fn schema(_: &crate::Field) -> schemars::Schema {
    schemars::json_schema!({ "type": ["object", "array", "string", "number", "boolean"] })
}

// Any JSON, including null. As the value of a form variable, null is refused.
crate::macros::json_schema!(
    SecretJson,
    inline: true,
    crate::schema::write_only(schemars::Schema::default())
);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_string_is_zeroized() {
        let mut value = json!(["a", ["b"], 1, true]);
        zeroize(&mut value);
        assert_eq!(value, json!(["", [""], null, null]));

        let mut value = json!({"a": {"b": "c"}});
        zeroize(&mut value);
        assert_eq!(value, json!({}));
    }
}
