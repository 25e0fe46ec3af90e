//! A test that `emitted.rs` copies into the generated package. `build_all.rs` has the functions that build
//! every struct.

use serde::Serialize;

include!("build_all.rs");

#[test]
fn every_builder_gives_the_values_of_its_manifest() {
    build_all();
}

fn check(place: &str, values: &impl Serialize, expected: &str) {
    assert_eq!(serde_json::to_string(values).unwrap(), expected, "{place}");
}
