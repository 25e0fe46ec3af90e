//! Resolves a revision to a commit, with a repository's refs. It is the same for all transports.

use generator::escape_and_truncate;
use git2::{Oid, Repository};

use super::error::Problem;

const FULL_ID: usize = 40;
const SHORTEST_ID: usize = 4;
const SUGGESTIONS: usize = 3;
const NEAR: f64 = 0.75;
/// The folders in which a name is looked up, in this order. Other refs, such as `refs/pull/7/head`, are
/// proposals of contributors.
const FOLDERS: [&str; 3] = ["refs/heads/", "refs/tags/", "refs/remotes/"];

/// One ref of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ref {
    pub(super) name: String,
    pub(super) id: Oid,
    /// The commit of an annotated tag; otherwise the same as `id`.
    pub(super) commit: Oid,
}

impl Ref {
    pub(super) fn is_of_repository(&self) -> bool {
        self.name == "HEAD" || FOLDERS.iter().any(|folder| self.name.starts_with(folder))
    }
}

/// A validated revision: a start, and the steps to its ancestor, such as `~3^2`.
#[derive(Clone, Copy, Debug)]
pub(super) struct RevisionSpec<'a> {
    given: &'a str,
    start: Start<'a>,
    pub(super) steps: &'a str,
}

#[derive(Clone, Copy, Debug)]
enum Start<'a> {
    Id(Oid),
    Name(&'a str),
}

/// The commit of a revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Resolved {
    pub(super) commit: Oid,
    /// The ref through which it was found, if it isn't on any branch or tag.
    pub(super) outside: Option<String>,
}

impl<'a> RevisionSpec<'a> {
    pub(super) fn parse(revision: Option<&'a str>) -> Result<Self, Problem> {
        let given = revision.unwrap_or("HEAD");
        let is_step = |letter: char| letter.is_ascii_digit() || "~^".contains(letter);
        let (name, steps) = match given.find(['~', '^']) {
            Some(at) if given[at..].chars().all(is_step) => given.split_at(at),
            _ => (given, ""),
        };
        let start = match Oid::from_str(name) {
            Ok(id) if name.len() == FULL_ID => Start::Id(id),
            _ => Start::Name(name),
        };
        let spec = Self {
            given,
            start,
            steps,
        };
        if name.starts_with('-') || !git2::Reference::is_valid_name(&format!("refs/heads/{name}")) {
            return Err(spec.revision_error(
                "is not a revision: pass a branch, a tag, a commit id, or `refs/pull/7/head`, each \
                 with steps back such as `~3` if wanted",
            ));
        }
        Ok(spec)
    }

    /// The commit, if the revision is a full commit id without steps.
    pub(super) fn full_id(&self) -> Option<Oid> {
        match self.start {
            Start::Id(id) if self.steps.is_empty() => Some(id),
            _ => None,
        }
    }

    /// The ref of the revision; `None` if the revision can be a commit id.
    pub(super) fn named<'r>(&self, refs: &'r [Ref]) -> Result<Option<&'r Ref>, Problem> {
        let name = match self.start {
            Start::Id(id) => {
                let mut own = refs.iter().filter(|known| known.is_of_repository());
                return Ok(own.find(|known| known.id == id || known.commit == id));
            }
            Start::Name(name) => name,
        };
        let find = |full: &str| refs.iter().find(|known| known.name == full);
        let is_full = name == "HEAD" || name.starts_with("refs/");
        let mut short = FOLDERS.iter().filter(|_| name != "HEAD");
        let found = short.find_map(|folder| find(&format!("{folder}{name}")));
        match found.or_else(|| find(name).filter(|_| is_full)) {
            None if is_abbreviated(name) => Ok(None),
            None if name == "HEAD" => Err(no_default_branch(refs)),
            None => Err(self.revision_error(&format!(
                "is not a branch, tag or commit{}",
                did_you_mean(name, refs)
            ))),
            found => Ok(found),
        }
    }

    /// Resolves the revision. The repository must have the history of all its branches and tags, unless
    /// the revision is one of them.
    pub(super) fn resolve(
        &self,
        repository: &Repository,
        refs: &[Ref],
    ) -> Result<Resolved, Problem> {
        let named = self.named(refs)?;
        let start = match (named, self.start) {
            (Some(found), _) => found.commit,
            (None, Start::Id(id)) => id,
            (None, Start::Name(prefix)) => self.unabbreviated(prefix, repository, refs)?,
        };
        let commit = self.steps_back(start, repository)?;
        let outside = match named {
            Some(found) if found.is_of_repository() => None,
            _ if is_reached(repository, commit, tips(refs))? => None,
            Some(found) => Some(found.name.clone()),
            None => {
                let proposed = refs.iter().find(|known| known.commit == commit);
                let pull = proposed.map_or("refs/pull/N/head", |known| known.name.as_str());
                return Err(self.revision_error(&format!(
                    "is a commit on no branch or tag, so it may belong to a fork: pass a branch \
                     or tag, or `{pull}` for a pull request"
                )));
            }
        };
        Ok(Resolved { commit, outside })
    }

    fn steps_back(&self, start: Oid, repository: &Repository) -> Result<Oid, Problem> {
        // An object with this id may not exist.
        let Ok(object) = repository.find_object(start, None) else {
            return Ok(start);
        };
        if object.peel_to_commit().is_err() {
            return Err(
                self.revision_error("is not a commit but another git object: pass a commit id")
            );
        }
        let found = repository.revparse_single(&format!("{start}{}", self.steps));
        found
            .map(|commit| commit.id())
            .map_err(|_| self.revision_error("goes back beyond the first commit: use fewer steps"))
    }

    /// The commit with an abbreviated id.
    fn unabbreviated(
        &self,
        prefix: &str,
        repository: &Repository,
        refs: &[Ref],
    ) -> Result<Oid, Problem> {
        let prefix = prefix.to_ascii_lowercase();
        let ids = reached(repository, tips(refs))?.collect::<Result<Vec<_>, _>>()?;
        let mut found = ids.iter().filter(|id| id.to_string().starts_with(&prefix));
        match (found.next(), found.next()) {
            (Some(id), None) => Ok(*id),
            (Some(_), Some(_)) => Err(self.revision_error(
                "is ambiguous, several commit ids begin with it: pass more digits",
            )),
            (None, _) => Err(self.revision_error(&format!(
                "is not a branch or tag, and no commit on one has an id that begins with it{}",
                did_you_mean(&prefix, refs)
            ))),
        }
    }

    fn revision_error(&self, cause: &str) -> Problem {
        Problem::Revision {
            revision: escape_and_truncate(self.given),
            cause: cause.to_owned(),
        }
    }
}

/// Whether `commit` is one of `tips` or an ancestor of one.
pub(super) fn is_reached(
    repository: &Repository,
    commit: Oid,
    tips: impl Iterator<Item = Oid>,
) -> Result<bool, git2::Error> {
    for id in reached(repository, tips)? {
        if id? == commit {
            return Ok(true);
        }
    }
    Ok(false)
}

fn reached(
    repository: &Repository,
    tips: impl Iterator<Item = Oid>,
) -> Result<git2::Revwalk<'_>, git2::Error> {
    let mut walk = repository.revwalk()?;
    // A tag may point at a file, and a branch may not have been fetched.
    for tip in tips.filter(|tip| repository.find_commit(*tip).is_ok()) {
        walk.push(tip)?;
    }
    Ok(walk)
}

/// The commits of the repository's branches and tags.
fn tips(refs: &[Ref]) -> impl Iterator<Item = Oid> {
    let own = refs.iter().filter(|known| known.is_of_repository());
    own.map(|known| known.commit)
}

fn is_abbreviated(name: &str) -> bool {
    (SHORTEST_ID..FULL_ID).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn no_default_branch(refs: &[Ref]) -> Problem {
    let names: Vec<_> = short_names(refs).collect();
    Problem::Repository(if names.is_empty() {
        "it has no commit: check the address".to_owned()
    } else {
        let names = alternatives(&names);
        format!("it has no default branch with a commit: pass a revision, such as {names}")
    })
}

fn short_names(refs: &[Ref]) -> impl Iterator<Item = &str> {
    let own = refs.iter().filter(|known| known.is_of_repository());
    own.filter_map(|known| known.name.splitn(3, '/').nth(2))
}

/// The most similar branch and tag names, best first.
fn did_you_mean(name: &str, refs: &[Ref]) -> String {
    let likeness = |other: &str| strsim::jaro_winkler(&name.to_lowercase(), &other.to_lowercase());
    let names = short_names(refs).map(|other| (likeness(other), other));
    let mut near: Vec<_> = names.filter(|(likeness, _)| *likeness >= NEAR).collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    near.dedup_by_key(|(_, name)| *name);
    let near: Vec<_> = near.into_iter().map(|(_, name)| name).collect();
    match near.as_slice() {
        [] => ": check the spelling".to_owned(),
        near => format!("; did you mean {}?", alternatives(near)),
    }
}

fn alternatives(names: &[&str]) -> String {
    let names = names.iter().take(SUGGESTIONS);
    let quoted: Vec<_> = names
        .map(|name| format!("`{}`", escape_and_truncate(name)))
        .collect();
    quoted.join(" or ")
}
