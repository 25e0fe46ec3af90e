//! Reads JSON in a declaration. The functions push a problem before they return `None`.

use serde_json::{Map, Value};

use crate::wording::{bare_excerpt, describe, json_type, nearest, one_of};
use crate::{Problem, ProblemKind};

pub(super) fn wrong_type(path: &str, expected: &str, json: &Value) -> Problem {
    let kind = match json {
        Value::Null => ProblemKind::Null,
        _ => ProblemKind::WrongType,
    };
    Problem::new(kind, path, expected).found(json_type(json))
}

/// Reads an object that has no other members than these.
pub(super) fn object<'a>(
    path: &str,
    json: &'a Value,
    names: &[&'static str],
    problems: &mut Vec<Problem>,
) -> Option<&'a Map<String, Value>> {
    let Some(members) = json.as_object() else {
        problems.push(wrong_type(path, "an object", json));
        return None;
    };
    for key in members.keys().filter(|key| !names.contains(&key.as_str())) {
        let path = format!("{path}.{}", bare_excerpt(key));
        let expected = format!("one of {}", names.join(", "));
        let problem = Problem::new(ProblemKind::UnknownKey, path, expected);
        problems.push(problem.suggest(nearest(key, names.iter().copied())));
    }
    Some(members)
}

pub(super) fn boolean(path: &str, json: &Value, problems: &mut Vec<Problem>) -> Option<bool> {
    let boolean = json.as_bool();
    if boolean.is_none() {
        problems.push(wrong_type(path, "a boolean", json));
    }
    boolean
}

pub(super) fn string(path: &str, json: &Value, problems: &mut Vec<Problem>) -> Option<String> {
    let string = json.as_str();
    if string.is_none() {
        problems.push(wrong_type(path, "a string", json));
    }
    string.map(str::to_owned)
}

pub(super) fn non_blank_string(
    path: &str,
    json: &Value,
    problems: &mut Vec<Problem>,
) -> Option<String> {
    let string = string(path, json, problems)?;
    if string.trim().is_empty() {
        let problem = Problem::new(ProblemKind::Blank, path, "a string that isn't blank");
        problems.push(problem.found(describe(json)));
        return None;
    }
    Some(string)
}

/// Reads one of these strings.
pub(super) fn listed(
    path: &str,
    json: Option<&Value>,
    names: &[&'static str],
    problems: &mut Vec<Problem>,
) -> Option<&'static str> {
    let expected = one_of(names);
    let Some(json) = json else {
        problems.push(Problem::new(ProblemKind::MissingKey, path, expected));
        return None;
    };
    let Some(text) = json.as_str() else {
        problems.push(wrong_type(path, &expected, json));
        return None;
    };
    let found = names.iter().copied().find(|name| *name == text);
    if found.is_none() {
        let problem = Problem::new(ProblemKind::UnlistedValue, path, expected);
        let problem = problem.found(describe(json));
        problems.push(problem.suggest(nearest(text, names.iter().copied())));
    }
    found
}

/// Reads an array of strings, each with `read`.
pub(super) fn strings(
    path: &str,
    json: &Value,
    read: fn(&str, &Value, &mut Vec<Problem>) -> Option<String>,
    problems: &mut Vec<Problem>,
) -> Option<Vec<String>> {
    let Some(elements) = json.as_array() else {
        problems.push(wrong_type(path, "an array of strings", json));
        return None;
    };
    // All elements are read before a problem counts.
    let strings: Vec<Option<String>> = elements
        .iter()
        .enumerate()
        .map(|(index, element)| read(&format!("{path}[{index}]"), element, problems))
        .collect();
    strings.into_iter().collect()
}
