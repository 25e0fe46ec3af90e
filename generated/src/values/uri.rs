//! Absolute URIs, secret or not, that are kept unchanged.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

use iri_string::types::UriReferenceStr;
use secrecy::zeroize::ZeroizeOnDrop;
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;

use super::form_value::{FormValue, ReadContext, View};
use super::password::{without_passwords, without_possible_passwords};
use super::{ProblemKind, SecretString, string};
use crate::wording::excerpt;

/// An absolute URI with a host (RFC 3986): the value of a form variable of type `uri`.
///
/// The string is validated and kept unchanged. It isn't normalized: `https://example.com` gets no trailing
/// slash, because LaunchDarkly appends a path to it.
///
/// [`Uri::empty`] is the only exception: a few form variables accept the empty string.
///
/// `Debug` and errors redact the password in it (`https://user:password@host`), and a user name without a
/// password, which may be a token. `Display` shows the whole string.
///
/// ```
/// use launchdarkly_integrations::Uri;
///
/// let uri: Uri = "https://example.com".parse()?;
/// assert_eq!(uri.as_str(), "https://example.com");
/// assert!(Uri::new("example.com").is_err());
/// # Ok::<(), launchdarkly_integrations::InvalidUri>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uri(String);

impl Uri {
    /// Validates `text` and keeps it unchanged.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidUri`] if `text` breaks the syntax of RFC 3986, or has no scheme or no host.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidUri> {
        let text = text.into();
        match check(&text) {
            Ok(()) => Ok(Self(text)),
            Err(flaw) => Err(InvalidUri {
                flaw,
                excerpt: excerpt(&without_possible_passwords(&text)),
            }),
        }
    }

    /// Returns the empty string, for the few optional form variables that have it as their default. The
    /// documentation of the field says so. LaunchDarkly refuses it for other fields.
    pub const fn empty() -> Self {
        Self(String::new())
    }

    /// Returns the unchanged string.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Creates a default of a manifest, which the generator has validated.
    #[doc(hidden)]
    pub fn from_manifest(text: &'static str) -> Self {
        Self(text.to_owned())
    }
}

/// The description of a valid URI in errors.
pub(crate) const EXPECTED: &str = "an absolute URI with a host, such as https://example.com";

pub(crate) fn check(text: &str) -> Result<(), Flaw> {
    let reference = UriReferenceStr::new(text).map_err(|_| Flaw::Syntax)?;
    reference.scheme_str().ok_or(Flaw::Scheme)?;
    match reference.authority_components() {
        Some(authority) if !authority.host().is_empty() => Ok(()),
        _ => Err(Flaw::Host),
    }
}

/// The reason why a string is not a valid URI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    Syntax,
    Scheme,
    Host,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Flaw::Syntax => "it breaks the syntax of RFC 3986 (spaces are written as %20)",
            Flaw::Scheme => "it has no scheme",
            Flaw::Host => "it has no host",
        })
    }
}

/// The error for a string that is not an absolute URI with a host.
///
/// Shows at most 100 characters of the string, with everything redacted that may be a password.
#[derive(Clone, PartialEq, Eq)]
pub struct InvalidUri {
    flaw: Flaw,
    excerpt: String,
}

impl fmt::Display for InvalidUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { flaw, excerpt } = self;
        write!(f, "expected {EXPECTED}; found {excerpt}: {flaw}")
    }
}

crate::wording::debug_as_display!(InvalidUri);

impl Error for InvalidUri {}

impl FromStr for Uri {
    type Err = InvalidUri;

    fn from_str(text: &str) -> Result<Self, InvalidUri> {
        Self::new(text)
    }
}

impl TryFrom<&str> for Uri {
    type Error = InvalidUri;

    fn try_from(text: &str) -> Result<Self, InvalidUri> {
        Self::new(text)
    }
}

impl TryFrom<String> for Uri {
    type Error = InvalidUri;

    fn try_from(text: String) -> Result<Self, InvalidUri> {
        Self::new(text)
    }
}

impl AsRef<str> for Uri {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Uri {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Uri({:?})", without_passwords(&self.0))
    }
}

impl Serialize for Uri {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Uri {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl FormValue for Uri {
    fn view(&self) -> View<'_> {
        View::Text(self.as_str())
    }

    fn expected() -> String {
        EXPECTED.to_owned()
    }

    fn read(value: Value, context: &mut ReadContext<'_>) -> Option<Self> {
        let text = string::read(value, context, Self::expected)?;
        if text.is_empty() && context.field.takes_empty_uri() {
            return Some(Self::empty());
        }
        let text = context.not_blank(text)?;
        match check(&text) {
            Ok(()) => Some(Self(text)),
            Err(flaw) => {
                let value = Value::String(text);
                context.refuse(ProblemKind::InvalidUri, Self::expected, value, Some(flaw));
                None
            }
        }
    }
}

/// A secret absolute URI with a host, such as a webhook URL that contains a token. It is zeroized on drop.
///
/// It is validated like [`Uri`](crate::Uri) and kept unchanged. [`SecretUri::empty`] is the only exception: a
/// few form variables accept the empty string. Serializing it reveals the secret. `==` works like that of
/// [`SecretString`](crate::SecretString).
#[derive(Clone, PartialEq, Eq)]
pub struct SecretUri(SecretString);

impl SecretUri {
    /// Validates `text` and keeps it unchanged.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidSecretUri`] if `text` is not an absolute URI with a host.
    pub fn new(text: impl Into<SecretString>) -> Result<Self, InvalidSecretUri> {
        let text = text.into();
        match check(text.expose_secret()) {
            Ok(()) => Ok(Self(text)),
            Err(flaw) => Err(InvalidSecretUri { flaw }),
        }
    }

    /// Returns the empty string, for the few optional form variables that have it as their default. The
    /// documentation of the field says so. LaunchDarkly refuses it for other fields.
    pub fn empty() -> Self {
        Self("".into())
    }

    /// Creates a default of a manifest, which the generator has validated.
    #[doc(hidden)]
    pub fn from_manifest(text: &'static str) -> Self {
        Self(text.into())
    }

    /// Returns the secret.
    pub fn expose_secret(&self) -> &str {
        self.0.expose_secret()
    }
}

/// The error for a secret that is not an absolute URI with a host. It has no part of the secret.
#[derive(Clone, PartialEq, Eq)]
pub struct InvalidSecretUri {
    pub(crate) flaw: Flaw,
}

impl fmt::Display for InvalidSecretUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { flaw } = self;
        write!(f, "expected {}; in the secret value, {flaw}", EXPECTED)
    }
}

crate::wording::debug_as_display!(InvalidSecretUri);

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
    #[inline]
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

impl FormValue for SecretUri {
    const SECRET: bool = true;

    fn view(&self) -> View<'_> {
        View::SecretText(self.expose_secret())
    }

    fn expected() -> String {
        Uri::expected()
    }

    fn read(value: Value, context: &mut ReadContext<'_>) -> Option<Self> {
        Uri::read(value, context).map(|Uri(text)| Self(text.into()))
    }
}

#[cfg(feature = "schemars")]
pub(super) fn schema(field: &crate::Field) -> schemars::Schema {
    if field.takes_empty_uri() {
        return schemars::json_schema!({
            "type": "string",
            "anyOf": [uri_schema(), { "const": "" }],
        });
    }
    uri_schema()
}

#[cfg(feature = "schemars")]
fn uri_schema() -> schemars::Schema {
    schemars::json_schema!({ "type": "string", "format": "uri", "pattern": URI_PATTERN })
}

/// An absolute URI with a host. `format` alone would accept `mailto:a@example.com`, and many validators
/// ignore it.
///
/// It uses only the syntax that all regular expressions have. `%[0-9A-Fa-f]{2}` is a percent-encoded byte.
#[cfg(feature = "schemars")]
const URI_PATTERN: &str = concat!(
    // The scheme.
    r"^[A-Za-z][A-Za-z0-9+.-]*://",
    // A user.
    r"(([A-Za-z0-9._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})*@)?",
    // The host: a name or IPv4 address, an IPv6 address, or one of a later version.
    r"(([A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+",
    r"|\[[0-9A-Fa-f:.]+\]",
    r"|\[[Vv][0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+\])",
    // A port.
    r"(:[0-9]*)?",
    // A path, a query and a fragment.
    r"(/([A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*)?",
    r"(\?([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?",
    r"(#([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?$",
);

crate::macros::json_schema!(Uri, inline: true, uri_schema());
crate::macros::json_schema!(
    SecretUri,
    inline: true,
    crate::schema::write_only(uri_schema())
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::object::Leniency;
    use crate::{DefaultValue, Field, FieldKind};

    #[test]
    fn the_string_is_kept_unchanged() {
        for text in [
            "https://example.com",
            "https://example.com/",
            "HTTPS://Example.COM:443/a/../b/?q=%7e#f",
            "https://user:pass@[2001:db8::1]:8443/{}".trim_end_matches("{}"),
            "https://example.com//double//slash",
            "custom+scheme.v1://host",
        ] {
            let uri = Uri::new(text).unwrap();
            assert_eq!(uri.as_str(), text);
            assert_eq!(uri.to_string(), text);
            assert_eq!(serde_json::to_value(&uri).unwrap(), text);
            assert_eq!(serde_json::from_value::<Uri>(text.into()).unwrap(), uri);
        }
    }

    #[test]
    fn each_flaw_has_its_own_error() {
        for (text, flaw) in [
            ("", Flaw::Scheme),
            ("example.com", Flaw::Scheme),
            ("//example.com/a", Flaw::Scheme),
            ("/a", Flaw::Scheme),
            ("mailto:a@example.com", Flaw::Host),
            ("https:", Flaw::Host),
            ("https://", Flaw::Host),
            ("https:///a", Flaw::Host),
            ("https://:443/a", Flaw::Host),
            ("https://user@/a", Flaw::Host),
            ("https://exa mple.com", Flaw::Syntax),
            ("https://example.com\n", Flaw::Syntax),
            (" https://example.com", Flaw::Syntax),
            ("https://exämple.com", Flaw::Syntax),
            ("https://example.com/%zz", Flaw::Syntax),
            ("https://example.com/{{path}}", Flaw::Syntax),
            ("https://[::1", Flaw::Syntax),
        ] {
            assert_eq!(check(text), Err(flaw), "{text:?}");
        }
    }

    #[test]
    fn the_error_shows_what_was_expected_and_found() {
        assert_eq!(
            Uri::new("example.com").unwrap_err().to_string(),
            "expected an absolute URI with a host, such as https://example.com; \
             found \"example.com\": it has no scheme"
        );
        let long = Uri::new("x".repeat(10_000)).unwrap_err();
        assert!(long.to_string().len() < 250);
        assert!(format!("{long:?}").len() < 250);
    }

    static EMPTY_OR_URI: Field = FieldKind::Uri
        .field("url", "URL")
        .optional()
        .with_default(DefaultValue::String(""));
    static OPTIONAL: Field = FieldKind::Uri.field("url", "URL").optional();
    static REQUIRED: Field = FieldKind::Uri.field("url", "URL");

    fn read<T: FormValue>(field: &'static Field, text: &str) -> Option<String> {
        let mut problems = Vec::new();
        let mut context = ReadContext {
            field,
            index: None,
            secret: T::SECRET,
            leniency: Leniency::Strict,
            problems: &mut problems,
        };
        let read = <T as FormValue>::read(Value::from(text), &mut context);
        assert_eq!(read.is_none(), !problems.is_empty());
        read.map(|value| serde_json::to_string(&FormValue::view(&value)).unwrap())
    }

    #[test]
    fn a_uri_may_be_empty_only_if_that_is_its_default_and_it_is_optional() {
        for field in [&EMPTY_OR_URI, &OPTIONAL, &REQUIRED] {
            let url = Some("\"https://example.com\"");
            assert_eq!(read::<Uri>(field, "https://example.com").as_deref(), url);
            assert_eq!(
                read::<SecretUri>(field, "https://example.com").as_deref(),
                url
            );
            assert_eq!(read::<Uri>(field, " "), None);
            assert_eq!(read::<SecretUri>(field, "example.com"), None);
        }
        assert_eq!(read::<Uri>(&EMPTY_OR_URI, "").as_deref(), Some("\"\""));
        assert_eq!(
            read::<SecretUri>(&EMPTY_OR_URI, "").as_deref(),
            Some("\"\"")
        );
        for field in [&OPTIONAL, &REQUIRED] {
            assert_eq!(read::<Uri>(field, ""), None);
            assert_eq!(read::<SecretUri>(field, ""), None);
        }
        assert_eq!(serde_json::to_string(&Uri::empty()).unwrap(), "\"\"");
        assert_eq!(SecretUri::empty().expose_secret(), "");
    }
}
