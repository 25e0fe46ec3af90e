//! Runs of cargo.

use std::collections::BTreeSet;
use std::env;
use std::process::Command;

use crate::package::{PACKAGE, Package};

/// Cargo in the package's folder, as it compiles a dependency that came from a registry: without
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

/// What a command prints.
pub(crate) fn output(command: &mut Command) -> String {
    let output = command.output().expect("a run");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{errors}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Builds a program and gives what it prints.
pub(crate) fn run(package: &Package, program: &str) -> String {
    let mut run = command(package);
    run.args(["run", "--offline", "--quiet", "--package", program]);
    output(run.arg("--target-dir").arg(package.target()))
}

/// Completes the lock and downloads what it names; from the network only what isn't here.
pub(crate) fn fetch(package: &Package) {
    let offline = command(package).args(["fetch", "--offline"]).output();
    if !offline.expect("a run of cargo").status.success() {
        output(command(package).arg("fetch"));
    }
}

/// The crates that the package depends on, and how many of them are macros to run in the compiler.
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
