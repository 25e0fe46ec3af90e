//! The hand-written part of the crate, tested with an integration that is written like a generated one.

// Clippy knows `#[test]` functions as tests, but not their helpers.
#![allow(clippy::unwrap_used)]

use std::fmt::{Debug, Display};

use launchdarkly_integrations::{
    DefaultValue, Environment, EnvironmentKeys, EnvironmentSelector, Field, FieldKind, FormValues,
    InvalidValues, ListedValue, ProblemKind, RedactedValue, SecretJson, SecretString, SecretUri,
    Uri,
};
use serde_json::{Value, json};

use sample::{ConfigValues, EventFilter, HostUrl, Network};
use table::TypeCase;

#[path = "support/sample.rs"]
#[allow(dead_code)] // Other tests use the rest of it.
mod table;

/// Is in every secret. Only serialized values may show it.
const CANARY: &str = "canary-5c1e";

/// An integration with a field of every type.
#[allow(unreachable_pub)] // Like generated code.
mod sample {
    /// An optional `enum`.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    #[non_exhaustive]
    pub enum HostUrl {
        ApiExampleCom,
        ApiExampleEu,
        Unlisted(::std::string::String),
    }
    impl HostUrl {
        pub const LISTED: &'static [Self] = &[Self::ApiExampleCom, Self::ApiExampleEu];
        pub fn as_str(&self) -> &str {
            match self {
                Self::ApiExampleCom => "https://api.example.com",
                Self::ApiExampleEu => "https://api.example.eu",
                Self::Unlisted(text) => text,
            }
        }
    }
    impl launchdarkly_integrations::ListedValue for HostUrl {
        const LISTED: &'static [Self] = Self::LISTED;
        fn as_str(&self) -> &str {
            self.as_str()
        }
        fn unlisted(text: ::std::string::String) -> ::std::option::Option<Self> {
            ::std::option::Option::Some(Self::Unlisted(text))
        }
    }
    impl ::std::fmt::Display for HostUrl {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            launchdarkly_integrations::listed::fmt(self, f)
        }
    }
    impl ::std::str::FromStr for HostUrl {
        type Err = launchdarkly_integrations::UnlistedValue;
        fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
            launchdarkly_integrations::listed::from_str(text)
        }
    }
    impl ::serde::Serialize for HostUrl {
        fn serialize<S: ::serde::Serializer>(
            &self,
            serializer: S,
        ) -> ::std::result::Result<S::Ok, S::Error> {
            launchdarkly_integrations::listed::serialize(self, serializer)
        }
    }
    impl<'de> ::serde::Deserialize<'de> for HostUrl {
        fn deserialize<D: ::serde::Deserializer<'de>>(
            deserializer: D,
        ) -> ::std::result::Result<Self, D::Error> {
            launchdarkly_integrations::listed::deserialize(deserializer)
        }
    }

    /// Values of a `multiselect`.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    #[non_exhaustive]
    pub enum EventFilter {
        Flags,
        Segments,
        Unlisted(::std::string::String),
    }
    impl launchdarkly_integrations::ListedValue for EventFilter {
        const LISTED: &'static [Self] = &[Self::Flags, Self::Segments];
        fn as_str(&self) -> &str {
            match self {
                Self::Flags => "flags",
                Self::Segments => "segments",
                Self::Unlisted(text) => text,
            }
        }
    }

    /// A required `enum` with a default.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    #[non_exhaustive]
    pub enum Network {
        Production,
        Staging,
        Unlisted(::std::string::String),
    }
    impl launchdarkly_integrations::ListedValue for Network {
        const LISTED: &'static [Self] = &[Self::Production, Self::Staging];
        fn as_str(&self) -> &str {
            match self {
                Self::Production => "PRODUCTION",
                Self::Staging => "STAGING",
                Self::Unlisted(text) => text,
            }
        }
    }

    #[derive(Clone, Debug)]
    #[non_exhaustive]
    pub struct ConfigValues {
        pub api_key: launchdarkly_integrations::SecretString,
        pub base_url: launchdarkly_integrations::Uri,
        pub webhook: launchdarkly_integrations::SecretUri,
        pub selected_env: launchdarkly_integrations::EnvironmentSelector,
        pub host_url: ::std::option::Option<HostUrl>,
        pub event_filter: ::std::option::Option<::std::vec::Vec<EventFilter>>,
        pub network: Network,
        pub detail_column: ::std::option::Option<::std::string::String>,
        pub skip_verify: ::std::option::Option<bool>,
        pub shape: ::std::option::Option<::serde_json::Value>,
        pub secret_shape: ::std::option::Option<launchdarkly_integrations::SecretJson>,
    }
    impl ::std::cmp::PartialEq for ConfigValues {
        fn eq(&self, other: &Self) -> bool {
            launchdarkly_integrations::values::eq(self, other)
        }
    }
    impl launchdarkly_integrations::FormValues for ConfigValues {
        const FIELDS: &'static [launchdarkly_integrations::Field] = super::FIELDS;
        fn write<'a>(&'a self, entries: &mut launchdarkly_integrations::values::Entries<'a>) {
            entries.put(
                Self::FIELDS,
                &[
                    &self.api_key,
                    &self.base_url,
                    &self.webhook,
                    &self.selected_env,
                    &self.host_url,
                    &self.event_filter,
                    &self.network,
                    &self.detail_column,
                    &self.skip_verify,
                    &self.shape,
                    &self.secret_shape,
                ],
            );
        }
        fn read(
            reader: &mut launchdarkly_integrations::values::ObjectReader,
        ) -> ::std::option::Option<Self> {
            let api_key = reader.next();
            let base_url = reader.next();
            let webhook = reader.next();
            let selected_env = reader.next();
            let host_url = reader.next();
            let event_filter = reader.next();
            let network = reader.next();
            let detail_column = reader.next();
            let skip_verify = reader.next();
            let shape = reader.next();
            let secret_shape = reader.next();
            ::std::option::Option::Some(Self {
                api_key: api_key?,
                base_url: base_url?,
                webhook: webhook?,
                selected_env: selected_env?,
                host_url: host_url?,
                event_filter: event_filter?,
                network: network?,
                detail_column: detail_column?,
                skip_verify: skip_verify?,
                shape: shape?,
                secret_shape: secret_shape?,
            })
        }
    }
    impl ::serde::Serialize for ConfigValues {
        fn serialize<S: ::serde::Serializer>(
            &self,
            serializer: S,
        ) -> ::std::result::Result<S::Ok, S::Error> {
            launchdarkly_integrations::values::serialize(self, serializer)
        }
    }
    impl<'de> ::serde::Deserialize<'de> for ConfigValues {
        fn deserialize<D: ::serde::Deserializer<'de>>(
            deserializer: D,
        ) -> ::std::result::Result<Self, D::Error> {
            launchdarkly_integrations::values::deserialize(deserializer)
        }
    }
}

const FIELDS: &[Field] = &[
    secret(Field::new("apiKey", "API key", FieldKind::String)),
    Field::new("base-url", "Base URL", FieldKind::Uri),
    secret(Field::new("webhook", "Webhook", FieldKind::Uri)),
    Field::new("selectedEnv", "Environment", FieldKind::EnvironmentSelector),
    optional(Field::new("hostURL", "Host", FieldKind::Enum)),
    optional(Field::new("eventFilter", "Events", FieldKind::Multiselect)),
    defaulted(Field::new("network", "Network", FieldKind::Enum)),
    optional(Field::new("detail_column", "Column", FieldKind::String)),
    optional(Field::new("skipVerify", "Skip", FieldKind::Boolean)),
    optional(Field::new("shape", "Shape", FieldKind::Unknown("shape"))),
    // Not marked as secret: its type alone must prevent that errors show it.
    optional(Field::new(
        "secretShape",
        "Secret shape",
        FieldKind::Unknown("shape"),
    )),
];

const fn secret(mut field: Field) -> Field {
    field.secret = true;
    field
}

const fn defaulted(mut field: Field) -> Field {
    field.default = Some(DefaultValue::String("PRODUCTION"));
    field
}

const fn optional(mut field: Field) -> Field {
    field.optional = true;
    field
}

/// The values with only the required fields set.
fn required() -> ConfigValues {
    ConfigValues {
        api_key: CANARY.into(),
        base_url: "https://example.com".parse().unwrap(),
        webhook: format!("https://hook.example/{CANARY}").parse().unwrap(),
        selected_env: environment_keys().into(),
        host_url: None,
        event_filter: None,
        network: Network::Production,
        detail_column: None,
        skip_verify: None,
        shape: None,
        secret_shape: None,
    }
}

fn environment_keys() -> EnvironmentKeys {
    EnvironmentKeys {
        project_key: "default".to_owned(),
        environment_key: "production".to_owned(),
    }
}

fn full() -> ConfigValues {
    let mut values = required();
    values.host_url = Some(HostUrl::ApiExampleEu);
    values.network = Network::Staging;
    values.selected_env = Environment::new(environment_keys())
        .environment_id("e1")
        .into();
    values.event_filter = Some(vec![EventFilter::Segments, EventFilter::Flags]);
    values.detail_column = Some("détail\n".to_owned());
    values.skip_verify = Some(false);
    values.shape = Some(json!({"a": [1, null]}));
    values.secret_shape = Some(SecretJson::from(json!({CANARY: [CANARY]})));
    values
}

/// The JSON of `full()`.
fn full_json() -> String {
    [
        r#"{"apiKey":"canary-5c1e","#,
        r#""base-url":"https://example.com","#,
        r#""webhook":"https://hook.example/canary-5c1e","#,
        r#""selectedEnv":{"projectKey":"default","environmentKey":"production","#,
        r#""environmentId":"e1"},"#,
        r#""hostURL":"https://api.example.eu","#,
        r#""eventFilter":["segments","flags"],"#,
        r#""network":"STAGING","#,
        r#""detail_column":"détail\n","#,
        r#""skipVerify":false,"#,
        r#""shape":{"a":[1,null]},"#,
        r#""secretShape":{"canary-5c1e":["canary-5c1e"]}}"#,
    ]
    .concat()
}

/// The JSON of `required()` with a change.
fn required_json(change: impl FnOnce(&mut serde_json::Map<String, Value>)) -> Value {
    let mut value = serde_json::to_value(required()).unwrap();
    change(value.as_object_mut().unwrap());
    value
}

fn problems(value: Value) -> Vec<String> {
    let by_value = ConfigValues::from_json(value.clone()).unwrap_err();
    let by_text = ConfigValues::from_json_str(&value.to_string()).unwrap_err();
    assert_eq!(by_value, by_text);
    texts(&by_value)
}

fn texts(error: &InvalidValues) -> Vec<String> {
    error.problems().iter().map(ToString::to_string).collect()
}

#[test]
fn all_fields_are_written_in_order_with_their_wire_keys() {
    assert_eq!(serde_json::to_string(&full()).unwrap(), full_json());
}

#[test]
fn unset_optional_fields_are_omitted_and_defaults_are_sent() {
    assert_eq!(
        serde_json::to_value(required()).unwrap(),
        json!({
            "apiKey": CANARY,
            "base-url": "https://example.com",
            "webhook": "https://hook.example/canary-5c1e",
            "selectedEnv": {"projectKey": "default", "environmentKey": "production"},
            "network": "PRODUCTION",
        })
    );
}

#[test]
fn written_values_can_be_read() {
    let text = full_json();
    let read: ConfigValues = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
    let read = ConfigValues::from_json_str(&text).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
    let read = ConfigValues::from_json(serde_json::from_str(&text).unwrap()).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
    assert_eq!(read.api_key.expose_secret(), CANARY);
    assert_eq!(read.host_url, Some(HostUrl::ApiExampleEu));

    let read = ConfigValues::from_json(required_json(|members| {
        members.remove("network");
    }));
    assert_eq!(read.unwrap().network, Network::Production);
}

#[test]
fn every_problem_is_reported_without_secrets() {
    let value = json!({
        "api_key": CANARY,
        "apiKey": [CANARY],
        "base-url": "example.com",
        "webhook": CANARY,
        "hostURL": "https://api.example.org",
        "eventFilter": ["flags", 7, "flag"],
        "network": true,
        "detail_column": null,
        "skipVerify": "no",
        "zebra": CANARY,
    });
    assert_eq!(
        problems(value.clone()),
        [
            "api_key: unknown key; expected one of apiKey, base-url, webhook, selectedEnv, \
             hostURL, eventFilter, network, detail_column, skipVerify, shape, secretShape; \
             did you mean apiKey?",
            "zebra: unknown key; expected one of apiKey, base-url, webhook, selectedEnv, \
             hostURL, eventFilter, network, detail_column, skipVerify, shape, secretShape",
            "apiKey: wrong type; expected a string; found an array",
            "base-url: invalid URI; expected an absolute URI with a host, such as \
             https://example.com; found the string \"example.com\": it has no scheme",
            "webhook: invalid URI; expected an absolute URI with a host, such as \
             https://example.com; found a string: it has no scheme",
            "selectedEnv: required, but missing; expected an object with projectKey and \
             environmentKey",
            "hostURL: unlisted value; expected one of \"https://api.example.com\", \
             \"https://api.example.eu\"; found the string \"https://api.example.org\"",
            "eventFilter[1]: wrong type; expected one of \"flags\", \"segments\"; \
             found the number 7",
            "eventFilter[2]: unlisted value; expected one of \"flags\", \"segments\"; \
             found the string \"flag\"",
            "network: wrong type; expected one of \"PRODUCTION\", \"STAGING\"; \
             found the boolean true",
            "detail_column: null (leave the key out instead); expected a string; found null",
            "skipVerify: wrong type; expected true or false; found the string \"no\"",
        ]
    );
    let error = ConfigValues::from_json(value.clone()).unwrap_err();
    let serde_error = serde_json::from_str::<ConfigValues>(&value.to_string()).unwrap_err();
    assert!(serde_error.to_string().starts_with(&error.to_string()));
    assert!(
        error
            .to_string()
            .starts_with("12 problems: api_key: unknown key")
    );
    for text in [
        error.to_string(),
        format!("{error:?}"),
        serde_error.to_string(),
    ] {
        assert!(!text.contains("canary"), "{text}");
    }
}

#[test]
fn a_value_is_secret_because_of_its_type_or_its_field() {
    #[derive(Debug)]
    struct Secrets;
    impl FormValues for Secrets {
        const FIELDS: &'static [Field] = &[
            Field::new("byType", "By type", FieldKind::String),
            Field::new(
                "byTypeOfElement",
                "By type of element",
                FieldKind::Multiselect,
            ),
            secret(Field::new("byField", "By field", FieldKind::Boolean)),
        ];
        fn write<'a>(&'a self, _: &mut launchdarkly_integrations::values::Entries<'a>) {}
        fn read(reader: &mut launchdarkly_integrations::values::ObjectReader) -> Option<Self> {
            let by_type = reader.next::<SecretString>();
            let by_type_of_element = reader.next::<Vec<SecretUri>>();
            let by_field = reader.next::<bool>();
            (by_type.is_some() && by_type_of_element.is_some() && by_field.is_some())
                .then_some(Self)
        }
    }
    let value = json!({"byType": 730_114, "byTypeOfElement": CANARY, "byField": CANARY});
    let error = Secrets::from_json(value).unwrap_err();
    let found: Vec<_> = error
        .problems()
        .iter()
        .map(|problem| problem.found.as_deref())
        .collect();
    assert_eq!(
        found,
        [Some("a number"), Some("a string"), Some("a string")]
    );
}

#[test]
fn each_missing_required_field_is_reported() {
    for (key, expected) in [
        ("apiKey", "a string"),
        (
            "base-url",
            "an absolute URI with a host, such as https://example.com",
        ),
        (
            "webhook",
            "an absolute URI with a host, such as https://example.com",
        ),
        (
            "selectedEnv",
            "an object with projectKey and environmentKey",
        ),
    ] {
        let value = required_json(|members| assert!(members.remove(key).is_some()));
        assert_eq!(
            problems(value),
            [format!("{key}: required, but missing; expected {expected}")]
        );
    }
}

#[test]
fn null_is_refused_for_every_field() {
    for field in FIELDS {
        let value = required_json(|members| {
            members.insert(field.key.to_owned(), Value::Null);
        });
        let error = ConfigValues::from_json(value).unwrap_err();
        let [problem] = error.problems() else {
            panic!("{error}");
        };
        assert_eq!(
            (problem.kind, &*problem.path),
            (ProblemKind::Null, field.key)
        );
    }
}

#[test]
fn wrong_types_are_refused_for_every_field() {
    // Fields of unknown types accept all JSON except null.
    for field in FIELDS.iter().filter(|field| !TypeCase::of(field).any()) {
        for wrong in [
            json!(1),
            json!(true),
            json!("x"),
            json!(["x"]),
            json!({"x": "x"}),
        ] {
            if TypeCase::of(field).is_like_good(&wrong) {
                continue;
            }
            let value = required_json(|members| {
                members.insert(field.key.to_owned(), wrong.clone());
            });
            let error = ConfigValues::from_json(value).unwrap_err();
            let [problem] = error.problems() else {
                panic!("{error}");
            };
            assert_eq!(
                (problem.kind, &*problem.path),
                (ProblemKind::WrongType, field.key)
            );
        }
    }
}

#[test]
fn duplicate_keys_are_refused() {
    let text = required_json(|_| {}).to_string();
    let twice = text.replacen('{', r#"{"apiKey":"canary-5c1e","zebra":1,"zebra":2,"#, 1);
    let error = ConfigValues::from_json_str(&twice).unwrap_err();
    let kinds: Vec<_> = error
        .problems()
        .iter()
        .map(|problem| (problem.kind, problem.path.as_str()))
        .collect();
    assert_eq!(
        kinds,
        [
            (ProblemKind::UnknownKey, "zebra"),
            (ProblemKind::UnknownKey, "zebra"),
            (ProblemKind::DuplicateKey, "apiKey"),
        ]
    );
    assert!(texts(&error)[2].starts_with("apiKey: given more than once; expected one value"));
    assert!(!error.to_string().contains("canary"));
}

#[test]
fn other_json_than_an_object_is_refused_without_showing_it() {
    for (value, found) in [
        (json!(CANARY), "a string"),
        (json!(730_114), "a number"),
        (json!(-730_114), "a number"),
        (json!(730.114), "a number"),
        (json!(true), "a boolean"),
        (json!(null), "null"),
        (json!([CANARY, [1]]), "an array"),
    ] {
        let expected = format!("wrong type; expected a JSON object; found {found}");
        assert_eq!(problems(value.clone()), [expected.as_str()]);
        let error = serde_json::from_value::<ConfigValues>(value).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
    for text in [
        "",
        "{",
        r#"{"apiKey":"canary-5c1e"#,
        r#"{"apiKey":"canary-5c1e"} x"#,
    ] {
        let error = ConfigValues::from_json_str(text).unwrap_err();
        assert_eq!(
            error.problems()[0].kind,
            ProblemKind::InvalidJson,
            "{error}"
        );
        assert!(error.to_string().contains(" at line 1 column "), "{error}");
        assert!(!error.to_string().contains("canary"), "{error}");
    }
}

#[test]
fn errors_show_only_excerpts() {
    let long = "long\n".repeat(10_000);
    let value = required_json(|members| {
        members.insert(long.clone(), json!(1));
        members.insert("hostURL".to_owned(), json!(long));
        members.insert("base-url".to_owned(), json!(long));
        members.insert("skipVerify".to_owned(), json!(long));
    });
    let error = ConfigValues::from_json(value).unwrap_err();
    assert_eq!(error.problems().len(), 4);
    for text in texts(&error) {
        assert!(text.len() < 500 && !text.contains('\n'), "{text}");
    }
    let error = long.parse::<HostUrl>().unwrap_err();
    assert!(error.to_string().len() < 400, "{error}");
    assert!(format!("{error:?}").len() < 400, "{error:?}");
}

#[test]
fn only_serialized_values_show_secrets() {
    let values = full();
    let debug = format!("{values:?} {values:#?}");
    assert!(!debug.contains("canary"), "{debug}");
    for redacted in [
        "SecretString([redacted])",
        "SecretUri([redacted])",
        "SecretJson([redacted])",
    ] {
        assert!(debug.contains(redacted), "{redacted} {debug}");
    }
    assert_eq!(full_json().matches("canary").count(), 4);

    let error = SecretUri::new(CANARY).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("canary"));
    assert_eq!(
        values.clone().webhook.expose_secret(),
        "https://hook.example/canary-5c1e"
    );
    assert_eq!(
        SecretString::from(CANARY.to_owned()).expose_secret(),
        CANARY
    );
}

/// Doesn't compile if one of the types implements the trait, because `Blanket` is ambiguous then.
macro_rules! assert_not {
    ($bound:path: $($secret:ty),*) => {{
        trait Blanket<Marker> {
            fn probe() {}
        }
        struct Implemented;
        impl<T: ?Sized> Blanket<()> for T {}
        impl<T: ?Sized + $bound> Blanket<Implemented> for T {}
        $(<$secret as Blanket<_>>::probe();)*
    }};
}

#[test]
fn secrets_do_not_implement_traits_that_show_them() {
    assert_not!(Display: SecretString, SecretUri, SecretJson);
    assert_not!(PartialEq<str>: SecretString, SecretUri, SecretJson);
    assert_not!(std::hash::Hash: SecretString, SecretUri, SecretJson);
    assert_not!(AsRef<str>: SecretString, SecretUri, SecretJson);
    fn debug<T: Debug + Clone>() {}
    debug::<(SecretString, SecretUri, SecretJson)>();
}

#[test]
fn listed_values_parse_and_the_error_shows_unlisted_ones() {
    for value in HostUrl::LISTED {
        assert_eq!(value.as_str().parse::<HostUrl>().as_ref(), Ok(value));
        assert_eq!(value.to_string(), value.as_str());
        assert_eq!(serde_json::to_value(value).unwrap(), value.as_str());
        let read: HostUrl = serde_json::from_value(value.as_str().into()).unwrap();
        assert_eq!(&read, value);
    }
    assert_eq!(<HostUrl as ListedValue>::LISTED, HostUrl::LISTED);

    let error = "x".parse::<HostUrl>().unwrap_err();
    assert_eq!(
        error.allowed(),
        ["https://api.example.com", "https://api.example.eu"]
    );
    let expected = "expected one of \"https://api.example.com\", \"https://api.example.eu\"; \
                    found \"x\" (if LaunchDarkly accepts it, code can send it as `Unlisted`)";
    assert_eq!(error.to_string(), expected);
    let error = serde_json::from_value::<HostUrl>(json!("x")).unwrap_err();
    assert_eq!(error.to_string(), expected);
    let error = serde_json::from_value::<HostUrl>(json!(1)).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("expected one of \"https://api.example.com\"")
    );

    assert!("HTTPS://API.EXAMPLE.COM".parse::<HostUrl>().is_err());
}

#[test]
fn code_can_send_unlisted_values() {
    let mut newer = required();
    newer.host_url = Some(HostUrl::Unlisted("x".to_owned()));
    newer.network = Network::Unlisted("y".to_owned());
    newer.event_filter = Some(vec![EventFilter::Unlisted("z".to_owned())]);
    let json = serde_json::to_value(newer).unwrap();
    assert_eq!(json["hostURL"], "x");
    assert_eq!(json["network"], "y");
    assert_eq!(json["eventFilter"], json!(["z"]));
}

#[test]
fn an_integration_without_fields_refuses_all_keys() {
    #[derive(Debug)]
    struct Nothing {}
    impl FormValues for Nothing {
        const FIELDS: &'static [Field] = &[];
        fn write<'a>(&'a self, _: &mut launchdarkly_integrations::values::Entries<'a>) {}
        fn read(_: &mut launchdarkly_integrations::values::ObjectReader) -> Option<Self> {
            Some(Self {})
        }
    }
    assert!(Nothing::from_json(json!({})).is_ok());
    let error = Nothing::from_json(json!({"a": 1})).unwrap_err();
    let expected = "a: unknown key; expected none, because these values have no form variables; to send a \
                    key that the manifest lacks, use `with_value` of the request, or `RawConfigValues`";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn uris_of_all_forms_are_kept_unchanged() {
    let mut count = 0;
    for scheme in ["https", "HTTP", "x+y.z-1"] {
        for user in ["", "user@", "user:p%41ss@"] {
            for host in [
                "example.com",
                "EXAMPLE.com.",
                "[::1]",
                "[2001:DB8::a]",
                "127.0.0.1",
            ] {
                for port in ["", ":", ":443", ":080"] {
                    for path in ["", "/", "//", "/a/./../b", "/%7e%7E~", "/;a=1,2"] {
                        for rest in ["", "?", "#", "?q=a+b%20c", "?a#b/?c"] {
                            let text = format!("{scheme}://{user}{host}{port}{path}{rest}");
                            let uri = Uri::new(text.as_str()).unwrap();
                            assert_eq!(uri.as_str(), text);
                            let secret = SecretUri::new(text.as_str()).unwrap();
                            assert_eq!(secret.expose_secret(), text);
                            let json = serde_json::to_string(&uri).unwrap();
                            assert_eq!(json, serde_json::to_string(&text).unwrap());
                            assert_eq!(serde_json::from_str::<Uri>(&json).unwrap(), uri);
                            count += 1;
                        }
                    }
                }
            }
        }
    }
    assert_eq!(count, 5400);
}

/// A change of a field's value.
type Change = fn(&mut ConfigValues);

#[test]
fn values_are_equal_if_they_are_sent_as_the_same_json() {
    assert_eq!(full(), full());
    let read = ConfigValues::from_json_str(&full_json()).unwrap();
    assert_eq!(read, full());

    let changes: [Change; 16] = [
        |values| values.api_key = "canary-5c1f".into(),
        |values| values.api_key = "canary-5c1ee".into(),
        |values| values.base_url = "https://example.com/".parse().unwrap(),
        |values| values.webhook = "https://hook.example/canary-5c1f".parse().unwrap(),
        |values| values.selected_env = environment_keys().into(),
        |values| values.host_url = Some(HostUrl::ApiExampleCom),
        |values| values.host_url = None,
        |values| values.event_filter = Some(vec![EventFilter::Flags, EventFilter::Segments]),
        |values| values.event_filter = Some(vec![EventFilter::Segments]),
        |values| values.network = Network::Production,
        |values| values.detail_column = Some(String::new()),
        |values| values.skip_verify = Some(true),
        |values| values.shape = Some(json!({"a": [1, null, 2]})),
        |values| values.secret_shape = Some(json!({CANARY: ["canary-5c1f"]}).into()),
        |values| values.secret_shape = Some(json!({"canary-5c1f": [CANARY]}).into()),
        |values| values.secret_shape = Some(json!({CANARY: [CANARY, CANARY]}).into()),
    ];
    for (position, change) in changes.iter().enumerate() {
        let mut other = full();
        change(&mut other);
        assert_ne!(other, full(), "{position}");
        assert_eq!(other, other.clone(), "{position}");
    }

    let mut same = full();
    same.host_url = Some(HostUrl::Unlisted("https://api.example.eu".to_owned()));
    assert_eq!(same, full());
    let raw =
        json!({"projectKey": "default", "environmentKey": "production", "environmentId": "e1"});
    same.selected_env = EnvironmentSelector::Raw(raw);
    assert_eq!(same, full());
}

#[test]
fn secrets_are_equal_if_their_strings_are() {
    for (one, other) in [("", ""), ("a", "b"), ("a", "ab"), ("é", "é"), ("", "a")] {
        let same = one == other;
        assert_eq!(SecretString::from(one) == SecretString::from(other), same);
        let uri =
            |text: &str| SecretUri::new(format!("https://example.com/{}", text.len())).unwrap();
        assert_eq!(uri(one) == uri(other), one.len() == other.len());
        for shape in [
            |text| json!(text),
            |text| json!([1, text, "z"]),
            |text| json!({"a": {"b": text}, "c": "d"}),
        ] {
            let json = |text: &str| SecretJson::from(shape(text.to_owned()));
            assert_eq!(json(one) == json(other), same);
        }
    }
    for (one, other) in [
        (json!(1), json!("1")),
        (json!([1]), json!([1, 2])),
        (json!({"a": 1}), json!({"b": 1})),
        (json!({"a": 1}), json!({"a": 1, "b": 1})),
        (json!(null), json!(false)),
        (json!(1), json!(2)),
    ] {
        assert_ne!(SecretJson::from(one), SecretJson::from(other));
    }
    let theirs = launchdarkly_integrations::secrecy::SecretString::from(CANARY);
    assert_eq!(SecretString::from(theirs), SecretString::from(CANARY));
}

#[test]
fn entries_have_redacted_secrets() {
    let mut values = full();
    values.base_url = "https://user:canary-5c1e@example.com".parse().unwrap();
    values.shape = Some(json!({"a": ["https://user:canary-5c1e@example.com", 1]}));
    values.skip_verify = None;
    let lines = values.entries().into_iter();
    let lines: Vec<String> = lines.map(|(key, value)| format!("{key}={value}")).collect();
    assert_eq!(
        lines,
        [
            "apiKey=[redacted]",
            "base-url=https://user:[redacted]@example.com",
            "webhook=[redacted]",
            r#"selectedEnv={"environmentId":"e1","environmentKey":"production","projectKey":"default"}"#,
            "hostURL=https://api.example.eu",
            r#"eventFilter=["segments","flags"]"#,
            "network=STAGING",
            "detail_column=détail\n",
            r#"shape={"a":["https://user:[redacted]@example.com",1]}"#,
            "secretShape=[redacted]",
        ]
    );
    let json: Vec<Value> = values
        .entries()
        .iter()
        .map(|(_, value)| json!(value))
        .collect();
    assert_eq!(json[0], "[redacted]");
    assert_eq!(json[5], json!(["segments", "flags"]));
    assert_eq!(values.entries()[0].1, RedactedValue::Secret);
}

#[test]
fn lenient_reading_refuses_unlisted_values_of_types_without_unlisted() {
    let read = |value| ConfigValues::from_json_lenient(value);
    let newer = required_json(|members| {
        members.insert("hostURL".to_owned(), json!("https://new.example"));
        members.insert("b".to_owned(), json!(1));
        members.insert("a".to_owned(), json!({"x": CANARY}));
    });
    let newer = read(newer).unwrap();
    let host = HostUrl::Unlisted("https://new.example".to_owned());
    assert_eq!(newer.values.host_url, Some(host));
    let keys: Vec<&str> = newer.unknown.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys, ["a", "b"]);
    assert!(!format!("{newer:?}").contains("canary"));

    // `EventFilter` doesn't implement `unlisted`.
    let filter = required_json(|members| {
        members.insert("eventFilter".to_owned(), json!(["new"]));
    });
    let error = read(filter).unwrap_err();
    assert_eq!(error.problems()[0].kind, ProblemKind::UnlistedValue);
    assert_eq!(error.problems()[0].path, "eventFilter[0]");
}
