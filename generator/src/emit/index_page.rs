//! The documentation of the module `integrations`: an index of all integrations.
//!
//! It has only what a reader needs to choose a module. The fields are on the module's page and in
//! `CATALOG.md`.

use super::{EmitOptions, docs, page, table};
use crate::model::Integration;

pub(super) fn lines(integrations: &[&Integration], options: EmitOptions<'_>) -> Vec<String> {
    let mut lines = [
        "One module per integration, and a list of all integrations for use at run time.",
        "",
        // A module may have the same name.
        "[`get`](fn@get) finds an integration by its key, and [`ALL`] lists all integrations. A module's name",
        "is the integration key in snake case.",
    ]
    .map(String::from)
    .to_vec();
    let example_integration = integrations
        .iter()
        .find(|integration| !integration.config.fields.is_empty())
        .or(integrations.first());
    if let Some(integration) = example_integration {
        lines.extend(example(integration));
    }
    if options.pin.is_some() {
        lines.extend(MANIFESTS.map(str::to_owned));
    }
    lines.extend(supplements(integrations));
    lines.extend(index(integrations));
    lines
}

/// Where to find a manifest. It isn't in each module, which would then change whenever the pin moves.
const MANIFESTS: [&str; 3] = [
    "",
    "[`UPSTREAM`] names the repository and the commit of the manifests. The manifest of an integration is",
    "`integrations/<key>/manifest.json`.",
];

/// Links to the integrations with a supplement.
fn supplements(integrations: &[&Integration]) -> Vec<String> {
    let links: Vec<String> = integrations
        .iter()
        .filter(|integration| integration.supplement.is_some())
        .map(|integration| link(integration))
        .collect();
    if links.is_empty() {
        return links;
    }
    let text = "Parts of these integrations are not in a public manifest. Their pages say how they are known:";
    vec![String::new(), format!("{text} {}.", links.join(", "))]
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

/// A row for each integration with form variables, and a list of the others. There are only three columns,
/// so that a narrow screen shows all of them.
fn index(integrations: &[&Integration]) -> Vec<String> {
    let (with_fields, without): (Vec<&Integration>, Vec<&Integration>) = integrations
        .iter()
        .partition(|integration| page::has_fields(integration));
    let mut lines = ["", "# Index"].map(String::from).to_vec();
    if !with_fields.is_empty() {
        lines.extend(LEGEND.map(str::to_owned));
        lines.extend(table::head(&["Integration", "Sent as", "Fields"]));
        lines.extend(with_fields.into_iter().map(row));
    }
    if !without.is_empty() {
        let links: Vec<String> = without.into_iter().map(link).collect();
        lines.extend([
            String::new(),
            format!("Without form variables: {}.", links.join(", ")),
        ]);
    }
    lines
}

const LEGEND: [&str; 5] = [
    "",
    "*Sent as* names the [endpoints](crate::Endpoint) that accept the values. A question mark means: the manifest",
    "doesn't say whether LaunchDarkly accepts integration configurations of this integration. *Fields* is the",
    "number of form variables, including those of capabilities.",
    "",
];

fn row(integration: &Integration) -> String {
    let (link, name) = (link(integration), docs::plain(&integration.name));
    let fields: usize = integration
        .structs()
        .map(|values| values.fields.len())
        .sum();
    table::row(&[
        format!("{link}<br>{name}"),
        page::sent_as(integration, &integration.endpoints(), "?").join(", "),
        fields.to_string(),
    ])
}

/// A link to the module. A function may have the same name.
fn link(integration: &Integration) -> String {
    let Integration { key, module, .. } = integration;
    format!("[{}](mod@{module})", table::code(key))
}
