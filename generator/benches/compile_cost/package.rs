//! A work folder: a workspace with the package to compile and the programs that use it.

use std::fs;
use std::path::{Path, PathBuf};

use generator::model::Integration;
use toml::{Table, Value};

use crate::support;
use crate::{baseline, cargo, consumer};

pub(crate) const PACKAGE: &str = "launchdarkly-integrations";
/// The package's folder, in the repository and in the work folder.
const FOLDER: &str = "generated";

/// Where a package's modules come from.
pub(crate) enum Origin {
    /// The generated modules in a checkout of this repository.
    Checkout(PathBuf),
    /// Modules with derives, with or without a builder. The rest is from this checkout.
    Derives { builder: bool },
}

impl Origin {
    fn checkout(&self) -> PathBuf {
        match self {
            Self::Checkout(path) => path.clone(),
            Self::Derives { .. } => support::workspace(),
        }
    }
}

pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) root: PathBuf,
}

impl Package {
    pub(crate) fn write(
        root: &Path,
        name: String,
        origin: &Origin,
        integrations: &[&Integration],
    ) -> Self {
        let checkout = origin.checkout();
        fs::create_dir_all(root).expect("a work folder");
        write_workspace(root, &checkout);
        // An earlier run may have left files that no longer exist in the checkout.
        let _ = fs::remove_dir_all(root.join(FOLDER));
        copy(&checkout.join(FOLDER), &root.join(FOLDER));
        reduce(&root.join(FOLDER));
        if let Origin::Derives { builder } = origin {
            add_derives(&root.join(FOLDER), *builder, integrations);
        }
        consumer::write(root, integrations);
        let package = Self {
            name,
            root: root.to_owned(),
        };
        cargo::fetch(&package);
        package
    }

    /// The entry file. If it changes, cargo compiles the package or program again.
    pub(crate) fn entry_file(&self, package: &str) -> PathBuf {
        if package == PACKAGE {
            self.root.join(FOLDER).join("src/lib.rs")
        } else {
            self.root.join(package).join("src/main.rs")
        }
    }

    pub(crate) fn target(&self) -> PathBuf {
        self.root.join("target")
    }

    /// The target folder for builds from scratch.
    pub(crate) fn cold_target(&self) -> PathBuf {
        self.root.join("target-cold")
    }
}

/// Writes the checkout's workspace with other members and without its profiles, because cargo ignores the
/// profiles of a dependency.
fn write_workspace(root: &Path, checkout: &Path) {
    let mut manifest = read_toml(&checkout.join("Cargo.toml"));
    manifest.remove("profile");
    let members = consumer::NAMES.into_iter().chain([FOLDER]);
    let members: Vec<Value> = members.map(|name| Value::String(name.to_owned())).collect();
    table(&mut manifest, "workspace").insert("members".to_owned(), Value::Array(members));
    write_toml(&root.join("Cargo.toml"), &manifest);
    fs::copy(checkout.join("Cargo.lock"), root.join("Cargo.lock")).expect("the lock");
}

/// Reduces the package to the library without default features, so that only the types are measured.
fn reduce(package: &Path) {
    for folder in ["tests", "examples", "benches"] {
        let _ = fs::remove_dir_all(package.join(folder));
    }
    let mut manifest = read_toml(&package.join("Cargo.toml"));
    for targets in ["test", "example", "bench", "dev-dependencies"] {
        manifest.remove(targets);
    }
    if let Some(features) = manifest.get_mut("features").and_then(Value::as_table_mut) {
        features.remove("default");
    }
    write_toml(&package.join("Cargo.toml"), &manifest);
}

fn add_derives(package: &Path, builder: bool, integrations: &[&Integration]) {
    let mut manifest = read_toml(&package.join("Cargo.toml"));
    let dependencies = table(&mut manifest, "dependencies");
    let features = vec![Value::String("derive".to_owned())];
    table(dependencies, "serde").insert("features".to_owned(), Value::Array(features));
    if builder {
        dependencies.insert("bon".to_owned(), Value::String("3".to_owned()));
    }
    write_toml(&package.join("Cargo.toml"), &manifest);

    let folder = package.join("src/integrations");
    for entry in fs::read_dir(&folder).expect("the generated modules") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            fs::remove_file(path).expect("a module");
        }
    }
    for (name, text) in baseline::files(integrations, builder) {
        fs::write(folder.join(name), text).expect("a module");
    }
}

fn table<'a>(parent: &'a mut Table, key: &str) -> &'a mut Table {
    let value = parent.get_mut(key).expect("a member of a manifest");
    value.as_table_mut().expect("a table")
}

fn read_toml(path: &Path) -> Table {
    let text = fs::read_to_string(path);
    let text = text.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.parse().expect("TOML")
}

fn write_toml(path: &Path, table: &Table) {
    fs::write(path, table.to_string()).expect("a manifest");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder to copy") {
        let entry = entry.expect("an entry");
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(&from, &to).expect("a copy");
        }
    }
}
