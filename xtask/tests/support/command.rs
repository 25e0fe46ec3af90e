//! Runs the `xtask` program in a temporary folder.

use std::path::Path;
use std::process::{Command, Output, Stdio};

/// The result of a run.
#[derive(Debug)]
pub(crate) struct Run {
    /// The exit status, or `None` if a signal ended the process.
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Returns the command for the workspace in `root`. The user's colour settings have no effect on it.
pub(crate) fn xtask(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .args(arguments)
        .arg("--root")
        .arg(root)
        .current_dir(root)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    remove_color_variables(&mut command);
    command
}

/// Removes the environment variables with which a user or a CI system controls colours.
pub(crate) fn remove_color_variables(command: &mut Command) {
    for name in [
        "CI",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "FORCE_COLOR",
        "NO_COLOR",
        "TERM",
    ] {
        command.env_remove(name);
    }
}

/// Runs the command and waits for it to exit.
pub(crate) fn run(root: &Path, arguments: &[&str]) -> Run {
    Run::of(xtask(root, arguments).output().unwrap())
}

impl Run {
    pub(crate) fn of(output: Output) -> Self {
        let run = Self {
            status: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        };
        assert!(!run.stderr.contains("panicked"), "{run:#?}");
        run
    }

    pub(crate) fn exited(self, status: i32) -> Self {
        assert_eq!(self.status, Some(status), "{self:#?}");
        self
    }

    pub(crate) fn succeeded(self) -> Self {
        self.exited(0)
    }

    /// Asserts that the run failed and that the error line, the last on stderr, contains these words.
    pub(crate) fn failed(self, status: i32, words: &[&str]) -> Self {
        let run = self.exited(status);
        let last = run.stderr.lines().last().unwrap_or_default();
        assert!(last.starts_with("error: "), "{run:#?}");
        for word in words {
            assert!(last.contains(word), "{word}: {run:#?}");
        }
        run
    }
}
