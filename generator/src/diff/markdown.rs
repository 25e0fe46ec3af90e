//! Renders a report as Markdown: for a pull request, and as an entry of the changelog.

use std::fmt::Write as _;

use super::{Change, Impact, IntegrationChanges, Phrase, Piece, Report, Side};
use crate::emit::docs::plain;
use crate::emit::table::{self, code};
use crate::overrides::TOP_LEVEL;

/// The maximal length of a report. GitHub rejects texts of more than 65,536 characters.
const MAX_LENGTH: usize = 60_000;

pub(super) fn text(report: &Report) -> String {
    let mut text = format!("# {}\n\n", title(report));
    held_back(&mut text, report);
    let compared = format!(
        "{} → {}",
        code(&report.old.name()),
        code(&report.new.name())
    );
    let compared = match Side::compare_page(&report.old, &report.new) {
        Some(page) => format!("[{} → {}]({page})", report.old.name(), report.new.name()),
        None => compared,
    };
    // Writing to a `String` can't fail.
    let _ = writeln!(text, "{compared}: {}.\n", report.counts());
    silent_changes(&mut text, report);
    for (position, integration) in report.diff.integrations.iter().enumerate() {
        let section = section(integration);
        if text.len() + section.len() > MAX_LENGTH {
            let left = report.diff.integrations.len() - position;
            let _ = writeln!(text, "… and {left} more: `cargo xtask diff` shows all.");
            break;
        }
        text.push_str(&section);
    }
    if !report.new_warnings.is_empty() {
        text.push_str("## New warnings about the manifests\n\n");
        for warning in report.new_warnings.iter().take(50) {
            let _ = writeln!(text, "- {}", code(warning));
        }
        let left = report.new_warnings.len().saturating_sub(50);
        if left > 0 {
            let _ = writeln!(text, "- … and {left} more");
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn title(report: &Report) -> String {
    let held_back = match report.held_back.len() {
        0 => String::new(),
        count => format!(", {count} held back"),
    };
    format!(
        "Manifests at {}: {}{held_back}",
        plain(&report.new.name()),
        report.verdict
    )
}

/// Lists what is held back. It comes first, because a maintainer has to act on it.
fn held_back(text: &mut String, report: &Report) {
    const MAX_REASONS: usize = 5;
    if report.held_back.is_empty() {
        return;
    }
    text.push_str(
        "## Held back\n\nThe manifests of these integrations have errors at this commit. Each integration \
        keeps its last valid manifest; everything else is updated.\n\n",
    );
    for (position, entry) in report.held_back.iter().enumerate() {
        if text.len() > MAX_LENGTH / 2 {
            let left = report.held_back.len() - position;
            let _ = writeln!(
                text,
                "- … and {left} more: manifests/upstream.json lists all."
            );
            break;
        }
        let _ = writeln!(
            text,
            "- {}, since {}:",
            code(&entry.key),
            code(&entry.since)
        );
        for reason in entry.reason.iter().take(MAX_REASONS) {
            let _ = writeln!(text, "  - {}", code(reason));
        }
        let left = entry.reason.len().saturating_sub(MAX_REASONS);
        if left > 0 {
            let _ = writeln!(text, "  - … and {left} more");
        }
    }
    text.push('\n');
}

fn silent_changes(text: &mut String, report: &Report) {
    let silent = report.diff.changes().filter(|change| change.silent).count();
    if silent > 0 {
        let _ = writeln!(
            text,
            "**{silent} silent changes**, marked ⚠: programs compile as before and behave differently.\n"
        );
    }
}

fn section(integration: &IntegrationChanges) -> String {
    let mut text = format!("## {}: {}\n\n", code(&integration.key), integration.impact);
    for line in table::head(&["", "impact", "field", "change"]) {
        let _ = writeln!(text, "{line}");
    }
    for change in &integration.changes {
        let silent = if change.silent { "⚠" } else { "" };
        let impact = match change.impact {
            Impact::Breaking => "**breaking**",
            impact => impact.as_str(),
        };
        let (subject, summary) = (subject(change), phrase(&change.summary));
        let row = table::row(&[silent, impact, &subject, &summary]);
        let _ = writeln!(text, "{row}");
    }
    text.push('\n');
    text
}

/// The field, after its block unless that is the top level.
fn subject(change: &Change) -> String {
    let block = change.block.as_deref().filter(|block| *block != TOP_LEVEL);
    let parts = [block, change.field.as_deref()];
    let parts: Vec<String> = parts.into_iter().flatten().map(code).collect();
    parts.join(" ")
}

fn phrase(phrase: &Phrase) -> String {
    let pieces = phrase.pieces().map(|piece| match piece {
        Piece::Words(words) => words.clone(),
        Piece::Code(text) => code(text),
    });
    pieces.collect()
}

/// Renders the changelog entry. The greatest impact comes first, because users look for breaking changes.
pub(super) fn changelog(report: &Report) -> String {
    let mut text = format!("- Manifests at {}", plain(&report.new.name()));
    let noted: Vec<(&IntegrationChanges, &Change)> = Impact::ALL
        .iter()
        .flat_map(|impact| {
            report
                .diff
                .integrations
                .iter()
                .flat_map(move |integration| {
                    let changes = integration.changes.iter();
                    changes
                        .filter(move |change| change.impact == *impact && affects_users(change))
                        .map(move |change| (integration, change))
                })
        })
        .collect();
    if noted.is_empty() {
        text.push_str(": facts and documentation only.\n");
        return text;
    }
    text.push_str(":\n");
    for (integration, change) in noted {
        let breaking = match change.impact {
            Impact::Breaking => "**Breaking:** ",
            _ => "",
        };
        let subject = subject(change);
        let gap = if subject.is_empty() { "" } else { " " };
        let _ = writeln!(
            text,
            "  - {breaking}{}{gap}{subject}: {}",
            code(&integration.key),
            phrase(&change.summary)
        );
    }
    text
}

/// Untrusted text as a Markdown code span, which may also be in a table.
#[must_use]
pub fn quoted(text: &str) -> String {
    code(text)
}

fn affects_users(change: &Change) -> bool {
    change.impact > Impact::Patch || change.silent
}
