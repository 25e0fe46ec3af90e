//! [`Host`]: where LaunchDarkly's API is.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

use http::Uri;
use http::uri::PathAndQuery;

/// Where LaunchDarkly's API is: one of its own hosts, or any other by its URL.
///
/// Its scheme is `https`. Plain `http` is accepted for a loopback address, where tests have their
/// servers, and for other hosts by [`Host::insecure`] only.
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
    /// means `https`. A trailing `/api/v2`, as other clients have it in their base URL, is removed.
    ///
    /// # Errors
    ///
    /// [`InvalidHost`] says what is wrong with it.
    pub fn new(url: &str) -> Result<Self, InvalidHost> {
        Self::parse(url, is_loopback)
    }

    /// As [`Host::new`], and plain `http` is accepted for any host. Access token and secret values
    /// then cross the network in the clear: use it for a mock server on a network of your own,
    /// such as `http://mock:8080` in docker compose.
    ///
    /// # Errors
    ///
    /// [`InvalidHost`] says what is wrong with it.
    pub fn insecure(url: &str) -> Result<Self, InvalidHost> {
        Self::parse(url, |_| true)
    }

    fn parse(text: &str, may_be_plain: impl Fn(&str) -> bool) -> Result<Self, InvalidHost> {
        let text = text.trim().trim_end_matches('/');
        let text = match text.strip_suffix(API) {
            // Not in `https://api/v2`, where `api` is the host.
            Some(rest) if !rest.ends_with(":/") => rest.trim_end_matches('/'),
            _ => text,
        };
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
            Some("https") => {}
            Some("http") if may_be_plain(host) => {}
            _ => return Err(InvalidHost::Scheme),
        }
        Ok(Self(uri))
    }

    /// Its name, with the port if the URL has one, such as `app.launchdarkly.com`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0
            .authority()
            .map_or("", |authority| authority.as_str())
    }

    /// The name or address, without scheme and port.
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

    /// The URL of a path of the API.
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
const API: &str = "/api/v2";

/// Whether it is this machine.
pub(super) fn is_loopback(host: &str) -> bool {
    if host.eq_ignore_ascii_case("localhost") {
        return true;
    }
    let address = host.trim_start_matches('[').trim_end_matches(']');
    address
        .parse::<std::net::IpAddr>()
        .is_ok_and(|address| address.is_loopback())
}

/// What is wrong with the URL of a [`Host`]. Holds nothing of the URL.
///
/// `Debug` says the same as `Display`, for a `main` that returns it.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidHost {
    /// It is no URL with a host.
    Syntax,
    /// Its scheme isn't `https`, nor `http` on a loopback address. For plain `http` elsewhere there
    /// is [`Host::insecure`].
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
            Self::Scheme => {
                "the host's URL has to begin with https:// (http:// is accepted for a loopback \
                 address, and for other hosts by Host::insecure)"
            }
            Self::Credentials => "the host's URL has a user name or password in it",
            Self::Query => "the host's URL has a query in it",
        })
    }
}

impl fmt::Debug for InvalidHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
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
    fn a_base_url_with_the_path_of_the_api_is_not_doubled() {
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
    fn plain_http_elsewhere_needs_its_own_word() {
        let mock = "http://mock:8080/api/v2";
        let error = Host::new(mock).unwrap_err();
        assert!(error.to_string().contains("Host::insecure"), "{error}");
        assert_eq!(format!("{error:?}"), error.to_string());
        let host = Host::insecure(mock).unwrap();
        assert_eq!(host.join("/x").unwrap().to_string(), "http://mock:8080/x");
        assert_eq!(host.name(), "mock:8080");
        assert_eq!(Host::eu().name(), "app.eu.launchdarkly.com");
        for (text, flaw) in [
            ("ftp://mock", InvalidHost::Scheme),
            ("http://token@mock", InvalidHost::Credentials),
        ] {
            assert_eq!(Host::insecure(text), Err(flaw), "{text}");
        }
        assert_eq!(Host::insecure("https://a.example"), Host::new("a.example"));
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
