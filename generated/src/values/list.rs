//! Lists of values.

use serde_json::Value;

use super::ProblemKind;
use super::form_value::{FormValue, ReadContext, View};

impl<T: FormValue> FormValue for Vec<T> {
    const SECRET: bool = T::SECRET;

    fn view(&self) -> View<'_> {
        View::List(self.iter().map(T::view).collect())
    }

    fn expected() -> String {
        format!("an array in which each element is {}", T::expected())
    }

    fn read(value: Value, context: &mut ReadContext<'_>) -> Option<Self> {
        let Value::Array(elements) = value else {
            context.refuse(ProblemKind::WrongType, Self::expected, value, None);
            return None;
        };
        let read_element = |(index, element)| {
            let mut context = ReadContext {
                index: Some(index),
                problems: &mut *context.problems,
                ..*context
            };
            T::read(element, &mut context)
        };
        // Reads all elements before it returns, so that the problems of all are reported.
        let read: Vec<Option<T>> = elements.into_iter().enumerate().map(read_element).collect();
        read.into_iter().collect()
    }
}

#[cfg(feature = "schemars")]
pub(super) fn schema(field: &crate::Field) -> schemars::Schema {
    schemars::json_schema!({
        "type": "array",
        "items": super::string::schema(field),
    })
}
