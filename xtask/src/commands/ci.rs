//! `cargo xtask ci`: runs `.ci/run`, which has all checks.

use std::env;
use std::process::{Command, ExitStatus};

use crate::error::Error;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace) -> Result<(), Error> {
    let mut bash = Command::new("bash");
    bash.arg(".ci/run").current_dir(workspace.root());
    // `cargo run` sets variables that some build scripts watch, such as ring's. With values that differ
    // from those in a shell, the checks would rebuild these packages each time.
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            bash.env_remove(&name);
        }
    }
    match bash.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Error::Ci(exit_status(status))),
        Err(error) => Err(Error::NoBash(error)),
    }
}

/// The exit status as a shell reports it: 128 plus the number of a signal.
fn exit_status(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status).map(|signal| 128 + signal);
    #[cfg(not(unix))]
    let signal = None;
    let code = status.code().or(signal);
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}
