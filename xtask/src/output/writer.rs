//! Staged writing: all new text is on disk before the first file is replaced.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use tempfile::{NamedTempFile, TempPath};

use super::expected::{FileChange, FileChangeKind};
use crate::error::Error;

/// How the name of a temporary file begins. A killed run leaves some; the next one deletes them.
pub(super) const TEMPORARY: &str = ".regen-";

/// Changes whose new text is in temporary files, each beside the file that it will replace.
///
/// Dropped without a commit, they delete their files, and nothing has changed.
#[derive(Debug)]
pub(super) struct Staged<'c> {
    replacements: Vec<(TempPath, &'c Path)>,
    deletions: Vec<&'c Path>,
}

/// Writes all new text to temporary files. A full disk, a folder that can't be written to and an
/// unmanaged file in the way are found here, before anything has changed.
///
/// The files aren't synced: that takes ten times as long as all other writing, and helps only when
/// the power fails. After that, the next run finds every wrong file and writes it again.
pub(super) fn stage(changes: &[FileChange]) -> Result<Staged<'_>, Error> {
    for change in changes {
        if let FileChangeKind::InTheWay { .. } = change.kind {
            return Err(Error::InTheWay(change.path.clone()));
        }
    }
    let mut staged = Staged {
        replacements: Vec::new(),
        deletions: Vec::new(),
    };
    for FileChange { path, kind } in changes {
        match kind {
            FileChangeKind::Changed { new, .. } | FileChangeKind::Missing { new } => {
                let folder = path.parent().unwrap_or(Path::new("."));
                fs::create_dir_all(folder).map_err(Error::io("make", folder))?;
                // Closed at once: a system may allow fewer open files than there are modules.
                let temporary = temporary_beside(path, new)?.into_temp_path();
                staged.replacements.push((temporary, path));
            }
            FileChangeKind::Extra { .. } => staged.deletions.push(path),
            FileChangeKind::InTheWay { .. } | FileChangeKind::Unmanaged => {}
        }
    }
    Ok(staged)
}

impl Staged<'_> {
    /// Renames and deletes, deletions last. Each file is replaced whole, so no reader sees half a
    /// file.
    pub(super) fn commit(self) -> Result<(), Error> {
        for (temporary, path) in self.replacements {
            temporary
                .persist(path)
                .map_err(|failed| partly("replace", path)(failed.error))?;
        }
        for path in self.deletions {
            fs::remove_file(path).map_err(partly("delete", path))?;
        }
        Ok(())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.replacements.is_empty() && self.deletions.is_empty()
    }
}

/// A new file with this text in the folder of another, which must be there.
pub(super) fn temporary_beside(path: &Path, text: &str) -> Result<NamedTempFile, Error> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY);
    // The mode of an ordinary new file, instead of the owner-only mode of temporary files.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let written = builder
        .tempfile_in(folder)
        .and_then(|mut file| file.write_all(text.as_bytes()).map(|()| file));
    written.map_err(Error::io("write", path))
}

fn partly(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    move |source| Error::PartlyWritten {
        doing,
        path: path.to_owned(),
        source,
    }
}
