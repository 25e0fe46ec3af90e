//! The errors of commands, and their exit status.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use generator::{EmitError, escape_and_truncate, most_similar};

use crate::upstream::GitError;

/// An error that stops a command.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The manifests have errors, which were already shown.
    #[error("{errors} in the manifests; nothing was written", errors = counted(*.0, "error"))]
    BadInput(usize),
    /// There are warnings and `--strict`. The warnings were already shown.
    #[error("{warnings} in the manifests, which are errors with --strict; nothing was written", warnings = counted(*.0, "warning"))]
    Strict(usize),
    /// `--check` found differences, which were already shown.
    #[error("{files} out of date: run `cargo xtask regen` and commit what it writes", files = counted(*.0, "file"))]
    Drift(usize),
    /// The digest of manifests/ differs from the pin.
    #[error(
        "{} differs from the snapshot that {} pins (digest {found}, pinned {pinned}): a manifest was added, removed, edited or \
         only partly written; restore the folder with git, or rewrite it with `cargo xtask regen --update --rev {revision}`",
        .folder.display(), generator::snapshot::PIN_FILE
    )]
    Digest {
        folder: PathBuf,
        revision: String,
        pinned: String,
        found: String,
    },
    /// The pin's file isn't valid.
    #[error("{} is not a valid pin file ({reason}): restore it with git, or rewrite it with `cargo xtask regen --update`", .path.display())]
    BadPin { path: PathBuf, reason: String },
    /// The pin's file is missing.
    #[error("{} is missing, so there is no snapshot: restore it with git, or fetch one with `cargo xtask regen --update`", .0.display())]
    NoPin(PathBuf),
    /// An unmanaged file is where a managed one belongs.
    #[error("{} was not written by this command, so it isn't overwritten by a file with the same name: move it elsewhere", .0.display())]
    UnmanagedFile(PathBuf),
    /// The generator failed.
    #[error(transparent)]
    Emit(#[from] EmitError),
    /// A run was killed while it replaced the snapshot.
    #[error("an earlier run was interrupted while it replaced {}: run `cargo xtask regen`, which completes it", .0.display())]
    Interrupted(PathBuf),
    /// The journal of an interrupted update isn't valid.
    #[error("{} is not a valid journal of an update ({reason}): delete it, and restore the folder with git", .path.display())]
    BadJournal { path: PathBuf, reason: String },
    /// A folder has no manifests.
    #[error("{} has neither integrations/*/manifest.json nor *.json: pass a checkout of upstream or a copy of manifests/", .0.display())]
    NoManifests(PathBuf),
    /// A folder doesn't exist.
    #[error("the folder `{}` doesn't exist{}", .folder.display(), did_you_mean(.near.as_deref()))]
    NoFolder {
        folder: PathBuf,
        near: Option<String>,
    },
    /// The command was started outside of a workspace.
    #[error("{} is not in a workspace of this project: run `cargo xtask` in one, or pass `--root DIR`", .0.display())]
    NoWorkspace(PathBuf),
    /// An integration doesn't exist.
    #[error("there is no integration `{key}`{}", did_you_mean(.near.as_deref()))]
    NoIntegration { key: String, near: Option<String> },
    /// `--descriptions` with an input that has none.
    #[error("--descriptions needs --update or --from: the pinned snapshot has no descriptions")]
    NoDescriptions,
    /// A side of a comparison has errors, which were already shown.
    #[error("{side} has {errors}: fix them, or compare other revisions", errors = counted(*.errors, "error"))]
    NotComparable { side: String, errors: usize },
    /// Commits in a history have errors, which were already shown.
    #[error("{failing} of {walked} that changed a manifest have errors", walked = counted(*.walked, "commit"))]
    History { failing: usize, walked: usize },
    /// The version in a file can't be read or changed.
    #[error("can't find or change the version in {} ({reason}): fix the file, or run without --bump", .path.display())]
    BadVersionFile { path: PathBuf, reason: String },
    /// The script `.ci/run` failed. Its output has the reason.
    #[error(".ci/run failed with status {0}: see its output above")]
    Ci(u8),
    /// bash can't be started.
    #[error(
        "can't start bash for .ci/run ({0}): install bash, or run the script's commands one by one"
    )]
    NoBash(io::Error),
    /// Fetching or reading a repository failed.
    #[error(transparent)]
    Git(#[from] GitError),
    /// A file operation failed.
    #[error("can't {doing} {}: {source}", .path.display())]
    Io {
        doing: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    /// A file operation failed after some files may have been replaced.
    #[error(
        "can't {doing} {}: {source}; earlier files have the new content, this and later files the old, and no file is incomplete: \
        fix the cause and run the same command again to write the rest", .path.display()
    )]
    PartlyWritten {
        doing: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    /// The workspace can't be locked.
    #[error("can't lock {} ({source}), so two runs could write at once: make the file writable, or free disk space", .path.display())]
    Lock { path: PathBuf, source: io::Error },
    /// The output can't be written.
    #[error("can't write the output: {0}")]
    Output(io::Error),
}

impl Error {
    /// 1 for drift and bad input, 2 for wrong usage and the environment. For [`Self::Ci`], that of `.ci/run`.
    pub(crate) fn exit_status(&self) -> u8 {
        match self {
            Self::BadInput(_)
            | Self::Strict(_)
            | Self::Drift(_)
            | Self::Digest { .. }
            | Self::BadPin { .. }
            | Self::NoPin(_)
            | Self::UnmanagedFile(_)
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

    /// The error for a folder that doesn't exist, with a similar sibling as a suggestion.
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
        let near = wanted.and_then(|name| most_similar(name, siblings.iter().map(String::as_str)));
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
        None => ": check the spelling".to_owned(),
        Some(near) => format!("; did you mean `{}`?", escape_and_truncate(near)),
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
