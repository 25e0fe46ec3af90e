//! What can go wrong: what, where, and what to do next.

use std::path::PathBuf;

use generator::bounded;
use git2::ErrorClass;

/// Why manifests could not be fetched.
#[derive(Debug, thiserror::Error)]
#[error("{repository}: {problem}")]
pub struct GitError {
    /// The repository as it was named, without credentials.
    pub repository: String,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with a repository, a revision, or the way to them.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the messages say what each means")]
pub enum Problem {
    #[error("this address can't be fetched from: {0}")]
    Address(String),
    #[error("{0}")]
    Repository(String),
    #[error("`{revision}` {cause}")]
    Revision { revision: String, cause: String },
    #[error("the clone lacks objects that are needed: run `{command}`")]
    Incomplete { command: String },

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
    #[error(
        "the proxy `{proxy}` of {variable} failed ({cause}): correct that variable, or have NO_PROXY \
         name the host"
    )]
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
        "{host} asks for a login, so the repository is private or doesn't exist: check the address, \
         or {CLONE_IT}"
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
    #[error("{host} sent more than {limit} bytes: check the address")]
    TooLarge { host: String, limit: u64 },
    #[error(
        "its objects are named by SHA-256, which isn't supported: clone it with git, check the \
         commit out, and pass the clone's path with --from"
    )]
    Sha256,

    #[error("the cache {} can't be used ({cause}): make it writable, or free its disk", .path.display())]
    Cache { path: PathBuf, cause: String },
    #[error("libgit2 failed: {} (class {:?}, code {:?})", bounded(.0.message()), .0.class(), .0.code())]
    Libgit2(#[from] git2::Error),
}

/// Said where the user's configuration of git may be what is missing.
const UNREAD: &str = " (git's http.proxy, http.sslCAInfo and url.*.insteadOf aren't read: set \
     HTTPS_PROXY or SSL_CERT_FILE, or pass another address with --repo)";
pub(super) const CLONE_IT: &str = "clone it with git and pass the clone's path with --repo";

impl Problem {
    /// Whether the same request may succeed a moment later.
    pub(super) fn is_transient(&self) -> bool {
        let status = match self {
            Self::Status { status, .. } => *status,
            _ => 0,
        };
        matches!(self, Self::BrokenOff { .. }) || matches!(status, 429 | 502..=504)
    }

    /// Whether the objects at hand may be what is wrong; what the system refuses doesn't count.
    pub(super) fn may_come_from_damage(&self) -> bool {
        matches!(self, Self::Libgit2(cause) if cause.class() != ErrorClass::Os)
    }
}
