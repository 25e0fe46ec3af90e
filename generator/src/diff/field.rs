//! Compares the fields of two structs, and the listed values of each field.

use std::{iter, mem};

use super::pair::{Pair, pair, reordered};
use super::{Change, ChangeKind, Phrase};
use crate::model::{Enum, Field, FieldDefault, Presence, Struct, Variant};
use crate::names;

/// Returns the changes in the fields of a block's struct.
pub(super) fn all(block: &str, old: &Struct, new: &Struct) -> Vec<Change> {
    let pairs = pair(&old.fields, &new.fields, |field| &field.ident);
    let mut changes = Vec::new();
    if reordered(&pairs) {
        let summary = Phrase::new("the order of the fields changed");
        changes.push(Change::new(ChangeKind::FieldOrder, summary));
    }
    for pair in &pairs {
        let (key, of_field) = match pair {
            Pair::Added(field) => (&field.key, vec![added((old, new), field)]),
            Pair::Removed(field) => (&field.key, vec![removed((old, new), field)]),
            Pair::Kept(before, after, _) => {
                (&after.key, between(Member(old, before), Member(new, after)))
            }
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

/// A field and its struct.
#[derive(Clone, Copy)]
struct Member<'a>(&'a Struct, &'a Field);

impl Member<'_> {
    /// The `build` function as if this were the only field.
    fn build(self) -> String {
        let Self(values, field) = self;
        names::build(values, field.typestate().map(|_| field).into_iter())
    }

    fn names(self) -> Vec<String> {
        let Self(values, field) = self;
        let mut names = names::setter(values, field);
        names.push(names::field(values, field));
        names.push(self.build());
        names.extend(names::default(values, field));
        names
    }
}

/// `api_key: SecretString`
fn declaration(field: &Field) -> String {
    format!("{}: {}", field.ident, field.rust_type())
}

fn added((old, new): (&Struct, &Struct), field: &Field) -> Change {
    let summary = match &field.presence {
        Presence::Required(_) => Phrase::new("new required field ")
            .code(declaration(field))
            .words(": programs that build ")
            .code(&new.name)
            .words(" don't compile until they set it"),
        Presence::Optional(_) => Phrase::new("new optional field ").code(declaration(field)),
        Presence::Defaulted(_) => Phrase::new("new field ")
            .code(declaration(field))
            .words(", which defaults to ")
            .code(default(field))
            .words(" and is sent"),
    };
    let change = Change::new(ChangeKind::FieldAdded, summary).names(
        [names::build(old, iter::empty())],
        Member(new, field).names(),
    );
    match field.presence {
        Presence::Defaulted(_) => change.silent(),
        Presence::Required(_) | Presence::Optional(_) => change,
    }
}

fn removed((old, new): (&Struct, &Struct), field: &Field) -> Change {
    let summary = Phrase::new("field ")
        .code(declaration(field))
        .words(" removed: programs that use it don't compile");
    Change::new(ChangeKind::FieldRemoved, summary).names(
        Member(old, field).names(),
        [names::build(new, iter::empty())],
    )
}

fn between(before: Member<'_>, after: Member<'_>) -> Vec<Change> {
    let (Member(_, old), Member(_, new)) = (before, after);
    let mut changes = Vec::new();
    if old.key != new.key {
        let summary = Phrase::new("wire key ")
            .replaced(&old.key, &new.key)
            .words(" with the same Rust name: programs now send the new key");
        let change = Change::new(ChangeKind::FieldKey, summary);
        changes.push(change.replaced(&old.key, &new.key).silent());
    }
    changes.extend(types(before, after));
    if mem::discriminant(&old.presence) == mem::discriminant(&new.presence) {
        changes.extend(default_changed(before, after));
    } else {
        changes.push(presence(before, after));
    }
    if old.label != new.label {
        let summary = Phrase::new("label ").replaced(&old.label, &new.label);
        changes.push(Change::new(ChangeKind::Label, summary).replaced(&old.label, &new.label));
    }
    if old.hidden != new.hidden {
        let summary = if new.hidden {
            "now hidden in the form"
        } else {
            "no longer hidden in the form"
        };
        changes.push(Change::new(ChangeKind::Hidden, Phrase::new(summary)));
    }
    if let (Some(before), Some(after)) = (old.enumeration(), new.enumeration()) {
        changes.extend(values(before, after));
    }
    changes
}

/// Returns the changes that may affect the Rust type of a value.
fn types(before: Member<'_>, after: Member<'_>) -> Vec<Change> {
    let (Member(old_values, old), Member(new_values, new)) = (before, after);
    let (old_type, new_type) = (old.value_type.name(), new.value_type.name());
    let change = |kind, summary: Phrase| {
        let summary = if old_type == new_type {
            summary
        } else {
            summary.words(", in Rust ").replaced(&old_type, &new_type)
        };
        Change::new(kind, summary).names(
            [names::field_of(old_values, old, &old_type)],
            [names::field_of(new_values, new, &new_type)],
        )
    };
    let mut changes = Vec::new();
    let (old_kind, new_kind) = (old.kind.as_str(), new.kind.as_str());
    if old_kind != new_kind {
        let summary = Phrase::new("type ").replaced(old_kind, new_kind);
        changes.push(change(ChangeKind::Type, summary).replaced(old_kind, new_kind));
    }
    if old.secret != new.secret {
        let words = if new.secret {
            "now secret"
        } else {
            "no longer secret"
        };
        changes.push(change(ChangeKind::Secret, Phrase::new(words)));
    }
    if old_type != new_type && changes.is_empty() {
        let words = if new.enumeration().is_some() {
            "now has a list of values"
        } else {
            "no longer has a list of values"
        };
        changes.push(change(ChangeKind::Listing, Phrase::new(words)));
    }
    changes
}

fn presence(before: Member<'_>, after: Member<'_>) -> Change {
    let (Member(old_values, old), Member(new_values, new)) = (before, after);
    let replaced = Phrase::new("").replaced(requirement(old), requirement(new));
    let summary = match (&old.presence, &new.presence) {
        (_, Presence::Required(_)) => replaced
            .words(": programs that build ")
            .code(&new_values.name)
            .words(" without it don't compile"),
        (Presence::Optional(_), _) | (_, Presence::Optional(_)) => replaced
            .words(", in Rust ")
            .replaced(old.rust_type(), new.rust_type()),
        _ => replaced.words(": the builder's type loses a parameter"),
    };
    Change::new(ChangeKind::Presence, summary)
        .names(
            [before.build(), names::field(old_values, old)],
            [after.build(), names::field(new_values, new)],
        )
        .replaced(requirement(old), requirement(new))
}

fn requirement(field: &Field) -> String {
    field
        .presence
        .describe(|default| default.to_json().to_string())
}

/// Returns a change if the default changed. The default's constant exists only while there is a default.
fn default_changed(before: Member<'_>, after: Member<'_>) -> Option<Change> {
    let (Member(old_values, old), Member(new_values, new)) = (before, after);
    let summary = match (old.default(), new.default()) {
        (None, Some(_)) => Phrase::new("default ").code(default(new)),
        (Some(_), None) => Phrase::new("default ")
            .code(default(old))
            .words(" removed, with its constant"),
        (Some(before), Some(after)) if before.to_json() != after.to_json() => {
            let effect = match new.presence {
                Presence::Defaulted(_) => ": programs that don't set it send the new value",
                _ => ": programs that leave it out get the new value",
            };
            let summary = Phrase::new("default ").replaced(default(old), default(new));
            summary.words(effect)
        }
        _ => return None,
    };
    let mut change = Change::new(ChangeKind::Default, summary).names(
        names::default(old_values, old),
        names::default(new_values, new),
    );
    change.old = old.default().map(|_| default(old));
    change.new = new.default().map(|_| default(new));
    change.silent = old.default().is_some() && new.default().is_some();
    Some(change)
}

/// The default as the manifest writes it.
fn default(field: &Field) -> String {
    let default = field.default().map(FieldDefault::to_json);
    default.map_or_else(|| "nothing".to_owned(), |default| default.to_string())
}

/// Returns the changes in the listed values. The enum is non-exhaustive, so a new value isn't breaking.
fn values(old: &Enum, new: &Enum) -> Vec<Change> {
    let pairs = pair(&old.variants, &new.variants, |variant| &variant.ident);
    let mut changes = Vec::new();
    if reordered(&pairs) {
        let summary = Phrase::new("the order of the values of ")
            .code(&new.name)
            .words(" changed, and so does how they sort");
        changes.push(Change::new(ChangeKind::ValueOrder, summary));
    }
    let path = |variant: &Variant| format!("{}::{}", new.name, variant.ident);
    for pair in &pairs {
        match pair {
            Pair::Added(variant) => {
                let summary = Phrase::new("new value ")
                    .code(&variant.value)
                    .words(", ")
                    .code(path(variant));
                let mut change = Change::new(ChangeKind::ValueAdded, summary)
                    .names([], [names::variant(new, variant)]);
                change.new = Some(variant.value.clone());
                changes.push(change);
            }
            Pair::Removed(variant) => {
                let summary = Phrase::new("value ")
                    .code(&variant.value)
                    .words(" removed: programs that use ")
                    .code(path(variant))
                    .words(" don't compile");
                let mut change = Change::new(ChangeKind::ValueRemoved, summary)
                    .names([names::variant(old, variant)], []);
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
            .replaced(&old.value, &new.value)
            .words(": programs with ")
            .code(path)
            .words(" now send the new value");
        let change = Change::new(ChangeKind::ValueText, summary);
        changes.push(change.replaced(&old.value, &new.value).silent());
    }
    let (before, after) = (label(old), label(new));
    if old.label != new.label {
        let summary = Phrase::new("label of ")
            .code(path)
            .words(" ")
            .replaced(before, after);
        let change = Change::new(ChangeKind::ValueLabel, summary);
        changes.push(change.replaced(before, after));
    }
    changes
}

fn label(variant: &Variant) -> &str {
    variant.label.as_deref().unwrap_or(&variant.value)
}
