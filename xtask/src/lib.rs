//! The maintainer's command: manifests in, generated crate out.
//!
//! `generator` decides what is generated, and how. This package adds the network, the disk and the
//! terminal.
//!
//! | module | its one job |
//! |---|---|
//! | `cli`, `commands` | the command line; a file for each command |
//! | `pipeline` | manifests from a folder, the snapshot or a commit; analysed, held back, compared |
//! | [`upstream`] | a commit's manifests out of a git repository |
//! | `output` | the one writer: everything that a run writes, together or not at all |
//! | `render` | all text for people |
//! | `ui` | stdout and stderr, progress, colours |
//! | `workspace`, `lock` | where everything is, and who may use it now |
//! | `error` | why a command failed, and the exit status |

mod cli;
mod commands;
mod error;
mod lock;
mod output;
mod pipeline;
mod render;
mod ui;
pub mod upstream;
mod workspace;

use std::process::ExitCode;

use clap::Parser as _;
use cli::{Cli, Command};
use error::Error;
use workspace::Workspace;

/// The repository that has the manifests.
pub(crate) const UPSTREAM: &str = "https://github.com/launchdarkly/integration-framework";

/// Runs the command that the arguments name, and says on stderr why it failed.
pub fn run() -> ExitCode {
    match execute(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            ui::print_error(&error);
            ExitCode::from(error.exit_status())
        }
    }
}

fn execute(cli: Cli) -> Result<(), Error> {
    let workspace = cli
        .root
        .map_or_else(Workspace::find, |root| Ok(Workspace::new(root)))?;
    match cli.command {
        Command::Regen(arguments) => commands::regen::run(&workspace, &arguments),
        Command::Diff(arguments) => commands::diff::run(&workspace, &arguments),
        Command::List(arguments) => commands::list::run(&workspace, &arguments),
        Command::Lint(arguments) => commands::lint::run(&workspace, &arguments),
        Command::Ci => commands::ci::run(&workspace),
    }
}
