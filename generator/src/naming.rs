//! Converts wire keys to Rust names.
//!
//! A name depends only on its own wire key, so an upstream addition never renames anything. Names are
//! ASCII: every other character separates words.

use heck::{ToSnakeCase, ToUpperCamelCase};

/// The name of the catch-all variant. No listed value may have it.
pub(crate) const UNLISTED: &str = "Unlisted";

/// Associated items of generated enums. No variant may have these names.
const ASSOCIATED: [&str; 2] = ["Err", "LISTED"];

/// Functions of generated structs and builders. No setter may have these names.
const FUNCTIONS: [&str; 3] = ["build", "builder", "new"];

/// Suffixes of the parameters and traits of builders. No enum's name may end in these.
const TYPESTATE: [&str; 2] = ["State", "IsSet"];

/// Types that generated code uses without a path. No enum may have these names.
const TYPES: [&str; 10] = [
    "ConfigValues",
    "ConfigValuesBuilder",
    "Default",
    "Into",
    "IntoIterator",
    "Key",
    "Option",
    "Result",
    "String",
    "Vec",
];

/// The module of an integration key. `None` if the key has no ASCII letter or digit.
#[must_use]
pub(crate) fn module(key: &str) -> Option<String> {
    // A module `str` would hide the type from its sibling modules.
    const TYPE: &str = "str";
    let name = identifier(words(key).to_snake_case(), "n")?;
    Some(if is_device(&name) || name == TYPE {
        name + "_"
    } else {
        name
    })
}

/// Whether Windows treats a file name as a device. It ignores everything after the first dot.
#[must_use]
pub(crate) fn is_device(file_name: &str) -> bool {
    const DEVICES: [&str; 4] = ["aux", "con", "nul", "prn"];
    let stem = file_name.split('.').next().unwrap_or_default();
    let stem = stem.to_ascii_lowercase();
    let port = ["com", "lpt"]
        .iter()
        .find_map(|prefix| stem.strip_prefix(prefix));
    // Windows also accepts the three superscript digits of Latin-1.
    let is_port = |number| matches!(number, "¹" | "²" | "³") || is_digit(number);
    DEVICES.contains(&stem.as_str()) || port.is_some_and(is_port)
}

fn is_digit(text: &str) -> bool {
    matches!(text.as_bytes(), [digit] if digit.is_ascii_digit())
}

/// The struct field of a form variable's key. `None` if the key has no ASCII letter or digit.
#[must_use]
pub(crate) fn field(key: &str) -> Option<String> {
    let name = identifier(words(key).to_snake_case(), "n")?;
    Some(escape_reserved(name, &FUNCTIONS))
}

/// The enum of a form variable's key, with the prefix of its block. `None` if the key has no ASCII
/// letter or digit.
#[must_use]
pub(crate) fn type_name(prefix: &str, key: &str) -> Option<String> {
    let name = prefix.to_owned() + &type_part(key)?;
    let of_builder = |suffix: &&str| {
        name.strip_suffix(*suffix)
            .is_some_and(|rest| !rest.is_empty())
    };
    if TYPESTATE.iter().any(of_builder) {
        return Some(name + "_");
    }
    Some(escape_reserved(escape_reserved(name, &KEYWORDS), &TYPES))
}

/// A part of a type's name, so it need not avoid reserved names. `None` if the key has no ASCII letter
/// or digit.
#[must_use]
pub(crate) fn type_part(key: &str) -> Option<String> {
    let name = words(key).to_upper_camel_case();
    let first = name.chars().next()?;
    Some(if first.is_ascii_digit() {
        format!("N{name}")
    } else {
        name
    })
}

/// A field's identifier as a part of a type's name. Different identifiers give different parts: an
/// underscore before a digit is kept, because upper case can't replace it. A trailing underscore is
/// removed, because it only avoids a reserved name.
#[must_use]
pub(crate) fn camel_ident(ident: &str) -> String {
    let mut name = String::with_capacity(ident.len());
    for (position, word) in ident.trim_end_matches('_').split('_').enumerate() {
        let mut rest = word.chars();
        match rest.next() {
            Some(first) if first.is_ascii_lowercase() => {
                name.push(first.to_ascii_uppercase());
            }
            first => {
                if position > 0 {
                    name.push('_');
                }
                name.extend(first);
            }
        }
        name.push_str(rest.as_str());
    }
    name
}

/// The variant of an enum's value. `None` if the value has no ASCII letter or digit.
#[must_use]
pub(crate) fn variant(value: &str) -> Option<String> {
    let scheme_less = ["https://", "http://"]
        .iter()
        .find_map(|scheme| value.strip_prefix(scheme));
    let name = escape_reserved(type_part(scheme_less.unwrap_or(value))?, &KEYWORDS);
    let name = escape_reserved(name, &[UNLISTED]);
    Some(escape_reserved(name, &ASSOCIATED))
}

/// Whether generated code can use a name from `overrides.toml` without a change.
///
/// Names that begin with an underscore aren't accepted: they are reserved for generated code.
#[must_use]
pub(crate) fn is_identifier(name: &str) -> bool {
    identifier(name.to_owned(), "").as_deref() == Some(name)
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
}

/// Appends an underscore to a reserved name.
fn escape_reserved(name: String, reserved: &[&str]) -> String {
    if reserved.contains(&name.as_str()) {
        name + "_"
    } else {
        name
    }
}

fn words(key: &str) -> String {
    key.chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' })
        .collect()
}

fn identifier(name: String, digit_prefix: &str) -> Option<String> {
    let first = name.chars().next()?;
    if first.is_ascii_digit() {
        return Some(format!("{digit_prefix}{name}"));
    }
    Some(escape_reserved(name, &KEYWORDS))
}

/// The strict and reserved keywords of all Rust editions. syn can't be used instead, because it accepts
/// `gen` as an identifier; nor can raw identifiers, because `r#self` and some others are invalid.
const KEYWORDS: [&str; 52] = [
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
    "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
    "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upstream_keys_get_the_names_that_users_know() {
        for (key, expected) in [
            ("apiKey", "api_key"),
            ("hostURL", "host_url"),
            ("URL", "url"),
            ("base-url", "base_url"),
            ("skip-ca-verification", "skip_ca_verification"),
            ("detail_column", "detail_column"),
            ("applicationID", "application_id"),
            ("type", "type_"),
            ("gen", "gen_"),
            ("self", "self_"),
            ("2fa", "n2fa"),
            ("new", "new_"),
            ("a🚀b", "a_b"),
        ] {
            assert_eq!(field(key).as_deref(), Some(expected), "{key}");
        }
    }

    #[test]
    fn values_lose_their_scheme_and_never_take_the_catch_all() {
        for (value, expected) in [
            ("https://api.datadoghq.com", "ApiDatadoghqCom"),
            ("http://api.datadoghq.com", "ApiDatadoghqCom"),
            ("us-east-1", "UsEast1"),
            ("AZURE_VM", "AzureVm"),
            ("Override disabled", "OverrideDisabled"),
            ("unlisted", "Unlisted_"),
            ("self", "Self_"),
            ("1st", "N1st"),
            ("err", "Err_"),
            ("l-i-s-t-e-d", "LISTED_"),
            ("listed", "Listed"),
        ] {
            assert_eq!(variant(value).as_deref(), Some(expected), "{value}");
        }
    }

    #[test]
    fn types_never_hide_what_generated_code_needs() {
        for (prefix, key, expected) in [
            ("", "option", "Option_"),
            ("", "configValues", "ConfigValues_"),
            ("", "configValuesBuilder", "ConfigValuesBuilder_"),
            ("Config", "values", "ConfigValues_"),
            ("Self", "option", "SelfOption"),
            ("", "self", "Self_"),
            ("", "hostURL", "HostUrl"),
            ("FeatureStore", "network", "FeatureStoreNetwork"),
        ] {
            let found = type_name(prefix, key);
            assert_eq!(found.as_deref(), Some(expected), "{prefix} {key}");
        }
        assert_eq!(variant("option").as_deref(), Some("Option"));
    }

    #[test]
    fn identifiers_keep_apart_as_parts_of_types() {
        for (ident, expected) in [
            ("api_key", "ApiKey"),
            ("apikey", "Apikey"),
            ("a_1", "A_1"),
            ("a1", "A1"),
            ("type_", "Type"),
            ("n2fa", "N2fa"),
        ] {
            assert_eq!(camel_ident(ident), expected);
        }
    }

    #[test]
    fn modules_are_files_on_every_system() {
        assert_eq!(module("roost.ai").as_deref(), Some("roost_ai"));
        assert_eq!(module("mod").as_deref(), Some("mod_"));
        assert_eq!(module("con").as_deref(), Some("con_"));
        assert_eq!(module("COM1").as_deref(), Some("com1_"));
        assert_eq!(module("str").as_deref(), Some("str_"));
        assert_eq!(module("compass").as_deref(), Some("compass"));
        assert_eq!(module("../../x").as_deref(), Some("x"));
    }

    #[test]
    fn only_device_names_are_devices() {
        for name in [
            "con",
            "PRN",
            "aux",
            "Nul.json",
            "com0",
            "COM9",
            "lpt1.tar.gz",
            "com¹",
            "LPT²",
            "com³",
        ] {
            assert!(is_device(name), "{name}");
        }
        for name in [
            "come", "coms", "comx", "com", "lpts", "com10", "com⁴", "com-", "lpt", "console",
            "nulls", "a.con",
        ] {
            assert!(!is_device(name), "{name}");
        }
        assert_eq!(module("come").as_deref(), Some("come"));
        assert_eq!(module("coms").as_deref(), Some("coms"));
    }

    #[test]
    fn what_has_no_ascii_letter_has_no_name() {
        for key in ["", "🚀", "名前", "--"] {
            assert_eq!(
                (field(key), module(key), variant(key)),
                (None, None, None),
                "{key}"
            );
        }
    }

    #[test]
    fn every_keyword_is_one_that_rust_refuses() {
        for keyword in KEYWORDS {
            // `gen` is a keyword since the edition 2024; syn accepts it.
            let accepted = syn::parse_str::<syn::Ident>(keyword).is_ok();
            assert_eq!(accepted, keyword == "gen", "{keyword}");
        }
    }

    #[test]
    fn an_override_must_be_an_identifier() {
        assert!(is_identifier("base_url2"));
        for name in ["", "1a", "_a", "type", "a b", "a-b", "r#a", "é"] {
            assert!(!is_identifier(name), "{name}");
        }
    }
}
