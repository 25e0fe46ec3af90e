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
//! | document to model | [`overrides`], `merge`, [`resolve`], [`naming`] | [`Integration`](model::Integration): types and every name |
//! | model to text | [`emit`] | one file per integration, `mod.rs`, and the pages that list them all |
//! | two models to changes | [`diff`] | what differs, and what that weighs for users |
//!
//! [`analysis::analyse`] runs the first four for many sources at once. What an input may
//! hold stands in [`limits`]. Beside them stand [`snapshot`], the pinned form of the manifests, and
//! [`catalog`], what is generated as JSON.
//! A [`Diagnostic`](diagnostic::Diagnostic) says what is wrong, where, and what to do about it.
//!
//! # A form variable on its way
//!
//! ```
//! use generator::manifest::VariableType;
//! use generator::model::Presence;
//! use generator::overrides::Overrides;
//! use generator::source::{self, Source};
//! use generator::{emit, lint, read, resolve};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let source = Source {
//!     key: "acme".to_owned(),
//!     origin: "acme.json".to_owned(),
//!     bytes: br#"{"name": "Acme", "version": "1.0.0", "formVariables": [
//!         {"key": "base-url", "name": "Base URL", "type": "uri", "isSecret": true}
//!     ]}"#.to_vec(),
//! };
//! let text = source::decode(&source).map_err(|problem| problem.to_string())?;
//!
//! // The document: what upstream says, in upstream's words.
//! let json = source::parse(text).map_err(|problem| problem.to_string())?;
//! let (manifest, problems) = read::manifest(json);
//! assert!(problems.is_empty());
//! let manifest = manifest.ok_or("not an object")?;
//! assert_eq!(manifest.form_variables[0].kind, VariableType::Uri);
//!
//! // Upstream marks only texts as secret: a warning, and no more than that.
//! assert_eq!(lint::manifest(&manifest)[0].code, "secret-not-string");
//!
//! // The model: what it becomes in Rust.
//! let (integration, problems) = resolve::integration("acme", &manifest, &mut Overrides::default().of("acme"));
//! assert!(problems.is_empty());
//! let field = &integration.config.fields[0];
//! assert_eq!((&*field.key, &*field.ident), ("base-url", "base_url"));
//! assert_eq!(field.rust_type(), "SecretUri");
//! assert_eq!(field.presence, Presence::Required);
//!
//! // The text.
//! let files = emit::files(&[&integration], emit::Options::default())?;
//! let module = &files.modules["acme.rs"];
//! assert!(module.contains("pub base_url: crate::SecretUri,"));
//! assert!(module.contains("`base_url` is required and not set (wire key `base-url`)"));
//! # Ok(())
//! # }
//! ```
//!
//! # Why it is built so
//!
//! - **Names are decided once.** [`naming`] makes a name of one wire key and of nothing else, so that
//!   what upstream adds beside it renames nothing. [`resolve`] puts the names together, refuses two
//!   that are the same, and takes `overrides.toml` where upstream's keys leave none. [`emit`] invents
//!   no name.
//! - **Tokens, not strings.** A manifest's text gets into the output as a literal or as escaped
//!   documentation, and `quote` can't be talked into anything else: no manifest adds or ends Rust
//!   code. Only examples in documentation are put together as text, and they are compiled.
//! - **All problems at once.** No stage stops at the first. A manifest with an error is left out of
//!   what follows, and after any error the caller writes nothing.
//! - **Little is generated.** What needn't be written anew for each field is written by hand in the
//!   generated crate. That keeps its build quick and its diffs short.
//!
//! # Where to look
//!
//! - What a type of form variable is in Rust: `value_type` in [`resolve`].
//! - The words of a diagnostic: search for its code, such as `name-collision`.
//! - A line of generated code: [`emit`] has a file for each kind of item, named like it.
//! - What is allowed in a key or name: [`naming`], and the hostile manifests in `tests/support`.

pub mod analysis;
pub mod catalog;
pub mod diagnostic;
pub mod diff;
pub mod emit;
pub mod json;
pub mod limits;
pub mod lint;
pub mod manifest;
mod merge;
pub mod model;
mod names;
pub mod naming;
pub mod overrides;
pub mod read;
pub mod resolve;
pub mod snapshot;
pub mod source;
mod types;
