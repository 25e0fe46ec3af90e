//! Compares integrations and their blocks.

use super::pair::{Pair, pair, reordered};
use super::{Change, ChangeKind, Impact, IntegrationChanges, Phrase, field};
use crate::model::{CapabilityConfig, Endpoint, Integration, Struct};
use crate::names;
use crate::overrides::TOP_LEVEL;

/// Returns the changes of each integration that differs, in unspecified order.
pub(super) fn all(old: &[&Integration], new: &[&Integration]) -> Vec<IntegrationChanges> {
    let pairs = pair(old, new, |integration| &integration.module);
    pairs.into_iter().filter_map(changes).collect()
}

fn changes(pair: Pair<'_, &Integration>) -> Option<IntegrationChanges> {
    let (integration, impact, changes) = match pair {
        Pair::Added(new) => {
            let change = added(new);
            (new, change.impact, vec![change])
        }
        Pair::Removed(old) => {
            let change = removed(old);
            (old, change.impact, vec![change])
        }
        Pair::Kept(old, new, _) if old == new => return None,
        Pair::Kept(old, new, _) => {
            let (before, after) = (names::integration(old), names::integration(new));
            (new, Impact::between(&before, &after), between(old, new))
        }
    };
    (!changes.is_empty()).then(|| IntegrationChanges {
        key: integration.key.clone(),
        name: integration.name.clone(),
        impact,
        changes,
    })
}

fn added(new: &Integration) -> Change {
    let fields = new.config.fields.len();
    let fields = match fields {
        0 => "without fields".to_owned(),
        1 => "with 1 field".to_owned(),
        _ => format!("with {fields} fields"),
    };
    let summary = Phrase::new("new integration, module ")
        .code(&new.module)
        .words(format!(" {fields}"));
    Change::new(ChangeKind::IntegrationAdded, summary).names([], names::integration(new))
}

fn removed(old: &Integration) -> Change {
    let summary = Phrase::new("integration removed, with module ")
        .code(&old.module)
        .words(": programs that use it don't compile");
    Change::new(ChangeKind::IntegrationRemoved, summary).names(names::integration(old), [])
}

fn between(old: &Integration, new: &Integration) -> Vec<Change> {
    let mut changes = facts(old, new);
    changes.extend(field::all(TOP_LEVEL, &old.config, &new.config));
    changes.extend(blocks(old, new));
    changes
}

/// Returns the changes in the manifest's facts, without fields and blocks.
fn facts(old: &Integration, new: &Integration) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut text = |kind, what: &str, old: &str, new: &str| {
        if old != new {
            let summary = Phrase::new(format!("{what} ")).replaced(old, new);
            changes.push(Change::new(kind, summary).replaced(old, new));
        }
    };
    text(ChangeKind::Name, "name", &old.name, &new.name);
    text(
        ChangeKind::Version,
        "manifest version",
        &old.version,
        &new.version,
    );
    text(
        ChangeKind::Oauth,
        "OAuth",
        yes_no(old.requires_oauth),
        yes_no(new.requires_oauth),
    );
    text(
        ChangeKind::Configurations,
        "integration configurations allowed",
        old.allow_integration_configurations
            .map_or("unspecified", yes_no),
        new.allow_integration_configurations
            .map_or("unspecified", yes_no),
    );
    if old.key != new.key {
        let summary = Phrase::new("key ")
            .replaced(&old.key, &new.key)
            .words(" in the same module: programs now send the new key");
        let change = Change::new(ChangeKind::IntegrationKey, summary);
        changes.push(change.replaced(&old.key, &new.key).silent());
    }
    changes.extend(capabilities(
        "capability",
        &old.capabilities,
        &new.capabilities,
    ));
    changes.extend(capabilities(
        "other capability",
        &old.other_capabilities,
        &new.other_capabilities,
    ));
    changes.extend(endpoints(
        &new.config,
        &old.config_endpoints(),
        &new.config_endpoints(),
        [names::config_endpoints(old), names::config_endpoints(new)],
    ));
    changes
}

/// Returns the changes in a list of capabilities. The blocks of capabilities are compared separately.
fn capabilities(what: &str, old: &[String], new: &[String]) -> Vec<Change> {
    let pairs = pair(old, new, String::as_str);
    let mut changes: Vec<Change> = pairs
        .iter()
        .filter_map(|pair| {
            let summary = match pair {
                Pair::Added(name) => Phrase::new(format!("new {what} ")).code(name),
                Pair::Removed(name) => Phrase::new(format!("{what} ")).code(name).words(" removed"),
                Pair::Kept(..) => return None,
            };
            Some(Change::new(ChangeKind::Capabilities, summary))
        })
        .collect();
    if reordered(&pairs) {
        let summary = Phrase::new(format!("the order of the list of {what} names changed"));
        changes.push(Change::new(ChangeKind::Capabilities, summary));
    }
    changes
}

const fn yes_no(value: bool) -> &'static str {
    if value { "yes" } else { "no" }
}

/// Returns a change if the endpoints of a struct's values changed.
fn endpoints(
    values: &Struct,
    old: &[Endpoint],
    new: &[Endpoint],
    [old_names, new_names]: [Vec<String>; 2],
) -> Option<Change> {
    let without = |endpoints: &[Endpoint], others: &[Endpoint]| {
        let mut rest = endpoints.to_vec();
        rest.retain(|endpoint| !others.contains(endpoint));
        rest
    };
    let (gone, more) = (without(old, new), without(new, old));
    if gone.is_empty() && more.is_empty() {
        return None;
    }
    let mut summary = Phrase::default().code(&values.name);
    if !more.is_empty() {
        let more = Endpoint::listed(&more);
        summary = summary.words(format!(" can now be sent to {more}"));
    }
    if !gone.is_empty() {
        let and = if more.is_empty() { "" } else { ", and" };
        let gone = Endpoint::listed(&gone);
        summary = summary.words(format!(
            "{and} can no longer be sent to {gone}: programs that send them there don't compile"
        ));
    }
    let change = Change::new(ChangeKind::Endpoints, summary).names(old_names, new_names);
    Some(change.replaced(Endpoint::listed(old), Endpoint::listed(new)))
}

fn blocks(old: &Integration, new: &Integration) -> Vec<Change> {
    let (old, new) = (&old.capability_configs, &new.capability_configs);
    let pairs = pair(old, new, |block| &block.config.name);
    let mut changes = Vec::new();
    if reordered(&pairs) {
        let summary = Phrase::new("the order of the blocks of form variables changed");
        changes.push(Change::new(ChangeKind::BlockOrder, summary));
    }
    for pair in &pairs {
        match pair {
            Pair::Added(new) => changes.push(block_added(new)),
            Pair::Removed(old) => changes.push(block_removed(old)),
            Pair::Kept(old, new, _) => changes.extend(block_changes(old, new)),
        }
    }
    changes
}

fn block_added(new: &CapabilityConfig) -> Change {
    let summary = Phrase::new("new block of form variables, struct ").code(&new.config.name);
    let change = Change::new(ChangeKind::BlockAdded, summary).names([], names::block(new));
    in_block(change, &new.path())
}

fn block_removed(old: &CapabilityConfig) -> Change {
    let summary = Phrase::new("block of form variables removed, with struct ")
        .code(&old.config.name)
        .words(": programs that use it don't compile");
    let change = Change::new(ChangeKind::BlockRemoved, summary).names(names::block(old), []);
    in_block(change, &old.path())
}

fn block_changes(old: &CapabilityConfig, new: &CapabilityConfig) -> Vec<Change> {
    let (old_path, new_path) = (old.path(), new.path());
    let mut changes = Vec::new();
    if old_path != new_path {
        let summary = Phrase::new("the block moved, ").replaced(&old_path, &new_path);
        let change = Change::new(ChangeKind::BlockPath, summary);
        changes.push(in_block(
            change.replaced(&old_path, &new_path).silent(),
            &new_path,
        ));
    }
    let (before, after) = (old.endpoint(), new.endpoint());
    let names = [old, new].map(|block| names::block_endpoint(block).into_iter().collect());
    let endpoints = endpoints(&new.config, before.as_slice(), after.as_slice(), names);
    changes.extend(endpoints.map(|change| in_block(change, &new_path)));
    changes.extend(field::all(&new_path, &old.config, &new.config));
    changes
}

fn in_block(mut change: Change, path: &str) -> Change {
    change.block = Some(path.to_owned());
    change
}
