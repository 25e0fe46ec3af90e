//! [`FormVariables`]: the values of form variables in a request.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use super::raw_config_values::RawConfigValues;
use crate::client::invalid_request::InvalidRequest;
use crate::values::{REDACTED, View, visit_strings};
use crate::{AnyConfigValues, Endpoint, IntegrationValues, SecretJson, WrongEndpoint};

/// Typed or raw values.
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

/// Values of form variables, and unchecked values that are added to them or replace them.
#[derive(Clone, Debug)]
pub(crate) struct FormVariables {
    values: Values,
    unchecked: Vec<(String, SecretJson)>,
}

impl FormVariables {
    pub(crate) fn new(values: Values) -> Self {
        Self {
            values,
            unchecked: Vec::new(),
        }
    }

    /// # Errors
    ///
    /// Returns [`WrongEndpoint`] if this endpoint doesn't accept the values.
    pub(crate) fn checked(
        values: AnyConfigValues,
        endpoint: Endpoint,
    ) -> Result<Self, WrongEndpoint> {
        values.check_endpoint(endpoint)?;
        Ok(Self::new(Values::Typed(values)))
    }

    pub(crate) fn set(&mut self, key: String, value: impl Into<SecretJson>) {
        self.unchecked.retain(|(other, _)| *other != key);
        self.unchecked.push((key, value.into()));
    }

    pub(crate) fn integration_key(&self) -> &str {
        match &self.values {
            Values::Typed(values) => values.integration().key,
            Values::Raw(values) => values.integration_key(),
        }
    }

    fn is_replaced(&self, key: &str) -> bool {
        self.unchecked.iter().any(|(other, _)| other == key)
    }

    /// The raw and the unchecked values. All of them are treated as secrets.
    fn untyped(&self) -> impl Iterator<Item = (&str, &Value)> {
        let raw = match &self.values {
            Values::Typed(_) => &[],
            Values::Raw(values) => values.members(),
        };
        let members = raw.iter().filter(|(key, _)| !self.is_replaced(key));
        members
            .chain(&self.unchecked)
            .map(|(key, value)| (key.as_str(), value.expose_secret()))
    }

    fn typed(&self) -> impl Iterator<Item = (&'static str, View<'_>)> {
        let views = match &self.values {
            Values::Typed(values) => values.entries_with_secrets().into_views(),
            Values::Raw(_) => Vec::new(),
        };
        views.into_iter().filter(|(key, _)| !self.is_replaced(key))
    }

    pub(crate) fn secrets<'a>(&'a self, found: &mut Vec<&'a str>) {
        for (_, view) in self.typed() {
            view.secrets(found);
        }
        for (_, value) in self.untyped() {
            visit_strings(value, &mut |text| found.push(text));
        }
    }

    /// Refuses masked secrets, and blank values of required form variables. `escape_hatch` is the method or
    /// type that sends a blank value anyway.
    pub(crate) fn check(&self, escape_hatch: &'static str) -> Result<(), InvalidRequest> {
        if let Some(key) = self.masked_key() {
            return Err(InvalidRequest::Masked {
                key: key.to_owned(),
            });
        }
        match self.blank_key() {
            Some(key) => Err(InvalidRequest::Blank {
                key: key.to_owned(),
                escape_hatch,
            }),
            None => Ok(()),
        }
    }

    /// The key of a required typed value that is blank. Raw values may be blank.
    fn blank_key(&self) -> Option<&'static str> {
        let Values::Typed(values) = &self.values else {
            return None;
        };
        let refuses_blank = |key| {
            let mut fields = values.fields().iter();
            fields.any(|field| field.key == key && field.refuses_blank())
        };
        let mut typed = self.typed();
        typed.find_map(|(key, view)| match view {
            View::Text(text) | View::SecretText(text) => {
                (text.trim().is_empty() && refuses_blank(key)).then_some(key)
            }
            _ => None,
        })
    }

    /// The key of a value that looks like a secret masked by LaunchDarkly.
    fn masked_key(&self) -> Option<&str> {
        let typed = self.typed().find_map(|(key, view)| match view {
            View::SecretText(text) if is_masked(text) => Some(key),
            _ => None,
        });
        typed.or_else(|| {
            let mut untyped = self.untyped();
            untyped.find_map(|(key, value)| value.as_str().is_some_and(is_masked).then_some(key))
        })
    }

    /// The values, with every secret replaced by `[redacted]`.
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

fn redacted(view: &View<'_>) -> Value {
    match view {
        View::List(elements) => elements.iter().map(redacted).collect(),
        other => other.shown().unwrap_or_else(|| REDACTED.into()),
    }
}

/// Whether this looks like a masked secret: at most three characters, asterisks, at most three
/// characters.
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
    use super::super::{Payload as _, patch::Patch};
    use super::*;
    use crate::values::{Entries, ObjectReader};
    use crate::{Field, FieldKind, FormValues, Integration, IntegrationKey};

    #[derive(Clone, Debug, serde::Serialize)]
    struct Typed {
        token: String,
        note: Option<String>,
    }

    static INTEGRATION: Integration = Integration::new("acme", "Acme", "1.0.0");

    impl FormValues for Typed {
        const FIELDS: &'static [Field] = &[
            FieldKind::String.field("token", "Token"),
            FieldKind::String.field("note", "Note").optional(),
        ];

        fn write<'a>(&'a self, entries: &mut Entries<'a>) {
            entries.put(Self::FIELDS, &[&self.token, &self.note]);
        }

        fn read(_: &mut ObjectReader) -> Option<Self> {
            None
        }
    }

    impl IntegrationValues for Typed {
        const KEY: IntegrationKey = IntegrationKey::new(&INTEGRATION);
        const ENDPOINTS: &'static [Endpoint] = &[];
        type Handles = crate::handle_names::no_handle;
    }

    #[test]
    fn a_blank_value_is_refused_if_it_is_typed_and_required() {
        let typed = |token: &str| Typed {
            token: token.to_owned(),
            note: Some(String::new()),
        };
        for blank in ["", " ", "\n\u{3000}"] {
            let mut values = FormVariables::new(typed(blank).into());
            let refused = values.check("`with_value`").unwrap_err();
            assert_eq!(
                refused.to_string(),
                "the value of \"token\" is empty or blank, and the integration requires one; \
                 `with_value` sends it anyway"
            );
            values.set("token".to_owned(), Value::from(blank));
            assert!(values.check("").is_ok());
            let raw = RawConfigValues::new("acme").unwrap().with("token", blank);
            assert!(FormVariables::new(raw.into()).check("").is_ok());
        }
        assert!(FormVariables::new(typed("t").into()).check("").is_ok());
    }

    #[test]
    fn a_patch_names_the_escape_hatch_that_it_has() {
        let typed = Typed {
            token: String::new(),
            note: None,
        };
        let mut patch = Patch::default();
        patch.values("/config", FormVariables::new(typed.into()));
        let refused = patch.check().unwrap_err().to_string();
        assert!(
            refused.ends_with("; `RawConfigValues` sends it anyway"),
            "{refused}"
        );
    }

    #[test]
    fn values_that_are_refused_without_a_problem_get_one() {
        let error = Typed::from_json(serde_json::json!({"token": "t"})).unwrap_err();
        assert_eq!(error.to_string(), "wrong type; expected other values");
        assert_eq!(error.problems().len(), 1);
    }

    #[test]
    fn a_masked_secret_is_recognized() {
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
