//! The maintainer's command: manifests in, generated crate out.
//!
//! What is generated, and how, is `generator`'s; here are the network, the disk and the terminal.
//!
//! | module | its one job |
//! |---|---|
//! | `cli`, `commands` | what was asked for; a file for each command |
//! | `workspace`, `lock` | where everything is, and who may use it now |
//! | [`upstream`], `input`, `snapshot` | where manifests come from: a commit, a folder, the pin |
//! | `comparison`, `plan`, `writer`, `journal` | what should be on disk against what is; making it so, whole or not at all |
//! | `version` | the files that change when an update asks for another version |
//! | `report`, `diff_text`, `history_report` | problems, differences and changes as people read them |
//! | `console`, `progress`, `style` | what else people are told, and its looks |
//! | `error` | why a command stopped, and the exit status |

mod cli;
mod commands;
mod comparison;
mod console;
mod diff_text;
mod error;
mod history_report;
mod input;
mod journal;
mod lock;
mod plan;
mod progress;
mod report;
mod snapshot;
mod style;
pub mod upstream;
mod version;
mod workspace;
mod writer;

use std::io::{self, Write as _};
use std::process::ExitCode;

use cli::{Cli, Command};
use console::Console;
use error::Failure;
use workspace::Workspace;

/// The repository that has the manifests.
pub(crate) const UPSTREAM: &str = "https://github.com/launchdarkly/integration-framework";

/// Runs the command that the arguments name, and says on stderr why it stopped.
pub fn run() -> ExitCode {
    let Cli {
        root,
        telling,
        command,
    } = Cli::read();
    let workspace = Workspace::new(root, Console::new(telling.verbosity()));
    // On a thread of the pool from the start: handing each parallel step over to one, and waiting
    // for it, would take as long as the shorter steps do.
    let outcome = rayon::scope(|_| match command {
        Command::Regen(arguments) => commands::regen::run(&workspace, &arguments),
        Command::Diff(arguments) => commands::diff::run(&workspace, &arguments),
        Command::List(arguments) => commands::list::run(&workspace, &arguments),
        Command::Lint(arguments) => commands::lint::run(&workspace, &arguments),
        Command::Pin(arguments) => commands::pin::run(&workspace, &arguments),
        Command::Ci(arguments) => commands::ci::run(&workspace, &arguments),
        Command::Completions(arguments) => commands::completions::run(&arguments),
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        // The reader had enough: `cargo xtask list | head`.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(failure) => {
            workspace.console().failure(&failure);
            ExitCode::from(failure.exit_status())
        }
    }
}

/// Writes a result to stdout.
fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = anstream::stdout().lock();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(Failure::Output)
}
