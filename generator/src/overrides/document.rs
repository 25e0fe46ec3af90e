//! Converts TOML to the same tree as JSON, and finds the location of each value in the text.

use std::borrow::Cow;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::FILE;
use crate::diagnostic::{Diagnostic, JsonPath, Location, Segment};
use crate::json::Node;

/// Parses the text, or returns all syntax errors.
pub(super) fn parse(text: &str) -> Result<Node<'_>, Vec<Diagnostic>> {
    let (document, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Ok(object(document.into_inner()));
    }
    let problems = errors.iter().map(|cause| {
        let message = format!("the file is not valid TOML: {}", cause.message());
        let mut problem = Diagnostic::error("not-toml", JsonPath::root(), message).origin(FILE);
        problem.location = cause.span().map(|span| Location::of(text, span));
        problem
    });
    Err(problems.collect())
}

fn object(table: DeTable<'_>) -> Node<'_> {
    let entries = table
        .into_iter()
        .map(|(name, value)| (name.into_inner(), node(value.into_inner())));
    Node::Object(entries.collect())
}

fn node(value: DeValue<'_>) -> Node<'_> {
    match value {
        DeValue::String(text) => Node::String(text),
        DeValue::Boolean(value) => Node::Bool(value),
        DeValue::Integer(number) => number_of(number.as_str()),
        DeValue::Float(number) => number_of(number.as_str()),
        DeValue::Datetime(time) => Node::String(Cow::Owned(time.to_string())),
        DeValue::Array(items) => Node::Array(
            items
                .into_iter()
                .map(|item| node(item.into_inner()))
                .collect(),
        ),
        DeValue::Table(table) => object(table),
    }
}

/// A number that JSON can't represent becomes 0. No property is a number, so it is reported as a wrong type anyway.
fn number_of(text: &str) -> Node<'static> {
    Node::Number(text.parse().unwrap_or_else(|_| 0.into()))
}

/// Sets the location of each diagnostic to that of its path's value, or of the deepest parent that
/// exists.
pub(super) fn locate<'a>(text: &str, problems: impl IntoIterator<Item = &'a mut Diagnostic>) {
    let (document, _) = DeTable::parse_recoverable(text);
    let document = DeValue::Table(document.into_inner());
    for problem in problems {
        FILE.clone_into(&mut problem.origin);
        let span = span(&document, &problem.path);
        problem.location = Some(Location::of(text, span));
    }
}

fn span(document: &DeValue<'_>, path: &JsonPath) -> Range<usize> {
    let mut span = 0..0;
    let mut value = document;
    for segment in path.segments() {
        let child = match segment {
            Segment::Key(name) => value.get(name.as_str()),
            Segment::Index(position) => value.get(*position),
        };
        let Some(child) = child else { break };
        span = child.span();
        value = child.get_ref();
    }
    span
}
