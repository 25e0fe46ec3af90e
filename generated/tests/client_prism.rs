//! Both clients against Prism, which plays LaunchDarkly by the official OpenAPI document.

// Clippy knows `#[test]` functions as tests, but not their helpers.
#![allow(clippy::panic, clippy::unwrap_used)]

mod support;

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, Request, Response};
use launchdarkly_integrations::client::{
    AccessToken, Actions, AdditionalFormVariable, Answer, Client, Configuration, Error, ErrorKind,
    Host, Http, Limits, NewConfiguration, Options, RawConfigValues, Resources, RetryPolicy,
    SendError, Statement, Transport, blocking,
};
use serde_json::{Value, json};
use support::openapi;
use support::prism::Prism;

/// One test, since Prism takes seconds to start.
#[test]
fn both_clients_and_prism_understand_each_other() {
    let Some(document) = openapi::document_path() else {
        return;
    };
    let Some(prism) = Prism::start(&document) else {
        return;
    };
    prism_refuses_what_is_wrong(prism.url());
    a_configuration_is_created(prism.url());
    errors_are_told(prism.url());
    whatever_the_document_allows_is_read(prism.url());
}

/// Else the others could not fail.
fn prism_refuses_what_is_wrong(url: &str) {
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
        let request = request.body(body.to_string().into_bytes()).unwrap();
        let limits = Limits::new(TIME, 1024 * 1024);
        let answer = blocking::Transport::send(&agent(), request, limits).unwrap();
        assert_eq!(answer.response.status().as_u16(), status, "{path} {body}");
        if matches!(status, 400 | 401) {
            let objections = objections(answer.response.headers());
            assert_eq!(objections.len(), 1, "{path} {body}: {objections:?}");
        }
    }
}

fn a_configuration_is_created(url: &str) {
    for (which, result, _) in both(url, None) {
        let created = result.unwrap();
        assert_eq!(created.id, "_id", "{which}");
        let name = created.name.as_deref();
        assert_eq!(name, Some("Example Datadog integration"), "{which}");
        assert_eq!(created.statements.len(), 2, "{which}");
        assert_eq!(json!(created.misfits), openapi::broken_parts(), "{which}");
    }
}

fn errors_are_told(url: &str) {
    for (prefer, kind, code) in [
        ("code=400", ErrorKind::Refused, "invalid_request"),
        ("code=401", ErrorKind::Unauthorized, "unauthorized"),
        ("code=403", ErrorKind::Forbidden, "forbidden"),
        ("code=404", ErrorKind::NotFound, "not_found"),
        ("code=409", ErrorKind::Conflict, "optimistic_locking_error"),
        ("code=429", ErrorKind::RateLimited, "rate_limited"),
    ] {
        for (which, result, body) in both(url, Some(prefer)) {
            let error = result.unwrap_err();
            assert_eq!(error.kind(), kind, "{which}");
            assert_eq!(error.code(), Some(code), "{which}");
            assert!(error.message().is_some(), "{which}: {error}");
            assert_eq!(error.message(), body["message"].as_str(), "{which}");
            assert_eq!(error.attempts(), 1, "{which}");
            assert!(!error.may_have_been_created(), "{which}: {error}");
        }
    }
}

/// Prism makes these answers up, by the document's schema.
fn whatever_the_document_allows_is_read(url: &str) {
    for _ in 0..10 {
        for (which, result, body) in both(url, Some("dynamic=true")) {
            let mut created = result.unwrap();
            assert_eq!(body["_id"], created.id, "{which}");
            assert_eq!(body["name"], json!(created.name), "{which}");
            // The document allows times before 1970.
            created.misfits.remove("_createdAt");
            assert!(created.misfits.is_empty(), "{which}: {:?}", created.misfits);
        }
    }
}

const TIME: Duration = Duration::from_secs(30);

fn configuration() -> NewConfiguration {
    let values = RawConfigValues::new("datadog")
        .unwrap()
        .with("apiKey", "0123456789abcdef")
        .with("hostURL", "https://api.datadoghq.eu");
    NewConfiguration::new("Production", values)
        .enabled(false)
        .tags(["ops"])
        .statements([
            Statement::allow(Resources::only(["proj/*"]), Actions::all_but(["updateOn"])),
            Statement::deny(Resources::all_but(["proj/*"]), Actions::only(["*"])),
        ])
        .additional_form_variables([AdditionalFormVariable::default()])
}

fn options(url: &str) -> Options {
    Options::new(AccessToken::new("api-0123").unwrap())
        .host(Host::new(url).unwrap())
        .timeout(TIME)
        .retry(RetryPolicy::never())
}

/// The same call by both clients, each with what came of it and the answer's body. Prism must have
/// nothing against the requests.
fn both(
    url: &str,
    prefer: Option<&'static str>,
) -> [(&'static str, Result<Configuration, Error>, Value); 2] {
    let new = configuration();

    let asking = Asking::new(http_client(), prefer);
    let client = Client::with_transport(options(url), asking.clone());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let by_async = runtime.block_on(client.create(&new));
    let async_body = asking.checked_body("async");

    let asking = Asking::new(agent(), prefer);
    let client = blocking::Client::with_transport(options(url), asking.clone());
    let by_blocking = client.create(&new);
    let blocking_body = asking.checked_body("blocking");

    [
        ("async", by_async, async_body),
        ("blocking", by_blocking, blocking_body),
    ]
}

fn http_client() -> Http {
    Http::new(reqwest::Client::builder().no_proxy()).unwrap()
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .proxy(None)
        .build()
        .new_agent()
}

/// A transport that asks Prism for a certain answer, and keeps the answer.
#[derive(Clone)]
struct Asking<T> {
    http: T,
    prefer: Option<&'static str>,
    answers: Arc<Mutex<Vec<Response<Vec<u8>>>>>,
}

impl<T> Asking<T> {
    fn new(http: T, prefer: Option<&'static str>) -> Self {
        Self {
            http,
            prefer,
            answers: Arc::default(),
        }
    }

    fn ask(&self, request: &mut Request<Vec<u8>>) {
        if let Some(prefer) = self.prefer {
            let prefer = HeaderValue::from_static(prefer);
            request.headers_mut().insert("prefer", prefer);
        }
    }

    fn keep(&self, answer: &Answer) {
        self.answers.lock().unwrap().push(answer.response.clone());
    }

    /// The body of the only answer.
    fn checked_body(&self, which: &str) -> Value {
        let answers = self.answers.lock().unwrap();
        let [answer] = answers.as_slice() else {
            panic!("{which}: {} answers", answers.len());
        };
        let objections = objections(answer.headers());
        assert!(objections.is_empty(), "{which}: {objections:?}");
        serde_json::from_slice(answer.body()).unwrap()
    }
}

/// What Prism has against a request. Its objections to its own answers, of which the document's
/// broken examples make many, are in the same header.
fn objections(headers: &HeaderMap) -> Vec<Value> {
    let Some(header) = headers.get("sl-violations") else {
        return Vec::new();
    };
    let mut objections: Vec<Value> = serde_json::from_slice(header.as_bytes()).unwrap();
    objections.retain(|objection| objection["location"][0] == "request");
    objections
}

impl Transport for Asking<Http> {
    fn send(
        &self,
        mut request: Request<Vec<u8>>,
        limits: Limits,
    ) -> Pin<Box<dyn Future<Output = Result<Answer, SendError>> + Send + '_>> {
        self.ask(&mut request);
        Box::pin(async move {
            let answer = self.http.send(request, limits).await?;
            self.keep(&answer);
            Ok(answer)
        })
    }
}

impl blocking::Transport for Asking<ureq::Agent> {
    fn send(&self, mut request: Request<Vec<u8>>, limits: Limits) -> Result<Answer, SendError> {
        self.ask(&mut request);
        let answer = self.http.send(request, limits)?;
        self.keep(&answer);
        Ok(answer)
    }
}
