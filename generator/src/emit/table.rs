//! Markdown tables and their cells.

use super::docs;
use crate::diagnostic::printable;

/// The header row and the delimiter row of a table.
pub(crate) fn head(names: &[&str]) -> [String; 2] {
    [row(names), row(&vec!["---"; names.len()])]
}

/// A row of cells. Untrusted text in cells must be escaped by [`code`] or [`docs::plain`].
pub(crate) fn row<S: AsRef<str>>(cells: &[S]) -> String {
    let mut row = String::from("|");
    for cell in cells {
        // An empty cell takes one space, not two.
        if !cell.as_ref().is_empty() {
            row.push(' ');
            row.push_str(cell.as_ref());
        }
        row.push_str(" |");
    }
    row
}

/// Text as code in a cell.
///
/// Markdown parsers differ on a vertical bar and a backslash in a code span in a table, so text with a
/// bar becomes HTML with entities.
pub(crate) fn code(text: &str) -> String {
    if !text.contains('|') {
        return docs::code(text);
    }
    let mut html = String::from("<code>");
    for c in printable(text).chars() {
        if c.is_ascii_punctuation() {
            html.push_str(&format!("&#{};", u32::from(c)));
        } else {
            html.push(c);
        }
    }
    html.push_str("</code>");
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_no_empty_space_at_an_empty_cell() {
        assert_eq!(row(&["a", "", "b"]), "| a | | b |");
        assert_eq!(head(&["A", "B"]), ["| A | B |", "| --- | --- |"]);
    }

    #[test]
    fn a_bar_does_not_end_a_cell() {
        assert_eq!(code("base-url"), "`base-url`");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code(r"a\|<b>"), "<code>a&#92;&#124;&#60;b&#62;</code>");
    }
}
