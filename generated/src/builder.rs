//! [`Missing`] and [`IntoOption`]: what generated builders are made of.

use std::borrow::Cow;

use serde_json::Value;

use crate::{Environment, EnvironmentKeys, EnvironmentSelector, SecretJson, SecretString};

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

/// What the setter of a field that isn't required takes: a value, or an option of one.
///
/// `None` leaves an optional field out, and sets one with a default to that default. A value that is
/// known to be there needs no `Some`, and strings need no conversion:
///
/// ```
/// use launchdarkly_integrations::integrations::datadog::{ConfigValues, HostUrl};
///
/// fn values(host: Option<HostUrl>) -> ConfigValues {
///     ConfigValues::builder().api_key("0123").host_url(host).hide_member_details(true).build()
/// }
///
/// let eu = values(Some(HostUrl::ApiDatadoghqEu));
/// assert_eq!(eu.into_builder().host_url(None).build(), values(None));
/// ```
///
/// The compiler can't derive from it what a string is to be parsed into: instead of `text.parse()?`,
/// write `Uri::new(text)?`, or `text.parse::<HostUrl>()?` for a listed value.
#[diagnostic::on_unimplemented(
    message = "expected `{T}` or an `Option` of it, found `{Self}`",
    label = "expected `{T}`, found `{Self}`",
    note = "a string is parsed first: `Uri::new(string)?` for a URL, `string.parse::<HostUrl>()?` for \
            an enum such as `HostUrl`"
)]
pub trait IntoOption<T> {
    #[doc(hidden)]
    fn into_option(self) -> Option<T>;
}

#[diagnostic::do_not_recommend]
impl<T> IntoOption<T> for T {
    #[inline]
    fn into_option(self) -> Option<T> {
        Some(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T> IntoOption<T> for Option<T> {
    #[inline]
    fn into_option(self) -> Option<T> {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<T, const N: usize> IntoOption<Vec<T>> for [T; N] {
    #[inline]
    fn into_option(self) -> Option<Vec<T>> {
        Some(self.into())
    }
}

#[diagnostic::do_not_recommend]
impl<T: Clone> IntoOption<Vec<T>> for &[T] {
    #[inline]
    fn into_option(self) -> Option<Vec<T>> {
        Some(self.to_vec())
    }
}

#[diagnostic::do_not_recommend]
impl<const N: usize> IntoOption<Vec<String>> for [&str; N] {
    #[inline]
    fn into_option(self) -> Option<Vec<String>> {
        Some(self.map(str::to_owned).into())
    }
}

// Not for all that are `Into<T>`: an option could become one of these one day, so that the compiler
// would refuse the impl for options.
macro_rules! into_option {
    ($($value:ty: $($from:ty),+;)+) => {
        $($(
            #[diagnostic::do_not_recommend]
            impl IntoOption<$value> for $from {
                #[inline]
                fn into_option(self) -> Option<$value> {
                    Some(self.into())
                }
            }
        )+)+
    };
}

into_option! {
    String: &str, &String, Box<str>, Cow<'_, str>, char;
    SecretString: &str, String, secrecy::SecretString;
    EnvironmentSelector: Environment, EnvironmentKeys;
    Value: &str, String, bool, i32, i64, u32, u64, f64, Vec<Value>;
    SecretJson: Value;
}

#[cfg(feature = "client")]
into_option! {
    SecretString: crate::client::AccessToken;
}
