//! The packages' version: reads the current and the released version, and sets a new one.

use std::fs;
use std::io;
use std::path::Path;

use generator::{diff::PackageVersions, diff::Report};
use semver::Version;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;

use super::expected::{FileChange, FileChangeKind};
use crate::error::Error;
use crate::workspace::Workspace;

const MANIFEST: &str = "Cargo.toml";
const LOCK: &str = "Cargo.lock";
const CHANGELOG: &str = "CHANGELOG.md";

/// The files that contain the version, relative to the workspace's root.
pub(super) const FILES: [&str; 3] = [MANIFEST, LOCK, CHANGELOG];

/// The current version in the workspace's Cargo.toml, and the newest released version in its changelog.
/// Without a workspace, the current version is that of this command.
pub(crate) fn versions(workspace: &Workspace) -> Result<PackageVersions, Error> {
    let path = workspace.root().join(MANIFEST);
    let stated = match read_if_there(&path)? {
        Some(text) => stated(&path, &text)?.into_inner(),
        None => env!("CARGO_PKG_VERSION").to_owned(),
    };
    let current =
        Version::parse(&stated).map_err(|cause| bad_version_file(&path, &cause.to_string()))?;
    let changelog = read_if_there(&workspace.root().join(CHANGELOG))?;
    Ok(PackageVersions {
        current,
        released: changelog.as_deref().and_then(newest_released),
    })
}

fn read_if_there(path: &Path) -> Result<Option<String>, Error> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("read", path)(error)),
    }
}

/// The version of the first heading that has one: `## 0.1.0` or `## [0.1.0] - 2026-01-31`.
fn newest_released(changelog: &str) -> Option<Version> {
    changelog.lines().find_map(|line| {
        let word = line.strip_prefix("## ")?.split_whitespace().next()?;
        Version::parse(word.trim_matches(['[', ']'])).ok()
    })
}

/// The parts of `Cargo.toml` that are read.
#[derive(Deserialize)]
struct CargoManifest {
    workspace: WorkspaceTable,
}

#[derive(Deserialize)]
struct WorkspaceTable {
    package: PackageTable,
}

#[derive(Deserialize)]
struct PackageTable {
    version: Spanned<String>,
}

/// The parts of `Cargo.lock` that are read.
#[derive(Deserialize)]
struct CargoLock {
    package: Vec<LockedPackage>,
}

#[derive(Deserialize)]
struct LockedPackage {
    /// `None` for the packages of the workspace.
    source: Option<String>,
    version: Spanned<String>,
}

fn stated(path: &Path, text: &str) -> Result<Spanned<String>, Error> {
    parse(path, text).map(|manifest: CargoManifest| manifest.workspace.package.version)
}

/// The changes that set the verdict's version in Cargo.toml and Cargo.lock, and add the changelog's
/// entry. Empty if the report has no changes.
pub(crate) fn changes(workspace: &Workspace, report: &Report) -> Result<Vec<FileChange>, Error> {
    if report.verdict.impact.is_none() {
        return Ok(Vec::new());
    }
    let next = report.verdict.next.to_string();
    let entry = report.to_changelog();
    let mut changes = vec![edit(workspace, CHANGELOG, &|path, text| {
        with_entry(path, text, &entry)
    })?];
    if report.verdict.next != report.verdict.current {
        changes.push(edit(workspace, MANIFEST, &|path, text| {
            with_version(path, text, &next)
        })?);
        changes.push(edit(workspace, LOCK, &|path, text| {
            with_locked(path, text, &next)
        })?);
    }
    Ok(changes)
}

fn edit(
    workspace: &Workspace,
    file: &str,
    edited: &dyn Fn(&Path, &str) -> Result<String, Error>,
) -> Result<FileChange, Error> {
    let path = workspace.root().join(file);
    let old = fs::read_to_string(&path).map_err(Error::io("read", &path))?;
    let new = edited(&path, &old)?;
    let kind = FileChangeKind::Changed { old, new };
    Ok(FileChange { path, kind })
}

fn with_version(path: &Path, text: &str, next: &str) -> Result<String, Error> {
    Ok(replace(text, &[stated(path, text)?], next))
}

fn with_locked(path: &Path, text: &str, next: &str) -> Result<String, Error> {
    let lock: CargoLock = parse(path, text)?;
    let packages = lock.package.into_iter();
    let own = packages.filter(|package| package.source.is_none());
    let versions: Vec<_> = own.map(|package| package.version).collect();
    Ok(replace(text, &versions, next))
}

/// Replaces these strings of a TOML file and keeps the rest byte for byte.
fn replace(text: &str, values: &[Spanned<String>], new: &str) -> String {
    let mut edited = text.to_owned();
    // From the end to the start, so that the earlier spans stay valid.
    for value in values.iter().rev() {
        edited.replace_range(value.span(), &format!("{new:?}"));
    }
    edited
}

const UNRELEASED: &str = "## Unreleased\n";
const CHANGED: &str = "### Changed\n\n";

/// Inserts the entry as the first one in the section `Changed` of `Unreleased`.
fn with_entry(path: &Path, text: &str, entry: &str) -> Result<String, Error> {
    let Some(start) = text.find(UNRELEASED) else {
        return Err(bad_version_file(path, "it has no heading `## Unreleased`"));
    };
    let start = start + UNRELEASED.len();
    let end = text[start..]
        .find("\n## ")
        .map_or(text.len(), |end| start + end + 1);
    let mut new = text.to_owned();
    match text[start..end].find(CHANGED) {
        Some(at) => new.insert_str(start + at + CHANGED.len(), entry),
        None => new.insert_str(start, &format!("\n{CHANGED}{entry}")),
    }
    Ok(new)
}

fn parse<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, Error> {
    toml::from_str(text).map_err(|cause| bad_version_file(path, cause.message()))
}

fn bad_version_file(path: &Path, reason: &str) -> Error {
    Error::BadVersionFile {
        path: path.to_owned(),
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entered(text: &str) -> String {
        with_entry(Path::new("CHANGELOG.md"), text, "- new\n").unwrap()
    }

    #[test]
    fn an_entry_joins_what_is_unreleased() {
        assert_eq!(
            entered("# C\n\n## Unreleased\n\n## 0.1.0\n\n### Changed\n\n- old\n"),
            "# C\n\n## Unreleased\n\n### Changed\n\n- new\n\n## 0.1.0\n\n### Changed\n\n- old\n"
        );
        assert_eq!(
            entered("## Unreleased\n\n### Added\n\n- a\n\n### Changed\n\n- b\n"),
            "## Unreleased\n\n### Added\n\n- a\n\n### Changed\n\n- new\n- b\n"
        );
        assert!(with_entry(Path::new("x"), "# C\n", "- new\n").is_err());
    }

    #[test]
    fn the_newest_release_is_the_first_heading_with_a_version() {
        let released = |text: &str| newest_released(text).map(|version| version.to_string());
        assert_eq!(released("# C\n\n## Unreleased\n"), None);
        let text = "## Unreleased\n\n## [0.2.0] - 2026-01-31\n\n## 0.1.0\n";
        assert_eq!(released(text).as_deref(), Some("0.2.0"));
    }

    #[test]
    fn only_the_version_moves() {
        let text =
            "[workspace]\nmembers = [\"a\"]\n\n[workspace.package]\nversion = \"0.1.0\" # ours\n";
        let moved = with_version(Path::new("Cargo.toml"), text, "0.2.0").unwrap();
        assert!(moved.contains("version = \"0.2.0\""), "{moved}");
        let lock = "version = 4\n\n[[package]]\nname = \"ours\"\nversion = \"0.1.0\"\n\n\
                    [[package]]\nname = \"other\"\nversion = \"0.1.0\"\nsource = \"registry\"\n";
        assert_eq!(
            with_locked(Path::new("Cargo.lock"), lock, "0.2.0").unwrap(),
            lock.replacen("0.1.0", "0.2.0", 1)
        );
    }
}
