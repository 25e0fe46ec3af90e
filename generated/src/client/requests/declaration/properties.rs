//! Reads the properties of a declaration. [`Rules`] lists those that each endpoint accepts.

use serde_json::Value;

use super::read::{boolean, listed, non_blank_string, strings, wrong_type};
use super::values::DeclaredValues;
use super::{Declaration, InvalidDeclaration, Property, additional_form_variable, statement};
use crate::any::Reader;
use crate::values::Document;
use crate::wording::{bare_excerpt, nearest, one_of};
use crate::{Endpoint, IntegrationKey, Problem, ProblemKind, SecretJson};

pub(super) const ALL: [&str; 11] = [
    "key",
    "endpoint",
    "name",
    "values",
    "on",
    "tags",
    "statements",
    "additionalFormVariables",
    "project",
    "environment",
    "unchecked",
];

/// Names that LaunchDarkly's API or other parts of this crate use, and the property that is meant.
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

/// The properties that every endpoint accepts.
const COMMON: [&str; 6] = ["key", "endpoint", "name", "values", "tags", "unchecked"];

/// The other properties that an endpoint accepts.
pub(super) struct Rules {
    pub(super) required: &'static [&'static str],
    optional: &'static [&'static str],
}

impl Rules {
    pub(super) const fn for_endpoint(endpoint: Endpoint) -> Self {
        match endpoint {
            Endpoint::IntegrationConfiguration => Self {
                required: &["name"],
                optional: &["on", "statements", "additionalFormVariables"],
            },
            Endpoint::AuditLogSubscription => Self {
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

/// The properties that were found, and the problems so far.
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
                Property::Object(document) if known == "values" => {
                    properties.values = Some(document);
                }
                Property::Object(document) => properties.unchecked = Some(document),
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
        let name = self.non_blank_string("name");
        let (values, unchecked) = self.values(target.map(|(_, reader)| reader));
        let on = self.take("on");
        let on = on.and_then(|json| boolean("on", json.expose_secret(), &mut self.problems));
        let tags = self.take("tags").and_then(|json| {
            let json = json.expose_secret();
            strings("tags", json, non_blank_string, &mut self.problems)
        });
        let statements = self.objects("statements", statement::read);
        let additional_form_variables =
            self.objects("additionalFormVariables", additional_form_variable::read);
        let project = self.non_blank_string("project");
        let environment = self.non_blank_string("environment");
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
                additional_form_variables,
                project,
                environment,
            }),
            _ => Err(InvalidDeclaration(self.problems)),
        }
    }

    /// The endpoint and the reader of its values. Pushes a problem before it returns `None`.
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
                let expected = format!("another key: no endpoint takes values of {key}");
                let problem = Problem::new(ProblemKind::WrongEndpoint, "key", expected);
                self.problems.push(problem);
                return None;
            }
            (None, endpoints) => {
                let names: Vec<&str> = endpoints.iter().map(|endpoint| endpoint.as_str()).collect();
                let problem = Problem::new(ProblemKind::MissingKey, "endpoint", one_of(&names));
                self.problems.push(problem);
                return None;
            }
        };
        match Reader::for_endpoint(readers, endpoint, key.as_str()) {
            Ok(reader) => Some((endpoint, reader)),
            Err(error) => {
                let problems = error.problems().iter().cloned();
                self.problems
                    .extend(problems.map(|problem| problem.within("endpoint")));
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
        let Some(text) = self.non_blank_string("key") else {
            let mut problems = self.problems.iter();
            if !problems.any(|problem| problem.path == "key") {
                let expected = "the key of an integration, such as \"datadog\"";
                let problem = Problem::new(ProblemKind::MissingKey, "key", expected);
                self.problems.push(problem);
            }
            return None;
        };
        match text.parse::<IntegrationKey>() {
            Ok(key) => Some(key),
            Err(unknown) => {
                self.problems.push(unknown.problem().clone().within("key"));
                None
            }
        }
    }

    /// Pushes a problem for each property that the endpoint doesn't accept, and for each missing one that
    /// it requires.
    fn check_names(&mut self, endpoint: Endpoint, key: IntegrationKey, seen: &[&'static str]) {
        let rules = Rules::for_endpoint(endpoint);
        for name in seen.iter().filter(|name| !rules.takes(name)) {
            let expected = format!(
                "one of {}, since {key} is declared as {}",
                rules.names(),
                endpoint.with_article(),
            );
            let problem = Problem::new(ProblemKind::UnknownKey, *name, expected);
            self.problems.push(problem);
        }
        for name in rules.required.iter().filter(|name| !seen.contains(name)) {
            let expected = format!("a string: {} requires it", endpoint.with_article());
            let problem = Problem::new(ProblemKind::MissingKey, *name, expected);
            self.problems.push(problem);
        }
    }

    fn take(&mut self, name: &str) -> Option<SecretJson> {
        let position = self.json.iter().position(|(other, _)| *other == name)?;
        Some(self.json.swap_remove(position).1)
    }

    fn non_blank_string(&mut self, name: &str) -> Option<String> {
        let json = self.take(name)?;
        non_blank_string(name, json.expose_secret(), &mut self.problems)
    }

    /// Reads an array of objects.
    fn objects<T>(
        &mut self,
        name: &str,
        read: fn(&str, &Value, &mut Vec<Problem>) -> Option<T>,
    ) -> Vec<T> {
        let Some(json) = self.take(name) else {
            return Vec::new();
        };
        let Some(elements) = json.expose_secret().as_array() else {
            let problem = wrong_type(name, "an array of objects", json.expose_secret());
            self.problems.push(problem);
            return Vec::new();
        };
        let objects = elements.iter().enumerate().filter_map(|(index, element)| {
            read(&format!("{name}[{index}]"), element, &mut self.problems)
        });
        objects.collect()
    }

    /// Returns `values` and `unchecked`. Checks those of `values` that are in the file.
    fn values(&mut self, reader: Option<&'static Reader>) -> (DeclaredValues, DeclaredValues) {
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
        let unchecked = DeclaredValues::unchecked(unchecked, &mut self.problems);
        let fields = reader.map_or(&[][..], Reader::fields);
        let values = DeclaredValues::form_variables(values, fields);
        if let Some(reader) = reader.filter(|_| is_object) {
            // `resolve` reads the values of environment variables.
            let _ = values.read(reader, values.in_file(), &mut self.problems);
        }
        (values, unchecked)
    }
}

fn unknown(name: &str) -> Problem {
    let expected = format!("one of {}", ALL.join(", "));
    let mut others = OTHER_NAMES.into_iter();
    let meant = others.find(|(other, _)| *other == name);
    let meant = meant.map(|(_, property)| property);
    Problem::new(ProblemKind::UnknownKey, bare_excerpt(name), expected)
        .suggest(meant.or_else(|| nearest(name, ALL)))
}
