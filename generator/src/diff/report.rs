//! The report for a reviewer: a [`Diff`], the two compared sides, and the verdict.

use semver::Version;
use serde::{Serialize, Serializer};

use super::{Diff, Impact, markdown};
use crate::snapshot::{self, HeldBack, Pin};

/// One side of a comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// A commit of a repository.
    Commit {
        /// The repository's URL.
        repository: String,
        /// The commit's full id.
        revision: String,
        /// When it was committed, as RFC 3339.
        committed: String,
    },
    /// A folder, as the user passed it.
    Directory(String),
}

impl From<&Pin> for Side {
    fn from(pin: &Pin) -> Self {
        Self::Commit {
            repository: pin.repository.clone(),
            revision: pin.revision.clone(),
            committed: pin.committed.clone(),
        }
    }
}

impl Side {
    /// The name for people: the abbreviated commit id with its day, or the folder.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Commit {
                revision,
                committed,
                ..
            } => {
                let day = committed.get(..10).unwrap_or(committed);
                format!("{} ({day})", revision.get(..7).unwrap_or(revision))
            }
            Self::Directory(path) => path.clone(),
        }
    }

    /// The URL of GitHub's comparison of two commits, if both are in one repository on GitHub.
    #[must_use]
    pub fn compare_page(old: &Self, new: &Self) -> Option<String> {
        let (
            Self::Commit {
                repository,
                revision: old,
                ..
            },
            Self::Commit {
                repository: same,
                revision: new,
                ..
            },
        ) = (old, new)
        else {
            return None;
        };
        let pages = snapshot::github_pages(repository)?;
        (snapshot::github_pages(same) == Some(pages))
            .then(|| format!("{pages}/compare/{old}...{new}"))
    }
}

/// The impact of all changes, and the next version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The greatest impact; `None` if there are no changes.
    pub impact: Option<Impact>,
    /// The package's version now.
    #[serde(serialize_with = "as_text")]
    pub current: Version,
    /// The version that the changes require.
    #[serde(serialize_with = "as_text")]
    pub next: Version,
}

/// The package's current version and its newest released version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageVersions {
    /// The package's version now.
    pub current: Version,
    /// The newest released version; `None` before the first release.
    pub released: Option<Version>,
}

impl Verdict {
    /// Computes the next version from the last release, so that several updates between two releases
    /// increment it only once. Before the first release, the current version stays.
    fn new(impact: Option<Impact>, PackageVersions { current, released }: PackageVersions) -> Self {
        let next = match (impact, &released) {
            (Some(impact), Some(released)) => impact.next(released).max(current.clone()),
            _ => current.clone(),
        };
        Self {
            impact,
            current,
            next,
        }
    }
}

/// One line.
impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.impact {
            None => write!(f, "nothing changes for users, {} stays", self.current),
            Some(impact) if self.next == self.current => {
                write!(
                    f,
                    "{impact}, {} is not released yet and stays",
                    self.current
                )
            }
            Some(impact) => write!(f, "{impact}, {} → {}", self.current, self.next),
        }
    }
}

fn as_text<S: Serializer>(version: &Version, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(version)
}

/// The two sides of a comparison, their differences and the verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The old side.
    pub old: Side,
    /// The new side.
    pub new: Side,
    /// The impact of all changes, and the next version.
    pub verdict: Verdict,
    /// The integrations that differ.
    #[serde(rename = "integrations")]
    pub diff: Diff,
    /// Warnings about the new manifests that the old ones didn't have, each in one line.
    pub new_warnings: Vec<String>,
    /// The integrations that are held back.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub held_back: Vec<HeldBack>,
}

impl Report {
    /// A report on `diff` for a package of this version, with nothing held back.
    #[must_use]
    pub fn new(
        (old, new): (Side, Side),
        diff: Diff,
        new_warnings: Vec<String>,
        release: PackageVersions,
    ) -> Self {
        Self {
            old,
            new,
            verdict: Verdict::new(diff.impact(), release),
            diff,
            new_warnings,
            held_back: Vec::new(),
        }
    }

    /// One line with the number of changed integrations and the number of changes by impact.
    #[must_use]
    pub fn counts(&self) -> String {
        let counted = |count: usize, what: &str| {
            let plural = if count == 1 { "" } else { "s" };
            format!("{count} {what}{plural}")
        };
        let impacts = Impact::ALL.map(|impact| {
            let of_impact = |change: &&super::Change| change.impact == impact;
            let count = self.diff.changes().filter(of_impact).count();
            format!("{count} {impact}")
        });
        format!(
            "{}, {}: {}",
            counted(self.diff.integrations.len(), "integration"),
            counted(self.diff.changes().count(), "change"),
            impacts.join(", ")
        )
    }

    /// As indented JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        snapshot::canonical(self)
    }

    /// As Markdown for a pull request; the first line is its title.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        markdown::text(self)
    }

    /// As an entry of the changelog. It leaves out changes of impact patch, except silent changes.
    #[must_use]
    pub fn to_changelog(&self) -> String {
        markdown::changelog(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commit(repository: &str, revision: &str) -> Side {
        Side::Commit {
            repository: repository.into(),
            revision: revision.into(),
            committed: "2025-11-19T10:44:49+01:00".into(),
        }
    }

    #[test]
    fn two_commits_of_one_repository_have_a_page() {
        let old = commit("https://github.com/a/b", "1111111111");
        let page = Side::compare_page(&old, &commit("https://github.com/a/b.git", "2222222222"));
        let expected = "https://github.com/a/b/compare/1111111111...2222222222";
        assert_eq!(page.as_deref(), Some(expected));
        for other in [
            commit("https://github.com/a/c", "2222222222"),
            commit("/srv/b", "2222222222"),
            Side::Directory("manifests".into()),
        ] {
            assert_eq!(Side::compare_page(&old, &other), None);
        }
    }

    #[test]
    fn updates_between_two_releases_ask_for_one_version() {
        let version = |text: &str| Version::parse(text).unwrap();
        for (impact, current, released, next) in [
            (Impact::Breaking, "0.1.0", Some("0.1.0"), "0.2.0"),
            (Impact::Breaking, "0.2.0", Some("0.1.0"), "0.2.0"),
            (Impact::Minor, "0.2.0", Some("0.1.0"), "0.2.0"),
            (Impact::Breaking, "0.1.1", Some("0.1.0"), "0.2.0"),
            (Impact::Breaking, "0.1.0", None, "0.1.0"),
        ] {
            let release = PackageVersions {
                current: version(current),
                released: released.map(version),
            };
            let verdict = Verdict::new(Some(impact), release);
            assert_eq!(verdict.next, version(next), "{impact} after {released:?}");
        }
    }

    #[test]
    fn a_side_has_a_short_name() {
        assert_eq!(
            commit("/srv/b", "1234567890").name(),
            "1234567 (2025-11-19)"
        );
        assert_eq!(commit("/srv/b", "12").name(), "12 (2025-11-19)");
    }
}
