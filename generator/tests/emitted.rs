//! What is emitted compiles, documents itself and does what the manifests say: the real ones and
//! the worst that are accepted, together in a copy of the generated package.
#![allow(
    clippy::unwrap_used,
    reason = "a helper of a test that unwraps fails the test with the reason"
)]

mod support;

use std::fmt::Write as _;

use serde_json::Value;
use support::builders::{Omission, blocks, build_all, omissions};
use support::cases::{calls, cases};
use support::copy::{CompilerError, Files};
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
    let facts: Vec<Facts> = sources.iter().map(Facts::read).collect();
    let blocks = blocks(&analysis, &facts);
    let omissions = omissions(&blocks);
    let mut files = Files::with_modules("emitted", &emit(&analysis, Some(&pin()), true));
    let cases: Value = facts.iter().map(cases).collect();
    files.add_test("cases.json", cases.to_string());
    files.add_test("check_all.rs", calls(&analysis));
    files.add_test("round_trip.rs", include_str!("support/round_trip.rs"));
    files.add_test("build_all.rs", build_all(&blocks));
    files.add_test("built.rs", include_str!("support/built.rs"));
    let (refused, expected) = refused(&files, &omissions);
    files.add_test("refused.rs", refused);
    let copy = files.write();

    copy.cargo(&["test", "--test", "round_trip", "--test", "built"]);
    compare(&copy.refused("refused"), &expected, &omissions);
    copy.cargo(&["doc", "--no-deps", "--lib"]);
    // Every module has an example.
    copy.cargo(&["test", "--doc"]);
}

/// The file of a test, its line, and the code of an error there.
type Place = (String, u64, String);

/// One test of all that must not compile: a line for each omission, and the programs whose words are
/// compared in the package's own test. Those say by `//~` which errors belong to a line.
fn refused(files: &Files, omissions: &[Omission]) -> (String, Vec<Place>) {
    let mut text = String::new();
    let mut expected = Vec::new();
    for (line, omission) in (1..).zip(omissions) {
        writeln!(text, "{}", omission.function).unwrap();
        expected.push(("refused.rs".to_owned(), line, "E0277".to_owned()));
    }
    let programs = files.below("tests/compile_fail");
    for (name, program) in programs.filter(|(name, _)| name.ends_with(".rs")) {
        let module = name.trim_end_matches(".rs");
        writeln!(text, "#[path = \"compile_fail/{name}\"]\nmod {module};").unwrap();
        for (line, source) in (1..).zip(program.lines()) {
            let codes = source.split_once("//~").map_or("", |(_, codes)| codes);
            let places = codes.split_whitespace();
            expected.extend(places.map(|code| (name.to_owned(), line, code.to_owned())));
        }
    }
    expected.sort();
    (text, expected)
}

/// The compiler's errors are those, and name the field that is left out, and its key.
fn compare(errors: &[CompilerError], expected: &[Place], omissions: &[Omission]) {
    let found: Vec<Place> = errors
        .iter()
        .map(|error| (error.file.clone(), error.line, error.code.clone()))
        .collect();
    assert_eq!(found, expected, "{errors:#?}");
    assert!(omissions.len() > 150, "{}", omissions.len());
    let errors = errors.iter().filter(|error| error.file == "refused.rs");
    for (error, omission) in errors.zip(omissions) {
        for said in &omission.said {
            assert!(error.message.contains(said), "{said}: {error:?}");
        }
    }
}
