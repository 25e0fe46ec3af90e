//! [`FormVariables`]: the values in a request, whatever they are made of.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use super::raw_config_values::RawConfigValues;
use crate::values::{View, hide_passwords, strings};
use crate::{AnyConfigValues, Endpoint, IntegrationValues, SecretJson, WrongEndpoint};

/// Checked values or raw ones.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub enum Values {
    Typed(AnyConfigValues),
    Raw(RawConfigValues),
}

impl<T: IntegrationValues> From<T> for Values {
    fn from(values: T) -> Self {
        Self::Typed(values.into())
    }
}

impl From<RawConfigValues> for Values {
    fn from(values: RawConfigValues) -> Self {
        Self::Raw(values)
    }
}

/// The values, and what is sent beside or in place of them.
#[derive(Clone, Debug)]
pub(crate) struct FormVariables {
    values: Values,
    more: Vec<(String, SecretJson)>,
}

impl FormVariables {
    pub(crate) fn new(values: Values) -> Self {
        Self {
            values,
            more: Vec::new(),
        }
    }

    /// Values that are known only at run time, if this endpoint takes them.
    pub(crate) fn checked(
        values: AnyConfigValues,
        endpoint: Endpoint,
    ) -> Result<Self, WrongEndpoint> {
        values.check_endpoint(endpoint)?;
        Ok(Self::new(Values::Typed(values)))
    }

    pub(crate) fn set(&mut self, key: String, value: Value) {
        self.more.retain(|(other, _)| *other != key);
        self.more.push((key, value.into()));
    }

    pub(crate) fn integration_key(&self) -> &str {
        match &self.values {
            Values::Typed(values) => values.integration().key,
            Values::Raw(values) => values.integration_key(),
        }
    }

    fn is_replaced(&self, key: &str) -> bool {
        self.more.iter().any(|(other, _)| other == key)
    }

    /// The raw values and what was added, all of which are treated as secrets.
    fn untyped(&self) -> impl Iterator<Item = (&str, &Value)> {
        let raw = match &self.values {
            Values::Typed(_) => &[],
            Values::Raw(values) => values.members(),
        };
        let members = raw.iter().filter(|(key, _)| !self.is_replaced(key));
        members
            .chain(&self.more)
            .map(|(key, value)| (key.as_str(), value.expose_secret()))
    }

    fn typed(&self) -> impl Iterator<Item = (&'static str, View<'_>)> {
        let views = match &self.values {
            Values::Typed(values) => values.entries().into_views(),
            Values::Raw(_) => Vec::new(),
        };
        views.into_iter().filter(|(key, _)| !self.is_replaced(key))
    }

    pub(crate) fn secrets<'a>(&'a self, found: &mut Vec<&'a str>) {
        for (_, view) in self.typed() {
            view.secrets(found);
        }
        for (_, value) in self.untyped() {
            strings(value, &mut |text| found.push(text));
        }
    }

    /// The key of a value that looks as LaunchDarkly shows a secret.
    pub(crate) fn masked_key(&self) -> Option<&str> {
        let typed = self.typed().find_map(|(key, view)| match view {
            View::SecretText(text) if is_masked(text) => Some(key),
            _ => None,
        });
        typed.or_else(|| {
            let mut untyped = self.untyped();
            untyped.find_map(|(key, value)| value.as_str().is_some_and(is_masked).then_some(key))
        })
    }

    /// The values to show to people.
    pub(crate) fn redacted(&self) -> Value {
        let typed = self
            .typed()
            .map(|(key, view)| (key.to_owned(), redacted(&view)));
        let untyped = self
            .untyped()
            .map(|(key, _)| (key.to_owned(), Value::from(REDACTED)));
        Value::Object(typed.chain(untyped).collect())
    }
}

/// A value to show to people.
fn redacted(view: &View<'_>) -> Value {
    match view {
        View::SecretText(_) | View::SecretJson(_) => Value::from(REDACTED),
        View::List(elements) => elements.iter().map(redacted).collect(),
        // What can't be written as JSON isn't shown either.
        _ => match serde_json::to_value(view) {
            Ok(mut value) => {
                hide_passwords(&mut value);
                value
            }
            Err(_) => Value::from(REDACTED),
        },
    }
}

const REDACTED: &str = "[redacted]";

/// Whether this is a secret as LaunchDarkly shows it: its first three characters, asterisks, and
/// its last three.
fn is_masked(text: &str) -> bool {
    let middle = text
        .trim_start_matches(|c| c != '*')
        .trim_end_matches(|c| c != '*');
    let shown = text.chars().count() - middle.chars().count();
    middle.len() >= 3 && middle.bytes().all(|byte| byte == b'*') && shown <= 6
}

impl Serialize for FormVariables {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, view) in self.typed() {
            map.serialize_entry(key, &view)?;
        }
        for (key, value) in self.untyped() {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_secret_is_known_by_its_look() {
        for masked in ["sup********123", "dum****ion", "***", "a****b", "*********"] {
            assert!(is_masked(masked), "{masked}");
        }
        for other in [
            "",
            "*",
            "**",
            "superstars",
            "a*b",
            "long-secret***",
            "ab***cd***ef",
        ] {
            assert!(!is_masked(other), "{other}");
        }
    }
}
