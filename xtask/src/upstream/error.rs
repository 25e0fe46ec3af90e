//! The errors of this module. Each says what is wrong, where, and what to do next.

use std::path::PathBuf;

use generator::escape_and_truncate;
use git2::ErrorClass;

/// An error about a repository.
#[derive(Debug, thiserror::Error)]
#[error("{repository}: {problem}")]
pub struct GitError {
    /// The repository as the user passed it, without credentials.
    pub repository: String,
    /// The problem.
    pub problem: Problem,
}

/// A problem with a repository, a revision, or the connection to a repository.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the messages document the variants")]
pub enum Problem {
    #[error("this address can't be fetched from: {0}")]
    Address(String),
    #[error("{0}")]
    Repository(String),
    #[error("`{revision}` {cause}")]
    Revision { revision: String, cause: String },
    #[error("the clone lacks needed objects: run `{command}`")]
    Incomplete { command: String },

    #[error("the host {host} isn't known: check the spelling and the network{GIT_CONFIG_HINT}")]
    UnknownHost { host: String },
    #[error("{host} refused the connection: check the address and its port{GIT_CONFIG_HINT}")]
    ConnectionRefused { host: String },
    #[error("the connection to {host} broke ({cause}): try again later{GIT_CONFIG_HINT}")]
    ConnectionBroken { host: String, cause: String },
    #[error(
        "{host} can't be reached ({cause}): check the network, or try again later{GIT_CONFIG_HINT}"
    )]
    Unreachable { host: String, cause: String },
    #[error(
        "the certificate of {host} was rejected ({cause}): add its authority to the system's trust store, or \
         name the authority's PEM file in SSL_CERT_FILE{GIT_CONFIG_HINT}"
    )]
    Certificate { host: String, cause: String },
    #[error(
        "the proxy `{proxy}` of {variable} failed ({cause}): correct that variable, or add the host to \
        NO_PROXY"
    )]
    Proxy {
        variable: &'static str,
        /// Host and port.
        proxy: String,
        cause: String,
    },
    #[error(
        "{variable} is not a proxy's address: set scheme, host and port, such as \
         http://proxy.example:3128 or socks5h://proxy.example:1080"
    )]
    MalformedProxy { variable: &'static str },
    #[error(
        "{host} requires a login, so the repository is private or doesn't exist: check the address, \
         or {CLONE_HINT}"
    )]
    LoginRequired { host: String },
    #[error("{host} doesn't have this repository: check the address")]
    NotFound { host: String },
    #[error("{host} responded with status {status}: try again later")]
    Status { host: String, status: u16 },
    #[error("{host} doesn't respond as a git server (smart HTTP): check the address")]
    NotGit { host: String },
    #[error("it redirects to `{target}`, which isn't followed: pass the new address")]
    Redirect { target: String },
    #[error("{host} sent more than {limit} bytes: check the address")]
    TooLarge { host: String, limit: u64 },
    #[error(
        "it uses SHA-256 object ids, which aren't supported: clone it with git, check the \
         commit out, and pass the clone's path with --from"
    )]
    Sha256,

    #[error("the cache {} can't be used ({cause}): make it writable, or free disk space", .path.display())]
    Cache { path: PathBuf, cause: String },
    #[error("libgit2 failed: {} (class {:?}, code {:?})", escape_and_truncate(.0.message()), .0.class(), .0.code())]
    Libgit2(#[from] git2::Error),
}

/// Appended to errors that the user's git configuration could avoid if it were read.
const GIT_CONFIG_HINT: &str = " (git's http.proxy, http.sslCAInfo and url.*.insteadOf aren't read: set \
     HTTPS_PROXY or SSL_CERT_FILE, or pass another address with --repo)";
pub(super) const CLONE_HINT: &str = "clone it with git and pass the clone's path with --repo";

impl Problem {
    /// Whether the same request may succeed a moment later.
    pub(super) fn is_transient(&self) -> bool {
        let status = match self {
            Self::Status { status, .. } => *status,
            _ => 0,
        };
        matches!(self, Self::ConnectionBroken { .. }) || matches!(status, 429 | 502..=504)
    }

    /// Whether damaged objects may be the cause. Errors of the operating system don't count.
    pub(super) fn may_come_from_damage(&self) -> bool {
        matches!(self, Self::Libgit2(cause) if cause.class() != ErrorClass::Os)
    }
}
