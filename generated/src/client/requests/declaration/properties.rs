//! The properties of a declaration, and which of them an endpoint takes.

use serde_json::Value;

use super::values::Members;
use super::{Declaration, InvalidDeclaration, Property, at, statement};
use crate::any::Reader;
use crate::client::Statement;
use crate::values::Document;
use crate::wording::{bare_excerpt, describe, json_type, nearest, one_of};
use crate::{
    Endpoint, IntegrationKey, Problem, ProblemKind, SecretJson, UnknownIntegrationKey,
    WrongEndpoint,
};

pub(super) const ALL: [&str; 10] = [
    "key",
    "endpoint",
    "name",
    "values",
    "on",
    "tags",
    "statements",
    "project",
    "environment",
    "unchecked",
];

/// What LaunchDarkly's API, or this crate elsewhere, calls them.
const OTHER_NAMES: [(&str, &str); 9] = [
    ("integration", "key"),
    ("integrationKey", "key"),
    ("config", "values"),
    ("configValues", "values"),
    ("enabled", "on"),
    ("projectKey", "project"),
    ("environmentKey", "environment"),
    ("envKey", "environment"),
    ("env", "environment"),
];

/// What every endpoint takes.
const COMMON: [&str; 6] = ["key", "endpoint", "name", "values", "tags", "unchecked"];

/// What an endpoint takes besides.
pub(super) struct Rules {
    pub(super) required: &'static [&'static str],
    optional: &'static [&'static str],
}

impl Rules {
    pub(super) const fn of(endpoint: Endpoint) -> Self {
        match endpoint {
            Endpoint::IntegrationConfiguration | Endpoint::AuditLogSubscription => Self {
                required: &["name"],
                optional: &["on", "statements"],
            },
            Endpoint::DeliveryConfiguration | Endpoint::BigSegmentStore => Self {
                required: &["project", "environment"],
                optional: &["on"],
            },
            Endpoint::FlagImport => Self {
                required: &["project"],
                optional: &[],
            },
        }
    }

    pub(super) fn takes(&self, property: &str) -> bool {
        let mut lists = [&COMMON[..], self.required, self.optional].into_iter();
        lists.any(|list| list.contains(&property))
    }

    fn names(&self) -> String {
        let taken = ALL.into_iter().filter(|name| self.takes(name));
        taken.collect::<Vec<_>>().join(", ")
    }
}

/// The properties as they are read.
#[derive(Default)]
pub(super) struct Properties {
    json: Vec<(&'static str, SecretJson)>,
    values: Option<Document>,
    unchecked: Option<Document>,
    problems: Vec<Problem>,
}

impl Properties {
    pub(super) fn read(
        document: Document<Property>,
        readers: &'static [Reader],
    ) -> Result<Declaration, InvalidDeclaration> {
        let members = match document {
            Document::Object(members) => members,
            Document::Other(found) => {
                let problem = Problem::new(ProblemKind::WrongType, "", "an object").found(found);
                return Err(InvalidDeclaration(vec![problem]));
            }
        };
        let mut properties = Self::default();
        let mut seen = Vec::new();
        for (name, property) in members {
            let Some(known) = ALL.into_iter().find(|known| *known == name) else {
                properties.problems.push(unknown(&name));
                continue;
            };
            if seen.contains(&known) {
                let problem = Problem::new(ProblemKind::DuplicateKey, known, "one value");
                properties.problems.push(problem);
                continue;
            }
            seen.push(known);
            match property {
                Property::Json(json) => properties.json.push((known, json)),
                Property::Members(document) if known == "values" => {
                    properties.values = Some(document);
                }
                Property::Members(document) => properties.unchecked = Some(document),
            }
        }
        properties.declaration(&seen, readers)
    }

    fn declaration(
        mut self,
        seen: &[&'static str],
        readers: &'static [Reader],
    ) -> Result<Declaration, InvalidDeclaration> {
        let target = self.target(readers);
        if let Some((endpoint, reader)) = target {
            self.check_names(endpoint, reader.key(), seen);
        }
        let name = self.text("name");
        let (values, unchecked) = self.values(target.map(|(_, reader)| reader));
        let on = self.on();
        let tags = match self.take("tags") {
            Some(json) => strings("tags", json.expose_secret(), &mut self.problems),
            None => None,
        };
        let statements = self.statements();
        let project = self.text("project");
        let environment = self.text("environment");
        match target {
            Some((endpoint, reader)) if self.problems.is_empty() => Ok(Declaration {
                reader,
                endpoint,
                name,
                values,
                unchecked,
                on,
                tags: tags.unwrap_or_default(),
                statements,
                project,
                environment,
            }),
            _ => Err(InvalidDeclaration(self.problems)),
        }
    }

    /// The endpoint, and what reads its values. `None` only after noting why not.
    fn target(&mut self, readers: &'static [Reader]) -> Option<(Endpoint, &'static Reader)> {
        let key = self.key();
        let endpoint = self.take("endpoint");
        let endpoint = endpoint.map(|json| self.endpoint(json.expose_secret()));
        let key = key?;
        let endpoints = key.integration().endpoints;
        let endpoint = match (endpoint, endpoints) {
            (Some(endpoint), _) => endpoint?,
            (None, [endpoint]) => *endpoint,
            (None, []) => {
                let expected = format!("another key, as no endpoint takes values of {key}");
                let problem = Problem::new(ProblemKind::WrongEndpoint, "key", expected);
                self.problems.push(problem);
                return None;
            }
            (None, endpoints) => {
                let names: Vec<&str> = endpoints.iter().map(|one| one.as_str()).collect();
                let problem = Problem::new(ProblemKind::MissingKey, "endpoint", one_of(&names));
                self.problems.push(problem);
                return None;
            }
        };
        match Reader::of_endpoint(readers, endpoint, key.as_str()) {
            Ok(reader) => Some((endpoint, reader)),
            Err(_) => {
                let wrong = WrongEndpoint::new(key, endpoint, endpoints);
                self.problems.push(at("endpoint", wrong.problem().clone()));
                None
            }
        }
    }

    fn endpoint(&mut self, json: &Value) -> Option<Endpoint> {
        let mut all = Endpoint::ALL.iter().copied();
        let names: Vec<&'static str> = all.clone().map(Endpoint::as_str).collect();
        let name = listed("endpoint", Some(json), &names, &mut self.problems)?;
        all.find(|endpoint| endpoint.as_str() == name)
    }

    fn key(&mut self) -> Option<IntegrationKey> {
        let Some(text) = self.text("key") else {
            let mut problems = self.problems.iter();
            if !problems.any(|problem| problem.path == "key") {
                let expected = "the key of an integration, such as \"datadog\"";
                let problem = Problem::new(ProblemKind::MissingKey, "key", expected);
                self.problems.push(problem);
            }
            return None;
        };
        match text.parse() {
            Ok(key) => Some(key),
            Err(unknown) => {
                let unknown: UnknownIntegrationKey = unknown;
                self.problems.push(at("key", unknown.problem().clone()));
                None
            }
        }
    }

    /// Notes properties that the endpoint doesn't take, and those that it requires and lacks.
    fn check_names(&mut self, endpoint: Endpoint, key: IntegrationKey, seen: &[&'static str]) {
        let rules = Rules::of(endpoint);
        for name in seen.iter().filter(|name| !rules.takes(name)) {
            let expected = format!(
                "one of {}, as {key} is declared as {}",
                rules.names(),
                endpoint.with_article(),
            );
            let problem = Problem::new(ProblemKind::UnknownKey, *name, expected);
            self.problems.push(problem);
        }
        for name in rules.required.iter().filter(|name| !seen.contains(name)) {
            let expected = format!("a string, as for {} always", endpoint.with_article());
            let problem = Problem::new(ProblemKind::MissingKey, *name, expected);
            self.problems.push(problem);
        }
    }

    fn take(&mut self, name: &str) -> Option<SecretJson> {
        let position = self.json.iter().position(|(other, _)| *other == name)?;
        Some(self.json.swap_remove(position).1)
    }

    /// A string with a visible character.
    fn text(&mut self, name: &str) -> Option<String> {
        let json = self.take(name)?;
        text(name, json.expose_secret(), &mut self.problems)
    }

    fn on(&mut self) -> Option<bool> {
        let json = self.take("on")?;
        let on = json.expose_secret().as_bool();
        if on.is_none() {
            let problem = wrong_type("on", "a boolean", json.expose_secret());
            self.problems.push(problem);
        }
        on
    }

    fn statements(&mut self) -> Vec<Statement> {
        let Some(json) = self.take("statements") else {
            return Vec::new();
        };
        let Some(elements) = json.expose_secret().as_array() else {
            let problem = wrong_type("statements", "an array of objects", json.expose_secret());
            self.problems.push(problem);
            return Vec::new();
        };
        let read = elements.iter().enumerate().filter_map(|(index, element)| {
            statement::read(&format!("statements[{index}]"), element, &mut self.problems)
        });
        read.collect()
    }

    /// The values, checked as far as they are in the file, and the unchecked ones.
    fn values(&mut self, reader: Option<&'static Reader>) -> (Members, Members) {
        let mut members = |path, document| match document {
            Some(Document::Object(members)) => members,
            Some(Document::Other(found)) => {
                let problem = Problem::new(ProblemKind::WrongType, path, "an object");
                self.problems.push(problem.found(found));
                Vec::new()
            }
            None => Vec::new(),
        };
        let is_object = !matches!(self.values, Some(Document::Other(_)));
        let values = members("values", self.values.take());
        let unchecked = members("unchecked", self.unchecked.take());
        let unchecked = Members::unchecked(unchecked, "unchecked", &mut self.problems);
        let fields = reader.map_or(&[][..], Reader::fields);
        let values = Members::of_fields(values, fields);
        if let Some(reader) = reader.filter(|_| is_object) {
            // The values of variables are read when they are known.
            let _ = values.read(reader, values.in_file(), &mut self.problems);
        }
        (values, unchecked)
    }
}

fn unknown(name: &str) -> Problem {
    let expected = format!("one of {}", ALL.join(", "));
    let mut others = OTHER_NAMES.into_iter();
    let other = others
        .find(|(other, _)| *other == name)
        .map(|(_, known)| known);
    Problem::new(ProblemKind::UnknownKey, bare_excerpt(name), expected)
        .suggest(other.or_else(|| nearest(name, ALL)))
}

fn wrong_type(path: &str, expected: &str, json: &Value) -> Problem {
    let kind = match json {
        Value::Null => ProblemKind::Null,
        _ => ProblemKind::WrongType,
    };
    Problem::new(kind, path, expected).found(json_type(json))
}

/// A string with a visible character. `None` only after noting why not.
fn text(path: &str, json: &Value, problems: &mut Vec<Problem>) -> Option<String> {
    match json.as_str() {
        Some(text) if !text.trim().is_empty() => return Some(text.to_owned()),
        Some(_) => {
            let problem = Problem::new(ProblemKind::Blank, path, "a string that isn't blank");
            problems.push(problem.found(describe(json)));
        }
        None => problems.push(wrong_type(path, "a string", json)),
    }
    None
}

/// One of these strings. `None` only after noting why not.
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

/// A list of strings. `None` only after noting why not.
pub(super) fn strings(
    path: &str,
    json: &Value,
    problems: &mut Vec<Problem>,
) -> Option<Vec<String>> {
    let Some(elements) = json.as_array() else {
        problems.push(wrong_type(path, "an array of strings", json));
        return None;
    };
    let read: Vec<Option<String>> = elements
        .iter()
        .enumerate()
        .map(|(index, element)| text(&format!("{path}[{index}]"), element, problems))
        .collect();
    read.into_iter().collect()
}
