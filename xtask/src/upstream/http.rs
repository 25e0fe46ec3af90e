//! The two HTTP requests of a fetch with git's smart protocol.

use std::io::{self, Read as _};
use std::net::ToSocketAddrs;
use std::time::Duration;

use generator::escape_and_truncate;
use ureq::http::{self, Uri, header};
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};
use ureq::{Agent, Body, BodyReader, Timeout};

use super::error::Problem;
use super::location::without_userinfo;
use super::proxy::{self, ChosenProxy};

const LIST: &str = "/info/refs?service=git-upload-pack";
const LIST_TYPE: &str = "application/x-git-upload-pack-advertisement";
/// The beginning and the end of the response before the list of refs.
const PREAMBLE: &[u8] = b"001e# service=git-upload-pack\n0000";
const FLUSH: &[u8] = b"0000";
const REQUEST_TYPE: &str = "application/x-git-upload-pack-request";
const RESULT_TYPE: &str = "application/x-git-upload-pack-result";
/// It has to begin with `git/`: otherwise GitHub redirects an address without `.git` to its web site.
const USER_AGENT: &str = concat!("git/2.0 (xtask ", env!("CARGO_PKG_VERSION"), ")");
const REDIRECTS: usize = 10;

/// Timeouts and size limits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// The timeout for the name lookup, and for the connection with its handshake.
    connect: Duration,
    /// The timeout for the head of a response, and for each read of its body. A server that is still
    /// counting objects sends something every five seconds.
    silence: Duration,
    /// The timeout for the complete list of refs.
    list: Duration,
    list_bytes: u64,
    pack_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(30),
            silence: Duration::from_secs(120),
            list: Duration::from_secs(300),
            list_bytes: 32 << 20,
            pack_bytes: 1 << 30,
        }
    }
}

/// A connection to a repository over http or https.
pub(super) struct Connection {
    /// The repository's URL. As in git, a redirect of the first request changes it.
    base: String,
    agent: Agent,
    proxy: Option<ChosenProxy>,
    limits: Limits,
    /// The reason why a request failed. Only the first problem is kept; later ones are its consequences.
    pub(super) problem: Option<Problem>,
}

/// A response's body, and the number of bytes that were read.
pub(super) struct Response {
    body: BodyReader<'static>,
    received: u64,
}

impl Connection {
    pub(super) fn new(base: &str, limits: Limits) -> Result<Self, Problem> {
        let proxy = proxy_for(base)?;
        Ok(Self {
            base: base.to_owned(),
            agent: agent(proxy.as_ref(), limits),
            proxy,
            limits,
            problem: None,
        })
    }

    /// `GET …/info/refs?service=git-upload-pack`: the list of refs.
    pub(super) fn list(&mut self) -> Result<Vec<u8>, Problem> {
        for _ in 0..=REDIRECTS {
            let request = self.agent.get(format!("{}{LIST}", self.base)).config();
            let request = request.timeout_recv_body(Some(self.limits.list)).build();
            let response = request.call().map_err(|error| self.explain(error))?;
            if !response.status().is_redirection() {
                self.check(&response, LIST_TYPE)?;
                return self.read_list(response);
            }
            self.follow(&response)?;
        }
        let target = self.base.clone();
        Err(Problem::Redirect { target })
    }

    fn read_list(&self, response: http::Response<Body>) -> Result<Vec<u8>, Problem> {
        let (host, limit) = (self.host(), self.limits.list_bytes);
        let mut list = Vec::new();
        let mut body = response.into_body().into_reader().take(limit + 1);
        body.read_to_end(&mut list)
            .map_err(|error| self.explain(error.into()))?;
        if list.len() as u64 > limit {
            return Err(Problem::TooLarge { host, limit });
        }
        let refs = list.strip_prefix(PREAMBLE).unwrap_or(&list);
        // The first line has the capabilities after the ref.
        let first =
            String::from_utf8_lossy(refs.split(|byte| *byte == b'\n').next().unwrap_or(refs));
        if first.contains("object-format=sha256") {
            return Err(Problem::Sha256);
        }
        let is_refusal = first.get(4..).is_some_and(|line| line.starts_with("ERR "));
        if !refs.ends_with(FLUSH) && !is_refusal {
            let cause = "the list of refs is incomplete".to_owned();
            return Err(Problem::ConnectionBroken { host, cause });
        }
        Ok(list)
    }

    /// `POST …/git-upload-pack`: a step of the negotiation. As with git, no redirect is followed.
    pub(super) fn upload_pack(&self, request: &[u8]) -> Result<Response, Problem> {
        let sent = self.agent.post(format!("{}/git-upload-pack", self.base));
        let response = sent
            .header(header::CONTENT_TYPE, REQUEST_TYPE)
            .header(header::ACCEPT, RESULT_TYPE)
            .send(request)
            .map_err(|error| self.explain(error))?;
        self.check(&response, RESULT_TYPE)?;
        Ok(Response {
            body: response.into_body().into_reader(),
            received: 0,
        })
    }

    /// Reads the next bytes of a response.
    pub(super) fn read(&self, from: &mut Response, buffer: &mut [u8]) -> Result<usize, Problem> {
        let read = from.body.read(buffer);
        let length = read.map_err(|error| self.explain(error.into()))?;
        from.received += length as u64;
        let (host, limit) = (self.host(), self.limits.pack_bytes);
        match from.received > limit {
            true => Err(Problem::TooLarge { host, limit }),
            false => Ok(length),
        }
    }

    fn check(&self, response: &http::Response<Body>, expected: &str) -> Result<(), Problem> {
        let host = self.host();
        match response.status().as_u16() {
            200 if response.body().mime_type() == Some(expected) => Ok(()),
            200 => Err(Problem::NotGit { host }),
            401 | 403 => Err(Problem::LoginRequired { host }),
            404 | 410 => Err(Problem::NotFound { host }),
            status => Err(Problem::Status { host, status }),
        }
    }

    /// Changes the repository's URL to that of a redirected response, which must be a repository too. A
    /// redirect from https to http isn't followed.
    fn follow(&mut self, response: &http::Response<Body>) -> Result<(), Problem> {
        let location = response.headers().get(header::LOCATION);
        let location = location.and_then(|value| value.to_str().ok());
        let location = location.unwrap_or_default();
        let scheme = self.base.split("://").next().unwrap_or_default();
        let target = match location {
            path if path.starts_with("//") => format!("{scheme}:{path}"),
            path if path.starts_with('/') => format!("{scheme}://{}{path}", self.authority()),
            address => address.to_owned(),
        };
        let is_usable = |base: &&str| {
            let uri: Uri = base.parse().unwrap_or_default();
            let has_login = uri
                .authority()
                .is_none_or(|host| host.as_str().contains('@'));
            !has_login && (uri.scheme_str() == Some("https") || uri.scheme_str() == Some(scheme))
        };
        let Some(base) = target.strip_suffix(LIST).filter(is_usable) else {
            let target = escape_and_truncate(&without_userinfo(&target));
            return Err(Problem::Redirect { target });
        };
        let proxy = proxy_for(base)?;
        if proxy != self.proxy {
            self.agent = agent(proxy.as_ref(), self.limits);
            self.proxy = proxy;
        }
        self.base = base.to_owned();
        Ok(())
    }

    /// The host, with its port if the address has one.
    fn authority(&self) -> &str {
        let rest = self.base.split_once("://").map_or("", |(_, rest)| rest);
        rest.split('/').next().unwrap_or(rest)
    }

    /// The host for messages, with the proxy if there is one.
    fn host(&self) -> String {
        let host = self.authority();
        match &self.proxy {
            None => format!("`{host}`"),
            Some(ChosenProxy { variable, proxy }) => {
                let proxy = proxy::address(proxy);
                format!("`{host}` (through the proxy `{proxy}` of {variable})")
            }
        }
    }

    fn explain(&self, error: ureq::Error) -> Problem {
        match error {
            ureq::Error::HostNotFound => self.unknown_host(),
            ureq::Error::Rustls(error) => self.explain_tls(&error),
            ureq::Error::Io(error) => self.explain_io(&error),
            ureq::Error::ConnectProxyFailed(cause) => self.unreachable(cause),
            ureq::Error::Timeout(Timeout::Connect | Timeout::Resolve) => {
                self.unreachable("it didn't respond in time".to_owned())
            }
            other => Problem::Unreachable {
                host: self.host(),
                cause: escape_and_truncate(&other.to_string()),
            },
        }
    }

    fn explain_io(&self, error: &io::Error) -> Problem {
        let inner = error.get_ref();
        if let Some(inner) = inner.and_then(|inner| inner.downcast_ref()) {
            return self.explain_tls(inner);
        }
        let (host, cause) = (self.host(), error.to_string());
        match error.kind() {
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof => Problem::ConnectionBroken { host, cause },
            io::ErrorKind::ConnectionRefused if self.proxy.is_none() => {
                Problem::ConnectionRefused { host }
            }
            // ureq has no error kind for a failed name lookup, so the lookup is repeated here.
            _ if self.proxy.is_none() && !resolves(self.authority()) => self.unknown_host(),
            _ => self.unreachable(cause),
        }
    }

    fn explain_tls(&self, error: &rustls::Error) -> Problem {
        use rustls::CertificateError;
        let cause = match error {
            rustls::Error::InvalidCertificate(refused) => match refused {
                CertificateError::UnknownIssuer => {
                    "its issuer isn't trusted on this machine".to_owned()
                }
                CertificateError::NotValidForName
                | CertificateError::NotValidForNameContext { .. } => {
                    "it is for another host".to_owned()
                }
                other => other.to_string(),
            },
            // The platform's verifier returns this if it found no trusted authorities at all.
            rustls::Error::General(cause) => cause.clone(),
            other => return self.unreachable(other.to_string()),
        };
        let host = self.host();
        Problem::Certificate { host, cause }
    }

    /// With a proxy, the unknown name may be that of the host or of the proxy.
    fn unknown_host(&self) -> Problem {
        match &self.proxy {
            Some(chosen) if !resolves(&proxy::address(&chosen.proxy)) => {
                self.unreachable("its host isn't known".to_owned())
            }
            _ => Problem::UnknownHost {
                host: format!("`{}`", self.authority()),
            },
        }
    }

    /// A connection failure: the proxy's if there is one, otherwise the host's.
    fn unreachable(&self, cause: String) -> Problem {
        match &self.proxy {
            Some(ChosenProxy { variable, proxy }) => Problem::Proxy {
                variable,
                proxy: proxy::address(proxy),
                cause,
            },
            None => Problem::Unreachable {
                host: self.host(),
                cause,
            },
        }
    }
}

fn proxy_for(base: &str) -> Result<Option<ChosenProxy>, Problem> {
    let target = base.parse().unwrap_or_default();
    proxy::choose(&target, &|name| {
        let value = std::env::var_os(name)?;
        Some(value.to_string_lossy().into_owned())
    })
}

fn agent(proxy: Option<&ChosenProxy>, limits: Limits) -> Agent {
    let tls = TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .root_certs(RootCerts::PlatformVerifier)
        .build();
    Agent::config_builder()
        .tls_config(tls)
        .proxy(proxy.map(|chosen| chosen.proxy.clone()))
        .user_agent(USER_AGENT)
        .accept_encoding("identity")
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_resolve(Some(limits.connect))
        .timeout_connect(Some(limits.connect))
        .timeout_send_request(Some(limits.silence))
        .timeout_send_body(Some(limits.silence))
        .timeout_recv_response(Some(limits.silence))
        .timeout_per_read(Some(limits.silence))
        .build()
        .new_agent()
}

/// Whether the host of `host:port` resolves to an address.
fn resolves(authority: &str) -> bool {
    let uri: Uri = authority.parse().unwrap_or_default();
    let host = uri.host().unwrap_or_default();
    (host.trim_matches(['[', ']']), 0).to_socket_addrs().is_ok()
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    /// A connection with short timeouts to a server that sends `response` once and then nothing.
    fn connection(response: &str) -> Connection {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}/repo", listener.local_addr().unwrap());
        let response = response.to_owned();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            stream.write_all(response.as_bytes()).unwrap();
            stream.read_to_end(&mut Vec::new())
        });
        let wait = Duration::from_secs(1);
        let limits = Limits {
            connect: wait,
            silence: wait,
            list: wait,
            list_bytes: 100,
            pack_bytes: 100,
        };
        Connection::new(&base, limits).unwrap()
    }

    fn response(kind: &str, length: usize) -> String {
        format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nContent-Type: {kind}\r\n\r\n0000")
    }

    #[test]
    fn silence_ends_a_request() {
        for response in [String::new(), response(LIST_TYPE, 50)] {
            let problem = connection(&response).list().unwrap_err();
            assert!(matches!(problem, Problem::Unreachable { .. }), "{problem}");
        }
    }

    #[test]
    fn a_pack_is_bounded() {
        for (rest, expected) in [(150, "more than 100 bytes"), (50, "can't be reached")] {
            let body = response(RESULT_TYPE, 1_000) + &"x".repeat(rest);
            let connection = connection(&body);
            let mut response = connection.upload_pack(b"0000").unwrap();
            let problem = loop {
                if let Err(problem) = connection.read(&mut response, &mut [0; 32]) {
                    break problem.to_string();
                }
            };
            assert!(problem.contains(expected), "{problem}");
        }
    }
}
