//! Diagnostics: what is wrong with an input, where, and what to do next.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// Whether a diagnostic stops generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is generated.
    Error,
    /// Code is generated, perhaps less than upstream intended.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// One step of a [`JsonPath`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// The name of an object's property.
    Key(String),
    /// The index of an array's item, from 0.
    Index(usize),
}

/// The path from a document's root to a value, shown as `$.formVariables[0].key`.
///
/// A path shares its parent's steps by reference count, so creating a path for each value is cheap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JsonPath(Option<Arc<Step>>);

#[derive(Debug, PartialEq, Eq)]
struct Step {
    before: JsonPath,
    segment: Segment,
}

impl JsonPath {
    /// The path of the document itself.
    #[must_use]
    pub const fn root() -> Self {
        Self(None)
    }

    /// This path, extended by the name of a property.
    #[must_use]
    pub fn key(&self, name: &str) -> Self {
        self.step(Segment::Key(name.to_owned()))
    }

    /// This path, extended by the index of an item.
    #[must_use]
    pub fn index(&self, position: usize) -> Self {
        self.step(Segment::Index(position))
    }

    /// The steps, starting at the root.
    #[must_use]
    pub fn segments(&self) -> Vec<&Segment> {
        let steps = std::iter::successors(self.0.as_deref(), |step| step.before.0.as_deref());
        let mut segments: Vec<&Segment> = steps.map(|step| &step.segment).collect();
        segments.reverse();
        segments
    }

    /// Whether it equals `other` or is below it.
    #[must_use]
    pub fn starts_with(&self, other: &Self) -> bool {
        self.segments().starts_with(&other.segments())
    }

    fn step(&self, segment: Segment) -> Self {
        let before = self.clone();
        Self(Some(Arc::new(Step { before, segment })))
    }
}

impl fmt::Display for JsonPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("$")?;
        for segment in self.segments() {
            match segment {
                Segment::Key(name) if is_plain(name) => {
                    write!(f, ".{name}")?;
                }
                Segment::Key(name) => {
                    write!(f, "[{:?}]", escape_and_truncate(name))?;
                }
                Segment::Index(position) => write!(f, "[{position}]")?,
            }
        }
        Ok(())
    }
}

fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= MAX_SHOWN
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The range of bytes.
    pub span: Range<usize>,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl Location {
    /// The line and column of `span` in `text`.
    #[must_use]
    pub fn of(text: &str, span: Range<usize>) -> Self {
        Cursor::new(text).place(span)
    }
}

/// Computes the line and column of many spans in one pass over the text.
#[derive(Debug)]
pub(crate) struct Cursor<'a> {
    text: &'a str,
    offset: usize,
    line: usize,
    column: usize,
}

impl<'a> Cursor<'a> {
    #[must_use]
    pub(crate) const fn new(text: &'a str) -> Self {
        Self {
            text,
            offset: 0,
            line: 1,
            column: 1,
        }
    }

    /// The location of `span`. It counts from the previous span on, so ascending spans are fastest.
    pub(crate) fn place(&mut self, span: Range<usize>) -> Location {
        if span.start < self.offset {
            *self = Self::new(self.text);
        }
        let passed = self.text.get(self.offset..span.start).unwrap_or_default();
        let last_line = match passed.rfind('\n') {
            Some(newline) => {
                self.line += passed.bytes().filter(|&byte| byte == b'\n').count();
                self.column = 1;
                &passed[newline + 1..]
            }
            None => passed,
        };
        self.column += last_line.chars().count();
        self.offset += passed.len();
        Location {
            line: self.line,
            column: self.column,
            span,
        }
    }
}

/// One problem of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// The rule's identifier, such as `unknown-type`.
    pub code: &'static str,
    /// The file, as the user knows it.
    pub origin: String,
    /// The keys of the affected integrations; empty for a problem of the whole input.
    pub integrations: Vec<String>,
    /// The path of the value in the document.
    pub path: JsonPath,
    /// The location in the file; `None` if the path isn't in the text.
    pub location: Option<Location>,
    /// What is wrong, in one sentence.
    pub message: String,
    /// The offending value, truncated.
    pub found: Option<String>,
    /// Which values are valid.
    pub expected: Option<String>,
    /// What to do next, or what was done instead.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error: stops generation.
    #[must_use]
    pub fn error(code: &'static str, path: JsonPath, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, path, message.into())
    }

    /// A warning: doesn't stop generation.
    #[must_use]
    pub fn warning(code: &'static str, path: JsonPath, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, path, message.into())
    }

    fn new(severity: Severity, code: &'static str, path: JsonPath, message: String) -> Self {
        Self {
            severity,
            code,
            origin: String::new(),
            integrations: Vec::new(),
            path,
            location: None,
            message,
            found: None,
            expected: None,
            help: None,
        }
    }

    /// Sets the offending value, which is escaped and truncated.
    #[must_use]
    pub fn found(mut self, value: impl fmt::Display) -> Self {
        self.found = Some(escape_and_truncate(&value.to_string()));
        self
    }

    /// Sets the description of valid values.
    #[must_use]
    pub fn expected(mut self, expectation: impl Into<String>) -> Self {
        self.expected = Some(expectation.into());
        self
    }

    /// Sets the advice.
    #[must_use]
    pub fn help(mut self, advice: impl Into<String>) -> Self {
        self.help = Some(advice.into());
        self
    }

    /// Sets the file.
    #[must_use]
    pub fn origin(mut self, origin: &str) -> Self {
        origin.clone_into(&mut self.origin);
        self
    }

    /// Sets the keys of the affected integrations.
    #[must_use]
    pub fn integrations<'a>(mut self, keys: impl IntoIterator<Item = &'a str>) -> Self {
        self.integrations = keys.into_iter().map(str::to_owned).collect();
        self
    }

    /// Whether it is an error.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// `file:line:column: error[code]: message (found …, expected …)`: one line, for logs and tests.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A file's name isn't trusted either.
        f.write_str(&printable(&self.origin))?;
        if let Some(Location { line, column, .. }) = &self.location {
            write!(f, ":{line}:{column}")?;
        }
        write!(
            f,
            ": {}[{}]: {}: {}",
            self.severity, self.code, self.path, self.message
        )?;
        if let Some(found) = &self.found {
            write!(f, "; found {found}")?;
        }
        if let Some(expected) = &self.expected {
            write!(f, "; expected {expected}")?;
        }
        if let Some(help) = &self.help {
            write!(f, "; {help}")?;
        }
        Ok(())
    }
}

const MAX_SHOWN: usize = 120;

/// The string on one line: characters that aren't printable are escaped, and it is truncated after 120
/// bytes.
#[must_use]
pub fn escape_and_truncate(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => printable(&text[..end]) + "…",
        None => printable(text),
    }
}

/// The string on one line: characters that aren't printable are escaped as in Rust.
#[must_use]
pub(crate) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || is_disruptive(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Characters that change the direction of text or are invisible. rustc rejects some of them.
pub(crate) fn is_disruptive(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The candidate most similar to `word`, for a "did you mean" hint. `None` if no candidate is within a
/// few edits.
#[must_use]
pub fn most_similar<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let word = escape_and_truncate(&word.to_lowercase());
    let slips = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        // Time and memory grow with the product of both lengths.
        .filter(|candidate| candidate.len() <= MAX_SHOWN)
        .map(|candidate| {
            (
                strsim::damerau_levenshtein(&word, &candidate.to_lowercase()),
                candidate,
            )
        })
        .filter(|(distance, _)| *distance <= slips)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_reads_like_json_path() {
        let path = JsonPath::root()
            .key("formVariables")
            .index(3)
            .key("base-url")
            .key("key");
        assert_eq!(path.to_string(), r#"$.formVariables[3]["base-url"].key"#);
    }

    #[test]
    fn a_location_counts_characters_not_bytes() {
        let text = "{\n  \"ü\": 1\n}";
        let at = text.find('1').unwrap();
        let location = Location::of(text, at..at + 1);
        assert_eq!((location.line, location.column), (2, 8));
    }

    #[test]
    fn places_are_the_same_in_any_order() {
        let text = "a\nbü\n\ncd";
        let mut cursor = Cursor::new(text);
        for start in [0, 2, 3, 5, 7, 8, 8, 2, 0] {
            let location = cursor.place(start..start);
            let before = &text[..start];
            let line = before.matches('\n').count() + 1;
            let column = before.split('\n').next_back().unwrap().chars().count() + 1;
            assert_eq!((location.line, location.column), (line, column), "{start}");
        }
    }

    #[test]
    fn long_and_unprintable_values_are_tamed() {
        let shown = escape_and_truncate(&format!("a\n\u{1b}{}", "x".repeat(1000)));
        assert!(
            shown.starts_with("a\\n\\u{1b}x") && shown.ends_with('…'),
            "{shown}"
        );
        assert!(shown.chars().count() < 140);
        assert_eq!(
            escape_and_truncate("a\u{202e}b\u{2028}c\u{200b}"),
            "a\\u{202e}b\\u{2028}c\\u{200b}"
        );
        assert_eq!(
            escape_and_truncate("e\u{301} \"ü\" \\"),
            "e\u{301} \"ü\" \\"
        );
    }

    #[test]
    fn a_near_word_is_suggested_and_a_far_one_is_not() {
        assert_eq!(
            most_similar("strng", ["boolean", "string", "uri"]),
            Some("string")
        );
        assert_eq!(
            most_similar("colour-picker", ["boolean", "string", "uri"]),
            None
        );
        let endless = "key".repeat(20_000_000);
        assert_eq!(most_similar("key", [endless.as_str(), "kye"]), Some("kye"));
    }
}
