//! `cargo xtask`: the maintainers' command. It generates the crate from the manifests.
//!
//! `generator` decides what is generated. This package adds network, disk and terminal.
//!
//! | module | responsibility |
//! |---|---|
//! | `cli`, `commands` | the command line; one file per command |
//! | `pipeline` | reads manifests from a folder, the snapshot or a commit; analyzes, holds back and compares them |
//! | [`upstream`] | reads a commit's manifests from a git repository |
//! | `output` | writes all files of a run, staged and atomic per file |
//! | `render` | formats all reports and tables |
//! | `ui` | stdout and stderr, progress, colours |
//! | `workspace`, `lock` | the paths of the workspace, and the lock between runs |
//! | `error` | errors and exit status |

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

/// The repository of the manifests.
pub(crate) const UPSTREAM: &str = "https://github.com/launchdarkly/integration-framework";

/// Runs the command given by the arguments. Prints an error to stderr if it fails.
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
