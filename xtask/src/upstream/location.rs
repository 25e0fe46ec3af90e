//! What the user named as the repository.

use std::path::{Path, PathBuf};

use ureq::http::Uri;

use super::error::GitError;

/// A repository's address, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Location {
    /// As the user wrote it, for messages.
    pub(super) given: String,
    pub(super) kind: Kind,
}

/// How the repository is reached. This alone decides whether a fetch is shallow: libgit2's local
/// transport answers a depth with `shallow fetch is not supported by the local transport`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Smart http; the address has no trailing slash.
    Http(String),
    /// A folder on this machine, as an absolute path.
    Local(PathBuf),
}

impl Location {
    pub(super) fn parse(given: &str) -> Result<Self, GitError> {
        let kind = match given.split_once("://") {
            Some((scheme, _)) if is(scheme, "https") || is(scheme, "http") => http(given),
            Some((scheme, rest)) if is(scheme, "file") => file(given, rest),
            Some(_) => Err(unsupported(given)),
            None => path(given),
        }?;
        let given = given.to_owned();
        Ok(Self { given, kind })
    }

    /// Whether the repository is on this machine.
    pub(super) fn is_local(&self) -> bool {
        matches!(self.kind, Kind::Local(_))
    }

    /// The same text for the same repository, to name its cache.
    pub(super) fn identity(&self) -> String {
        match &self.kind {
            Kind::Http(address) => address.clone(),
            Kind::Local(path) => format!("file://{}", path.display()),
        }
    }
}

/// A path as a `file://` address. libgit2 takes a bare path with a colon for an ssh address.
pub(super) fn file_url(path: &Path) -> Option<String> {
    let mut url = String::from("file://");
    let text = path.to_str()?.replace(std::path::MAIN_SEPARATOR, "/");
    if !text.starts_with('/') {
        url.push('/');
    }
    for byte in text.bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' => url.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => url.push(char::from(byte)),
            byte => url.push_str(&format!("%{byte:02X}")),
        }
    }
    Some(url)
}

fn is(scheme: &str, expected: &str) -> bool {
    scheme.eq_ignore_ascii_case(expected)
}

fn http(given: &str) -> Result<Kind, GitError> {
    let uri: Uri = given.parse().map_err(|_| unsupported(given))?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(unsupported(given));
    };
    if authority.as_str().contains('@') {
        return Err(GitError::Credentials {
            host: authority.host().to_owned(),
        });
    }
    if uri.query().is_some() || given.contains('#') {
        return Err(unsupported(given));
    }
    let host = authority.as_str().to_ascii_lowercase();
    let path = uri.path().trim_end_matches('/');
    let scheme = scheme.to_ascii_lowercase();
    Ok(Kind::Http(format!("{scheme}://{host}{path}")))
}

fn file(given: &str, rest: &str) -> Result<Kind, GitError> {
    let rest = rest.strip_prefix("localhost").unwrap_or(rest);
    let text = rest
        .starts_with('/')
        .then(|| percent_decoded(rest))
        .flatten()
        .ok_or_else(|| unsupported(given))?;
    local(given, Path::new(drive_path(&text)))
}

/// `/C:/folder` is how a file address spells a drive.
fn drive_path(text: &str) -> &str {
    match text.as_bytes() {
        [b'/', letter, b':', ..] if cfg!(windows) && letter.is_ascii_alphabetic() => &text[1..],
        _ => text,
    }
}

fn path(given: &str) -> Result<Kind, GitError> {
    let path = Path::new(given);
    // `host:folder` is git's short form for ssh, unless a folder of that name is there.
    let looks_remote = given
        .split_once(':')
        .is_some_and(|(host, _)| host.len() > 1 && !host.contains(['/', '\\']));
    if given.is_empty() || looks_remote && !path.exists() {
        return Err(unsupported(given));
    }
    local(given, path)
}

fn local(given: &str, path: &Path) -> Result<Kind, GitError> {
    let path = std::path::absolute(path).map_err(|_| unsupported(given))?;
    Ok(Kind::Local(path))
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let high = char::from(rest.next()?).to_digit(16)?;
            let low = char::from(rest.next()?).to_digit(16)?;
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

fn unsupported(given: &str) -> GitError {
    GitError::Unsupported {
        repository: without_userinfo(given),
    }
}

/// A password must not reach a terminal or a log, even when it was typed in the wrong place.
fn without_userinfo(given: &str) -> String {
    match given.split_once("://") {
        Some((scheme, rest)) => {
            let end = rest.find('/').unwrap_or(rest.len());
            let host = rest[..end].rfind('@').map_or(0, |at| at + 1);
            format!("{scheme}://{}", &rest[host..])
        }
        None => given.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(given: &str) -> Kind {
        Location::parse(given).unwrap().kind
    }

    #[test]
    fn one_repository_has_one_identity() {
        let expected = Kind::Http("https://example.com/Team/repo".to_owned());
        assert_eq!(kind("https://example.com/Team/repo"), expected);
        assert_eq!(kind("HTTPS://Example.COM/Team/repo/"), expected);
        assert_eq!(kind("file:///srv/a%20b"), kind("/srv/a b"));
        assert_eq!(kind("file://localhost/srv/repo"), kind("/srv/repo"));
    }

    #[test]
    fn a_path_becomes_an_address_that_libgit2_reads_as_a_path() {
        let url = file_url(Path::new("/srv/a:b %é")).unwrap();
        assert_eq!(url, "file:///srv/a%3Ab%20%25%C3%A9");
        assert_eq!(kind(&url), Kind::Local(PathBuf::from("/srv/a:b %é")));
    }

    #[test]
    fn other_transports_are_refused() {
        for given in [
            "",
            "ssh://git@example.com/repo",
            "git@example.com:team/repo",
            "git://example.com/repo",
            "https://",
            "https://example.com/repo?token=x",
            "https://example.com/repo#main",
            "file://other-host/repo",
            "file:///bad%2",
        ] {
            let error = Location::parse(given).unwrap_err();
            assert!(
                matches!(error, GitError::Unsupported { .. }),
                "{given}: {error}"
            );
        }
    }

    #[test]
    fn credentials_are_refused_and_not_repeated() {
        for given in [
            "https://user:hunter2@example.com/repo",
            "ssh://user:hunter2@example.com/repo",
        ] {
            let error = Location::parse(given).unwrap_err().to_string();
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
