//! Lists of values.

use serde_json::Value;

use super::ProblemKind;
use super::form_value::{FormValue, Reading, View};

impl<T: FormValue> FormValue for Vec<T> {
    const SECRET: bool = T::SECRET;

    fn view(&self) -> View<'_> {
        View::List(self.iter().map(T::view).collect())
    }

    fn expected() -> String {
        format!("an array, of which each element is {}", T::expected())
    }

    fn read(value: Value, reading: &mut Reading<'_>) -> Option<Self> {
        let Value::Array(elements) = value else {
            reading.refuse(ProblemKind::WrongType, Self::expected, value, None);
            return None;
        };
        let read_element = |(index, element)| {
            let mut reading = Reading {
                index: Some(index),
                problems: &mut *reading.problems,
                ..*reading
            };
            T::read(element, &mut reading)
        };
        // All are read before the first bad one refuses the list, so that all are reported.
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
