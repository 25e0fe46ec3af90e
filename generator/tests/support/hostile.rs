//! Valid manifests with text that could break Rust code, rustdoc or a terminal.

use generator::{Overrides, Source};
use serde_json::{Value, json};

use super::types::{TYPES, TypeCase};

use super::source;

/// Texts that would be harmful in generated code without escaping.
pub(crate) const TEXTS: &[&str] = &[
    "*/ pub fn injected() {}",
    "/* /*",
    "\"# ; compile_error!(\"injected\"); r#\"",
    "\"; compile_error!(\"injected\"); \"",
    "'a' 'b",
    "\\",
    "\\\" \\n \\u{41}",
    "a\nb\n\n    c",
    "a\r\nb\rc",
    "nul \0 0\0end",
    "bell \u{7} escape \u{1b}[31m",
    "\u{202e}reversed\u{202c} \u{2066}isolated\u{2069}",
    "zero\u{200b}width\u{feff}joined\u{200d}",
    "line\u{2028}paragraph\u{2029}next\u{85}",
    "`code` ``more`` ```",
    "```rust\nfn main() { panic!() }\n```",
    "]",
    "[link](https://example.com) [text][reference] [^note]",
    "[`Missing`] [Missing] [crate::missing]",
    "<script>alert(1)</script> <b> </i> <!-- ",
    "&lt; &#0; &copy",
    "#![doc = \"x\"]",
    "#[cfg(any())]",
    "{} {0} {name} {{",
    "    four spaces",
    "\ttab",
    "1. one",
    "2) two",
    "- item\n- item",
    "+ item",
    "# heading",
    "heading\n===",
    "---",
    "> quote",
    "| a | b |\n|---|---|",
    "https://example.com/a?b=c#d http://example.com www.example.com me@example.com",
    "*bold* _italic_ ~~struck~~ **",
    "$key $ident #(#x)* $$",
    "r#type _ __ 'static",
    "e\u{301}\u{301}\u{301} \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} \u{10ffff}",
    "\u{202e}",
    " ",
    "",
    "///  //! /** */",
];

/// Every keyword and every name that generated code uses.
pub(crate) const NAMES: &[&str] = &[
    // Keywords. If two differ only in case, the list has one of them.
    "abstract",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "const",
    "continue",
    "crate",
    "do",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "struct",
    "super",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
    "union",
    "raw",
    "safe",
    "auto",
    "default",
    "macroRules",
    // Primitive types, modules and crates.
    "bool",
    "char",
    "str",
    "u8",
    "usize",
    "f64",
    "std",
    "core",
    "alloc",
    "serde",
    "serdeJson",
    "integrations",
    "values",
    "listed",
    // The prelude.
    "option",
    "some",
    "none",
    "result",
    "ok",
    "err",
    "vec",
    "string",
    "toString",
    "into",
    "from",
    "tryFrom",
    "intoIterator",
    "iterator",
    "asRef",
    "clone",
    "copy",
    "drop",
    "send",
    "sync",
    "sized",
    "eq",
    "ord",
    "partialEq",
    "hash",
    "debug",
    "display",
    "fromStr",
    "toOwned",
    // Names that the generated code uses.
    "configValues",
    "required",
    "integration",
    "field",
    "fieldKind",
    "fields",
    "f-i-e-l-d-s",
    "i-n-t-e-g-r-a-t-i-o-n",
    "l-i-s-t-e-d",
    "a-l-l",
    "unlisted",
    "unlistedValue",
    "listedValue",
    "formValue",
    "formValues",
    "formVariables",
    "secretString",
    "secretUri",
    "secretJson",
    "uri",
    "value",
    "environment",
    "environmentSelector",
    "entries",
    "reader",
    "objectReader",
    "serialize",
    "serializer",
    "deserialize",
    "deserializer",
    "new",
    "build",
    "builder",
    "read",
    "write",
    "fromJson",
    "fromJsonStr",
    "asStr",
    "fmt",
    "error",
    "d",
    "s",
    "e",
    "t",
    "f",
    "a",
    "item",
    "defaultValue",
    "capabilityFields",
    "upstream",
];

/// A variable for every name. The kinds alternate.
fn named(shift: usize, variable: fn(usize) -> Value) -> Value {
    let variables = NAMES.iter().enumerate().map(|(position, key)| {
        let mut variable = variable((position + shift) % 4);
        variable["key"] = json!(key);
        variable["name"] = json!("N");
        variable
    });
    json!({ "formVariables": variables.collect::<Vec<_>>() })
}

fn plain(kind: usize) -> Value {
    match kind {
        0 => json!({"type": "string"}),
        1 => json!({"type": "boolean", "isOptional": true, "defaultValue": true}),
        2 => json!({"type": "string", "isSecret": true}),
        _ => json!({"type": "uri", "defaultValue": "https://a.example"}),
    }
}

fn listed(kind: usize) -> Value {
    let values = ["a", "b c", "self", "err", "Unlisted"];
    let options = values.map(|value| json!({"label": "", "value": value}));
    match kind {
        0 => json!({"type": "enum", "allowedValues": values}),
        1 => json!({"type": "enum", "allowedValues": values, "defaultValue": "self"}),
        2 => json!({"type": "multiselect", "multiselectOptions": options,
            "multiselectDefaultOptions": ["err", "self", "err"]}),
        _ => json!({"type": "multiselect", "multiselectOptions": options, "isOptional": true,
            "multiselectDefaultOptions": []}),
    }
}

/// An enum and a list of enums. The values are all names.
fn values() -> Value {
    let values: Vec<&str> = NAMES.iter().copied().chain(["1", "2fa", "a🚀b"]).collect();
    let options: Vec<Value> = values
        .iter()
        .map(|value| json!({"label": "L", "value": value}))
        .collect();
    json!({"formVariables": [
        {"key": "one", "name": "N", "type": "enum", "allowedValues": values, "defaultValue": "err"},
        {"key": "many", "name": "N", "type": "multiselect", "multiselectOptions": options,
            "multiselectDefaultOptions": values},
    ]})
}

/// Valid manifests with unique keys.
pub(crate) fn accepted() -> Vec<Source> {
    let mut sources = Vec::new();
    let mut add = |key: &str, manifest: Value| {
        sources.push(source(key, manifest.to_string()));
    };
    // With the shift, each name gets another kind of variable.
    add("hostile-fields", named(0, plain));
    add("hostile-setters", named(1, plain));
    add("hostile-enums", named(0, listed));
    add("hostile-values", values());
    add("hostile-types", types());
    add("hostile-texts", texts());
    add("hostile-keys", keys());
    add("hostile-required", required());
    add("hostile-states", states());
    add("hostile-capabilities", capabilities());
    add(
        "hostile-unnamed",
        json!({"formVariables": [{"key": "Self", "type": "string"}]}),
    );
    add("hostile-empty", json!({}));
    add("hostile-renamed", renamed());
    for module in [
        "con",
        "COM1",
        "mod",
        "str",
        "bool",
        "std",
        "core",
        "serde",
        "get",
        "all",
        "upstream",
        "self",
        "Crate",
        "2x",
        "option",
        "integrations",
        "a..b",
        "x.",
        "y-",
    ] {
        add(
            module,
            json!({"name": module, "version": "1.0.0", "formVariables": [
            {"key": "a", "name": "A", "type": "enum", "allowedValues": ["b"]}]}),
        );
    }
    sources
}

/// The overrides that [`renamed`] needs.
pub(crate) fn overrides() -> Overrides {
    overrides_and("")
}

/// The same overrides, and others.
pub(crate) fn overrides_and(others: &str) -> Overrides {
    let mut text = format!("{others}\n");
    for (field, value, to) in [
        ("baseUrl", None, "base_url2"),
        ("🚀", None, "rocket"),
        ("base-url", Some("a.b"), "Dotted"),
        ("base-url", Some(""), "Nothing"),
    ] {
        text.push_str("[[rename]]\nintegration = 'hostile-renamed'\n");
        text.push_str(&format!(
            "field = '{field}'\nto = '{to}'\nreason = 'it collides'\n"
        ));
        if let Some(value) = value {
            text.push_str(&format!("value = '{value}'\n"));
        }
    }
    text.push_str("[[rename]]\nintegration = 'hostile-renamed'\nblock = '🚀.formVariables'\n");
    text.push_str("to = 'Rocket'\nreason = 'it has no name'\n");
    #[allow(clippy::unwrap_used, reason = "the text above is valid")]
    Overrides::parse(&text).unwrap()
}

/// Collisions that overrides resolve.
fn renamed() -> Value {
    json!({"capabilities": {"🚀": {"formVariables": [
        {"key": "a", "name": "N", "type": "enum", "allowedValues": ["b"]},
    ]}}, "formVariables": [
        {"key": "base-url", "name": "N", "type": "enum", "allowedValues": ["a.b", "a-b", ""]},
        {"key": "baseUrl", "name": "N", "type": "enum", "allowedValues": ["a"]},
        {"key": "🚀", "name": "N", "type": "enum", "allowedValues": ["a"]},
    ]})
}

/// Every type: required, optional and with a default, secret or not, with and without listed values.
fn types() -> Value {
    let mut variables = Vec::new();
    let odd = ["", "*/ \"#"].into_iter();
    for kind in TYPES.iter().map(|case| case.name.as_str()).chain(odd) {
        for (optional, secret, default, listed) in
            (0..16).map(|bits| (bits & 1 > 0, bits & 2 > 0, bits & 4 > 0, bits & 8 > 0))
        {
            let mut variable = json!({"key": format!("k{}", variables.len()), "name": "N", "type": kind,
                "isOptional": optional, "isSecret": secret, "isHidden": listed});
            if default {
                let fitting = TypeCase::of(kind).default.first();
                variable["defaultValue"] = fitting.cloned().unwrap_or("one".into());
                variable["multiselectDefaultOptions"] = json!(["two", "one"]);
            }
            if listed {
                variable["allowedValues"] = json!(["one", "two"]);
                variable["multiselectOptions"] =
                    json!([{"label": "One", "value": "one"}, {"label": "two", "value": "two"}]);
            }
            variables.push(variable);
        }
    }
    json!({ "formVariables": variables })
}

/// Every text in every place where a manifest has text.
fn texts() -> Value {
    let texts = || TEXTS.iter().copied().enumerate();
    let all = TEXTS.join(" ");
    let mut variables: Vec<Value> = texts()
        .map(|(position, text)| {
            json!({"key": format!("text{position}"), "name": text, "description": text, "placeholder": text,
                "type": "string", "isOptional": true, "defaultValue": text})
        })
        .collect();
    variables.extend(texts().map(|(position, text)| {
        json!({"key": format!("secret{position}"), "name": text, "description": all.repeat(2), "type": "string",
            "isSecret": true, "defaultValue": text})
    }));
    // Every value needs a unique name with a letter or digit.
    let values: Vec<String> = texts()
        .map(|(position, text)| format!("{text}v{position}{text}"))
        .collect();
    let options: Vec<Value> = texts()
        .zip(&values)
        .map(|((_, text), value)| json!({"label": text, "value": value}))
        .collect();
    variables.push(json!({"key": "values", "name": all, "type": "enum", "allowedValues": values, "defaultValue": values[0]}));
    variables.push(
        json!({"key": "options", "name": "N", "type": "multiselect", "multiselectOptions": options,
        "multiselectDefaultOptions": values}),
    );
    variables.push(json!({"key": "kind", "name": "N", "type": all, "isSecret": true}));
    json!({"name": all, "version": all, "otherCapabilities": TEXTS,
        "capabilities": texts().map(|(_, text)| (text.to_owned(), json!(true))).collect::<serde_json::Map<_, _>>(),
        "formVariables": variables})
}

/// Every text in a key, and keys with an unexpected beginning or end.
fn keys() -> Value {
    let keys = TEXTS
        .iter()
        .enumerate()
        .map(|(position, text)| format!("{text}k{position}{text}"));
    let odd = [
        "2fa",
        "3",
        "0x",
        "a🚀b",
        "Ünïcödé",
        "_p",
        "__a__",
        "-z-",
        "aB1C2",
        "HTTPServer",
        "Self",
    ];
    let keys = keys.chain(odd.map(str::to_owned));
    let variables: Vec<Value> = keys
        .map(|key| json!({"key": key, "name": "N", "type": "enum", "allowedValues": ["x", "y"], "isOptional": true}))
        .collect();
    json!({ "formVariables": variables })
}

/// Every text in a required key. The compiler's message contains the key if the field isn't set.
fn required() -> Value {
    let keys = TEXTS.iter().enumerate();
    let variables: Vec<Value> = keys
        .map(|(position, text)| json!({"key": format!("{text}k{position}{text}"), "name": "N", "type": "string"}))
        .collect();
    json!({ "formVariables": variables })
}

/// Enums with names that a builder could use for its type parameters.
fn states() -> Value {
    let values = ["a", "b"];
    let variables = json!([
        {"key": "approval", "name": "N", "type": "string"},
        {"key": "approvalState", "name": "N", "type": "enum", "allowedValues": values},
        {"key": "approvalStateState", "name": "N", "type": "multiselect", "isOptional": true,
            "multiselectOptions": [{"label": "A", "value": "a"}]},
    ]);
    let block = json!([
        {"key": "flow", "name": "N", "type": "string"},
        {"key": "state", "name": "N", "type": "enum", "allowedValues": values, "defaultValue": "b"},
    ]);
    json!({"formVariables": variables, "capabilities": {"flow": {"formVariables": block}}})
}

/// Blocks in capabilities with unexpected or similar names.
fn capabilities() -> Value {
    let block = || {
        json!([
            {"key": "network", "name": "N", "type": "enum", "allowedValues": ["a", "self"], "defaultValue": "a"},
            {"key": "option", "name": "N", "type": "enum", "allowedValues": ["a", "self"], "isOptional": true},
            {"key": "required", "name": "N", "type": "string"},
        ])
    };
    let mut capabilities = serde_json::Map::new();
    for name in [
        "self",
        "default",
        "option",
        "string",
        "configValues",
        "required",
        "2fa",
        "type",
        "feature-store",
        "fields",
        "integration",
        "*/ \"# `x`",
    ] {
        capabilities.insert(name.to_owned(), json!({ "formVariables": block() }));
    }
    capabilities.insert(
        "empty".into(),
        json!({"formVariables": [], "aFormVariables": [], "allowFormVariables": true}),
    );
    capabilities.insert("none".into(), json!({}));
    capabilities.insert("flag".into(), json!(true));
    capabilities.insert("list".into(), json!([{"formVariables": 7}]));
    capabilities.insert(
        "many".into(),
        json!({"formVariables": block(), "selfFormVariables": block(), "2FormVariables": block()}),
    );
    json!({"capabilities": capabilities, "formVariables": block()})
}
