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

/// How the repository is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Smart HTTP; the address has no trailing slash.
    Http(String),
    /// A folder on this machine, as an absolute path.
    Local(PathBuf),
}

impl Location {
    pub(super) fn parse(given: &str) -> Result<Self, GitError> {
        let kind = match given.split_once("://") {
            Some((scheme, _)) if is(scheme, "https") || is(scheme, "http") => http(given),
            Some((scheme, rest)) if is(scheme, "file") => file(given, rest),
            Some((scheme, rest)) if scheme.to_ascii_lowercase().contains("ssh") => {
                Err(ssh(given, rest))
            }
            Some(_) => Err(unsupported(given)),
            None => path(given),
        }?;
        let given = given.to_owned();
        Ok(Self { given, kind })
    }
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
        return Err(refused(
            given,
            "its address holds credentials, which would end up in files and messages: leave them \
             out, or clone it with git and pass the clone's path with --repo",
        ));
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
    match given {
        "" => Err(unsupported(given)),
        _ if looks_remote && !path.exists() => Err(ssh(given, given)),
        _ => local(given, path),
    }
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

/// ssh needs a login: the same repository over https, if it is public, doesn't.
fn ssh(given: &str, rest: &str) -> GitError {
    let address = rest.rsplit('@').next().unwrap_or(rest);
    let (host, path) = address.split_once([':', '/']).unwrap_or((address, ""));
    let path = path.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let path = path.trim_start_matches('/');
    refused(
        given,
        &format!(
            "ssh needs a login: give https://{host}/{path} if it is public, or clone it with git \
             and pass the clone's path with --repo"
        ),
    )
}

fn unsupported(given: &str) -> GitError {
    refused(
        given,
        "give an https:// or http:// address without query, a file:// address, or a path",
    )
}

fn refused(given: &str, advice: &str) -> GitError {
    GitError::Address {
        repository: without_userinfo(given),
        advice: advice.to_owned(),
    }
}

/// A password must not reach a terminal or a log, even when it was typed in the wrong place.
pub(super) fn without_userinfo(given: &str) -> String {
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
    fn one_repository_has_one_kind() {
        let expected = Kind::Http("https://example.com/Team/repo".to_owned());
        assert_eq!(kind("https://example.com/Team/repo"), expected);
        assert_eq!(kind("HTTPS://Example.COM/Team/repo/"), expected);
        assert_eq!(kind("file:///srv/a%20b%3Ac"), kind("/srv/a b:c"));
        assert_eq!(kind("file://localhost/srv/repo"), kind("/srv/repo"));
    }

    #[test]
    fn other_transports_are_refused() {
        for given in [
            "",
            "git://example.com/repo",
            "https://",
            "https://example.com/repo?token=x",
            "https://example.com/repo#main",
            "file://other-host/repo",
            "file:///bad%2",
        ] {
            let error = Location::parse(given).unwrap_err().to_string();
            assert!(error.contains("give an https://"), "{given}: {error}");
        }
    }

    #[test]
    fn an_ssh_address_is_answered_with_the_https_address() {
        for given in [
            "ssh://git@example.com/team/repo.git",
            "ssh://git@example.com:2222/team/repo.git",
            "git+ssh://example.com/team/repo.git",
            "git@example.com:team/repo.git",
            "example.com:/team/repo.git",
        ] {
            let error = Location::parse(given).unwrap_err().to_string();
            let advice = "give https://example.com/team/repo.git if";
            assert!(error.contains(advice), "{given}: {error}");
        }
    }

    #[test]
    fn credentials_are_refused_and_not_repeated() {
        for given in [
            "https://user:hunter2@example.com/repo",
            "ssh://user:hunter2@example.com/repo",
            "ftp://user:hunter2@example.com/repo",
        ] {
            let error = Location::parse(given).unwrap_err().to_string();
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
