//! Holding back: an integration whose new manifest has errors keeps its pinned manifest, so that the
//! others can be updated.

use std::collections::{BTreeMap, BTreeSet};

use generator::{Analysis, Diagnostic, HeldBack, JsonPath, Pin, Source, snapshot};

use time::{Duration, OffsetDateTime};

use super::Input;
use crate::error::Error;
use crate::render;
use crate::ui;

/// The number of weeks after which a held-back integration becomes an error.
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

/// Analyzes an update, and replaces each manifest that has errors by its pinned one, until no errors
/// are left. The input's pin lists what was held back.
///
/// # Errors
/// Returns [`Error::BadInput`] if an error isn't about an integration, if an integration still has
/// errors with its pinned manifest, or if all manifests would be held back. The problems are printed to
/// stderr.
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
        let refused = keys_to_hold_back(&errors, &analysis, pinned);
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
    let read_errors = input
        .read_errors
        .iter()
        .flat_map(|problem| &problem.integrations);
    let sources = input.sources.iter().map(|source| &source.key);
    sources.chain(read_errors).cloned().collect()
}

/// The integrations to hold back. If two integrations collide, only those whose facts changed.
fn keys_to_hold_back(
    errors: &[&Diagnostic],
    analysis: &Analysis,
    pinned: &Pinned,
) -> BTreeSet<String> {
    let unchanged: BTreeSet<&str> = analysis
        .analyzed
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

/// Restores the pinned manifest, or removes the manifest if there is no pinned one.
fn restore(input: &mut Input, key: &str, pinned: &Pinned) {
    input.sources.retain(|source| source.key != key);
    input
        .read_errors
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

/// Returns a warning for each held-back integration, or an error after [`WEEKS`].
pub(crate) fn held_back_diagnostics(pin: &Pin) -> Vec<Diagnostic> {
    let earliest = day(WEEKS);
    let problem = |entry: &HeldBack| {
        let (code, path) = ("held-back", JsonPath::root().key("heldBack"));
        let help = "change manifests/overrides.toml, extend the generator, or report it upstream; \
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

/// The day this number of weeks ago in UTC, as `YYYY-MM-DD`.
fn day(weeks_ago: i64) -> String {
    let date = OffsetDateTime::now_utc().date();
    date.saturating_sub(Duration::weeks(weeks_ago)).to_string()
}
