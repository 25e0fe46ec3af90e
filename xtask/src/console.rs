//! What people are told besides results: all of it on stderr, and as much of it as they want.

use std::fmt::Display;
use std::io::{IsTerminal as _, Write as _, stderr};
use std::time::{Duration, Instant};

use crate::error::Failure;
use crate::progress;
use crate::style::{BOLD_RED, DIM, styled};

/// How much is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verbosity {
    /// Results and errors alone.
    Quiet,
    /// And what was done, and what takes long.
    Normal,
    /// And where things come from and go, and how long each stage took.
    Verbose,
}

/// The one way to stderr.
#[derive(Clone, Debug)]
pub(crate) struct Console {
    verbosity: Verbosity,
    start: Instant,
}

impl Console {
    pub(crate) fn new(verbosity: Verbosity) -> Self {
        Self {
            verbosity,
            start: Instant::now(),
        }
    }

    /// Says why the command stops.
    pub(crate) fn failure(&self, failure: &Failure) {
        tell(format_args!("{}: {failure}\n", styled("error", BOLD_RED)));
    }

    /// Shows what explains a failure, line ends and all.
    pub(crate) fn problems(&self, report: &str) {
        tell(report);
    }

    /// Tells what happened, unless nobody wants to know.
    pub(crate) fn note(&self, text: impl Display) {
        if self.verbosity >= Verbosity::Normal {
            tell(format_args!("{text}\n"));
        }
    }

    /// Tells what only those want to know who ask for it.
    pub(crate) fn detail(&self, text: impl Display) {
        if self.verbosity == Verbosity::Verbose {
            tell(format_args!("{}\n", styled(text, DIM)));
        }
    }

    /// The last line of a command that did something. It is a result and yet no news.
    pub(crate) fn summary(&self, text: impl Display) -> Result<(), Failure> {
        if self.verbosity == Verbosity::Quiet {
            return Ok(());
        }
        crate::print(&format!("{text}\n"))
    }

    /// Whether bars and spinners can be drawn, and are wanted.
    pub(crate) fn draws(&self) -> bool {
        self.verbosity >= Verbosity::Normal && stderr().is_terminal()
    }

    /// One stage of a command, such as `read`. Once the command takes long, a spinner names it.
    pub(crate) fn stage<T>(&self, name: &str, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let outcome = if self.draws() {
            let patience = PATIENCE.saturating_sub(self.start.elapsed()).max(BLINK);
            progress::spinning(patience, name, work)
        } else {
            work()
        };
        let milliseconds = start.elapsed().as_secs_f64() * 1e3;
        self.detail(format_args!("{name:>8} {milliseconds:8.1} ms"));
        outcome
    }
}

/// How long a command may take without a sign of life.
const PATIENCE: Duration = Duration::from_secs(1);

/// A stage that is shorter isn't worth a spinner, however long the command has taken so far.
const BLINK: Duration = Duration::from_millis(100);

fn tell(text: impl Display) {
    // A reader that is gone is no reason to stop, and there is nobody left to tell of it.
    let _ = write!(anstream::stderr(), "{text}");
}
