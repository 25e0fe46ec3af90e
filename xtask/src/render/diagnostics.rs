//! Formats diagnostics like rustc.

use std::collections::HashMap;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use generator::{Diagnostic, Location, Severity, Source, escape_and_truncate};

/// Formats diagnostics with the affected lines of the source.
pub(crate) fn diagnostics<'d>(
    diagnostics: impl IntoIterator<Item = &'d Diagnostic>,
    sources: &[Source],
) -> String {
    let texts: HashMap<&str, &[u8]> = sources
        .iter()
        .map(|source| (source.origin.as_str(), source.bytes.as_slice()))
        .collect();
    let renderer = renderer();
    let mut report = String::new();
    for diagnostic in diagnostics {
        let text = texts
            .get(diagnostic.origin.as_str())
            .and_then(|bytes| std::str::from_utf8(bytes).ok());
        report.push_str(&renderer.render(&groups(diagnostic, text)));
        report.push_str("\n\n");
    }
    report
}

/// A renderer for the terminal's width. It shows only the affected part of a line that is too long.
fn renderer() -> Renderer {
    match terminal_size::terminal_size() {
        Some((width, _)) => Renderer::styled().term_width(width.0.into()),
        None => Renderer::styled(),
    }
}

fn groups<'a>(diagnostic: &'a Diagnostic, text: Option<&'a str>) -> Vec<Group<'a>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(&diagnostic.message).id(diagnostic.code);
    // A file's name isn't trusted either.
    let origin = escape_and_truncate(&diagnostic.origin);
    let group = match (&diagnostic.location, text) {
        (Some(location), Some(text)) => {
            let excerpt = Excerpt::around(text, location);
            let annotation = AnnotationKind::Primary
                .span(excerpt.span)
                .label(label(diagnostic));
            let snippet = Snippet::source(excerpt.text)
                .line_start(excerpt.line)
                .annotation(annotation);
            if excerpt.from_line_start {
                title.element(snippet.path(origin))
            } else {
                // Line and column of the file, not of the excerpt.
                let place = Origin::path(origin)
                    .line(location.line)
                    .char_column(location.column);
                title.element(place).element(snippet)
            }
        }
        _ => {
            let place = Origin::path(origin);
            let group = title.element(match &diagnostic.location {
                Some(at) => place.line(at.line).char_column(at.column),
                None => place,
            });
            match label(diagnostic) {
                None => group,
                Some(label) => group.element(Level::NOTE.message(label)),
            }
        }
    };
    let group = match diagnostic.path.segments().as_slice() {
        [] => group,
        _ => group.element(Level::NOTE.message(format!("at {}", diagnostic.path))),
    };
    vec![match &diagnostic.help {
        Some(help) => group.element(Level::HELP.message(help)),
        None => group,
    }]
}

fn label(diagnostic: &Diagnostic) -> Option<String> {
    let found = diagnostic
        .found
        .as_ref()
        .map(|found| format!("found {found}"));
    let expected = diagnostic
        .expected
        .as_ref()
        .map(|expected| format!("expected {expected}"));
    let parts: Vec<String> = [expected, found].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// The first line of a location, truncated around the affected part.
struct Excerpt<'a> {
    text: &'a str,
    line: usize,
    span: std::ops::Range<usize>,
    from_line_start: bool,
}

impl<'a> Excerpt<'a> {
    const MOST: usize = 400;

    fn around(text: &'a str, location: &Location) -> Self {
        let Location { span, line, .. } = location;
        let earliest = boundary(text, span.start.saturating_sub(Self::MOST / 2));
        let line_start = text[earliest..span.start].rfind('\n');
        let start = line_start.map_or(earliest, |newline| earliest + newline + 1);
        let latest = boundary(text, text.len().min(start + Self::MOST)).max(span.start);
        let line_end = text[span.start..latest].find('\n');
        let end = line_end.map_or(latest, |newline| span.start + newline);
        Self {
            text: &text[start..end],
            line: *line,
            span: span.start - start..span.end.clamp(span.start, end) - start,
            from_line_start: line_start.is_some() || earliest == 0,
        }
    }
}

/// The most_similar character boundary at or before `at`.
fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_the_line_of_the_problem() {
        let text = "{\n  \"a\": [\n  1]\n}";
        let start = text.find('[').unwrap();
        let location = Location::of(text, start..start + 6);
        let excerpt = Excerpt::around(text, &location);
        assert_eq!(
            (excerpt.text, excerpt.line, excerpt.span),
            ("  \"a\": [", 2, 7..8)
        );
    }

    #[test]
    fn an_excerpt_of_an_endless_line_is_short() {
        let text = format!("\"{}\"", "é".repeat(1_000_000));
        let location = Location::of(&text, 1_001..1_003);
        let excerpt = Excerpt::around(&text, &location);
        assert!(
            excerpt.text.len() <= Excerpt::MOST && excerpt.text[excerpt.span.clone()] == *"é",
            "{:?}",
            excerpt.span
        );
    }
}
