//! Both transports over real sockets: what is sent, how failures are reported, and proxies.

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

/// Sends the same request with both transports.
fn both(limits: Limits, request: impl Fn() -> Request<Body>) -> [(&'static str, Sent); 2] {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let transport = ReqwestTransport::new().unwrap();
    let reqwest_result = runtime.block_on(transport.send(request(), limits));
    let ureq_result = UreqTransport::new().unwrap().send(request(), limits);
    [("reqwest", reqwest_result), ("ureq", ureq_result)]
}

/// Everything that an error shows.
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

/// The URL of a port where nothing listens.
fn closed_url() -> String {
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
fn a_refused_connection_sends_nothing() {
    let url = closed_url();
    for (method, body) in METHODS {
        let expected = (SendStage::NotSent, SendFailure::Refused);
        check_fails(limits(5000), expected, || {
            request(method.clone(), &url, body)
        });
    }
}

#[test]
fn a_connection_that_breaks_after_the_request_is_reported_as_sent() {
    let server = Server::new(|_, _| Action::Reset);
    for (method, body) in METHODS {
        let expected = (SendStage::Sent, SendFailure::Connection);
        check_fails(limits(5000), expected, || {
            request(method.clone(), &server.url(), body)
        });
    }
}

#[test]
fn a_missing_response_times_out_after_sending() {
    let server = Server::new(|_, _| Action::SendAndStall(Vec::new(), Duration::from_secs(5)));
    for (method, body) in METHODS {
        let expected = (SendStage::Sent, SendFailure::Timeout);
        check_fails(limits(200), expected, || {
            request(method.clone(), &server.url(), body)
        });
    }
}

#[test]
fn an_endless_handshake_sends_no_body() {
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
fn the_length_of_a_body_is_sent_if_servers_require_it() {
    let server = Server::responding("200 OK", "", "{}");
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
fn the_longest_time_out_causes_no_panic() {
    let server = Server::responding("200 OK", "", "{}");
    let longest = Limits::new(Duration::MAX, 1024);
    for (which, result) in both(longest, || request(Method::GET, &server.url(), "")) {
        assert!(result.is_ok(), "{which}");
    }
}

/// The label is too long for DNS, so that the resolver rejects the name without a network.
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

/// At whatever point the time-out ends the attempt, `NotSent` is never wrong.
#[test]
fn a_request_that_was_not_sent_never_arrives() {
    // The bytes of each connection, because a part of a body counts, too.
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
                    // Responds to complete requests, so that some connections are reused.
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
    // Until both results occurred often.
    while (not_sent.len() < 5_000 || sent < 400) && begin.elapsed() < Duration::from_secs(20) {
        let batch: Vec<_> = (0..64)
            .map(|_| {
                number += 1;
                let (id, url, transport) = (format!("<{number}>"), url.clone(), transport.clone());
                // From a time-out that ends at once to one that is long enough.
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
    // Waits for bytes that still arrive.
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

/// The effect of a request on a connection that a load balancer closed would be unknown.
#[test]
fn a_connection_that_was_idle_for_too_long_is_not_reused() {
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
fn redirects_are_not_followed_with_own_settings_of_the_libraries() {
    let elsewhere = Server::responding("200 OK", "", "{}");
    let location = format!("Location: {}/x\r\n", elsewhere.url());
    let server = Server::responding("307 Temporary", &location, "");
    let builder = ReqwestTransport::builder().unwrap();
    let builder = builder.redirect(reqwest::redirect::Policy::limited(5));
    let transport = ReqwestTransport::with_builder(builder).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let reqwest_result =
        runtime.block_on(transport.send(request(Method::GET, &server.url(), ""), limits(5000)));
    let agent = UreqTransport::builder().unwrap().max_redirects(5).build();
    let transport = UreqTransport::with_agent(agent.new_agent());
    let ureq_result = transport.send(request(Method::GET, &server.url(), ""), limits(5000));
    for result in [reqwest_result, ureq_result] {
        assert_eq!(result.unwrap().response.status().as_u16(), 307);
    }
    assert_eq!(elsewhere.received().len(), 0);
}

/// Other tests run this one in a new process with environment variables.
#[test]
fn child() {
    let Ok(url) = std::env::var("TRANSPORT_TEST_URL") else {
        return;
    };
    if let (Err(reqwest), Err(ureq)) = (ReqwestTransport::new(), UreqTransport::new()) {
        println!("RESULT reqwest: {reqwest}\nRESULT ureq: {ureq}");
        return;
    }
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

/// Returns the results of both transports in a process with these environment variables.
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

    fn all_contain(results: &[String; 2], expected: &str) {
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
    fn an_http_proxy_gets_the_credentials_of_its_url() {
        let behind = behind(HOST);
        // user:p@ss:canary
        let credentials = "Basic dXNlcjpwQHNzOmNhbmFyeQ==";
        for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
            let proxy = Proxy::new(behind.server.address(), Some(credentials));
            let url = format!("http://user:p%40ss%3Acanary@{}", proxy.authority());
            all_contain(&behind.call(URL, &[(name, &url)]), "status 201");
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
    fn the_error_of_a_proxy_that_refuses_names_its_variable_and_shows_no_password() {
        let behind = behind(HOST);
        for (scheme, right) in [("http", "Basic x"), ("socks5h", "user:right")] {
            let proxy = Proxy::new(behind.server.address(), Some(right));
            for (user, variable) in [("", "ALL_PROXY"), ("user:canary@", "https_proxy")] {
                let url = format!("{scheme}://{user}{}", proxy.authority());
                let results = behind.call(URL, &[(variable, &url)]);
                let expected = "NotSent Proxy the proxy failed: check its URL, user and password";
                all_contain(&results, expected);
                let source = format!("the request goes through the proxy in {variable}");
                all_contain(&results, &source);
            }
        }
        assert_eq!(behind.server.connections(), 0);
    }

    #[test]
    fn the_error_of_a_proxy_that_is_not_found_names_its_variable_and_shows_no_password() {
        let unknown = format!("http://user:canary@{}.invalid:3128", "a".repeat(64));
        let closed = closed_url().replace("http://", "http://user:canary@");
        for (url, expected) in [
            (unknown.as_str(), "NotSent Proxy"),
            (&closed, "NotSent Proxy"),
        ] {
            let results = in_child("POST", URL, &[("HTTPS_PROXY", url)]);
            all_contain(&results, expected);
            all_contain(
                &results,
                "the request goes through the proxy in HTTPS_PROXY",
            );
        }
    }

    #[test]
    fn the_error_of_an_invalid_proxy_names_its_variable_and_shows_no_password() {
        let results = in_child(
            "POST",
            URL,
            &[("ALL_PROXY", "ftp://user:canary@proxy:3128")],
        );
        all_contain(
            &results,
            "ALL_PROXY is not the URL of a proxy: set it to a URL such as",
        );
    }

    #[test]
    fn an_http_host_is_called_through_http_proxy() {
        let server = Server::responding("201 Created", "", "{}");
        let address = server.url().replace("http://", "");
        let address = address.to_socket_addrs().unwrap().next().unwrap();
        let proxy = Proxy::new(address, None);
        let url = format!("http://{}", proxy.authority());
        let called = "http://ld.invalid:80/x";
        all_contain(
            &in_child("POST", called, &[("HTTP_PROXY", &url)]),
            "status 201",
        );
        // reqwest sends the request to the proxy, ureq opens a tunnel.
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
        all_contain(
            &in_child("POST", called, &[("HTTP_PROXY", &url)]),
            "NotSent Proxy",
        );
        assert_eq!(server.received().len(), 2);
    }

    #[test]
    fn a_socks_proxy_gets_the_host_name() {
        let behind = behind(HOST);
        for credentials in [None, Some("user:p@ss:canary")] {
            let proxy = Proxy::new(behind.server.address(), credentials);
            let user = credentials.map_or("", |_| "user:p%40ss%3Acanary@");
            let url = format!("socks5h://{user}{}", proxy.authority());
            all_contain(&behind.call(URL, &[("ALL_PROXY", &url)]), "status 201");
            let expected = asked("SOCKS5", "ld.invalid:443", credentials);
            assert_eq!(proxy.asked(), [expected.clone(), expected]);
        }
    }

    #[test]
    fn a_socks5_proxy_gets_an_address() {
        let behind = behind("192.0.2.1");
        let proxy = Proxy::new(behind.server.address(), None);
        let url = format!("socks5://{}", proxy.authority());
        let results = behind.call("https://192.0.2.1:8443/", &[("ALL_PROXY", &url)]);
        all_contain(&results, "status 201");
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
            // The host doesn't exist.
            all_contain(&behind.call(URL, &variables), "NotSent");
        }
        assert_eq!(proxy.asked(), []);
        let variables = [
            ("HTTPS_PROXY", url.as_str()),
            ("NO_PROXY", "d.invalid,ld.invalid:1"),
        ];
        all_contain(&behind.call(URL, &variables), "status 201");
        assert_eq!(proxy.asked().len(), 2);
    }

    #[test]
    fn a_loopback_host_has_no_proxy() {
        let behind = behind("localhost");
        let plain = Server::responding("201 Created", "", "{}");
        let proxy = Proxy::new(behind.server.address(), None);
        for scheme in ["http", "socks5h"] {
            let url = format!("{scheme}://{}", proxy.authority());
            let variables = [("ALL_PROXY", url.as_str()), ("HTTP_PROXY", &url)];
            all_contain(
                &behind.call(&behind.server.url("localhost"), &variables),
                "status 201",
            );
            all_contain(&in_child("POST", &plain.url(), &variables), "status 201");
        }
        assert_eq!(proxy.asked(), []);
    }
}

#[test]
fn the_error_says_that_root_certificates_are_missing() {
    let server = support::tls::Authority::new("any").server("localhost", Vec::new());
    let plain = Server::responding("200 OK", "", "{}");
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
