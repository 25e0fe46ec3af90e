//! Generates Rust code from LaunchDarkly's integration manifests.
//!
//! The input is the bytes of each manifest, as a [`Source`]; the output is a map from file name to file
//! content. The library uses no network, git, clock or disk. The same sources always give the same
//! output, in whichever order they are passed.
//!
//! ```
//! use generator::{EmitOptions, Overrides, Source, analyze, emit};
//!
//! let source = Source {
//!     key: "acme".to_owned(),
//!     origin: "acme.json".to_owned(),
//!     bytes: br#"{"name": "Acme", "version": "1.0.0", "formVariables": [
//!         {"key": "base-url", "name": "Base URL", "type": "uri", "isSecret": true}
//!     ]}"#.to_vec(),
//! };
//! let analysis = analyze(&[source], &Overrides::default(), true);
//!
//! // Upstream's style allows `isSecret` on strings only. This is a warning, so generation goes on.
//! assert_eq!(analysis.diagnostics[0].code, "secret-not-string");
//! let integrations = analysis.integrations();
//! let field = &integrations[0].config.fields[0];
//! assert_eq!((&*field.key, &*field.ident), ("base-url", "base_url"));
//! assert_eq!(field.rust_type(), "SecretUri");
//!
//! let files = emit(&integrations, EmitOptions::default())?;
//! assert!(files.modules["acme.rs"].contains("pub base_url: crate::SecretUri,"));
//! # Ok::<(), generator::EmitError>(())
//! ```
//!
//! # Stages
//!
//! | stage | module | output |
//! |---|---|---|
//! | bytes to JSON | `source`, `json` | a tree that keeps the order and the position of each value |
//! | JSON to document | `read` | a [`Manifest`] and all its errors |
//! | style | `lint` | warnings |
//! | document to model | `merge`, `resolve`, `naming` | an [`Integration`](model::Integration): types and every name |
//! | model to text | `emit` | one file per integration, `mod.rs`, and the pages that list them all |
//! | two models to changes | [`diff`] | what differs, with its semver impact |
//!
//! [`analyze`] runs all stages except the last two, for many sources in parallel. Everything that is
//! specific to one type of form variable is in one row of `types`; no other code matches on a type.
//!
//! # Rules
//!
//! - **Names are decided once.** `naming` derives a name from one wire key and nothing else, so an
//!   upstream addition never renames anything. `resolve` reports two equal names as an error and
//!   applies the names of `overrides.toml`. `emit` creates no names.
//! - **Tokens, not strings.** Text of a manifest enters the output only as a literal or as escaped
//!   documentation, so a manifest can't inject Rust code.
//! - **All problems in one run.** No stage stops at its first error. An integration with an error has no
//!   model, and the caller writes nothing.
//! - **Little is generated.** Code that depends only on a type's name is a macro in the generated crate.

mod analysis;
mod catalog;
mod diagnostic;
pub mod diff;
mod emit;
mod endpoint;
mod json;
pub mod limits;
mod lint;
mod manifest;
mod merge;
pub mod model;
mod names;
mod naming;
mod overrides;
mod read;
mod resolve;
pub mod snapshot;
mod source;
mod types;

pub use analysis::{Analysis, Analyzed, SourceReport, analyze, analyze_source, read_error};
pub use catalog::Catalog;
pub use diagnostic::{Diagnostic, JsonPath, Location, Severity, escape_and_truncate, most_similar};
pub use emit::{EmitError, EmitOptions, Files, files as emit, is_generated};
pub use manifest::Manifest;
pub use overrides::{FILE as OVERRIDES_FILE, Overrides, TOP_LEVEL};
pub use resolve::module_collisions;
pub use snapshot::{HeldBack, Pin};
pub use source::Source;
