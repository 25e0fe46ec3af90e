//! What differs about the fields of a struct, and about their listed values.

use super::pair::{Pair, pair, reordered};
use super::{Change, Kind, Phrase, Weight};
use crate::model::{Default, Enum, Field, Presence, Struct, Variant};

/// What differs about the fields of the struct that a block gives.
pub(super) fn all(block: &str, old: &Struct, new: &Struct) -> Vec<Change> {
    let pairs = pair(&old.fields, &new.fields, |field| &field.ident);
    let mut changes = Vec::new();
    if reordered(&pairs) {
        let summary = Phrase::new("the form shows the fields in another order");
        changes.push(Change::new(Weight::Patch, Kind::FieldOrder, summary));
    }
    for pair in &pairs {
        let (key, of_field) = match pair {
            Pair::Added(field) => (&field.key, vec![added(&new.name, field)]),
            Pair::Removed(field) => (&field.key, vec![removed(field)]),
            Pair::Kept(old, field, _) => (&field.key, between(&new.name, old, field)),
        };
        changes.extend(of_field.into_iter().map(|change| Change {
            field: Some(key.clone()),
            ..change
        }));
    }
    for change in &mut changes {
        change.block = Some(block.to_owned());
    }
    changes
}

/// `api_key: SecretString`
fn declaration(field: &Field) -> String {
    format!("{}: {}", field.ident, field.rust_type())
}

fn added(of: &str, field: &Field) -> Change {
    let (weight, summary) = match field.presence {
        Presence::Required => (
            Weight::Breaking,
            Phrase::new("new required field ")
                .code(declaration(field))
                .words(": programs that build ")
                .code(of)
                .words(" don't compile until they set it"),
        ),
        Presence::Optional => (
            Weight::Minor,
            Phrase::new("new optional field ").code(declaration(field)),
        ),
        Presence::Prefilled => (
            Weight::Minor,
            Phrase::new("new field ")
                .code(declaration(field))
                .words(", sent as ")
                .code(default(field))
                .words(" until set"),
        ),
    };
    let change = Change::new(weight, Kind::FieldAdded, summary);
    match field.presence {
        Presence::Prefilled => change.unseen(),
        Presence::Required | Presence::Optional => change,
    }
}

fn removed(field: &Field) -> Change {
    let summary = Phrase::new("field ")
        .code(declaration(field))
        .words(" is gone: programs that name it don't compile");
    Change::new(Weight::Breaking, Kind::FieldRemoved, summary)
}

fn between(of: &str, old: &Field, new: &Field) -> Vec<Change> {
    let mut changes = Vec::new();
    if old.key != new.key {
        let summary = Phrase::new("wire key ")
            .moved(&old.key, &new.key)
            .words(" under the same Rust name: programs send another key");
        let change = Change::new(Weight::Patch, Kind::FieldKey, summary);
        changes.push(change.moved(&old.key, &new.key).unseen());
    }
    changes.extend(types(old, new));
    if old.presence != new.presence {
        changes.push(presence(of, old, new));
    } else {
        changes.extend(default_changed(old, new));
    }
    if old.label != new.label {
        let summary = Phrase::new("label ").moved(&old.label, &new.label);
        let change = Change::new(Weight::Patch, Kind::Label, summary);
        changes.push(change.moved(&old.label, &new.label));
    }
    if old.hidden != new.hidden {
        let summary = if new.hidden {
            "hidden in the form now"
        } else {
            "no longer hidden in the form"
        };
        changes.push(Change::new(
            Weight::Patch,
            Kind::Hidden,
            Phrase::new(summary),
        ));
    }
    if let (Some(before), Some(after)) = (old.enumeration(), new.enumeration()) {
        changes.extend(values(before, after));
    }
    changes
}

/// Differences that may lie in the type of a value, which makes them breaking.
fn types(old: &Field, new: &Field) -> Vec<Change> {
    let (before, after) = (old.value_type.name(), new.value_type.name());
    let same = before == after;
    let weight = if same {
        Weight::Patch
    } else {
        Weight::Breaking
    };
    let effect = |phrase: Phrase| {
        if same {
            phrase
        } else {
            phrase.words(", in Rust ").moved(&before, &after)
        }
    };
    let mut changes = Vec::new();
    let (old_kind, new_kind) = (old.kind.as_str(), new.kind.as_str());
    if old_kind != new_kind {
        let summary = effect(Phrase::new("type ").moved(old_kind, new_kind));
        changes.push(Change::new(weight, Kind::Type, summary).moved(old_kind, new_kind));
    }
    if old.secret != new.secret {
        let words = if new.secret {
            "secret now"
        } else {
            "no longer secret"
        };
        changes.push(Change::new(
            weight,
            Kind::Secret,
            effect(Phrase::new(words)),
        ));
    }
    if !same && changes.is_empty() {
        let words = if new.enumeration().is_some() {
            "has a list of values now"
        } else {
            "has no list of values any more"
        };
        changes.push(Change::new(
            weight,
            Kind::Listing,
            effect(Phrase::new(words)),
        ));
    }
    changes
}

/// Breaking in all directions: an optional field has another type than others, and each required one
/// gives the builder's type a parameter.
fn presence(of: &str, old: &Field, new: &Field) -> Change {
    let moved = Phrase::new("").moved(need(old), need(new));
    let effect = match (old.presence, new.presence) {
        (_, Presence::Required) => moved
            .words(": programs that build ")
            .code(of)
            .words(" without it don't compile"),
        (Presence::Optional, _) | (_, Presence::Optional) => moved
            .words(", in Rust ")
            .moved(old.rust_type(), new.rust_type()),
        _ => moved.words(": the builder's type has a parameter less"),
    };
    Change::new(Weight::Breaking, Kind::Presence, effect).moved(need(old), need(new))
}

fn need(field: &Field) -> String {
    match field.presence {
        Presence::Required => "required".to_owned(),
        Presence::Optional => "optional".to_owned(),
        Presence::Prefilled => format!("sent as {} until set", default(field)),
    }
}

/// The constant comes and goes with the default.
fn default_changed(old: &Field, new: &Field) -> Option<Change> {
    let (weight, summary) = match (&old.default, &new.default) {
        (None, Some(_)) => (Weight::Minor, Phrase::new("default ").code(default(new))),
        (Some(_), None) => (
            Weight::Breaking,
            Phrase::new("default ")
                .code(default(old))
                .words(" is gone, and its constant with it"),
        ),
        (Some(before), Some(after)) if before != after => {
            let who = match new.presence {
                Presence::Prefilled => ": programs that don't set it send another value",
                _ => ": leaving it out means another value",
            };
            let summary = Phrase::new("default ").moved(default(old), default(new));
            (Weight::Patch, summary.words(who))
        }
        _ => return None,
    };
    let mut change = Change::new(weight, Kind::Default, summary);
    change.old = old.default.as_ref().map(|_| default(old));
    change.new = new.default.as_ref().map(|_| default(new));
    change.unseen = old.default.is_some() && new.default.is_some();
    Some(change)
}

/// The default as the manifest writes it.
fn default(field: &Field) -> String {
    match &field.default {
        None => "nothing".to_owned(),
        Some(Default::Text(text)) => format!("{text:?}"),
        Some(Default::Boolean(value)) => value.to_string(),
        Some(Default::List(values)) => format!("{values:?}"),
    }
}

/// Differences of the listed values. The enum is non-exhaustive, so a new one breaks nobody.
fn values(old: &Enum, new: &Enum) -> Vec<Change> {
    let pairs = pair(&old.variants, &new.variants, |variant| &variant.ident);
    let mut changes = Vec::new();
    if reordered(&pairs) {
        let summary = Phrase::new("the values of ")
            .code(&new.name)
            .words(" stand, and sort, in another order");
        changes.push(Change::new(Weight::Patch, Kind::ValueOrder, summary));
    }
    let path = |variant: &Variant| format!("{}::{}", new.name, variant.ident);
    for pair in &pairs {
        match pair {
            Pair::Added(variant) => {
                let summary = Phrase::new("new value ")
                    .code(&variant.value)
                    .words(", ")
                    .code(path(variant));
                let mut change = Change::new(Weight::Minor, Kind::ValueAdded, summary);
                change.new = Some(variant.value.clone());
                changes.push(change);
            }
            Pair::Removed(variant) => {
                let summary = Phrase::new("value ")
                    .code(&variant.value)
                    .words(" is gone: programs that name ")
                    .code(path(variant))
                    .words(" don't compile");
                let mut change = Change::new(Weight::Breaking, Kind::ValueRemoved, summary);
                change.old = Some(variant.value.clone());
                changes.push(change);
            }
            Pair::Kept(before, variant, _) => {
                changes.extend(value(&path(variant), before, variant));
            }
        }
    }
    changes
}

fn value(path: &str, old: &Variant, new: &Variant) -> Vec<Change> {
    let mut changes = Vec::new();
    if old.value != new.value {
        let summary = Phrase::new("value ")
            .moved(&old.value, &new.value)
            .words(": programs with ")
            .code(path)
            .words(" send another text");
        let change = Change::new(Weight::Patch, Kind::ValueText, summary);
        changes.push(change.moved(&old.value, &new.value).unseen());
    }
    let (before, after) = (label(old), label(new));
    if old.label != new.label {
        let summary = Phrase::new("label of ")
            .code(path)
            .words(" ")
            .moved(before, after);
        let change = Change::new(Weight::Patch, Kind::ValueLabel, summary);
        changes.push(change.moved(before, after));
    }
    changes
}

fn label(variant: &Variant) -> &str {
    variant.label.as_deref().unwrap_or(&variant.value)
}
