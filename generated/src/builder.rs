//! [`Missing`]: what generated builders are made of.

/// Stands in a builder's type for a required value that isn't set yet.
///
/// A builder has no `build` for as long as one is in its type; the compiler names the field, and
/// its key on the wire.
///
/// ```compile_fail,E0277
/// use launchdarkly_integrations::integrations::datadog::ConfigValues;
///
/// ConfigValues::builder().hide_member_details(true).build(); // no api_key
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Missing;

/// A value that is set: the supertrait of what generated builders ask of their required values.
pub trait Set<T> {
    #[doc(hidden)]
    fn value(self) -> T;
}

impl<T> Set<T> for T {
    #[inline]
    fn value(self) -> T {
        self
    }
}
