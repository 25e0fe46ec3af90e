//! Manifests in, Rust text out.

pub mod analysis;
pub mod catalog;
pub mod diagnostic;
pub mod emit;
pub mod json;
pub mod lint;
pub mod manifest;
pub mod model;
pub mod naming;
pub mod overrides;
pub mod read;
pub mod resolve;
pub mod snapshot;
pub mod source;
