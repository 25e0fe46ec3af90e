//! [`StoredResource`]: a resource of any kind, and its JSON.

use percent_encoding::utf8_percent_encode;
use serde_json::{Map, Value, json};

use super::endpoint::PropertyDefault;
use super::mask::{mask, mask_values};
use super::response::ErrorResponse;
use super::route::Route;
use crate::client::api::operation::ENCODED;
use crate::{Endpoint, integrations};

pub(super) struct StoredResource {
    pub(super) endpoint: Endpoint,
    pub(super) id: String,
    project: Option<String>,
    environment: Option<String>,
    key: String,
    number: u64,
    created_at: u64,
    version: u64,
    /// The time when a flag import was last triggered.
    pub(super) last_import: Option<u64>,
    /// The properties that a request can set. Secrets are unmasked.
    properties: Map<String, Value>,
}

impl StoredResource {
    pub(super) fn new(
        route: Route,
        id: String,
        number: u64,
        created_at: u64,
        body: &Value,
    ) -> Result<Self, ErrorResponse> {
        let mut created = Self {
            endpoint: route.endpoint,
            id,
            project: route.project,
            environment: route.environment,
            key: route.key.unwrap_or_default(),
            number,
            created_at,
            version: 0,
            last_import: None,
            properties: Map::new(),
        };
        let body = body.as_object();
        let body = body.ok_or_else(|| ErrorResponse::invalid("Invalid request body"))?;
        created.set(body)?;
        Ok(created)
    }

    /// Sets all properties. Sets none if one is invalid. Ignores unknown members.
    pub(super) fn set(&mut self, members: &Map<String, Value>) -> Result<(), ErrorResponse> {
        let mut properties = Map::new();
        for property in self.endpoint.properties() {
            let value = members.get(property.name).filter(|value| !value.is_null());
            property.check(value)?;
            let value = value.cloned().or_else(|| match property.default {
                PropertyDefault::None => None,
                PropertyDefault::Boolean(value) => Some(value.into()),
                PropertyDefault::EmptyArray => Some(json!([])),
                PropertyDefault::GeneratedName => Some(self.generated_name().into()),
            });
            if let Some(value) = value {
                properties.insert(property.name.to_owned(), value);
            }
        }
        self.properties = properties;
        self.version += 1;
        Ok(())
    }

    fn generated_name(&self) -> String {
        let name = integrations::get(&self.key).map_or(&*self.key, |integration| integration.name);
        format!("{name} {}", self.number)
    }

    /// Whether endpoint, project, environment and integration key equal those of the route. Ignores those
    /// that the route lacks.
    pub(super) fn matches(&self, route: &Route) -> bool {
        let fits = |expected: &Option<String>, actual: Option<&str>| {
            expected.is_none() || expected.as_deref() == actual
        };
        self.endpoint == route.endpoint
            && fits(&route.project, self.project.as_deref())
            && fits(&route.environment, self.environment.as_deref())
            && fits(&route.key, Some(&self.key))
    }

    /// The JSON in a response. Secrets are masked.
    pub(super) fn response(&self) -> Value {
        let mut members = self.members();
        let values = members.get_mut(self.endpoint.values());
        if let Some(values) = values.and_then(Value::as_object_mut) {
            let integration = integrations::get(&self.key);
            let fields = integration.map_or(&[][..], |known| known.fields_of(self.endpoint));
            mask_values(values, fields);
        }
        // Legacy Datadog subscriptions have this secret outside of the values.
        if let Some(secret) = members.get_mut("apiKey") {
            mask(secret);
        }
        members.into()
    }

    /// The JSON in a list.
    pub(super) fn list_item(&self) -> Value {
        let mut item = self.response();
        if let (false, Some(members)) = (self.endpoint.lists_values(), item.as_object_mut()) {
            members.remove(self.endpoint.values());
        }
        item
    }

    /// All members. Secrets are unmasked.
    pub(super) fn members(&self) -> Map<String, Value> {
        let mut members = self.properties.clone();
        let mut set = |name: &str, value: Value| members.insert(name.to_owned(), value);
        set("_id", json!(self.id));
        set("_links", self.links());
        match self.endpoint {
            Endpoint::IntegrationConfiguration => {
                set("_integrationKey", json!(self.key));
                set("_createdAt", json!(self.created_at));
                return members;
            }
            Endpoint::AuditLogSubscription => {
                set("kind", json!(self.key));
                set(
                    "_status",
                    json!({"successCount": 0, "errorCount": 0, "errors": []}),
                );
                return members;
            }
            Endpoint::DeliveryConfiguration => {}
            Endpoint::BigSegmentStore => {
                set(
                    "_status",
                    json!({"available": true, "potentiallyStale": false, "errors": []}),
                );
            }
            Endpoint::FlagImport => {
                let status = match self.last_import {
                    Some(time) => json!({"status": "complete", "lastImport": time, "errors": []}),
                    None => json!({"status": "pending", "errors": []}),
                };
                set("_status", status);
            }
        }
        set("integrationKey", json!(self.key));
        set("version", json!(self.version));
        if let Some(project) = &self.project {
            set("projectKey", json!(project));
        }
        if let Some(environment) = &self.environment {
            set("environmentKey", json!(environment));
        }
        members
    }

    fn links(&self) -> Value {
        let root = self.endpoint.root();
        let parts = [&self.project, &self.environment];
        let mut parent: Vec<&str> = root.to_vec();
        parent.extend(parts.into_iter().flatten().map(String::as_str));
        let mut own = parent.clone();
        match self.endpoint {
            Endpoint::IntegrationConfiguration => parent.extend(["keys", &self.key]),
            Endpoint::AuditLogSubscription => {
                parent.push(&self.key);
                own.push(&self.key);
            }
            // The only list of these is for the whole account.
            Endpoint::BigSegmentStore | Endpoint::FlagImport => {
                parent = root.to_vec();
                own.push(&self.key);
            }
            Endpoint::DeliveryConfiguration => own.push(&self.key),
        }
        own.push(&self.id);
        let mut links = json!({"self": link(&href(&own)), "parent": link(&href(&parent))});
        if let Some(project) = &self.project {
            let project = ["projects", project];
            links["project"] = link(&href(&project));
            if let Some(environment) = &self.environment {
                let environment = [&project[..], &["environments", environment]].concat();
                links["environment"] = link(&href(&environment));
            }
        }
        links
    }
}

/// The path with these segments.
fn href(parts: &[&str]) -> String {
    let mut href = "/api/v2".to_owned();
    for part in parts {
        href.push('/');
        href.extend(utf8_percent_encode(part, ENCODED));
    }
    href
}

pub(super) fn link(href: &str) -> Value {
    json!({"href": href, "type": "application/json"})
}
