//! What the stages cost on the committed manifests, beside only parsing the same bytes.
#![allow(
    clippy::expect_used,
    reason = "a benchmark that can't run stops with the reason"
)]
#![allow(missing_docs, reason = "criterion's macro makes a public function")]

use std::fs;
use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use generator::analysis::analyse;
use generator::emit;
use generator::overrides::Overrides;
use generator::snapshot;
use generator::source::Source;

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

fn stages(criterion: &mut Criterion) {
    let sources = committed();
    let overrides = Overrides::default();
    let mut group = criterion.benchmark_group("129 manifests");
    group.bench_function("parse into serde_json::Value", |bencher| {
        bencher.iter(|| {
            for source in &sources {
                black_box(
                    serde_json::from_slice::<serde_json::Value>(&source.bytes).expect("JSON"),
                );
            }
        });
    });
    group.bench_function("analyse", |bencher| {
        bencher.iter(|| black_box(analyse(&sources, &overrides, true)));
    });
    group.bench_function("analyse and emit", |bencher| {
        bencher.iter(|| {
            let analysis = analyse(&sources, &overrides, true);
            let integrations: Vec<_> = analysis
                .entries
                .iter()
                .map(|entry| &entry.integration)
                .collect();
            black_box(emit::files(&integrations, emit::Options::default()).expect("Rust"))
        });
    });
    group.finish();
}

criterion_group!(benches, stages);
criterion_main!(benches);
