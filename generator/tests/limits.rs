//! Real manifests stay far below every limit.
#![allow(
    clippy::unwrap_used,
    reason = "a panic in a test helper fails the test"
)]

mod support;

use std::collections::BTreeMap;

use generator::{Overrides, Source, limits};
use serde_json::Value;
use support::{analyze_valid, committed, emit, fixtures, stored_upstream, upstream_sources};

/// The maximum of each measured value.
#[derive(Default)]
struct Most(BTreeMap<&'static str, usize>);

impl Most {
    fn record(&mut self, what: &'static str, found: usize) {
        let most = self.0.entry(what).or_default();
        *most = found.max(*most);
    }

    fn manifest(&mut self, source: &Source) {
        self.record("bytes", source.bytes.len());
        self.record("integration key", source.key.len());
        let manifest: Value = serde_json::from_slice(&source.bytes).unwrap();
        self.record("depth", depth(&manifest));
        let capabilities = manifest["capabilities"].as_object().into_iter().flatten();
        let inner =
            capabilities.flat_map(|(_, capability)| capability.as_object().into_iter().flatten());
        let inner = inner.map(|(_, block)| block);
        for block in inner.chain([&manifest["formVariables"]]) {
            let required = items(block).filter(|variable| variable["isOptional"] != true);
            self.record("required", required.count());
        }
    }
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn depth(value: &Value) -> usize {
    let inner = match value {
        Value::Array(items) => items.iter().map(depth).max(),
        Value::Object(entries) => entries.values().map(depth).max(),
        _ => return 0,
    };
    1 + inner.unwrap_or(0)
}

#[test]
fn real_manifests_are_far_below_every_limit() {
    // The fixtures are far below each limit. Upstream's manifests may grow to half of a limit. After that,
    // raise the limit.
    let fixtures = fixtures();
    let most = check(&fixtures.sources, &fixtures.overrides, usize::MAX);
    assert!(most.0.values().all(|most| *most > 0), "{:?}", most.0);
    let committed = committed();
    check(&committed.sources, &committed.overrides, 2);
    if let Some(upstream) = stored_upstream() {
        check(&upstream_sources(&upstream), &Overrides::default(), 2);
    }
}

/// Checks that each limit is at least `times` as high as the measured maximum; `at_most` caps `times`.
fn check(sources: &[Source], overrides: &Overrides, at_most: usize) -> Most {
    let mut most = Most::default();
    most.record("manifests", sources.len());
    let bytes = sources.iter().map(|source| source.bytes.len());
    most.record("input", bytes.sum());
    for source in sources {
        most.manifest(source);
    }
    let analysis = analyze_valid(sources, overrides);
    most.record("problems", analysis.diagnostics.len());
    let written = emit(&analysis, None, true);
    most.record("generated", written.values().map(String::len).sum());
    let limits = [
        ("bytes", limits::MANIFEST_BYTES, 10),
        ("depth", limits::DEPTH, 10),
        ("generated", limits::GENERATED_BYTES, 100),
        ("input", limits::INPUT_BYTES, 50),
        // File systems set this limit.
        ("integration key", limits::INTEGRATION_KEY_BYTES, 2),
        ("manifests", limits::MANIFESTS, 50),
        // The total for all manifests.
        ("problems", limits::PROBLEMS, 10),
        ("required", limits::REQUIRED, 10),
    ];
    assert_eq!(
        limits.map(|(what, ..)| what).to_vec(),
        most.0.keys().copied().collect::<Vec<_>>()
    );
    for (what, limit, times) in limits {
        let most = most.0[what];
        assert!(
            most * times.min(at_most) <= limit,
            "{what}: {most} is too near the limit of {limit}"
        );
    }
    most
}
