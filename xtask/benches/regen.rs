//! A whole offline `regen`, process and all, beside a program that only parses the same files into
//! `serde_json::Value`: alternating runs, medians, and their ratio.
//!
//! With `../shared/upstream` present it also reads the full manifests, prose and all.
#![allow(
    clippy::expect_used,
    reason = "a benchmark that can't run stops with the reason"
)]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

const RUNS: usize = 101;

fn main() {
    if let Some(dir) = env::var_os("FLOOR_OF") {
        return floor(Path::new(&dir));
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let out = tempfile::tempdir().expect("a folder for the output");
    compare(
        "manifests/, the pinned facts",
        &root.join("manifests"),
        out.path(),
    );
    let upstream = root.join("../shared/upstream");
    if upstream.is_dir() {
        compare("upstream's own files", &upstream, out.path());
    } else {
        println!("upstream's own files: skipped, ../shared/upstream is missing");
    }
}

/// Parses every manifest of a folder and nothing else.
fn floor(dir: &Path) {
    let integrations = dir.join("integrations");
    let nested = integrations.is_dir();
    let mut names = 0;
    for entry in fs::read_dir(if nested { &integrations } else { dir }).expect("the manifests") {
        let mut path: PathBuf = entry.expect("an entry").path();
        if nested {
            path.push("manifest.json");
        } else if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let bytes = fs::read(path).expect("a manifest");
        let value: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
        names += value.as_object().map_or(0, serde_json::Map::len);
    }
    assert!(names > 0, "something was read");
}

fn compare(what: &str, manifests: &Path, out: &Path) {
    let this = env::current_exe().expect("this program");
    let mut parse = Command::new(this);
    parse.env("FLOOR_OF", manifests);
    let mut regen = Command::new(env!("CARGO_BIN_EXE_xtask"));
    regen
        .arg("regen")
        .arg("--from")
        .arg(manifests)
        .arg("--out")
        .arg(out)
        .stdout(Stdio::null());

    let (mut floors, mut regens) = (Vec::new(), Vec::new());
    milliseconds(&mut regen); // The first run writes the files; the others find them up to date.
    for _ in 0..RUNS {
        floors.push(milliseconds(&mut parse));
        regens.push(milliseconds(&mut regen));
    }
    let (floor, regen) = (median(floors), median(regens));
    println!(
        "{what}: parse {floor:.2} ms, regen {regen:.2} ms, ratio {:.2}",
        regen / floor
    );
}

fn milliseconds(command: &mut Command) -> f64 {
    let start = Instant::now();
    let status = command.status().expect("a run");
    let elapsed = start.elapsed();
    assert!(status.success(), "{command:?}");
    elapsed.as_secs_f64() * 1e3
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
