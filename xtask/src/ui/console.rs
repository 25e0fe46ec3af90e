//! The one way to stdout and stderr.

use std::fmt::Display;
use std::io::{ErrorKind, Write as _};

use super::style::{BOLD_RED, styled};
use crate::error::Error;

/// Writes a result to stdout. A reader that closed the pipe (`cargo xtask list | head`) has had
/// enough, which changes nothing about the outcome of the command.
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

/// Says on stderr why the command failed.
pub(crate) fn print_error(error: &Error) {
    eprint(format_args!("{}: {error}\n", styled("error", BOLD_RED)));
}

/// Says on stderr what the command did, in one line.
pub(crate) fn note(text: impl Display) {
    eprint(format_args!("{text}\n"));
}

/// Writes to stderr what explains an error, line ends included.
pub(crate) fn eprint(text: impl Display) {
    // There is nowhere left to report that stderr is closed.
    let _ = write!(anstream::stderr(), "{text}");
}
