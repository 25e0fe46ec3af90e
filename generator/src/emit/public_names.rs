//! `PUBLIC_NAMES.txt`: all public names of the generated modules, so that a reviewer sees a rename.

use super::print::text_header;
use crate::model::Integration;
use crate::names;

/// The file's name in the package's folder.
pub(super) const FILE: &str = "PUBLIC_NAMES.txt";

/// The names in `mod.rs` itself, without the modules.
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
    text.push_str("# The public names in launchdarkly_integrations::integrations.\n\n");
    text.push_str(&lines.join("\n"));
    text.push('\n');
    text
}
