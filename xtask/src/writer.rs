//! The one writer: all new text is on disk before the first file is replaced.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use tempfile::{NamedTempFile, TempPath};

use crate::comparison::{Change, ChangeKind};
use crate::error::Failure;

/// What a killed run may leave behind; the next one deletes it.
pub(crate) const TEMPORARY: &str = ".regen-";

/// Changes whose new text is in temporary files, each beside the file that it is to replace.
///
/// Dropped before they are put in place, they delete their files, and all is as it was.
#[derive(Debug)]
pub(crate) struct Staged<'c> {
    replacements: Vec<(TempPath, &'c Path)>,
    deletions: Vec<&'c Path>,
}

/// Writes all new text, and replaces nothing. So a full disk and a folder that can't be written to
/// are found out while nothing has changed. Neither has anything where a foreign file is in the way.
///
/// The text isn't synced: that takes ten times as long as all the rest of writing, and helps only
/// where the power fails, after which the next run finds whatever isn't right and writes it again.
pub(crate) fn stage(changes: &[Change]) -> Result<Staged<'_>, Failure> {
    for change in changes {
        if let ChangeKind::InTheWay { .. } = change.kind {
            return Err(Failure::InTheWay(change.path.clone()));
        }
    }
    let mut staged = Staged {
        replacements: Vec::new(),
        deletions: Vec::new(),
    };
    for change in changes {
        match &change.kind {
            ChangeKind::Changed { new, .. } | ChangeKind::Missing { new } => {
                // Closed at once: a system may allow fewer open files than there are modules.
                let temporary = temporary_beside(&change.path, new)?.into_temp_path();
                staged.replacements.push((temporary, &change.path));
            }
            ChangeKind::Extra { .. } => staged.deletions.push(&change.path),
            ChangeKind::InTheWay { .. } | ChangeKind::Foreign => {}
        }
    }
    Ok(staged)
}

impl Staged<'_> {
    /// Renames and deletes, deletions last. Each file is replaced whole, so no reader ever sees half
    /// a file.
    pub(crate) fn put_in_place(self) -> Result<(), Failure> {
        for (temporary, path) in self.replacements {
            temporary
                .persist(path)
                .map_err(|failed| half_way("replace", path)(failed.error))?;
        }
        for path in self.deletions {
            fs::remove_file(path).map_err(half_way("delete", path))?;
        }
        Ok(())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.replacements.is_empty() && self.deletions.is_empty()
    }
}

/// A new file with this text in the folder of another.
pub(crate) fn temporary_beside(path: &Path, text: &str) -> Result<NamedTempFile, Failure> {
    let dir = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(dir).map_err(Failure::io("make", dir))?;
    let written = builder()
        .tempfile_in(dir)
        .and_then(|mut file| file.write_all(text.as_bytes()).map(|()| file));
    written.map_err(Failure::io("write", path))
}

fn builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY);
    // What an editor would make, less the umask, and not the owner-only mode of temporary files.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

fn half_way(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Failure {
    move |source| Failure::HalfWay {
        doing,
        path: path.to_owned(),
        source,
    }
}
