//! What can go wrong, each in one sentence: what, where, and what helps.

use std::io;
use std::path::PathBuf;

use git2::ErrorClass;

use super::upstream::Failure;

/// Why manifests could not be fetched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GitError {
    /// Another transport than the supported ones, or no address at all.
    #[error(
        "`{repository}` can't be fetched: give an https:// or http:// address without query, a \
         file:// address, or a path"
    )]
    Unsupported {
        /// What was named, without its credentials.
        repository: String,
    },
    /// A user name or password inside the address.
    #[error(
        "the address of `{host}` holds credentials, which would end up in files and messages: leave \
         them out, or clone the repository with git and give the clone's path"
    )]
    Credentials {
        /// The address's host.
        host: String,
    },
    /// A revision that can't be the name of a branch or tag.
    #[error(
        "{revision:?} can't be a revision: give the name of a branch or tag, or a commit id of 40 \
         hexadecimal digits"
    )]
    InvalidRevision {
        /// What was asked for.
        revision: String,
    },
    /// A commit id that was cut short; remotes don't resolve those.
    #[error(
        "`{revision}` is no branch or tag of {repository}, and a remote finds a commit only by its \
         full id: give all 40 digits"
    )]
    AbbreviatedCommit {
        /// The repository.
        repository: String,
        /// What was asked for.
        revision: String,
    },
    /// No branch, tag or commit of that name.
    #[error("{repository} has no branch, tag or commit `{revision}`{}", did_you_mean(.near))]
    NoSuchRevision {
        /// The repository.
        repository: String,
        /// What was asked for.
        revision: String,
        /// Similar names of branches and tags, best first.
        near: Vec<String>,
    },
    /// An empty repository, or one whose default branch has no commit.
    #[error("{repository} has no default branch with a commit{}", choose_one_of(.branches))]
    NoDefaultBranch {
        /// The repository.
        repository: String,
        /// Some branches and tags that it has.
        branches: Vec<String>,
    },
    /// The id of a tree or a blob.
    #[error("`{id}` in {repository} is an object but no commit: give a commit's id")]
    NotACommit {
        /// The repository.
        repository: String,
        /// What was asked for.
        id: String,
    },
    /// The commit has no folder `integrations`.
    #[error(
        "{repository} has no folder `integrations` at commit {revision}: is it a copy of \
         launchdarkly/integration-framework, and is the revision the right one?"
    )]
    NoIntegrations {
        /// The repository.
        repository: String,
        /// The commit's full id.
        revision: String,
    },
    /// Nothing there, or no git repository.
    #[error("{repository} is not a git repository ({reason}): check the address")]
    NoSuchRepository {
        /// The repository.
        repository: String,
        /// How that was seen.
        reason: &'static str,
    },
    /// The name has no address.
    #[error("the host `{host}` of {repository} isn't known: check its spelling and the network")]
    UnknownHost {
        /// The repository.
        repository: String,
        /// The host.
        host: String,
    },
    /// The host is there, but nothing listens.
    #[error(
        "`{host}` refused the connection for {repository}: check the address and its port, or try \
         again later"
    )]
    ConnectionRefused {
        /// The repository.
        repository: String,
        /// The host, with its port if given.
        host: String,
    },
    /// No conversation, or one that broke off.
    #[error(
        "{repository} can't be reached at `{host}` ({cause}): check the network, or try again later"
    )]
    Unreachable {
        /// The repository.
        repository: String,
        /// The host, with its port if given.
        host: String,
        /// What was seen.
        cause: String,
    },
    /// The server's certificate isn't trusted.
    #[error(
        "the certificate of `{host}` for {repository} was refused ({cause}): have the system trust \
         its authority, or name the authority's PEM file in SSL_CERT_FILE"
    )]
    Certificate {
        /// The repository.
        repository: String,
        /// The host, with its port if given.
        host: String,
        /// Why.
        cause: String,
    },
    /// The server wants a login. Some servers say so of repositories that don't exist, too.
    #[error(
        "`{host}` asks for a login for {repository}, so it is private or doesn't exist: check the \
         address, or clone it with git and give the clone's path"
    )]
    AuthenticationRequired {
        /// The repository.
        repository: String,
        /// The host, with its port if given.
        host: String,
    },
    /// An answer that is neither the repository nor one of the known refusals.
    #[error("`{host}` answered {status} for {repository}: try again later")]
    Status {
        /// The repository.
        repository: String,
        /// The host, with its port if given.
        host: String,
        /// The HTTP status.
        status: u16,
    },
    /// A redirect that must not be followed, or leads nowhere.
    #[error("{repository} redirects to {target}, which can't be followed: give the new address")]
    Redirect {
        /// The repository.
        repository: String,
        /// Where to.
        target: String,
    },
    /// Git's own guard against other users' repositories.
    #[error(
        "{} belongs to another user: if you trust it, run `git config --global --add \
         safe.directory {}`", .path.display(), .path.display()
    )]
    ForeignOwner {
        /// The repository.
        path: PathBuf,
    },
    /// The cache can't be made, locked or deleted.
    #[error("the cache {} can't be used ({source}): make it writable or free its disk", .path.display())]
    Cache {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The loopback relay could not be started.
    #[error("no relay can be started on 127.0.0.1 ({source}): allow local connections")]
    Relay {
        /// What the system said.
        source: io::Error,
    },
    /// Everything else that libgit2 reports.
    #[error("libgit2 could not {doing}: {} (class {:?}, code {:?})", .cause.message(), .cause.class(), .cause.code())]
    Libgit2 {
        /// What was being done.
        doing: &'static str,
        /// What libgit2 said.
        cause: git2::Error,
    },
}

impl GitError {
    pub(super) fn libgit2(doing: &'static str) -> impl Fn(git2::Error) -> Self {
        move |cause| Self::Libgit2 { doing, cause }
    }

    /// Whether a fresh cache could help: anything that libgit2 reports, unless it is the network's.
    pub(super) fn may_come_from_damage(&self) -> bool {
        match self {
            Self::Libgit2 { cause, .. } => !matches!(
                cause.class(),
                ErrorClass::Net | ErrorClass::Http | ErrorClass::Callback
            ),
            _ => false,
        }
    }

    pub(super) fn from_failure(failure: Failure, repository: &str) -> Self {
        let repository = repository.to_owned();
        match failure {
            Failure::UnknownHost { host } => Self::UnknownHost { repository, host },
            Failure::ConnectionRefused { host } => Self::ConnectionRefused { repository, host },
            Failure::Unreachable { host, cause } => Self::Unreachable {
                repository,
                host,
                cause,
            },
            Failure::Certificate { host, cause } => Self::Certificate {
                repository,
                host,
                cause,
            },
            Failure::Redirect { target } => Self::Redirect { repository, target },
            Failure::NoGit { reason } => Self::NoSuchRepository { repository, reason },
            Failure::Status {
                host,
                status: 401 | 403 | 407,
            } => Self::AuthenticationRequired { repository, host },
            Failure::Status {
                status: 404 | 410, ..
            } => Self::NoSuchRepository {
                repository,
                reason: "the server has no such repository",
            },
            Failure::Status { host, status } => Self::Status {
                repository,
                host,
                status,
            },
        }
    }
}

fn did_you_mean(near: &[String]) -> String {
    match near {
        [] => ": check its spelling".to_owned(),
        near => format!("; did you mean {}?", alternatives(near)),
    }
}

fn choose_one_of(branches: &[String]) -> String {
    match branches {
        [] => ": it is empty".to_owned(),
        branches => format!(": name a revision, e.g. {}", alternatives(branches)),
    }
}

fn alternatives(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(" or ")
}
