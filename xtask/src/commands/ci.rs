//! `cargo xtask ci`: all checks, as the workspace's own script runs them.

use std::env;
use std::process::{Command, ExitStatus};

use crate::error::Error;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace) -> Result<(), Error> {
    let mut bash = Command::new("bash");
    bash.arg(".ci/run").current_dir(workspace.root());
    // Build scripts such as ring's watch variables that `cargo run` sets for this process. With
    // other values than in a shell, the checks would rebuild those packages each time.
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

/// As a shell reports it: a signal counts from 128 on.
fn exit_status(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status).map(|signal| 128 + signal);
    #[cfg(not(unix))]
    let signal = None;
    let code = status.code().or(signal);
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}
