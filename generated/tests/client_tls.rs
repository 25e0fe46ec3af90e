//! Both transports over TLS: they send only to trusted servers, and install nothing for the process.

// Clippy knows `#[test]` functions as tests, but not their helpers.
#![allow(clippy::unwrap_used)]

mod support;

use std::io::Read;
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use http::{Method, Request};
use launchdarkly_integrations::client::{
    Body, Limits, Received, ReqwestTransport, SendError, SendFailure, SendStage, SetupError,
    Transport as _,
    blocking::{Transport as _, UreqTransport},
};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use support::server::{Action, Server, response};
use support::tls::{Authority, TlsServer};
use ureq::tls::{Certificate, RootCerts, TlsConfig};

const TOKEN: &str = "api-canary-token-77";
const BODY: &str = r#"{"secret": {"canary-secret-88": 1}}"#;

fn request(method: &Method, url: &str) -> Request<Body> {
    let body = if method == Method::POST { BODY } else { "" };
    Request::builder()
        .method(method)
        .uri(format!("{url}/api"))
        .header("authorization", TOKEN)
        .body(Body::from(body.as_bytes().to_vec()))
        .unwrap()
}

fn limits() -> Limits {
    Limits::new(Duration::from_secs(2), 1024)
}

fn server(authority: &Authority, name: &str) -> TlsServer {
    authority.server(name, response("201 Created", "", "{}"))
}

/// Sends the same request with both transports, which trust only this authority.
fn both(
    method: &Method,
    url: &str,
    trusted: &Authority,
) -> [(&'static str, Result<Received, SendError>); 2] {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = rustls::RootCertStore::empty();
    let root = CertificateDer::from_pem_slice(trusted.pem.as_bytes()).unwrap();
    roots.add(root).unwrap();
    let tls = rustls::ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let builder = ReqwestTransport::builder().unwrap();
    let transport = ReqwestTransport::with_builder(builder.tls_backend_preconfigured(tls)).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let reqwest_result = runtime.block_on(transport.send(request(method, url), limits()));

    let root = Certificate::from_pem(trusted.pem.as_bytes()).unwrap();
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::new_with_certs(&[root]))
        .unversioned_rustls_crypto_provider(provider)
        .build();
    let agent = UreqTransport::builder().unwrap().tls_config(tls).build();
    let transport = UreqTransport::with_agent(agent.new_agent());
    let ureq_result = transport.send(request(method, url), limits());
    [("reqwest", reqwest_result), ("ureq", ureq_result)]
}

/// Checks that neither transport sends anything, and that both report this failure.
fn both_send_nothing(url: &str, trusted: &Authority, failure: SendFailure) {
    for (which, result) in both(&Method::POST, url, trusted) {
        let error = result.unwrap_err();
        let shown = format!("{error} {error:?}");
        let found = (error.stage, error.failure);
        assert_eq!(found, (SendStage::NotSent, failure), "{which}: {shown}");
        assert!(!shown.contains("canary"), "{which}: {shown}");
    }
}

#[test]
fn a_trusted_certificate_is_accepted() {
    let authority = Authority::new("trusted");
    let server = server(&authority, "localhost");
    for (which, result) in both(&Method::POST, &server.url("localhost"), &authority) {
        assert_eq!(result.unwrap().response.status(), 201, "{which}");
    }
    let sent = server.decrypted();
    assert_eq!(sent.matches(TOKEN).count(), 2, "{sent}");
    assert_eq!(sent.matches(BODY).count(), 2, "{sent}");
}

#[test]
fn a_certificate_for_another_name_gets_nothing() {
    let authority = Authority::new("trusted");
    let server = server(&authority, "elsewhere.example");
    both_send_nothing(&server.url("localhost"), &authority, SendFailure::Tls);
    assert_eq!(server.connections(), 2);
    assert_eq!(server.decrypted(), "");
}

#[test]
fn a_certificate_of_an_unknown_authority_gets_nothing() {
    let server = server(&Authority::new("unknown"), "localhost");
    let trusted = Authority::new("trusted");
    both_send_nothing(&server.url("localhost"), &trusted, SendFailure::Tls);
    // A request without a body is also reported as not sent.
    for method in [Method::GET, Method::DELETE] {
        for (which, result) in both(&method, &server.url("localhost"), &trusted) {
            let error = result.unwrap_err();
            assert_eq!(error.stage, SendStage::NotSent, "{which}");
            assert_eq!(error.failure, SendFailure::Tls, "{which}");
        }
    }
    assert_eq!(server.connections(), 6);
    assert_eq!(server.decrypted(), "");
}

/// By default, the transports trust the authorities of the operating system.
#[test]
fn by_default_an_own_authority_is_not_trusted() {
    let server = server(&Authority::new("unknown"), "localhost");
    let url = server.url("localhost");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let transport = ReqwestTransport::new().unwrap();
    let reqwest_result = runtime.block_on(transport.send(request(&Method::POST, &url), limits()));
    let transport = UreqTransport::new().unwrap();
    let ureq_result = transport.send(request(&Method::POST, &url), limits());
    for result in [reqwest_result, ureq_result] {
        let error = result.unwrap_err();
        assert_eq!(error.stage, SendStage::NotSent);
        let without_roots = error.failure == SendFailure::NoRootCertificates;
        assert!(
            without_roots || error.failure == SendFailure::Tls,
            "{error:?}"
        );
    }
    assert_eq!(server.connections(), 2);
    assert_eq!(server.decrypted(), "");
}

#[test]
fn a_server_without_tls_gets_nothing() {
    let server = Server::new(|_, _| Action::Send(response("201 Created", "", "{}")));
    let url = server.url().replace("http:", "https:");
    // The server waits for the end of a line, which a handshake doesn't contain.
    both_send_nothing(&url, &Authority::new("trusted"), SendFailure::Timeout);
    assert!(server.received().is_empty());
}

#[test]
fn a_server_that_responds_to_a_handshake_in_plain_text_gets_nothing() {
    for (bytes, failure) in [
        (
            &b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"[..],
            SendFailure::NotTls,
        ),
        (b"", SendFailure::Connection),
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
                std::io::Write::write_all(&mut stream, bytes).unwrap();
                drop(stream.shutdown(std::net::Shutdown::Write));
                while let Ok(1..) = stream.read(&mut buffer) {}
            }
            seen
        });
        let url = format!("https://localhost:{port}");
        both_send_nothing(&url, &Authority::new("trusted"), failure);
        let seen = server.join().unwrap();
        assert!(!String::from_utf8_lossy(&seen).contains("canary"));
    }
}

/// This is one test, because it ends with a provider for the whole process.
#[test]
fn the_process_can_install_its_own_provider() {
    by_default_an_own_authority_is_not_trusted();
    assert!(CryptoProvider::get_default().is_none());

    // A reqwest builder without a TLS configuration.
    let root = Authority::new("own").pem;
    let root = reqwest::Certificate::from_pem(root.as_bytes()).unwrap();
    let own = reqwest::Client::builder().tls_certs_only([root]);
    let result = ReqwestTransport::with_builder(own);
    if cfg!(feature = "aws-lc-rs") {
        assert!(result.is_ok(), "{result:?}");
        drop(reqwest::Client::new());
    } else {
        let error = result.unwrap_err();
        assert!(matches!(error, SetupError::NoTlsProvider), "{error}");
    }
    assert!(CryptoProvider::get_default().is_none());

    let provider = rustls::crypto::ring::default_provider();
    provider.install_default().unwrap();
    drop(reqwest::Client::new());
    by_default_an_own_authority_is_not_trusted();
    assert!(ReqwestTransport::with_builder(reqwest::Client::builder()).is_ok());
}
