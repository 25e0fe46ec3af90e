//! What differs about the fields of a struct, and about their listed values.

use std::{iter, mem};

use super::pair::{Pair, pair, reordered};
use super::{Change, Kind, Phrase};
use crate::model::{Default, Enum, Field, Presence, Struct, Variant};
use crate::names;

/// What differs about the fields of the struct of a block.
pub(super) fn all(block: &str, old: &Struct, new: &Struct) -> Vec<Change> {
    let pairs = pair(&old.fields, &new.fields, |field| &field.ident);
    let mut changes = Vec::new();
    if reordered(&pairs) {
        let summary = Phrase::new("the form shows the fields in another order");
        changes.push(Change::new(Kind::FieldOrder, summary));
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
    /// How the struct is built, as far as the field is concerned.
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
    let change = Change::new(Kind::FieldAdded, summary).names(
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
        .words(" is gone: programs that name it don't compile");
    Change::new(Kind::FieldRemoved, summary).names(
        Member(old, field).names(),
        [names::build(new, iter::empty())],
    )
}

fn between(before: Member<'_>, after: Member<'_>) -> Vec<Change> {
    let (Member(_, old), Member(_, new)) = (before, after);
    let mut changes = Vec::new();
    if old.key != new.key {
        let summary = Phrase::new("wire key ")
            .moved(&old.key, &new.key)
            .words(" under the same Rust name: programs send another key");
        let change = Change::new(Kind::FieldKey, summary);
        changes.push(change.moved(&old.key, &new.key).silent());
    }
    changes.extend(types(before, after));
    if mem::discriminant(&old.presence) == mem::discriminant(&new.presence) {
        changes.extend(default_changed(before, after));
    } else {
        changes.push(presence(before, after));
    }
    if old.label != new.label {
        let summary = Phrase::new("label ").moved(&old.label, &new.label);
        changes.push(Change::new(Kind::Label, summary).moved(&old.label, &new.label));
    }
    if old.hidden != new.hidden {
        let summary = if new.hidden {
            "hidden in the form now"
        } else {
            "no longer hidden in the form"
        };
        changes.push(Change::new(Kind::Hidden, Phrase::new(summary)));
    }
    if let (Some(before), Some(after)) = (old.enumeration(), new.enumeration()) {
        changes.extend(values(before, after));
    }
    changes
}

/// Differences that may lie in the Rust type of a value.
fn types(before: Member<'_>, after: Member<'_>) -> Vec<Change> {
    let (Member(old_values, old), Member(new_values, new)) = (before, after);
    let (old_type, new_type) = (old.value_type.name(), new.value_type.name());
    let change = |kind, summary: Phrase| {
        let summary = if old_type == new_type {
            summary
        } else {
            summary.words(", in Rust ").moved(&old_type, &new_type)
        };
        Change::new(kind, summary).names(
            [names::field_of(old_values, old, &old_type)],
            [names::field_of(new_values, new, &new_type)],
        )
    };
    let mut changes = Vec::new();
    let (old_kind, new_kind) = (old.kind.as_str(), new.kind.as_str());
    if old_kind != new_kind {
        let summary = Phrase::new("type ").moved(old_kind, new_kind);
        changes.push(change(Kind::Type, summary).moved(old_kind, new_kind));
    }
    if old.secret != new.secret {
        let words = if new.secret {
            "secret now"
        } else {
            "no longer secret"
        };
        changes.push(change(Kind::Secret, Phrase::new(words)));
    }
    if old_type != new_type && changes.is_empty() {
        let words = if new.enumeration().is_some() {
            "has a list of values now"
        } else {
            "has no list of values any more"
        };
        changes.push(change(Kind::Listing, Phrase::new(words)));
    }
    changes
}

fn presence(before: Member<'_>, after: Member<'_>) -> Change {
    let (Member(old_values, old), Member(new_values, new)) = (before, after);
    let moved = Phrase::new("").moved(need(old), need(new));
    let summary = match (&old.presence, &new.presence) {
        (_, Presence::Required(_)) => moved
            .words(": programs that build ")
            .code(&new_values.name)
            .words(" without it don't compile"),
        (Presence::Optional(_), _) | (_, Presence::Optional(_)) => moved
            .words(", in Rust ")
            .moved(old.rust_type(), new.rust_type()),
        _ => moved.words(": the builder's type has a parameter less"),
    };
    Change::new(Kind::Presence, summary)
        .names(
            [before.build(), names::field(old_values, old)],
            [after.build(), names::field(new_values, new)],
        )
        .moved(need(old), need(new))
}

fn need(field: &Field) -> String {
    field
        .presence
        .shown(|default| default.to_json().to_string())
}

/// The constant comes and goes with the default.
fn default_changed(before: Member<'_>, after: Member<'_>) -> Option<Change> {
    let (Member(old_values, old), Member(new_values, new)) = (before, after);
    let summary = match (old.default(), new.default()) {
        (None, Some(_)) => Phrase::new("default ").code(default(new)),
        (Some(_), None) => Phrase::new("default ")
            .code(default(old))
            .words(" is gone, and its constant with it"),
        (Some(before), Some(after)) if before.to_json() != after.to_json() => {
            let effect = match new.presence {
                Presence::Defaulted(_) => ": programs that don't set it send another value",
                _ => ": leaving it out means another value",
            };
            let summary = Phrase::new("default ").moved(default(old), default(new));
            summary.words(effect)
        }
        _ => return None,
    };
    let mut change = Change::new(Kind::Default, summary).names(
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
    let default = field.default().map(Default::to_json);
    default.map_or_else(|| "nothing".to_owned(), |default| default.to_string())
}

/// Differences of the listed values. The enum is non-exhaustive, so a new one breaks nobody.
fn values(old: &Enum, new: &Enum) -> Vec<Change> {
    let pairs = pair(&old.variants, &new.variants, |variant| &variant.ident);
    let mut changes = Vec::new();
    if reordered(&pairs) {
        let summary = Phrase::new("the values of ")
            .code(&new.name)
            .words(" stand, and sort, in another order");
        changes.push(Change::new(Kind::ValueOrder, summary));
    }
    let path = |variant: &Variant| format!("{}::{}", new.name, variant.ident);
    for pair in &pairs {
        match pair {
            Pair::Added(variant) => {
                let summary = Phrase::new("new value ")
                    .code(&variant.value)
                    .words(", ")
                    .code(path(variant));
                let mut change = Change::new(Kind::ValueAdded, summary)
                    .names([], [names::variant(new, variant)]);
                change.new = Some(variant.value.clone());
                changes.push(change);
            }
            Pair::Removed(variant) => {
                let summary = Phrase::new("value ")
                    .code(&variant.value)
                    .words(" is gone: programs that name ")
                    .code(path(variant))
                    .words(" don't compile");
                let mut change = Change::new(Kind::ValueRemoved, summary)
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
            .moved(&old.value, &new.value)
            .words(": programs with ")
            .code(path)
            .words(" send another text");
        let change = Change::new(Kind::ValueText, summary);
        changes.push(change.moved(&old.value, &new.value).silent());
    }
    let (before, after) = (label(old), label(new));
    if old.label != new.label {
        let summary = Phrase::new("label of ")
            .code(path)
            .words(" ")
            .moved(before, after);
        let change = Change::new(Kind::ValueLabel, summary);
        changes.push(change.moved(before, after));
    }
    changes
}

fn label(variant: &Variant) -> &str {
    variant.label.as_deref().unwrap_or(&variant.value)
}
