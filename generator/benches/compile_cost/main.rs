//! The compile time of the generated crate, compared with the same structs and enums written with derives.
//!
//! | package | content |
//! |---|---|
//! | `derive` | the structs and enums of the model with only serde's derives |
//! | `bon` | like `derive`, with bon's derive of a builder for each struct |
//! | `ours` | the committed package |
//!
//! All three have the same hand-written part and the same locked dependencies. `derive` does less than `ours`:
//! it has no constructors, facts or defaults, and it stops at the first problem.
//!
//! The first run downloads bon from the registry. Later runs need no network.
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

// Reads the committed manifests.
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
    let analysis = support::analyze_valid(&committed.sources, &committed.overrides);
    let integrations = support::integrations(&analysis);
    let packages = packages(&options, &integrations);

    check_agreement(&packages);

    let samples = rounds(&packages, options.repetitions);
    println!("{}", table::times(&packages, &samples));
    println!("{}", table::crates(&packages));
}

/// Writes the work folder of each package again. The build results of earlier runs stay.
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

/// Checks that the packages write the same JSON, so that the comparison is fair.
fn check_agreement(packages: &[Package]) {
    let (first, others) = packages.split_first().expect("a package");
    let wanted = cargo::run(first, consumer::EVERY);
    for package in others {
        assert!(
            cargo::run(package, consumer::EVERY) == wanted,
            "{} and {} write different JSON",
            first.name,
            package.name
        );
    }
}

/// The samples in seconds, by measure, then by package. The packages take turns, so that other work on the
/// machine affects all of them.
fn rounds(packages: &[Package], repetitions: usize) -> Vec<Vec<Vec<f64>>> {
    let mut samples = vec![vec![Vec::new(); packages.len()]; MEASURES.len()];
    for round in 0..repetitions {
        eprintln!("round {} of {repetitions}", round + 1);
        let measures = MEASURES.iter().zip(&mut samples);
        for (measure, samples) in measures.filter(|(measure, _)| round < rounds_of(measure)) {
            // Each round starts with another package.
            for turn in 0..packages.len() {
                let index = (round + turn) % packages.len();
                samples[index].push(measure.run(&packages[index]));
            }
        }
    }
    for package in packages {
        // Keeps the other build results for the next run.
        let _ = fs::remove_dir_all(package.cold_target());
    }
    samples
}

/// Cold builds are slow and vary little, so two are enough.
fn rounds_of(measure: &Measure) -> usize {
    if measure.cold { 2 } else { usize::MAX }
}
