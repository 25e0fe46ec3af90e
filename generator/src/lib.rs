//! LaunchDarkly's integration manifests in, Rust text out.
//!
//! No network, no git, no clock, no disk: bytes come in as [`Source`](source::Source)s, and text
//! goes out as maps from file name to content. The same bytes give the same text, whatever their
//! order.
//!
//! | stage | module | gives |
//! |---|---|---|
//! | bytes to text to JSON | [`source`], [`json`] | a tree that keeps order and repeated names |
//! | JSON to document | [`read`] | [`Manifest`](manifest::Manifest), and every problem of it |
//! | style | [`lint`] | warnings |
//! | document to model | [`resolve`], [`naming`], [`overrides`] | [`Integration`](model::Integration): types and every name |
//! | model to text | [`emit`] | one file per integration, `mod.rs`, and the pages that list them all |
//! | two models to changes | [`diff`] | what differs, and what that weighs for users |
//!
//! [`analysis::analyse`] runs all but the last for many sources at once. What an input may
//! hold stands in [`limits`]. Beside them stand [`snapshot`], the pinned form of the manifests, and
//! [`catalog`], what is generated as JSON.
//! A [`Diagnostic`](diagnostic::Diagnostic) says what is wrong, where, and what to do about it.

pub mod analysis;
pub mod catalog;
pub mod diagnostic;
pub mod diff;
pub mod emit;
pub mod json;
pub mod limits;
pub mod lint;
pub mod manifest;
pub mod model;
pub mod naming;
pub mod overrides;
pub mod read;
pub mod resolve;
pub mod snapshot;
pub mod source;
