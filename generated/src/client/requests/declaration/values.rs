//! The values of a declaration, of which some may be in environment variables.

use std::fmt;

use serde_json::Value;

use super::at;
use crate::any::Reader;
use crate::values::Document;
use crate::wording::bare_excerpt;
use crate::{AnyConfigValues, Field, Problem, ProblemKind, SecretJson};

/// The values by their keys.
#[derive(Clone, Default)]
pub(super) struct Members(Vec<(String, Given)>);

/// What a file gives.
#[derive(Clone)]
pub(super) enum Given {
    Json(SecretJson),
    /// The name of an environment variable.
    Variable(String),
}

impl Given {
    /// `is_variable`: whether `{"env": "NAME"}` stands for a variable.
    fn new(json: SecretJson, is_variable: bool) -> Self {
        match variable(json.expose_secret()) {
            Some(name) if is_variable => Self::Variable(name.to_owned()),
            _ => Self::Json(json),
        }
    }

    fn variable(&self) -> Option<&str> {
        match self {
            Self::Json(_) => None,
            Self::Variable(name) => Some(name),
        }
    }
}

/// The name in `{"env": "NAME"}`.
fn variable(json: &Value) -> Option<&str> {
    let members = json.as_object().filter(|members| members.len() == 1)?;
    let name = members.get("env")?.as_str()?;
    (!name.trim().is_empty()).then_some(name)
}

impl Members {
    /// Those of an integration's form variables.
    pub(super) fn of_fields(members: Vec<(String, SecretJson)>, fields: &[Field]) -> Self {
        let takes_strings = |key: &str| {
            let mut fields = fields.iter();
            fields.any(|field| field.key == key && field.kind.takes_strings())
        };
        let given = members.into_iter().map(|(key, json)| {
            let is_variable = takes_strings(&key);
            (key, Given::new(json, is_variable))
        });
        Self(given.collect())
    }

    /// Those of any key. One that is there twice is a problem.
    pub(super) fn unchecked(
        members: Vec<(String, SecretJson)>,
        path: &str,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let mut all: Vec<(String, Given)> = Vec::new();
        for (key, json) in members {
            if all.iter().any(|(other, _)| *other == key) {
                let path = format!("{path}.{}", bare_excerpt(&key));
                problems.push(Problem::new(ProblemKind::DuplicateKey, path, "one value"));
            }
            all.push((key, Given::new(json, true)));
        }
        Self(all)
    }

    /// Those that are in the file, without those in environment variables.
    pub(super) fn in_file(&self) -> Vec<(String, SecretJson)> {
        let members = self.0.iter().filter_map(|(key, given)| match given {
            Given::Json(json) => Some((key.clone(), json.clone())),
            Given::Variable(_) => None,
        });
        members.collect()
    }

    /// All of them. A variable that isn't set is a problem.
    pub(super) fn resolve(
        &self,
        path: &str,
        environment: impl Fn(&str) -> Option<String>,
        problems: &mut Vec<Problem>,
    ) -> Vec<(String, SecretJson)> {
        let mut resolved = Vec::with_capacity(self.0.len());
        for (key, given) in &self.0 {
            let json = match given {
                Given::Json(json) => json.clone(),
                Given::Variable(name) => match environment(name) {
                    Some(text) if !text.trim().is_empty() => Value::from(text).into(),
                    _ => {
                        let path = format!("{path}.{}", bare_excerpt(key));
                        let expected = bare_excerpt(name);
                        problems.push(Problem::new(ProblemKind::MissingVariable, path, expected));
                        continue;
                    }
                },
            };
            resolved.push((key.clone(), json));
        }
        resolved
    }

    /// Reads `members`, which are these or some of them. One in a variable isn't missing, and a
    /// problem shows nothing of it.
    pub(super) fn read(
        &self,
        reader: &Reader,
        members: Vec<(String, SecretJson)>,
        problems: &mut Vec<Problem>,
    ) -> Option<AnyConfigValues> {
        let error = match reader.read(Ok(Document::Object(members))) {
            Ok(values) => return Some(values),
            Err(error) => error,
        };
        for problem in error.problems() {
            let mut problem = problem.clone();
            if let Some(name) = self.variable(&problem.path) {
                if problem.kind == ProblemKind::MissingKey {
                    continue;
                }
                problem.found = Some(format!("the value of {}", bare_excerpt(name)));
            }
            let mut fields = reader.fields().iter();
            let takes_strings =
                fields.any(|field| field.key == problem.path && field.kind.takes_strings());
            if takes_strings && problem.kind == ProblemKind::WrongType {
                problem.expected.push_str(r#", or {"env": "NAME"}"#);
            }
            problems.push(at("values", problem));
        }
        None
    }

    fn variable(&self, key: &str) -> Option<&str> {
        let mut members = self.0.iter();
        members.find(|(other, _)| other == key)?.1.variable()
    }

    pub(super) fn variables(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|(_, given)| given.variable())
    }
}

impl fmt::Debug for Members {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let members = self.0.iter().map(|(key, given)| (key, given));
        f.debug_map().entries(members).finish()
    }
}

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(_) => f.write_str("[redacted]"),
            Self::Variable(name) => write!(f, "{{\"env\": {name:?}}}"),
        }
    }
}
