//! A manifest's bytes and where they came from.

use crate::diagnostic::{Cursor, Diagnostic, JsonPath, Location};
use crate::{json, limits};

/// The bytes of one manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The integration key: the name of the manifest's folder upstream.
    pub key: String,
    /// The file's name for diagnostics.
    pub origin: String,
    /// The file's content.
    pub bytes: Vec<u8>,
}

/// Decodes the content.
///
/// # Errors
/// Returns a diagnostic if the content is too large, isn't UTF-8, or begins with a byte order mark.
/// RFC 8259 requires UTF-8 without a byte order mark for JSON that is exchanged between systems.
pub(crate) fn decode(source: &Source) -> Result<&str, Box<Diagnostic>> {
    if source.bytes.len() > limits::MANIFEST_BYTES {
        let root = JsonPath::root();
        return Err(Box::new(
            limits::too_large(root, "the manifest", limits::MANIFEST_BYTES)
                .found(format_args!("{} bytes", source.bytes.len())),
        ));
    }
    let error = |code, message: &str| {
        let diagnostic = Diagnostic::error(code, JsonPath::root(), message)
            .expected("UTF-8 without a byte order mark")
            .help("save the file as UTF-8");
        Box::new(diagnostic)
    };
    match source.bytes.as_slice() {
        [0xEF, 0xBB, 0xBF, ..] => {
            return Err(error(
                "byte-order-mark",
                "the file begins with a byte order mark",
            ));
        }
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, _, ..] | [_, 0, ..] => {
            return Err(error("not-utf8", "the file is UTF-16 or UTF-32"));
        }
        _ => {}
    }
    std::str::from_utf8(&source.bytes).map_err(|cause| {
        error(
            "not-utf8",
            &format!("byte {} is not valid UTF-8", cause.valid_up_to()),
        )
    })
}

/// Parses the text.
///
/// # Errors
/// Returns a diagnostic with line and column if the text isn't JSON.
pub(crate) fn parse(text: &str) -> Result<json::Node<'_>, Box<Diagnostic>> {
    serde_json::from_str(text).map_err(|cause| {
        let message = cause.to_string();
        // serde_json's messages end with line and column, which the diagnostic has separately.
        let reason = message
            .rsplit_once(" at line ")
            .map_or(message.as_str(), |(reason, _)| reason);
        let mut diagnostic = if reason == TOO_DEEP {
            limits::too_deep()
        } else if cause.is_data() {
            Diagnostic::error("repeated-name", JsonPath::root(), reason)
                .expected(
                    "each name only once, because JSON parsers differ in which value they use",
                )
                .help("remove all but one")
        } else {
            let message = format!("this is not JSON: {reason}");
            Diagnostic::error("not-json", JsonPath::root(), message)
        };
        let start = offset(text, cause.line(), cause.column());
        let end = text[start..]
            .chars()
            .next()
            .map_or(start, |c| start + c.len_utf8());
        diagnostic.location = Some(Location::of(text, start..end));
        Box::new(diagnostic)
    })
}

/// The beginning of serde_json's message for input that is nested too deeply; it has no error code.
const TOO_DEEP: &str = "recursion limit exceeded";

/// The byte offset of serde_json's line (from 1) and column (in bytes, from 1; 0 is the line break
/// before).
fn offset(text: &str, line: usize, column: usize) -> usize {
    let lines = text.split_inclusive('\n').take(line.saturating_sub(1));
    let line_start: usize = lines.map(str::len).sum();
    let mut offset = (line_start + column).saturating_sub(1).min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// Sets the location of each diagnostic whose path exists in the text.
pub(crate) fn locate(text: &str, diagnostics: &mut [Diagnostic]) {
    let mut lost: Vec<&mut Diagnostic> = diagnostics
        .iter_mut()
        .filter(|diagnostic| diagnostic.location.is_none())
        .collect();
    if lost.is_empty() {
        return;
    }
    let paths: Vec<_> = lost.iter().map(|lost| lost.path.segments()).collect();
    let spans = json::locate(text, &paths);
    let mut found: Vec<_> = lost.iter_mut().zip(spans).collect();
    // In ascending order, so that lines are counted once.
    found.sort_by_key(|(_, span)| span.as_ref().map(|span| span.start));
    let mut cursor = Cursor::new(text);
    for (diagnostic, span) in found {
        diagnostic.location = span.map(|span| cursor.place(span));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(bytes: &[u8]) -> Source {
        Source {
            key: "k".into(),
            origin: "k.json".into(),
            bytes: bytes.into(),
        }
    }

    #[test]
    fn other_encodings_are_named() {
        assert_eq!(
            decode(&source(b"\xEF\xBB\xBF{}")).unwrap_err().code,
            "byte-order-mark"
        );
        assert_eq!(
            decode(&source(b"\xFF\xFE{\0}\0")).unwrap_err().code,
            "not-utf8"
        );
        assert_eq!(decode(&source(b"{\0}\0")).unwrap_err().code, "not-utf8");
        assert_eq!(
            decode(&source(b"{\"a\":\"\xE9\"}")).unwrap_err().code,
            "not-utf8"
        );
        assert_eq!(
            decode(&source("{\"ü\":1}".as_bytes())).unwrap(),
            "{\"ü\":1}"
        );
    }

    #[test]
    fn a_syntax_error_has_its_place() {
        let text = "{\n  \"a\": tru\n}";
        let location = parse(text).unwrap_err().location.unwrap();
        assert_eq!(location.line, 2);
        let unfinished = parse("{").unwrap_err();
        assert!(unfinished.message.contains("EOF"), "{unfinished}");
        assert!(unfinished.location.is_some());
    }
}
