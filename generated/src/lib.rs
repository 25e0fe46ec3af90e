//! Typed configuration values for every LaunchDarkly integration.
//!
//! Each integration has a module with a `ConfigValues` struct whose fields are the form
//! variables of the integration's public manifest, and those that LaunchDarkly's server is known
//! to have beside it: a module's page says which. What the manifest requires has to be given,
//! by name; what it lists is an enum; what it marks as secret stays out of `Debug` and of every
//! error. Serialising gives the JSON object that the API takes, under the manifest's own keys.
//! Reading one back is strict and names every problem at once, see [`FormValues`].
//!
//! ```
//! use launchdarkly_integrations::integrations::datadog::{ConfigValues, HostUrl};
//!
//! let values = ConfigValues::builder()
//!     .api_key("0123456789abcdef")
//!     .host_url(HostUrl::ApiDatadoghqEu)
//!     .build();
//! let json = serde_json::to_string(&values)?;
//! assert_eq!(json, r#"{"apiKey":"0123456789abcdef","hostURL":"https://api.datadoghq.eu"}"#);
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! A program that learns the integration only when it runs takes an [`IntegrationKey`] and
//! [`AnyConfigValues`], which has the same checks:
//!
//! ```
//! use launchdarkly_integrations::{AnyConfigValues, IntegrationKey};
//!
//! // From a form, a file or a command line.
//! let (key, json) = ("datadog", r#"{"apiKey": "0123456789abcdef", "hostURL": "example.com"}"#);
//!
//! let key: IntegrationKey = key.parse()?;
//! for field in key.integration().fields {
//!     println!("{} ({}): {}", field.label, field.key, field.kind.as_str());
//! }
//! match AnyConfigValues::from_json_str(key, json) {
//!     Ok(values) => println!("{values:?}"),
//!     Err(error) => error.problems().iter().for_each(|problem| eprintln!("{problem}")),
//! }
//! # assert!(AnyConfigValues::from_json_str(key, json).is_err());
//! # Ok::<(), launchdarkly_integrations::UnknownIntegrationKey>(())
//! ```
//!
//! With the feature `schemars` there are JSON Schemas of all of them, in the module `schema`.
//!
//! The modules are generated. The types they are made of are here, at the root.
//!
//! # All integrations
//!
//! The module [`integrations`] has an index of all integrations.
#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc(test(attr(deny(warnings), allow(unused_variables))))]

mod any;
mod builder;
#[cfg(feature = "client")]
pub mod client;
mod endpoint;
mod facts;
mod integration_key;
mod integration_values;
#[rustfmt::skip]
#[allow(
    non_camel_case_types,
    reason = "a builder's parameter keeps the underscore of `a_1`, which would else be that of `a1`"
)]
pub mod integrations;
mod macros;
mod no_form_variables;
#[cfg(feature = "schemars")]
pub mod schema;
#[doc(hidden)]
pub mod values;
mod wording;

#[allow(unused_imports, reason = "the manifests say which of them are called")]
pub(crate) use {
    endpoint::{endpoints, sent},
    macros::{
        builder_debug, default_values, facts, form_values, integration_values, is_set,
        listed_value, no_form_variables, readers,
    },
};

pub use any::{AnyConfigValues, InvalidConfigValues};
pub use builder::{IntoOption, Missing};
#[cfg(feature = "async")]
pub use client::Client;
#[cfg(feature = "client")]
pub use client::{NewAuditLogSubscription, NewIntegrationConfiguration};
pub use endpoint::{Endpoint, UnknownEndpoint, WrongEndpoint};
pub use facts::{CapabilityFields, Field, Integration, Upstream};
pub use integration_key::{IntegrationKey, UnknownIntegrationKey};
pub use integration_values::IntegrationValues;
pub use no_form_variables::NoFormVariables;
#[cfg(feature = "schemars")]
#[doc(no_inline)]
pub use schemars;
#[doc(no_inline)]
pub use secrecy;
#[doc(hidden)]
pub use values::listed;
#[doc(inline)]
pub use values::listed::{ListedValue, UnlistedValue};
#[doc(inline)]
pub use values::{
    DefaultValue, Environment, EnvironmentKeys, EnvironmentSelector, FieldKind, FormValue,
    FormValues, InvalidSecretUri, InvalidUri, InvalidValues, LenientValues, Problem, ProblemKind,
    RedactedValue, SecretJson, SecretString, SecretUri, Uri,
};

/// The README's program, so that it is compiled and run.
#[cfg(all(doctest, feature = "async"))]
#[doc = include_str!("../README.md")]
struct Readme;
