//! A git HTTP server on the loopback interface that runs `git http-backend`.

use std::io::{BufRead, Cursor, Read, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use tiny_http::{Header, Request, Response, Server as Listener, StatusCode};

use super::repository::git;

/// The number of requests of each kind.
#[derive(Default)]
struct Counts {
    listings: AtomicUsize,
    posts: AtomicUsize,
    downloads: AtomicUsize,
    faults: AtomicUsize,
}

/// A running server. `/repo` is the repository. The first path segment can select a fault:
///
/// | path | what the server does |
/// |---|---|
/// | `/moved/repo` | redirects to `/repo` |
/// | `/to/<address>/repo` | redirects to `http://<address>/repo` |
/// | `/private/repo` | requires a login |
/// | `/page/repo` | responds with a web page |
/// | `/charset/repo` | adds a parameter to content types |
/// | `/cut/repo` | cuts every download in half |
/// | `/status-<status>-<times>/repo` | responds with this status, for this many requests |
/// | `/short-<times>/repo` | cuts the list of refs in half, for this many requests |
pub(crate) struct Server {
    listener: Arc<Listener>,
    counts: Arc<Counts>,
}

impl Server {
    /// Serves the repositories in this folder.
    pub(crate) fn start(root: &Path) -> Self {
        let listener = Arc::new(Listener::http("127.0.0.1:0").unwrap());
        let counts = Arc::new(Counts::default());
        let (listening, counting) = (Arc::clone(&listener), Arc::clone(&counts));
        let root = root.to_owned();
        thread::spawn(move || {
            for request in listening.incoming_requests() {
                let (root, counts) = (root.clone(), Arc::clone(&counting));
                thread::spawn(move || serve(request, &root, &counts));
            }
        });
        Self { listener, counts }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.listener.server_addr().to_ip().unwrap()
    }

    /// The URL of this path on the server.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address())
    }

    /// The number of requests for the list of refs.
    pub(crate) fn listings(&self) -> usize {
        self.counts.listings.load(Ordering::SeqCst)
    }

    /// The number of negotiation requests. A shallow download needs two.
    pub(crate) fn posts(&self) -> usize {
        self.counts.posts.load(Ordering::SeqCst)
    }

    /// The number of requests that got an error status or a cut list of refs.
    pub(crate) fn faults(&self) -> usize {
        self.counts.faults.load(Ordering::SeqCst)
    }

    /// The number of requests that end a negotiation and receive objects.
    pub(crate) fn downloads(&self) -> usize {
        self.counts.downloads.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.listener.unblock();
    }
}

fn serve(mut request: Request, root: &Path, counts: &Counts) {
    let mut body = Vec::new();
    request.as_reader().read_to_end(&mut body).unwrap();
    count(&request, &body, counts);
    let url = request.url().to_owned();
    let segment = url.split('/').nth(1).unwrap_or_default();
    let rest = url.get(segment.len() + 1..).unwrap_or_default();
    let words: Vec<&str> = segment.split('-').collect();
    let forward = |rest: &str| backend(&request, rest, root, &body);
    let response = match words.as_slice() {
        ["moved"] => plain(301, "").with_header(header("Location", rest)),
        ["to"] => plain(302, "").with_header(header("Location", &format!("http:/{rest}"))),
        ["private"] => plain(401, "").with_header(header("WWW-Authenticate", "Basic")),
        ["page"] => plain(200, "<p>Welcome</p>").with_header(header("Content-Type", "text/html")),
        ["charset"] => with_charset(forward(rest)),
        ["cut"] => cut(forward(rest), "result"),
        ["status", status, times] if counts.take_fault(times) => plain(status.parse().unwrap(), ""),
        ["short", times] if counts.take_fault(times) => cut(forward(rest), "advertisement"),
        ["status" | "short", ..] => forward(rest),
        _ => forward(&url),
    };
    // In some tests the client has closed the connection.
    let _ = request.respond(response);
}

fn count(request: &Request, body: &[u8], counts: &Counts) {
    if request.url().contains("/info/refs?") {
        counts.listings.fetch_add(1, Ordering::SeqCst);
    }
    if request.url().ends_with("/git-upload-pack") {
        counts.posts.fetch_add(1, Ordering::SeqCst);
        if body.ends_with(b"done\n") {
            counts.downloads.fetch_add(1, Ordering::SeqCst);
        }
    }
}

impl Counts {
    /// Counts a fault and returns `true`, or returns `false` after this many faults.
    fn take_fault(&self, times: &str) -> bool {
        let times: usize = times.parse().unwrap();
        let next = |count| (count < times).then_some(count + 1);
        let order = Ordering::SeqCst;
        self.faults.fetch_update(order, order, next).is_ok()
    }
}

type Reply = Response<Cursor<Vec<u8>>>;

fn plain(status: u16, text: &str) -> Reply {
    Response::from_data(text.as_bytes()).with_status_code(status)
}

fn header(name: &str, value: &str) -> Header {
    Header::from_bytes(name.as_bytes(), value.as_bytes()).unwrap()
}

/// Cuts the body in half if its content type ends with `kind`.
fn cut(reply: Reply, kind: &str) -> Reply {
    let mut headers = reply.headers().iter();
    let is_kind = headers.any(|header| header.value.as_str().ends_with(kind));
    let (status, headers) = (reply.status_code(), reply.headers().to_vec());
    let mut body = reply.into_reader().into_inner();
    if is_kind {
        body.truncate(body.len() / 2);
    }
    Response::new(status, headers, Cursor::new(body), None, None)
}

fn with_charset(reply: Reply) -> Reply {
    let kinds = reply.headers().iter();
    let kinds: Vec<_> = kinds
        .filter(|header| header.field.equiv("Content-Type"))
        .collect();
    let kind = format!("{}; charset=utf-8", kinds[0].value);
    reply.with_header(header("Content-Type", &kind))
}

/// Runs `git http-backend` as a CGI program.
fn backend(request: &Request, url: &str, root: &Path, body: &[u8]) -> Reply {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let found = |name: &'static str| {
        let header = request
            .headers()
            .iter()
            .find(|header| header.field.equiv(name));
        header.map_or(String::new(), |header| header.value.to_string())
    };
    let mut child = git()
        .arg("http-backend")
        .env("GIT_PROJECT_ROOT", root)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("REQUEST_METHOD", request.method().as_str())
        .env("PATH_INFO", path)
        .env("QUERY_STRING", query)
        .env("REMOTE_ADDR", "127.0.0.1")
        .env("CONTENT_TYPE", found("Content-Type"))
        .env("HTTP_CONTENT_ENCODING", found("Content-Encoding"))
        .env("HTTP_GIT_PROTOCOL", found("Git-Protocol"))
        .env("GIT_PROTOCOL", found("Git-Protocol"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let body = body.to_vec();
    let writer = thread::spawn(move || {
        // The backend may respond before it has read everything.
        let _ = input.write_all(&body);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    parse(output.stdout)
}

fn parse(output: Vec<u8>) -> Reply {
    let mut output = Cursor::new(output);
    let (mut status, mut headers) = (200, Vec::new());
    loop {
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        if name == "Status" {
            status = value[..3].parse().unwrap();
        } else {
            headers.push(header(name, value));
        }
    }
    let mut body = Vec::new();
    output.read_to_end(&mut body).unwrap();
    Response::new(StatusCode(status), headers, Cursor::new(body), None, None)
}

/// A local address without a listener.
pub(crate) fn closed_port() -> SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
}

/// Converts a path to a string.
pub(crate) fn path_to_string(path: PathBuf) -> String {
    path.into_os_string().into_string().unwrap()
}
