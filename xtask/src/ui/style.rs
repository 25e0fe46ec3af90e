//! The colours of the output. The streams remove them where colours are off.

use std::fmt::Display;

use anstyle::{AnsiColor, Color, Style};
use clap::builder::Styles;

const fn color(color: AnsiColor) -> Style {
    Style::new().fg_color(Some(Color::Ansi(color)))
}

pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const CYAN: Style = color(AnsiColor::Cyan);
pub(crate) const GREEN: Style = color(AnsiColor::Green);
pub(crate) const RED: Style = color(AnsiColor::Red);
pub(crate) const BOLD_CYAN: Style = CYAN.bold();
pub(crate) const BOLD_RED: Style = color(AnsiColor::BrightRed).bold();
pub(crate) const YELLOW: Style = color(AnsiColor::Yellow).bold();

/// The styles of `--help` and of errors about arguments.
pub(crate) const HELP: Styles = Styles::styled()
    .header(BOLD)
    .usage(BOLD)
    .literal(BOLD_CYAN)
    .placeholder(CYAN)
    .error(BOLD_RED)
    .valid(GREEN)
    .invalid(YELLOW);

pub(crate) fn styled(text: impl Display, style: Style) -> String {
    format!("{style}{text}{style:#}")
}
