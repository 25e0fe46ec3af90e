//! The measured runs of cargo.

use std::fs::{self, File};
use std::process::Command;
use std::time::{Instant, SystemTime};

use crate::cargo;
use crate::consumer::{EVERY, FIVE, ONE};
use crate::package::{PACKAGE, Package};

/// One line of the table: a run of cargo that compiles a package.
pub(crate) struct Measure {
    pub(crate) title: &'static str,
    arguments: &'static [&'static str],
    package: &'static str,
    /// Compiles the dependencies, too.
    pub(crate) cold: bool,
    /// Compiles nothing: measures only cargo itself.
    idle: bool,
}

impl Measure {
    const fn new(
        title: &'static str,
        arguments: &'static [&'static str],
        package: &'static str,
    ) -> Self {
        Self {
            title,
            arguments,
            package,
            cold: false,
            idle: false,
        }
    }
}

const CHECK: &[&str] = &["check"];
const BUILD: &[&str] = &["build"];
const RELEASE: &[&str] = &["build", "--release"];

pub(crate) const MEASURES: &[Measure] = &[
    Measure::new("package, check", CHECK, PACKAGE),
    Measure::new("package, build", BUILD, PACKAGE),
    Measure::new("package, release build", RELEASE, PACKAGE),
    Measure {
        cold: true,
        ..Measure::new("package and dependencies, build", BUILD, PACKAGE)
    },
    Measure::new("program with one, check", CHECK, ONE),
    Measure::new("program with one, build", BUILD, ONE),
    Measure::new("program with five, check", CHECK, FIVE),
    Measure::new("program with five, build", BUILD, FIVE),
    Measure::new("program with every one, build", BUILD, EVERY),
    Measure::new("program with every one, release build", RELEASE, EVERY),
    Measure {
        idle: true,
        ..Measure::new("nothing (cargo itself)", BUILD, EVERY)
    },
];

impl Measure {
    /// Runs cargo once and returns the seconds, including cargo's own time.
    pub(crate) fn run(&self, package: &Package) -> f64 {
        if self.cold {
            let _ = fs::remove_dir_all(package.cold_target());
        } else {
            // Builds everything that an earlier measure has changed, so that it isn't counted.
            cargo::output(&mut self.command(package));
        }
        if !self.idle {
            touch(package, self.package);
        }
        let mut command = self.command(package);
        let start = Instant::now();
        cargo::output(&mut command);
        start.elapsed().as_secs_f64()
    }

    fn command(&self, package: &Package) -> Command {
        let target = if self.cold {
            package.cold_target()
        } else {
            package.target()
        };
        let mut command = cargo::command(package);
        command
            .args(self.arguments)
            .args(["--offline", "--quiet", "--package", self.package])
            .arg("--target-dir")
            .arg(target);
        command
    }
}

/// Marks the package as changed for cargo.
fn touch(package: &Package, name: &str) {
    let file = File::options().append(true).open(package.entry_file(name));
    let touched = file.and_then(|file| file.set_modified(SystemTime::now()));
    touched.expect("an entry file");
}
