//! Why a command stopped, and the exit status that says so.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use generator::diagnostic::{bounded, nearest};
use generator::emit::EmitError;

use crate::upstream::GitError;

/// Why a command stopped, each in one sentence.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The manifests have errors, which were shown.
    #[error("{errors} in the manifests; nothing was written", errors = counted(*.0, "error"))]
    BadInput(usize),
    /// Warnings under `--strict`, which were shown.
    #[error("{warnings} in the manifests, which --strict makes errors; nothing was written", warnings = counted(*.0, "warning"))]
    Strict(usize),
    /// `--check` found differences, which were shown.
    #[error("{files} out of date: run `cargo xtask regen` and commit what it writes", files = counted(*.0, "file"))]
    Drift(usize),
    /// manifests/ isn't what the pin says.
    #[error(
        "{} isn't the snapshot that {} pins (digest {found}, pinned {pinned}): it was edited or only partly written; \
         restore it with git, or make it anew with `cargo xtask regen --update --rev {revision}`", .dir.display(), generator::snapshot::PIN_FILE
    )]
    Digest {
        dir: PathBuf,
        revision: String,
        pinned: String,
        found: String,
    },
    /// The pin's file isn't a pin.
    #[error("{} is no pin ({reason}): restore it, or make it anew with `cargo xtask regen --update`", .path.display())]
    BadPin { path: PathBuf, reason: String },
    /// A file that we didn't write is where one of ours belongs.
    #[error("{} was not written by this command and is in the way of a generated file: move it elsewhere", .0.display())]
    InTheWay(PathBuf),
    /// The generator failed.
    #[error(transparent)]
    Emit(#[from] EmitError),
    /// The snapshot was being replaced when a run was killed.
    #[error("an earlier run was interrupted while it replaced {}: run `cargo xtask regen`, which completes it", .0.display())]
    Interrupted(PathBuf),
    /// The file that would complete the snapshot can't.
    #[error("{} holds no unfinished snapshot ({reason}): delete it, and restore the folder with git", .path.display())]
    BadJournal { path: PathBuf, reason: String },
    /// Nothing to read.
    #[error("{} has neither integrations/*/manifest.json nor *.json: name a checkout of upstream or a copy of manifests/", .0.display())]
    NoManifests(PathBuf),
    /// A folder that isn't there.
    #[error("there is no folder `{}`{}", .dir.display(), did_you_mean(.near.as_deref()))]
    NoFolder { dir: PathBuf, near: Option<String> },
    /// An integration that isn't there.
    #[error("there is no integration `{key}`{}", did_you_mean(.near.as_deref()))]
    NoIntegration { key: String, near: Option<String> },
    /// `--descriptions` without a source of them.
    #[error("--descriptions needs --update or --from: the pinned snapshot has no descriptions")]
    NoDescriptions,
    /// One of two that were to be compared has errors, which were shown.
    #[error("{side} has {errors}: only what can be generated from can be compared", errors = counted(*.errors, "error"))]
    NotComparable { side: String, errors: usize },
    /// Commits that can't be generated from, which were shown.
    #[error("{failing} of {walked} that touched a manifest can't be generated from", walked = counted(*.walked, "commit"))]
    History { failing: usize, walked: usize },
    /// A file that has, or tells of, the version isn't as it should be.
    #[error("{} doesn't say the version in the way that this command knows ({reason}): mend it, or move the version by hand", .path.display())]
    NoVersion { path: PathBuf, reason: String },
    /// The checkout's commit isn't named as it has to be.
    #[error("`{0}` is no full commit id: give all 40 hexadecimal digits")]
    BadRevision(String),
    /// The workspace's checks failed, and said why.
    #[error(".ci/run stopped with status {0}: see above")]
    Ci(u8),
    /// The workspace's checks can't be started.
    #[error(
        "bash can't be started ({0}), which runs .ci/run: install it, or run the script's commands one by one"
    )]
    NoBash(io::Error),
    /// The git side failed.
    #[error(transparent)]
    Git(#[from] GitError),
    /// The disk failed.
    #[error("can't {doing} {}: {source}", .path.display())]
    Io {
        doing: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    /// The disk failed when the first files may already have been replaced.
    #[error(
        "can't {doing} {}: {source}; the files before it are new, it and those after it are old, and each is whole: \
         put that right and run the same command again, which completes the rest", .path.display()
    )]
    HalfWay {
        doing: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    /// The workspace can't be locked.
    #[error("can't lock {}, without which two runs could write at once ({source}): make it writable or free its disk", .path.display())]
    Lock { path: PathBuf, source: io::Error },
    /// Another run has the lock, and keeps it.
    #[error("another run still holds {} after {seconds} s: wait for it or end it, then try again", .path.display())]
    Busy { path: PathBuf, seconds: u64 },
    /// The output can't be written, e.g. to a closed pipe.
    #[error("can't write the output: {0}")]
    Output(io::Error),
}

impl Failure {
    /// 1 for drift and bad input, 2 for wrong usage and the environment; the checks' own is passed on.
    pub(crate) fn exit_status(&self) -> u8 {
        match self {
            Self::BadInput(_)
            | Self::Strict(_)
            | Self::Drift(_)
            | Self::Digest { .. }
            | Self::BadPin { .. }
            | Self::InTheWay(_)
            | Self::NotComparable { .. }
            | Self::History { .. }
            | Self::Interrupted(_)
            | Self::BadJournal { .. }
            | Self::Emit(_) => 1,
            Self::Ci(status) => *status,
            Self::NoManifests(_)
            | Self::NoFolder { .. }
            | Self::NoIntegration { .. }
            | Self::NoBash(_)
            | Self::NoDescriptions
            | Self::BadRevision(_)
            | Self::NoVersion { .. }
            | Self::Git(_)
            | Self::Io { .. }
            | Self::HalfWay { .. }
            | Self::Lock { .. }
            | Self::Busy { .. }
            | Self::Output(_) => 2,
        }
    }

    /// With the name of the folder beside it that may be meant.
    pub(crate) fn no_folder(dir: &Path) -> Self {
        let parent = match dir.parent() {
            Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
            Some(parent) => parent,
            None => dir,
        };
        let siblings: Vec<String> = fs::read_dir(parent)
            .into_iter()
            .flatten()
            .flatten()
            .filter(|entry| entry.path().is_dir())
            .filter_map(|entry| entry.file_name().into_string().ok())
            .collect();
        let wanted = dir.file_name().and_then(|name| name.to_str());
        let near = wanted.and_then(|name| nearest(name, siblings.iter().map(String::as_str)));
        Self::NoFolder {
            dir: dir.to_owned(),
            near: near.map(|name| dir.with_file_name(name).display().to_string()),
        }
    }

    pub(crate) fn io<'a>(
        doing: &'static str,
        path: &'a Path,
    ) -> impl FnOnce(io::Error) -> Self + 'a {
        move |source| Self::Io {
            doing,
            path: path.to_owned(),
            source,
        }
    }
}

fn did_you_mean(near: Option<&str>) -> String {
    match near {
        None => ": check its spelling".to_owned(),
        Some(near) => format!("; did you mean `{}`?", bounded(near)),
    }
}

/// `1 file`, `2 files`.
pub(crate) fn counted(count: usize, what: &str) -> String {
    if count == 1 {
        format!("1 {what}")
    } else {
        format!("{count} {what}s")
    }
}
