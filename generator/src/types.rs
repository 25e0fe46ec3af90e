//! What every type of form variable means: one row each, and nothing else matches on a type.
//!
//! A row says what manifests, documentation and the generated crate call the type, what its values
//! are in Rust, and what upstream's style rules expect of it. To add a type, add a row here, its file
//! and row in `generated/src/values/`, and its row in the tests' `types.json`.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use crate::manifest::FormVariable;

/// One type of form variable.
pub(crate) struct Row {
    /// Its name in manifests.
    pub(crate) name: &'static str,
    /// Its variant of the generated crate's `FieldKind`.
    pub(crate) kind: &'static str,
    /// What a value is, in the documentation of a field.
    pub(crate) words: &'static str,
    /// The Rust type of a value, or of each in a list. Where values are listed, their enum replaces it.
    pub(crate) rust: &'static RustType,
    /// The same for a secret, unless the type can't be one.
    pub(crate) secret: Option<&'static RustType>,
    /// How upstream lists its values, if it does.
    pub(crate) listing: Option<Listing>,
    /// The properties of a form variable that only this type has.
    pub(crate) properties: &'static [&'static str],
    /// The one of them without which upstream's style doesn't want a variable of this type.
    pub(crate) needs: Option<&'static str>,
    /// Whether upstream's style allows `isSecret` on it.
    pub(crate) secret_allowed: bool,
    /// Whether a value can be a credential that isn't marked as secret.
    pub(crate) may_be_credential: bool,
    /// Whether upstream's style asks for `defaultValue` where the variable is optional.
    pub(crate) default_expected: bool,
}

/// Listed values, each with the label that the form shows where it has one of its own.
pub(crate) type Listed<'a> = Vec<(&'a str, Option<&'a str>)>;

/// How upstream lists the values of a type.
pub(crate) struct Listing {
    /// The property that lists them.
    pub(crate) property: &'static str,
    /// The values of a form variable.
    pub(crate) values: fn(&FormVariable) -> Listed<'_>,
    /// What a value is if some are listed, in the documentation of a field.
    pub(crate) words: &'static str,
    /// Whether the value of the form variable is a list of them.
    pub(crate) many: bool,
}

/// What a value is in Rust.
#[derive(Debug)]
pub(crate) struct RustType {
    /// Its name, as people write it.
    pub(crate) name: &'static str,
    /// Its path in a generated module.
    pub(crate) path: &'static str,
    /// Whether it redacts its value.
    pub(crate) secret: bool,
    /// Whether a setter takes `impl Into` of it.
    pub(crate) into: bool,
    /// Which defaults fit, if any do.
    pub(crate) default: Option<DefaultRule>,
    /// An argument of a setter, for examples: from a text that fits the field, and not the default.
    pub(crate) sample: fn(&str, Option<&Value>) -> String,
}

/// Which defaults fit a type, and how they are written in Rust.
#[derive(Debug)]
pub(crate) struct DefaultRule {
    /// What fits, in words.
    pub(crate) expected: &'static str,
    /// Whether a default fits a form variable, which may be optional.
    pub(crate) fits: fn(&Value, bool) -> bool,
    /// The type of its constant.
    pub(crate) constant: &'static str,
    /// Its variant of the generated crate's `DefaultValue`.
    pub(crate) variant: &'static str,
    /// What the empty string as a default adds to the words of the type.
    pub(crate) or_empty: &'static str,
    /// The value, from the constant.
    pub(crate) value: fn(TokenStream) -> TokenStream,
}

impl PartialEq for RustType {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Row {
    /// A string, of which a row says what is special.
    const TEXT: Self = Self {
        name: "string",
        kind: "String",
        words: "a string",
        rust: &STRING,
        secret: Some(&SECRET_STRING),
        listing: None,
        properties: &[],
        needs: None,
        secret_allowed: false,
        may_be_credential: true,
        default_expected: true,
    };

    /// The row of a type by its name in manifests.
    pub(crate) fn find(name: &str) -> Option<&'static Self> {
        ROWS.iter().find(|row| row.name == name)
    }

    /// Whether a value is a list.
    pub(crate) fn many(&self) -> bool {
        self.listing.as_ref().is_some_and(|listing| listing.many)
    }
}

/// Every known type, in the order of the schema that upstream publishes.
pub(crate) static ROWS: [Row; 10] = [
    Row {
        secret_allowed: true,
        ..Row::TEXT
    },
    Row {
        name: "boolean",
        kind: "Boolean",
        words: "true or false",
        rust: &BOOLEAN,
        secret: None,
        may_be_credential: false,
        ..Row::TEXT
    },
    Row {
        name: "uri",
        kind: "Uri",
        words: "an absolute URL",
        rust: &URI,
        secret: Some(&SECRET_URI),
        ..Row::TEXT
    },
    Row {
        name: "enum",
        kind: "Enum",
        listing: Some(Listing {
            property: "allowedValues",
            values: |variable| {
                let values = variable.allowed_values.iter().flatten();
                values.map(|value| (value.as_str(), None)).collect()
            },
            words: "one of the listed values",
            many: false,
        }),
        properties: &["allowedValues"],
        may_be_credential: false,
        ..Row::TEXT
    },
    Row {
        name: "oauth",
        kind: "Oauth",
        words: "a string, an OAuth grant made in LaunchDarkly",
        ..Row::TEXT
    },
    Row {
        name: "dynamicEnum",
        kind: "DynamicEnum",
        words: "a string, which LaunchDarkly's form picks from a remote list",
        properties: &["dynamicOptions"],
        needs: Some("dynamicOptions"),
        may_be_credential: false,
        ..Row::TEXT
    },
    Row {
        name: "generated",
        kind: "Generated",
        words: "a string, which LaunchDarkly's form makes up and a caller of the API supplies",
        ..Row::TEXT
    },
    Row {
        name: "environmentSelector",
        kind: "EnvironmentSelector",
        words: "a project and an environment",
        rust: &ENVIRONMENT_SELECTOR,
        secret: None,
        may_be_credential: false,
        default_expected: false,
        ..Row::TEXT
    },
    Row {
        name: "multiselect",
        kind: "Multiselect",
        words: "a list of strings",
        secret: None,
        listing: Some(Listing {
            property: "multiselectOptions",
            values: |variable| {
                let options = variable.multiselect_options.iter().flatten();
                let values = options.map(|option| (option.value.as_str(), option.label.as_deref()));
                values.collect()
            },
            words: "any of the listed values",
            many: true,
        }),
        properties: &["multiselectOptions", "multiselectDefaultOptions"],
        may_be_credential: false,
        default_expected: false,
        ..Row::TEXT
    },
    Row {
        name: "publicKey",
        kind: "PublicKey",
        words: "a string, a public key that LaunchDarkly shows",
        may_be_credential: false,
        ..Row::TEXT
    },
];

/// Every type that has no row.
pub(crate) static UNKNOWN: Row = Row {
    name: "",
    kind: "Unknown",
    words: "any JSON",
    rust: &JSON,
    secret: Some(&SECRET_JSON),
    ..Row::TEXT
};

/// A default that is a string.
const TEXT_DEFAULT: DefaultRule = DefaultRule {
    expected: "a string",
    fits: |value, _| value.is_string(),
    constant: "&'static str",
    variant: "String",
    or_empty: "",
    value: |constant| quote!(#constant.into()),
};

const STRING: RustType = RustType {
    name: "String",
    path: "String",
    secret: false,
    into: true,
    default: Some(TEXT_DEFAULT),
    sample: |text, _| format!("{text:?}"),
};

const SECRET_STRING: RustType = RustType {
    name: "SecretString",
    path: "crate::SecretString",
    secret: true,
    ..STRING
};

const URI: RustType = RustType {
    name: "Uri",
    path: "crate::Uri",
    secret: false,
    into: false,
    default: Some(DefaultRule {
        expected: "an absolute URL",
        // An optional one can be left empty.
        fits: |value, optional| {
            let fits = |text: &str| is_absolute_url(text) || (optional && text.is_empty());
            value.as_str().is_some_and(fits)
        },
        or_empty: " or the empty string",
        value: |constant| quote!(crate::Uri::from_manifest(#constant)),
        ..TEXT_DEFAULT
    }),
    sample: |_, _| r#"launchdarkly_integrations::Uri::new("https://example.com")?"#.to_owned(),
};

const SECRET_URI: RustType = RustType {
    name: "SecretUri",
    path: "crate::SecretUri",
    secret: true,
    default: match URI.default {
        Some(rule) => Some(DefaultRule {
            value: |constant| quote!(crate::SecretUri::from_manifest(#constant)),
            ..rule
        }),
        None => None,
    },
    sample: |_, _| {
        r#"launchdarkly_integrations::SecretUri::new("https://example.com")?"#.to_owned()
    },
    ..URI
};

const BOOLEAN: RustType = RustType {
    name: "bool",
    path: "bool",
    secret: false,
    into: false,
    default: Some(DefaultRule {
        expected: "true or false",
        fits: |value, _| value.is_boolean(),
        constant: "bool",
        variant: "Boolean",
        or_empty: "",
        value: |constant| constant,
    }),
    sample: |_, default| (default != Some(&Value::Bool(true))).to_string(),
};

const ENVIRONMENT_SELECTOR: RustType = RustType {
    name: "EnvironmentSelector",
    path: "crate::EnvironmentSelector",
    secret: false,
    into: true,
    default: None,
    sample: |_, _| {
        "launchdarkly_integrations::EnvironmentKeys {\n    \
         project_key: \"my-project\".to_owned(),\n    \
         environment_key: \"production\".to_owned(),\n}"
            .to_owned()
    },
};

const JSON: RustType = RustType {
    name: "Value",
    path: "::serde_json::Value",
    secret: false,
    into: true,
    default: None,
    sample: |text, _| format!("serde_json::json!({text:?})"),
};

const SECRET_JSON: RustType = RustType {
    name: "SecretJson",
    path: "crate::SecretJson",
    secret: true,
    ..JSON
};

/// The same rule as the generated crate's `Uri`.
pub(crate) fn is_absolute_url(text: &str) -> bool {
    iri_string::types::UriStr::new(text).is_ok_and(|uri| {
        uri.authority_components()
            .is_some_and(|authority| !authority.host().is_empty())
    })
}
