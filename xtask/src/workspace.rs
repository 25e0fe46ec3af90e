//! Where everything is.

use std::env;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// The folders of the workspace.
#[derive(Clone, Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The workspace at `root`.
    pub(crate) const fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// The workspace that this command was started in. `cargo xtask` passes its package's folder;
    /// the program alone looks from the current folder upwards.
    ///
    /// The path must not be compiled in: clones that share a `CARGO_TARGET_DIR` share the program.
    pub(crate) fn find() -> Result<Self, Error> {
        let package = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let current = env::current_dir().map_err(Error::io("find", Path::new(".")))?;
        let start = package.as_deref().unwrap_or(&current);
        let is_workspace =
            |folder: &&Path| folder.join("manifests").is_dir() && folder.join("xtask").is_dir();
        match start.ancestors().find(is_workspace) {
            Some(root) => Ok(Self::new(root.to_owned())),
            None => Err(Error::NoWorkspace(start.to_owned())),
        }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The pinned snapshot.
    pub(crate) fn manifests(&self) -> PathBuf {
        self.root.join("manifests")
    }

    /// What we know better than the manifests.
    pub(crate) fn overrides(&self) -> PathBuf {
        self.root.join(generator::OVERRIDES_FILE)
    }

    /// The package that users import.
    pub(crate) fn package(&self) -> PathBuf {
        self.root.join("generated")
    }

    /// Its generated modules.
    pub(crate) fn integrations(&self) -> PathBuf {
        self.package().join("src/integrations")
    }

    /// Fetched repositories. They may be deleted at any time.
    pub(crate) fn cache(&self) -> PathBuf {
        self.root.join("target/upstream")
    }

    /// The file that a run locks while it reads or writes in the workspace.
    pub(crate) fn lock(&self) -> PathBuf {
        self.root.join("target/regen.lock")
    }

    /// A path as people name it: relative to the workspace, if it is in there.
    pub(crate) fn shown(&self, path: &Path) -> String {
        let shown = path.strip_prefix(&self.root).unwrap_or(path);
        shown.display().to_string()
    }
}
