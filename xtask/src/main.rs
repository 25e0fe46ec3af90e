//! The maintainer command.
fn main() {}
