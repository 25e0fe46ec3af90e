//! Time and memory per manifest for 100 to 10,000 synthetic manifests. Each size runs in its own process, so
//! that the peak memory is measured separately.
#![allow(
    clippy::expect_used,
    reason = "a benchmark that can't run stops with the reason"
)]

use std::env;
use std::fs;
use std::hint::black_box;
use std::process::Command;
use std::time::Instant;

use generator::{Overrides, Source, analyze};

const SIZES: [usize; 3] = [100, 1_000, 10_000];
/// The maximum number of runs. Smaller sizes run more often; the best time counts.
const ROUNDS: usize = 20;

fn main() {
    if let Some(size) = env::var("SCALE_SIZE")
        .ok()
        .and_then(|size| size.parse().ok())
    {
        return measure(size);
    }
    println!("manifests   µs per manifest   kB of memory per manifest");
    let this = env::current_exe().expect("this program");
    for size in SIZES {
        let status = Command::new(&this)
            .env("SCALE_SIZE", size.to_string())
            .status()
            .expect("a run");
        assert!(status.success(), "{size} manifests");
    }
}

fn measure(size: usize) {
    let sources: Vec<Source> = (0..size).map(synthetic).collect();
    let before = peak_kilobytes();
    let rounds = (SIZES[1] * ROUNDS / size).clamp(1, ROUNDS);
    let mut best = f64::INFINITY;
    for _ in 0..rounds {
        let start = Instant::now();
        let analysis = analyze(&sources, &Overrides::default(), true);
        assert!(!analysis.has_errors());
        let integrations: Vec<_> = analysis
            .analyzed
            .iter()
            .map(|entry| &entry.integration)
            .collect();
        black_box(generator::emit(&integrations, generator::EmitOptions::default()).expect("Rust"));
        best = best.min(start.elapsed().as_secs_f64());
    }
    let memory = (peak_kilobytes() - before) / size as f64;
    println!(
        "{size:>9}   {:>15.1}   {memory:>25.1}",
        best * 1e6 / size as f64
    );
}

/// A manifest with a typical number of form variables.
fn synthetic(number: usize) -> Source {
    let key = format!("integration-{number}");
    let text = format!(
        r#"{{"name": "Integration {number}", "version": "1.0.0", "capabilities": {{"auditLogEventsHook": {{}}}},
        "formVariables": [
            {{"key": "apiKey", "name": "API key", "type": "string", "isSecret": true}},
            {{"key": "hostURL", "name": "Host URL", "type": "enum", "isOptional": true,
              "allowedValues": ["https://a{number}.example", "https://b{number}.example"],
              "defaultValue": "https://a{number}.example"}},
            {{"key": "verbose", "name": "Verbose", "type": "boolean", "isOptional": true, "defaultValue": false}}
        ]}}"#
    );
    Source {
        origin: format!("{key}.json"),
        key,
        bytes: text.into_bytes(),
    }
}

/// The peak memory of this process in kB, or 0 if the system doesn't report it.
fn peak_kilobytes() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse().ok())
        .unwrap_or(0.0)
}
