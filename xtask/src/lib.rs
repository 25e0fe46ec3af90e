//! The maintainer's command: manifests in, generated crate out.

pub mod git;
