//! Both clients against Prism, a mock server for LaunchDarkly's OpenAPI document: all operations and
//! all documented errors.

// Clippy knows `#[test]` functions as tests, but not their helpers.
#![allow(clippy::panic, clippy::unwrap_used)]

mod support;

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, Request, Response};
use launchdarkly_integrations::client::{
    Body, Client, Effect, Error, Host, Limits, Received, ReqwestTransport, RetryPolicy, SendError,
    Transport, blocking,
};
use serde_json::{Value, json};
use support::calls::{Arguments, every_call, filled};
use support::openapi;
use support::prism::Prism;

/// This is one test, because Prism takes seconds to start.
#[test]
fn both_clients_work_with_prism() {
    let Some(path) = openapi::document_path() else {
        return;
    };
    let Some(document) = openapi::document() else {
        return;
    };
    let Some(prism) = Prism::start(&path) else {
        return;
    };
    prism_rejects_invalid_requests(prism.url());
    every_operation_succeeds(prism.url(), "");
    // Prism generates these responses from the document's schemas.
    for _ in 0..3 {
        every_operation_succeeds(prism.url(), "dynamic=true");
    }
    every_documented_error_is_parsed(prism.url(), &document);
}

/// Shows that the other checks can fail.
fn prism_rejects_invalid_requests(url: &str) {
    let good = json!({"name": "x", "configValues": {}});
    let keys = "integration-configurations/keys";
    for (path, token, body, status) in [
        (keys, Some("api-0123"), &good, 201),
        (keys, Some("api-0123"), &json!({"configValues": {}}), 400),
        (keys, Some("api-0123"), &json!({"name": "x"}), 400),
        (keys, None, &good, 401),
        (
            "integration-configuration/keys",
            Some("api-0123"),
            &good,
            404,
        ),
    ] {
        let mut request = Request::post(format!("{url}/api/v2/{path}/datadog"))
            .header(CONTENT_TYPE, "application/json");
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, token);
        }
        let request = request
            .body(Body::from(body.to_string().into_bytes()))
            .unwrap();
        let limits = Limits::new(TIMEOUT, 1024 * 1024);
        let transport = blocking::UreqTransport::new().unwrap();
        let received = blocking::Transport::send(&transport, request, limits).unwrap();
        assert_eq!(received.response.status().as_u16(), status, "{path} {body}");
        if matches!(status, 400 | 401) {
            let violations = violations(received.response.headers());
            assert_eq!(violations.len(), 1, "{path} {body}: {violations:?}");
        }
    }
}

fn every_operation_succeeds(url: &str, prefer: &'static str) {
    for outcome in outcomes(url, prefer) {
        let Outcome {
            which,
            result,
            response,
        } = outcome;
        let shown = result.unwrap_or_else(|error| panic!("{which}: {error}"));
        // If the response has an id, it was parsed.
        if let Some(id) = response["_id"].as_str() {
            assert!(shown.contains(&format!("id: {id:?}")), "{which}: {shown}");
        }
        if let Some(items) = response["items"].as_array() {
            assert_eq!(
                shown.matches(" id: ").count(),
                items.len(),
                "{which}: {shown}"
            );
        }
    }
}

fn every_documented_error_is_parsed(url: &str, document: &Value) {
    let operations = openapi::operations(document);
    let mut statuses: Vec<u16> = operations
        .iter()
        .flat_map(|(_, _, operation)| operation["responses"].as_object().unwrap().keys())
        .map(|status| status.parse().unwrap())
        .filter(|status| *status >= 400)
        .collect();
    statuses.sort_unstable();
    statuses.dedup();
    assert!(statuses.contains(&422), "{statuses:?}");
    for status in statuses {
        let prefer: &'static str = format!("code={status}").leak();
        let mut parsed = 0;
        for Outcome {
            which,
            result,
            response,
        } in outcomes(url, prefer)
        {
            let Err(error) = result else {
                panic!("{which} succeeded");
            };
            let documented = operations.iter().any(|(method, path, operation)| {
                let matches = which.ends_with(&format!("{method} {path}"));
                matches && operation["responses"].get(status.to_string()).is_some()
            });
            // If the document has no such response, Prism responds with its own error.
            if !documented {
                continue;
            }
            assert_eq!(error.status().unwrap().as_u16(), status, "{which}");
            assert_eq!(error.code(), response["code"].as_str(), "{which}");
            assert!(error.message().is_some(), "{which}: {error}");
            assert_eq!(error.message(), response["message"].as_str(), "{which}");
            assert_eq!(error.attempts(), 1, "{which}");
            assert_eq!(error.effect(), Effect::None, "{which}: {error}");
            parsed += 1;
        }
        assert!(parsed > 0, "{status}");
    }
}

const TIMEOUT: Duration = Duration::from_secs(30);

/// The result of a call.
struct Outcome {
    which: String,
    result: Result<String, Error>,
    /// The body of the response.
    response: Value,
}

/// Sends every call with both clients, and checks that Prism accepts the requests.
fn outcomes(url: &str, prefer: &'static str) -> Vec<Outcome> {
    let arguments = Arguments::new("0123456789abcdef");
    let mut outcomes = Vec::new();

    let transport = PreferTransport::new(ReqwestTransport::new().unwrap(), prefer);
    let client = Client::builder("api-0123")
        .host(Host::new(url).unwrap())
        .timeout(TIMEOUT)
        .retry(RetryPolicy::never())
        .transport(transport.clone())
        .build()
        .unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    macro_rules! by_async {
        ($method:literal, $template:literal, $call:expr) => {{
            let which = concat!("async ", $method, " ", $template);
            let result = shown(runtime.block_on($call.send()));
            transport.outcome(which, $template, result)
        }};
    }
    outcomes.extend(every_call!(client, arguments, by_async));

    let transport = PreferTransport::new(blocking::UreqTransport::new().unwrap(), prefer);
    let client = blocking::Client::builder("api-0123")
        .host(Host::new(url).unwrap())
        .timeout(TIMEOUT)
        .retry(RetryPolicy::never())
        .transport(transport.clone())
        .build()
        .unwrap();
    macro_rules! by_blocking {
        ($method:literal, $template:literal, $call:expr) => {{
            let which = concat!("blocking ", $method, " ", $template);
            let result = shown($call.send());
            transport.outcome(which, $template, result)
        }};
    }
    outcomes.extend(every_call!(client, arguments, by_blocking));
    outcomes
}

fn shown<R: Debug>(result: Result<R, Error>) -> Result<String, Error> {
    result.map(|read| format!("{read:?}"))
}

/// A path and the response to it.
type Exchange = (String, Response<Vec<u8>>);

/// A transport that selects Prism's response with the header `Prefer`, and records the response.
#[derive(Clone)]
struct PreferTransport<T> {
    transport: T,
    prefer: &'static str,
    exchanges: Arc<Mutex<Vec<Exchange>>>,
}

impl<T> PreferTransport<T> {
    fn new(transport: T, prefer: &'static str) -> Self {
        Self {
            transport,
            prefer,
            exchanges: Arc::default(),
        }
    }

    /// Adds the header, and returns the path of the request.
    fn prepare(&self, request: &mut Request<Body>) -> String {
        if !self.prefer.is_empty() {
            let prefer = HeaderValue::from_static(self.prefer);
            request.headers_mut().insert("prefer", prefer);
        }
        request.uri().path().to_owned()
    }

    fn record(&self, path: String, received: &Received) {
        let mut exchanges = self.exchanges.lock().unwrap();
        exchanges.push((path, received.response.clone()));
    }

    /// Returns the outcome of a call, which must be a single exchange.
    fn outcome(&self, which: &str, template: &str, result: Result<String, Error>) -> Outcome {
        let mut exchanges = self.exchanges.lock().unwrap();
        let exchanges = std::mem::take(&mut *exchanges);
        let [(path, response)] = exchanges.as_slice() else {
            panic!("{which}: {} responses: {result:?}", exchanges.len());
        };
        assert_eq!(*path, filled(template), "{which}");
        let violations = violations(response.headers());
        assert!(violations.is_empty(), "{which}: {violations:?}");
        Outcome {
            which: which.to_owned(),
            result,
            response: serde_json::from_slice(response.body()).unwrap_or_default(),
        }
    }
}

/// Returns what Prism finds invalid in a request. The same header contains what it finds invalid in
/// its own responses, because many examples in the document are invalid.
fn violations(headers: &HeaderMap) -> Vec<Value> {
    let Some(header) = headers.get("sl-violations") else {
        return Vec::new();
    };
    let mut violations: Vec<Value> = serde_json::from_slice(header.as_bytes()).unwrap();
    violations.retain(|violation| violation["location"][0] == "request");
    violations
}

impl Transport for PreferTransport<ReqwestTransport> {
    fn send(
        &self,
        mut request: Request<Body>,
        limits: Limits,
    ) -> Pin<Box<dyn Future<Output = Result<Received, SendError>> + Send + '_>> {
        let path = self.prepare(&mut request);
        Box::pin(async move {
            let received = self.transport.send(request, limits).await?;
            self.record(path, &received);
            Ok(received)
        })
    }
}

impl blocking::Transport for PreferTransport<blocking::UreqTransport> {
    fn send(&self, mut request: Request<Body>, limits: Limits) -> Result<Received, SendError> {
        let path = self.prepare(&mut request);
        let received = self.transport.send(request, limits)?;
        self.record(path, &received);
        Ok(received)
    }
}
