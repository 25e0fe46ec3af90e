//! Formats the differences between files for `--check`.

use std::fmt::Write as _;

use generator::escape_and_truncate;
use similar::TextDiff;

use crate::error::counted;
use crate::output::{FileChange, FileChangeKind};
use crate::ui::style::{CYAN, GREEN, RED, YELLOW, styled};
use crate::workspace::Workspace;

/// Formats all differences: for each file its path and kind of change, then the changed lines.
pub(crate) fn file_changes<'c>(
    changes: impl IntoIterator<Item = &'c FileChange>,
    workspace: &Workspace,
) -> String {
    let mut report = String::new();
    for change in changes {
        let path = workspace.shown(&change.path);
        let (word, old, new) = match &change.kind {
            FileChangeKind::Changed { old, new } | FileChangeKind::Blocking { old, new } => {
                ("changed", old.as_str(), new.as_str())
            }
            FileChangeKind::Missing { new } => ("missing", "", new.as_str()),
            FileChangeKind::Extra { old } => ("extra", old.as_str(), ""),
            FileChangeKind::Unmanaged => ("extra", "", ""),
        };
        // Writing to a `String` can't fail.
        let _ = writeln!(report, "{} {path}", styled(word, YELLOW));
        match &change.kind {
            FileChangeKind::Unmanaged | FileChangeKind::Blocking { .. } => report.push_str(
                "  not written by this command, so it isn't changed: move it elsewhere\n",
            ),
            _ => {}
        }
        report.push_str(&diff(old, new));
    }
    report
}

fn diff(old: &str, new: &str) -> String {
    const MAX_LINES: usize = 40;
    let diff = TextDiff::from_lines(old, new);
    let text = diff.unified_diff().context_radius(2).to_string();
    let mut shown = String::new();
    for line in text.lines().take(MAX_LINES) {
        let style = match line.as_bytes().first() {
            Some(b'+') => GREEN,
            Some(b'-') => RED,
            Some(b'@') => CYAN,
            _ => anstyle::Style::new(),
        };
        let _ = writeln!(shown, "  {}", styled(escape_and_truncate(line), style));
    }
    let rest = text.lines().count().saturating_sub(MAX_LINES);
    if rest > 0 {
        let _ = writeln!(shown, "  … and {} more", counted(rest, "line"));
    }
    shown
}
