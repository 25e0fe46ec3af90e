//! Manifests in, Rust text out.

pub mod diagnostic;
pub mod json;
pub mod manifest;
pub mod read;
pub mod source;
