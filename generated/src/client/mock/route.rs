//! [`Route`]: the operation of a request, and the parameters in its path.

use http::Method;
use percent_encoding::percent_decode_str;

use crate::Endpoint;

pub(super) struct Route {
    pub(super) endpoint: Endpoint,
    pub(super) action: Action,
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
        let (_, path) = path.split_once("/api/v2/")?;
        let mut operations = OPERATIONS.iter();
        operations.find_map(|(name, template, endpoint, action)| {
            let mut route = Self {
                endpoint: *endpoint,
                action: *action,
                project: None,
                environment: None,
                key: None,
                id: None,
            };
            (*name == method.as_str() && route.fill(template, path)).then_some(route)
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
                "{project}" => &mut self.project,
                "{environment}" => &mut self.environment,
                "{key}" => &mut self.key,
                "{id}" => &mut self.id,
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
const OPERATIONS: &[(&str, &str, Endpoint, Action)] = &[
    ("GET", "integration-configurations/keys/{key}", Endpoint::IntegrationConfiguration, Action::List),
    ("POST", "integration-configurations/keys/{key}", Endpoint::IntegrationConfiguration, Action::Create),
    ("GET", "integration-configurations/{id}", Endpoint::IntegrationConfiguration, Action::Get),
    ("PATCH", "integration-configurations/{id}", Endpoint::IntegrationConfiguration, Action::Update),
    ("DELETE", "integration-configurations/{id}", Endpoint::IntegrationConfiguration, Action::Delete),

    ("GET", "integrations/{key}", Endpoint::AuditLogSubscription, Action::List),
    ("POST", "integrations/{key}", Endpoint::AuditLogSubscription, Action::Create),
    ("GET", "integrations/{key}/{id}", Endpoint::AuditLogSubscription, Action::Get),
    ("PATCH", "integrations/{key}/{id}", Endpoint::AuditLogSubscription, Action::Update),
    ("DELETE", "integrations/{key}/{id}", Endpoint::AuditLogSubscription, Action::Delete),

    ("GET", "integration-capabilities/featureStore", Endpoint::DeliveryConfiguration, Action::List),
    ("GET", "integration-capabilities/featureStore/{project}/{environment}", Endpoint::DeliveryConfiguration, Action::List),
    ("POST", "integration-capabilities/featureStore/{project}/{environment}/{key}", Endpoint::DeliveryConfiguration, Action::Create),
    ("GET", "integration-capabilities/featureStore/{project}/{environment}/{key}/{id}", Endpoint::DeliveryConfiguration, Action::Get),
    ("PATCH", "integration-capabilities/featureStore/{project}/{environment}/{key}/{id}", Endpoint::DeliveryConfiguration, Action::Update),
    ("DELETE", "integration-capabilities/featureStore/{project}/{environment}/{key}/{id}", Endpoint::DeliveryConfiguration, Action::Delete),
    ("POST", "integration-capabilities/featureStore/{project}/{environment}/{key}/{id}/validate", Endpoint::DeliveryConfiguration, Action::Validate),

    ("GET", "integration-capabilities/big-segment-store", Endpoint::BigSegmentStore, Action::List),
    ("POST", "integration-capabilities/big-segment-store/{project}/{environment}/{key}", Endpoint::BigSegmentStore, Action::Create),
    ("GET", "integration-capabilities/big-segment-store/{project}/{environment}/{key}/{id}", Endpoint::BigSegmentStore, Action::Get),
    ("PATCH", "integration-capabilities/big-segment-store/{project}/{environment}/{key}/{id}", Endpoint::BigSegmentStore, Action::Update),
    ("DELETE", "integration-capabilities/big-segment-store/{project}/{environment}/{key}/{id}", Endpoint::BigSegmentStore, Action::Delete),

    ("GET", "integration-capabilities/flag-import", Endpoint::FlagImport, Action::List),
    ("POST", "integration-capabilities/flag-import/{project}/{key}", Endpoint::FlagImport, Action::Create),
    ("GET", "integration-capabilities/flag-import/{project}/{key}/{id}", Endpoint::FlagImport, Action::Get),
    ("PATCH", "integration-capabilities/flag-import/{project}/{key}/{id}", Endpoint::FlagImport, Action::Update),
    ("DELETE", "integration-capabilities/flag-import/{project}/{key}/{id}", Endpoint::FlagImport, Action::Delete),
    ("POST", "integration-capabilities/flag-import/{project}/{key}/{id}/trigger", Endpoint::FlagImport, Action::Trigger),
];
