//! Both clients over TLS: they send to whom they trust, and nothing to anybody else.

// Clippy knows `#[test]` functions as tests, but not their helpers.
#![allow(clippy::unwrap_used)]

mod support;

use std::io::Read;
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use launchdarkly_integrations::client::{
    AccessToken, Client, Error, ErrorKind, Host, IntegrationConfiguration, NewConfiguration,
    Options, RawConfigValues, RetryPolicy, blocking,
};
use support::server::{Action, Server, response};
use support::tls::{Authority, TlsServer};
use ureq::tls::{Certificate, RootCerts, TlsConfig};

const TOKEN: &str = "api-canary-token-77";
const SECRET: &str = "canary-secret-88";
const CREATED: &str = r#"{"_id": "c1"}"#;

fn configuration() -> NewConfiguration {
    NewConfiguration::new(
        "Production",
        RawConfigValues::new("datadog")
            .unwrap()
            .with("apiKey", SECRET),
    )
}

fn options(url: &str) -> Options {
    Options::new(AccessToken::new(TOKEN).unwrap())
        .host(Host::new(url).unwrap())
        .timeout(Duration::from_secs(2))
        .retry(RetryPolicy::never())
}

fn server(authority: &Authority, name: &str) -> TlsServer {
    authority.server(name, response("201 Created", "", CREATED))
}

/// A call to this URL by each client, both of which trust this authority and no other.
fn both(
    url: &str,
    trusted: &Authority,
) -> [(&'static str, Result<IntegrationConfiguration, Error>); 2] {
    let root = reqwest::Certificate::from_pem(trusted.pem.as_bytes()).unwrap();
    let http = reqwest::Client::builder().no_proxy().tls_certs_only([root]);
    let client = Client::with_http(options(url), http).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let by_async = runtime.block_on(client.create(&configuration()));

    let root = Certificate::from_pem(trusted.pem.as_bytes()).unwrap();
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::new_with_certs(&[root]))
        .build();
    let agent = ureq::Agent::config_builder()
        .proxy(None)
        .tls_config(tls)
        .build();
    let client = blocking::Client::with_transport(options(url), agent.new_agent());
    [
        ("async", by_async),
        ("blocking", client.create(&configuration())),
    ]
}

/// Both clients find no connection, and say that nothing was created.
fn both_stay_away(url: &str, trusted: &Authority) {
    for (which, result) in both(url, trusted) {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotConnected, "{which}: {error:?}");
        assert!(!error.may_have_been_created(), "{which}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{which}");
    }
}

#[test]
fn the_right_certificate_is_trusted() {
    let authority = Authority::new("trusted");
    let server = server(&authority, "localhost");
    for (which, result) in both(&server.url("localhost"), &authority) {
        assert_eq!(result.unwrap().id, "c1", "{which}");
    }
    let sent = server.decrypted();
    assert_eq!(sent.matches(TOKEN).count(), 2, "{sent}");
    assert_eq!(sent.matches(SECRET).count(), 2, "{sent}");
}

#[test]
fn a_certificate_for_another_name_gets_nothing() {
    let authority = Authority::new("trusted");
    let server = server(&authority, "elsewhere.example");
    both_stay_away(&server.url("localhost"), &authority);
    assert_eq!(server.connections(), 2);
    assert_eq!(server.decrypted(), "");
}

#[test]
fn a_certificate_of_an_unknown_authority_gets_nothing() {
    let server = server(&Authority::new("unknown"), "localhost");
    both_stay_away(&server.url("localhost"), &Authority::new("trusted"));
    assert_eq!(server.connections(), 2);
    assert_eq!(server.decrypted(), "");
}

/// What the clients trust unless they are told: the operating system's authorities.
#[test]
fn the_clients_trust_no_authority_of_a_tests_own_by_default() {
    let server = server(&Authority::new("unknown"), "localhost");
    let options = options(&server.url("localhost"));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let client = Client::new(options.clone()).unwrap();
    let by_async = runtime.block_on(client.create(&configuration()));
    let client = blocking::Client::new(options).unwrap();
    for result in [by_async, client.create(&configuration())] {
        assert_eq!(result.unwrap_err().kind(), ErrorKind::NotConnected);
    }
    assert_eq!(server.connections(), 2);
    assert_eq!(server.decrypted(), "");
}

#[test]
fn a_server_without_tls_gets_nothing() {
    let server = Server::new(|_, _| Action::Send(response("201 Created", "", CREATED)));
    let url = server.url().replace("http:", "https:");
    // It waits for the end of a line that the handshake doesn't have.
    both_stay_away(&url, &Authority::new("trusted"));
    assert!(server.received().is_empty());
}

#[test]
fn a_server_that_answers_a_handshake_in_plain_text_gets_nothing() {
    for answer in [
        &b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"[..],
        b"",
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = thread::spawn(move || {
            let mut seen = Vec::new();
            for _ in 0..2 {
                let (mut stream, _) = listener.accept().unwrap();
                let mut buffer = [0; 4096];
                let count = stream.read(&mut buffer).unwrap();
                seen.extend_from_slice(&buffer[..count]);
                std::io::Write::write_all(&mut stream, answer).unwrap();
                drop(stream.shutdown(std::net::Shutdown::Write));
                while let Ok(1..) = stream.read(&mut buffer) {}
            }
            seen
        });
        both_stay_away(
            &format!("https://localhost:{port}"),
            &Authority::new("trusted"),
        );
        let seen = server.join().unwrap();
        assert!(!String::from_utf8_lossy(&seen).contains("canary"));
    }
}
