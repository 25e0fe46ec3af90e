//! Turns manifests into Rust text.
