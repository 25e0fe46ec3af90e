//! [`LenientValues`]: the result of lenient reading.

use std::fmt;

use super::SecretJson;
use super::password::without_passwords;

/// The result of lenient reading, see
/// [`FormValues::from_json_lenient`](crate::FormValues::from_json_lenient).
#[derive(Clone, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub struct LenientValues<T> {
    /// The values.
    pub values: T,
    /// The unknown keys with their values, in the order of the input. `Debug` redacts the values, because
    /// they may be secret. To send one, use `with_value` of a request.
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
    #[inline]
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
