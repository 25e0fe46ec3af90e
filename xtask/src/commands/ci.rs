//! `cargo xtask ci`: everything that must hold, as the workspace's own script checks it.

use std::env;
use std::fs;
use std::process::{Command, ExitStatus};

use crate::cli;
use crate::error::Failure;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, arguments: &cli::Ci) -> Result<(), Failure> {
    let script = workspace.root().join(".ci/run");
    let text = fs::read_to_string(&script).map_err(Failure::io("read", &script))?;
    if arguments.list {
        return crate::print(&steps(&text));
    }
    let mut bash = Command::new("bash");
    bash.arg(&script).current_dir(workspace.root());
    forget_cargo_run(&mut bash);
    match bash.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::Ci(passed_on(status))),
        Err(error) => Err(Failure::NoBash(error)),
    }
}

/// Build scripts such as ring's watch variables that `cargo run` sets for us: with other values than
/// in a shell, every run of the checks would build those packages, and all that use them, anew.
fn forget_cargo_run(command: &mut Command) {
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
}

/// As a shell would: a signal counts from 128 on.
fn passed_on(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status).map(|signal| 128 + signal);
    #[cfg(not(unix))]
    let signal = None;
    let code = status.code().or(signal);
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

/// What the script calls its steps, a line each.
fn steps(script: &str) -> String {
    let named = |line: &str| Some(line.strip_prefix("step \"")?.strip_suffix('"')?.to_owned());
    script
        .lines()
        .filter_map(named)
        .map(|step| step + "\n")
        .collect()
}
