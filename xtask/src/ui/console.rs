//! The one way to stdout and stderr.

use std::fmt::Display;
use std::io::{ErrorKind, IsTerminal as _, Write as _, stderr};
use std::time::Instant;

use super::style::{BOLD_RED, DIM, styled};
use crate::error::Error;

/// How much a command says besides its results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verbosity {
    /// Results and errors only.
    Quiet,
    /// Also what was done.
    Normal,
    /// Also where things come from and go, and how long each stage took.
    Verbose,
}

/// Results go to stdout, everything else to stderr.
#[derive(Clone, Debug)]
pub(crate) struct Console {
    verbosity: Verbosity,
}

impl Console {
    pub(crate) const fn new(verbosity: Verbosity) -> Self {
        Self { verbosity }
    }

    /// A result. A reader that closed the pipe (`cargo xtask list | head`) has had enough, which
    /// changes nothing about the outcome of the command.
    pub(crate) fn print(&self, text: &str) -> Result<(), Error> {
        let mut stdout = anstream::stdout().lock();
        let written = stdout
            .write_all(text.as_bytes())
            .and_then(|()| stdout.flush());
        match written {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Error::Output(error)),
            _ => Ok(()),
        }
    }

    /// The last line of a command that did something.
    pub(crate) fn summary(&self, text: impl Display) -> Result<(), Error> {
        if self.verbosity == Verbosity::Quiet {
            return Ok(());
        }
        self.print(&format!("{text}\n"))
    }

    /// Why the command failed.
    pub(crate) fn error(&self, error: &Error) {
        to_stderr(format_args!("{}: {error}\n", styled("error", BOLD_RED)));
    }

    /// What explains an error, line ends included.
    pub(crate) fn problems(&self, rendered: &str) {
        to_stderr(rendered);
    }

    /// A line that everyone sees who didn't ask for quiet.
    pub(crate) fn note(&self, text: impl Display) {
        if self.verbosity >= Verbosity::Normal {
            to_stderr(format_args!("{text}\n"));
        }
    }

    /// A line that only `--verbose` shows.
    pub(crate) fn detail(&self, text: impl Display) {
        if self.verbosity == Verbosity::Verbose {
            to_stderr(format_args!("{}\n", styled(text, DIM)));
        }
    }

    /// Whether progress bars can be drawn, and are wanted.
    pub(crate) fn draws(&self) -> bool {
        self.verbosity >= Verbosity::Normal && stderr().is_terminal()
    }

    /// One stage of a command, such as `read`; `--verbose` shows its time.
    pub(crate) fn stage<T>(&self, name: &str, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let outcome = work();
        let milliseconds = start.elapsed().as_secs_f64() * 1e3;
        self.detail(format_args!("{name:>8} {milliseconds:8.1} ms"));
        outcome
    }
}

fn to_stderr(text: impl Display) {
    // There is nowhere left to report that stderr is closed.
    let _ = write!(anstream::stderr(), "{text}");
}
