//! The two requests of a fetch over smart HTTP, by git's own rules.

use std::io::{self, Read as _};
use std::net::ToSocketAddrs;
use std::time::Duration;

use generator::diagnostic::bounded;
use ureq::http::{self, Uri, header};
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};
use ureq::{Agent, Body, BodyReader};

use super::error::Failure;
use super::proxy::{self, Chosen};

const ADVERTISEMENT: &str = "/info/refs?service=git-upload-pack";
const ADVERTISEMENT_TYPE: &str = "application/x-git-upload-pack-advertisement";
const REQUEST_TYPE: &str = "application/x-git-upload-pack-request";
const RESULT_TYPE: &str = "application/x-git-upload-pack-result";
/// GitHub sends what isn't git, for an address without `.git`, to its web site.
const USER_AGENT: &str = concat!("git/2.0 (xtask ", env!("CARGO_PKG_VERSION"), ")");
const REDIRECTS: usize = 10;
/// What is before the list of refs, and what ends it.
const PREAMBLE: &[u8] = b"001e# service=git-upload-pack\n0000";
const FLUSH: &[u8] = b"0000";

/// How long is waited, and how much is taken.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// For the name, and for the connection with its handshake.
    connect: Duration,
    /// For the head of a response; the server may count objects meanwhile.
    response: Duration,
    /// Between two pieces of a body; git servers send something every five seconds.
    silence: Duration,
    /// For the whole list of refs.
    advertisement: Duration,
    advertisement_bytes: u64,
    response_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(30),
            response: Duration::from_secs(120),
            silence: Duration::from_secs(120),
            advertisement: Duration::from_secs(300),
            advertisement_bytes: 32 << 20,
            response_bytes: 1 << 30,
        }
    }
}

/// A repository behind http or https.
pub(super) struct Connection {
    /// Where the repository is. Moves when the first response came by a redirect, as with git.
    base: String,
    agent: Agent,
    proxy: Option<Chosen>,
    limits: Limits,
    failure: Option<Failure>,
}

/// A response's body, and how much of it was read.
pub(super) struct Response {
    body: BodyReader<'static>,
    received: u64,
}

impl Connection {
    pub(super) fn new(base: &str, limits: Limits) -> Result<Self, Failure> {
        let proxy = proxy_for(base)?;
        Ok(Self {
            base: base.to_owned(),
            agent: agent(proxy.as_ref(), limits),
            proxy,
            limits,
            failure: None,
        })
    }

    /// The first failure is the cause, later ones are its consequences.
    pub(super) fn keep(&mut self, failure: Failure) {
        self.failure.get_or_insert(failure);
    }

    pub(super) fn take_failure(&mut self) -> Option<Failure> {
        self.failure.take()
    }

    /// `GET …/info/refs?service=git-upload-pack`: what the repository's refs are.
    pub(super) fn advertisement(&mut self) -> Result<Vec<u8>, Failure> {
        for _ in 0..=REDIRECTS {
            let url = format!("{}{ADVERTISEMENT}", self.base);
            let sent = self.agent.get(&url).config();
            let sent = sent.timeout_recv_body(Some(self.limits.advertisement));
            let response = sent.build().call().map_err(|error| self.explain(error))?;
            if response.status().is_redirection() {
                self.follow(&response)?;
                continue;
            }
            self.check(&response, ADVERTISEMENT_TYPE)?;
            return self.read_advertisement(response);
        }
        let target = self.base.clone();
        Err(Failure::Redirect { target })
    }

    fn read_advertisement(&self, response: http::Response<Body>) -> Result<Vec<u8>, Failure> {
        let limit = self.limits.advertisement_bytes;
        let mut refs = Vec::new();
        let mut body = response.into_body().into_reader().take(limit + 1);
        body.read_to_end(&mut refs)
            .map_err(|error| self.explain(error.into()))?;
        if refs.len() as u64 > limit {
            return Err(self.too_large("refs", limit));
        }
        // Capabilities stand behind the first ref.
        let first = &refs[..refs.len().min(4096)];
        if contains(first, b"object-format=sha256") {
            return Err(Failure::Sha256);
        }
        let list = refs.strip_prefix(PREAMBLE).unwrap_or(&refs);
        let is_refusal = list.get(4..).is_some_and(|line| line.starts_with(b"ERR "));
        if !list.ends_with(FLUSH) && !is_refusal {
            return Err(Failure::BrokenOff {
                host: self.host(),
                cause: "the list of refs ended early".to_owned(),
            });
        }
        Ok(refs)
    }

    /// `POST …/git-upload-pack`: a step of the negotiation. As with git, no redirect is followed.
    pub(super) fn upload_pack(&self, request: &[u8]) -> Result<Response, Failure> {
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

    /// Reads on in a response.
    pub(super) fn read(
        &self,
        response: &mut Response,
        buffer: &mut [u8],
    ) -> Result<usize, Failure> {
        let length = response
            .body
            .read(buffer)
            .map_err(|error| self.explain(error.into()))?;
        response.received += length as u64;
        if response.received > self.limits.response_bytes {
            return Err(self.too_large("objects", self.limits.response_bytes));
        }
        Ok(length)
    }

    fn check(&self, response: &http::Response<Body>, expected: &str) -> Result<(), Failure> {
        let host = self.host();
        match response.status().as_u16() {
            200 if response.body().mime_type() == Some(expected) => Ok(()),
            200 => Err(Failure::NotGit { host }),
            401 | 403 => Err(Failure::LoginRequired { host }),
            404 | 410 => Err(Failure::NotFound { host }),
            status => Err(Failure::Status { host, status }),
        }
    }

    /// Moves to where the response redirects, which must be a repository again. Once on https, always
    /// on https.
    fn follow(&mut self, response: &http::Response<Body>) -> Result<(), Failure> {
        let location = response.headers().get(header::LOCATION);
        let location = location.and_then(|value| value.to_str().ok());
        let location = location.unwrap_or_default();
        let (scheme, rest) = self.base.split_once("://").unwrap_or_default();
        let authority = rest.split('/').next().unwrap_or_default();
        let target = match location {
            path if path.starts_with("//") => format!("{scheme}:{path}"),
            path if path.starts_with('/') => format!("{scheme}://{authority}{path}"),
            address => address.to_owned(),
        };
        let base = target.strip_suffix(ADVERTISEMENT).filter(|base| {
            let uri = base.parse::<Uri>().ok();
            let authority = uri.as_ref().and_then(Uri::authority);
            let scheme = uri.as_ref().and_then(Uri::scheme_str);
            authority.is_some_and(|authority| !authority.as_str().contains('@'))
                && (scheme == Some("https")
                    || scheme == Some("http") && self.base.starts_with("http://"))
        });
        let Some(base) = base else {
            let target = bounded(&super::location::without_userinfo(&target));
            return Err(Failure::Redirect { target });
        };
        let proxy = proxy_for(base)?;
        if proxy != self.proxy {
            self.agent = agent(proxy.as_ref(), self.limits);
            self.proxy = proxy;
        }
        self.base = base.to_owned();
        Ok(())
    }

    fn authority(&self) -> &str {
        let rest = self.base.split_once("://").map_or("", |(_, rest)| rest);
        rest.split('/').next().unwrap_or(rest)
    }

    /// The host as messages name it, with the proxy on the way to it.
    fn host(&self) -> String {
        let host = self.authority();
        match &self.proxy {
            None => format!("`{host}`"),
            Some(proxy) => format!(
                "`{host}` (through the proxy `{}` of {})",
                proxy.address(),
                proxy.variable
            ),
        }
    }

    fn too_large(&self, what: &'static str, limit: u64) -> Failure {
        let host = self.host();
        Failure::TooLarge { host, what, limit }
    }

    fn explain(&self, error: ureq::Error) -> Failure {
        let host = self.host();
        match error {
            ureq::Error::HostNotFound => self.unknown_host(),
            ureq::Error::Rustls(error) => explain_tls(host, &error),
            ureq::Error::Io(error) => self.explain_io(&error),
            ureq::Error::ConnectProxyFailed(cause) => self.way_failed(cause),
            ureq::Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve) => {
                self.way_failed("it didn't respond in time".to_owned())
            }
            ureq::Error::Protocol(error) => Failure::Unreachable {
                host,
                cause: bounded(&error.to_string()),
            },
            other => Failure::Unreachable {
                host,
                cause: other.to_string(),
            },
        }
    }

    fn explain_io(&self, error: &io::Error) -> Failure {
        let host = self.host();
        let inner = error.get_ref();
        if let Some(inner) = inner.and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            return explain_tls(host, inner);
        }
        let cause = error.to_string();
        match error.kind() {
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof => Failure::BrokenOff { host, cause },
            _ if self.proxy.is_some() => self.way_failed(cause),
            io::ErrorKind::ConnectionRefused => Failure::ConnectionRefused { host },
            // A failed look-up has no kind of its own, so it is repeated.
            _ if !resolves(self.authority()) => self.unknown_host(),
            _ => Failure::Unreachable { host, cause },
        }
    }

    fn unknown_host(&self) -> Failure {
        match &self.proxy {
            Some(proxy) if !resolves(&proxy.address()) => {
                self.way_failed("its host isn't known".to_owned())
            }
            _ => Failure::UnknownHost {
                host: format!("`{}`", self.authority()),
            },
        }
    }

    /// What failed on the way is the proxy's failure where there is one, else the host's.
    fn way_failed(&self, cause: String) -> Failure {
        match &self.proxy {
            Some(chosen) => Failure::Proxy {
                variable: chosen.variable,
                proxy: chosen.address(),
                cause,
            },
            None => Failure::Unreachable {
                host: self.host(),
                cause,
            },
        }
    }
}

fn proxy_for(base: &str) -> Result<Option<Chosen>, Failure> {
    let target = base.parse::<Uri>().unwrap_or_default();
    proxy::choose(&target, &|name| {
        let value = std::env::var_os(name)?;
        Some(value.to_string_lossy().into_owned())
    })
}

fn agent(proxy: Option<&Chosen>, limits: Limits) -> Agent {
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
        .timeout_send_request(Some(limits.response))
        .timeout_send_body(Some(limits.response))
        .timeout_recv_response(Some(limits.response))
        .timeout_per_read(Some(limits.silence))
        .build()
        .new_agent()
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|window| window == word)
}

/// Whether the name before the port has an address.
fn resolves(authority: &str) -> bool {
    let uri = authority.parse::<Uri>().ok();
    let host = uri.as_ref().and_then(Uri::host).unwrap_or_default();
    (host.trim_matches(['[', ']']), 0).to_socket_addrs().is_ok()
}

fn explain_tls(host: String, error: &rustls::Error) -> Failure {
    use rustls::CertificateError as Refused;
    let cause = match error {
        rustls::Error::InvalidCertificate(refused) => match refused {
            Refused::UnknownIssuer => "its issuer isn't trusted here".to_owned(),
            Refused::Expired | Refused::ExpiredContext { .. } => "it has expired".to_owned(),
            Refused::NotValidYet | Refused::NotValidYetContext { .. } => {
                "it isn't valid yet".to_owned()
            }
            Refused::NotValidForName | Refused::NotValidForNameContext { .. } => {
                "it is for another host".to_owned()
            }
            other => other.to_string(),
        },
        // How the platform's verifier says that it found no authority at all.
        rustls::Error::General(cause) => cause.clone(),
        other => {
            let cause = other.to_string();
            return Failure::Unreachable { host, cause };
        }
    };
    Failure::Certificate { host, cause }
}
