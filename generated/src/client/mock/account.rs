//! [`Account`]: a LaunchDarkly account in memory, which responds to requests.

use http::{HeaderMap, Response};
use serde_json::{Value, json};

use super::patch;
use super::recorded_request::RecordedRequest;
use super::resource::{StoredResource, link};
use super::response::{self, ErrorResponse};
use super::route::{Action, Route};
use crate::Endpoint;

/// The start time, in milliseconds since 1970: 2023-11-14T22:13:20Z.
const START: u64 = 1_700_000_000_000;

#[derive(Default)]
pub(super) struct Account {
    /// In order of creation.
    resources: Vec<StoredResource>,
    /// The number of resources that were ever created. Makes ids unique.
    created: u64,
    /// The number of requests that were handled.
    requests: u64,
}

impl Account {
    pub(super) fn respond(&mut self, request: &RecordedRequest) -> Response<Vec<u8>> {
        self.requests += 1;
        self.handle(request)
            .unwrap_or_else(|error| error.response(&uuid(self.requests)))
    }

    fn handle(&mut self, request: &RecordedRequest) -> Result<Response<Vec<u8>>, ErrorResponse> {
        if header(request.headers(), "authorization").is_empty() {
            return Err(ErrorResponse::unauthorized());
        }
        let route = Route::parse(request.method(), request.uri().path());
        let route = route.ok_or_else(ErrorResponse::not_found)?;
        // LaunchDarkly reads the first of two values.
        if route.metadata.beta && header(request.headers(), "ld-api-version") != "beta" {
            return Err(ErrorResponse::beta());
        }
        let success = route.metadata.success;
        match route.action {
            Action::Create => self.create(route, request.body()),
            Action::List => Ok(self.list(&route, request.uri().path())),
            Action::Get => {
                let index = self.find(&route)?;
                let found = &self.resources[index];
                Ok(response::json(success, &found.response()))
            }
            Action::Update => {
                let index = self.find(&route)?;
                let found = &mut self.resources[index];
                patch::apply(found, request.body())?;
                Ok(response::json(success, &found.response()))
            }
            Action::Delete => {
                let index = self.find(&route)?;
                self.resources.remove(index);
                Ok(response::empty(success))
            }
            Action::Validate => {
                self.find(&route)?;
                let body = json!({
                    "statusCode": 200,
                    "error": "",
                    "timestamp": self.now(),
                    "responseBody": "",
                });
                Ok(response::json(success, &body))
            }
            Action::Trigger => {
                let index = self.find(&route)?;
                self.resources[index].last_import = Some(self.now());
                Ok(response::empty(success))
            }
        }
    }

    fn create(&mut self, route: Route, body: &Value) -> Result<Response<Vec<u8>>, ErrorResponse> {
        let number = self.created + 1;
        let id = if route.endpoint.has_uuids() {
            uuid(number)
        } else {
            format!("{number:024x}")
        };
        let success = route.metadata.success;
        let created = StoredResource::new(route, id, number, self.now(), body)?;
        let response = response::json(success, &created.response());
        self.resources.push(created);
        self.created = number;
        Ok(response)
    }

    fn list(&self, route: &Route, path: &str) -> Response<Vec<u8>> {
        let resources = self.resources.iter();
        let items: Vec<Value> = resources
            .filter(|resource| resource.matches(route))
            .map(StoredResource::list_item)
            .collect();
        let mut body = json!({"items": items, "_links": {"self": link(path)}});
        if route.endpoint == Endpoint::AuditLogSubscription {
            body["key"] = json!(route.key);
        }
        response::json(route.metadata.success, &body)
    }

    fn find(&self, route: &Route) -> Result<usize, ErrorResponse> {
        let id = route.id.as_deref().unwrap_or_default();
        if route.endpoint == Endpoint::FlagImport && !is_uuid(id) {
            return Err(ErrorResponse::invalid("malformed integration id"));
        }
        let mut resources = self.resources.iter();
        let index = resources.position(|resource| resource.id == id && resource.matches(route));
        index.ok_or_else(ErrorResponse::not_found)
    }

    fn now(&self) -> u64 {
        START + 1000 * self.requests
    }
}

/// The first value of a header. Empty if it is missing or isn't a string.
fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}

/// A valid UUID (version 4).
fn uuid(number: u64) -> String {
    format!("00000000-0000-4000-8000-{number:012x}")
}

fn is_uuid(text: &str) -> bool {
    let groups = text.split('-');
    let is_hexadecimal = |group: &str| group.bytes().all(|byte| byte.is_ascii_hexdigit());
    groups.clone().map(str::len).eq([8, 4, 4, 4, 12]) && groups.clone().all(is_hexadecimal)
}
