//! Compares an offline `regen`, including process start, with a program that only parses the same files
//! into `serde_json::Value`. The runs alternate; the output shows both medians and their ratio.
//!
//! If `../shared/upstream` exists, the benchmark also reads upstream's complete manifests.
#![allow(clippy::expect_used, reason = "a benchmark that can't run panics")]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

const RUNS: usize = 101;

fn main() {
    if let Some(dir) = env::var_os("PARSE_ONLY") {
        return parse_all(Path::new(&dir));
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let out = tempfile::tempdir().expect("a folder for the output");
    compare("manifests/ (pinned)", &root.join("manifests"), out.path());
    let upstream = root.join("../shared/upstream");
    if upstream.is_dir() {
        compare("upstream's files", &upstream, out.path());
    } else {
        println!("upstream's files: skipped, ../shared/upstream is missing");
    }
}

/// Only parses every manifest of a folder.
fn parse_all(dir: &Path) {
    let integrations = dir.join("integrations");
    let nested = integrations.is_dir();
    let mut properties = 0;
    for entry in fs::read_dir(if nested { &integrations } else { dir }).expect("the manifests") {
        let mut path: PathBuf = entry.expect("an entry").path();
        if nested {
            path.push("manifest.json");
        } else if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let bytes = fs::read(path).expect("a manifest");
        let value: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
        properties += value.as_object().map_or(0, serde_json::Map::len);
    }
    assert!(properties > 0, "no manifest was read");
}

fn compare(what: &str, manifests: &Path, out: &Path) {
    let this = env::current_exe().expect("this program");
    let mut parse = Command::new(this);
    parse.env("PARSE_ONLY", manifests);
    let mut regen = Command::new(env!("CARGO_BIN_EXE_xtask"));
    regen
        .arg("regen")
        .arg("--from")
        .arg(manifests)
        .arg("--out")
        .arg(out)
        .stdout(Stdio::null());

    let (mut parses, mut regens) = (Vec::new(), Vec::new());
    milliseconds(&mut regen); // The first run writes the files; later runs change nothing.
    for _ in 0..RUNS {
        parses.push(milliseconds(&mut parse));
        regens.push(milliseconds(&mut regen));
    }
    let (parse, regen) = (median(parses), median(regens));
    println!(
        "{what}: parse {parse:.2} ms, regen {regen:.2} ms, ratio {:.2}",
        regen / parse
    );
}

fn milliseconds(command: &mut Command) -> f64 {
    let start = Instant::now();
    let status = command.status().expect("the command starts");
    let elapsed = start.elapsed();
    assert!(status.success(), "{command:?}");
    elapsed.as_secs_f64() * 1e3
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
