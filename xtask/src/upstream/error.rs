//! What can go wrong: what, where, and what to do next.

use std::io;
use std::path::PathBuf;

use generator::diagnostic::bounded;
use git2::ErrorClass;

/// Why manifests could not be fetched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GitError {
    /// An address that can't be used.
    #[error("`{repository}` can't be fetched: {advice}")]
    Address {
        /// What was named, without its credentials.
        repository: String,
        /// What is wrong, and what to give instead.
        advice: String,
    },
    /// No repository where the address leads, or one without what is needed.
    #[error("{repository} {problem}")]
    Repository {
        /// The repository.
        repository: String,
        /// What it lacks, and what to do.
        problem: String,
    },
    /// A revision that doesn't name a commit of the repository.
    #[error("`{revision}` of {repository} {problem}")]
    Revision {
        /// The repository.
        repository: String,
        /// What was asked for.
        revision: String,
        /// What is wrong with it, and what to give instead.
        problem: String,
    },
    /// A clone that lacks objects.
    #[error("{} lacks objects that are needed: run `{command}`", .path.display())]
    Incomplete {
        /// The clone.
        path: PathBuf,
        /// What completes it.
        command: String,
    },
    /// The host, or the way to it.
    #[error("{repository} can't be fetched: {failure}")]
    Network {
        /// The repository.
        repository: String,
        /// What happened.
        failure: Failure,
    },
    /// The cache can't be made, locked, written or replaced.
    #[error("the cache {} can't be used ({problem}): make it writable, or free its disk", .path.display())]
    Cache {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        problem: String,
    },
    /// Everything else that libgit2 reports.
    #[error("libgit2 could not {doing}: {} (class {:?}, code {:?})", bounded(.cause.message()), .cause.class(), .cause.code())]
    Libgit2 {
        /// What was being done.
        doing: &'static str,
        /// What libgit2 said.
        cause: git2::Error,
    },
}

/// What went wrong between here and a repository's host.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the messages say what each means")]
pub enum Failure {
    #[error("the host {host} isn't known: check its spelling and the network{UNREAD}")]
    UnknownHost { host: String },
    #[error("{host} refused the connection: check the address and its port{UNREAD}")]
    ConnectionRefused { host: String },
    #[error("the connection to {host} broke off ({cause}): try again later{UNREAD}")]
    BrokenOff { host: String, cause: String },
    #[error("{host} can't be reached ({cause}): check the network, or try again later{UNREAD}")]
    Unreachable { host: String, cause: String },
    #[error(
        "the certificate of {host} was refused ({cause}): have the system trust its authority, or \
         name the authority's PEM file in SSL_CERT_FILE{UNREAD}"
    )]
    Certificate { host: String, cause: String },
    #[error("the proxy `{proxy}` of {variable} failed ({cause}): check that variable{UNREAD}")]
    Proxy {
        variable: &'static str,
        /// Host and port.
        proxy: String,
        cause: String,
    },
    #[error(
        "{variable} is not a proxy's address: give scheme, host and port, such as \
         http://proxy.example:3128 or socks5h://proxy.example:1080"
    )]
    MalformedProxy { variable: &'static str },
    #[error(
        "{host} asks for a login, so it is private or doesn't exist: check the address, or clone it \
         with git and pass the clone's path with --repo"
    )]
    LoginRequired { host: String },
    #[error("{host} has no such repository: check the address")]
    NotFound { host: String },
    #[error("{host} responded with status {status}: try again later")]
    Status { host: String, status: u16 },
    #[error("{host} doesn't respond as a git server (smart HTTP): check the address")]
    NotGit { host: String },
    #[error("it redirects to `{target}`, which can't be followed: give the new address")]
    Redirect { target: String },
    #[error("{host} sent more than {limit} bytes of {what}: check the address")]
    TooLarge {
        host: String,
        what: &'static str,
        limit: u64,
    },
    #[error(
        "its objects are named by SHA-256, which isn't supported: clone it with git, check the \
         commit out, and pass the clone's path with --from"
    )]
    Sha256,
}

/// Said where the user's configuration of git may be what is missing.
const UNREAD: &str = " (git's http.proxy, http.sslCAInfo and url.*.insteadOf aren't read: set \
     HTTPS_PROXY or SSL_CERT_FILE, or pass another address with --repo)";

impl Failure {
    /// Whether the same request may succeed a moment later.
    pub(super) fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::BrokenOff { .. }
                | Self::Status {
                    status: 429 | 502 | 503 | 504,
                    ..
                }
        )
    }
}

impl GitError {
    pub(super) fn libgit2(doing: &'static str) -> impl Fn(git2::Error) -> Self {
        move |cause| Self::Libgit2 { doing, cause }
    }

    pub(super) fn cache(path: &std::path::Path) -> impl Fn(io::Error) -> Self {
        move |source| Self::Cache {
            path: path.to_owned(),
            problem: source.to_string(),
        }
    }

    pub(super) fn is_transient(&self) -> bool {
        matches!(self, Self::Network { failure, .. } if failure.is_transient())
    }

    /// Whether the objects at hand may be what is wrong; what the system refuses doesn't count.
    pub(super) fn may_come_from_damage(&self) -> bool {
        matches!(self, Self::Libgit2 { cause, .. } if cause.class() != ErrorClass::Os)
    }
}
