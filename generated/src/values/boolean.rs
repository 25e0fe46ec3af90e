//! `true` and `false`.

use serde_json::Value;

use super::ProblemKind;
use super::form_value::{FormValue, ReadContext, View};

impl FormValue for bool {
    fn view(&self) -> View<'_> {
        View::Scalar((*self).into())
    }

    fn expected() -> String {
        "true or false".to_owned()
    }

    fn read(value: Value, context: &mut ReadContext<'_>) -> Option<Self> {
        if let Value::Bool(value) = value {
            return Some(value);
        }
        context.refuse(ProblemKind::WrongType, Self::expected, value, None);
        None
    }
}

#[cfg(feature = "schemars")]
pub(super) fn schema(_: &crate::Field) -> schemars::Schema {
    schemars::json_schema!({ "type": "boolean" })
}
