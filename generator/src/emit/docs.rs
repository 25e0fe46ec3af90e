//! Documentation made from facts, escaped for rustdoc.

use proc_macro2::TokenStream;
use quote::quote;

use crate::diagnostic::{is_disruptive, printable};
use crate::model::{Field, FieldDefault, Integration, ItemType, Presence};

/// `///` lines.
pub(super) fn outer<S: AsRef<str>>(lines: impl IntoIterator<Item = S>) -> TokenStream {
    let lines = lines.into_iter().map(|line| spaced(line.as_ref()));
    quote!(#(#[doc = #lines])*)
}

fn spaced(line: &str) -> String {
    if line.is_empty() {
        String::new()
    } else {
        format!(" {line}")
    }
}

/// Escapes text, so that Markdown shows it unchanged on one line.
pub(crate) fn plain(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for word in text.split_whitespace() {
        if !escaped.is_empty() {
            escaped.push(' ');
        }
        let mut last = ' ';
        for c in word.chars().filter(|c| !is_disruptive(*c)) {
            if is_markup(c, last) {
                escaped.push('\\');
            }
            escaped.push(c);
            last = c;
        }
    }
    // `1.` and `1)` would begin a list.
    let digits = escaped.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 && escaped[digits..].starts_with(['.', ')']) {
        escaped.insert(digits, '\\');
    }
    escaped
}

/// Whether the character can be markup in Markdown.
fn is_markup(c: char, last: char) -> bool {
    const HARMLESS: &str = ".,;'\"/?%$@()";
    // Inside a word it is a hyphen.
    let hyphen = c == '-' && last.is_alphanumeric();
    c.is_ascii_punctuation() && !hyphen && !HARMLESS.contains(c)
}

/// Text as a Markdown code span. Characters that aren't printable are escaped as in Rust.
pub(super) fn code(text: &str) -> String {
    if text.is_empty() {
        return "the empty string".into();
    }
    let shown = printable(text);
    let fence = "`".repeat(longest_run(&shown, '`') + 1);
    let pad = if shown.starts_with(['`', ' ']) || shown.ends_with(['`', ' ']) {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{shown}{pad}{fence}")
}

pub(super) fn longest_run(text: &str, wanted: char) -> usize {
    text.split(|c| c != wanted).map(str::len).max().unwrap_or(0)
}

/// The documentation of a field: its label, its facts and, with `descriptions`, upstream's description.
pub(super) fn field(field: &Field, descriptions: bool) -> Vec<String> {
    let mut lines = vec![plain(&field.label), String::new(), facts(field)];
    if let Some(description) = field.description.as_deref().filter(|_| descriptions) {
        lines.push(String::new());
        lines.push(plain(escape_and_truncate(description)));
    }
    if lines[0].is_empty() {
        lines.drain(..2);
    }
    lines
}

fn facts(field: &Field) -> String {
    let mut facts = format!(
        "Wire key {}: {}; {}.",
        code(&field.key),
        value(field),
        requirement(field, code)
    );
    if field.supplement {
        facts.push_str(" Not in a public manifest.");
    }
    facts
}

/// The description of the value's type.
fn value(field: &Field) -> String {
    let row = field.kind.row();
    let mut value = match (&row.listing, field.enumeration()) {
        (Some(listing), Some(_)) => listing.words.to_owned(),
        _ => row.words.to_owned(),
    };
    if let (Some(FieldDefault::Value(default)), ItemType::Rust(rust)) =
        (field.default(), &field.value_type.item)
        && default == ""
        && let Some(rule) = &rust.default
    {
        value.push_str(rule.or_empty);
    }
    if !field.kind.is_known() {
        let name = code(field.kind.as_str());
        value.push_str(&format!(
            " of the type {name}, which this crate doesn't know"
        ));
    }
    value
}

/// Whether a value is required, and its default. `code` formats values.
pub(super) fn requirement(field: &Field, code: fn(&str) -> String) -> String {
    let mut need = field.presence.describe(|default| default.describe(code));
    // Omitting the value has the same effect as the empty string.
    if let Presence::Optional(Some(default)) = &field.presence
        && default.to_json() != ""
    {
        need.push_str(&format!(
            ", defaults to {} when omitted",
            default.describe(code)
        ));
    }
    if field.secret {
        need.push_str(", secret");
    }
    if field.hidden {
        need.push_str(", hidden in the form");
    }
    need
}

/// One paragraph about an integration's supplement: what no public manifest has, and how it is known.
pub(super) fn supplement(integration: &Integration) -> Option<String> {
    let supplement = integration.supplement.as_ref()?;
    let known = format!(
        "{} ([evidence]({})).",
        plain(&supplement.reason),
        supplement.evidence
    );
    if supplement.whole_integration {
        return Some(format!(
            "This integration isn't in a public manifest. {known}"
        ));
    }
    let fields = integration.structs().flat_map(|values| &values.fields);
    let fields = fields.filter(|field| field.supplement);
    let mut parts: Vec<String> = fields.map(|field| code(&field.key)).collect();
    let capabilities = supplement.capabilities.iter();
    parts.extend(capabilities.map(|name| format!("the capability {}", code(name))));
    let last = parts.pop()?;
    let lacking = match parts.as_slice() {
        [] => last,
        parts => format!("{} and {last}", parts.join(", ")),
    };
    Some(format!(
        "The public manifest doesn't have {lacking}. {known}"
    ))
}

/// The maximal length of a description in characters. Upstream's own limit is 250.
const MAX_DESCRIPTION: usize = 2_000;

fn escape_and_truncate(description: &str) -> &str {
    let end = description
        .char_indices()
        .nth(MAX_DESCRIPTION)
        .map_or(description.len(), |(end, _)| end);
    &description[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_and_html_are_shown_not_obeyed() {
        assert_eq!(plain("a *b* [c](d) <e>"), r"a \*b\* \[c\](d) \<e\>");
        assert_eq!(plain("a-b (c) -- d---e"), r"a-b (c) \-\- d-\-\-e");
        assert_eq!(plain("    code\n\n# head"), r"code \# head");
        assert_eq!(plain("1. one"), r"1\. one");
        assert_eq!(plain("2) two"), r"2\) two");
        assert_eq!(plain("see https://x.y"), r"see https\://x.y");
        assert_eq!(plain("a\u{202e}b\u{0}c"), "abc");
    }

    #[test]
    fn code_spans_hold_any_text() {
        assert_eq!(code("base-url"), "`base-url`");
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("a\nb\u{202e}"), r"`a\nb\u{202e}`");
        assert_eq!(code(""), "the empty string");
    }
}
