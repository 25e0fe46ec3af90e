//! [`SensitiveString`]: a string in a response that may contain a secret.

use std::fmt;

/// A string in a response that may contain a secret.
///
/// The string is unchanged and not redacted: check it before you log it. `Debug` shows the length only, and
/// there is no `Display`.
///
/// These strings are sensitive:
///
/// - Responses of third parties, and LaunchDarkly's messages about them. They often contain the request's
///   URL, and a webhook's URL is a secret.
/// - Scripts and policies that set up a third party. They may contain credentials.
/// - The URL and the API key of legacy audit log subscriptions.
///
/// ```
/// use launchdarkly_integrations::client::SensitiveString;
///
/// let message = SensitiveString::from("invalid key 0123".to_owned());
/// assert_eq!(format!("{message:?}"), "SensitiveString(16 bytes)");
/// assert_eq!(message.as_str(), "invalid key 0123");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct SensitiveString(String);

impl SensitiveString {
    /// The string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for SensitiveString {
    fn from(string: String) -> Self {
        Self(string)
    }
}

impl From<SensitiveString> for String {
    fn from(sensitive: SensitiveString) -> Self {
        sensitive.0
    }
}

impl fmt::Debug for SensitiveString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SensitiveString({} bytes)", self.0.len())
    }
}
