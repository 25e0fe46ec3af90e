//! Values that don't show themselves: [`SecretString`], [`SecretUri`], [`SecretJson`].
//!
//! Each is redacted in `Debug`, has no `Display` and no comparison, and is zeroized on drop.
//! A value leaves through `expose_secret` and through `Serialize`, by nothing else: the request
//! body has to hold it.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

use secrecy::ExposeSecret;
use secrecy::zeroize::{Zeroize, ZeroizeOnDrop};
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;

use crate::uri;
use crate::wording::json_type;

/// A secret text, such as an API key.
///
/// ```
/// use launchdarkly_integrations::SecretString;
///
/// let key = SecretString::from("0123abcd");
/// assert_eq!(format!("{key:?}"), "SecretString([redacted])");
/// assert_eq!(key.expose_secret(), "0123abcd");
/// ```
///
/// Serialising it reveals it.
#[derive(Clone)]
pub struct SecretString(secrecy::SecretString);

impl SecretString {
    /// The secret itself.
    pub fn expose_secret(&self) -> &str {
        self.0.expose_secret()
    }
}

impl From<&str> for SecretString {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

/// Copies the text and zeroizes the original: shrinking it to fit could leave a copy behind.
impl From<String> for SecretString {
    fn from(mut text: String) -> Self {
        let secret = Self::from(text.as_str());
        text.zeroize();
        secret
    }
}

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
        // Asking serde for a string would put a wrong-typed secret into the error.
        match SecretJson::deserialize(deserializer)?.into_inner() {
            Value::String(text) => Ok(Self::from(text)),
            other => {
                let found = json_type(&other);
                drop(SecretJson(other));
                Err(D::Error::custom(format_args!(
                    "expected a string, which is secret; found {found}"
                )))
            }
        }
    }
}

/// A secret absolute URI with a host, such as a webhook address that carries a token.
///
/// Checked as [`Uri`](crate::Uri) is, and kept byte for byte. Only [`SecretUri::empty`] is none: a
/// few form variables take the empty string, too. Serialising it reveals it.
#[derive(Clone)]
pub struct SecretUri(SecretString);

impl SecretUri {
    /// Checks `text` and keeps it as it is.
    ///
    /// # Errors
    ///
    /// [`InvalidSecretUri`] when it isn't an absolute URI with a host.
    pub fn new(text: impl Into<SecretString>) -> Result<Self, InvalidSecretUri> {
        let text = text.into();
        match uri::check(text.expose_secret()) {
            Ok(()) => Ok(Self(text)),
            Err(flaw) => Err(InvalidSecretUri { flaw }),
        }
    }

    /// The empty string, for the few optional form variables whose default it is. The
    /// documentation of such a field says so; LaunchDarkly refuses it elsewhere.
    pub fn empty() -> Self {
        Self("".into())
    }

    /// A default of a manifest, which the generator has checked.
    #[doc(hidden)]
    pub fn from_manifest(text: &'static str) -> Self {
        Self(text.into())
    }

    /// The secret itself.
    pub fn expose_secret(&self) -> &str {
        self.0.expose_secret()
    }
}

/// A secret text that isn't an absolute URI with a host. Holds nothing of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidSecretUri {
    pub(crate) flaw: uri::Flaw,
}

impl fmt::Display for InvalidSecretUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { flaw } = self;
        write!(f, "expected {}; in the secret value, {flaw}", uri::EXPECTED)
    }
}

impl Error for InvalidSecretUri {}

impl FromStr for SecretUri {
    type Err = InvalidSecretUri;

    fn from_str(text: &str) -> Result<Self, InvalidSecretUri> {
        Self::new(text)
    }
}

impl TryFrom<&str> for SecretUri {
    type Error = InvalidSecretUri;

    fn try_from(text: &str) -> Result<Self, InvalidSecretUri> {
        Self::new(text)
    }
}

impl TryFrom<String> for SecretUri {
    type Error = InvalidSecretUri;

    fn try_from(text: String) -> Result<Self, InvalidSecretUri> {
        Self::new(text)
    }
}

impl ZeroizeOnDrop for SecretUri {}

impl fmt::Debug for SecretUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretUri([redacted])")
    }
}

impl Serialize for SecretUri {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for SecretUri {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(SecretString::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// Secret JSON, for a secret form variable of a type that this crate doesn't know yet.
///
/// On drop every string in it, object keys too, is zeroized. Not overwritten are numbers,
/// booleans, and how many elements and members there were: serde_json gives no way to the memory
/// that held them. Serialising it reveals it.
#[derive(Clone)]
pub struct SecretJson(Value);

impl SecretJson {
    /// The secret itself.
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn zeroizing_reaches_every_string() {
        let mut value = json!(["a", ["b"], 1, true]);
        zeroize(&mut value);
        assert_eq!(value, json!(["", [""], null, null]));

        let mut value = json!({"a": {"b": "c"}});
        zeroize(&mut value);
        assert_eq!(value, json!({}));
    }

    #[test]
    fn zeroize_on_drop_is_promised() {
        fn promised<T: ZeroizeOnDrop>() {}
        promised::<SecretString>();
        promised::<SecretUri>();
        assert!(std::mem::needs_drop::<SecretJson>());
    }

    #[test]
    fn a_secret_of_the_wrong_type_stays_out_of_the_error() {
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
