//! Both clients against faulty servers over real sockets, with each kind of operation.

// Clippy knows `#[test]` functions as tests, but not their helpers.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::fmt::Debug;
use std::future::Future;
use std::io::{Read as _, Seek as _};
use std::net::TcpListener;
use std::pin::Pin;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use http::Request;
use launchdarkly_integrations::client::{
    AuditLogSubscriptionPatch, Body, BuildClient, Client, ClientBuilder, Effect, Error, ErrorKind,
    Host, Limits, NewAuditLogSubscription, RawConfigValues, Received, RetryPolicy, SendError,
    SendFailure, SendStage, Transport, blocking,
};
use support::server::{Action, Server, kept, response};
use tracing::Dispatch;

const TOKEN: &str = "api-canary-token-77";
const SECRET: &str = "canary-secret-88";

/// The kinds of operations that fail differently.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    List,
    Get,
    Create,
    Update,
    Delete,
    /// A `POST` without a body in the request and in the response.
    Trigger,
}

impl Kind {
    const ALL: [Self; 6] = [
        Self::List,
        Self::Get,
        Self::Create,
        Self::Update,
        Self::Delete,
        Self::Trigger,
    ];

    fn changes(self) -> bool {
        !matches!(self, Self::List | Self::Get)
    }

    /// Whether it is retried if it may have taken effect.
    fn is_repeatable(self) -> bool {
        matches!(self, Self::List | Self::Get | Self::Delete)
    }

    fn has_response_body(self) -> bool {
        !matches!(self, Self::Delete | Self::Trigger)
    }

    fn success(self) -> &'static str {
        match self {
            Self::List | Self::Get | Self::Update => "200 OK",
            Self::Create | Self::Trigger => "201 Created",
            Self::Delete => "204 No Content",
        }
    }

    fn body(self) -> &'static str {
        match self {
            Self::List => r#"{"items": [{"_id": "c1"}]}"#,
            Self::Get | Self::Create | Self::Update => r#"{"_id": "c1"}"#,
            Self::Delete | Self::Trigger => "",
        }
    }

    /// The effect of an attempt that was sent and has no response.
    fn effect_without_response(self) -> Effect {
        if self.changes() {
            Effect::Unknown
        } else {
            Effect::None
        }
    }
}

fn values() -> RawConfigValues {
    RawConfigValues::new("datadog")
        .unwrap()
        .with("apiKey", SECRET)
}

/// Sends a call of this kind. With a third argument, `await`, the call is awaited.
macro_rules! send {
    ($client:expr, $kind:expr $(, $await:ident)?) => {{
        let client = &$client;
        let subscriptions = client.audit_log_subscriptions();
        match $kind {
            Kind::List => shown(subscriptions.list("datadog").send()$(.$await)?),
            Kind::Get => shown(subscriptions.get("datadog", "c1").send()$(.$await)?),
            Kind::Create => {
                let new = NewAuditLogSubscription::new("Production", values());
                shown(subscriptions.create(&new).send()$(.$await)?)
            }
            Kind::Update => {
                let patch = AuditLogSubscriptionPatch::new().values(values());
                shown(subscriptions.update("datadog", "c1", &patch).send()$(.$await)?)
            }
            Kind::Delete => shown(subscriptions.delete("datadog", "c1").send()$(.$await)?),
            Kind::Trigger => {
                let imports = client.flag_imports().project("p");
                shown(imports.trigger("split", "c1").send()$(.$await)?)
            }
        }
    }};
}

fn shown<R: Debug>(result: Result<R, Error>) -> Result<String, Error> {
    result.map(|response| format!("{response:?}"))
}

/// The settings of both clients.
#[derive(Clone)]
struct Setup {
    url: String,
    timeout: Duration,
    retry: RetryPolicy,
}

impl Setup {
    fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            timeout: Duration::from_millis(500),
            retry: RetryPolicy::never(),
        }
    }

    fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    fn client<C: BuildClient>(&self, builder: ClientBuilder<C>) -> C {
        builder
            .host(Host::new(&self.url).unwrap())
            .timeout(self.timeout)
            .retry(self.retry.clone())
            .user_agent("tool/1")
            .build()
            .unwrap()
    }

    /// Sends the same call with both clients, and checks what they log.
    fn both(&self, kind: Kind, check: impl Fn(&str, Result<String, Error>)) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let client: Client = self.client(Client::builder(TOKEN));
        let (result, logged) = log(|| runtime.block_on(async { send!(client, kind, await) }));
        check_log(&logged);
        check(&format!("async {kind:?}"), result);
        let client = self.client(blocking::Client::builder(TOKEN));
        let (result, logged) = log(|| send!(client, kind));
        check_log(&logged);
        check(&format!("blocking {kind:?}"), result);
    }

    /// Sends the same call with both clients, and checks that it fails without showing a secret.
    fn both_fail(&self, kind: Kind, expected: ErrorKind, check: impl Fn(&str, &Error)) {
        self.both(kind, |which, result| {
            let Err(error) = result else {
                panic!("{which} succeeded");
            };
            assert_eq!(error.kind(), expected, "{which}: {error:?}");
            let mut text = format!(
                "{error} {error:?} {:?} {}",
                error.headers(),
                String::from_utf8_lossy(error.body())
            );
            let mut source = std::error::Error::source(&error);
            while let Some(cause) = source {
                text.push_str(&format!(" {cause} {cause:?}"));
                source = cause.source();
            }
            assert!(!text.contains("canary"), "{which}: {text}");
            assert!(!error.to_string().contains('\n'), "{which}: {error}");
            if !kind.changes() {
                assert_eq!(error.effect(), Effect::None, "{which}: {error}");
            }
            let is_unknown = error.to_string().contains("may have taken effect");
            assert_eq!(
                is_unknown,
                error.effect() == Effect::Unknown,
                "{which}: {error}"
            );
            check(which, &error);
        });
    }
}

fn quick(attempts: u32) -> RetryPolicy {
    RetryPolicy::default()
        .max_attempts(attempts)
        .backoff(Duration::from_millis(20))
}

/// Checks that no header and no body is logged at any level.
fn check_log(logged: &str) {
    assert!(!logged.contains("canary"), "{logged}");
    for part in [
        "otel.kind=\"client\"",
        "http.request.method=",
        "server.address=\"127.0.0.1\"",
    ] {
        assert!(logged.contains(part), "{part}: {logged}");
    }
}

/// Keeps the events enabled in threads with a subscriber of their own. If there is only one subscriber in the
/// process, tracing asks only the thread that reaches an event first. Without a subscriber in that thread, it
/// disables the event in all threads.
static OTHER_SUBSCRIBER: LazyLock<Dispatch> = LazyLock::new(|| {
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE);
    Dispatch::new(subscriber.with_writer(std::io::sink).finish())
});

/// Returns the result of a call, and everything that it logs.
fn log<T>(call: impl FnOnce() -> T) -> (T, String) {
    LazyLock::force(&OTHER_SUBSCRIBER);
    let logged = tempfile::tempfile().unwrap();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::CLOSE)
        .with_ansi(false)
        .with_writer(std::sync::Mutex::new(logged.try_clone().unwrap()))
        .finish();
    let result = tracing::subscriber::with_default(subscriber, call);
    let mut text = String::new();
    let mut logged = logged;
    logged.rewind().unwrap();
    logged.read_to_string(&mut text).unwrap();
    (result, text)
}

/// A server that always does this.
fn server(action: impl Fn() -> Action + Send + Sync + 'static) -> Server {
    Server::new(move |_, _| action())
}

#[test]
fn all_kinds_succeed_and_their_requests_are_correct() {
    for kind in Kind::ALL {
        let server = Server::responding(kind.success(), "", kind.body());
        Setup::new(&server.url()).both(kind, |which, result| {
            let read = result.unwrap_or_else(|error| panic!("{which}: {error}"));
            assert_eq!(read.contains("c1"), kind.has_response_body(), "{which}");
        });
        let received = server.received();
        assert_eq!(received.len(), 2);
        for request in received {
            let (method, path) = match kind {
                Kind::List => ("GET", "/api/v2/integrations/datadog"),
                Kind::Get => ("GET", "/api/v2/integrations/datadog/c1"),
                Kind::Create => ("POST", "/api/v2/integrations/datadog"),
                Kind::Update => ("PATCH", "/api/v2/integrations/datadog/c1"),
                Kind::Delete => ("DELETE", "/api/v2/integrations/datadog/c1"),
                Kind::Trigger => (
                    "POST",
                    "/api/v2/integration-capabilities/flag-import/p/split/c1/trigger",
                ),
            };
            let line = format!("{method} {path} HTTP/1.1\r\n");
            assert!(request.head.starts_with(&line), "{}", request.head);
            assert_eq!(request.headers("authorization"), [TOKEN]);
            let version = if kind == Kind::Trigger {
                "beta"
            } else {
                "20240415"
            };
            assert_eq!(request.headers("ld-api-version"), [version]);
            let agent = concat!(
                "tool/1 launchdarkly-integrations/",
                env!("CARGO_PKG_VERSION")
            );
            assert_eq!(request.headers("user-agent"), [agent]);
            let has_body = matches!(kind, Kind::Create | Kind::Update);
            assert_eq!(request.body.is_empty(), !has_body, "{kind:?}");
            let body = String::from_utf8_lossy(&request.body).contains(SECRET);
            assert_eq!(body, has_body, "{kind:?}");
        }
    }
}

#[test]
fn a_refused_connection_to_a_loopback_host_is_not_retried() {
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let setup = Setup::new(&format!("http://{address}")).retry(RetryPolicy::default());
    for kind in Kind::ALL {
        setup.both_fail(kind, ErrorKind::NotConnected, |which, error| {
            assert_eq!(error.attempts(), 1, "{which}");
            assert_eq!(error.effect(), Effect::None, "{which}");
            assert_eq!(error.status(), None, "{which}");
            let shown = error.to_string();
            let reason = "no connection: the connection was refused because nothing listens there: \
                          check the host and port, or start the server: ";
            assert!(shown.contains(reason), "{which}: {shown}");
            let end = format!("Connection refused (os error 111); asked http://{address}");
            assert!(
                !cfg!(target_os = "linux") || shown.ends_with(&end),
                "{which}: {shown}"
            );
        });
    }
}

/// A transport whose connections are always refused.
struct RefusedTransport;

impl RefusedTransport {
    fn error() -> SendError {
        let source = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        SendError::new(SendStage::NotSent, SendFailure::Refused, source)
    }
}

impl Transport for RefusedTransport {
    fn send(
        &self,
        _: Request<Body>,
        _: Limits,
    ) -> Pin<Box<dyn Future<Output = Result<Received, SendError>> + Send + '_>> {
        Box::pin(async { Err(Self::error()) })
    }
}

impl blocking::Transport for RefusedTransport {
    fn send(&self, _: Request<Body>, _: Limits) -> Result<Received, SendError> {
        Err(Self::error())
    }
}

#[test]
fn a_refused_connection_to_another_host_is_retried() {
    for (url, attempts) in [
        ("https://app.launchdarkly.com", 3),
        ("http://localhost:4010", 1),
        ("http://[::1]:4010", 1),
    ] {
        let setup = Setup::new(url).retry(quick(3));
        let client: Client = setup.client(Client::builder(TOKEN).transport(RefusedTransport));
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let error = runtime.block_on(async { send!(client, Kind::Create, await) });
        assert_eq!(error.unwrap_err().attempts(), attempts, "{url}");
        let builder = blocking::Client::builder(TOKEN).transport(RefusedTransport);
        let error = send!(setup.client(builder), Kind::Create);
        assert_eq!(error.unwrap_err().attempts(), attempts, "{url}");
    }
}

#[test]
fn a_reset_is_retried_only_for_reads_and_deletes() {
    for kind in Kind::ALL {
        let server = server(|| Action::Reset);
        let attempts = if kind.is_repeatable() { 3 } else { 1 };
        let setup = Setup::new(&server.url()).retry(quick(3));
        setup.both_fail(kind, ErrorKind::Interrupted, |which, error| {
            assert_eq!(error.attempts(), attempts, "{which}");
            assert_eq!(error.effect(), kind.effect_without_response(), "{which}");
        });
        // The HTTP libraries retry nothing.
        assert_eq!(server.received().len(), 2 * attempts as usize, "{kind:?}");
    }
}

/// The connection is reset before any of the request is read.
#[test]
fn the_effect_of_a_reset_before_the_request_is_read_is_never_wrong() {
    for kind in Kind::ALL {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let socket = socket2::Socket::from(stream.unwrap());
                socket.set_linger(Some(Duration::ZERO)).unwrap();
            }
        });
        Setup::new(&url).both(kind, |which, result| {
            let Err(error) = result else {
                panic!("{which} succeeded");
            };
            // How far the request got depends on the system.
            match error.kind() {
                ErrorKind::NotConnected => assert_eq!(error.effect(), Effect::None, "{which}"),
                ErrorKind::Interrupted => {
                    assert_eq!(error.effect(), kind.effect_without_response(), "{which}")
                }
                other => panic!("{which}: {other:?}"),
            }
        });
    }
}

#[test]
fn a_reset_is_retried_with_retry_ambiguous() {
    for kind in Kind::ALL {
        let server = Server::new(move |number, _| match number % 2 {
            0 => Action::Reset,
            _ => Action::Send(response(kind.success(), "", kind.body())),
        });
        let setup = Setup::new(&server.url()).retry(quick(3).retry_ambiguous(true));
        setup.both(kind, |which, result| {
            assert!(result.is_ok(), "{which}: {result:?}");
        });
        assert_eq!(server.received().len(), 4, "{kind:?}");
    }
}

#[test]
fn slow_headers_time_out() {
    for kind in Kind::ALL {
        let server = server(|| Action::SendAndStall(Vec::new(), Duration::from_secs(5)));
        let begin = Instant::now();
        Setup::new(&server.url()).both_fail(kind, ErrorKind::TimedOut, |which, error| {
            assert_eq!(error.effect(), kind.effect_without_response(), "{which}");
            assert_eq!(error.status(), None, "{which}");
        });
        assert!(begin.elapsed() < Duration::from_secs(4));
    }
}

#[test]
fn a_slow_body_times_out_and_keeps_its_status() {
    for kind in Kind::ALL
        .into_iter()
        .filter(|kind| kind.has_response_body())
    {
        let head = format!(
            "HTTP/1.1 {}\r\nContent-Length: 100\r\n\r\n{{\"_id\"",
            kind.success()
        );
        let stall = Duration::from_secs(5);
        let server = server(move || Action::SendAndStall(head.clone().into_bytes(), stall));
        Setup::new(&server.url()).both_fail(kind, ErrorKind::TimedOut, |which, error| {
            let status = error.status().unwrap().as_u16().to_string();
            assert!(kind.success().starts_with(&status), "{which}");
            let applied = if kind.changes() {
                Effect::Applied
            } else {
                Effect::None
            };
            assert_eq!(error.effect(), applied, "{which}");
        });
    }
}

#[test]
fn an_endless_body_is_cut() {
    for (status, expected) in [
        (None, ErrorKind::MalformedResponse),
        (Some("400 Bad Request"), ErrorKind::BadRequest),
    ] {
        for kind in Kind::ALL
            .into_iter()
            .filter(|kind| kind.has_response_body())
        {
            let status = status.unwrap_or(kind.success());
            let head = format!("HTTP/1.1 {status}\r\nConnection: close\r\n\r\n").into_bytes();
            let server = server(move || Action::SendEndlessly(head.clone()));
            let setup = Setup::new(&server.url()).timeout(Duration::from_secs(20));
            let begin = Instant::now();
            setup.both_fail(kind, expected, |which, error| {
                assert_eq!(error.body().len(), 8 * 1024, "{which}");
            });
            assert!(begin.elapsed() < Duration::from_secs(10));
        }
    }
}

#[test]
fn an_incomplete_body_is_a_broken_connection() {
    for kind in Kind::ALL
        .into_iter()
        .filter(|kind| kind.has_response_body())
    {
        for rest in [
            "Content-Length: 100\r\n\r\n",
            "Content-Length: 100\r\n\r\n{\"_id\": \"c1",
            "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"_id\r\nzz\r\n",
            "Transfer-Encoding: chunked\r\n\r\nff\r\n{",
        ] {
            let head = format!("HTTP/1.1 {}\r\n{rest}", kind.success()).into_bytes();
            let server = server(move || Action::Send(head.clone()));
            let attempts = if kind.changes() { 1 } else { 2 };
            let setup = Setup::new(&server.url()).retry(quick(2));
            setup.both_fail(kind, ErrorKind::Interrupted, |which, error| {
                let status = error.status().unwrap().as_u16().to_string();
                assert!(kind.success().starts_with(&status), "{which}");
                let applied = if kind.changes() {
                    Effect::Applied
                } else {
                    Effect::None
                };
                assert_eq!(error.effect(), applied, "{which}");
                assert_eq!(error.attempts(), attempts, "{which}");
            });
        }
    }
}

#[test]
fn a_response_that_is_not_http_is_a_broken_connection() {
    for kind in Kind::ALL {
        for bytes in ["", "nonsense\r\n\r\n", "HTTP/1.1 20"] {
            let server = server(move || Action::Send(bytes.as_bytes().to_vec()));
            Setup::new(&server.url()).both_fail(kind, ErrorKind::Interrupted, |which, error| {
                assert_eq!(
                    error.effect(),
                    kind.effect_without_response(),
                    "{which}: {bytes:?}"
                );
            });
        }
    }
}

/// Such as the HTML of a proxy, or the response of a changed API.
#[test]
fn an_undocumented_response_is_never_a_success() {
    const HTML: &str = "<html><h1>Sign in</h1></html>";
    for kind in Kind::ALL {
        for (status, effect) in [
            (kind.success(), Effect::Applied),
            ("202 Accepted", Effect::Unknown),
            (
                if kind == Kind::Create {
                    "200 OK"
                } else {
                    "203 Other"
                },
                Effect::Unknown,
            ),
        ] {
            if status == kind.success() && !kind.has_response_body() {
                continue;
            }
            for body in ["", "{", "[]", "{}", r#"{"_id": 1}"#, HTML] {
                let server = Server::responding(status, "", body);
                let setup = Setup::new(&server.url()).retry(quick(3).retry_ambiguous(true));
                setup.both_fail(kind, ErrorKind::MalformedResponse, |which, error| {
                    let effect = if kind.changes() { effect } else { Effect::None };
                    assert_eq!(error.effect(), effect, "{which} {status} {body}");
                    assert_eq!(error.attempts(), 1, "{which}");
                });
                assert_eq!(server.received().len(), 2, "{kind:?} {status} {body}");
            }
        }
    }
}

#[test]
fn errors_contain_launchdarklys_code_and_message() {
    for (status, expected) in [
        ("400 Bad Request", ErrorKind::BadRequest),
        ("401 Unauthorized", ErrorKind::Unauthorized),
        ("403 Forbidden", ErrorKind::Forbidden),
        ("404 Not Found", ErrorKind::NotFound),
        ("409 Conflict", ErrorKind::Conflict),
        ("418 I'm a teapot", ErrorKind::UnexpectedStatus),
        ("422 Unprocessable", ErrorKind::PatchFailed),
        ("429 Too Many Requests", ErrorKind::RateLimited),
        ("500 Internal Server Error", ErrorKind::ServerError),
        ("503 Service Unavailable", ErrorKind::ServerError),
    ] {
        // The body and a header repeat the secrets of the request.
        let body = format!(
            r#"{{"code": "c0", "message": "no {SECRET}\nat all {TOKEN}", "id": "r1", "x": "{TOKEN}"}}"#
        );
        let headers = format!("X-Ratelimit-Route-Remaining: 4\r\nX-Echo: {TOKEN}\r\n");
        let server = Server::responding(status, &headers, &body);
        for kind in Kind::ALL {
            Setup::new(&server.url()).both(kind, |which, result| {
                let Err(error) = result else {
                    panic!("{which} succeeded");
                };
                assert_eq!(error.kind(), expected, "{which}");
                let number: u16 = status[..3].parse().unwrap();
                assert_eq!(error.status().unwrap().as_u16(), number, "{which}");
                assert_eq!(error.code(), Some("c0"), "{which}");
                assert_eq!(error.request_id(), Some("r1"), "{which}");
                assert_eq!(error.rate_limit().route_remaining, Some(4), "{which}");
                assert_eq!(error.headers()["x-echo"], "[redacted]", "{which}");
                let unknown = number >= 500 && kind.changes();
                assert_eq!(error.effect() == Effect::Unknown, unknown, "{which}");
                let shown = error.to_string();
                for part in [&status[..3], "c0", r"at all [redacted]", "r1"] {
                    assert!(shown.contains(part), "{which}: {shown}");
                }
                if matches!(kind, Kind::Create | Kind::Update) {
                    let message = error.message();
                    assert_eq!(message, Some("no [redacted]\nat all [redacted]"), "{which}");
                    let all = format!("{error:?}{}", String::from_utf8_lossy(error.body()));
                    assert!(!all.contains("canary"), "{which}: {all}");
                }
            });
        }
    }
}

#[test]
fn unexpected_bodies_of_errors_keep_the_status() {
    for body in [
        "",
        "<html><h1>502</h1></html>",
        "{",
        "null",
        "[1]",
        r#"{"code": 1}"#,
        "\u{0}",
    ] {
        let server = Server::responding("502 Bad Gateway", "", body);
        let setup = Setup::new(&server.url());
        setup.both_fail(Kind::Create, ErrorKind::ServerError, |which, error| {
            assert_eq!((error.code(), error.message()), (None, None), "{which}");
            let kept: String = String::from_utf8_lossy(error.body()).into();
            assert_eq!(kept.replace(' ', ""), body.replace(' ', ""), "{which}");
            assert!(error.to_string().contains("502"), "{which}");
        });
    }
}

#[test]
fn a_redirect_is_not_followed() {
    let elsewhere = Server::responding("201 Created", "", r#"{"_id": "c1"}"#);
    for kind in Kind::ALL {
        for (status, sent) in [
            ("301 Moved", Effect::Unknown),
            ("302 Found", Effect::Unknown),
            // A server may redirect after it processed the request.
            ("303 See Other", Effect::Unknown),
            ("307 Temporary", Effect::None),
            ("308 Permanent", Effect::None),
        ] {
            let location = format!("Location: {}/x\r\n", elsewhere.url());
            let server = Server::responding(status, &location, "");
            let setup = Setup::new(&server.url()).retry(quick(3));
            setup.both_fail(kind, ErrorKind::Redirected, |which, error| {
                let effect = if kind.changes() { sent } else { Effect::None };
                assert_eq!(error.effect(), effect, "{which} {status}");
            });
            assert_eq!(server.received().len(), 2, "{status}");
        }
    }
    assert_eq!(elsewhere.received().len(), 0);
}

/// Sends two calls with each client, and checks the result of the second.
fn twice(setup: &Setup, kind: Kind, check: impl Fn(&str, Result<String, Error>)) {
    let pause = Duration::from_millis(100);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let client: Client = setup.client(Client::builder(TOKEN));
    runtime
        .block_on(async { send!(client, kind, await) })
        .unwrap();
    std::thread::sleep(pause);
    check(
        "async",
        runtime.block_on(async { send!(client, kind, await) }),
    );
    let client = setup.client(blocking::Client::builder(TOKEN));
    send!(client, kind).unwrap();
    std::thread::sleep(pause);
    check("blocking", send!(client, kind));
}

/// A response without `Connection: close`.
fn kept_response(kind: Kind) -> Vec<u8> {
    match kind {
        // It has no length.
        Kind::Delete => b"HTTP/1.1 204 No Content\r\n\r\n".to_vec(),
        _ => kept(kind.success(), kind.body()),
    }
}

#[test]
fn a_connection_is_reused() {
    for kind in Kind::ALL {
        let server = Server::new(move |_, _| Action::SendAndKeep(kept_response(kind)));
        twice(&Setup::new(&server.url()), kind, |which, result| {
            assert!(result.is_ok(), "{which} {kind:?}: {result:?}");
        });
        let received = server.received();
        let from: Vec<_> = received.iter().map(|request| request.from).collect();
        assert_eq!(from.len(), 4);
        assert_eq!((from[0], from[2]), (from[1], from[3]));
        assert_ne!(from[0], from[2]);
    }
}

#[test]
fn a_closed_connection_is_replaced_and_nothing_is_sent_twice() {
    for kind in Kind::ALL {
        let server = Server::new(move |_, _| Action::Send(kept_response(kind)));
        twice(&Setup::new(&server.url()), kind, |which, result| {
            assert!(result.is_ok(), "{which} {kind:?}: {result:?}");
        });
        assert_eq!(server.received().len(), 4, "{kind:?}");
    }
}

#[test]
fn a_request_on_a_reused_connection_that_breaks_is_not_sent_again() {
    for kind in Kind::ALL.into_iter().filter(|kind| !kind.is_repeatable()) {
        for broken in [|| Action::Send(Vec::new()), || Action::Reset] {
            let server = Server::new(move |number, _| match number % 2 {
                0 => Action::SendAndKeep(kept_response(kind)),
                _ => broken(),
            });
            let setup = Setup::new(&server.url()).retry(quick(3));
            twice(&setup, kind, |which, result| {
                let Err(error) = result else {
                    panic!("{which} succeeded");
                };
                assert_eq!(error.kind(), ErrorKind::Interrupted, "{which}: {error:?}");
                assert_eq!(error.attempts(), 1, "{which}");
            });
            assert_eq!(server.received().len(), 4, "{kind:?}");
        }
    }
}

#[test]
fn a_rate_limited_call_is_retried_after_the_required_wait() {
    let server = Server::new(|number, _| match number % 2 {
        0 => Action::Send(response("429 Too Many", "Retry-After: 1\r\n", "{}")),
        _ => Action::Send(response("201 Created", "", r#"{"_id": "c1"}"#)),
    });
    Setup::new(&server.url())
        .retry(quick(2))
        .both(Kind::Create, |which, result| {
            assert!(result.is_ok(), "{which}: {result:?}");
        });
    let received = server.received();
    assert_eq!(received.len(), 4);
    for pair in received.chunks(2) {
        let waited = pair[1].at - pair[0].at;
        assert!(waited >= Duration::from_secs(1), "{waited:?}");
    }
}

#[test]
fn the_deadline_limits_all_attempts() {
    let server = Server::responding("429 Too Many", "Retry-After: 2\r\n", "{}");
    let policy = quick(9).deadline(Duration::from_secs(1));
    let begin = Instant::now();
    let setup = Setup::new(&server.url()).retry(policy);
    setup.both_fail(Kind::Create, ErrorKind::RateLimited, |which, error| {
        assert_eq!(error.attempts(), 1, "{which}");
        let after = error.rate_limit().retry_after;
        assert_eq!(after, Some(Duration::from_secs(2)), "{which}");
    });
    assert!(begin.elapsed() < Duration::from_secs(1));
}

/// Even if the time-out is longer.
#[test]
fn a_short_deadline_ends_the_first_attempt() {
    let server = server(|| Action::SendAndStall(Vec::new(), Duration::from_secs(5)));
    let policy = quick(9).deadline(Duration::from_millis(300));
    let setup = Setup::new(&server.url())
        .timeout(Duration::from_secs(30))
        .retry(policy);
    let begin = Instant::now();
    setup.both_fail(Kind::Get, ErrorKind::TimedOut, |_, _| {});
    assert!(begin.elapsed() < Duration::from_secs(2));
}

#[test]
fn the_options_of_a_call_take_precedence_over_the_clients() {
    let server = server(|| Action::SendAndStall(Vec::new(), Duration::from_secs(5)));
    let setup = Setup::new(&server.url())
        .timeout(Duration::from_secs(60))
        .retry(quick(9));
    let short = Duration::from_millis(200);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let client: Client = setup.client(Client::builder(TOKEN));
    let begin = Instant::now();
    let call = client
        .flag_imports()
        .list()
        .timeout(short)
        .retry(RetryPolicy::never());
    let error = runtime.block_on(call.send()).unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::TimedOut, 1));
    let client = setup.client(blocking::Client::builder(TOKEN));
    let call = client
        .flag_imports()
        .list()
        .timeout(short)
        .retry(RetryPolicy::never());
    let error = call.send().unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::TimedOut, 1));
    assert!(begin.elapsed() < Duration::from_secs(4));
}

/// A window accepts 25 calls. A rejected call must not be retried in the same window.
#[test]
fn a_hundred_concurrent_calls_outlast_a_rate_limit() {
    use std::collections::HashMap;
    use std::sync::{Arc, Mutex};
    use std::time::{SystemTime, UNIX_EPOCH};

    const WINDOW: u128 = 500;
    // The windows of each call's attempts.
    let attempts: Arc<Mutex<HashMap<String, Vec<u128>>>> = Arc::default();
    let seen = Arc::clone(&attempts);
    let server = Server::new(move |_, request| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let window = now.as_millis() / WINDOW;
        let name = request.json()["name"].to_string();
        let mut seen = seen.lock().unwrap();
        let others = seen.values().flatten();
        let is_full = others.filter(|other| **other == window).count() >= 25;
        seen.entry(name).or_default().push(window);
        if is_full {
            let reset = format!("X-Ratelimit-Reset: {}\r\n", (window + 1) * WINDOW);
            return Action::Send(response("429 Too Many", &reset, "{}"));
        }
        Action::Send(response("201 Created", "", r#"{"_id": "c1"}"#))
    });
    let setup = Setup::new(&server.url())
        .timeout(Duration::from_secs(10))
        .retry(quick(50).backoff(Duration::from_millis(200)));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let client: Client = setup.client(Client::builder(TOKEN));
        let calls = (0..100).map(|number| {
            let client = client.clone();
            tokio::spawn(async move {
                let new = NewAuditLogSubscription::new(number.to_string(), values());
                client.audit_log_subscriptions().create(&new).send().await
            })
        });
        for call in calls.collect::<Vec<_>>() {
            call.await.unwrap().unwrap();
        }
    });
    let attempts = attempts.lock().unwrap();
    assert_eq!(attempts.len(), 100);
    for (name, windows) in attempts.iter() {
        assert!(windows.is_sorted_by(|a, b| a < b), "{name}: {windows:?}");
    }
    let count = attempts.values().flatten().count();
    assert!((101..1_000).contains(&count), "{count}");
}
