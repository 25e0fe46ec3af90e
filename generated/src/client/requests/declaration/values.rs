//! The values of a declaration. Some may be in environment variables.

use std::fmt;

use serde_json::Value;

use crate::any::Reader;
use crate::values::Document;
use crate::wording::bare_excerpt;
use crate::{AnyConfigValues, Field, Problem, ProblemKind, SecretJson};

/// Values by key.
#[derive(Clone, Default)]
pub(super) struct DeclaredValues(Vec<(String, DeclaredValue)>);

#[derive(Clone)]
enum DeclaredValue {
    Json(SecretJson),
    /// The name of an environment variable.
    Variable(String),
}

impl DeclaredValue {
    fn or_variable(json: SecretJson) -> Self {
        match variable(json.expose_secret()) {
            Some(name) => Self::Variable(name.to_owned()),
            None => Self::Json(json),
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

fn takes_string(fields: &[Field], key: &str) -> bool {
    let mut fields = fields.iter();
    fields.any(|field| field.key == key && field.kind.takes_strings())
}

impl DeclaredValues {
    /// The values of these form variables. `{"env": "NAME"}` is a variable if the form variable takes a
    /// string, and JSON otherwise.
    pub(super) fn form_variables(members: Vec<(String, SecretJson)>, fields: &[Field]) -> Self {
        let values = members.into_iter().map(|(key, json)| {
            let value = match takes_string(fields, &key) {
                true => DeclaredValue::or_variable(json),
                false => DeclaredValue::Json(json),
            };
            (key, value)
        });
        Self(values.collect())
    }

    /// Values with any keys, each given once.
    pub(super) fn unchecked(
        members: Vec<(String, SecretJson)>,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let mut values: Vec<(String, DeclaredValue)> = Vec::new();
        for (key, json) in members {
            if values.iter().any(|(other, _)| *other == key) {
                let path = format!("unchecked.{}", bare_excerpt(&key));
                problems.push(Problem::new(ProblemKind::DuplicateKey, path, "one value"));
            }
            values.push((key, DeclaredValue::or_variable(json)));
        }
        Self(values)
    }

    /// The values that are in the file and not in environment variables.
    pub(super) fn in_file(&self) -> Vec<(String, SecretJson)> {
        let values = self.0.iter().filter_map(|(key, value)| match value {
            DeclaredValue::Json(json) => Some((key.clone(), json.clone())),
            DeclaredValue::Variable(_) => None,
        });
        values.collect()
    }

    /// All values. Pushes a problem for each environment variable that isn't set or is blank.
    pub(super) fn resolve(
        &self,
        path: &str,
        env_var: impl Fn(&str) -> Option<String>,
        problems: &mut Vec<Problem>,
    ) -> Vec<(String, SecretJson)> {
        let mut resolved = Vec::with_capacity(self.0.len());
        for (key, value) in &self.0 {
            let json = match value {
                DeclaredValue::Json(json) => json.clone(),
                DeclaredValue::Variable(name) => match env_var(name) {
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

    /// Reads `members`, which are some or all of these values. A value in an environment variable never
    /// counts as missing, and no problem shows it.
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
            if problem.kind == ProblemKind::WrongType
                && takes_string(reader.fields(), &problem.path)
            {
                problem.expected.push_str(r#", or {"env": "NAME"}"#);
            }
            problems.push(problem.within("values"));
        }
        None
    }

    fn variable(&self, key: &str) -> Option<&str> {
        let mut values = self.0.iter();
        values.find(|(other, _)| other == key)?.1.variable()
    }

    pub(super) fn variables(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|(_, value)| value.variable())
    }
}

impl fmt::Debug for DeclaredValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values = self.0.iter().map(|(key, value)| (key, value));
        f.debug_map().entries(values).finish()
    }
}

impl fmt::Debug for DeclaredValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(_) => f.write_str("[redacted]"),
            Self::Variable(name) => write!(f, "{{\"env\": {name:?}}}"),
        }
    }
}
