//! Policy statements in a declaration, as LaunchDarkly's API writes them.

use serde_json::{Map, Value};

use super::properties::{listed, strings};
use crate::client::requests::capability_config::{Actions, Effect, Resources, Statement};
use crate::wording::{bare_excerpt, json_type, nearest};
use crate::{Problem, ProblemKind};

const EFFECTS: [Effect; 2] = [Effect::Allow, Effect::Deny];

const MEMBERS: [&str; 5] = [
    "effect",
    "resources",
    "notResources",
    "actions",
    "notActions",
];

/// Reads the statement at `path`. `None` only after noting why not.
pub(super) fn read(path: &str, json: &Value, problems: &mut Vec<Problem>) -> Option<Statement> {
    let Some(members) = json.as_object() else {
        let problem = Problem::new(ProblemKind::WrongType, path, "an object");
        problems.push(problem.found(json_type(json)));
        return None;
    };
    for key in members
        .keys()
        .filter(|key| !MEMBERS.contains(&key.as_str()))
    {
        let path = format!("{path}.{}", bare_excerpt(key));
        let expected = format!("one of {}", MEMBERS.join(", "));
        let problem = Problem::new(ProblemKind::UnknownKey, path, expected);
        problems.push(problem.suggest(nearest(key, MEMBERS)));
    }
    let effect = effect(path, members, problems);
    let resources = either(path, ["resources", "notResources"], members, problems);
    let actions = either(path, ["actions", "notActions"], members, problems);
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

fn effect(path: &str, members: &Map<String, Value>, problems: &mut Vec<Problem>) -> Option<Effect> {
    let path = format!("{path}.effect");
    let names = EFFECTS.map(Effect::as_str);
    let name = listed(&path, members.get("effect"), &names, problems)?;
    EFFECTS.into_iter().find(|effect| effect.as_str() == name)
}

/// The list under one of the two names, and whether it is the second.
fn either(
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
    let list = strings(&format!("{path}.{name}"), value, problems)?;
    Some((name == all_but, list))
}
