//! What a user gets wrong doesn't compile, and the compiler says what to do.
//!
//! The files in `compile_fail` also say by `//~` which errors belong to which line; a test of the
//! generator's holds every compiler to that.
#![allow(
    clippy::unwrap_used,
    reason = "a helper of a test that unwraps fails the test with the reason"
)]

use std::env;
use std::io::Write as _;
use std::process::Command;

/// The release whose words the `.stderr` files have. To move to another, name it here and run this
/// test with `TRYBUILD=overwrite`.
const RELEASE: &str = "1.95";

#[test]
fn the_compiler_says_what_is_wrong() {
    let found = release();
    if found != RELEASE {
        // Not by `eprintln`, which a test that passes keeps to itself.
        let told = format!("skipped: the words of rustc {RELEASE}; this one is {found}\n");
        let _ = std::io::stderr().write_all(told.as_bytes());
        return;
    }
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}

/// The compiler's release, such as `1.95`; with its channel, unless it is the stable one.
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
