//! LaunchDarkly's integration manifests in, Rust text out.
//!
//! No network, no git, no clock, no disk: bytes come in as [`Source`]s, and text is returned as maps
//! from file name to content. The same bytes give the same text, whatever their order.
//!
//! ```
//! use generator::{Options, Overrides, Source, analyze, emit};
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
//! // Upstream marks only strings as secret: a warning, and no more than that.
//! assert_eq!(analysis.diagnostics[0].code, "secret-not-string");
//! let integrations = analysis.integrations();
//! let field = &integrations[0].config.fields[0];
//! assert_eq!((&*field.key, &*field.ident), ("base-url", "base_url"));
//! assert_eq!(field.rust_type(), "SecretUri");
//!
//! let files = emit(&integrations, Options::default())?;
//! assert!(files.modules["acme.rs"].contains("pub base_url: crate::SecretUri,"));
//! # Ok::<(), generator::EmitError>(())
//! ```
//!
//! # Stages
//!
//! | stage | module | output |
//! |---|---|---|
//! | bytes to JSON | `source`, `json` | a tree that keeps order and places |
//! | JSON to document | `read` | a [`Manifest`], and every problem of it |
//! | style | `lint` | warnings |
//! | document to model | `merge`, `resolve`, `naming` | an [`Integration`](model::Integration): types and every name |
//! | model to text | `emit` | one file per integration, `mod.rs`, and the pages that list them all |
//! | two models to changes | [`diff`] | what differs, with its semver impact |
//!
//! [`analyze`] runs all but the last two for many sources at once. What a type of form variable means
//! is one row in `types`, and nothing else matches on a type.
//!
//! # Rules
//!
//! - **Names are decided once.** `naming` makes a name of one wire key and of nothing else, so that
//!   what upstream adds beside it renames nothing. `resolve` refuses two that are the same, and takes
//!   those of `overrides.toml`. `emit` invents no name.
//! - **Tokens, not strings.** A manifest's text gets into the output as a literal or as escaped
//!   documentation, so that no manifest adds or ends Rust code.
//! - **All problems at once.** No stage stops at the first. After an error an integration has no model,
//!   and the caller writes nothing.
//! - **Little is generated.** What depends on a type's name alone is a macro of the generated crate.

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

pub use analysis::{Analysis, Analyzed, SourceReport, analyze, analyze_source, unreadable};
pub use catalog::Catalog;
pub use diagnostic::{Diagnostic, JsonPath, Location, Severity, bounded, nearest};
pub use emit::{EmitError, Files, Options, files as emit, is_generated};
pub use manifest::Manifest;
pub use overrides::{FILE as OVERRIDES_FILE, Overrides, TOP_LEVEL};
pub use resolve::module_collisions;
pub use snapshot::{HeldBack, Pin};
pub use source::Source;
