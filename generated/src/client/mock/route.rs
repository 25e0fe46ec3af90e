//! [`Route`]: the operation of a request, and the parameters in its path.

use http::Method;
use percent_encoding::percent_decode_str;

use crate::Endpoint;
use crate::client::api::operation::Metadata;
use crate::client::api::operations::{
    audit_log_subscriptions, big_segment_stores, delivery_configurations, flag_imports,
    integration_configurations,
};

pub(super) struct Route {
    pub(super) endpoint: Endpoint,
    pub(super) action: Action,
    pub(super) metadata: &'static Metadata,
    pub(super) project: Option<String>,
    pub(super) environment: Option<String>,
    pub(super) key: Option<String>,
    pub(super) id: Option<String>,
}

#[derive(Clone, Copy)]
pub(super) enum Action {
    Create,
    List,
    Get,
    Update,
    Delete,
    Validate,
    Trigger,
}

impl Route {
    /// Returns the operation for a method and path. Ignores a base path before `/api/v2/`.
    pub(super) fn parse(method: &Method, path: &str) -> Option<Self> {
        let path = path.get(path.find("/api/v2/")?..)?;
        let mut operations = OPERATIONS.iter();
        operations.find_map(|(metadata, endpoint, action)| {
            let mut route = Self {
                endpoint: *endpoint,
                action: *action,
                metadata,
                project: None,
                environment: None,
                key: None,
                id: None,
            };
            (metadata.method == *method && route.fill(metadata.template, path)).then_some(route)
        })
    }

    /// Reads the template's parameters from the path. Returns `false` if the path doesn't match.
    fn fill(&mut self, template: &str, path: &str) -> bool {
        let mut parts = path.split('/');
        let matches = template.split('/').all(|expected| {
            let Some(part) = parts.next() else {
                return false;
            };
            let parameter = match expected {
                "{projectKey}" => &mut self.project,
                "{environmentKey}" => &mut self.environment,
                "{integrationKey}" => &mut self.key,
                id if id.starts_with('{') => &mut self.id,
                literal => return literal == part,
            };
            let decoded = percent_decode_str(part).decode_utf8().ok();
            *parameter = decoded.map(Into::into);
            !part.is_empty() && parameter.is_some()
        });
        matches && parts.next().is_none()
    }
}

#[rustfmt::skip]
static OPERATIONS: &[(&Metadata, Endpoint, Action)] = &[
    (&integration_configurations::LIST, Endpoint::IntegrationConfiguration, Action::List),
    (&integration_configurations::CREATE, Endpoint::IntegrationConfiguration, Action::Create),
    (&integration_configurations::GET, Endpoint::IntegrationConfiguration, Action::Get),
    (&integration_configurations::UPDATE, Endpoint::IntegrationConfiguration, Action::Update),
    (&integration_configurations::DELETE, Endpoint::IntegrationConfiguration, Action::Delete),

    (&audit_log_subscriptions::LIST, Endpoint::AuditLogSubscription, Action::List),
    (&audit_log_subscriptions::CREATE, Endpoint::AuditLogSubscription, Action::Create),
    (&audit_log_subscriptions::GET, Endpoint::AuditLogSubscription, Action::Get),
    (&audit_log_subscriptions::UPDATE, Endpoint::AuditLogSubscription, Action::Update),
    (&audit_log_subscriptions::DELETE, Endpoint::AuditLogSubscription, Action::Delete),

    (&delivery_configurations::LIST, Endpoint::DeliveryConfiguration, Action::List),
    (&delivery_configurations::LIST_OF_ENVIRONMENT, Endpoint::DeliveryConfiguration, Action::List),
    (&delivery_configurations::CREATE, Endpoint::DeliveryConfiguration, Action::Create),
    (&delivery_configurations::GET, Endpoint::DeliveryConfiguration, Action::Get),
    (&delivery_configurations::UPDATE, Endpoint::DeliveryConfiguration, Action::Update),
    (&delivery_configurations::DELETE, Endpoint::DeliveryConfiguration, Action::Delete),
    (&delivery_configurations::VALIDATE, Endpoint::DeliveryConfiguration, Action::Validate),

    (&big_segment_stores::LIST, Endpoint::BigSegmentStore, Action::List),
    (&big_segment_stores::CREATE, Endpoint::BigSegmentStore, Action::Create),
    (&big_segment_stores::GET, Endpoint::BigSegmentStore, Action::Get),
    (&big_segment_stores::UPDATE, Endpoint::BigSegmentStore, Action::Update),
    (&big_segment_stores::DELETE, Endpoint::BigSegmentStore, Action::Delete),

    (&flag_imports::LIST, Endpoint::FlagImport, Action::List),
    (&flag_imports::CREATE, Endpoint::FlagImport, Action::Create),
    (&flag_imports::GET, Endpoint::FlagImport, Action::Get),
    (&flag_imports::UPDATE, Endpoint::FlagImport, Action::Update),
    (&flag_imports::DELETE, Endpoint::FlagImport, Action::Delete),
    (&flag_imports::TRIGGER, Endpoint::FlagImport, Action::Trigger),
];
