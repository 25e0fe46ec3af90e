//! [`Host`]: where LaunchDarkly's API is.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

use http::Uri;
use http::uri::PathAndQuery;

/// Where LaunchDarkly's API is: one of its own hosts, or any other by its URL.
///
/// Only `https` is accepted, but for `http` on a loopback address, where tests have their servers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host(Uri);

impl Host {
    /// `https://app.launchdarkly.com`, the commercial one.
    #[must_use]
    pub fn commercial() -> Self {
        Self(Uri::from_static("https://app.launchdarkly.com"))
    }

    /// `https://app.eu.launchdarkly.com`, in the European Union.
    #[must_use]
    pub fn eu() -> Self {
        Self(Uri::from_static("https://app.eu.launchdarkly.com"))
    }

    /// `https://app.launchdarkly.us`, for the federal government of the United States.
    #[must_use]
    pub fn federal() -> Self {
        Self(Uri::from_static("https://app.launchdarkly.us"))
    }

    /// Another host: a URL such as `https://ld.example.com/proxy`, or a bare host name, which
    /// means `https`.
    ///
    /// # Errors
    ///
    /// [`InvalidHost`] says what is wrong with it.
    pub fn new(text: &str) -> Result<Self, InvalidHost> {
        let text = text.trim().trim_end_matches('/');
        // Else what is cut off could be the slashes of the scheme.
        if text.is_empty() || text.ends_with(':') {
            return Err(InvalidHost::Syntax);
        }
        let url = if text.contains("://") {
            text.to_owned()
        } else {
            format!("https://{text}")
        };
        let uri: Uri = url.parse().map_err(|_| InvalidHost::Syntax)?;
        let host = uri.host().filter(|host| !host.is_empty());
        let host = host.ok_or(InvalidHost::Syntax)?;
        if uri
            .authority()
            .is_some_and(|authority| authority.as_str().contains('@'))
        {
            return Err(InvalidHost::Credentials);
        }
        if uri.query().is_some() {
            return Err(InvalidHost::Query);
        }
        match uri.scheme_str() {
            Some("https") => Ok(Self(uri)),
            Some("http") if is_loopback(host) => Ok(Self(uri)),
            _ => Err(InvalidHost::Scheme),
        }
    }

    /// Whether it is this machine, to which no proxy leads.
    #[cfg(any(feature = "async", feature = "blocking"))]
    pub(crate) fn is_loopback(&self) -> bool {
        self.0.host().is_some_and(is_loopback)
    }

    /// The name or address, without scheme and port.
    #[cfg(any(feature = "async", feature = "blocking"))]
    pub(crate) fn name(&self) -> &str {
        self.0.host().unwrap_or_default()
    }

    #[cfg(any(feature = "async", feature = "blocking"))]
    pub(crate) fn port(&self) -> u16 {
        let default = if self.0.scheme_str() == Some("http") {
            80
        } else {
            443
        };
        self.0.port_u16().unwrap_or(default)
    }

    /// The URL of a path of the API.
    pub(crate) fn join(&self, path: &str) -> Result<Uri, http::Error> {
        let prefix = self.0.path().trim_end_matches('/');
        let mut parts = self.0.clone().into_parts();
        parts.path_and_query = Some(PathAndQuery::try_from(format!("{prefix}{path}"))?);
        Ok(Uri::from_parts(parts)?)
    }
}

impl Default for Host {
    fn default() -> Self {
        Self::commercial()
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FromStr for Host {
    type Err = InvalidHost;

    fn from_str(text: &str) -> Result<Self, InvalidHost> {
        Self::new(text)
    }
}

fn is_loopback(host: &str) -> bool {
    if host.eq_ignore_ascii_case("localhost") {
        return true;
    }
    let address = host.trim_start_matches('[').trim_end_matches(']');
    address
        .parse::<std::net::IpAddr>()
        .is_ok_and(|address| address.is_loopback())
}

/// What is wrong with the text of a [`Host`]. Holds nothing of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidHost {
    /// It is no URL with a host.
    Syntax,
    /// Its scheme isn't `https`, nor `http` on a loopback address.
    Scheme,
    /// It has a user name or password in it.
    Credentials,
    /// It has a query.
    Query,
}

impl fmt::Display for InvalidHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Syntax => "the host is no URL such as https://app.launchdarkly.com",
            Self::Scheme => "the host's URL has to begin with https:// (or http:// on loopback)",
            Self::Credentials => "the host's URL has a user name or password in it",
            Self::Query => "the host's URL has a query in it",
        })
    }
}

impl Error for InvalidHost {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_https_or_loopback() {
        for (text, url) in [
            (
                "https://app.launchdarkly.com",
                "https://app.launchdarkly.com/x",
            ),
            (
                "app.eu.launchdarkly.com",
                "https://app.eu.launchdarkly.com/x",
            ),
            (
                "https://a.example:8443/proxy//",
                "https://a.example:8443/proxy/x",
            ),
            (" http://127.0.0.1:80\n", "http://127.0.0.1:80/x"),
            ("http://[::1]:1234/", "http://[::1]:1234/x"),
            ("http://localhost", "http://localhost/x"),
        ] {
            let host = Host::new(text).unwrap();
            assert_eq!(host.join("/x").unwrap().to_string(), url);
        }
        for (text, flaw) in [
            ("", InvalidHost::Syntax),
            ("https://", InvalidHost::Syntax),
            ("https://a b", InvalidHost::Syntax),
            ("http://app.launchdarkly.com", InvalidHost::Scheme),
            ("http://localhost.example.com", InvalidHost::Scheme),
            ("http://10.0.0.1", InvalidHost::Scheme),
            ("ftp://a.example", InvalidHost::Scheme),
            ("https://token@a.example", InvalidHost::Credentials),
            ("https://a.example?x=y", InvalidHost::Query),
        ] {
            assert_eq!(Host::new(text), Err(flaw), "{text}");
        }
    }

    #[test]
    fn launchdarklys_own_hosts_are_right() {
        for (host, text) in [
            (Host::commercial(), "https://app.launchdarkly.com"),
            (Host::eu(), "https://app.eu.launchdarkly.com"),
            (Host::federal(), "https://app.launchdarkly.us"),
        ] {
            assert_eq!(Host::new(text).as_ref(), Ok(&host));
        }
        assert_eq!(Host::default(), Host::commercial());
    }
}
