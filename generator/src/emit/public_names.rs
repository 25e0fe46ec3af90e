//! `PUBLIC_NAMES.txt`: every public name of the generated modules, so that a review sees a rename.

use super::print::text_header;
use crate::model::Integration;
use crate::names;

/// The file's name beside the package's `Cargo.toml`.
pub(super) const FILE: &str = "PUBLIC_NAMES.txt";

/// The names of `mod.rs` itself, but for the modules.
const INDEX: [&str; 2] = [
    "ALL: &[Integration]",
    "get(&str) -> Option<&'static Integration>",
];

pub(super) fn text(integrations: &[&Integration], has_pin: bool) -> String {
    let mut lines: Vec<String> = INDEX.map(str::to_owned).to_vec();
    if has_pin {
        lines.push("UPSTREAM: Upstream".to_owned());
    }
    for integration in integrations {
        let module = &integration.module;
        lines.push(module.clone());
        let names = names::integration(integration).into_iter();
        lines.extend(names.map(|name| format!("{module}::{name}")));
    }
    lines.sort_unstable();
    let mut text = text_header("manifests/");
    text.push_str("# What is public below launchdarkly_integrations::integrations.\n\n");
    text.push_str(&lines.join("\n"));
    text.push('\n');
    text
}
