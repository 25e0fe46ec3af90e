//! [`Missing`] and [`IntoOption`]: types of the generated builders.

use std::borrow::Cow;

use serde_json::Value;

use crate::{Environment, EnvironmentKeys, EnvironmentSelector, SecretJson, SecretString};

/// Marks a required field that isn't set, in the type of a builder.
///
/// `build` doesn't compile while a required field is missing. The compiler's message names the field.
///
/// ```compile_fail,E0277
/// use launchdarkly_integrations::integrations::datadog::ConfigValues;
///
/// ConfigValues::builder().hide_member_details(true).build(); // no api_key
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Missing;

/// A value that is set: the supertrait of the traits in the bounds of `build`.
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

/// The argument of a setter whose field isn't required: a value or an `Option` of it.
///
/// `None` removes the value of an optional field, and resets a field with a default to that default. A value
/// needs no `Some`, and strings need no conversion:
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
/// The compiler can't infer the target type of `text.parse()?`. Write `Uri::new(text)?`, or
/// `text.parse::<HostUrl>()?` for a listed value.
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

// An impl for all `Into<T>` would conflict with the one for `Option`.
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
