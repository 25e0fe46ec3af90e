//! Chooses the proxy for a host from environment variables, by curl's rules.

use std::net::IpAddr;
use std::str::FromStr;

use ureq::Proxy;
use ureq::http::Uri;

use super::error::Problem;

/// A proxy, and the variable that it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ChosenProxy {
    pub(super) variable: &'static str,
    pub(super) proxy: Proxy,
}

/// A proxy's host and port, without the credentials that the variable may contain.
pub(super) fn address(proxy: &Proxy) -> String {
    format!("{}:{}", proxy.host(), proxy.port())
}

/// The proxy for a target, or `None` for a direct connection.
///
/// An empty variable counts as unset. `HTTP_PROXY` in capitals is not read: in a CGI program, the
/// `Proxy` header of a request sets it.
pub(super) fn choose(
    target: &Uri,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<ChosenProxy>, Problem> {
    let set = |name: &'static str| {
        let value = variable(name).filter(|value| !value.trim().is_empty())?;
        Some((name, value.trim().to_owned()))
    };
    let host = target.host().unwrap_or_default();
    let host = host.trim_matches(['[', ']']).trim_end_matches('.');
    let is_https = target.scheme_str() == Some("https");
    let port = target.port_u16().unwrap_or(if is_https { 443 } else { 80 });
    let excluded = set("no_proxy").or_else(|| set("NO_PROXY"));
    if is_loopback(host) || excluded.is_some_and(|(_, list)| excludes(&list, host, port)) {
        return Ok(None);
    }
    let names: &[&'static str] = if is_https {
        &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
    } else {
        &["http_proxy", "all_proxy", "ALL_PROXY"]
    };
    let Some((variable, value)) = names.iter().find_map(|name| set(name)) else {
        return Ok(None);
    };
    match parse(&value) {
        Some(proxy) => Ok(Some(ChosenProxy { variable, proxy })),
        None => Err(Problem::MalformedProxy { variable }),
    }
}

fn parse(value: &str) -> Option<Proxy> {
    let uri: Uri = value.parse().ok()?;
    let authority = uri.authority()?;
    let host_and_port = authority.as_str().rsplit('@').next()?;
    // Otherwise an invalid port would silently become the default port.
    let has_valid_port = match host_and_port.rsplit_once(':') {
        Some((_, port)) if !port.contains(']') => port.parse::<u16>().is_ok(),
        _ => true,
    };
    let has_path = uri.query().is_some() || !matches!(uri.path(), "" | "/");
    if !has_valid_port || has_path || authority.host().is_empty() {
        return None;
    }
    Proxy::new(value).ok()
}

fn is_loopback(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    host == "localhost"
        || host.ends_with(".localhost")
        || host
            .parse()
            .is_ok_and(|address: IpAddr| address.to_canonical().is_loopback())
}

/// Whether a `NO_PROXY` list matches the host. Commas or spaces separate the entries. An entry is `*`, a
/// domain, which matches its subdomains too, an IP address, or a range of IP addresses. A port after
/// the entry restricts it to that port.
fn excludes(list: &str, host: &str, port: u16) -> bool {
    list.split(|letter: char| letter == ',' || letter.is_whitespace())
        .filter(|entry| !entry.is_empty())
        .any(|entry| {
            let (entry, only) = without_port(entry);
            only.is_none_or(|only| only == port) && matches_host(entry, host)
        })
}

fn without_port(entry: &str) -> (&str, Option<u16>) {
    match entry.rsplit_once(':') {
        // More than one colon without brackets is an IPv6 address.
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => match port.parse() {
            Ok(port) => (host, Some(port)),
            Err(_) => (entry, None),
        },
        _ => (entry, None),
    }
}

fn matches_host(entry: &str, host: &str) -> bool {
    if let Ok(address) = host.parse::<IpAddr>() {
        return entry == "*" || covers(entry, address.to_canonical());
    }
    let domain = entry.trim_start_matches('*').trim_matches('.');
    let (domain, host) = (domain.to_ascii_lowercase(), host.to_ascii_lowercase());
    entry == "*"
        || !domain.is_empty()
            && host
                .strip_suffix(&domain)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Whether an address, or a range such as `10.0.0.0/8`, covers this address.
fn covers(entry: &str, address: IpAddr) -> bool {
    let (network, length) = match entry.split_once('/') {
        Some((network, length)) => (network, u32::from_str(length).ok()),
        None => (entry, Some(128)),
    };
    let network = network.trim_matches(['[', ']']).parse::<IpAddr>();
    let (Ok(network), Some(length)) = (network, length) else {
        return false;
    };
    let differing = match (network.to_canonical(), address) {
        (IpAddr::V4(a), IpAddr::V4(b)) => (a.to_bits() ^ b.to_bits()).leading_zeros(),
        (IpAddr::V6(a), IpAddr::V6(b)) => (a.to_bits() ^ b.to_bits()).leading_zeros(),
        _ => return false,
    };
    let bits = if address.is_ipv4() { 32 } else { 128 };
    differing >= length.min(bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(target: &str, variables: &[(&str, &str)]) -> Result<Option<String>, Problem> {
        let variable = |name: &str| {
            let (_, value) = variables.iter().find(|(known, _)| *known == name)?;
            Some((*value).to_owned())
        };
        let chosen = choose(&target.parse().unwrap(), &variable)?;
        Ok(chosen.map(|chosen| format!("{} {}", chosen.variable, address(&chosen.proxy))))
    }

    #[test]
    fn the_variable_of_the_scheme_takes_precedence() {
        let both = [("ALL_PROXY", "socks5://all"), ("HTTPS_PROXY", "tls:2")];
        let cases = [("https_proxy", "http://u:p@low"), ("HTTPS_PROXY", "up")];
        let empty = [("https_proxy", " "), ("all_proxy", "[::1]:8080")];
        let capitals = [("HTTP_PROXY", "p:1"), ("HTTPS_PROXY", "p:1")];
        for (target, variables, expected) in [
            ("https://a.example", &both, Some("HTTPS_PROXY tls:2")),
            ("http://a.example", &both, Some("ALL_PROXY all:1080")),
            ("https://a.example", &cases, Some("https_proxy low:80")),
            ("https://a.example", &empty, Some("all_proxy [::1]:8080")),
            ("http://a.example", &capitals, None),
            ("https://localhost", &both, None),
            ("http://git.LOCALHOST.:3000", &both, None),
            ("https://127.0.0.2", &both, None),
            ("https://[::1]:8443", &both, None),
            ("https://[::ffff:127.0.0.1]", &both, None),
        ] {
            let found = chosen(target, variables).unwrap();
            assert_eq!(found.as_deref(), expected, "{target} {variables:?}");
        }
    }

    #[test]
    fn no_proxy_is_read_as_curl_reads_it() {
        for (list, target, direct) in [
            ("*", "git.example.com", true),
            ("*", "192.0.2.1", true),
            ("example.com", "example.com", true),
            ("example.com", "git.example.com.", true),
            (".example.com", "example.com", true),
            ("*.example.com", "git.example.com", true),
            ("EXAMPLE.com.", "Git.example.COM", true),
            ("example.com", "notexample.com", false),
            ("git.example.com", "example.com", false),
            ("a.test b.test,,example.com", "example.com", true),
            ("a.test example.com", "b.test", false),
            ("example.com:8443", "example.com:8443", true),
            ("example.com:443", "example.com", true),
            ("example.com:8443", "example.com", false),
            ("192.0.2.0/24", "192.0.2.77", true),
            ("192.0.2.0/24", "192.0.3.77", false),
            ("192.0.2.7", "192.0.2.7", true),
            ("192.0.2.7:80", "192.0.2.7", false),
            ("0.0.0.0/0", "192.0.2.7", true),
            ("192.0.2.0/x", "192.0.2.7", false),
            ("2001:db8::/32", "[2001:db8::7]", true),
            ("[2001:db8::7]:443", "[2001:db8::7]", true),
            ("2001:db8::7", "[2001:db8::8]", false),
            ("2.7", "192.0.2.7", false),
            (".", "example.com", false),
        ] {
            let variables = [("HTTPS_PROXY", "p:1"), ("NO_PROXY", list)];
            let found = chosen(&format!("https://{target}"), &variables).unwrap();
            assert_eq!(found.is_none(), direct, "{list} for {target}");
        }
    }

    #[test]
    fn a_malformed_proxy_is_named_by_its_variable_alone() {
        for value in [
            "http://",
            "socks9://user:hunter2@proxy:1",
            "user:hunter2@proxy:port",
            "http://user:hunter2@proxy:99999",
            "http://user:hunter 2@proxy",
            "http://proxy/hunter2",
            "http://proxy:",
            "%%",
        ] {
            let failure = chosen("https://a.example", &[("ALL_PROXY", value)]).unwrap_err();
            let message = failure.to_string();
            assert!(message.contains("ALL_PROXY"), "{value}: {message}");
            assert!(!message.contains("hunter"), "{value}: {message}");
        }
    }
}
