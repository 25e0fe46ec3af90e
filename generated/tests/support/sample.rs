//! Valid JSON values for form variables, made from their facts and the table `types.json`.

use std::sync::LazyLock;

use launchdarkly_integrations::{DefaultValue, Endpoint, Field, Integration};
use serde_json::{Map, Value, json};

/// A row of `types.json`: one type of form variable. The generator's tests use more of it.
pub(crate) struct TypeCase(&'static Value);

static TYPES: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("types.json")).unwrap());

impl TypeCase {
    pub(crate) fn of(field: &Field) -> Self {
        let name = field.kind.as_str();
        let mut types = TYPES.as_array().unwrap().iter();
        let case = types.find(|case| case["type"] == name || case["unknown"] == true);
        Self(case.unwrap())
    }

    /// Whether the value is a list.
    pub(crate) fn many(&self) -> bool {
        self.0["listed"] == "many"
    }

    /// Whether manifests list its values.
    pub(crate) fn is_listed(&self) -> bool {
        !self.0["listed"].is_null()
    }

    /// Whether it accepts all JSON except `null`.
    pub(crate) fn any(&self) -> bool {
        self.0["any"] == true
    }

    /// Valid values, with `MARK` for free text.
    fn good(&self) -> Vec<Value> {
        let texts = ["MARK", "", "détail\n", "dé\"tail\\\n\u{0}\u{1f600}"];
        let good = self.0["good"].as_array().cloned();
        good.unwrap_or_else(|| texts.map(Value::from).to_vec())
    }

    /// Whether the value has a valid JSON type.
    pub(crate) fn is_like_good(&self, value: &Value) -> bool {
        if self.many() {
            return value.is_array();
        }
        let kind = std::mem::discriminant::<Value>;
        self.any() || self.good().iter().any(|good| kind(good) == kind(value))
    }
}

/// Valid values of the field. The first one contains `text` if it is free text.
pub(crate) fn good_values(field: &Field, text: &str) -> Vec<Value> {
    let case = TypeCase::of(field);
    let listed = field.allowed_values;
    if !listed.is_empty() && case.many() {
        let lists = [json!(listed), json!([]), json!([listed[0], listed[0]])].into_iter();
        return lists
            .chain(listed.iter().map(|text| json!([text])))
            .collect();
    }
    if !listed.is_empty() {
        return listed.iter().map(|text| json!(text)).collect();
    }
    let good = case.good();
    let filled = good.iter().map(|good| {
        let filled = good.to_string().replace("MARK", text);
        serde_json::from_str(&filled).unwrap()
    });
    if case.many() {
        return vec![json!([text]), json!([text, ""]), json!([""]), json!([])];
    }
    let is_blank = |value: &Value| value.as_str().is_some_and(|text| text.trim().is_empty());
    filled
        .filter(|value| !(refuses_blank(field) && is_blank(value)))
        .collect()
}

/// Whether blank strings are refused.
pub(crate) fn refuses_blank(field: &Field) -> bool {
    let has_blank_default = match field.default {
        Some(DefaultValue::String(text)) => text.trim().is_empty(),
        _ => false,
    };
    !field.optional && !has_blank_default
}

/// A valid value of the field. It contains `text` if it is free text.
pub(crate) fn sample(field: &Field, text: &str) -> Value {
    good_values(field, text).swap_remove(0)
}

/// A valid value for each field.
pub(crate) fn samples(
    fields: &[Field],
    text: impl Fn(&Field) -> &'static str,
) -> Map<String, Value> {
    let members = fields.iter();
    members
        .map(|field| (field.key.to_owned(), sample(field, text(field))))
        .collect()
}

/// Whether the field is required.
pub(crate) fn is_required(field: &Field) -> bool {
    !field.optional && field.default.is_none()
}

/// The form variables whose values an endpoint accepts.
pub(crate) fn fields_of(integration: &Integration, endpoint: Endpoint) -> &'static [Field] {
    if endpoint != Endpoint::DeliveryConfiguration {
        return integration.fields;
    }
    let mut blocks = integration.capability_fields.iter();
    let store = blocks.find(|block| (block.capability, block.block) == FEATURE_STORE);
    store.map_or(&[], |block| block.fields)
}

/// The capability and the block whose values have their own endpoint.
pub(crate) const FEATURE_STORE: (&str, &str) = ("featureStore", "formVariables");
