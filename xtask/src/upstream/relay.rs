//! A server on the loopback interface between libgit2 and the repository's host.
//!
//! **Why.** libgit2 speaks https only with a TLS library built in. On Linux that is OpenSSL: either
//! its headers have to be installed, or it is built along, which needs perl and make: a cold debug
//! build of this package took 237 s that way and takes 95 s this way, in turn on the same two busy
//! cores (282 s and 95 s of processor time). A transport of one's own can be registered with libgit2, but
//! not without `unsafe`. So libgit2 speaks plain http to this relay, and the relay speaks https to the
//! host with ureq and rustls: with the system's certificates, `SSL_CERT_FILE`, `SSL_CERT_DIR`, and the
//! proxy that the environment names. Addresses with plain http take the same way, so that there is
//! one set of time-outs, redirects and errors.
//!
//! **Why it is safe.** The relay listens on 127.0.0.1 only, as long as one fetch takes. It forwards
//! two requests to one repository and nothing else: the list of refs, and a download. It has no
//! credentials and passes none on, so whoever talks to it gets what the host gives to everybody. The
//! path holds a random token, so that another process doesn't even get that by trying ports.
//!
//! **How.** Answers are streamed, so progress is live. Requests are held in memory, up to a bound: they
//! are lists of commit ids, and with their length known no host needs to take a chunked request. Each
//! connection carries one request, because libgit2 writes a request's head and body apart: on a
//! connection that is in use already, the system waits up to 40 ms in between (Nagle's algorithm against a
//! delayed acknowledgement).

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use ureq::Body;
use ureq::http::Response;

use super::error::GitError;
use super::incoming::Incoming;
use super::upstream::{Failure, Headers, Patience, Upstream};

/// What git needs to say to its server; everything else stays here.
const FORWARDED: [&str; 5] = [
    "user-agent",
    "accept",
    "content-type",
    "content-encoding",
    "git-protocol",
];
const PIECE: usize = 32 << 10;
/// For one on this machine to write its request.
const REQUEST_PATIENCE: Duration = Duration::from_secs(10);

/// A running relay. It stops when dropped.
pub(super) struct Relay {
    address: SocketAddr,
    shared: Arc<Shared>,
    url: String,
}

struct Shared {
    upstream: Upstream,
    token: String,
    stopped: AtomicBool,
    failure: Mutex<Option<Failure>>,
}

impl Relay {
    pub(super) fn start(address: &str) -> Result<Self, GitError> {
        Self::listen(address).map_err(|source| GitError::Relay { source })
    }

    fn listen(upstream: &str) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            upstream: Upstream::new(upstream, Patience::default()),
            token: token(),
            stopped: AtomicBool::new(false),
            failure: Mutex::new(None),
        });
        let url = format!("http://{address}/{}", shared.token);
        let serving = Arc::clone(&shared);
        thread::Builder::new()
            .name("git-relay".to_owned())
            .spawn(move || accept(&listener, &serving))?;
        Ok(Self {
            address,
            shared,
            url,
        })
    }

    /// The repository's address as libgit2 is to use it.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) fn has_failed(&self) -> bool {
        self.shared.failure().is_some()
    }

    pub(super) fn take_failure(&self) -> Option<Failure> {
        self.shared.failure().take()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // One more connection, so that the thread stops waiting for one; without it, the thread ends
        // with the process.
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn failure(&self) -> MutexGuard<'_, Option<Failure>> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first failure is the cause, later ones are its consequences.
    fn remember(&self, failure: Failure) {
        self.failure().get_or_insert(failure);
    }
}

/// The standard library's only source of the system's randomness: enough to not be guessed.
fn token() -> String {
    let word = || RandomState::new().hash_one(0);
    format!("{:016x}{:016x}", word(), word())
}

/// Serves each connection in a thread of its own, so that a silent stranger holds up nobody.
fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.stopped.load(Ordering::SeqCst) {
            return;
        }
        let shared = Arc::clone(shared);
        // A client that hangs up, or asks nonsense, is its own affair; and without a thread, closing
        // the connection says enough.
        let _ = thread::Builder::new()
            .spawn(move || stream.and_then(|stream| serve(&stream, &shared)).ok());
    }
}

fn serve(stream: &TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(REQUEST_PATIENCE))?;
    let request = Incoming::read(stream)?;
    match forward(&request, shared) {
        None => refuse(stream, "404 Not Found"),
        Some(Ok(answer)) => pass_on(stream, answer, shared),
        Some(Err(failure)) => {
            shared.remember(failure);
            refuse(stream, "502 Bad Gateway")
        }
    }
}

/// Sends one of the two known requests on, or answers `None` to any other.
fn forward(request: &Incoming, shared: &Shared) -> Option<Result<Response<Body>, Failure>> {
    let target = request.target.strip_prefix('/')?;
    let service = target.strip_prefix(&shared.token)?;
    let headers = forwarded(request);
    match (request.method.as_str(), service) {
        ("GET", "/info/refs?service=git-upload-pack") => {
            Some(shared.upstream.advertisement(&headers))
        }
        ("POST", "/git-upload-pack") => Some(shared.upstream.upload_pack(&headers, &request.body)),
        _ => None,
    }
}

fn forwarded(request: &Incoming) -> Headers {
    FORWARDED
        .into_iter()
        .filter_map(|name| Some((name, request.header(name)?.to_owned())))
        .collect()
}

fn refuse(mut stream: &TcpStream, status: &str) -> io::Result<()> {
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes())
}

/// Passes an answer on piece by piece, as it comes. Without the last, empty piece, libgit2 knows that
/// the answer broke off.
fn pass_on(mut stream: &TcpStream, answer: Response<Body>, shared: &Shared) -> io::Result<()> {
    let content_type = answer.body().mime_type().unwrap_or_default();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nTransfer-Encoding: chunked\r\n\
         Connection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes())?;
    let mut body = answer.into_body().into_reader();
    let mut piece = vec![0; PIECE];
    loop {
        let length = body.read(&mut piece).map_err(|error| {
            let kind = error.kind();
            shared.remember(shared.upstream.broken_off(error));
            io::Error::from(kind)
        })?;
        write!(stream, "{length:x}\r\n")?;
        stream.write_all(&piece[..length])?;
        stream.write_all(b"\r\n")?;
        if length == 0 {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The status of one request to a relay whose upstream refuses every connection.
    fn status(relay: &Relay, method: &str, service: &str) -> u16 {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .build()
            .new_agent();
        let url = format!("{}{service}", relay.url());
        let answer = match method {
            "GET" => agent.get(&url).call(),
            _ => agent.post(&url).send_empty(),
        };
        answer.unwrap().status().as_u16()
    }

    #[test]
    fn only_the_two_requests_of_a_fetch_pass() {
        let relay = Relay::start("http://127.0.0.1:1/repo").unwrap();
        for (method, service) in [
            ("GET", ""),
            ("GET", "/HEAD"),
            ("GET", "/git-upload-pack"),
            ("GET", "/info/refs"),
            ("GET", "/info/refs?service=git-receive-pack"),
            ("GET", "/../../info/refs?service=git-upload-pack"),
            ("POST", "/git-receive-pack"),
            ("POST", "/info/refs?service=git-upload-pack"),
        ] {
            assert_eq!(status(&relay, method, service), 404, "{method} {service}");
            assert!(!relay.has_failed(), "{method} {service} was forwarded");
        }
        for (method, service) in [
            ("GET", "/info/refs?service=git-upload-pack"),
            ("POST", "/git-upload-pack"),
        ] {
            assert_eq!(status(&relay, method, service), 502, "{method} {service}");
            let failure = relay.take_failure();
            assert!(
                matches!(failure, Some(Failure::ConnectionRefused { .. })),
                "{failure:?}"
            );
        }
    }

    #[test]
    fn nothing_passes_without_the_token() {
        let relay = Relay::start("http://127.0.0.1:1/repo").unwrap();
        let stranger = Relay::start("http://127.0.0.1:1/repo").unwrap();
        assert_ne!(relay.shared.token, stranger.shared.token);
        let token = &stranger.shared.token;
        let guess = relay.url().replace(&relay.shared.token, token);
        let answer = ureq::get(format!("{guess}/info/refs?service=git-upload-pack")).call();
        assert!(
            matches!(answer, Err(ureq::Error::StatusCode(404))),
            "{answer:?}"
        );
        assert!(!relay.has_failed());
    }

    #[test]
    fn a_relay_stops_with_its_fetch() {
        let relay = Relay::start("http://127.0.0.1:1/repo").unwrap();
        let shared = Arc::downgrade(&relay.shared);
        drop(relay);
        for _ in 0..100 {
            if shared.upgrade().is_none() {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
        panic!("the relay's thread still runs");
    }
}
