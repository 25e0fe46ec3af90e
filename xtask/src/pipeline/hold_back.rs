//! Holding back: an integration that can't be taken keeps its pinned manifest, so that it doesn't
//! keep the others from their update.

use std::collections::{BTreeMap, BTreeSet};

use generator::{Analysis, Diagnostic, HeldBack, JsonPath, Pin, Source, snapshot};

use time::{Duration, OffsetDateTime};

use super::Input;
use crate::error::Error;
use crate::render;
use crate::ui;

/// How long an integration may be held back before the checks fail.
const WEEKS: i64 = 6;

/// The snapshot before an update.
#[derive(Debug, Default)]
pub(crate) struct Pinned {
    sources: BTreeMap<String, Source>,
    held_back: Vec<HeldBack>,
}

impl From<&Input> for Pinned {
    fn from(snapshot: &Input) -> Self {
        let sources = snapshot.sources.iter();
        Self {
            sources: sources
                .map(|source| (source.key.clone(), source.clone()))
                .collect(),
            held_back: snapshot
                .pin
                .as_ref()
                .map_or_else(Vec::new, |pin| pin.held_back.clone()),
        }
    }
}

/// Analyses an update, and replaces each manifest that can't be taken by its pinned one, until
/// nothing is wrong. The input's pin lists what was held back.
///
/// # Errors
/// Returns [`Error::BadInput`] if a problem is about no integration, stays when the pinned manifest
/// is back, or if every manifest would be held back. The problems go to stderr.
pub(crate) fn hold_back(
    mut input: Input,
    pinned: &Pinned,
    analyze: impl Fn(&Input) -> Result<Analysis, Error>,
) -> Result<(Input, Analysis), Error> {
    let upstream: BTreeSet<String> = keys(&input);
    let mut reasons: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let analysis = loop {
        let analysis = analyze(&input)?;
        let errors: Vec<&Diagnostic> = errors(&analysis).collect();
        if errors.is_empty() {
            break analysis;
        }
        let refused = refused(&errors, &analysis, pinned);
        let is_new = |key: &String| !reasons.contains_key(key);
        let all_refused = upstream
            .iter()
            .all(|key| refused.contains(key) || reasons.contains_key(key));
        let problems = render::diagnostics(errors.iter().copied(), &input.sources);
        ui::eprint(problems);
        if all_refused || !refused.iter().any(is_new) {
            return Err(Error::BadInput(errors.len()));
        }
        for key in refused.into_iter().filter(is_new).collect::<Vec<_>>() {
            let about = errors
                .iter()
                .filter(|error| error.integrations.contains(&key));
            let reason = about.map(ToString::to_string).collect();
            restore(&mut input, &key, pinned);
            reasons.insert(key, reason);
        }
    };
    record(&mut input, reasons, pinned);
    Ok((input, analysis))
}

fn errors(analysis: &Analysis) -> impl Iterator<Item = &Diagnostic> {
    analysis
        .diagnostics
        .iter()
        .filter(|problem| problem.is_error())
}

fn keys(input: &Input) -> BTreeSet<String> {
    let unreadable = input
        .unreadable
        .iter()
        .flat_map(|problem| &problem.integrations);
    let sources = input.sources.iter().map(|source| &source.key);
    sources.chain(unreadable).cloned().collect()
}

/// The integrations that the errors are about. Of two that collide, those whose facts changed.
fn refused(errors: &[&Diagnostic], analysis: &Analysis, pinned: &Pinned) -> BTreeSet<String> {
    let unchanged: BTreeSet<&str> = analysis
        .entries
        .iter()
        .filter(|entry| {
            let before = pinned.sources.get(&entry.integration.key);
            let now = snapshot::to_json(&entry.manifest);
            before.is_some_and(|before| before.bytes == now.as_bytes())
        })
        .map(|entry| entry.integration.key.as_str())
        .collect();
    let about = errors.iter().flat_map(|error| &error.integrations);
    about
        .filter(|key| !unchanged.contains(key.as_str()))
        .cloned()
        .collect()
}

/// Back to the pinned manifest, or to none if there never was one.
fn restore(input: &mut Input, key: &str, pinned: &Pinned) {
    input.sources.retain(|source| source.key != key);
    input
        .unreadable
        .retain(|problem| problem.integrations.iter().all(|about| about != key));
    input.sources.extend(pinned.sources.get(key).cloned());
}

fn record(input: &mut Input, reasons: BTreeMap<String, Vec<String>>, pinned: &Pinned) {
    let Some(pin) = &mut input.pin else { return };
    let entries = reasons.into_iter().map(|(key, reason)| {
        let before = pinned.held_back.iter().find(|entry| entry.key == key);
        HeldBack {
            since: before.map_or_else(|| day(0), |entry| entry.since.clone()),
            revision: pin.revision.clone(),
            reason,
            key,
        }
    });
    pin.held_back = entries.collect();
}

/// A warning for each integration that a pin holds back, and an error if it has been for too long.
pub(crate) fn problems_of_held_back(pin: &Pin) -> Vec<Diagnostic> {
    let earliest = day(WEEKS);
    let problem = |entry: &HeldBack| {
        let (code, path) = ("held-back", JsonPath::root().key("heldBack"));
        let help = "settle it in manifests/overrides.toml, teach the generator, or tell upstream; \
                    then run `cargo xtask regen --update --hold-back`";
        let problem = if entry.since < earliest {
            let message = format!(
                "{} has been held back for more than {WEEKS} weeks, since {}",
                entry.key, entry.since
            );
            Diagnostic::error(code, path, message)
        } else {
            let message = format!("{} has been held back since {}", entry.key, entry.since);
            Diagnostic::warning(code, path, message)
        };
        problem
            .origin(&format!("manifests/{}", snapshot::PIN_FILE))
            .integrations([entry.key.as_str()])
            .found(entry.reason.join("; "))
            .help(help)
    };
    pin.held_back.iter().map(problem).collect()
}

/// The day in UTC so many weeks ago, as `YYYY-MM-DD`.
fn day(weeks_ago: i64) -> String {
    let date = OffsetDateTime::now_utc().date();
    date.saturating_sub(Duration::weeks(weeks_ago)).to_string()
}
