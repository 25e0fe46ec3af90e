//! The semver impact of a change, and the next version that it requires.

use std::collections::HashSet;
use std::fmt;

use semver::Version;
use serde::Serialize;

/// The semver impact of a change on users of the generated crate, by [Cargo's rules]. It follows from
/// the public names.
///
/// [Cargo's rules]: https://doc.rust-lang.org/cargo/reference/semver.html
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Impact {
    /// No public name or type changes.
    Patch,
    /// Public names are added. Every program still compiles.
    Minor,
    /// A public name or type is removed or changed. Some programs no longer compile.
    Breaking,
}

impl Impact {
    /// All impacts, the greatest first.
    pub const ALL: [Self; 3] = [Self::Breaking, Self::Minor, Self::Patch];

    /// The impact of replacing the public names `old` by `new`.
    pub(crate) fn between<'a>(
        old: impl IntoIterator<Item = &'a String>,
        new: impl IntoIterator<Item = &'a String>,
    ) -> Self {
        let old: HashSet<&String> = old.into_iter().collect();
        let new: HashSet<&String> = new.into_iter().collect();
        if !old.is_subset(&new) {
            Self::Breaking
        } else if new.len() > old.len() {
            Self::Minor
        } else {
            Self::Patch
        }
    }

    /// The name in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Breaking => "breaking",
        }
    }

    /// The next version after a change of this impact.
    ///
    /// Cargo treats the first number that isn't zero as the major one. So before 1.0.0, a breaking change
    /// increments the minor number, and every other change the patch number. The version after a
    /// pre-release is its release.
    #[must_use]
    pub fn next(self, current: &Version) -> Version {
        let Version {
            major,
            minor,
            patch,
            ..
        } = *current;
        if !current.pre.is_empty() {
            return Version::new(major, minor, patch);
        }
        match (self, major, minor) {
            (Self::Breaking, 0, 0) => Version::new(0, 0, patch + 1),
            (Self::Breaking, 0, _) => Version::new(0, minor + 1, 0),
            (Self::Breaking, ..) => Version::new(major + 1, 0, 0),
            (Self::Minor, 1.., _) => Version::new(major, minor + 1, 0),
            (Self::Minor | Self::Patch, ..) => Version::new(major, minor, patch + 1),
        }
    }
}

impl fmt::Display for Impact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `pad` applies the width of the format string.
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_version_is_the_one_that_cargo_expects() {
        for (current, breaking, minor, patch) in [
            ("0.0.3", "0.0.4", "0.0.4", "0.0.4"),
            ("0.1.0", "0.2.0", "0.1.1", "0.1.1"),
            ("0.9.7", "0.10.0", "0.9.8", "0.9.8"),
            ("1.2.3", "2.0.0", "1.3.0", "1.2.4"),
            ("1.0.0-rc.1", "1.0.0", "1.0.0", "1.0.0"),
            ("1.2.3+build", "2.0.0", "1.3.0", "1.2.4"),
        ] {
            let current = Version::parse(current).unwrap();
            let next = Impact::ALL.map(|impact| impact.next(&current).to_string());
            assert_eq!(next, [breaking, minor, patch], "{current}");
        }
    }

    #[test]
    fn breaking_is_the_greatest() {
        assert_eq!(Impact::ALL.iter().max(), Some(&Impact::Breaking));
        assert!(Impact::Minor > Impact::Patch);
    }
}
