//! Why a command stopped, and the exit status that says so.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use generator::{EmitError, bounded, nearest};

use crate::upstream::GitError;

/// Why a command stopped, each in one sentence.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
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
        "{} isn't the snapshot that {} pins (digest {found}, pinned {pinned}): a manifest was added, removed, edited or \
         only partly written; restore the folder with git, or write it again with `cargo xtask regen --update --rev {revision}`",
        .folder.display(), generator::snapshot::PIN_FILE
    )]
    Digest {
        folder: PathBuf,
        revision: String,
        pinned: String,
        found: String,
    },
    /// The pin's file isn't a pin.
    #[error("{} is not a valid pin file ({reason}): restore it with git, or write it again with `cargo xtask regen --update`", .path.display())]
    BadPin { path: PathBuf, reason: String },
    /// The pin's file is missing.
    #[error("{} is missing, so there is no snapshot: restore it with git, or fetch one with `cargo xtask regen --update`", .0.display())]
    NoPin(PathBuf),
    /// An unmanaged file is where a managed one belongs.
    #[error("{} was not written by this command and is in the way of one that is: move it elsewhere", .0.display())]
    InTheWay(PathBuf),
    /// The generator failed.
    #[error(transparent)]
    Emit(#[from] EmitError),
    /// The snapshot was being replaced when a run was killed.
    #[error("an earlier run was interrupted while it replaced {}: run `cargo xtask regen`, which completes it", .0.display())]
    Interrupted(PathBuf),
    /// The file that would complete the snapshot can't.
    #[error("{} is not a valid journal of an update ({reason}): delete it, and restore the folder with git", .path.display())]
    BadJournal { path: PathBuf, reason: String },
    /// Nothing to read.
    #[error("{} has neither integrations/*/manifest.json nor *.json: pass a checkout of upstream or a copy of manifests/", .0.display())]
    NoManifests(PathBuf),
    /// A folder that isn't there.
    #[error("there is no folder `{}`{}", .folder.display(), did_you_mean(.near.as_deref()))]
    NoFolder {
        folder: PathBuf,
        near: Option<String>,
    },
    /// This command was started outside any workspace.
    #[error("{} is in no workspace of this project: run `cargo xtask` in one, or pass `--root DIR`", .0.display())]
    NoWorkspace(PathBuf),
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
    /// A file that states the version isn't as expected.
    #[error("can't find or change the version in {} ({reason}): mend the file, or run without --bump", .path.display())]
    BadVersionFile { path: PathBuf, reason: String },
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
         remove the cause and run the same command again, which completes the rest", .path.display()
    )]
    PartlyWritten {
        doing: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    /// The workspace can't be locked.
    #[error("can't lock {}, without which two runs could write at once ({source}): make it writable or free its disk", .path.display())]
    Lock { path: PathBuf, source: io::Error },
    /// The output can't be written.
    #[error("can't write the output: {0}")]
    Output(io::Error),
}

impl Error {
    /// 1 for drift and bad input, 2 for wrong usage and the environment; the checks' own is passed on.
    pub(crate) fn exit_status(&self) -> u8 {
        match self {
            Self::BadInput(_)
            | Self::Strict(_)
            | Self::Drift(_)
            | Self::Digest { .. }
            | Self::BadPin { .. }
            | Self::NoPin(_)
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
            | Self::NoWorkspace(_)
            | Self::BadVersionFile { .. }
            | Self::Git(_)
            | Self::Io { .. }
            | Self::PartlyWritten { .. }
            | Self::Lock { .. }
            | Self::Output(_) => 2,
        }
    }

    /// With the name of the folder beside it that may be meant.
    pub(crate) fn no_folder(folder: &Path) -> Self {
        let parent = match folder.parent() {
            Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
            Some(parent) => parent,
            None => folder,
        };
        let siblings: Vec<String> = fs::read_dir(parent)
            .into_iter()
            .flatten()
            .flatten()
            .filter(|entry| entry.path().is_dir())
            .filter_map(|entry| entry.file_name().into_string().ok())
            .collect();
        let wanted = folder.file_name().and_then(|name| name.to_str());
        let near = wanted.and_then(|name| nearest(name, siblings.iter().map(String::as_str)));
        Self::NoFolder {
            folder: folder.to_owned(),
            near: near.map(|name| folder.with_file_name(name).display().to_string()),
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
