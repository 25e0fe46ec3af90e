//! Runs cargo.

use std::collections::BTreeSet;
use std::env;
use std::process::Command;

use crate::package::{PACKAGE, Package};

/// A cargo command in the package's folder. It compiles the package like a dependency from a registry: without
/// lints and not incrementally.
pub(crate) fn command(package: &Package) -> Command {
    let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command
        .current_dir(&package.root)
        .env_remove("CARGO_TARGET_DIR")
        .env_remove("RUSTC_WRAPPER")
        .env("CARGO_INCREMENTAL", "0")
        .env("RUSTFLAGS", "--cap-lints=allow");
    command
}

/// Runs a command, which must succeed, and returns its output.
pub(crate) fn output(command: &mut Command) -> String {
    let output = command.output().expect("a run");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{errors}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Builds and runs a program, and returns its output.
pub(crate) fn run(package: &Package, program: &str) -> String {
    let mut run = command(package);
    run.args(["run", "--offline", "--quiet", "--package", program]);
    output(run.arg("--target-dir").arg(package.target()))
}

/// Completes the lock file and downloads missing crates. Uses the network only if a crate is missing.
pub(crate) fn fetch(package: &Package) {
    let offline = command(package).args(["fetch", "--offline"]).output();
    if !offline.expect("a run of cargo").status.success() {
        output(command(package).arg("fetch"));
    }
}

/// The number of crates that the package depends on, and how many of them are procedural macros.
pub(crate) fn dependencies(package: &Package) -> (usize, usize) {
    let mut tree = command(package);
    tree.args(["tree", "--offline", "--edges=normal", "--prefix=none"]);
    let tree = output(tree.args(["--package", PACKAGE]));
    let crates: BTreeSet<&str> = tree
        .lines()
        .map(|line| line.trim_end_matches(" (*)"))
        .filter(|line| !line.is_empty() && !line.starts_with(PACKAGE))
        .collect();
    let macros = crates.iter().filter(|line| line.contains("(proc-macro)"));
    (crates.len(), macros.count())
}
