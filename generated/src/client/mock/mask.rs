//! Masks secrets as LaunchDarkly does in responses.

use serde_json::{Map, Value};

use crate::Field;

/// The number of characters at each end that aren't masked.
const UNMASKED: usize = 3;

/// Masks secret values, including those that only this crate treats as secret. Doesn't mask values with
/// unknown keys.
pub(super) fn mask_values(values: &mut Map<String, Value>, fields: &[Field]) {
    for field in fields.iter().filter(|field| field.secret) {
        if let Some(value) = values.get_mut(field.key) {
            mask(value);
        }
    }
}

/// Replaces all characters except the first three and the last three with asterisks. Replaces all
/// characters of a short value.
pub(super) fn mask(value: &mut Value) {
    let text = match value {
        Value::Null => return,
        Value::String(text) => std::mem::take(text),
        ref other => other.to_string(),
    };
    let count = text.chars().count();
    let is_masked = |index| count <= 2 * UNMASKED || (UNMASKED..count - UNMASKED).contains(&index);
    let characters = text.chars().enumerate();
    *value = characters
        .map(|(index, character)| if is_masked(index) { '*' } else { character })
        .collect::<String>()
        .into();
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_masked_as_by_launchdarkly() {
        for (value, masked) in [
            (json!("supersecret123"), json!("sup********123")),
            (json!("1234567"), json!("123*567")),
            (json!("123456"), json!("******")),
            (json!(""), json!("")),
            (json!("äöüßäöü"), json!("äöü*äöü")),
            (json!(12_345_678), json!("123**678")),
            (json!(true), json!("****")),
            (json!(null), json!(null)),
        ] {
            let mut value = value;
            mask(&mut value);
            assert_eq!(value, masked);
        }
    }
}
