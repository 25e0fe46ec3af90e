//! Secrets are in the request body and nowhere else: not in `Debug`, errors, panic messages or logs. Checked
//! with a canary in every secret field of every integration.

// Clippy knows `#[test]` functions as tests, but not their helpers.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../every_struct.rs"]
#[rustfmt::skip]
#[macro_use]
mod every_struct;
mod support;

use std::cell::RefCell;
use std::collections::HashSet;
use std::error::Error;
use std::fmt::{self, Debug};
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Mutex, Once};

use launchdarkly_integrations::integrations::{self, ALL};
use launchdarkly_integrations::{
    AnyConfigValues, EnvironmentSelector, Field, FieldKind, FormValues, IntegrationKey, SecretJson,
    SecretString, SecretUri, Uri,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use support::sample::{is_required, samples};

/// Is in every secret, and nowhere else.
const CANARY: &str = "qanary5c1e";
/// A canary that is a number.
const NUMBER: u64 = 7_301_145_102;

/// A struct with secrets. It has no type parameter, so that the checks are compiled once.
struct Subject {
    key: &'static str,
    fields: &'static [Field],
    /// Reads a string in all ways.
    read: fn(&str) -> Vec<Read>,
    /// Reads a value leniently. Returns whether that succeeded, and all texts that show the result.
    read_leniently: fn(Value) -> (bool, Vec<String>),
}

/// The result of reading.
type Read = Result<Box<dyn Values>, Box<dyn ReadError>>;

trait Values: Debug {
    fn json(&self) -> String;
}

impl<T: Debug + Serialize> Values for T {
    fn json(&self) -> String {
        serde_json::to_string(self).unwrap()
    }
}

trait ReadError: Error {
    fn as_error(&self) -> &(dyn Error + 'static);
}

impl<E: Error + 'static> ReadError for E {
    fn as_error(&self) -> &(dyn Error + 'static) {
        self
    }
}

fn boxed<T: Debug + Serialize + 'static>(read: Result<T, impl Error + 'static>) -> Read {
    match read {
        Ok(values) => Ok(Box::new(values)),
        Err(error) => Err(Box::new(error)),
    }
}

fn read<T>(text: &str) -> Vec<Read>
where
    T: FormValues + DeserializeOwned + Serialize + Clone + Debug + 'static,
{
    let mut read = vec![
        boxed(T::from_json_str(text)),
        boxed(serde_json::from_str::<T>(text)),
        boxed(serde_json::from_slice::<T>(text.as_bytes())),
        boxed(serde_json::from_reader::<_, T>(text.as_bytes())),
    ];
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        read.push(boxed(T::from_json(value.clone())));
        read.push(boxed(serde_json::from_value::<T>(value)));
    }
    read
}

fn read_leniently<T>(value: Value) -> (bool, Vec<String>)
where
    T: FormValues + Debug + 'static,
{
    match T::from_json_lenient(value) {
        Ok(read) => {
            let mut shown = vec![format!("{read:?} {read:#?}")];
            for (key, value) in read.values.entries() {
                shown.push(format!("{key} {value} {value:?} {}", json!(value)));
            }
            (true, shown)
        }
        Err(error) => (false, vec![format!("{error} {error:?}")]),
    }
}

fn read_any(key: &str, text: &str) -> Vec<Read> {
    let mut read = vec![boxed(AnyConfigValues::from_json_str(key, text))];
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        read.push(boxed(AnyConfigValues::from_json(key, value)));
    }
    read
}

/// All structs with secrets.
fn subjects() -> Vec<Subject> {
    let mut subjects = all_subjects();
    subjects.retain(|subject| subject.fields.iter().any(|field| field.secret));
    subjects
}

fn all_subjects() -> Vec<Subject> {
    macro_rules! subjects {
        ($($key:literal: $module:ident::$values:ident,)*) => {
            vec![$(Subject {
                key: $key,
                fields: <integrations::$module::$values as FormValues>::FIELDS,
                read: read::<integrations::$module::$values>,
                read_leniently: read_leniently::<integrations::$module::$values>,
            }),*]
        };
    }
    every_struct!(subjects)
}

/// The fields of every integration and capability that has a secret field.
fn blocks_with_secrets() -> Vec<(&'static str, &'static [Field])> {
    let blocks = ALL.iter().flat_map(|integration| {
        let inner = integration.capability_fields.iter();
        std::iter::once(integration.fields)
            .chain(inner.map(|block| block.fields))
            .map(|fields| (integration.key, fields))
    });
    blocks
        .filter(|(_, fields)| fields.iter().any(|field| field.secret))
        .collect()
}

#[test]
fn every_struct_with_secrets_is_checked() {
    let found: Vec<_> = subjects().iter().map(|s| (s.key, s.fields)).collect();
    assert_eq!(found, blocks_with_secrets());
}

#[test]
fn only_the_request_body_shows_secrets() {
    for subject in subjects() {
        let body = Value::from(subject.members());
        let mut read = (subject.read)(&body.to_string());
        if subject.is_configuration() {
            read.extend(read_any(subject.key, &body.to_string()));
        }
        for values in read {
            let values = values.unwrap_or_else(|error| panic!("{}: {error}", subject.key));
            let json = values.json();
            assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), body);
            let secrets = subject.fields.iter().filter(|field| field.secret);
            assert_eq!(json.matches(CANARY).count(), secrets.count());
            assert_no_canary(subject.key, shown_values(&values));
        }
    }
}

#[test]
fn errors_do_not_show_secrets() {
    let mut seen = HashSet::new();
    for subject in subjects() {
        for text in subject.bad_texts() {
            let mut read = (subject.read)(&text);
            if subject.is_configuration() {
                read.extend(read_any(subject.key, &text));
            }
            read.extend(read_any("no-such-integration", &text));
            assert!(read[0].is_err(), "{}: {text}", subject.key);
            for error in read.into_iter().filter_map(Result::err) {
                // Most ways of reading return the same error.
                if seen.insert(format!("{error} {error:?}")) {
                    assert_no_canary(&text, shown_error(error.as_error()));
                }
            }
        }
    }
}

#[test]
fn single_secrets_are_not_shown() {
    let uri = SecretUri::new(format!("https://hook.example/{CANARY}")).unwrap();
    let secrets: [&dyn Debug; 3] = [
        &SecretString::from(CANARY),
        &uri,
        &SecretJson::from(json!({CANARY: [CANARY, NUMBER]})),
    ];
    for secret in secrets {
        assert_no_canary("a secret", shown_values(&secret));
    }
    for wrong in wrong_uris() {
        let error = SecretUri::new(wrong.as_str()).unwrap_err();
        assert_no_canary(&wrong, shown_error(&error));
    }
    for wrong in wrong_types().iter().map(Value::to_string) {
        let error = serde_json::from_str::<SecretString>(&wrong).unwrap_err();
        assert_no_canary(&wrong, shown_error(&error));
        let error = serde_json::from_str::<SecretUri>(&wrong).unwrap_err();
        assert_no_canary(&wrong, shown_error(&error));
    }
}

/// A URL with a password, which must be redacted everywhere.
const URL: &str = "https://user:qanary5c1e@host.example/path";
/// The redacted URL.
const URL_SHOWN: &str = "https://user:[redacted]@host.example/path";

#[test]
fn only_the_request_body_shows_passwords_in_urls() {
    let mut shown_urls = 0;
    for subject in all_subjects() {
        let members = samples(subject.fields, |field| match field.kind {
            FieldKind::Uri => "user:qanary5c1e@host",
            FieldKind::EnvironmentSelector => "text",
            _ => URL,
        });
        let body = Value::from(members);
        let mut read = (subject.read)(&body.to_string());
        if subject.is_configuration() {
            read.extend(read_any(subject.key, &body.to_string()));
        }
        for values in read {
            let values = values.unwrap_or_else(|error| panic!("{}: {error}", subject.key));
            assert_eq!(serde_json::from_str::<Value>(&values.json()).unwrap(), body);
            assert_no_canary(subject.key, shown_values(&values));
            shown_urls += format!("{values:?}").matches(URL_SHOWN).count();
        }
    }
    assert!(
        shown_urls > 0,
        "no integration has a string that isn't secret"
    );
}

#[test]
fn errors_do_not_show_passwords_in_urls() {
    let mut seen = HashSet::new();
    for subject in all_subjects() {
        for field in subject.fields {
            // A password without `://` before it is only recognized in the value of a URI field.
            let is_known = |url: &String| field.kind == FieldKind::Uri || url.contains("://");
            let wrong = wrong_urls().into_iter().filter(is_known);
            for wrong in wrong.map(Value::from) {
                for value in [wrong.clone(), json!([wrong])] {
                    let text = subject.with(|members| {
                        members.insert(field.key.to_owned(), value.clone());
                        members.insert(URL.to_owned(), value);
                    });
                    let mut read = (subject.read)(&text);
                    if subject.is_configuration() {
                        read.extend(read_any(subject.key, &text));
                    }
                    read.extend(read_any(URL, &text));
                    for error in read.into_iter().map(Result::unwrap_err) {
                        // Most ways of reading return the same error.
                        if seen.insert(format!("{error} {error:?}")) {
                            assert_no_canary(&text, shown_error(error.as_error()));
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn lenient_reading_does_not_show_secrets() {
    let mut listed = 0;
    for subject in all_subjects() {
        let surplus = |members: &mut Map<String, Value>| {
            members.insert(URL.to_owned(), json!({CANARY: [CANARY, NUMBER, URL]}));
        };
        let secrets = subject.with(surplus);
        let mut passwords = samples(subject.fields, |field| match field.kind {
            FieldKind::Uri => "user:qanary5c1e@host",
            FieldKind::EnvironmentSelector => "text",
            _ => URL,
        });
        surplus(&mut passwords);
        for json in [serde_json::from_str(&secrets).unwrap(), passwords.into()] {
            let (is_read, shown) = (subject.read_leniently)(json);
            assert!(is_read, "{shown:?}");
            assert_eq!(shown.len(), 1 + subject.fields.len());
            listed += shown.len() - 1;
            for text in shown {
                assert_no_canary(subject.key, vec![("lenient", text)]);
            }
        }
        if subject.fields.iter().all(|field| !field.secret) {
            continue;
        }
        let bad = subject.bad_texts().into_iter();
        for json in bad.filter_map(|text| serde_json::from_str(&text).ok()) {
            let (_, shown) = (subject.read_leniently)(json);
            for text in shown {
                assert_no_canary(subject.key, vec![("lenient", text)]);
            }
        }
    }
    assert!(listed > 0);
}

/// Invalid URIs with a password.
fn wrong_urls() -> Vec<String> {
    let long = "a".repeat(200);
    vec![
        URL.to_owned(),
        format!("{URL} {long}"),
        format!("https://user:{CANARY}{long}@host name"),
        format!("https://{long}:{CANARY}@host/{{}}"),
        format!("user:{CANARY}@host.example"),
        format!("//user:{CANARY}@host.example"),
        format!("https://{CANARY}@ host"),
    ]
}

#[test]
fn single_urls_do_not_show_passwords() {
    let uri = Uri::new(URL).unwrap();
    assert_eq!(format!("{uri:?}"), format!("Uri({URL_SHOWN:?})"));
    // `Display` and JSON have the whole string.
    assert_eq!(uri.as_str(), URL);
    assert_eq!(format!("{uri}"), URL);
    assert_eq!(json!(uri), json!(URL));
    assert_no_canary("a URL", shown_values(&uri));
    let token = Uri::new(format!("https://{CANARY}@host.example")).unwrap();
    assert_no_canary("a URL", shown_values(&token));
    let selector = EnvironmentSelector::raw(json!([URL, {URL: [URL]}]));
    assert_no_canary("a selector", shown_values(&selector));
    for wrong in wrong_urls().into_iter().skip(1) {
        let error = Uri::new(wrong.as_str()).unwrap_err();
        assert_no_canary(&wrong, shown_error(&error));
        let error = serde_json::from_value::<Uri>(wrong.clone().into()).unwrap_err();
        assert_no_canary(&wrong, shown_error(&error));
    }
    let error = URL.parse::<IntegrationKey>().unwrap_err();
    assert_no_canary(URL, shown_error(&error));
    for integration in ALL {
        let listed = integration
            .fields
            .iter()
            .find(|field| !field.allowed_values.is_empty());
        let Some(field) = listed else { continue };
        let text = json!({field.key: URL}).to_string();
        for error in read_any(integration.key, &text)
            .into_iter()
            .map(Result::unwrap_err)
        {
            assert_no_canary(&text, shown_error(error.as_error()));
        }
    }
}

/// An error that shows the canary in all ways.
#[derive(Debug)]
struct Leak(Box<dyn Error + Send + Sync>);

impl fmt::Display for Leak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl Error for Leak {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}

/// Checks the helpers of the other tests.
#[test]
fn every_way_of_showing_a_value_is_captured() {
    let leak = Leak(CANARY.into());
    for (way, text) in [shown_values(&leak), shown_error(&leak)].concat() {
        assert!(text.contains(CANARY), "{way}: {text:?}");
    }
}

impl Subject {
    fn is_configuration(&self) -> bool {
        integrations::get(self.key).is_some_and(|found| found.fields == self.fields)
    }

    /// Valid values, with the canary in every secret.
    fn members(&self) -> Map<String, Value> {
        samples(
            self.fields,
            |field| if field.secret { CANARY } else { "text" },
        )
    }

    /// Valid values with a change, as JSON.
    fn with(&self, change: impl FnOnce(&mut Map<String, Value>)) -> String {
        let mut members = self.members();
        change(&mut members);
        Value::from(members).to_string()
    }

    /// Invalid inputs that contain the canary.
    fn bad_texts(&self) -> Vec<String> {
        let mut texts = vec![
            json!(CANARY).to_string(),
            json!([CANARY, {CANARY: CANARY}]).to_string(),
            json!(NUMBER).to_string(),
            json!({"surplus": self.members()}).to_string(),
            self.with(|members| {
                members.insert("surplus".to_owned(), json!({CANARY: [CANARY, NUMBER]}));
            }),
            // All values except the secrets are invalid.
            self.with(|members| {
                for field in self.fields.iter().filter(|field| !field.secret) {
                    members.insert(field.key.to_owned(), Value::Null);
                }
                members.insert("surplus".to_owned(), json!(CANARY));
            }),
        ];
        for field in self.fields {
            if is_required(field) {
                texts.push(self.with(|members| {
                    members.remove(field.key);
                    members.insert("surplus".to_owned(), json!(CANARY));
                }));
            }
            if field.secret {
                texts.extend(self.bad_secrets(field));
            }
        }
        texts.extend(self.broken_texts());
        texts
    }

    /// Inputs in which this secret field is invalid.
    fn bad_secrets(&self, field: &Field) -> Vec<String> {
        let mut values = wrong_types();
        if field.kind == FieldKind::Uri {
            values.extend(wrong_uris().into_iter().map(Value::from));
        }
        let mut texts: Vec<String> = values
            .into_iter()
            .map(|value| {
                self.with(|members| {
                    members.insert(field.key.to_owned(), value);
                })
            })
            .collect();
        // The key has a typo.
        texts.push(self.with(|members| {
            let value = members.remove(field.key).unwrap();
            members.insert(format!("{}_", field.key), value);
        }));
        for again in [json!(CANARY), json!(NUMBER), json!({CANARY: CANARY})] {
            let twice = format!("{{{:?}:{again},", field.key);
            texts.push(self.with(|_| {}).replacen('{', &twice, 1));
        }
        texts
    }

    /// Inputs that are not valid JSON. The error is inside or after a secret.
    fn broken_texts(&self) -> Vec<String> {
        let good = self.with(|_| {});
        let secret = good.find(CANARY).unwrap();
        let end = secret + CANARY.len();
        let (before, after) = good.split_at(end);
        let mut texts: Vec<String> = [secret + 1, end, end + 1, good.len() - 1]
            .map(|end| good[..end].to_owned())
            .to_vec();
        for junk in ["\\q", "\n", "\u{7}", "\\ud800", "\" \"", "\"\""] {
            texts.push(format!("{before}{junk}{after}"));
        }
        for junk in [CANARY, "}", "\"", "0"] {
            texts.push(format!("{good}{junk}"));
            texts.push(format!("{junk}{good}"));
        }
        // The secret has no opening quote.
        let quote = good[..secret].rfind('"').unwrap();
        texts.push(format!("{}{}", &good[..quote], &good[quote + 1..]));
        texts
    }
}

/// Values of the wrong type that contain the canary.
fn wrong_types() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(NUMBER),
        json!(-7_301_145_102_i64),
        json!(7_301_145_102.5),
        json!([CANARY]),
        json!([[NUMBER], {CANARY: CANARY}]),
        json!({CANARY: CANARY}),
        json!({"a": {CANARY: [CANARY, NUMBER]}}),
    ]
}

/// Strings that are not absolute URIs with a host.
fn wrong_uris() -> Vec<String> {
    vec![
        CANARY.to_owned(),
        format!("/{CANARY}"),
        format!("mailto:{CANARY}"),
        format!("https:///{CANARY}"),
        format!("https://{CANARY}.example/a b"),
        format!("https://host.example/%{CANARY}%"),
        format!("{CANARY}://host .example"),
    ]
}

fn assert_no_canary(subject: &str, shown: Vec<(&'static str, String)>) {
    for (way, text) in shown {
        assert!(!text.is_empty(), "{subject}: {way} shows nothing");
        let leaks = text.contains(CANARY) || text.contains(&NUMBER.to_string());
        assert!(!leaks, "{subject}: {way} shows {text}");
    }
}

/// The texts from all ways to show values.
fn shown_values(values: &dyn Debug) -> Vec<(&'static str, String)> {
    vec![
        ("{:?}", format!("{values:?}")),
        ("{:#?}", format!("{values:#?}")),
        ("panic", panic_message(|| panic!("{values:?}"))),
        ("unwrap", panic_message(|| unwrap(Err(values)))),
        ("event", log(|| tracing::info!(?values, "made"))),
        (
            "span",
            log(|| tracing::info_span!("create", ?values).in_scope(|| tracing::info!("made"))),
        ),
    ]
}

/// The texts from all ways to show an error.
fn shown_error(error: &(dyn Error + 'static)) -> Vec<(&'static str, String)> {
    let mut sources = String::from("sources:");
    let mut source = error.source();
    while let Some(inner) = source {
        sources.push_str(&format!(" {inner} {inner:?}"));
        source = inner.source();
    }
    vec![
        ("{}", format!("{error}")),
        ("{:#}", format!("{error:#}")),
        ("{:?}", format!("{error:?}")),
        ("{:#?}", format!("{error:#?}")),
        ("unwrap", panic_message(|| unwrap(Err(error)))),
        ("event", log(|| tracing::error!(error, "refused"))),
        ("event with %", log(|| tracing::error!(%error, "refused"))),
        ("event with ?", log(|| tracing::error!(?error, "refused"))),
        ("sources", sources),
    ]
}

fn unwrap(result: Result<(), impl Debug>) {
    result.unwrap();
}

/// The text that the panic hook gets, and the message of the panic.
fn panic_message(panics: impl FnOnce()) -> String {
    thread_local! {
        static SEEN: RefCell<Option<String>> = const { RefCell::new(None) };
    }
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            // The hook is global, so it only captures panics of a thread that asks for it.
            let kept = SEEN.with_borrow_mut(|seen| {
                seen.as_mut().map(|seen| *seen = info.to_string()).is_some()
            });
            if !kept {
                usual(info);
            }
        }));
    });
    SEEN.set(Some(String::new()));
    let outcome = panic::catch_unwind(AssertUnwindSafe(panics));
    let seen = SEEN.take().unwrap();
    let payload = outcome.unwrap_err();
    let payload = payload.downcast::<String>().unwrap();
    format!("{seen} {payload}")
}

/// The output of a log subscriber.
fn log(logs: impl FnOnce()) -> String {
    let written = Written::default();
    let writer = written.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, logs);
    let bytes = written.0.lock().unwrap();
    String::from_utf8(bytes.clone()).unwrap()
}

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
