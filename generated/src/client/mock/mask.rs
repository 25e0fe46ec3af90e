//! How LaunchDarkly hides secrets in responses.

use serde_json::{Map, Value};

use crate::Field;

/// The number of characters in the clear at each end.
const CLEAR: usize = 3;

/// Masks the secrets among the values, those too that only this crate treats as secret. Keys that no
/// field has stay in the clear.
pub(super) fn mask_values(values: &mut Map<String, Value>, fields: &[Field]) {
    for field in fields.iter().filter(|field| field.secret) {
        if let Some(value) = values.get_mut(field.key) {
            mask(value);
        }
    }
}

/// Masks a value: the first three characters, asterisks, the last three. A short one is all
/// asterisks.
pub(super) fn mask(value: &mut Value) {
    let text = match value {
        Value::Null => return,
        Value::String(text) => std::mem::take(text),
        ref other => other.to_string(),
    };
    let count = text.chars().count();
    let hidden = |index| count <= 2 * CLEAR || (CLEAR..count - CLEAR).contains(&index);
    let characters = text.chars().enumerate();
    *value = characters
        .map(|(index, clear)| if hidden(index) { '*' } else { clear })
        .collect::<String>()
        .into();
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn masks_as_launchdarkly_does() {
        for (clear, masked) in [
            (json!("supersecret123"), json!("sup********123")),
            (json!("1234567"), json!("123*567")),
            (json!("123456"), json!("******")),
            (json!(""), json!("")),
            (json!("äöüßäöü"), json!("äöü*äöü")),
            (json!(12_345_678), json!("123**678")),
            (json!(true), json!("****")),
            (json!(null), json!(null)),
        ] {
            let mut value = clear;
            mask(&mut value);
            assert_eq!(value, masked);
        }
    }
}
