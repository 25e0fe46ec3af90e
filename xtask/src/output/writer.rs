//! Staged writing: all new files are on disk before the first old one is replaced.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use tempfile::{NamedTempFile, TempPath};

use super::expected::{FileChange, FileChangeKind};
use crate::error::Error;

/// The prefix of temporary files. If a run is killed, the next one deletes them.
pub(super) const TEMPORARY: &str = ".regen-";

/// Changes whose new text is in temporary files, each in the folder of the file that it will replace.
///
/// A drop without a commit deletes the temporary files; then nothing has changed.
#[derive(Debug)]
pub(super) struct Staged<'c> {
    replacements: Vec<(TempPath, &'c Path)>,
    deletions: Vec<&'c Path>,
}

/// Writes all new text to temporary files. A full disk, a folder without write permission and an
/// unmanaged file with the same name cause an error here, before anything has changed.
///
/// The files aren't synced to disk. A sync would take ten times as long as all other work, and it helps
/// only if the power fails; the next run then finds the damaged files and writes them again.
pub(super) fn stage(changes: &[FileChange]) -> Result<Staged<'_>, Error> {
    for change in changes {
        if let FileChangeKind::Blocking { .. } = change.kind {
            return Err(Error::UnmanagedFile(change.path.clone()));
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
                // Closed at once, because there can be more modules than a system allows open files.
                let temporary = temporary_beside(path, new)?.into_temp_path();
                staged.replacements.push((temporary, path));
            }
            FileChangeKind::Extra { .. } => staged.deletions.push(path),
            FileChangeKind::Blocking { .. } | FileChangeKind::Unmanaged => {}
        }
    }
    Ok(staged)
}

impl Staged<'_> {
    /// Renames the temporary files, then deletes files. A rename is atomic, so a reader never sees a
    /// file that is only partly written.
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

/// Creates a temporary file with this text in the folder of `path`. The folder must exist.
pub(super) fn temporary_beside(path: &Path, text: &str) -> Result<NamedTempFile, Error> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY);
    // The mode of a normal new file. Temporary files would be readable by their owner only.
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
