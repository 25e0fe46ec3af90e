//! JSON Patch (RFC 6902), as LaunchDarkly takes it.

use json_patch::{Patch, PatchOperation};
use serde_json::Value;

use super::configuration::Configuration;
use super::kind::Kind;
use super::reply::Refusal;

/// Changes a configuration, or nothing of it.
///
/// # Errors
///
/// The body is no patch, or can't be applied, or changes what can't be changed, or removes what is
/// required. Messages hold paths only, since values may be secret.
pub(super) fn apply(configuration: &mut Configuration, body: &Value) -> Result<(), Refusal> {
    let mut patch = read(body).ok_or_else(|| Refusal::invalid("Invalid request body"))?;
    if configuration.kind == Kind::IntegrationConfiguration {
        patch.0.iter_mut().for_each(rename_on);
    }
    for operation in patch.iter() {
        let path = operation.path().as_str();
        if !may_change(configuration.kind, operation) {
            return Err(Refusal::invalid(format!("Can't change {path}")));
        }
    }
    let mut changed = Value::Object(configuration.members());
    if let Err(error) = json_patch::patch(&mut changed, &patch) {
        return Err(match configuration.kind {
            Kind::DeliveryConfiguration => Refusal::patch_failed(),
            _ => Refusal::invalid(format!("Could not apply patch: {error}")),
        });
    }
    configuration.set(changed.as_object().unwrap_or(&serde_json::Map::new()))
}

/// The operations, in an array or in an object with a comment for the audit log.
fn read(body: &Value) -> Option<Patch> {
    let operations = body
        .as_object()
        .map_or(Some(body), |body| body.get("patch"))?;
    serde_json::from_value(operations.clone()).ok()
}

/// The one example of LaunchDarkly's documentation replaces `/on`, but the property is `enabled`.
/// Both are understood.
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

/// Whether it changes nothing but what can be set.
fn may_change(kind: Kind, operation: &PatchOperation) -> bool {
    let is_property = |path: &json_patch::jsonptr::Pointer| {
        let first = path.first();
        let mut properties = kind.properties().iter();
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
