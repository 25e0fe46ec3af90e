//! stub of h1
use std::fmt;
/// stub
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Endpoint {
    /// a
    IntegrationConfiguration,
    /// a
    AuditLogSubscription,
    /// a
    DeliveryConfiguration,
    /// a
    BigSegmentStore,
    /// a
    FlagImport,
}
impl Endpoint {
    /// s
    pub fn handle(self) -> &'static str {
        match self {
            Self::IntegrationConfiguration => "integration_configurations()",
            Self::AuditLogSubscription => "audit_log_subscriptions()",
            Self::DeliveryConfiguration => "delivery_configurations()",
            Self::BigSegmentStore => "big_segment_stores()",
            Self::FlagImport => "flag_imports()",
        }
    }
}
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("x")
    }
}
