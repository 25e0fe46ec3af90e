//! One manifest of any bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/support/any_bytes.rs"]
mod any_bytes;

fuzz_target!(|bytes: &[u8]| {
    any_bytes::generate(bytes);
});
