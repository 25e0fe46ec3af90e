//! The time of each stage for the committed manifests, compared with only parsing the JSON.
#![allow(
    clippy::expect_used,
    reason = "a benchmark that can't run stops with the reason"
)]

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use generator::{Overrides, Source, analyze, snapshot};

fn committed() -> Vec<Source> {
    let manifests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../manifests");
    let entries = fs::read_dir(manifests).expect("the committed manifests");
    let sources = entries.filter_map(|entry| {
        let path = entry.expect("an entry").path();
        let key = snapshot::key_of(path.file_name()?.to_str()?)?.to_owned();
        let bytes = fs::read(&path).expect("a manifest");
        Some(Source {
            key,
            origin: path.display().to_string(),
            bytes,
        })
    });
    sources.collect()
}

/// With this number of runs, the median is stable.
const RUNS: usize = 101;

fn main() {
    let sources = committed();
    let overrides = Overrides::default();
    println!("{} manifests, median of {RUNS} runs", sources.len());
    measure("parse into serde_json::Value", || {
        for source in &sources {
            black_box(serde_json::from_slice::<serde_json::Value>(&source.bytes).expect("JSON"));
        }
    });
    measure("analyze", || {
        black_box(analyze(&sources, &overrides, true));
    });
    measure("analyze and emit", || {
        let analysis = analyze(&sources, &overrides, true);
        let integrations: Vec<_> = analysis
            .analyzed
            .iter()
            .map(|entry| &entry.integration)
            .collect();
        black_box(generator::emit(&integrations, generator::EmitOptions::default()).expect("Rust"));
    });
}

fn measure(what: &str, work: impl Fn()) {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    println!("{what:<30} {:>10.1?}", times[RUNS / 2]);
}
