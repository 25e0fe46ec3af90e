//! [`Proxies`]: the proxies that the environment sets, chosen by host as curl does.

use std::fmt;
use std::net::IpAddr;

use super::host::is_loopback;
use super::setup_error::SetupError;

/// The proxies of the environment. `P` is the HTTP library's type for a proxy.
pub(super) struct Proxies<P> {
    https: Option<EnvProxy<P>>,
    http: Option<EnvProxy<P>>,
    no_proxy: NoProxy,
}

pub(super) struct EnvProxy<P> {
    pub(super) proxy: P,
    pub(super) origin: ProxyOrigin,
}

/// What an error message says about a proxy.
#[derive(Clone, Copy)]
pub(super) struct ProxyOrigin {
    /// The environment variable that contains the URL.
    pub(super) variable: &'static str,
    /// Whether the proxy runs on this machine.
    pub(super) is_local: bool,
}

/// The first variable that is set and not empty takes precedence.
const HTTPS: [&str; 4] = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
const HTTP: [&str; 4] = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];
const NO_PROXY: [&str; 2] = ["no_proxy", "NO_PROXY"];
/// Set in CGI programs, where `HTTP_PROXY` is the header `Proxy` of the incoming request.
const CGI: &str = "REQUEST_METHOD";

impl<P> Proxies<P> {
    /// Reads the environment.
    ///
    /// # Errors
    ///
    /// [`SetupError::Proxy`] names the variable that doesn't contain the URL of a proxy. An invalid
    /// URL is not ignored, because requests would then bypass the proxy.
    pub(super) fn from_env(parse: impl Fn(&str) -> Option<P>) -> Result<Self, SetupError> {
        Self::read(
            |name| {
                let value = std::env::var_os(name)?;
                Some(value.to_string_lossy().into_owned())
            },
            parse,
        )
    }

    fn read(
        variable: impl Fn(&str) -> Option<String>,
        parse: impl Fn(&str) -> Option<P>,
    ) -> Result<Self, SetupError> {
        let first = |names: &[&'static str]| {
            let mut set = names.iter().filter_map(|name| {
                let value = variable(name)?.trim().to_owned();
                (!value.is_empty()).then_some((*name, value))
            });
            set.next()
        };
        let proxy = |names: &[&'static str]| match first(names) {
            None => Ok(None),
            Some((variable, value)) => with_scheme(&value)
                .and_then(|(url, is_local)| {
                    let origin = ProxyOrigin { variable, is_local };
                    let proxy = parse(&url)?;
                    Some(Some(EnvProxy { proxy, origin }))
                })
                .ok_or(SetupError::Proxy(variable)),
        };
        let is_cgi = variable(CGI).is_some();
        Ok(Self {
            https: proxy(&HTTPS)?,
            http: if is_cgi { None } else { proxy(&HTTP)? },
            no_proxy: first(&NO_PROXY)
                .map(|(_, list)| NoProxy::new(&list))
                .unwrap_or_default(),
        })
    }

    /// Returns the proxy for a URL with this scheme, host and port. Loopback hosts have none.
    pub(super) fn find(&self, scheme: &str, host: &str, port: Option<u16>) -> Option<&EnvProxy<P>> {
        let (proxy, default_port) = match scheme {
            "https" => (self.https.as_ref()?, 443),
            "http" => (self.http.as_ref()?, 80),
            _ => return None,
        };
        let direct =
            is_loopback(host) || self.no_proxy.contains(host, port.unwrap_or(default_port));
        (!direct).then_some(proxy)
    }
}

/// Shows no URL, because it may contain a password.
impl<P> fmt::Debug for Proxies<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxies")
            .field("https", &self.https.is_some())
            .field("http", &self.http.is_some())
            .field("no_proxy", &self.no_proxy)
            .finish()
    }
}

/// Returns the URL of a proxy with its scheme, which defaults to `http`, and whether its host is a
/// loopback host.
fn with_scheme(value: &str) -> Option<(String, bool)> {
    let url = match value.split_once("://") {
        Some((scheme, rest)) => {
            let scheme = scheme.to_ascii_lowercase();
            let known = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];
            if !known.contains(&scheme.as_str()) {
                return None;
            }
            format!("{scheme}://{rest}")
        }
        None => format!("http://{value}"),
    };
    let uri: http::Uri = url.parse().ok()?;
    let host = uri.host().filter(|host| !host.is_empty())?;
    Some((url, is_loopback(host)))
}

/// The hosts of `NO_PROXY`.
#[derive(Debug, Default)]
struct NoProxy(Vec<NoProxyRule>);

#[derive(Debug)]
enum NoProxyRule {
    /// `*`
    All,
    /// `example.com` and its subdomains, on one port or all.
    Name(String, Option<u16>),
    /// `192.0.2.1`, on one port or all.
    Address(IpAddr, Option<u16>),
    /// `192.0.2.0/24`
    Network(IpAddr, u32),
}

impl NoProxy {
    fn new(list: &str) -> Self {
        let rules = list.split([',', ' ', '\t']).map(str::trim);
        Self(rules.filter_map(NoProxyRule::new).collect())
    }

    fn contains(&self, host: &str, port: u16) -> bool {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let host = host.strip_suffix('.').unwrap_or(host);
        let address = host.parse().ok();
        self.0.iter().any(|rule| rule.matches(host, address, port))
    }
}

impl NoProxyRule {
    fn new(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self::All);
        }
        if let Some((address, length)) = text.split_once('/') {
            return Some(Self::Network(
                without_brackets(address).parse().ok()?,
                length.parse().ok()?,
            ));
        }
        if let Ok(address) = without_brackets(text).parse() {
            return Some(Self::Address(address, None));
        }
        let (name, port) = match text.rsplit_once(':') {
            Some((name, port)) => (name, Some(port.parse().ok()?)),
            None => (text, None),
        };
        if let Ok(address) = without_brackets(name).parse() {
            return Some(Self::Address(address, port));
        }
        let name = name.strip_prefix('*').unwrap_or(name);
        let name = name.strip_prefix('.').unwrap_or(name);
        let name = name.strip_suffix('.').unwrap_or(name);
        (!name.is_empty()).then(|| Self::Name(name.to_ascii_lowercase(), port))
    }

    fn matches(&self, host: &str, address: Option<IpAddr>, port: u16) -> bool {
        match self {
            Self::All => true,
            Self::Name(name, only_port) => {
                only_port.is_none_or(|only| only == port)
                    && host
                        .to_ascii_lowercase()
                        .strip_suffix(name.as_str())
                        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            }
            Self::Address(expected, only_port) => {
                only_port.is_none_or(|only| only == port) && Some(*expected) == address
            }
            Self::Network(network, length) => {
                address.is_some_and(|address| is_within(address, *network, *length))
            }
        }
    }
}

/// Removes the brackets of an IPv6 address.
fn without_brackets(text: &str) -> &str {
    text.strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
        .unwrap_or(text)
}

fn is_within(address: IpAddr, network: IpAddr, length: u32) -> bool {
    let (differing, width) = match (address, network) {
        (IpAddr::V4(a), IpAddr::V4(b)) => ((a.to_bits() ^ b.to_bits()).into(), 32),
        (IpAddr::V6(a), IpAddr::V6(b)) => (a.to_bits() ^ b.to_bits(), 128),
        _ => return false,
    };
    let differing: u128 = differing;
    // A prefix of length 0 contains all addresses; shifting by the whole width would overflow.
    length <= width && differing.checked_shr(width - length).unwrap_or(0) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(variables: &[(&str, &str)]) -> Result<Proxies<String>, SetupError> {
        let read = |name: &str| {
            let found = variables.iter().find(|(other, _)| *other == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Proxies::read(read, |url| Some(url.to_owned()))
    }

    fn find(variables: &[(&str, &str)], url: &str) -> Option<String> {
        let uri: http::Uri = url.parse().unwrap();
        let proxies = proxies(variables).unwrap();
        let (scheme, host) = (uri.scheme_str().unwrap(), uri.host().unwrap());
        let found = proxies.find(scheme, host, uri.port_u16())?;
        Some(found.proxy.clone())
    }

    const LD: &str = "https://app.launchdarkly.com/api";

    #[test]
    fn the_variables_take_precedence_as_in_curl() {
        for (variables, url, proxy) in [
            (&[][..], LD, None),
            (&[("HTTPS_PROXY", "")], LD, None),
            (&[("HTTPS_PROXY", "p:1")], LD, Some("http://p:1")),
            (
                &[("https_proxy", "http://a"), ("HTTPS_PROXY", "http://b")],
                LD,
                Some("http://a"),
            ),
            (
                &[("https_proxy", ""), ("HTTPS_PROXY", "http://b")],
                LD,
                Some("http://b"),
            ),
            (
                &[("ALL_PROXY", "SOCKS5h://u:p@s:9")],
                LD,
                Some("socks5h://u:p@s:9"),
            ),
            (
                &[("all_proxy", "http://a"), ("HTTPS_PROXY", "http://b")],
                LD,
                Some("http://b"),
            ),
            (&[("HTTP_PROXY", "http://a")], LD, None),
            (
                &[("HTTP_PROXY", "http://a")],
                "http://mock:80/",
                Some("http://a"),
            ),
            (
                &[("HTTP_PROXY", "http://a"), ("REQUEST_METHOD", "GET")],
                "http://mock/",
                None,
            ),
            (&[("HTTPS_PROXY", "http://a")], "http://mock/", None),
        ] {
            assert_eq!(
                find(variables, url).as_deref(),
                proxy,
                "{variables:?} {url}"
            );
        }
    }

    #[test]
    fn no_proxy_is_read_as_curl_reads_it() {
        for (list, url, direct) in [
            ("*", LD, true),
            ("launchdarkly.com", LD, true),
            (".launchdarkly.com", LD, true),
            ("*.launchdarkly.com", LD, true),
            ("a.example , LaunchDarkly.COM.", LD, true),
            ("a.example launchdarkly.com", LD, true),
            (
                "APP.launchdarkly.com",
                "https://app.LAUNCHDARKLY.com/",
                true,
            ),
            ("app.launchdarkly.com:443", LD, true),
            ("app.launchdarkly.com:80", LD, false),
            (
                "launchdarkly.com:8443",
                "https://app.launchdarkly.com:8443/",
                true,
            ),
            ("darkly.com", LD, false),
            ("eu.app.launchdarkly.com", LD, false),
            ("launchdarkly.us,,.", LD, false),
            ("192.0.2.1", "https://192.0.2.1/", true),
            ("192.0.2.1:444", "https://192.0.2.1/", false),
            ("192.0.2.0/24", "https://192.0.2.77:8443/", true),
            ("192.0.2.0/25", "https://192.0.2.200/", false),
            ("0.0.0.0/0", "https://192.0.2.200/", true),
            ("192.0.2.0/33", "https://192.0.2.0/", false),
            ("2001:db8::/32", "https://[2001:db8::1]/", true),
            ("2001:db8::1", "https://[2001:db8::1]/", true),
            ("[2001:db8::1]:443", "https://[2001:db8::1]/", true),
            ("[2001:db8::1]:1", "https://[2001:db8::1]/", false),
            ("::/0", "https://192.0.2.1/", false),
        ] {
            for name in ["NO_PROXY", "no_proxy"] {
                let found = find(&[("HTTPS_PROXY", "http://p"), (name, list)], url);
                assert_eq!(found.is_none(), direct, "{list} {url}");
            }
        }
    }

    #[test]
    fn a_loopback_host_has_no_proxy() {
        let all = [("ALL_PROXY", "http://p")];
        for url in [
            "http://localhost/",
            "https://LOCALHOST:1/",
            "http://127.0.0.1/",
            "http://127.9.9.9/",
            "http://[::1]:80/",
        ] {
            assert_eq!(find(&all, url), None, "{url}");
        }
        assert!(find(&all, "http://localhost.example/").is_some());
    }

    #[test]
    fn the_error_of_an_invalid_proxy_names_only_the_variable() {
        for value in [
            "ftp://canary@p",
            "http://",
            "://canary",
            "http://can ary",
            "socks5://:1",
        ] {
            let error = proxies(&[("ALL_PROXY", value)]).unwrap_err();
            assert!(error.to_string().contains("ALL_PROXY"), "{error}");
            assert!(!format!("{error} {error:?}").contains("can"), "{error}");
        }
        let shown = format!(
            "{:?}",
            proxies(&[("ALL_PROXY", "http://u:canary@p")]).unwrap()
        );
        assert!(!shown.contains("canary"), "{shown}");
    }
}
