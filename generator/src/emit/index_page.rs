//! The documentation of the module `integrations`.

use proc_macro2::TokenStream;

use super::{EmitOptions, docs};
use crate::model::Integration;

pub(super) fn docs(integrations: &[&Integration], options: EmitOptions<'_>) -> TokenStream {
    let mut lines = [
        "One module per integration key, and a table of all integrations.",
        "",
        "A module is named by its key in snake case. [The list of all integrations and their",
        "fields](crate#all-integrations) is on the crate's front page.",
        "",
        // A module may have the same name.
        "At run time, [`get`](fn@get) finds an integration by its key, and [`ALL`] lists all of them.",
    ]
    .map(String::from)
    .to_vec();
    if options.pin.is_some() {
        lines.push(String::new());
        lines.push(MANIFESTS.to_owned());
    }
    lines.extend(supplements(integrations));
    let fullest = integrations
        .iter()
        .find(|integration| !integration.config.fields.is_empty());
    if let Some(integration) = fullest.or(integrations.first()) {
        lines.extend(example(integration));
    }
    docs::inner(lines)
}

/// Where to find a manifest. It isn't in each module, which would then change whenever the pin moves.
const MANIFESTS: &str = "The manifest of a module is `integrations/<integration key>/manifest.json` in \
    the repository and at the commit that [`UPSTREAM`] names.";

/// The list of integrations with a supplement.
fn supplements(integrations: &[&Integration]) -> Vec<String> {
    let supplements = integrations.iter().filter_map(|integration| {
        let supplement = docs::supplement(integration)?;
        // A function may have the same name.
        Some(format!(
            "- [`{0}`](mod@{0}): {supplement}",
            integration.module
        ))
    });
    let supplements: Vec<String> = supplements.collect();
    if supplements.is_empty() {
        return supplements;
    }
    let title = "LaunchDarkly's server has more than the public manifests:";
    let mut lines = ["", title, ""].map(String::from).to_vec();
    lines.extend(supplements);
    lines
}

fn example(integration: &Integration) -> Vec<String> {
    let Integration {
        key, name, config, ..
    } = integration;
    vec![
        String::new(),
        "```".into(),
        "use launchdarkly_integrations::integrations;".into(),
        String::new(),
        format!("let integration = integrations::get({key:?}).ok_or(\"no such key\")?;"),
        format!("assert_eq!(integration.name, {name:?});"),
        format!(
            "assert_eq!(integration.fields.len(), {});",
            config.fields.len()
        ),
        "# Ok::<(), &str>(())".into(),
        "```".into(),
    ]
}
