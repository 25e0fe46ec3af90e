//! The packages' version: what it is, and the files that change when it moves.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use generator::diff::Report;
use semver::Version;
use toml_edit::{DocumentMut, value};

use crate::comparison::{Change, ChangeKind};
use crate::error::Failure;
use crate::workspace::Workspace;

/// The workspace's version; that of this command where there is no workspace.
pub(crate) fn current(workspace: &Workspace) -> Result<Version, Failure> {
    let path = workspace.cargo_manifest();
    let version = match fs::read_to_string(&path) {
        Ok(text) => stated(&path, &text)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            env!("CARGO_PKG_VERSION").to_owned()
        }
        Err(error) => return Err(Failure::io("read", &path)(error)),
    };
    Version::parse(&version).map_err(|cause| no_version(path, &cause.to_string()))
}

fn stated(path: &Path, text: &str) -> Result<String, Failure> {
    let document = parse(path, text)?;
    let package = document
        .get("workspace")
        .and_then(|workspace| workspace.get("package"));
    let version = package.and_then(|package| package.get("version")?.as_str());
    version
        .map(str::to_owned)
        .ok_or_else(|| no_version(path.to_owned(), "[workspace.package] has no version"))
}

/// What has to change for a report's verdict: the version, the lock file, and the changelog. Nothing,
/// if users have nothing of it.
pub(crate) fn changes(workspace: &Workspace, report: &Report) -> Result<Vec<Change>, Failure> {
    if report.verdict.weight.is_none() {
        return Ok(Vec::new());
    }
    let next = report.verdict.next.to_string();
    let entry = report.to_changelog();
    let edits = [
        edit(workspace.cargo_manifest(), |path, text| {
            with_version(path, text, &next)
        })?,
        edit(workspace.cargo_lock(), |path, text| {
            with_locked(path, text, &next)
        })?,
        edit(workspace.changelog(), |path, text| {
            with_entry(path, text, &entry)
        })?,
    ];
    Ok(edits.into())
}

fn edit(
    path: PathBuf,
    change: impl FnOnce(&Path, &str) -> Result<String, Failure>,
) -> Result<Change, Failure> {
    let old = fs::read_to_string(&path).map_err(Failure::io("read", &path))?;
    let new = change(&path, &old)?;
    let kind = ChangeKind::Changed { old, new };
    Ok(Change { path, kind })
}

fn with_version(path: &Path, text: &str, next: &str) -> Result<String, Failure> {
    let mut document = parse(path, text)?;
    let package = document
        .get_mut("workspace")
        .and_then(|workspace| workspace.get_mut("package"))
        .ok_or_else(|| no_version(path.to_owned(), "it has no [workspace.package]"))?;
    package["version"] = value(next);
    Ok(document.to_string())
}

/// The packages of the workspace are those that come from nowhere else.
fn with_locked(path: &Path, text: &str, next: &str) -> Result<String, Failure> {
    let mut document = parse(path, text)?;
    let packages = document
        .get_mut("package")
        .and_then(toml_edit::Item::as_array_of_tables_mut)
        .ok_or_else(|| no_version(path.to_owned(), "it has no packages"))?;
    for package in packages.iter_mut() {
        if !package.contains_key("source") {
            package["version"] = value(next);
        }
    }
    Ok(document.to_string())
}

const UNRELEASED: &str = "## Unreleased\n";
const CHANGED: &str = "### Changed\n\n";

/// The entry stands first under `Changed` of what isn't released yet.
fn with_entry(path: &Path, text: &str, entry: &str) -> Result<String, Failure> {
    let Some(start) = text.find(UNRELEASED) else {
        return Err(no_version(
            path.to_owned(),
            "it has no heading `## Unreleased`",
        ));
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

fn parse(path: &Path, text: &str) -> Result<DocumentMut, Failure> {
    text.parse()
        .map_err(|cause: toml_edit::TomlError| no_version(path.to_owned(), cause.message()))
}

fn no_version(path: PathBuf, reason: &str) -> Failure {
    Failure::NoVersion {
        path,
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
