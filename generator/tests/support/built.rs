//! The test that `emitted.rs` puts into a copy of the generated package, beside the functions that
//! build every struct.

use serde::Serialize;

include!("build_all.rs");

#[test]
fn every_builder_makes_what_its_manifest_says() {
    build_all();
}

fn check(place: &str, values: &impl Serialize, expected: &str) {
    assert_eq!(serde_json::to_string(values).unwrap(), expected, "{place}");
}
