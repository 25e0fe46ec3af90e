//! stub of h4
mod integration_configuration;
pub use integration_configuration::*;
use serde_json::Value;
pub(crate) trait FromResponse: Sized {
    fn from_response(value: Value) -> Option<Self>;
}
impl FromResponse for IntegrationConfiguration {
    fn from_response(value: Value) -> Option<Self> {
        Self::from_json(value)
    }
}
macro_rules! t { ($($n:ident)*) => { $( #[doc="s"] #[derive(Clone, Debug, PartialEq)] #[allow(missing_docs)] pub struct $n { pub id: String, pub name: Option<String> }
impl FromResponse for $n { fn from_response(v: Value) -> Option<Self> { Some(Self { id: v.get("_id")?.as_str()?.to_owned(), name: v.get("name").and_then(|n| n.as_str()).map(str::to_owned) }) } }
)* } }
t!(AuditLogSubscription DeliveryConfiguration BigSegmentStore FlagImport);
/// s
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct List<T> {
    pub items: Vec<T>,
}
impl<T: FromResponse> FromResponse for List<T> {
    fn from_response(v: Value) -> Option<Self> {
        Some(Self {
            items: v
                .get("items")?
                .as_array()?
                .iter()
                .filter_map(|i| T::from_response(i.clone()))
                .collect(),
        })
    }
}
/// s
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct DeliveryConfigurationValidation {
    pub status_code: Option<u16>,
}
impl FromResponse for DeliveryConfigurationValidation {
    fn from_response(v: Value) -> Option<Self> {
        Some(Self {
            status_code: v
                .get("statusCode")
                .and_then(Value::as_u64)
                .map(|n| n as u16),
        })
    }
}
