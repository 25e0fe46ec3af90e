//! Writes to stdout and stderr.

use std::fmt::Display;
use std::io::{ErrorKind, Write as _};

use super::style::{BOLD_RED, styled};
use crate::error::Error;

/// Writes a result to stdout. A closed pipe (`cargo xtask list | head`) isn't an error.
pub(crate) fn print(text: &str) -> Result<(), Error> {
    let mut stdout = anstream::stdout().lock();
    let written = stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush());
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Error::Output(error)),
        _ => Ok(()),
    }
}

/// Writes an error to stderr.
pub(crate) fn print_error(error: &Error) {
    eprint(format_args!("{}: {error}\n", styled("error", BOLD_RED)));
}

/// Writes a one-line note about the command's work to stderr.
pub(crate) fn note(text: impl Display) {
    eprint(format_args!("{text}\n"));
}

/// Writes details of an error to stderr. The text has its own line ends.
pub(crate) fn eprint(text: impl Display) {
    // An error can't be reported if stderr is closed.
    let _ = write!(anstream::stderr(), "{text}");
}
