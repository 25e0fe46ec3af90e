//! The far side of the relay: the two requests of a fetch over smart http, sent with ureq.

use std::fmt;
use std::io;
use std::net::ToSocketAddrs;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ureq::http::{Response, Uri, header};
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};
use ureq::{Agent, Body, ResponseExt};

const ADVERTISEMENT: &str = "/info/refs?service=git-upload-pack";
const ADVERTISEMENT_TYPE: &str = "application/x-git-upload-pack-advertisement";
const RESULT_TYPE: &str = "application/x-git-upload-pack-result";
const REDIRECTS: u32 = 10;

/// How long to wait. A body has no limit as a whole, as long as it goes on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// For the name, and for the connection with its handshake.
    pub(super) connect: Duration,
    /// For the head of an answer; the server may count objects meanwhile.
    pub(super) answer: Duration,
    /// Between two pieces of a body; git servers send a sign of life every five seconds.
    pub(super) silence: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(30),
            answer: Duration::from_secs(120),
            silence: Duration::from_secs(120),
        }
    }
}

/// Why the upstream gave no proper answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    UnknownHost { host: String },
    ConnectionRefused { host: String },
    Unreachable { host: String, cause: String },
    Certificate { host: String, cause: String },
    Redirect { target: String },
    NoGit { reason: &'static str },
    Status { host: String, status: u16 },
}

/// Headers of one request, lower-case name first.
pub(super) type Headers = Vec<(&'static str, String)>;

/// A repository behind http or https.
pub(super) struct Upstream {
    agent: Agent,
    /// Where the repository is; moves when the first answer came by a redirect, as with git.
    base: Mutex<String>,
}

impl Upstream {
    pub(super) fn new(base: &str, patience: Patience) -> Self {
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .root_certs(RootCerts::PlatformVerifier)
            .build();
        let agent = Agent::config_builder()
            .tls_config(tls)
            // Once on https, always on https: no redirect leads back to plain text.
            .https_only(base.starts_with("https://"))
            .http_status_as_error(false)
            .max_redirects(REDIRECTS)
            .timeout_resolve(Some(patience.connect))
            .timeout_connect(Some(patience.connect))
            .timeout_send_request(Some(patience.answer))
            .timeout_send_body(Some(patience.answer))
            .timeout_recv_response(Some(patience.answer))
            .timeout_per_read(Some(patience.silence))
            .build()
            .new_agent();
        Self {
            agent,
            base: Mutex::new(base.to_owned()),
        }
    }

    /// `GET …/info/refs?service=git-upload-pack`
    pub(super) fn advertisement(&self, headers: &Headers) -> Result<Response<Body>, Failure> {
        let url = format!("{}{ADVERTISEMENT}", self.base());
        let request = headers
            .iter()
            .fold(self.agent.get(&url), |request, (name, value)| {
                request.header(*name, value)
            });
        let response = request.call().map_err(|error| self.explain(error))?;
        self.check(&response, ADVERTISEMENT_TYPE)?;
        self.follow(response.get_uri())?;
        Ok(response)
    }

    /// `POST …/git-upload-pack`
    pub(super) fn upload_pack(
        &self,
        headers: &Headers,
        body: &[u8],
    ) -> Result<Response<Body>, Failure> {
        let url = format!("{}/git-upload-pack", self.base());
        let request = headers
            .iter()
            .fold(self.agent.post(&url), |request, (name, value)| {
                request.header(*name, value)
            });
        let response = request
            .config()
            // A redirected POST would lose its body; git doesn't follow one either.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .build()
            .send(body)
            .map_err(|error| self.explain(error))?;
        self.check(&response, RESULT_TYPE)?;
        Ok(response)
    }

    /// Why an answer's body broke off.
    pub(super) fn broken_off(&self, error: io::Error) -> Failure {
        self.explain(error.into())
    }

    fn base(&self) -> MutexGuard<'_, String> {
        self.base.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn check(&self, response: &Response<Body>, expected: &str) -> Result<(), Failure> {
        let status = response.status().as_u16();
        if status != 200 {
            return Err(Failure::Status {
                host: self.host(),
                status,
            });
        }
        let content_type = response.headers().get(header::CONTENT_TYPE);
        if content_type.is_some_and(|found| found.as_bytes() == expected.as_bytes()) {
            return Ok(());
        }
        Err(Failure::NoGit {
            reason: "the server's answer isn't git's smart protocol",
        })
    }

    fn follow(&self, answered: &Uri) -> Result<(), Failure> {
        let answered = answered.to_string();
        let base = answered
            .strip_suffix(ADVERTISEMENT)
            .ok_or_else(|| Failure::Redirect {
                target: answered.clone(),
            })?;
        base.clone_into(&mut self.base());
        Ok(())
    }

    fn host(&self) -> String {
        let base = self.base();
        let rest = base
            .split_once("://")
            .map_or(base.as_str(), |(_, rest)| rest);
        rest.split('/').next().unwrap_or(rest).to_owned()
    }

    fn explain(&self, error: ureq::Error) -> Failure {
        let host = self.host();
        match error {
            ureq::Error::HostNotFound => Failure::UnknownHost { host },
            ureq::Error::RequireHttpsOnly(target) => Failure::Redirect { target },
            ureq::Error::Rustls(error) => explain_tls(host, &error),
            ureq::Error::Io(error) => self.explain_io(host, &error),
            other => unreachable(host, other),
        }
    }

    fn explain_io(&self, host: String, error: &io::Error) -> Failure {
        let inner = error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<rustls::Error>());
        if let Some(inner) = inner {
            return explain_tls(host, inner);
        }
        if error.kind() == io::ErrorKind::ConnectionRefused {
            return Failure::ConnectionRefused { host };
        }
        // A failed look-up has no kind of its own, so it is done again. Behind a proxy, names are
        // the proxy's business.
        if self.agent.config().proxy().is_none() && !resolves(&self.base()) {
            return Failure::UnknownHost { host };
        }
        unreachable(host, error)
    }
}

fn resolves(base: &str) -> bool {
    let uri = base.parse::<Uri>().ok();
    let host = uri.as_ref().and_then(Uri::host).unwrap_or_default();
    (host.trim_matches(['[', ']']), 0).to_socket_addrs().is_ok()
}

fn unreachable(host: String, cause: impl fmt::Display) -> Failure {
    Failure::Unreachable {
        host,
        cause: cause.to_string(),
    }
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
        other => return unreachable(host, other),
    };
    Failure::Certificate { host, cause }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    const IMPATIENT: Patience = Patience {
        connect: Duration::from_millis(300),
        answer: Duration::from_millis(300),
        silence: Duration::from_millis(300),
    };

    /// Answers every connection with the same bytes, and then says nothing more.
    fn server(answer: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            let mut open = Vec::new();
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).unwrap();
                stream.write_all(answer.as_bytes()).unwrap();
                open.push(stream);
            }
        });
        format!("http://{address}/repo")
    }

    fn failure(answer: &'static str) -> Failure {
        let upstream = Upstream::new(&server(answer), IMPATIENT);
        upstream.advertisement(&Vec::new()).unwrap_err()
    }

    #[test]
    fn a_silent_server_is_not_waited_for_endlessly() {
        assert!(matches!(failure(""), Failure::Unreachable { .. }));
    }

    #[test]
    fn a_body_that_stalls_is_a_failure() {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\
                      Content-Type: application/x-git-upload-pack-advertisement\r\n\r\n001e";
        let upstream = Upstream::new(&server(answer), IMPATIENT);
        let response = upstream.advertisement(&Vec::new()).unwrap();
        let error = response
            .into_body()
            .into_reader()
            .read_to_end(&mut Vec::new())
            .unwrap_err();
        assert!(matches!(
            upstream.broken_off(error),
            Failure::Unreachable { .. }
        ));
    }

    #[test]
    fn a_host_that_hangs_up_is_known_but_unreachable() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}/repo", listener.local_addr().unwrap());
        thread::spawn(move || listener.incoming().for_each(drop));
        let upstream = Upstream::new(&base, IMPATIENT);
        let failure = upstream.advertisement(&Vec::new()).unwrap_err();
        assert!(
            matches!(failure, Failure::Unreachable { .. }),
            "{failure:?}"
        );
    }

    #[test]
    fn a_web_page_is_not_a_repository() {
        for answer in [
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: text/html\r\n\r\nhi",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
        ] {
            assert!(matches!(failure(answer), Failure::NoGit { .. }), "{answer}");
        }
    }

    #[test]
    fn a_refusal_keeps_its_status() {
        let answer = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";
        assert!(matches!(
            failure(answer),
            Failure::Status { status: 503, .. }
        ));
    }

    #[test]
    fn https_is_never_left_by_a_redirect() {
        let upstream = Upstream::new("https://example.com/repo", IMPATIENT);
        assert!(upstream.agent.config().https_only());
    }
}
