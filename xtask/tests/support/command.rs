//! The command itself, run in a folder of the test's own.

use std::path::Path;
use std::process::{Command, Output, Stdio};

/// What a run came to.
#[derive(Debug)]
pub(crate) struct Run {
    /// The exit status; `None` if a signal ended it.
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// The command with these arguments, for the workspace in this folder. Nothing of the user's decides
/// about colours.
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
    without_wishes(&mut command);
    command
}

/// Takes away what the user, or a CI, may have said about colours.
pub(crate) fn without_wishes(command: &mut Command) {
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

/// Runs the command to its end.
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

    /// Failed with these words in the one line that says why.
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
