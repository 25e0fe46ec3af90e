//! What a walk through a history found: a line for each commit, and a summary.

use std::fmt::Write as _;

use generator::{bounded, diff::Diff, diff::Impact};
use serde::Serialize;

use crate::error::counted;
use crate::ui::style::{BOLD_RED, GREEN, styled};

/// What a walk found.
#[derive(Debug, Serialize)]
pub(crate) struct Walk {
    /// All commits, those that touched no manifest too.
    pub(crate) commits: usize,
    /// Manifests with contents of their own.
    pub(crate) manifests_read: usize,
    /// How long it took, without the fetch.
    pub(crate) milliseconds: u128,
    /// The commits that touched a manifest, each after its parents.
    pub(crate) steps: Vec<Step>,
}

/// A commit that touched a manifest.
#[derive(Debug, Serialize)]
pub(crate) struct Step {
    pub(crate) revision: String,
    pub(crate) committed: String,
    pub(crate) subject: String,
    #[serde(flatten)]
    pub(crate) outcome: Outcome,
}

/// What became of it.
#[derive(Debug, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub(crate) enum Outcome {
    /// Nothing can be generated from it.
    Fails {
        /// How many errors there are.
        errors: usize,
        /// Those that its parent didn't have.
        new: Vec<String>,
    },
    /// It has no parent.
    First { integrations: usize },
    /// Its parent fails, so there is nothing to compare with.
    Mended,
    /// Against its first parent.
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
            Self::Mended => ("mended", "its parent fails".to_owned()),
            Self::Changed { impact: None, .. } => ("none", "nothing that users see".to_owned()),
            Self::Changed {
                impact: Some(impact),
                integrations,
            } => (impact.as_str(), keys(integrations)),
        }
    }
}

/// The first few of the integrations, and how many there are besides.
fn keys(diff: &Diff) -> String {
    const MOST: usize = 4;
    let keys = diff.integrations.iter().map(|changes| changes.key.as_str());
    let mut text = keys.take(MOST).collect::<Vec<_>>().join(", ");
    let rest = diff.integrations.len().saturating_sub(MOST);
    if rest > 0 {
        // Writing to a `String` doesn't fail.
        let _ = write!(text, " and {rest} more");
    }
    let _ = write!(text, ": {}", counted(diff.changes().count(), "change"));
    text
}

impl Walk {
    /// How many commits nothing can be generated from.
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
            "{}, {} touched a manifest: {}; {} read, {} ms",
            counted(self.commits, "commit"),
            self.steps.len(),
            words.join(", "),
            counted(self.manifests_read, "manifest"),
            self.milliseconds
        )
    }
}

impl Step {
    fn id_and_day(&self) -> (&str, &str) {
        let id = self.revision.get(..10).unwrap_or(&self.revision);
        (id, self.committed.get(..10).unwrap_or(&self.committed))
    }
}

/// A line for each commit, the errors that it brought, and the summary.
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

/// A table of the commits.
pub(crate) fn history_markdown(walk: &Walk) -> String {
    let mut text = format!("# History\n\n{}\n\n", walk.summary());
    text.push_str("| commit | day | outcome | |\n| --- | --- | --- | --- |\n");
    for step in &walk.steps {
        let (id, day) = step.id_and_day();
        let (word, mut details) = step.outcome.word_and_details();
        if let Outcome::Fails { new, .. } = &step.outcome {
            for error in new {
                let _ = write!(details, "<br>{}", generator::diff::quoted(&bounded(error)));
            }
        }
        let _ = writeln!(text, "| {id} | {day} | {word} | {details} |");
    }
    text
}

/// All of it.
pub(crate) fn history_json(walk: &Walk) -> String {
    generator::snapshot::canonical(walk)
}
