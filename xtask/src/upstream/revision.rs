//! Which commit is meant.

use git2::Oid;

use super::error::GitError;
use super::location::Location;

const FULL_ID: usize = 40;
const SHORTEST_ID: usize = 4;
const SUGGESTIONS: usize = 3;
const NEAR: f64 = 0.75;

/// One ref as the remote advertises it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Advertised {
    pub(super) name: String,
    pub(super) id: Oid,
}

/// What the user asked for, checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted<'a> {
    /// The remote's `HEAD`.
    Default,
    Commit(Oid),
    Name(&'a str),
}

/// What has to be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target<'a> {
    Advertised(&'a Advertised),
    /// A commit that no advertised ref points at.
    Unadvertised(Oid),
}

impl<'a> Wanted<'a> {
    pub(super) fn parse(revision: Option<&'a str>) -> Result<Self, GitError> {
        let Some(name) = revision.filter(|name| *name != "HEAD") else {
            return Ok(Self::Default);
        };
        if is_hexadecimal(name) && name.len() == FULL_ID {
            return Oid::from_str(name)
                .map(Self::Commit)
                .map_err(GitError::libgit2("read the commit id"));
        }
        if name.starts_with('-') || !git2::Reference::is_valid_name(&format!("refs/heads/{name}")) {
            return Err(GitError::InvalidRevision {
                revision: name.to_owned(),
            });
        }
        Ok(Self::Name(name))
    }

    pub(super) fn resolve<'r>(
        &self,
        advertised: &'r [Advertised],
        location: &Location,
    ) -> Result<Target<'r>, GitError> {
        match *self {
            Self::Default => find(advertised, "HEAD")
                .map(Target::Advertised)
                .ok_or_else(|| no_default_branch(advertised, location)),
            Self::Commit(id) => Ok(
                pointing_at(advertised, id).map_or(Target::Unadvertised(id), Target::Advertised)
            ),
            Self::Name(name) => named(advertised, name)
                .map(Target::Advertised)
                .ok_or_else(|| no_such_revision(name, advertised, location)),
        }
    }
}

/// A revision without the steps back that stand behind it, as in `main~3`; and the steps.
pub(super) fn without_steps(revision: Option<&str>) -> (Option<&str>, &str) {
    let Some(revision) = revision else {
        return (None, "");
    };
    let is_step = |letter: char| letter.is_ascii_digit() || "~^".contains(letter);
    match revision.find(['~', '^']) {
        Some(at) if revision[at..].chars().all(is_step) => (Some(&revision[..at]), &revision[at..]),
        _ => (Some(revision), ""),
    }
}

fn is_hexadecimal(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn find<'r>(advertised: &'r [Advertised], name: &str) -> Option<&'r Advertised> {
    advertised.iter().find(|reference| reference.name == name)
}

/// The branch of that name, else the tag, else the ref so called in full.
fn named<'r>(advertised: &'r [Advertised], name: &str) -> Option<&'r Advertised> {
    let full = [format!("refs/heads/{name}"), format!("refs/tags/{name}")];
    full.iter()
        .find_map(|full| find(advertised, full))
        .or_else(|| find(advertised, name).filter(|_| name.starts_with("refs/")))
}

/// A ref whose tip is this commit can be fetched from any server, a bare id only from some.
///
/// `refs/tags/v1^{}` is how a server says what the annotated tag `refs/tags/v1` points at.
fn pointing_at(advertised: &[Advertised], id: Oid) -> Option<&Advertised> {
    advertised
        .iter()
        .find(|reference| reference.id == id)
        .and_then(|reference| match reference.name.strip_suffix("^{}") {
            Some(tag) => find(advertised, tag),
            None => Some(reference),
        })
}

fn no_default_branch(advertised: &[Advertised], location: &Location) -> GitError {
    GitError::NoDefaultBranch {
        repository: location.given.clone(),
        branches: short_names(advertised)
            .take(SUGGESTIONS)
            .map(str::to_owned)
            .collect(),
    }
}

fn no_such_revision(name: &str, advertised: &[Advertised], location: &Location) -> GitError {
    let repository = location.given.clone();
    let revision = name.to_owned();
    if is_hexadecimal(name) && (SHORTEST_ID..FULL_ID).contains(&name.len()) {
        return GitError::AbbreviatedCommit {
            repository,
            revision,
        };
    }
    let near = near(name, advertised);
    GitError::NoSuchRevision {
        repository,
        revision,
        near,
    }
}

fn short_names(advertised: &[Advertised]) -> impl Iterator<Item = &str> {
    advertised
        .iter()
        .filter_map(|reference| {
            let name = &reference.name;
            name.strip_prefix("refs/heads/")
                .or_else(|| name.strip_prefix("refs/tags/"))
        })
        .filter(|name| !name.ends_with("^{}"))
}

/// The most similar branch and tag names, best first.
fn near(name: &str, advertised: &[Advertised]) -> Vec<String> {
    let likeness = |other: &str| strsim::jaro_winkler(&name.to_lowercase(), &other.to_lowercase());
    let mut found: Vec<(f64, &str)> = short_names(advertised)
        .map(|other| (likeness(other), other))
        .filter(|(likeness, _)| *likeness >= NEAR)
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    found.dedup_by_key(|(_, name)| *name);
    found
        .into_iter()
        .take(SUGGESTIONS)
        .map(|(_, name)| name.to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(digit: char) -> Oid {
        Oid::from_str(&digit.to_string().repeat(FULL_ID)).unwrap()
    }

    fn remote() -> (Vec<Advertised>, Location) {
        let advertised = [
            ("HEAD", 'a'),
            ("refs/heads/both", 'b'),
            ("refs/heads/trunk", 'a'),
            ("refs/pull/7/head", 'c'),
            ("refs/tags/both", 'd'),
            ("refs/tags/v1.0", 'e'),
            ("refs/tags/v1.0^{}", 'f'),
        ]
        .map(|(name, digit)| Advertised {
            name: name.to_owned(),
            id: id(digit),
        });
        (
            advertised.to_vec(),
            Location::parse("https://example.com/repo").unwrap(),
        )
    }

    fn resolved(revision: Option<&str>) -> Result<String, GitError> {
        let (advertised, location) = remote();
        let wanted = Wanted::parse(revision)?;
        wanted
            .resolve(&advertised, &location)
            .map(|target| match target {
                Target::Advertised(reference) => reference.name.clone(),
                Target::Unadvertised(id) => id.to_string(),
            })
    }

    #[test]
    fn a_name_finds_its_ref() {
        let nines = "9".repeat(FULL_ID);
        for (revision, expected) in [
            (None, "HEAD"),
            (Some("HEAD"), "HEAD"),
            (Some("trunk"), "refs/heads/trunk"),
            (Some("both"), "refs/heads/both"),
            (Some("v1.0"), "refs/tags/v1.0"),
            (Some("refs/tags/both"), "refs/tags/both"),
            (Some("refs/pull/7/head"), "refs/pull/7/head"),
            (Some(&"c".repeat(FULL_ID)), "refs/pull/7/head"),
            (Some(&"F".repeat(FULL_ID)), "refs/tags/v1.0"),
            (Some(&nines), nines.as_str()),
        ] {
            assert_eq!(resolved(revision).unwrap(), expected, "{revision:?}");
        }
    }

    #[test]
    fn a_name_cannot_leave_the_refs() {
        for revision in [
            "",
            "-x",
            "--upload-pack=x",
            "../x",
            "a..b",
            "a b",
            "a\tb",
            "a\u{7f}",
            "a~1",
            "a^",
            "a:b",
            "a?",
            "a*",
            "a[b",
            "a\\b",
            "/a",
            "a/",
            "a//b",
            "a.lock",
            "a@{1}",
            ".a",
            "a\0b",
        ] {
            let error = Wanted::parse(Some(revision)).unwrap_err();
            assert!(
                matches!(error, GitError::InvalidRevision { .. }),
                "{revision:?}: {error}"
            );
        }
    }

    #[test]
    fn an_unknown_name_suggests_near_ones() {
        let error = resolved(Some("trunc")).unwrap_err().to_string();
        assert!(
            error.contains("`trunk`") && !error.contains("both"),
            "{error}"
        );
        let error = resolved(Some("zzz")).unwrap_err().to_string();
        assert!(
            error.contains("`zzz`") && !error.contains("did you mean"),
            "{error}"
        );
    }

    #[test]
    fn an_abbreviated_id_is_refused() {
        let error = resolved(Some("aaaaaaa")).unwrap_err();
        assert!(
            matches!(error, GitError::AbbreviatedCommit { .. }),
            "{error}"
        );
    }
}
