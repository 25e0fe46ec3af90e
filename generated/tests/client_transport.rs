//! Both transports over real sockets: what was sent, what failed, and through which proxy.

// Clippy knows `#[test]` functions as tests, but not their helpers.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeSet;
use std::error::Error;
use std::io::Read;
use std::net::TcpListener;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use http::{Method, Request};
use launchdarkly_integrations::client::{
    Body, Limits, Received, ReqwestTransport, SendError, SendFailure, SendStage, Transport as _,
    blocking::{Transport as _, UreqTransport},
};
use support::server::{Action, Server, kept, response};

const SECRET: &str = "canary-secret-88";

fn request(method: Method, url: &str, body: &str) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(url)
        .header("authorization", "api-canary-token-77")
        .body(Body::from(body.as_bytes().to_vec()))
        .unwrap()
}

fn limits(milliseconds: u64) -> Limits {
    Limits::new(Duration::from_millis(milliseconds), 1024)
}

type Sent = Result<Received, SendError>;

/// The same request by both transports.
fn both(limits: Limits, request: impl Fn() -> Request<Body>) -> [(&'static str, Sent); 2] {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let transport = ReqwestTransport::new().unwrap();
    let by_reqwest = runtime.block_on(transport.send(request(), limits));
    let by_ureq = UreqTransport::new().unwrap().send(request(), limits);
    [("reqwest", by_reqwest), ("ureq", by_ureq)]
}

/// All that an error shows.
fn shown(error: &SendError) -> String {
    let mut text = format!("{error} {error:?}");
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(&format!(" {cause} {cause:?}"));
        source = cause.source();
    }
    text
}

fn check_fails(
    limits: Limits,
    (stage, failure): (SendStage, SendFailure),
    request: impl Fn() -> Request<Body>,
) {
    for (which, result) in both(limits, request) {
        let error = result.unwrap_err();
        let text = shown(&error);
        assert_eq!(
            (error.stage, error.failure),
            (stage, failure),
            "{which}: {text}"
        );
        assert!(!text.contains("canary"), "{which}: {text}");
    }
}

/// A port where nobody listens.
fn closed() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}/", listener.local_addr().unwrap())
}

const METHODS: [(Method, &str); 5] = [
    (Method::POST, SECRET),
    (Method::PATCH, SECRET),
    (Method::POST, ""),
    (Method::GET, ""),
    (Method::DELETE, ""),
];

#[test]
fn a_refused_connection_sent_nothing() {
    let url = closed();
    for (method, body) in METHODS {
        let expected = (SendStage::NotSent, SendFailure::Connection);
        check_fails(limits(5000), expected, || {
            request(method.clone(), &url, body)
        });
    }
}

#[test]
fn what_breaks_after_the_request_was_sent() {
    let server = Server::new(|_, _| Action::Reset);
    for (method, body) in METHODS {
        let expected = (SendStage::Sent, SendFailure::Connection);
        check_fails(limits(5000), expected, || {
            request(method.clone(), &server.url(), body)
        });
    }
}

#[test]
fn a_response_that_does_not_come_times_out_after_sending() {
    let server = Server::new(|_, _| Action::SendAndStall(Vec::new(), Duration::from_secs(5)));
    for (method, body) in METHODS {
        let expected = (SendStage::Sent, SendFailure::Timeout);
        check_fails(limits(200), expected, || {
            request(method.clone(), &server.url(), body)
        });
    }
}

#[test]
fn a_handshake_that_does_not_end_sent_no_body() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    for body in [SECRET, "long ".repeat(10_000).as_str()] {
        let expected = (SendStage::NotSent, SendFailure::Timeout);
        check_fails(limits(200), expected, || request(Method::POST, &url, body));
    }
}

#[test]
fn an_interrupted_response_keeps_its_status() {
    let head = b"HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\nhalf".to_vec();
    let server = Server::new(move |_, _| Action::Send(head.clone()));
    for (which, result) in both(limits(5000), || {
        request(Method::POST, &server.url(), SECRET)
    }) {
        let received = result.unwrap();
        assert_eq!(received.response.status().as_u16(), 201, "{which}");
        assert_eq!(received.response.body(), b"half", "{which}");
        let error = received.interrupted.unwrap();
        assert_eq!(error.stage, SendStage::Sent, "{which}");
        assert_eq!(error.failure, SendFailure::Connection, "{which}");
    }
}

#[test]
fn the_length_of_a_body_is_sent_where_servers_ask_for_it() {
    let server = Server::answering("200 OK", "", "{}");
    for (method, body) in METHODS {
        for (which, result) in both(limits(5000), || {
            request(method.clone(), &server.url(), body)
        }) {
            assert_eq!(result.unwrap().response.status().as_u16(), 200, "{which}");
        }
    }
    let received = server.received();
    assert_eq!(received.len(), 2 * METHODS.len());
    for (requests, (method, body)) in received.chunks(2).zip(METHODS) {
        for request in requests {
            assert!(
                request.head.starts_with(method.as_str()),
                "{}",
                request.head
            );
            assert_eq!(request.body, body.as_bytes(), "{}", request.head);
            let length = request.headers("content-length");
            if matches!(method, Method::GET | Method::DELETE) {
                assert!(length.is_empty(), "{}", request.head);
            } else {
                assert_eq!(length, [body.len().to_string()], "{}", request.head);
            }
            assert!(
                request.headers("transfer-encoding").is_empty(),
                "{}",
                request.head
            );
        }
    }
}

#[test]
fn a_time_that_never_ends_is_no_panic() {
    let server = Server::answering("200 OK", "", "{}");
    let forever = Limits::new(Duration::MAX, 1024);
    for (which, result) in both(forever, || request(Method::GET, &server.url(), "")) {
        assert!(result.is_ok(), "{which}");
    }
}

/// A host name that the system's resolver knows not to exist without asking anybody.
#[test]
fn an_unknown_host_is_distinguished_from_a_connection_that_failed() {
    for ((method, body), scheme) in METHODS
        .iter()
        .zip(["http", "https", "http", "https", "http"])
    {
        let url = format!("{scheme}://{}.invalid/", "a".repeat(64));
        let expected = (SendStage::NotSent, SendFailure::UnknownHost);
        check_fails(limits(5000), expected, || {
            request(method.clone(), &url, body)
        });
    }
}

#[test]
fn https_to_a_plain_port_is_distinguished_from_a_connection_that_failed() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let bytes = response("400 Bad Request", "", "");
            let _ = std::io::Write::write_all(&mut stream, &bytes);
            thread::sleep(Duration::from_millis(100));
        }
    });
    for (method, body) in METHODS {
        for (which, result) in both(limits(5000), || request(method.clone(), &url, body)) {
            let error = result.unwrap_err();
            assert_eq!(error.failure, SendFailure::NotTls, "{which}: {error:?}");
            // ureq doesn't say whether the handshake was over.
            if which == "reqwest" || !body.is_empty() {
                assert_eq!(error.stage, SendStage::NotSent, "{which}: {method}");
            }
        }
    }
}

/// Whatever the time-out cuts off: an error that says "not sent" is never wrong.
#[test]
fn what_was_not_sent_never_arrives() {
    // The bytes of all connections, since a part of a body is one too.
    let arrived: Arc<Mutex<Vec<Vec<u8>>>> = Arc::default();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let log = Arc::clone(&arrived);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, log) = (stream.unwrap(), Arc::clone(&log));
            let index = {
                let mut log = log.lock().unwrap();
                log.push(Vec::new());
                log.len() - 1
            };
            thread::spawn(move || {
                let mut buffer = [0; 4096];
                while let Ok(count @ 1..) = stream.read(&mut buffer) {
                    log.lock().unwrap()[index].extend_from_slice(&buffer[..count]);
                    // Keeps some connections for the next request.
                    if buffer[..count].ends_with(b"!") {
                        let _ = std::io::Write::write_all(&mut stream, &kept("200 OK", "{}"));
                    }
                }
            });
        }
    });

    let runtime = tokio::runtime::Runtime::new().unwrap();
    let transport = ReqwestTransport::new().unwrap();
    let (mut not_sent, mut sent) = (BTreeSet::new(), 0);
    let begin = Instant::now();
    let mut number = 0;
    // Until both sides of the race were seen often.
    while (not_sent.len() < 5_000 || sent < 400) && begin.elapsed() < Duration::from_secs(20) {
        let batch: Vec<_> = (0..64)
            .map(|_| {
                number += 1;
                let (id, url, transport) = (format!("<{number}>"), url.clone(), transport.clone());
                // From what is over at once to what is long enough for all, in odd steps.
                let time = Duration::from_micros(number * 37 % 6_000);
                runtime.spawn(async move {
                    let body = format!("{id}{id}!");
                    let request = request(Method::POST, &url, &body);
                    let result = transport.send(request, Limits::new(time, 64)).await;
                    (id, result)
                })
            })
            .collect();
        for call in batch {
            let (id, result) = runtime.block_on(call).unwrap();
            match result {
                Err(error) if error.stage == SendStage::NotSent => {
                    not_sent.insert(id);
                }
                _ => sent += 1,
            }
        }
    }
    println!(
        "{} not sent, {sent} sent, {:?}",
        not_sent.len(),
        begin.elapsed()
    );
    // What is still under way.
    thread::sleep(Duration::from_millis(500));
    assert!(
        not_sent.len() >= 20 && sent >= 20,
        "{} {sent}",
        not_sent.len()
    );
    for bytes in arrived.lock().unwrap().iter() {
        let text = String::from_utf8_lossy(bytes);
        for id in text.split(['<', '>']).skip(1).step_by(2) {
            assert!(!not_sent.contains(&format!("<{id}>")), "{id} was sent");
        }
    }
}

/// Load balancers close idle connections; a request on one of those would be lost in doubt.
#[test]
fn a_connection_is_reused_unless_it_was_idle_for_too_long() {
    let server = Server::new(|_, _| Action::SendAndKeep(kept("200 OK", "{}")));
    let url = server.url();
    let pauses = [
        Duration::ZERO,
        Duration::from_millis(100),
        Duration::from_millis(15_500),
    ];
    thread::scope(|scope| {
        scope.spawn(|| {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            let transport = ReqwestTransport::new().unwrap();
            for pause in pauses {
                thread::sleep(pause);
                let request = request(Method::PATCH, &url, SECRET);
                runtime
                    .block_on(transport.send(request, limits(5000)))
                    .unwrap();
            }
        });
        scope.spawn(|| {
            let transport = UreqTransport::new().unwrap();
            for pause in pauses {
                thread::sleep(pause);
                transport
                    .send(request(Method::POST, &url, SECRET), limits(5000))
                    .unwrap();
            }
        });
    });
    for method in ["PATCH", "POST"] {
        let received = server.received();
        let from: Vec<_> = received
            .iter()
            .filter(|request| request.head.starts_with(method))
            .map(|request| request.from)
            .collect();
        assert_eq!(from.len(), 3);
        assert_eq!(from[0], from[1], "{method}");
        assert_ne!(from[1], from[2], "{method}");
    }
}

#[test]
fn other_settings_of_the_libraries_follow_no_redirect_either() {
    let elsewhere = Server::answering("200 OK", "", "{}");
    let location = format!("Location: {}/x\r\n", elsewhere.url());
    let server = Server::answering("307 Temporary", &location, "");
    let builder = ReqwestTransport::builder().unwrap();
    let builder = builder.redirect(reqwest::redirect::Policy::limited(5));
    let transport = ReqwestTransport::with_builder(builder).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let by_reqwest =
        runtime.block_on(transport.send(request(Method::GET, &server.url(), ""), limits(5000)));
    let agent = UreqTransport::builder().unwrap().max_redirects(5).build();
    let transport = UreqTransport::with_agent(agent.new_agent());
    let by_ureq = transport.send(request(Method::GET, &server.url(), ""), limits(5000));
    for result in [by_reqwest, by_ureq] {
        assert_eq!(result.unwrap().response.status().as_u16(), 307);
    }
    assert_eq!(elsewhere.received().len(), 0);
}

/// Run by other tests in a process of its own, whose environment it shows the effect of.
#[test]
fn child() {
    let Ok(url) = std::env::var("TRANSPORT_TEST_URL") else {
        return;
    };
    let method: Method = std::env::var("TRANSPORT_TEST_METHOD")
        .unwrap()
        .parse()
        .unwrap();
    let body = match method {
        Method::GET => "",
        _ => r#"{"a": {}}"#,
    };
    for (which, result) in both(limits(5000), || request(method.clone(), &url, body)) {
        let text = match result {
            Ok(received) => format!("status {}", received.response.status().as_u16()),
            Err(error) => format!("{:?} {:?} {}", error.stage, error.failure, shown(&error)),
        };
        println!("RESULT {which}: {text}");
    }
}

/// What both transports do in a process with these variables.
fn in_child(method: &str, url: &str, variables: &[(&str, &str)]) -> [String; 2] {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "child", "--nocapture"]);
    for name in ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"] {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
    command.env_remove("SSL_CERT_DIR");
    command
        .env("TRANSPORT_TEST_URL", url)
        .env("TRANSPORT_TEST_METHOD", method);
    let output = command.envs(variables.iter().copied()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}{error}");
    assert!(!text.contains("canary"), "{text}");
    let results: Vec<_> = text
        .lines()
        .filter_map(|line| Some(line.split_once("RESULT ")?.1.to_owned()))
        .collect();
    results.try_into().unwrap()
}

mod proxies {
    use std::net::ToSocketAddrs as _;

    use super::*;
    use support::proxy::{Asked, Proxy};
    use support::tls::{Authority, TlsServer};

    struct Behind {
        server: TlsServer,
        roots: tempfile::NamedTempFile,
    }

    /// A server for this name, and a file that makes it trusted.
    fn behind(name: &str) -> Behind {
        let authority = Authority::new("trusted");
        let server = authority.server(name, response("201 Created", "", "{}"));
        let roots = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(roots.path(), &authority.pem).unwrap();
        Behind { server, roots }
    }

    impl Behind {
        fn call(&self, url: &str, variables: &[(&str, &str)]) -> [String; 2] {
            let roots = ("SSL_CERT_FILE", self.roots.path().to_str().unwrap());
            in_child("POST", url, &[&[roots], variables].concat())
        }
    }

    const HOST: &str = "ld.invalid";
    const URL: &str = "https://ld.invalid/api/v2/x";

    fn all_are(results: [String; 2], expected: &str) {
        for result in results {
            assert!(result.contains(expected), "{expected}: {result}");
        }
    }

    fn asked(how: &str, target: &str, credentials: Option<&str>) -> Asked {
        Asked {
            how: how.to_owned(),
            target: target.to_owned(),
            credentials: credentials.map(str::to_owned),
        }
    }

    #[test]
    fn an_http_proxy_leads_to_the_host_with_the_credentials_of_its_url() {
        let behind = behind(HOST);
        // user:p@ss:canary
        let credentials = "Basic dXNlcjpwQHNzOmNhbmFyeQ==";
        for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
            let proxy = Proxy::new(behind.server.address(), Some(credentials));
            let url = format!("http://user:p%40ss%3Acanary@{}", proxy.authority());
            all_are(behind.call(URL, &[(name, &url)]), "status 201");
            let expected = asked("CONNECT", "ld.invalid:443", Some(credentials));
            assert_eq!(proxy.asked(), [expected.clone(), expected], "{name}");
        }
        let sent = behind.server.decrypted();
        assert_eq!(sent.matches("POST /api/v2/x HTTP/1.1").count(), 8, "{sent}");
        assert!(
            !sent.to_lowercase().contains("proxy-authorization"),
            "{sent}"
        );
    }

    #[test]
    fn a_proxy_that_refuses_is_named_without_its_password() {
        let behind = behind(HOST);
        for (scheme, right) in [("http", "Basic x"), ("socks5h", "user:right")] {
            let proxy = Proxy::new(behind.server.address(), Some(right));
            for user in ["", "user:canary@"] {
                let url = format!("{scheme}://{user}{}", proxy.authority());
                let results = behind.call(URL, &[("HTTPS_PROXY", &url)]);
                all_are(results, "NotSent Proxy the proxy refused");
            }
        }
        assert_eq!(behind.server.connections(), 0);
    }

    #[test]
    fn a_plain_host_is_called_through_its_proxy_too() {
        let server = Server::answering("201 Created", "", "{}");
        let address = server.url().replace("http://", "");
        let address = address.to_socket_addrs().unwrap().next().unwrap();
        let proxy = Proxy::new(address, None);
        let url = format!("http://{}", proxy.authority());
        let called = "http://ld.invalid:80/x";
        all_are(
            in_child("POST", called, &[("HTTP_PROXY", &url)]),
            "status 201",
        );
        // reqwest asks as for a page, ureq for a tunnel.
        let expected = [
            asked("POST", "http://ld.invalid:80/x", None),
            asked("CONNECT", "ld.invalid:80", None),
        ];
        let seen = proxy.asked();
        assert_eq!(seen.len(), 2);
        assert_eq!((seen[0].how.as_str(), &seen[1]), ("POST", &expected[1]));
        assert!(seen[0].target.starts_with("http://ld.invalid"), "{seen:?}");
        assert_eq!(server.received().len(), 2);

        let proxy = Proxy::new(address, Some("Basic x"));
        let url = format!("http://user:canary@{}", proxy.authority());
        all_are(
            in_child("POST", called, &[("HTTP_PROXY", &url)]),
            "NotSent Proxy",
        );
        assert_eq!(server.received().len(), 2);
    }

    #[test]
    fn a_socks_proxy_leads_to_the_host() {
        let behind = behind(HOST);
        for credentials in [None, Some("user:p@ss:canary")] {
            let proxy = Proxy::new(behind.server.address(), credentials);
            let user = credentials.map_or("", |_| "user:p%40ss%3Acanary@");
            let url = format!("socks5h://{user}{}", proxy.authority());
            all_are(behind.call(URL, &[("ALL_PROXY", &url)]), "status 201");
            let expected = asked("SOCKS5", "ld.invalid:443", credentials);
            assert_eq!(proxy.asked(), [expected.clone(), expected]);
        }
    }

    #[test]
    fn a_socks_proxy_of_version_5_gets_an_address() {
        let behind = behind("192.0.2.1");
        let proxy = Proxy::new(behind.server.address(), None);
        let url = format!("socks5://{}", proxy.authority());
        let results = behind.call("https://192.0.2.1:8443/", &[("ALL_PROXY", &url)]);
        all_are(results, "status 201");
        let expected = asked("SOCKS5", "192.0.2.1:8443", None);
        assert_eq!(proxy.asked(), [expected.clone(), expected]);
    }

    #[test]
    fn a_host_of_no_proxy_is_called_directly() {
        let behind = behind(HOST);
        let proxy = Proxy::new(behind.server.address(), None);
        let url = format!("http://{}", proxy.authority());
        for list in ["*", "invalid", "a.example, .LD.INVALID", "ld.invalid:443"] {
            let variables = [("HTTPS_PROXY", url.as_str()), ("NO_PROXY", list)];
            // There is no such host, whether or not somebody can say so.
            all_are(behind.call(URL, &variables), "NotSent");
        }
        assert_eq!(proxy.asked(), []);
        let variables = [
            ("HTTPS_PROXY", url.as_str()),
            ("NO_PROXY", "d.invalid,ld.invalid:1"),
        ];
        all_are(behind.call(URL, &variables), "status 201");
        assert_eq!(proxy.asked().len(), 2);
    }

    #[test]
    fn no_proxy_leads_to_a_loopback_host() {
        let behind = behind("localhost");
        let plain = Server::answering("201 Created", "", "{}");
        let proxy = Proxy::new(behind.server.address(), None);
        for scheme in ["http", "socks5h"] {
            let url = format!("{scheme}://{}", proxy.authority());
            let variables = [("ALL_PROXY", url.as_str()), ("HTTP_PROXY", &url)];
            all_are(
                behind.call(&behind.server.url("localhost"), &variables),
                "status 201",
            );
            all_are(in_child("POST", &plain.url(), &variables), "status 201");
        }
        assert_eq!(proxy.asked(), []);
    }
}

#[test]
fn missing_root_certificates_are_named() {
    let server = support::tls::Authority::new("any").server("localhost", Vec::new());
    let plain = Server::answering("200 OK", "", "{}");
    let empty = tempfile::NamedTempFile::new().unwrap();
    let variables = [("SSL_CERT_FILE", empty.path().to_str().unwrap())];
    for method in ["POST", "GET"] {
        for result in in_child(method, &server.url("localhost"), &variables) {
            assert!(result.contains("NotSent NoRootCertificates"), "{result}");
            assert!(result.contains("ca-certificates"), "{result}");
        }
    }
    for result in in_child("GET", &plain.url(), &variables) {
        assert!(result.contains("status 200"), "{result}");
    }
}
