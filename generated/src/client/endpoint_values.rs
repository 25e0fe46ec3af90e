//! stub of h1
use super::requests::{RawConfigValues, Values};
/// stub
pub trait Creatable: Into<Values> {}
impl Creatable for RawConfigValues {}
macro_rules! t { ($($n:ident)*) => { $( #[doc="s"] pub trait $n: Into<Values> {} impl<T: Creatable> $n for T {} )* } }
t!(IntegrationConfigurationValues AuditLogSubscriptionValues DeliveryConfigurationValues BigSegmentStoreValues FlagImportValues);
