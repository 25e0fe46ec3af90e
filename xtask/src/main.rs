//! `cargo xtask`: see `--help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    xtask::run()
}

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
