//! Formats the walk through a history: one line per commit, and a summary.

use std::fmt::Write as _;

use generator::{diff::Diff, diff::Impact, escape_and_truncate};
use serde::Serialize;

use crate::error::counted;
use crate::ui::style::{BOLD_RED, GREEN, styled};

/// The result of a walk through a history.
#[derive(Debug, Serialize)]
pub(crate) struct Walk {
    /// The number of all commits.
    pub(crate) commits: usize,
    /// The number of different versions of manifests.
    pub(crate) manifests_read: usize,
    /// The duration in milliseconds, without the fetch.
    pub(crate) milliseconds: u128,
    /// The commits that changed a manifest, each after its parents.
    pub(crate) steps: Vec<WalkStep>,
}

/// A commit that changed a manifest.
#[derive(Debug, Serialize)]
pub(crate) struct WalkStep {
    pub(crate) revision: String,
    pub(crate) committed: String,
    pub(crate) subject: String,
    #[serde(flatten)]
    pub(crate) outcome: Outcome,
}

/// The result for this commit.
#[derive(Debug, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub(crate) enum Outcome {
    /// The manifests have errors.
    Fails {
        /// The number of errors.
        errors: usize,
        /// The errors that its parent doesn't have.
        new: Vec<String>,
    },
    /// The commit has no parent.
    First { integrations: usize },
    /// The parent has errors, so there is nothing to compare with.
    Fixed,
    /// The changes since the first parent.
    Changed {
        impact: Option<Impact>,
        integrations: Diff,
    },
}

impl Outcome {
    pub(crate) fn changed(diff: Diff) -> Self {
        Self::Changed {
            impact: diff.impact(),
            integrations: diff,
        }
    }

    fn fails(&self) -> bool {
        matches!(self, Self::Fails { .. })
    }

    /// The outcome in one word, and its details.
    fn word_and_details(&self) -> (&'static str, String) {
        match self {
            Self::Fails { errors, .. } => ("fails", counted(*errors, "error")),
            Self::First { integrations } => ("first", counted(*integrations, "integration")),
            Self::Fixed => ("fixed", "its parent has errors".to_owned()),
            Self::Changed { impact: None, .. } => ("none", "no changes for users".to_owned()),
            Self::Changed {
                impact: Some(impact),
                integrations,
            } => (impact.as_str(), keys(integrations)),
        }
    }
}

/// The first keys of the changed integrations, and the number of the others.
fn keys(diff: &Diff) -> String {
    const MAX_KEYS: usize = 4;
    let keys = diff.integrations.iter().map(|changes| changes.key.as_str());
    let mut text = keys.take(MAX_KEYS).collect::<Vec<_>>().join(", ");
    let rest = diff.integrations.len().saturating_sub(MAX_KEYS);
    if rest > 0 {
        // Writing to a `String` doesn't fail.
        let _ = write!(text, " and {rest} more");
    }
    let _ = write!(text, ": {}", counted(diff.changes().count(), "change"));
    text
}

impl Walk {
    /// The number of commits with errors.
    pub(crate) fn failing(&self) -> usize {
        self.steps
            .iter()
            .filter(|step| step.outcome.fails())
            .count()
    }

    fn summary(&self) -> String {
        let words = ["fails", "breaking", "minor", "patch", "none"].map(|word| {
            let steps = self.steps.iter();
            let count = steps
                .filter(|step| step.outcome.word_and_details().0 == word)
                .count();
            format!("{count} {word}")
        });
        format!(
            "{}, {} changed a manifest: {}; {} read, {} ms",
            counted(self.commits, "commit"),
            self.steps.len(),
            words.join(", "),
            counted(self.manifests_read, "manifest"),
            self.milliseconds
        )
    }
}

impl WalkStep {
    fn id_and_day(&self) -> (&str, &str) {
        let id = self.revision.get(..10).unwrap_or(&self.revision);
        (id, self.committed.get(..10).unwrap_or(&self.committed))
    }
}

/// Formats one line per commit with its new errors, and the summary.
pub(crate) fn history_text(walk: &Walk) -> String {
    let mut text = String::new();
    for step in &walk.steps {
        let (id, day) = step.id_and_day();
        let (word, details) = step.outcome.word_and_details();
        let style = match &step.outcome {
            Outcome::Fails { .. } => BOLD_RED,
            Outcome::Changed {
                impact: Some(impact),
                ..
            } => super::update::style(*impact),
            _ => GREEN,
        };
        let word = styled(format_args!("{word:8}"), style);
        let _ = writeln!(text, "{id} {day} {word} {details}");
        if let Outcome::Fails { new, .. } = &step.outcome {
            for error in new {
                let _ = writeln!(text, "    {error}");
            }
        }
    }
    let _ = writeln!(text, "{}", walk.summary());
    text
}

/// Formats the commits as a Markdown table.
pub(crate) fn history_markdown(walk: &Walk) -> String {
    let mut text = format!("# History\n\n{}\n\n", walk.summary());
    text.push_str("| commit | day | outcome | |\n| --- | --- | --- | --- |\n");
    for step in &walk.steps {
        let (id, day) = step.id_and_day();
        let (word, mut details) = step.outcome.word_and_details();
        if let Outcome::Fails { new, .. } = &step.outcome {
            for error in new {
                let _ = write!(
                    details,
                    "<br>{}",
                    generator::diff::quoted(&escape_and_truncate(error))
                );
            }
        }
        let _ = writeln!(text, "| {id} | {day} | {word} | {details} |");
    }
    text
}

/// Formats the walk as JSON.
pub(crate) fn history_json(walk: &Walk) -> String {
    generator::snapshot::canonical(walk)
}
