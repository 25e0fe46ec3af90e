//! Both clients against servers that do all that servers can do wrong, over real sockets.

// Clippy knows `#[test]` functions as tests, but not their helpers.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::io::{Read as _, Seek as _};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use launchdarkly_integrations::client::{
    AccessToken, Client, Configuration, Error, ErrorKind, Host, NewConfiguration, Options,
    RawConfigValues, RetryPolicy, blocking,
};
use support::server::{Action, Server, kept, response};

const TOKEN: &str = "api-canary-token-77";
const SECRET: &str = "canary-secret-88";
const CREATED: &str = r#"{"_id": "c1", "name": "Production"}"#;

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
        .timeout(Duration::from_millis(500))
        .retry(RetryPolicy::never())
}

fn quick(attempts: u32) -> RetryPolicy {
    RetryPolicy::default()
        .max_attempts(attempts)
        .backoff(Duration::from_millis(20))
}

/// The same call by both clients; what they log says which integration it is, and nothing secret.
fn both(options: &Options, check: impl Fn(&str, Result<Configuration, Error>)) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let client = Client::new(options.clone()).unwrap();
    let (result, logged) = log(|| runtime.block_on(client.create(&configuration())));
    check_log(&logged);
    check("async", result);
    let client = blocking::Client::new(options.clone()).unwrap();
    let (result, logged) = log(|| client.create(&configuration()));
    check_log(&logged);
    check("blocking", result);
}

fn check_log(logged: &str) {
    assert!(!logged.contains("canary"), "{logged}");
    for part in ["integration_key=\"datadog\"", "method=\"POST\"", "attempt="] {
        assert!(logged.contains(part), "{part}: {logged}");
    }
}

/// What comes of a call, and all that is logged meanwhile.
fn log<T>(call: impl FnOnce() -> T) -> (T, String) {
    let logged = tempfile::tempfile().unwrap();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
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

/// The same failure by both clients; nothing in it may be secret.
fn both_fail(options: &Options, kind: ErrorKind, check: impl Fn(&str, &Error)) {
    both(options, |which, result| {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), kind, "{which}: {error:?}");
        let mut shown = format!(
            "{error} {error:?} {}",
            String::from_utf8_lossy(error.body())
        );
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            shown.push_str(&format!(" {cause} {cause:?}"));
            source = cause.source();
        }
        assert!(!shown.contains("canary"), "{which}: {shown}");
        assert!(!error.to_string().contains('\n'), "{which}: {error}");
        check(which, &error);
    });
}

/// Run in a process of its own, since a proxy is set in the environment.
#[test]
fn a_loopback_host_is_called_without_a_proxy() {
    const TEST: &str = "a_created_configuration_comes_back_and_the_request_is_right";
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", TEST]);
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"] {
        command.env(name, "http://127.0.0.1:1");
    }
    let output = command
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("1 passed"),
        "{text}"
    );
}

#[test]
fn a_created_configuration_comes_back_and_the_request_is_right() {
    let server = Server::answering("201 Created", "", CREATED);
    both(
        &options(&server.url()).user_agent("tool/1"),
        |which, result| {
            assert_eq!(result.unwrap().id, "c1", "{which}");
        },
    );
    let received = server.received();
    assert_eq!(received.len(), 2);
    for request in received {
        assert!(
            request
                .head
                .starts_with("POST /api/v2/integration-configurations/keys/datadog HTTP/1.1\r\n"),
            "{}",
            request.head
        );
        assert_eq!(request.headers("authorization"), [TOKEN]);
        assert_eq!(request.headers("ld-api-version"), ["beta"]);
        assert_eq!(request.headers("content-type"), ["application/json"]);
        let agent = concat!(
            "tool/1 launchdarkly-integrations/",
            env!("CARGO_PKG_VERSION")
        );
        assert_eq!(request.headers("user-agent"), [agent]);
        assert_eq!(
            request.json(),
            serde_json::json!({"name": "Production", "configValues": {"apiKey": SECRET}})
        );
    }
}

#[test]
fn a_refused_connection_is_tried_again_and_sent_nothing() {
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let options = options(&format!("http://{address}")).retry(quick(3));
    both_fail(&options, ErrorKind::NotConnected, |which, error| {
        assert_eq!(error.attempts(), 3, "{which}");
        assert!(!error.may_have_been_created(), "{which}");
        assert_eq!(error.status(), None, "{which}");
    });
}

#[test]
fn a_reset_after_the_request_is_not_tried_again() {
    let server = Server::new(|_, _| Action::Reset);
    let options = options(&server.url()).retry(quick(3));
    both_fail(&options, ErrorKind::Interrupted, |which, error| {
        assert_eq!(error.attempts(), 1, "{which}");
        assert!(error.may_have_been_created(), "{which}");
    });
    assert_eq!(server.received().len(), 2);
}

#[test]
fn a_reset_is_tried_again_if_the_caller_says_so() {
    let server = Server::new(|number, _| match number % 2 {
        0 => Action::Reset,
        _ => Action::Send(response("201 Created", "", CREATED)),
    });
    let options = options(&server.url()).retry(quick(3).after_sending(true));
    both(&options, |which, result| {
        assert_eq!(result.unwrap().id, "c1", "{which}");
    });
    assert_eq!(server.received().len(), 4);
}

#[test]
fn slow_headers_end_with_the_time() {
    let server = Server::new(|_, _| Action::SendAndStall(Vec::new(), Duration::from_secs(5)));
    let begin = Instant::now();
    both_fail(
        &options(&server.url()),
        ErrorKind::TimedOut,
        |which, error| {
            assert!(error.may_have_been_created(), "{which}");
            assert_eq!(error.status(), None, "{which}");
        },
    );
    assert!(begin.elapsed() < Duration::from_secs(4));
}

#[test]
fn a_slow_body_ends_with_the_time_and_keeps_its_status() {
    let head = b"HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{\"_id\"".to_vec();
    let server =
        Server::new(move |_, _| Action::SendAndStall(head.clone(), Duration::from_secs(5)));
    both_fail(
        &options(&server.url()),
        ErrorKind::TimedOut,
        |which, error| {
            assert_eq!(error.status().unwrap().as_u16(), 201, "{which}");
            assert!(error.may_have_been_created(), "{which}");
        },
    );
}

#[test]
fn an_endless_body_is_read_to_its_bound() {
    for (status, kind) in [
        ("201 Created", ErrorKind::UnreadableAnswer),
        ("400 Bad Request", ErrorKind::Refused),
    ] {
        let head = format!("HTTP/1.1 {status}\r\nConnection: close\r\n\r\n").into_bytes();
        let server = Server::new(move |_, _| Action::SendEndlessly(head.clone()));
        let options = options(&server.url()).timeout(Duration::from_secs(20));
        let begin = Instant::now();
        both_fail(&options, kind, |which, error| {
            assert_eq!(error.body().len(), 8 * 1024, "{which}");
        });
        assert!(begin.elapsed() < Duration::from_secs(10));
    }
}

#[test]
fn half_a_body_is_a_broken_connection() {
    for head in [
        "HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n",
        "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"_id\r\nzz\r\n",
        "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{",
    ] {
        let server = Server::new(move |_, _| Action::Send(head.as_bytes().to_vec()));
        both_fail(
            &options(&server.url()),
            ErrorKind::Interrupted,
            |which, error| {
                assert_eq!(error.status().unwrap().as_u16(), 201, "{which}");
                assert!(error.may_have_been_created(), "{which}");
            },
        );
    }
}

#[test]
fn what_is_no_http_is_a_broken_connection() {
    for bytes in ["", "nonsense\r\n\r\n", "HTTP/1.1 20"] {
        let server = Server::new(move |_, _| Action::Send(bytes.as_bytes().to_vec()));
        both_fail(
            &options(&server.url()),
            ErrorKind::Interrupted,
            |which, error| {
                assert!(error.may_have_been_created(), "{which}: {bytes:?}");
            },
        );
    }
}

#[test]
fn a_created_configuration_without_an_id_is_not_lost() {
    for body in ["", "{", "[]", "{}", r#"{"_id": 1}"#, "<html>"] {
        let server = Server::answering("201 Created", "", body);
        let options = options(&server.url()).retry(quick(3).after_sending(true));
        both_fail(&options, ErrorKind::UnreadableAnswer, |which, error| {
            assert!(error.may_have_been_created(), "{which}");
            assert_eq!(error.body(), body.as_bytes(), "{which}");
        });
        // Another attempt would create another one.
        assert_eq!(server.received().len(), 2, "{body}");
    }
}

#[test]
fn errors_are_told_as_launchdarkly_tells_them() {
    for (status, kind) in [
        ("400 Bad Request", ErrorKind::Refused),
        ("401 Unauthorized", ErrorKind::Unauthorized),
        ("403 Forbidden", ErrorKind::Forbidden),
        ("404 Not Found", ErrorKind::NotFound),
        ("409 Conflict", ErrorKind::Conflict),
        ("418 I'm a teapot", ErrorKind::UnexpectedStatus),
        ("429 Too Many Requests", ErrorKind::RateLimited),
        ("500 Internal Server Error", ErrorKind::ServerError),
        ("503 Service Unavailable", ErrorKind::ServerError),
    ] {
        // A server that repeats what it was sent.
        let body = format!(r#"{{"code": "c0", "message": "no {SECRET}\nat all", "id": "r1"}}"#);
        let server = Server::answering(status, "X-Ratelimit-Route-Remaining: 4\r\n", &body);
        both_fail(&options(&server.url()), kind, |which, error| {
            let number: u16 = status[..3].parse().unwrap();
            assert_eq!(error.status().unwrap().as_u16(), number, "{which}");
            assert_eq!(error.code(), Some("c0"), "{which}");
            assert_eq!(error.message(), Some("no [redacted]\nat all"), "{which}");
            assert_eq!(error.request_id(), Some("r1"), "{which}");
            assert_eq!(error.rate_limit().route_remaining, Some(4), "{which}");
            assert_eq!(error.may_have_been_created(), number >= 500, "{which}");
            let shown = error.to_string();
            for part in [&status[..3], "c0", r"no [redacted]\nat all", "r1"] {
                assert!(shown.contains(part), "{which}: {shown}");
            }
        });
        assert_eq!(server.received().len(), 2);
    }
}

#[test]
fn odd_bodies_of_errors_keep_the_status() {
    for body in [
        "",
        "<html><h1>502</h1></html>",
        "{",
        "null",
        "[1]",
        r#"{"code": 1}"#,
        "\u{0}",
    ] {
        let server = Server::answering("502 Bad Gateway", "", body);
        both_fail(
            &options(&server.url()),
            ErrorKind::ServerError,
            |which, error| {
                assert_eq!((error.code(), error.message()), (None, None), "{which}");
                assert_eq!(error.body(), body.as_bytes(), "{which}");
                assert!(error.to_string().contains("502"), "{which}");
            },
        );
    }
}

#[test]
fn a_redirect_is_not_followed() {
    let elsewhere = Server::answering("201 Created", "", CREATED);
    for status in [
        "301 Moved",
        "302 Found",
        "303 See Other",
        "307 Temporary",
        "308 Permanent",
    ] {
        let location = format!("Location: {}/x\r\n", elsewhere.url());
        let server = Server::answering(status, &location, "");
        both_fail(
            &options(&server.url()),
            ErrorKind::Redirected,
            |which, error| {
                assert!(!error.may_have_been_created(), "{which}");
            },
        );
        assert_eq!(server.received().len(), 2, "{status}");
    }
    assert_eq!(elsewhere.received().len(), 0);
}

/// Two calls by each client, one after the other.
fn twice(options: &Options, check: impl Fn(&str, Result<Configuration, Error>)) {
    let pause = Duration::from_millis(100);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let client = Client::new(options.clone()).unwrap();
    runtime.block_on(client.create(&configuration())).unwrap();
    std::thread::sleep(pause);
    check("async", runtime.block_on(client.create(&configuration())));
    let client = blocking::Client::new(options.clone()).unwrap();
    client.create(&configuration()).unwrap();
    std::thread::sleep(pause);
    check("blocking", client.create(&configuration()));
}

#[test]
fn a_connection_is_used_again() {
    let server = Server::new(|_, _| Action::SendAndKeep(kept("201 Created", CREATED)));
    twice(&options(&server.url()), |which, result| {
        assert_eq!(result.unwrap().id, "c1", "{which}");
    });
    let from: Vec<_> = server.received().iter().map(|one| one.from).collect();
    assert_eq!(from.len(), 4);
    assert_eq!((from[0], from[2]), (from[1], from[3]));
    assert_ne!(from[0], from[2]);
}

#[test]
fn a_connection_that_was_closed_meanwhile_is_made_anew() {
    let server = Server::new(|_, _| Action::Send(kept("201 Created", CREATED)));
    twice(&options(&server.url()), |which, result| {
        let created = result.unwrap_or_else(|error| panic!("{which}: {error}"));
        assert_eq!(created.id, "c1", "{which}");
    });
    assert_eq!(server.received().len(), 4);
}

#[test]
fn a_kept_connection_that_breaks_after_the_request_is_not_tried_again() {
    for break_it in [|| Action::Send(Vec::new()), || Action::Reset] {
        let server = Server::new(move |number, _| match number % 2 {
            0 => Action::SendAndKeep(kept("201 Created", CREATED)),
            _ => break_it(),
        });
        let options = options(&server.url()).retry(quick(3));
        twice(&options, |which, result| {
            let error = result.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Interrupted, "{which}: {error:?}");
            assert_eq!(error.attempts(), 1, "{which}");
        });
        assert_eq!(server.received().len(), 4);
    }
}

#[test]
fn a_rate_limit_is_waited_for() {
    let server = Server::new(|number, _| match number % 2 {
        0 => Action::Send(response("429 Too Many", "Retry-After: 1\r\n", "{}")),
        _ => Action::Send(response("201 Created", "", CREATED)),
    });
    both(&options(&server.url()).retry(quick(2)), |which, result| {
        assert_eq!(result.unwrap().id, "c1", "{which}");
    });
    let received = server.received();
    assert_eq!(received.len(), 4);
    for pair in received.chunks(2) {
        let waited = pair[1].at - pair[0].at;
        assert!(waited >= Duration::from_secs(1), "{waited:?}");
    }
}

#[test]
fn the_deadline_holds_for_all_attempts() {
    let server = Server::answering("429 Too Many", "Retry-After: 2\r\n", "{}");
    let policy = quick(9).deadline(Duration::from_secs(1));
    let begin = Instant::now();
    both_fail(
        &options(&server.url()).retry(policy),
        ErrorKind::RateLimited,
        |which, error| {
            assert_eq!(error.attempts(), 1, "{which}");
            assert_eq!(
                error.rate_limit().retry_after,
                Some(Duration::from_secs(2)),
                "{which}"
            );
        },
    );
    assert!(begin.elapsed() < Duration::from_secs(1));
}

/// A window lets 25 calls through; whoever is turned down must not be back in the same one.
#[test]
fn a_hundred_calls_at_once_get_through_a_rate_limit() {
    use std::collections::HashMap;
    use std::sync::{Arc, Mutex};
    use std::time::{SystemTime, UNIX_EPOCH};

    const WINDOW: u128 = 500;
    // By call, the windows of its attempts.
    let attempts: Arc<Mutex<HashMap<String, Vec<u128>>>> = Arc::default();
    let seen = Arc::clone(&attempts);
    let server = Server::new(move |_, request| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let window = now.as_millis() / WINDOW;
        let name = request.json()["name"].to_string();
        let mut seen = seen.lock().unwrap();
        let others = seen.values().flatten();
        let crowded = others.filter(|other| **other == window).count() >= 25;
        seen.entry(name).or_default().push(window);
        if crowded {
            let reset = format!("X-Ratelimit-Reset: {}\r\n", (window + 1) * WINDOW);
            return Action::Send(response("429 Too Many", &reset, "{}"));
        }
        Action::Send(response("201 Created", "", CREATED))
    });
    let options = options(&server.url())
        .timeout(Duration::from_secs(10))
        .retry(quick(50).backoff(Duration::from_millis(200)));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let client = Client::new(options).unwrap();
        let calls = (0..100).map(|number| {
            let client = client.clone();
            let values = RawConfigValues::new("datadog")
                .unwrap()
                .with("apiKey", SECRET);
            let configuration = NewConfiguration::new(number.to_string(), values);
            tokio::spawn(async move { client.create(&configuration).await })
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
