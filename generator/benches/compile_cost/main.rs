//! What the generated crate costs those who compile it, beside the same structs and enums with
//! derives, all in one run.
//!
//! | package | what it is |
//! |---|---|
//! | `derive` | the structs and enums of the model, with serde's derives and no more |
//! | `bon` | as `derive`, and a builder for each struct by bon's derive |
//! | `ours` | the committed package |
//!
//! All three have the same hand-written part and the same locked dependencies. `derive` does less
//! than `ours`: it has no constructors, no facts, no defaults, and stops at the first problem.
//!
//! The first run fetches bon from the registry; later ones need no network.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark that can't run stops with the reason"
)]

mod baseline;
mod cargo;
mod consumer;
mod measure;
mod options;
mod package;
mod table;

// How to read what is committed stands once, with the tests.
#[path = "../../tests/support/mod.rs"]
mod support;

use std::fs;
use std::path::Path;

use generator::model::Integration;

use measure::{MEASURES, Measure};
use options::Options;
use package::Package;

fn main() {
    let options = Options::from_arguments();
    let committed = support::committed();
    let analysis = support::analyse_good(&committed.sources, &committed.overrides);
    let integrations = support::integrations(&analysis);
    let packages = packages(&options, &integrations);

    check_agreement(&packages);

    let samples = rounds(&packages, options.repetitions);
    println!("{}", table::times(&packages, &samples));
    println!("{}", table::crates(&packages));
}

/// The work folder of each package, made anew but for what cargo has built there.
fn packages(options: &Options, integrations: &[&Integration]) -> Vec<Package> {
    let work = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile-cost");
    let packages: Vec<Package> = options
        .subjects()
        .into_iter()
        .map(|(name, origin)| Package::write(&work.join(&name), name, &origin, integrations))
        .collect();
    assert!(!packages.is_empty(), "nothing to measure");
    packages
}

/// Packages that give other JSON would not be worth comparing.
fn check_agreement(packages: &[Package]) {
    let (first, others) = packages.split_first().expect("a package");
    let wanted = cargo::run(first, consumer::EVERY);
    for package in others {
        assert!(
            cargo::run(package, consumer::EVERY) == wanted,
            "{} and {} give different JSON",
            first.name,
            package.name
        );
    }
}

/// Seconds, by measure, then by package. The packages take turns, so that whatever else the
/// machine does falls on all of them.
fn rounds(packages: &[Package], repetitions: usize) -> Vec<Vec<Vec<f64>>> {
    let mut samples = vec![vec![Vec::new(); packages.len()]; MEASURES.len()];
    for round in 0..repetitions {
        eprintln!("round {} of {repetitions}", round + 1);
        let measures = MEASURES.iter().zip(&mut samples);
        for (measure, samples) in measures.filter(|(measure, _)| round < rounds_of(measure)) {
            // Nor is one of them always the first.
            for turn in 0..packages.len() {
                let index = (round + turn) % packages.len();
                samples[index].push(measure.run(&packages[index]));
            }
        }
    }
    for package in packages {
        // Only the cold builds': what else is built there serves the next run.
        let _ = fs::remove_dir_all(package.cold_target());
    }
    samples
}

/// A cold build is long, and its dependencies vary little.
fn rounds_of(measure: &Measure) -> usize {
    if measure.cold { 2 } else { usize::MAX }
}
