//! Formats a report on an update for the terminal.

use std::fmt::Write as _;
use std::io::{IsTerminal as _, stdout};

use generator::{
    TOP_LEVEL, diff::Change, diff::Impact, diff::IntegrationChanges, diff::Report,
    escape_and_truncate,
};

use crate::ui::style::{BOLD, CYAN, GREEN, RED, YELLOW, styled};

/// Formats the changes of an update. The last line is the verdict.
pub(crate) fn update(report: &Report) -> String {
    let mut text = String::new();
    for changes in &report.diff.integrations {
        integration(&mut text, changes);
    }
    if !report.new_warnings.is_empty() {
        // Writing to a `String` can't fail.
        let _ = writeln!(text, "{}", styled("new warnings", YELLOW));
        for warning in &report.new_warnings {
            let warning: String = warning.chars().filter(|c| !c.is_control()).collect();
            let _ = writeln!(text, "  {}", hanging(&warning, 4));
        }
        text.push('\n');
    }
    let _ = writeln!(
        text,
        "{} → {}: {}",
        report.old.name(),
        report.new.name(),
        report.counts()
    );
    let silent = report.diff.changes().filter(|change| change.silent).count();
    if silent > 0 {
        let _ = writeln!(
            text,
            "{silent} marked {}: silent changes, programs compile as before and behave differently",
            styled("!", YELLOW)
        );
    }
    let _ = writeln!(text, "verdict: {}", verdict(report));
    text
}

fn verdict(report: &Report) -> String {
    let text = report.verdict.to_string();
    match report.verdict.impact {
        Some(impact) => text.replacen(impact.as_str(), &styled(impact.as_str(), style(impact)), 1),
        None => text,
    }
}

fn integration(text: &mut String, changes: &IntegrationChanges) {
    let name = escape_and_truncate(&changes.name);
    let _ = writeln!(text, "{} {name}", styled(&changes.key, BOLD));
    for change in &changes.changes {
        line(text, change);
    }
    text.push('\n');
}

fn line(text: &mut String, change: &Change) {
    let symbol = change.kind.symbol();
    let symbol_style = match symbol {
        '+' => GREEN,
        '-' => RED,
        _ => CYAN,
    };
    let subject = subject(change);
    let gap = if subject.is_empty() { "" } else { ": " };
    let sentence = format!("{subject}{gap}{}", change.summary);
    let _ = writeln!(
        text,
        "  {} {} {} {}",
        styled(
            format!("{:8}", change.impact.as_str()),
            style(change.impact)
        ),
        styled(if change.silent { "!" } else { " " }, YELLOW),
        styled(symbol, symbol_style),
        // The width of the columns before it.
        hanging(&sentence, 15)
    );
}

/// The field, after its block unless that is the top level.
fn subject(change: &Change) -> String {
    let block = change.block.as_deref().filter(|block| *block != TOP_LEVEL);
    let parts = [block, change.field.as_deref()];
    let parts: Vec<String> = parts
        .into_iter()
        .flatten()
        .map(escape_and_truncate)
        .collect();
    parts.join(" / ")
}

/// Wraps text at the terminal's width and indents all lines except the first.
fn hanging(text: &str, indent: usize) -> String {
    const NARROWEST: usize = 20;
    let size = terminal_size::terminal_size_of(stdout()).filter(|_| stdout().is_terminal());
    let Some((width, _)) = size else {
        return text.to_owned();
    };
    let room = usize::from(width.0).saturating_sub(indent).max(NARROWEST);
    let break_between = format!("\n{:indent$}", "");
    textwrap::wrap(text, room).join(&break_between)
}

pub(crate) const fn style(impact: Impact) -> anstyle::Style {
    match impact {
        Impact::Breaking => RED.bold(),
        Impact::Minor => YELLOW,
        Impact::Patch => GREEN,
    }
}
