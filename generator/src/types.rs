//! The table of form variable types: one row per type. No other code matches on a type.
//!
//! A row has the names of the type in manifests, documentation and the generated crate, its Rust types,
//! and upstream's style rules for it. To add a type, add a row here, its file and row in
//! `generated/src/values/`, and its row in the tests' `types.json`.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use crate::manifest::FormVariable;

/// One type of form variable.
pub(crate) struct Row {
    /// The name in manifests.
    pub(crate) name: &'static str,
    /// The variant of the generated crate's `FieldKind`.
    pub(crate) kind: &'static str,
    /// The description of a value in the documentation of a field.
    pub(crate) words: &'static str,
    /// The Rust type of a value, or of an item of a list. An enum replaces it if values are listed.
    pub(crate) rust: &'static RustType,
    /// The Rust type of a secret value; `None` if values of this type can't be secret.
    pub(crate) secret: Option<&'static RustType>,
    /// How manifests list the values, if they do.
    pub(crate) listing: Option<Listing>,
    /// The properties of a form variable that only this type has.
    pub(crate) properties: &'static [&'static str],
    /// The one of `properties` that upstream's style requires.
    pub(crate) needs: Option<&'static str>,
    /// Whether upstream's style allows `isSecret`.
    pub(crate) secret_allowed: bool,
    /// Whether the lint warns if a variable of this type has a name like a secret but isn't marked.
    pub(crate) may_be_credential: bool,
    /// Whether upstream's style expects `defaultValue` on an optional variable.
    pub(crate) default_expected: bool,
}

/// Listed values, each with its label if it has one.
pub(crate) type ListedValues<'a> = Vec<(&'a str, Option<&'a str>)>;

/// How manifests list the values of a type.
pub(crate) struct Listing {
    /// The property that lists them.
    pub(crate) property: &'static str,
    /// The values of a form variable.
    pub(crate) values: fn(&FormVariable) -> ListedValues<'_>,
    /// The description of a value in the documentation of a field that has listed values.
    pub(crate) words: &'static str,
    /// Whether the form variable's value is a list of listed values.
    pub(crate) many: bool,
}

/// The Rust type of a value.
#[derive(Debug)]
pub(crate) struct RustType {
    /// The name without a path.
    pub(crate) name: &'static str,
    /// The path in a generated module.
    pub(crate) path: &'static str,
    /// Whether it redacts its value.
    pub(crate) secret: bool,
    /// Whether a setter takes `impl Into` of it.
    pub(crate) into: bool,
    /// The rule for defaults; `None` if the type can't have a default.
    pub(crate) default: Option<DefaultRule>,
    /// Makes the setter's argument for examples from a sample string. The result differs from the default.
    pub(crate) sample: fn(&str, Option<&Value>) -> String,
}

/// Decides which defaults fit a type, and how they are written in Rust.
#[derive(Debug)]
pub(crate) struct DefaultRule {
    /// The description of valid defaults, for messages.
    pub(crate) expected: &'static str,
    /// Whether a default fits; the second argument is whether the variable is optional.
    pub(crate) fits: fn(&Value, bool) -> bool,
    /// The type of its constant.
    pub(crate) constant: &'static str,
    /// The variant of the generated crate's `DefaultValue`.
    pub(crate) variant: &'static str,
    /// Appended to the type's description if the default is the empty string.
    pub(crate) or_empty: &'static str,
    /// Makes the value from the constant.
    pub(crate) value: fn(TokenStream) -> TokenStream,
}

impl PartialEq for RustType {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Row {
    /// The base of all rows whose values are strings.
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

    /// The row of the type with this name in manifests.
    pub(crate) fn find(name: &str) -> Option<&'static Self> {
        ROWS.iter().find(|row| row.name == name)
    }

    /// Whether a value is a list.
    pub(crate) fn many(&self) -> bool {
        self.listing.as_ref().is_some_and(|listing| listing.many)
    }
}

/// All known types, in the order of the schema that upstream publishes.
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
        words: "a string, which LaunchDarkly's form generates and an API client sets",
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

/// The row for all unknown types.
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
        // The form lets an optional URL be empty.
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

/// Validates like the generated crate's `Uri`.
pub(crate) fn is_absolute_url(text: &str) -> bool {
    iri_string::types::UriStr::new(text).is_ok_and(|uri| {
        uri.authority_components()
            .is_some_and(|authority| !authority.host().is_empty())
    })
}
