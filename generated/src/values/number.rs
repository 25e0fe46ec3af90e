//! Whole numbers.

use serde_json::Value;

use super::ProblemKind;
use super::form_value::{FormValue, Reading, View};

impl FormValue for i64 {
    fn view(&self) -> View<'_> {
        View::Scalar((*self).into())
    }

    fn expected() -> String {
        "a whole number".to_owned()
    }

    fn read(value: Value, reading: &mut Reading<'_>) -> Option<Self> {
        let number = value.as_i64();
        if number.is_none() {
            reading.refuse(ProblemKind::WrongType, Self::expected, value, None);
        }
        number
    }
}

#[cfg(feature = "schemars")]
pub(super) fn schema(_: &crate::Field) -> schemars::Schema {
    schemars::json_schema!({ "type": "integer", "minimum": i64::MIN, "maximum": i64::MAX })
}
