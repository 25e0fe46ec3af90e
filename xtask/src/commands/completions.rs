//! `cargo xtask completions`: what a shell needs to complete the command.

use clap::CommandFactory as _;

use crate::cli::{self, Cli};
use crate::error::Failure;

pub(crate) fn run(arguments: &cli::Completions) -> Result<(), Failure> {
    let mut script = Vec::new();
    let name = arguments.bin_name.as_str();
    clap_complete::generate(arguments.shell, &mut Cli::command(), name, &mut script);
    crate::print(&String::from_utf8_lossy(&script))
}
