//! JSON Patch (RFC 6902), as LaunchDarkly reads it.

use json_patch::{Patch, PatchOperation};
use serde_json::Value;

use super::resource::StoredResource;
use super::response::ErrorResponse;
use crate::Endpoint;

/// Applies all operations of a patch, or none.
///
/// # Errors
///
/// Returns an error if the body isn't a patch, can't be applied, changes a read-only property, or removes a
/// required one. Messages contain paths only, since values may be secret.
pub(super) fn apply(resource: &mut StoredResource, body: &Value) -> Result<(), ErrorResponse> {
    let mut patch = read(body).ok_or_else(|| ErrorResponse::invalid("Invalid request body"))?;
    if resource.endpoint == Endpoint::IntegrationConfiguration {
        patch.0.iter_mut().for_each(rename_on);
    }
    for operation in patch.iter() {
        let path = operation.path().as_str();
        if !may_change(resource.endpoint, operation) {
            return Err(ErrorResponse::invalid(format!("Can't change {path}")));
        }
    }
    let mut changed = Value::Object(resource.members());
    if let Err(error) = json_patch::patch(&mut changed, &patch) {
        return Err(match resource.endpoint {
            Endpoint::DeliveryConfiguration => ErrorResponse::patch_failed(),
            _ => ErrorResponse::invalid(format!("Could not apply patch: {error}")),
        });
    }
    resource.set(changed.as_object().unwrap_or(&serde_json::Map::new()))
}

/// Reads the operations, from an array or from an object with a comment for the audit log.
fn read(body: &Value) -> Option<Patch> {
    let operations = body
        .as_object()
        .map_or(Some(body), |body| body.get("patch"))?;
    serde_json::from_value(operations.clone()).ok()
}

/// Accepts `/on` for the property `enabled`: LaunchDarkly's documentation has an example with `/on`.
fn rename_on(operation: &mut PatchOperation) {
    let path = match operation {
        PatchOperation::Add(operation) => &mut operation.path,
        PatchOperation::Replace(operation) => &mut operation.path,
        PatchOperation::Test(operation) => &mut operation.path,
        _ => return,
    };
    if path.as_str() == "/on" {
        *path = json_patch::jsonptr::PointerBuf::from_tokens(["enabled"]);
    }
}

/// Whether it changes only properties that a request can set.
fn may_change(endpoint: Endpoint, operation: &PatchOperation) -> bool {
    let is_property = |path: &json_patch::jsonptr::Pointer| {
        let first = path.first();
        let mut properties = endpoint.properties().iter();
        first.is_some_and(|first| properties.any(|property| first.decoded() == property.name))
    };
    match operation {
        PatchOperation::Test(_) => true,
        PatchOperation::Move(operation) => {
            is_property(&operation.from) && is_property(&operation.path)
        }
        other => is_property(other.path()),
    }
}
