//! Equality of values. Two values are equal if they are sent as the same JSON.
//!
//! Functions are `#[inline]`, so that only programs that compare values compile them.

use subtle::{Choice, ConstantTimeEq};

use super::form_value::View;
use super::{Entries, FormValues, json};

/// Whether the values are sent as the same JSON: the body of `PartialEq`.
///
/// It compares all fields, even after one that differs, and secrets like
/// [`SecretString`](crate::SecretString) and [`SecretJson`](crate::SecretJson).
pub fn eq<T: FormValues>(one: &T, other: &T) -> bool {
    Entries::of(one) == Entries::of(other)
}

impl PartialEq for Entries<'_> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        let keys = |entries: &Self| entries.0.iter().map(|(key, _)| *key).collect::<Vec<_>>();
        let views = self.0.iter().zip(&other.0);
        keys(self) == keys(other)
            && all(views.map(|((_, one), (_, other))| one.ct_eq(other))).into()
    }
}

impl View<'_> {
    #[inline]
    fn ct_eq(&self, other: &Self) -> Choice {
        match (self, other) {
            (View::SecretText(one), View::SecretText(other)) => {
                one.as_bytes().ct_eq(other.as_bytes())
            }
            (View::SecretJson(one), View::SecretJson(other)) => json::ct_eq(one, other),
            (View::List(one), View::List(other)) if one.len() == other.len() => {
                all(one.iter().zip(other).map(|(one, other)| one.ct_eq(other)))
            }
            (View::Text(one), View::Text(other)) => bool_choice(one == other),
            (View::Scalar(one), View::Scalar(other)) => bool_choice(one == other),
            (View::Json(one), View::Json(other)) => bool_choice(one == other),
            (View::Environment(one), View::Environment(other)) => bool_choice(one == other),
            _ => Choice::from(0),
        }
    }
}

/// Whether all are true. `Iterator::all` would stop at the first difference.
pub(super) fn all(choices: impl Iterator<Item = Choice>) -> Choice {
    choices.fold(Choice::from(1), |all, choice| all & choice)
}

pub(super) fn bool_choice(value: bool) -> Choice {
    Choice::from(u8::from(value))
}
