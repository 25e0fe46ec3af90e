//! What is emitted compiles, documents itself and does what the manifests say: the real ones and
//! the worst that are accepted, together in a copy of the generated package.

mod support;

use serde_json::Value;
use support::emitted::{Copy, calls, cases};
use support::{
    Facts, analyse_good, committed_sources, emit, hostile, pin, stored_upstream, upstream_sources,
};

#[test]
fn emitted_code_compiles_without_a_warning_and_does_what_its_manifest_says() {
    // Upstream's own files have descriptions, which the committed ones lack.
    let mut sources =
        stored_upstream().map_or_else(committed_sources, |upstream| upstream_sources(&upstream));
    assert_eq!(sources.len(), 129);
    sources.extend(hostile::accepted());
    sources.sort_by(|a, b| a.key.cmp(&b.key));

    let analysis = analyse_good(&sources, &hostile::overrides());
    let copy = Copy::with_modules(&emit(&analysis, Some(&pin()), true));
    let cases: Value = sources
        .iter()
        .map(|source| cases(&Facts::read(source)))
        .collect();
    copy.write_test("cases.json", &cases.to_string());
    copy.write_test("check_all.rs", &calls(&analysis));
    copy.write_test("round_trip.rs", include_str!("support/round_trip.rs"));

    copy.cargo(&["test", "--test", "round_trip"]);
    copy.cargo(&["check", "--all-features", "--lib"]);
    copy.cargo(&["doc", "--no-deps", "--lib"]);
}
