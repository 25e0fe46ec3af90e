//! Progress of long operations: bars on a terminal, one line otherwise.

use std::time::Duration;

use indicatif::{HumanBytes, ProgressBar, ProgressStyle};

use crate::upstream::{Progress, Transfer};

const TICK: Duration = Duration::from_millis(100);

/// Shows the progress of a fetch on stderr, if that is a terminal.
pub(crate) struct FetchProgress {
    bar: ProgressBar,
    repository: String,
}

impl FetchProgress {
    pub(crate) fn new(repository: &str) -> Self {
        let bar = ProgressBar::new_spinner();
        bar.set_message(format!("contacting {repository}"));
        bar.enable_steady_tick(TICK);
        Self {
            bar,
            repository: repository.to_owned(),
        }
    }

    pub(crate) fn show(&self, progress: Progress) {
        let total = progress.total_objects;
        if self.bar.length() != Some(total) {
            self.bar.set_length(total);
            self.bar.set_style(bar_style());
        }
        self.bar.set_position(progress.received_objects);
        let bytes = HumanBytes(progress.received_bytes);
        self.bar.set_message(format!("objects, {bytes}"));
    }

    /// Writes one line: which commit was found, and how much was received.
    pub(crate) fn finish(&self, revision: &str, transfer: Transfer) {
        self.bar.finish_and_clear();
        let repository = &self.repository;
        if transfer.objects == 0 {
            super::note(format_args!("found {revision} in {repository}"));
        } else {
            let (objects, bytes) = (transfer.objects, HumanBytes(transfer.bytes));
            super::note(format_args!(
                "fetched {revision} from {repository}: {objects} objects, {bytes}"
            ));
        }
    }
}

impl Drop for FetchProgress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Shows the progress of a walk through a history on stderr.
pub(crate) struct WalkProgress {
    bar: ProgressBar,
}

impl WalkProgress {
    pub(crate) fn new(commits: usize) -> Self {
        let bar = ProgressBar::new(commits as u64);
        bar.set_style(bar_style());
        bar.set_message("commits");
        Self { bar }
    }

    pub(crate) fn advance(&self) {
        self.bar.inc(1);
    }
}

impl Drop for WalkProgress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn bar_style() -> ProgressStyle {
    // If the template didn't parse, the default style would do.
    ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}
