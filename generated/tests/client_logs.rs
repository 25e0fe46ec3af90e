//! The HTTP libraries log no secret, except with one target of ureq at `TRACE`, which the
//! documentation names.

// Clippy knows `#[test]` functions as tests, but not their helpers.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::sync::Mutex;
use std::time::Duration;

use http::Request;
use launchdarkly_integrations::client::{
    Body, Limits, ReqwestTransport, Transport as _,
    blocking::{Transport as _, UreqTransport},
};
use support::server::Server;
use tracing::field::{Field, Visit};

#[derive(Default)]
struct Logged {
    lines: String,
    /// The last word of each line, joined: ureq dumps 16 bytes in a line, which ends with their text.
    joined: String,
}

/// Everything that was logged, by level and target.
static LOGGED: Mutex<BTreeMap<(String, String), Logged>> = Mutex::new(BTreeMap::new());

fn remember(level: &str, target: &str, text: &str) {
    let mut logged = LOGGED.lock().unwrap();
    let logged = logged
        .entry((level.to_owned(), target.to_owned()))
        .or_default();
    logged.lines.push_str(text);
    logged.lines.push('\n');
    logged.joined.extend(text.split_whitespace().last());
}

struct Log;

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        remember(
            record.level().as_str(),
            record.target(),
            &record.args().to_string(),
        );
    }

    fn flush(&self) {}
}

/// Records the spans and events of `tracing`, which hyper uses.
struct Tracing;

struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let _ = write!(self.0, "{field}={value:?} ");
    }
}

impl tracing::Subscriber for Tracing {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        let mut text = Text(String::new());
        span.record(&mut text);
        let metadata = span.metadata();
        remember(metadata.level().as_str(), metadata.target(), &text.0);
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, values: &tracing::span::Record<'_>) {
        let mut text = Text(String::new());
        values.record(&mut text);
        remember("SPAN", "values", &text.0);
    }

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        let mut text = Text(String::new());
        event.record(&mut text);
        let metadata = event.metadata();
        remember(metadata.level().as_str(), metadata.target(), &text.0);
    }

    fn enter(&self, _: &tracing::span::Id) {}

    fn exit(&self, _: &tracing::span::Id) {}
}

fn request(url: &str) -> Request<Body> {
    let mut token = http::HeaderValue::from_static("api-canary-token-77");
    token.set_sensitive(true);
    Request::post(url)
        .header("authorization", token)
        .body(Body::from(br#"{"a": {"b": "canary-secret-88"}}"#.to_vec()))
        .unwrap()
}

#[test]
fn only_one_target_logs_what_is_sent() {
    log::set_boxed_logger(Box::new(Log)).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    tracing::subscriber::set_global_default(Tracing).unwrap();

    let server = Server::responding("200 OK", "", "{}");
    // TLS is logged even if the handshake fails.
    let https = server.url().replace("http:", "https:");
    let limits = Limits::new(Duration::from_millis(300), 1024);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let reqwest_transport = ReqwestTransport::new().unwrap();
    let ureq_transport = UreqTransport::new().unwrap();
    let sent = runtime.block_on(reqwest_transport.send(request(&server.url()), limits));
    sent.unwrap();
    ureq_transport.send(request(&server.url()), limits).unwrap();
    assert!(
        runtime
            .block_on(reqwest_transport.send(request(&https), limits))
            .is_err()
    );
    assert!(ureq_transport.send(request(&https), limits).is_err());

    let logged = LOGGED.lock().unwrap();
    let targets: Vec<_> = logged.keys().cloned().collect();
    let with_secrets: Vec<_> = logged
        .iter()
        .filter(|(_, logged)| (logged.lines.clone() + &logged.joined).contains("canary"))
        .map(|((level, target), _)| (level.as_str(), target.as_str()))
        .collect();
    assert!(
        targets
            .iter()
            .any(|(_, target)| target.starts_with("hyper_util")),
        "{targets:?}"
    );
    assert!(
        targets
            .iter()
            .any(|(_, target)| target.starts_with("rustls")),
        "{targets:?}"
    );
    assert_eq!(with_secrets, [("TRACE", "ureq_proto::util")], "{targets:?}");
}
