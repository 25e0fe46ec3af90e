//! [`Host`]: the base URL of LaunchDarkly's API.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

use http::Uri;
use http::uri::PathAndQuery;

/// The base URL of LaunchDarkly's API: one of LaunchDarkly's own hosts, or another URL.
///
/// The scheme is `https`. [`Host::new`] accepts plain `http` for loopback addresses only, where test
/// servers run; [`Host::insecure`] accepts it for every host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host(Uri);

impl Host {
    /// `https://app.launchdarkly.com`, the commercial host and the default.
    #[must_use]
    pub fn commercial() -> Self {
        Self(Uri::from_static("https://app.launchdarkly.com"))
    }

    /// `https://app.eu.launchdarkly.com`, for accounts in the European Union.
    #[must_use]
    pub fn eu() -> Self {
        Self(Uri::from_static("https://app.eu.launchdarkly.com"))
    }

    /// `https://app.launchdarkly.us`, for federal accounts (United States).
    #[must_use]
    pub fn federal() -> Self {
        Self(Uri::from_static("https://app.launchdarkly.us"))
    }

    /// Parses a URL such as `https://ld.example.com/proxy`, or a host name, for which the scheme is
    /// `https`. A trailing `/api/v2`, which other clients need in their base URL, is removed.
    ///
    /// # Errors
    ///
    /// [`InvalidHost`] says what is wrong with it.
    pub fn new(url: &str) -> Result<Self, InvalidHost> {
        Self::parse(url, is_loopback)
    }

    /// Like [`Host::new`], but accepts plain `http` for every host. The access token and secret values
    /// then travel unencrypted: use this only for a mock server on your own network, such as
    /// `http://mock:8080` in Docker Compose.
    ///
    /// # Errors
    ///
    /// [`InvalidHost`] says what is wrong with it.
    pub fn insecure(url: &str) -> Result<Self, InvalidHost> {
        Self::parse(url, |_| true)
    }

    fn parse(text: &str, may_be_http: impl Fn(&str) -> bool) -> Result<Self, InvalidHost> {
        let text = text.trim().trim_end_matches('/');
        let text = match text.strip_suffix(API_PATH) {
            // In `https://api/v2`, `api` is the host.
            Some(rest) if !rest.ends_with(":/") => rest.trim_end_matches('/'),
            _ => text,
        };
        // The slashes that were removed may have been those of the scheme.
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
            Some("https") => {}
            Some("http") if may_be_http(host) => {}
            _ => return Err(InvalidHost::Scheme),
        }
        Ok(Self(uri))
    }

    /// The host name, with the port if the URL has one, such as `app.launchdarkly.com`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0
            .authority()
            .map_or("", |authority| authority.as_str())
    }

    /// The host name or address, without the port.
    #[cfg(any(feature = "async", feature = "blocking"))]
    pub(crate) fn address(&self) -> &str {
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

    /// The URL with this path, after the path of the base URL.
    pub(crate) fn join(&self, path: &str) -> Result<Uri, http::Error> {
        let prefix = self.0.path().trim_end_matches('/');
        let mut parts = self.0.clone().into_parts();
        parts.path_and_query = Some(PathAndQuery::try_from([prefix, path].concat())?);
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
        f.write_str(self.0.to_string().trim_end_matches('/'))
    }
}

impl FromStr for Host {
    type Err = InvalidHost;

    fn from_str(text: &str) -> Result<Self, InvalidHost> {
        Self::new(text)
    }
}

/// The beginning of every path of the API.
const API_PATH: &str = "/api/v2";

/// Whether this host is `localhost` or a loopback address.
pub(super) fn is_loopback(host: &str) -> bool {
    if host.eq_ignore_ascii_case("localhost") {
        return true;
    }
    let address = host.trim_start_matches('[').trim_end_matches(']');
    address
        .parse::<std::net::IpAddr>()
        .is_ok_and(|address| address.is_loopback())
}

/// What is wrong with the URL of a [`Host`]. Contains nothing of the URL.
///
/// `Debug` prints what `Display` prints, for a `main` that returns it.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidHost {
    /// It is not a URL with a host.
    Syntax,
    /// The scheme is neither `https`, nor `http` with a loopback address. For `http` with other
    /// hosts, use [`Host::insecure`].
    Scheme,
    /// It contains a user name or password.
    Credentials,
    /// It contains a query.
    Query,
}

impl fmt::Display for InvalidHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Syntax => {
                "the host is not a valid URL: set it to one such as https://app.launchdarkly.com"
            }
            Self::Scheme => {
                "the host's URL must begin with https:// (http:// is accepted for loopback \
                 addresses, and for other hosts by Host::insecure)"
            }
            Self::Credentials => "the host's URL contains a user name or password: remove it",
            Self::Query => "the host's URL contains a query: remove it",
        })
    }
}

crate::wording::debug_as_display!(InvalidHost);

impl Error for InvalidHost {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_loopback_hosts_are_accepted() {
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
        for (text, expected) in [
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
            assert_eq!(Host::new(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn the_api_path_at_the_end_of_a_base_url_is_removed() {
        for (text, url) in [
            ("https://a.example/api/v2", "https://a.example/x"),
            ("https://a.example/api/v2/", "https://a.example/x"),
            ("a.example/proxy/api/v2//", "https://a.example/proxy/x"),
            ("https://a.example/api/v22", "https://a.example/api/v22/x"),
            ("https://a.example/api", "https://a.example/api/x"),
            ("https://api/v2", "https://api/v2/x"),
            ("http://localhost:80/api/v2", "http://localhost:80/x"),
        ] {
            let host = Host::new(text).unwrap();
            assert_eq!(host.join("/x").unwrap().to_string(), url);
        }
    }

    #[test]
    fn only_insecure_accepts_http_for_other_hosts() {
        let mock = "http://mock:8080/api/v2";
        let error = Host::new(mock).unwrap_err();
        assert!(error.to_string().contains("Host::insecure"), "{error}");
        assert_eq!(format!("{error:?}"), error.to_string());
        let host = Host::insecure(mock).unwrap();
        assert_eq!(host.join("/x").unwrap().to_string(), "http://mock:8080/x");
        assert_eq!(host.name(), "mock:8080");
        assert_eq!(Host::eu().name(), "app.eu.launchdarkly.com");
        for (text, expected) in [
            ("ftp://mock", InvalidHost::Scheme),
            ("http://token@mock", InvalidHost::Credentials),
        ] {
            assert_eq!(Host::insecure(text), Err(expected), "{text}");
        }
        assert_eq!(Host::insecure("https://a.example"), Host::new("a.example"));
    }

    #[test]
    fn launchdarklys_own_hosts_have_the_documented_urls() {
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
