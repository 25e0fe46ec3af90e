//! The test data for each type of form variable, from `types.json` in the tests of the generated crate. To add a
//! type, add a row there.

use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Value, json};

use super::FieldFacts;

/// The test data of one type.
#[derive(Debug, Deserialize)]
pub(crate) struct TypeCase {
    /// Its name in manifests.
    #[serde(rename = "type")]
    pub(crate) name: String,
    /// Whether `Debug` shows the text of a value that isn't secret.
    #[serde(default)]
    pub(crate) text: bool,
    /// Whether values of the type can be secret.
    #[serde(default)]
    pub(crate) secret: bool,
    /// `one` or `many` if the values can be listed, otherwise empty.
    #[serde(default)]
    pub(crate) listed: String,
    /// The Rust type of a value if none are listed.
    pub(crate) rust: String,
    /// Valid values. `MARK` is replaced with a string that the tests search for.
    #[serde(default = "texts")]
    good: Vec<Value>,
    /// A sample as JSON, for a type whose values must keep the order of their members.
    #[serde(default)]
    verbatim: Option<String>,
    /// The Rust code of a setter's argument. `TEXT` is replaced with a literal of a string sample, `JSON` with
    /// the sample's JSON, `JSON_TEXT` with a literal of that JSON, and `TYPE` with the Rust type.
    #[serde(default = "text_setter")]
    setter: String,
    /// Defaults that fit the type. The list is empty if no default fits.
    #[serde(default)]
    pub(crate) default: Vec<Value>,
    /// Defaults that don't fit the type.
    pub(crate) misfit: Vec<Value>,
    /// Values that are invalid if none are listed, each with the kind of problem.
    #[serde(default = "wrong_text")]
    wrong: Vec<(Value, String)>,
    /// Whether this row is for all types that the generator doesn't know.
    #[serde(default)]
    pub(crate) unknown: bool,
}

fn texts() -> Vec<Value> {
    vec![json!("MARK \"\\ \u{1f511} \0")]
}

fn text_setter() -> String {
    "TEXT".to_owned()
}

fn wrong_text() -> Vec<(Value, String)> {
    vec![(json!(7), "WrongType".to_owned())]
}

/// All types, including one that is unknown.
pub(crate) static TYPES: LazyLock<Vec<TypeCase>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../generated/tests/support/types.json")).unwrap()
});

/// The names of the known types.
pub(crate) fn known() -> impl Iterator<Item = &'static str> {
    let known = TYPES.iter().filter(|case| !case.unknown);
    known.map(|case| case.name.as_str())
}

impl TypeCase {
    /// The test data of a type, by its name in manifests.
    pub(crate) fn of(name: &str) -> &'static Self {
        let mut types = TYPES.iter();
        types
            .find(|case| case.name == name || case.unknown)
            .unwrap()
    }

    pub(crate) fn many(&self) -> bool {
        self.listed == "many"
    }

    /// Whether the type uses the listed values of a field.
    pub(crate) fn is_listed(&self) -> bool {
        !self.listed.is_empty()
    }

    /// The default, if it fits a field.
    pub(crate) fn usable_default(&self, field: &FieldFacts) -> Value {
        let default = &field.default;
        let listed = |value: &Value| {
            field.allowed_values.is_empty() || field.allowed_values.iter().any(|one| value == one)
        };
        let fits = if self.many() {
            let items = default.as_array();
            items.is_some_and(|items| items.iter().all(listed))
        } else {
            let same_type = |fitting: &Value| {
                std::mem::discriminant(fitting) == std::mem::discriminant(default)
            };
            let is_url = self.default.iter().any(|fitting| {
                fitting
                    .as_str()
                    .is_some_and(|text| text.starts_with("https://"))
            });
            let text = default.as_str().unwrap_or_default();
            self.default.iter().any(same_type)
                && listed(default)
                && (!is_url || is_absolute_url(text) || field.optional && text.is_empty())
        };
        if fits { default.clone() } else { Value::Null }
    }

    /// A valid value as JSON. It isn't the default, unless there is no other value.
    pub(crate) fn sample(&self, field: &FieldFacts, mark: &str) -> String {
        let fill = |sample: &Value| -> Value {
            let text = sample.to_string().replace("MARK", mark);
            serde_json::from_str(&text).unwrap()
        };
        if self.is_listed() && !field.allowed_values.is_empty() {
            // In reverse order: the caller chooses the order of a list.
            let mut values = field.allowed_values.iter().rev();
            if self.many() {
                return values.cloned().collect::<Value>().to_string();
            }
            let other = values.find(|value| field.default != value.as_str());
            return json!(other.or(field.allowed_values.last())).to_string();
        }
        if let Some(text) = &self.verbatim {
            return text.clone();
        }
        let mut good = self.good.iter();
        let sample = fill(good.find(|good| field.default != **good).unwrap());
        if self.many() {
            return json!([sample, ""]).to_string();
        }
        sample.to_string()
    }

    /// The Rust code of a setter's argument for a sample that isn't listed.
    pub(crate) fn setter(&self, sample: &Value, secret: bool) -> String {
        let rust = format!("{}{}", if secret { "Secret" } else { "" }, self.rust);
        self.setter_of_any(sample).replace("TYPE", &rust)
    }

    fn setter_of_any(&self, sample: &Value) -> String {
        if let (true, Some(items)) = (self.many(), sample.as_array()) {
            let items: Vec<String> = items.iter().map(|item| self.setter_of(item)).collect();
            return format!("[{}]", items.join(", "));
        }
        self.setter_of(sample)
    }

    fn setter_of(&self, sample: &Value) -> String {
        let json = sample.to_string();
        let text = format!("{:?}", sample.as_str().unwrap_or_default());
        let setter = self.setter.replace("JSON_TEXT", &format!("{json:?}"));
        setter.replace("JSON", &json).replace("TEXT", &text)
    }

    /// Invalid values: the JSON, the path and the kind of the problem.
    pub(crate) fn wrong(&self, field: &FieldFacts) -> Vec<(Value, String, String)> {
        let key = &field.key;
        let mut wrong: Vec<(Value, String, String)> = Vec::new();
        for (value, kind) in &self.wrong {
            wrong.push((value.clone(), key.clone(), kind.clone()));
        }
        if self.is_listed() && !field.allowed_values.is_empty() {
            let unlisted = json!("no such value");
            let (value, place) = if self.many() {
                (json!([unlisted]), format!("{key}[0]"))
            } else {
                (unlisted, key.clone())
            };
            wrong.push((value, place, "UnlistedValue".to_owned()));
        }
        wrong
    }
}

/// Whether a URL has a scheme and a host.
pub(crate) fn is_absolute_url(text: &str) -> bool {
    let url = iri_string::types::UriStr::new(text).ok();
    let authority = url.and_then(|url| url.authority_components());
    authority.is_some_and(|authority| !authority.host().is_empty())
}
