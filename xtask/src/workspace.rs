//! Where everything is.

use std::path::{Path, PathBuf};

use crate::console::Console;

/// The folders of the workspace, and the console of those who work on it.
#[derive(Clone, Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
    console: Console,
}

impl Workspace {
    /// The workspace at `root`, or this command's own.
    pub(crate) fn new(root: Option<PathBuf>, console: Console) -> Self {
        let own = || {
            let package = Path::new(env!("CARGO_MANIFEST_DIR"));
            package.parent().unwrap_or(package).to_owned()
        };
        Self {
            root: root.unwrap_or_else(own),
            console,
        }
    }

    /// Where people are told what happens.
    pub(crate) fn console(&self) -> &Console {
        &self.console
    }

    /// Its folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The pinned snapshot.
    pub(crate) fn manifests(&self) -> PathBuf {
        self.root.join("manifests")
    }

    /// What we know better than the manifests.
    pub(crate) fn overrides(&self) -> PathBuf {
        self.root.join(generator::overrides::FILE)
    }

    /// The package that users import.
    pub(crate) fn package(&self) -> PathBuf {
        self.root.join("generated")
    }

    /// Its generated modules.
    pub(crate) fn integrations(&self) -> PathBuf {
        self.package().join("src/integrations")
    }

    /// Where the packages' version stands.
    pub(crate) fn cargo_manifest(&self) -> PathBuf {
        self.root.join("Cargo.toml")
    }

    /// Where cargo keeps the versions of everything, the packages' own among them.
    pub(crate) fn cargo_lock(&self) -> PathBuf {
        self.root.join("Cargo.lock")
    }

    /// What users read about new versions.
    pub(crate) fn changelog(&self) -> PathBuf {
        self.root.join("CHANGELOG.md")
    }

    /// Fetched repositories, which may be deleted at any time.
    pub(crate) fn cache(&self) -> PathBuf {
        self.root.join("target/upstream")
    }

    /// The file that a run locks while it reads or writes in here.
    pub(crate) fn lock(&self) -> PathBuf {
        self.root.join("target/regen.lock")
    }

    /// A path as people name it: from the workspace, if it is in there.
    pub(crate) fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.root)
            .unwrap_or(path)
            .display()
            .to_string()
    }
}
