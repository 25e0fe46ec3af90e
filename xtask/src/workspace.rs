//! The paths of the workspace.

use std::env;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// A workspace, by its root folder.
#[derive(Clone, Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The workspace at `root`.
    pub(crate) const fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// Finds the workspace. `cargo xtask` sets the package's folder in the environment; without it,
    /// the current folder and its parents are searched.
    ///
    /// The path can't be compiled in, because clones with the same `CARGO_TARGET_DIR` share the program.
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

    /// `manifests/overrides.toml`.
    pub(crate) fn overrides(&self) -> PathBuf {
        self.root.join(generator::OVERRIDES_FILE)
    }

    /// The package that users import.
    pub(crate) fn package(&self) -> PathBuf {
        self.root.join("generated")
    }

    /// The folder of the generated modules.
    pub(crate) fn integrations(&self) -> PathBuf {
        self.package().join("src/integrations")
    }

    /// The folder of fetched repositories. It may be deleted at any time.
    pub(crate) fn cache(&self) -> PathBuf {
        self.root.join("target/upstream")
    }

    /// The file that a run locks while it reads or writes in the workspace.
    pub(crate) fn lock(&self) -> PathBuf {
        self.root.join("target/regen.lock")
    }

    /// A path for messages: relative to the workspace if it is inside.
    pub(crate) fn shown(&self, path: &Path) -> String {
        let shown = path.strip_prefix(&self.root).unwrap_or(path);
        shown.display().to_string()
    }
}
