//! [`Route`]: which operation a request is, and on what.

use http::Method;
use percent_encoding::percent_decode_str;

use super::kind::Kind;

pub(super) struct Route {
    pub(super) kind: Kind,
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
    /// The operation of a method and path, or `None` if they have none. Skips a host's base path.
    pub(super) fn parse(method: &Method, path: &str) -> Option<Self> {
        let (_, path) = path.split_once("/api/v2/")?;
        let mut operations = OPERATIONS.iter();
        operations.find_map(|(name, template, kind, action)| {
            let mut route = Self {
                kind: *kind,
                action: *action,
                project: None,
                environment: None,
                key: None,
                id: None,
            };
            (*name == method.as_str() && route.fill(template, path)).then_some(route)
        })
    }

    /// Takes the template's variables out of the path. Returns whether the path is of its form.
    fn fill(&mut self, template: &str, path: &str) -> bool {
        let mut parts = path.split('/');
        let fits = template.split('/').all(|expected| {
            let Some(part) = parts.next() else {
                return false;
            };
            let variable = match expected {
                "{project}" => &mut self.project,
                "{environment}" => &mut self.environment,
                "{key}" => &mut self.key,
                "{id}" => &mut self.id,
                literal => return literal == part,
            };
            let decoded = percent_decode_str(part).decode_utf8().ok();
            *variable = decoded.map(Into::into);
            !part.is_empty() && variable.is_some()
        });
        fits && parts.next().is_none()
    }
}

/// All operations.
#[rustfmt::skip]
const OPERATIONS: &[(&str, &str, Kind, Action)] = &[
    ("GET", "integration-configurations/keys/{key}", Kind::IntegrationConfiguration, Action::List),
    ("POST", "integration-configurations/keys/{key}", Kind::IntegrationConfiguration, Action::Create),
    ("GET", "integration-configurations/{id}", Kind::IntegrationConfiguration, Action::Get),
    ("PATCH", "integration-configurations/{id}", Kind::IntegrationConfiguration, Action::Update),
    ("DELETE", "integration-configurations/{id}", Kind::IntegrationConfiguration, Action::Delete),

    ("GET", "integrations/{key}", Kind::AuditLogSubscription, Action::List),
    ("POST", "integrations/{key}", Kind::AuditLogSubscription, Action::Create),
    ("GET", "integrations/{key}/{id}", Kind::AuditLogSubscription, Action::Get),
    ("PATCH", "integrations/{key}/{id}", Kind::AuditLogSubscription, Action::Update),
    ("DELETE", "integrations/{key}/{id}", Kind::AuditLogSubscription, Action::Delete),

    ("GET", "integration-capabilities/featureStore", Kind::DeliveryConfiguration, Action::List),
    ("GET", "integration-capabilities/featureStore/{project}/{environment}", Kind::DeliveryConfiguration, Action::List),
    ("POST", "integration-capabilities/featureStore/{project}/{environment}/{key}", Kind::DeliveryConfiguration, Action::Create),
    ("GET", "integration-capabilities/featureStore/{project}/{environment}/{key}/{id}", Kind::DeliveryConfiguration, Action::Get),
    ("PATCH", "integration-capabilities/featureStore/{project}/{environment}/{key}/{id}", Kind::DeliveryConfiguration, Action::Update),
    ("DELETE", "integration-capabilities/featureStore/{project}/{environment}/{key}/{id}", Kind::DeliveryConfiguration, Action::Delete),
    ("POST", "integration-capabilities/featureStore/{project}/{environment}/{key}/{id}/validate", Kind::DeliveryConfiguration, Action::Validate),

    ("GET", "integration-capabilities/big-segment-store", Kind::BigSegmentStore, Action::List),
    ("POST", "integration-capabilities/big-segment-store/{project}/{environment}/{key}", Kind::BigSegmentStore, Action::Create),
    ("GET", "integration-capabilities/big-segment-store/{project}/{environment}/{key}/{id}", Kind::BigSegmentStore, Action::Get),
    ("PATCH", "integration-capabilities/big-segment-store/{project}/{environment}/{key}/{id}", Kind::BigSegmentStore, Action::Update),
    ("DELETE", "integration-capabilities/big-segment-store/{project}/{environment}/{key}/{id}", Kind::BigSegmentStore, Action::Delete),

    ("GET", "integration-capabilities/flag-import", Kind::FlagImport, Action::List),
    ("POST", "integration-capabilities/flag-import/{project}/{key}", Kind::FlagImport, Action::Create),
    ("GET", "integration-capabilities/flag-import/{project}/{key}/{id}", Kind::FlagImport, Action::Get),
    ("PATCH", "integration-capabilities/flag-import/{project}/{key}/{id}", Kind::FlagImport, Action::Update),
    ("DELETE", "integration-capabilities/flag-import/{project}/{key}/{id}", Kind::FlagImport, Action::Delete),
    ("POST", "integration-capabilities/flag-import/{project}/{key}/{id}/trigger", Kind::FlagImport, Action::Trigger),
];
