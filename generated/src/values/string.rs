//! Strings, secret or not.

use std::fmt;

use secrecy::ExposeSecret;
use secrecy::zeroize::{Zeroize, ZeroizeOnDrop};
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;
use subtle::ConstantTimeEq;

use super::form_value::{FormValue, ReadContext, View};
use super::{ProblemKind, SecretJson};
use crate::wording::json_type;

impl FormValue for String {
    fn view(&self) -> View<'_> {
        View::Text(self)
    }

    fn expected() -> String {
        "a string".to_owned()
    }

    fn read(value: Value, context: &mut ReadContext<'_>) -> Option<Self> {
        let text = read(value, context, Self::expected)?;
        context.not_blank(text)
    }
}

/// Reads a string. `expected` describes it for the error.
pub(super) fn read(
    value: Value,
    context: &mut ReadContext<'_>,
    expected: fn() -> String,
) -> Option<String> {
    if let Value::String(text) = value {
        return Some(text);
    }
    context.refuse(ProblemKind::WrongType, expected, value, None);
    None
}

/// A secret string, such as an API key. It is zeroized on drop.
///
/// ```
/// use launchdarkly_integrations::SecretString;
///
/// let key = SecretString::from("0123abcd");
/// assert_eq!(format!("{key:?}"), "SecretString([redacted])");
/// assert_eq!(key.expose_secret(), "0123abcd");
/// ```
///
/// Serializing it reveals the secret. `==` compares secrets of the same length in constant time; it doesn't
/// hide their lengths.
#[derive(Clone)]
pub struct SecretString(secrecy::SecretString);

impl SecretString {
    /// Returns the secret.
    pub fn expose_secret(&self) -> &str {
        self.0.expose_secret()
    }
}

impl From<&str> for SecretString {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

/// Copies the string and zeroizes the original. Without the copy, shrinking the string to fit could leave an
/// old copy in memory.
impl From<String> for SecretString {
    fn from(mut text: String) -> Self {
        let secret = Self::from(text.as_str());
        text.zeroize();
        secret
    }
}

impl From<secrecy::SecretString> for SecretString {
    fn from(secret: secrecy::SecretString) -> Self {
        Self(secret)
    }
}

impl PartialEq for SecretString {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        let (one, other) = (self.expose_secret(), other.expose_secret());
        one.as_bytes().ct_eq(other.as_bytes()).into()
    }
}

impl Eq for SecretString {}

impl ZeroizeOnDrop for SecretString {}

impl fmt::Debug for SecretString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretString([redacted])")
    }
}

impl Serialize for SecretString {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose_secret())
    }
}

impl<'de> Deserialize<'de> for SecretString {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // If serde expected a string here, its error would contain a secret of the wrong type.
        match SecretJson::deserialize(deserializer)?.into_inner() {
            Value::String(text) => Ok(Self::from(text)),
            other => {
                let found = json_type(&other);
                drop(SecretJson::from(other));
                Err(D::Error::custom(format_args!(
                    "expected a string, which is secret; found {found}"
                )))
            }
        }
    }
}

impl FormValue for SecretString {
    const SECRET: bool = true;

    fn view(&self) -> View<'_> {
        View::SecretText(self.expose_secret())
    }

    fn expected() -> String {
        String::expected()
    }

    fn read(value: Value, context: &mut ReadContext<'_>) -> Option<Self> {
        String::read(value, context).map(Self::from)
    }
}

/// A listed string, or any string if no values are listed.
#[cfg(feature = "schemars")]
pub(super) fn schema(field: &crate::Field) -> schemars::Schema {
    listed_schema(field.allowed_values)
}

#[cfg(feature = "schemars")]
pub(crate) fn listed_schema(listed: &[&str]) -> schemars::Schema {
    let mut schema = schemars::json_schema!({ "type": "string" });
    if !listed.is_empty() {
        schema.insert("enum".to_owned(), listed.into());
    }
    schema
}

crate::macros::json_schema!(
    SecretString,
    inline: true,
    crate::schema::write_only(listed_schema(&[]))
);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::SecretUri;

    #[test]
    fn secrets_are_zeroized_on_drop() {
        fn assert_zeroize_on_drop<T: ZeroizeOnDrop>() {}
        assert_zeroize_on_drop::<SecretString>();
        assert_zeroize_on_drop::<SecretUri>();
        assert!(std::mem::needs_drop::<SecretJson>());
    }

    #[test]
    fn the_error_does_not_show_a_secret_of_the_wrong_type() {
        for canary in [
            json!(730_114),
            json!(true),
            json!(["730114"]),
            json!({"730114": 1}),
        ] {
            let error = serde_json::from_value::<SecretString>(canary)
                .unwrap_err()
                .to_string();
            assert!(
                error.starts_with("expected a string, which is secret; found a"),
                "{error}"
            );
            assert!(
                !error.contains("730114") && !error.contains("true"),
                "{error}"
            );
        }
        let error = serde_json::from_str::<SecretUri>(r#""730114.example""#).unwrap_err();
        assert!(error.to_string().contains("it has no scheme"), "{error}");
        assert!(!error.to_string().contains("730114"), "{error}");
        assert!(!format!("{error:?}").contains("730114"), "{error:?}");
    }
}
