//! Additional form variables in a declaration, written as in LaunchDarkly's API.

use serde_json::Value;

use super::read::{boolean, non_blank_string, object, string, strings, wrong_type};
use crate::client::requests::AdditionalFormVariable;
use crate::{Problem, ProblemKind};

pub(super) const MEMBERS: [&str; 9] = [
    "key",
    "name",
    "type",
    "description",
    "placeholder",
    "isOptional",
    "defaultValue",
    "allowedValues",
    "dynamicOptions",
];

/// LaunchDarkly requires none, but a form variable without these is a mistake.
pub(super) const REQUIRED: [&str; 3] = ["key", "name", "type"];

/// Reads the form variable at `path`. Members with problems are `None`.
pub(super) fn read(
    path: &str,
    json: &Value,
    problems: &mut Vec<Problem>,
) -> Option<AdditionalFormVariable> {
    let members = object(path, json, &MEMBERS, problems)?;
    for name in REQUIRED.iter().filter(|name| !members.contains_key(**name)) {
        let path = format!("{path}.{name}");
        problems.push(Problem::new(ProblemKind::MissingKey, path, "a string"));
    }
    let member = |name: &str| Some((format!("{path}.{name}"), members.get(name)?));
    let mut read_string = |name: &str| {
        let (path, json) = member(name)?;
        match REQUIRED.contains(&name) {
            true => non_blank_string(&path, json, problems),
            false => string(&path, json, problems),
        }
    };
    let [key, name, kind, description, placeholder] =
        ["key", "name", "type", "description", "placeholder"].map(&mut read_string);
    let optional = member("isOptional").and_then(|(path, json)| boolean(&path, json, problems));
    let allowed_values =
        member("allowedValues").and_then(|(path, json)| strings(&path, json, string, problems));
    let dynamic_options = member("dynamicOptions").map(|(path, json)| {
        if !json.is_object() {
            problems.push(wrong_type(&path, "an object", json));
        }
        json.clone()
    });
    Some(AdditionalFormVariable {
        key,
        name,
        kind,
        description,
        placeholder,
        optional,
        default: members.get("defaultValue").cloned(),
        allowed_values,
        dynamic_options,
    })
}
