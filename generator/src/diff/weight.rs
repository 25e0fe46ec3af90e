//! What a change weighs for users, and the version that it asks for.

use std::fmt;

use semver::Version;
use serde::Serialize;

/// What a change weighs for users of the generated crate, by [Cargo's rules of semver] for the code
/// that is really emitted.
///
/// [Cargo's rules of semver]: https://doc.rust-lang.org/cargo/reference/semver.html
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// No public name or type changes.
    Patch,
    /// There is more than before, and every program still compiles.
    Minor,
    /// Some program that compiled doesn't any more.
    Breaking,
}

impl Weight {
    /// Every weight, the heaviest first.
    pub const ALL: [Self; 3] = [Self::Breaking, Self::Minor, Self::Patch];

    /// Its name in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Breaking => "breaking",
        }
    }

    /// The next version after a change of this weight.
    ///
    /// Cargo takes the first number that isn't zero for the major one, so before 1.0.0 everything
    /// moves down by a place. A pre-release's next version is the release.
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

impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `pad` heeds the width that a column asks for.
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
            let next = Weight::ALL.map(|weight| weight.next(&current).to_string());
            assert_eq!(next, [breaking, minor, patch], "{current}");
        }
    }

    #[test]
    fn the_heaviest_is_the_greatest() {
        assert_eq!(Weight::ALL.iter().max(), Some(&Weight::Breaking));
        assert!(Weight::Minor > Weight::Patch);
    }
}
