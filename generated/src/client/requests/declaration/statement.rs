//! Policy statements in a declaration, written as in LaunchDarkly's API.

use serde_json::{Map, Value};

use super::read::{listed, non_blank_string, object, strings};
use crate::client::requests::{Actions, Resources, Statement, StatementEffect};
use crate::{Problem, ProblemKind};

const EFFECTS: [StatementEffect; 2] = [StatementEffect::Allow, StatementEffect::Deny];

const MEMBERS: [&str; 5] = [
    "effect",
    "resources",
    "notResources",
    "actions",
    "notActions",
];

/// Reads the statement at `path`. Pushes a problem before it returns `None`.
pub(super) fn read(path: &str, json: &Value, problems: &mut Vec<Problem>) -> Option<Statement> {
    let members = object(path, json, &MEMBERS, problems)?;
    let effect = effect(path, members, problems);
    let resources = either_list(path, ["resources", "notResources"], members, problems);
    let actions = either_list(path, ["actions", "notActions"], members, problems);
    let resources = match resources? {
        (false, list) => Resources::Only(list),
        (true, list) => Resources::AllBut(list),
    };
    let actions = match actions? {
        (false, list) => Actions::Only(list),
        (true, list) => Actions::AllBut(list),
    };
    Some(Statement {
        effect: effect?,
        resources,
        actions,
    })
}

fn effect(
    path: &str,
    members: &Map<String, Value>,
    problems: &mut Vec<Problem>,
) -> Option<StatementEffect> {
    let path = format!("{path}.effect");
    let names = EFFECTS.map(StatementEffect::as_str);
    let name = listed(&path, members.get("effect"), &names, problems)?;
    EFFECTS.into_iter().find(|effect| effect.as_str() == name)
}

/// Reads the list in one of two members. Returns `true` if it is in the second.
fn either_list(
    path: &str,
    [only, all_but]: [&str; 2],
    members: &Map<String, Value>,
    problems: &mut Vec<Problem>,
) -> Option<(bool, Vec<String>)> {
    let (name, value) = match (members.get(only), members.get(all_but)) {
        (Some(value), None) => (only, value),
        (None, Some(value)) => (all_but, value),
        (found, _) => {
            let kind = match found {
                Some(_) => ProblemKind::DuplicateKey,
                None => ProblemKind::MissingKey,
            };
            let expected = format!("either {only} or {all_but}");
            problems.push(Problem::new(kind, format!("{path}.{only}"), expected));
            return None;
        }
    };
    let list = strings(&format!("{path}.{name}"), value, non_blank_string, problems)?;
    Some((name == all_but, list))
}
