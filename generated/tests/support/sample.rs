//! JSON that a form variable takes, made from its facts alone.

use launchdarkly_integrations::{Field, FieldKind};
use serde_json::{Map, Value, json};

/// A value that the field takes, with `text` in it where it holds free text.
pub(crate) fn sample(field: &Field, text: &str) -> Value {
    match field.kind {
        FieldKind::Boolean => json!(true),
        FieldKind::Uri => json!(format!("https://host.example/{text}")),
        FieldKind::Enum if !field.allowed_values.is_empty() => json!(field.allowed_values[0]),
        FieldKind::Multiselect if !field.allowed_values.is_empty() => json!(field.allowed_values),
        FieldKind::Multiselect => json!([text]),
        FieldKind::EnvironmentSelector => json!({"projectKey": "p", "environmentKey": text}),
        FieldKind::Unknown(_) => json!({"any": [1.5, null, {"json": text}]}),
        _ => json!(text),
    }
}

/// Values for all fields.
pub(crate) fn samples(
    fields: &[Field],
    text: impl Fn(&Field) -> &'static str,
) -> Map<String, Value> {
    let members = fields.iter();
    members
        .map(|field| (field.key.to_owned(), sample(field, text(field))))
        .collect()
}

/// Whether values without it are refused.
pub(crate) fn is_required(field: &Field) -> bool {
    !field.optional && field.default.is_none()
}
