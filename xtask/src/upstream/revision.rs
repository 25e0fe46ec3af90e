//! Which commit a revision means, given a repository's refs. The same for all transports.

use generator::diagnostic::bounded;
use git2::{Oid, Repository};

use super::error::GitError;
use super::location::Location;

const FULL_ID: usize = 40;
const SHORTEST_ID: usize = 4;
const SUGGESTIONS: usize = 3;
const NEAR: f64 = 0.75;

/// One ref of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ref {
    pub(super) name: String,
    pub(super) id: Oid,
    /// The commit that an annotated tag points at; otherwise the same as `id`.
    pub(super) commit: Oid,
}

impl Ref {
    /// Whether what it reaches is of the repository itself. `refs/pull/7/head` and the like hold what
    /// others propose.
    pub(super) fn is_of_repository(&self) -> bool {
        let folders = ["refs/heads/", "refs/tags/", "refs/remotes/"];
        self.name == "HEAD" || folders.iter().any(|folder| self.name.starts_with(folder))
    }
}

/// What the user asked for, checked: a start, and the steps back from it.
#[derive(Clone, Copy, Debug)]
pub(super) struct RevisionSpec<'a> {
    given: &'a str,
    start: Start<'a>,
    /// Such as `~3^2`.
    pub(super) steps: &'a str,
}

#[derive(Clone, Copy, Debug)]
enum Start<'a> {
    Id(Oid),
    Name(&'a str),
}

/// A revision's commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Resolved {
    pub(super) commit: Oid,
    /// The ref by which it was found, if no branch or tag reaches it.
    pub(super) outside: Option<String>,
}

impl<'a> RevisionSpec<'a> {
    pub(super) fn parse(revision: Option<&'a str>, location: &Location) -> Result<Self, GitError> {
        let given = revision.unwrap_or("HEAD");
        let (name, steps) = split_steps(given);
        let problem = "is not a revision: give a branch, a tag, a commit's id, or `refs/pull/7/head`, \
                       each with steps back such as `~3` if wanted";
        let start = match Oid::from_str(name) {
            Ok(id) if name.len() == FULL_ID => Start::Id(id),
            _ if name.starts_with('-')
                || !git2::Reference::is_valid_name(&format!("refs/heads/{name}")) =>
            {
                return Err(refused(location, given, problem.to_owned()));
            }
            _ => Start::Name(name),
        };
        Ok(Self {
            given,
            start,
            steps,
        })
    }

    /// The commit, if it is asked for by nothing but its id.
    pub(super) fn full_id(&self) -> Option<Oid> {
        match self.start {
            Start::Id(id) if self.steps.is_empty() => Some(id),
            _ => None,
        }
    }

    /// The ref that is meant. Of a branch and a tag with the same name, the branch.
    pub(super) fn named<'r>(
        &self,
        refs: &'r [Ref],
        location: &Location,
    ) -> Result<Option<&'r Ref>, GitError> {
        let name = match self.start {
            Start::Id(id) => {
                let mut own = refs.iter().filter(|known| known.is_of_repository());
                return Ok(own.find(|known| known.id == id || known.commit == id));
            }
            Start::Name(name) => name,
        };
        let find = |full: String| refs.iter().find(|known| known.name == full);
        let folders = ["refs/heads/", "refs/tags/", "refs/remotes/"];
        let found = match name {
            "HEAD" => find(name.to_owned()),
            _ => folders
                .iter()
                .find_map(|folder| find(format!("{folder}{name}")))
                .or_else(|| find(name.to_owned()).filter(|_| name.starts_with("refs/"))),
        };
        match found {
            None if is_abbreviated(name) => Ok(None),
            None if name == "HEAD" => Err(no_default_branch(refs, location)),
            None => {
                let problem = format!("is no branch, tag or commit{}", did_you_mean(name, refs));
                Err(refused(location, self.given, problem))
            }
            found => Ok(found),
        }
    }

    /// The one function that decides which commit is meant. The repository must have the history of
    /// all refs of its own, unless the revision is one of them.
    pub(super) fn resolve(
        &self,
        repository: &Repository,
        refs: &[Ref],
        location: &Location,
    ) -> Result<Resolved, GitError> {
        let named = self.named(refs, location)?;
        let start = match (named, self.start) {
            (Some(found), _) => found.commit,
            (None, Start::Id(id)) => id,
            (None, Start::Name(prefix)) => {
                self.unabbreviated(prefix, repository, refs, location)?
            }
        };
        let commit = self.stepped(repository, start, location)?;
        let outside = match named {
            Some(found) if found.is_of_repository() => None,
            _ if is_reached(repository, commit, refs)? => None,
            Some(found) => Some(found.name.clone()),
            None => {
                let proposed = refs.iter().find(|known| known.commit == commit);
                let pull = proposed.map_or("refs/pull/N/head", |known| known.name.as_str());
                let problem = format!(
                    "is a commit that no branch or tag reaches, so it may be of a fork: give a branch \
                     or tag, or `{pull}` for a pull request"
                );
                return Err(refused(location, self.given, problem));
            }
        };
        Ok(Resolved { commit, outside })
    }

    fn stepped(
        &self,
        repository: &Repository,
        start: Oid,
        location: &Location,
    ) -> Result<Oid, GitError> {
        let Ok(object) = repository.find_object(start, None) else {
            // Only a commit that was named by its id can be missing.
            return Ok(start);
        };
        if object.peel_to_commit().is_err() {
            let problem = "is an object but no commit: give a commit's id".to_owned();
            return Err(refused(location, self.given, problem));
        }
        let found = repository.revparse_single(&format!("{start}{}", self.steps));
        found.map(|found| found.id()).map_err(|_| {
            let problem = format!("leads back further than the history of {start}");
            refused(location, self.given, problem)
        })
    }

    /// The commit of the repository that an abbreviated id stands for.
    fn unabbreviated(
        &self,
        prefix: &str,
        repository: &Repository,
        refs: &[Ref],
        location: &Location,
    ) -> Result<Oid, GitError> {
        let prefix = prefix.to_ascii_lowercase();
        let mut found = Vec::new();
        for id in reached(repository, refs)? {
            let id = id.map_err(GitError::libgit2("walk the history"))?;
            if id.to_string().starts_with(&prefix) {
                found.push(id);
            }
        }
        match found.as_slice() {
            [id] => Ok(*id),
            [] => {
                let near = did_you_mean(&prefix, refs);
                let problem = format!(
                    "is no branch or tag, and begins the id of no commit that one reaches{near}"
                );
                Err(refused(location, self.given, problem))
            }
            _ => {
                let problem = "begins the ids of several commits: give more digits".to_owned();
                Err(refused(location, self.given, problem))
            }
        }
    }
}

/// Whether a branch or tag of the repository reaches a commit.
pub(super) fn is_reached(
    repository: &Repository,
    commit: Oid,
    refs: &[Ref],
) -> Result<bool, GitError> {
    for id in reached(repository, refs)? {
        if id.map_err(GitError::libgit2("walk the history"))? == commit {
            return Ok(true);
        }
    }
    Ok(false)
}

fn reached<'r>(repository: &'r Repository, refs: &[Ref]) -> Result<git2::Revwalk<'r>, GitError> {
    let walk = || -> Result<_, git2::Error> {
        let mut walk = repository.revwalk()?;
        for known in refs.iter().filter(|known| known.is_of_repository()) {
            // A tag may point at a file, and a ref may be of no interest here.
            if repository.find_commit(known.commit).is_ok() {
                walk.push(known.commit)?;
            }
        }
        Ok(walk)
    };
    walk().map_err(GitError::libgit2("walk the history"))
}

/// A revision, and the steps back that stand behind it.
fn split_steps(revision: &str) -> (&str, &str) {
    let is_step = |letter: char| letter.is_ascii_digit() || "~^".contains(letter);
    match revision.find(['~', '^']) {
        Some(at) if revision[at..].chars().all(is_step) => revision.split_at(at),
        _ => (revision, ""),
    }
}

fn is_abbreviated(name: &str) -> bool {
    (SHORTEST_ID..FULL_ID).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn refused(location: &Location, revision: &str, problem: String) -> GitError {
    GitError::Revision {
        repository: location.given.clone(),
        revision: bounded(revision),
        problem,
    }
}

fn no_default_branch(refs: &[Ref], location: &Location) -> GitError {
    let names: Vec<_> = short_names(refs).take(SUGGESTIONS).collect();
    let problem = match names.as_slice() {
        [] => "has no commit: it is empty".to_owned(),
        names => {
            let names = alternatives(names);
            format!("has no default branch with a commit: name a revision, such as {names}")
        }
    };
    GitError::Repository {
        repository: location.given.clone(),
        problem,
    }
}

fn short_names(refs: &[Ref]) -> impl Iterator<Item = &str> {
    refs.iter().filter_map(|known| {
        let name = &known.name;
        name.strip_prefix("refs/heads/")
            .or_else(|| name.strip_prefix("refs/tags/"))
    })
}

/// The most similar branch and tag names, best first.
fn did_you_mean(name: &str, refs: &[Ref]) -> String {
    let likeness = |other: &str| strsim::jaro_winkler(&name.to_lowercase(), &other.to_lowercase());
    let mut near: Vec<(f64, &str)> = short_names(refs)
        .map(|other| (likeness(other), other))
        .filter(|(likeness, _)| *likeness >= NEAR)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    near.dedup_by_key(|(_, name)| *name);
    let near: Vec<&str> = near.into_iter().map(|(_, name)| name).collect();
    match near.as_slice() {
        [] => ": check its spelling".to_owned(),
        near => format!("; did you mean {}?", alternatives(near)),
    }
}

fn alternatives(names: &[&str]) -> String {
    let names = names.iter().take(SUGGESTIONS);
    let quoted: Vec<String> = names.map(|name| format!("`{}`", bounded(name))).collect();
    quoted.join(" or ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(digit: char) -> Oid {
        Oid::from_str(&digit.to_string().repeat(FULL_ID)).unwrap()
    }

    fn named(revision: Option<&str>) -> Result<Option<String>, GitError> {
        let refs = [
            ("HEAD", 'a'),
            ("refs/heads/both", 'b'),
            ("refs/heads/trunk", 'a'),
            ("refs/pull/7/head", 'c'),
            ("refs/remotes/origin/topic", 'd'),
            ("refs/tags/both", 'd'),
            ("refs/tags/v1.0", 'e'),
        ]
        .map(|(name, digit)| Ref {
            name: name.to_owned(),
            id: id(digit),
            commit: id(if digit == 'e' { 'f' } else { digit }),
        });
        let location = Location::parse("https://example.com/repo")?;
        let spec = RevisionSpec::parse(revision, &location)?;
        Ok(spec
            .named(&refs, &location)?
            .map(|found| found.name.clone()))
    }

    #[test]
    fn a_name_finds_its_ref() {
        for (revision, expected) in [
            (None, Some("HEAD")),
            (Some("HEAD^"), Some("HEAD")),
            (Some("trunk"), Some("refs/heads/trunk")),
            (Some("both~2"), Some("refs/heads/both")),
            (Some("v1.0"), Some("refs/tags/v1.0")),
            (Some("origin/topic"), Some("refs/remotes/origin/topic")),
            (Some("refs/tags/both"), Some("refs/tags/both")),
            (Some("refs/pull/7/head^2~1"), Some("refs/pull/7/head")),
            (Some(&"F".repeat(FULL_ID)), Some("refs/tags/v1.0")),
            (Some(&"c".repeat(FULL_ID)), None),
            (Some(&"9".repeat(FULL_ID)), None),
            (Some("deadbeef"), None),
        ] {
            assert_eq!(
                named(revision).unwrap().as_deref(),
                expected,
                "{revision:?}"
            );
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
            "~1",
            "^",
            "a~x",
            "a^{tree}",
            "a~1/x",
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
            let error = named(Some(revision)).unwrap_err().to_string();
            assert!(error.contains("is not a revision"), "{revision:?}: {error}");
        }
    }

    #[test]
    fn an_unknown_name_suggests_near_ones() {
        let error = named(Some("trunc")).unwrap_err().to_string();
        assert!(
            error.contains("`trunk`") && !error.contains("both"),
            "{error}"
        );
        let error = named(Some("zzz~1")).unwrap_err().to_string();
        assert!(
            error.contains("`zzz~1`") && error.contains("spelling"),
            "{error}"
        );
    }
}
