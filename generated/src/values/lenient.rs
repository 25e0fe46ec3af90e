//! [`LenientValues`]: values, and what else stood beside them.

use std::fmt;

use super::SecretJson;
use super::password::without_passwords;

/// What lenient reading returns: see
/// [`FormValues::from_json_lenient`](crate::FormValues::from_json_lenient).
#[derive(Clone, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub struct LenientValues<T> {
    /// The values.
    pub values: T,
    /// The keys that aren't known, with their values, in the order of the input. The values may be
    /// secrets, so `Debug` doesn't show them. Sending them is up to the program, for example by the
    /// `with_value` of a request.
    pub unknown: Vec<(String, SecretJson)>,
}

impl<T> LenientValues<T> {
    pub(crate) fn map<U>(self, convert: impl FnOnce(T) -> U) -> LenientValues<U> {
        LenientValues {
            values: convert(self.values),
            unknown: self.unknown,
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for LenientValues<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unknown = self.unknown.iter();
        let unknown: Vec<_> = unknown
            .map(|(key, value)| (without_passwords(key), value))
            .collect();
        f.debug_struct("LenientValues")
            .field("values", &self.values)
            .field("unknown", &unknown)
            .finish()
    }
}
