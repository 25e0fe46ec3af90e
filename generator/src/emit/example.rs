//! An example for a struct of values: Rust that sets its fields, and the JSON that they make.
//!
//! Samples are made from a field's type and identifier, never from a manifest's prose.

use serde::{Serialize, Serializer};

use super::docs::longest_run;
use crate::model::{Default, Enum, Field, Presence, Struct, ValueType};
use crate::snapshot::canonical;

/// As many fields that needn't be set as an example sets.
const MOST_EXTRAS: usize = 2;

/// As many members as the JSON of an example shows.
const MOST_MEMBERS: usize = 40;

/// As long as the JSON of an example is shown.
const MOST_JSON: usize = 4_000;

/// The lines of a Markdown code block that is a doctest.
pub(super) fn lines(module: &str, of: &Struct) -> Vec<String> {
    let chosen = chosen(of);
    let mut lines = vec!["```".to_owned()];
    lines.extend(import(module, of, &chosen));
    lines.push(String::new());
    lines.extend(values(of, &chosen));
    lines.extend(check(of, &chosen));
    lines.push("# Ok::<(), std::boxed::Box<dyn std::error::Error>>(())".to_owned());
    lines.push("```".to_owned());
    lines
}

/// Whether the example sets it, field by field: what it must, and little else.
fn chosen(of: &Struct) -> Vec<bool> {
    let mut extras = MOST_EXTRAS;
    // What the form hides is set only if there is nothing else.
    let visible = |field: &Field| field.presence == Presence::Required || !field.hidden;
    let hidden_too = !of.fields.iter().any(visible);
    let choose = |field: &Field| {
        if field.presence == Presence::Required {
            return true;
        }
        let more = extras > 0 && (hidden_too || !field.hidden);
        extras -= usize::from(more);
        more
    };
    of.fields.iter().map(choose).collect()
}

/// The fields that the example sets.
fn set<'a>(of: &'a Struct, chosen: &'a [bool]) -> impl Iterator<Item = &'a Field> {
    let fields = of.fields.iter().zip(chosen);
    fields.filter_map(|(field, chosen)| chosen.then_some(field))
}

/// One `use`, in lines as rustfmt breaks them.
fn import(module: &str, of: &Struct, chosen: &[bool]) -> Vec<String> {
    const WIDTH: usize = 100;
    let enums = set(of, chosen).filter_map(Field::enumeration);
    let mut names: Vec<&str> = enums.map(|enumeration| enumeration.name.as_str()).collect();
    names.push(&of.name);
    names.sort_unstable();
    let path = format!("use launchdarkly_integrations::integrations::{module}::");
    if let [name] = names[..] {
        return vec![format!("{path}{name};")];
    }
    let line = format!("{path}{{{}}};", names.join(", "));
    if line.len() <= WIDTH {
        return vec![line];
    }
    let mut lines = vec![format!("{path}{{")];
    let mut line = String::from("   ");
    for name in names {
        if line.len() + name.len() + 2 > WIDTH {
            lines.push(std::mem::replace(&mut line, String::from("   ")));
        }
        line.push_str(&format!(" {name},"));
    }
    lines.push(line);
    lines.push("};".to_owned());
    lines
}

/// The statement that builds the values.
fn values(of: &Struct, chosen: &[bool]) -> Vec<String> {
    if of.fields.is_empty() {
        return vec![format!("let values = {}::new();", of.name)];
    }
    let mut lines = vec![format!("let values = {}::builder()", of.name)];
    for field in set(of, chosen) {
        let code = Sample::of(field).code(field).replace('\n', "\n    ");
        lines.extend(
            format!("    .{}({code})", field.ident)
                .lines()
                .map(str::to_owned),
        );
    }
    lines.push("    .build();".to_owned());
    lines
}

/// The statements that compare the values' JSON; what is too long to read is only counted.
fn check(of: &Struct, chosen: &[bool]) -> Vec<String> {
    let sent =
        |(field, chosen): &(&Field, &bool)| **chosen || field.presence == Presence::Prefilled;
    let members = of.fields.iter().zip(chosen).filter(sent);
    let count = members.clone().count();
    if count <= MOST_MEMBERS {
        let members = members.map(|(field, chosen)| {
            let sample = if *chosen {
                Sample::of(field)
            } else {
                Sample::default_of(field)
            };
            (field.key.as_str(), sample)
        });
        let json = canonical(&Object(members.collect()));
        if json.len() <= MOST_JSON {
            return shown(json.trim_end());
        }
    }
    vec![
        "let json = serde_json::to_value(&values)?;".to_owned(),
        format!("assert_eq!(json.as_object().map(|members| members.len()), Some({count}));"),
    ]
}

fn shown(json: &str) -> Vec<String> {
    if !json.contains('\n') {
        return vec![format!(
            "assert_eq!(serde_json::to_string(&values)?, {});",
            literal(json)
        )];
    }
    let text = format!("\nlet json = {};", literal(json));
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines.push("assert_eq!(serde_json::to_string_pretty(&values)?, json);".to_owned());
    lines
}

/// Text as a literal that shows it as it is, or one that escapes what can't be shown.
fn literal(text: &str) -> String {
    let plain = |c: char| matches!(c, '\n' | '"' | '\\' | '\'') || c.escape_debug().len() == 1;
    if !text.chars().all(plain) {
        return format!("{text:?}");
    }
    if !text.contains(['"', '\\']) {
        return format!("\"{text}\"");
    }
    let hashes = "#".repeat(longest_run(text, '#') + 1);
    format!("r{hashes}\"{text}\"{hashes}")
}

/// A value that an example sets, or a default.
#[derive(Serialize)]
#[serde(untagged)]
enum Sample<'a> {
    Text(String),
    Listed(&'a str),
    Boolean(bool),
    Texts(Vec<String>),
    List(Vec<&'a str>),
    Environment(Environment),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Environment {
    project_key: &'static str,
    environment_key: &'static str,
}

const ENVIRONMENT: Environment = Environment {
    project_key: "my-project",
    environment_key: "production",
};

impl<'a> Sample<'a> {
    fn of(field: &'a Field) -> Self {
        match &field.value_type {
            ValueType::String
            | ValueType::SecretString
            | ValueType::Json
            | ValueType::SecretJson => Self::Text(text(field)),
            ValueType::Uri | ValueType::SecretUri => Self::Text("https://example.com".to_owned()),
            // Not the default, which needn't be set.
            ValueType::Bool => Self::Boolean(field.default != Some(Default::Boolean(true))),
            ValueType::Enum(enumeration) => Self::Listed(listed(field, enumeration)),
            ValueType::EnumList(enumeration) => {
                let values = enumeration.variants.iter().take(2);
                Self::List(values.map(|variant| variant.value.as_str()).collect())
            }
            ValueType::StringList => Self::Texts(vec![text(field)]),
            ValueType::EnvironmentSelector => Self::Environment(ENVIRONMENT),
        }
    }

    fn default_of(field: &'a Field) -> Self {
        match &field.default {
            Some(Default::Text(text)) => Self::Listed(text),
            Some(Default::Boolean(value)) => Self::Boolean(*value),
            Some(Default::List(values)) => Self::List(values.iter().map(String::as_str).collect()),
            None => Self::of(field),
        }
    }

    /// The argument of the field's setter.
    fn code(&self, field: &Field) -> String {
        let variant = |value: &str| {
            let enumeration = field.enumeration()?;
            let variant = enumeration.variant(value)?;
            Some(format!("{}::{}", enumeration.name, variant.ident))
        };
        match self {
            Self::Text(text) => match &field.value_type {
                ValueType::Uri | ValueType::SecretUri => format!("{text:?}.parse()?"),
                ValueType::Json | ValueType::SecretJson => format!("serde_json::json!({text:?})"),
                _ => format!("{text:?}"),
            },
            Self::Listed(value) => variant(value).unwrap_or_default(),
            Self::Boolean(value) => value.to_string(),
            Self::Texts(texts) => {
                let texts = texts.iter().map(|text| format!("{text:?}.to_owned()"));
                format!("vec![{}]", texts.collect::<Vec<_>>().join(", "))
            }
            Self::List(values) => {
                let variants = values.iter().filter_map(|value| variant(value));
                format!("[{}]", variants.collect::<Vec<_>>().join(", "))
            }
            Self::Environment(Environment {
                project_key,
                environment_key,
            }) => format!(
                "launchdarkly_integrations::EnvironmentKeys {{\n    \
                 project_key: {project_key:?}.to_owned(),\n    \
                 environment_key: {environment_key:?}.to_owned(),\n}}"
            ),
        }
    }
}

/// A text that says where it belongs, and looks like no real secret.
fn text(field: &Field) -> String {
    format!("my-{}", field.ident.trim_matches('_').replace('_', "-"))
}

/// The first listed value that isn't the default, which needn't be set.
fn listed<'a>(field: &Field, enumeration: &'a Enum) -> &'a str {
    let mut values = enumeration
        .variants
        .iter()
        .map(|variant| variant.value.as_str());
    let first = values.clone().next().unwrap_or_default();
    let other = values.find(|value| match &field.default {
        Some(Default::Text(default)) => value != default,
        _ => true,
    });
    other.unwrap_or(first)
}

/// An object in the order of its members.
struct Object<'a>(Vec<(&'a str, Sample<'a>)>);

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, sample)| (key, sample)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_shows_what_can_be_shown() {
        assert_eq!(literal("{}"), r#""{}""#);
        assert_eq!(literal("{\n  \"a\": 1\n}"), "r#\"{\n  \"a\": 1\n}\"#");
        assert_eq!(literal("\"#"), "r##\"\"#\"##");
        assert_eq!(literal("\"\u{202e}\n"), r#""\"\u{202e}\n""#);
    }
}
