//! [`Configuration`]: a configuration in memory, of any kind, and its JSON.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::kind::{Kind, WhenUnset};
use super::mask::{mask, mask_values};
use super::reply::Refusal;
use super::route::Route;
use crate::integrations;

pub(super) struct Configuration {
    pub(super) kind: Kind,
    pub(super) id: String,
    project: Option<String>,
    environment: Option<String>,
    key: String,
    number: u64,
    created_at: u64,
    version: u64,
    /// When a flag import was last triggered.
    pub(super) last_import: Option<u64>,
    /// Everything that can be set, secrets in the clear.
    properties: Map<String, Value>,
}

impl Configuration {
    pub(super) fn new(
        route: Route,
        id: String,
        number: u64,
        created_at: u64,
        body: &Value,
    ) -> Result<Self, Refusal> {
        let mut created = Self {
            kind: route.kind,
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
        let body = body.ok_or_else(|| Refusal::invalid("Invalid request body"))?;
        created.set(body)?;
        Ok(created)
    }

    /// Sets all properties from these members, unless one of them is wrong. Others are ignored.
    pub(super) fn set(&mut self, members: &Map<String, Value>) -> Result<(), Refusal> {
        let mut properties = Map::new();
        for property in self.kind.properties() {
            let value = members.get(property.name).filter(|value| !value.is_null());
            property.check(value)?;
            let value = value.cloned().or_else(|| match property.when_unset {
                WhenUnset::None => None,
                WhenUnset::Boolean(value) => Some(value.into()),
                WhenUnset::EmptyArray => Some(json!([])),
                WhenUnset::Name => Some(self.invented_name().into()),
            });
            if let Some(value) = value {
                properties.insert(property.name.to_owned(), value);
            }
        }
        self.properties = properties;
        self.version += 1;
        Ok(())
    }

    fn invented_name(&self) -> String {
        let name = integrations::get(&self.key).map_or(&*self.key, |integration| integration.name);
        format!("{name} {}", self.number)
    }

    /// Whether it is what a path means: of the same kind, and at the same place as far as the path
    /// has one.
    pub(super) fn is_at(&self, route: &Route) -> bool {
        let same = |wanted: &Option<String>, actual: Option<&str>| {
            wanted.is_none() || wanted.as_deref() == actual
        };
        self.kind == route.kind
            && same(&route.project, self.project.as_deref())
            && same(&route.environment, self.environment.as_deref())
            && same(&route.key, Some(&self.key))
    }

    /// As a response has it.
    pub(super) fn response(&self) -> Value {
        let mut members = self.members();
        let values = members.get_mut(self.kind.values());
        if let Some(values) = values.and_then(Value::as_object_mut) {
            mask_values(values, self.kind.fields(&self.key));
        }
        // A secret of legacy Datadog subscriptions beside the values.
        if let Some(secret) = members.get_mut("apiKey") {
            mask(secret);
        }
        members.into()
    }

    /// As a list has it.
    pub(super) fn list_item(&self) -> Value {
        let mut item = self.response();
        if let (false, Some(members)) = (self.kind.lists_values(), item.as_object_mut()) {
            members.remove(self.kind.values());
        }
        item
    }

    /// All members, secrets in the clear.
    pub(super) fn members(&self) -> Map<String, Value> {
        let mut members = self.properties.clone();
        let mut set = |name: &str, value: Value| members.insert(name.to_owned(), value);
        set("_id", json!(self.id));
        set("_links", self.links());
        match self.kind {
            Kind::IntegrationConfiguration => {
                set("_integrationKey", json!(self.key));
                set("_createdAt", json!(self.created_at));
                return members;
            }
            Kind::AuditLogSubscription => {
                set("kind", json!(self.key));
                set(
                    "_status",
                    json!({"successCount": 0, "errorCount": 0, "errors": []}),
                );
                return members;
            }
            Kind::DeliveryConfiguration => {}
            Kind::BigSegmentStore => {
                set(
                    "_status",
                    json!({"available": true, "potentiallyStale": false, "errors": []}),
                );
            }
            Kind::FlagImport => {
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
        let root = self.kind.root();
        let place = [&self.project, &self.environment];
        let mut parent: Vec<&str> = root.to_vec();
        parent.extend(place.into_iter().flatten().map(String::as_str));
        let mut own = parent.clone();
        match self.kind {
            Kind::IntegrationConfiguration => parent.extend(["keys", &self.key]),
            Kind::AuditLogSubscription => {
                parent.push(&self.key);
                own.push(&self.key);
            }
            // There is no list of a project's or, for big segment stores, of an environment's.
            Kind::BigSegmentStore | Kind::FlagImport => {
                parent = root.to_vec();
                own.push(&self.key);
            }
            Kind::DeliveryConfiguration => own.push(&self.key),
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

/// What stands in paths as it is.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The path of these parts.
fn href(parts: &[&str]) -> String {
    let mut href = "/api/v2".to_owned();
    for part in parts {
        href.push('/');
        href.extend(utf8_percent_encode(part, PATH));
    }
    href
}

pub(super) fn link(href: &str) -> Value {
    json!({"href": href, "type": "application/json"})
}
