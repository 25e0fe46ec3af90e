//! Parses the repository that the user passed.

use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;
use ureq::http::Uri;

use super::error::{CLONE_HINT, Problem};

/// The location of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Location {
    /// Smart HTTP; the address has no trailing slash.
    Http(String),
    /// A folder on this machine, as an absolute path.
    Local(PathBuf),
}

impl Location {
    pub(super) fn parse(given: &str) -> Result<Self, Problem> {
        let Some((scheme, rest)) = given.split_once("://") else {
            return path(given);
        };
        match scheme.to_ascii_lowercase().as_str() {
            "http" | "https" => http(given),
            "file" => {
                let rest = rest.strip_prefix("localhost").unwrap_or(rest);
                let text = percent_decode_str(rest).decode_utf8();
                let text = text.ok().filter(|text| text.starts_with('/'));
                local(Path::new(&*text.ok_or_else(unsupported)?))
            }
            scheme if scheme.contains("ssh") => Err(ssh(rest)),
            _ => Err(unsupported()),
        }
    }
}

fn http(given: &str) -> Result<Location, Problem> {
    let uri: Uri = given.parse().map_err(|_| unsupported())?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(unsupported());
    };
    let authority = authority.as_str().to_ascii_lowercase();
    if authority.contains('@') {
        return Err(Problem::Address(format!(
            "it contains credentials, which would be written to files and messages: leave them out, or \
             {CLONE_HINT}"
        )));
    }
    if uri.query().is_some() || given.contains('#') {
        return Err(unsupported());
    }
    let scheme = scheme.to_ascii_lowercase();
    let path = uri.path().trim_end_matches('/');
    Ok(Location::Http(format!("{scheme}://{authority}{path}")))
}

fn path(given: &str) -> Result<Location, Problem> {
    // `host:folder` is git's short form for ssh, unless such a folder exists.
    let host = given.split_once(':').map_or("", |(host, _)| host);
    let looks_remote = host.len() > 1 && !host.contains(['/', '\\']);
    if looks_remote && !Path::new(given).exists() {
        return Err(ssh(given));
    }
    local(Path::new(given))
}

fn local(path: &Path) -> Result<Location, Problem> {
    let path = std::path::absolute(path).map_err(|_| unsupported())?;
    Ok(Location::Local(path))
}

/// The error for an ssh address. It suggests https, which needs no login for a public repository.
fn ssh(address: &str) -> Problem {
    let address = address.rsplit('@').next().unwrap_or(address);
    let (host, path) = address.split_once([':', '/']).unwrap_or((address, ""));
    let path = path.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let path = path.trim_start_matches('/');
    Problem::Address(format!(
        "ssh isn't supported: pass https://{host}/{path} if the repository is public, or {CLONE_HINT}"
    ))
}

fn unsupported() -> Problem {
    let advice = "pass an https:// or http:// address without query, a file:// address, or a path";
    Problem::Address(advice.to_owned())
}

/// Removes user name and password from an address, so that messages and logs never contain them.
pub(super) fn without_userinfo(given: &str) -> String {
    let Some((scheme, rest)) = given.split_once("://") else {
        return given.to_owned();
    };
    let end = rest.find('/').unwrap_or(rest.len());
    let host = rest[..end].rfind('@').map_or(0, |at| at + 1);
    format!("{scheme}://{}", &rest[host..])
}
