//! Programs of users, and the compiler's messages for invalid ones. They need particular fields, so they run in
//! a copy of the generated package that is generated from the fixtures.
#![allow(
    clippy::unwrap_used,
    reason = "a panic in a test helper fails the test"
)]

mod support;

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use support::copy::{CompilerError, Copy, Files};
use support::{fixtures, workspace};

/// The compiler release whose messages are in the `.words` files. To change it, edit this constant and run
/// the test with `OVERWRITE=1`.
const RELEASE: &str = "1.95";

#[test]
fn valid_programs_work_and_invalid_ones_get_clear_compiler_messages() {
    let mut files = Files::with_modules("fixtures", &fixtures().emit().modules);
    files.add_test(
        "programs.rs",
        "//! Programs.\n\nmod client;\nmod consumer;\nmod run_time;\nmod schema;\n",
    );
    for (name, text) in rust_files(&programs()) {
        files.add_test(&format!("{name}.rs"), text);
    }
    let refused = rust_files(&programs().join("refused"));
    let mut modules = String::new();
    for (name, text) in &refused {
        files.add_test(&format!("refused/{name}.rs"), text.as_str());
        writeln!(modules, "#[path = \"refused/{name}.rs\"]\nmod {name};").unwrap();
    }
    files.add_test("refused.rs", modules);
    let copy = files.write();

    copy.cargo(&["test", "--test", "programs"]);
    check_refused(&copy, &refused);
}

/// Checks that every compiler reports the errors at the lines with `//~`, and that the release above reports the
/// expected messages.
fn check_refused(copy: &Copy, programs: &BTreeMap<String, String>) {
    let errors = copy.refused("refused");
    let found: Vec<_> = errors
        .iter()
        .map(|error| (error.file.clone(), error.line, error.code.clone()))
        .collect();
    let mut expected = Vec::new();
    for (name, program) in programs {
        for (line, source) in (1..).zip(program.lines()) {
            let codes = source.split_once("//~").map_or("", |(_, codes)| codes);
            let places = codes.split_whitespace();
            expected.extend(places.map(|code| (format!("{name}.rs"), line, code.to_owned())));
        }
    }
    expected.sort();
    assert_eq!(found, expected, "{errors:#?}");

    let release = release();
    if release != RELEASE {
        support::say(&format!(
            "skipped the messages of rustc {RELEASE}: this is rustc {release}"
        ));
        return;
    }
    for name in programs.keys() {
        compare_words(name, &errors);
    }
}

fn compare_words(name: &str, errors: &[CompilerError]) {
    let file = format!("{name}.rs");
    let errors = errors.iter().filter(|error| error.file == file);
    let words: Vec<&str> = errors.map(|error| error.words.as_str()).collect();
    let words = words.join("\n");
    let path = programs().join("refused").join(format!("{name}.words"));
    if env::var_os("OVERWRITE").is_some() {
        fs::write(&path, &words).unwrap();
    }
    assert_eq!(
        words,
        fs::read_to_string(path).unwrap_or_default(),
        "{name}"
    );
}

fn programs() -> PathBuf {
    workspace().join("generator/tests/programs")
}

/// The programs in a folder, by file name.
fn rust_files(folder: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let programs =
        entries.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    programs
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect()
}

/// The compiler's release, such as `1.95`, with its channel unless it is stable.
fn release() -> String {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output().unwrap();
    let version = String::from_utf8(output.stdout).unwrap();
    let version = version.split(' ').nth(1).unwrap();
    match version.rsplit_once('.') {
        Some((release, patch)) if patch.bytes().all(|byte| byte.is_ascii_digit()) => release.into(),
        _ => version.into(),
    }
}
