//! A report for a pull request, and its entry for the changelog.

use std::fmt::Write as _;

use super::{Change, Impact, IntegrationChanges, Phrase, Piece, Report, Side};
use crate::emit::docs::plain;
use crate::emit::table::{self, code};
use crate::overrides::TOP_LEVEL;

/// Longer reports than GitHub takes (65,536 characters) would not open a pull request at all.
const MOST: usize = 60_000;

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
    // Writing to a `String` doesn't fail.
    let _ = writeln!(text, "{compared}: {}.\n", report.tally());
    silent_changes(&mut text, report);
    for (position, integration) in report.diff.integrations.iter().enumerate() {
        let section = section(integration);
        if text.len() + section.len() > MOST {
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

/// First of all, since it is what a maintainer has to act on.
fn held_back(text: &mut String, report: &Report) {
    const MOST_REASONS: usize = 5;
    if report.held_back.is_empty() {
        return;
    }
    text.push_str(
        "## Held back\n\nThese integrations can't be taken as they are at this commit. Each keeps its \
         last good manifest; everything else is updated.\n\n",
    );
    for (position, entry) in report.held_back.iter().enumerate() {
        if text.len() > MOST / 2 {
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
        for reason in entry.reason.iter().take(MOST_REASONS) {
            let _ = writeln!(text, "  - {}", code(reason));
        }
        let left = entry.reason.len().saturating_sub(MOST_REASONS);
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
            "**{silent} of them silent**, marked ⚠: programs compile as before and behave differently.\n"
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

/// The field, and its block where that isn't the usual one.
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

/// The greatest impact first, since users look for what breaks.
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
                        .filter(move |change| change.impact == *impact && is_news(change))
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

/// Foreign text as Markdown that shows it as it is, also in a table.
#[must_use]
pub fn quoted(text: &str) -> String {
    code(text)
}

fn is_news(change: &Change) -> bool {
    change.impact > Impact::Patch || change.silent
}
