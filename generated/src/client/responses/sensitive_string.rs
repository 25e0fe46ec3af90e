//! [`SensitiveString`]: a string of a response that may hold a secret.

use std::fmt;

/// A string of a response that may hold a secret, or repeat one.
///
/// It is kept whole, as it was received; the client's limit for a response bounds it. There is no
/// `Display`, and `Debug` shows the length only. Look at [`as_str`](Self::as_str) before you log it.
///
/// These strings are sensitive:
///
/// - What a third party answered, and what LaunchDarkly reports of it: the message of a failed
///   request often contains the URL, and a webhook's URL is a secret.
/// - Scripts and policies that set up a third party: they may hold credentials.
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
