use std::time::{Duration, Instant};

use proptest::prelude::*;
use serde_json::json;

use super::*;

/// A way to escape a string, and to unescape it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Escaping {
    Raw,
    /// Like serde_json.
    Json,
    /// Like Go's encoding/json.
    GoJson,
    /// Every character as a Unicode escape such as `\u0026`, and slashes as `\/`.
    AllJson,
    Percent,
    /// All bytes, with lower-case digits.
    AllPercent,
    Form,
    Html,
    /// With numbers, like Go's html/template.
    HtmlNumbers,
}

const ESCAPINGS: [Escaping; 9] = [
    Escaping::Raw,
    Escaping::Json,
    Escaping::GoJson,
    Escaping::AllJson,
    Escaping::Percent,
    Escaping::AllPercent,
    Escaping::Form,
    Escaping::Html,
    Escaping::HtmlNumbers,
];

impl Escaping {
    fn escape(self, text: &str) -> String {
        let json = || {
            let quoted = json!(text).to_string();
            quoted[1..quoted.len() - 1].to_owned()
        };
        let percent = |keep: fn(u8) -> bool, upper: bool| -> String {
            let byte = |byte: u8| match keep(byte) {
                true => char::from(byte).to_string(),
                false if upper => format!("%{byte:02X}"),
                false => format!("%{byte:02x}"),
            };
            text.bytes().map(byte).collect()
        };
        let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        match self {
            Self::Raw => text.to_owned(),
            Self::Json => json(),
            Self::GoJson => json()
                .replace('&', "\\u0026")
                .replace('<', "\\u003c")
                .replace('>', "\\u003e"),
            Self::AllJson => {
                let unit = |unit: u16| match unit {
                    0x2f => "\\/".to_owned(),
                    _ => format!("\\u{unit:04X}"),
                };
                text.encode_utf16().map(unit).collect()
            }
            Self::Percent => percent(unreserved, true),
            Self::AllPercent => percent(|_| false, false),
            Self::Form => percent(unreserved, true).replace("%20", "+"),
            Self::Html => text
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('"', "&quot;")
                .replace('\'', "&#39;"),
            Self::HtmlNumbers => {
                let char = |char: char| match char {
                    '&' | '"' => format!("&#{};", u32::from(char)),
                    '+' | '<' | '\'' => format!("&#x{:X};", u32::from(char)),
                    _ => char.to_string(),
                };
                text.chars().map(char).collect()
            }
        }
    }

    /// Unescapes a string. Ignores invalid escapes.
    fn unescape(self, text: &str) -> String {
        match self {
            Self::Raw => text.to_owned(),
            Self::Json | Self::GoJson | Self::AllJson => unescape_json(text),
            Self::Percent | Self::AllPercent => unescape_percent(text),
            Self::Form => unescape_percent(&text.replace('+', " ")),
            Self::Html | Self::HtmlNumbers => unescape_html(text),
        }
    }
}

fn unescape_json(text: &str) -> String {
    let mut units: Vec<u16> = Vec::new();
    let mut rest = text;
    while let Some(char) = rest.chars().next() {
        rest = &rest[char.len_utf8()..];
        let code = |rest: &str| u16::from_str_radix(rest.get(1..5)?, 16).ok();
        let escaped = match (char, rest.chars().next()) {
            ('\\', Some(escaped @ ('"' | '\\' | '/'))) => {
                Some((u16::try_from(u32::from(escaped)).unwrap(), 1))
            }
            ('\\', Some('n')) => Some((10, 1)),
            ('\\', Some('t')) => Some((9, 1)),
            ('\\', Some('u')) => code(rest).map(|code| (code, 5)),
            _ => None,
        };
        match escaped {
            Some((unit, length)) => {
                units.push(unit);
                rest = &rest[length..];
            }
            None => units.extend(char.encode_utf16(&mut [0; 2]).iter()),
        }
    }
    String::from_utf16_lossy(&units)
}

fn unescape_percent(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let hex = hex.filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match (byte, hex) {
            (b'%', Some(hex)) => {
                bytes.push(u8::from_str_radix(hex, 16).unwrap());
                rest = &after[2..];
            }
            _ => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn unescape_html(text: &str) -> String {
    let mut read = String::new();
    let mut rest = text;
    while let Some(char) = rest.chars().next() {
        let name = rest.strip_prefix('&').and_then(|name| name.split_once(';'));
        let decoded = name.and_then(|(name, _)| match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            _ => match name.strip_prefix("#x") {
                Some(hex) => char::from_u32(u32::from_str_radix(hex, 16).ok()?),
                None => char::from_u32(name.strip_prefix('#')?.parse().ok()?),
            },
        });
        match (decoded, name) {
            (Some(decoded), Some((_, after))) => {
                read.push(decoded);
                rest = after;
            }
            _ => {
                read.push(char);
                rest = &rest[char.len_utf8()..];
            }
        }
    }
    read
}

/// Checks that `shown`, unescaped twice in any way, contains no secret, and doesn't end with the beginning of
/// one if `cut`.
fn hides(secrets: &[String], shown: &str, cut: bool) -> Result<(), TestCaseError> {
    for outer in ESCAPINGS {
        let once = outer.unescape(shown);
        for inner in ESCAPINGS {
            let twice = inner.unescape(&once);
            for secret in secrets {
                prop_assert!(
                    !twice.contains(secret.as_str()),
                    "{secret:?} by {outer:?}, {inner:?} in {shown:?}"
                );
                let mut beginning = String::new();
                for (count, char) in secret.chars().enumerate() {
                    beginning.push(char);
                    prop_assert!(
                        !cut || count < 3 || !twice.ends_with(&beginning),
                        "{beginning:?} by {outer:?}, {inner:?} in {shown:?}"
                    );
                }
            }
        }
    }
    Ok(())
}

/// A secret with a letter that other strings don't contain.
fn secret() -> impl Strategy<Value = String> {
    let char = prop_oneof![
        4 => proptest::char::range('k', 'q'),
        4 => proptest::sample::select(vec!['"', '\\', '&', '<', '>', '\'', ' ', '%', '+', '/', ';', '#', '=', '\n']),
        1 => proptest::sample::select(vec!['2', '5', 'u', 'x', '0']),
        1 => proptest::sample::select(vec!['é', '€', '😀', 'Ω']),
    ];
    (char.clone(), proptest::collection::vec(char, 4..12))
        .prop_map(|(_, chars)| format!("Q{}", String::from_iter(chars)))
}

/// Secrets, some of which contain, begin with, or overlap another.
fn secrets() -> impl Strategy<Value = Vec<String>> {
    (secret(), secret(), 0..6).prop_map(|(one, other, kind)| match kind {
        0 => vec![one],
        1 => vec![format!("{one}{other}"), one],
        2 => vec![other.clone(), format!("{one}{other}")],
        3 => vec![one.clone(), format!("{one}Z{one}"), other],
        4 => {
            let middle = one.chars().count() / 2;
            let end: String = one.chars().skip(middle).collect();
            vec![one, format!("{end}{other}")]
        }
        _ => vec![one, other],
    })
}

/// The body of a response with an escaped secret.
fn body(kind: usize, echo: &str) -> String {
    match kind {
        0 => json!({"code": "invalid_request", "message": format!("bad value {echo}, sorry")})
            .to_string(),
        1 => {
            let inner = json!({"errors": [{"value": echo}]}).to_string();
            json!({"message": inner, "id": "1"}).to_string()
        }
        2 => json!({echo: [echo, {"a": echo}]}).to_string(),
        3 => format!("<html><body value=\"{echo}\">bad {echo}</body></html>"),
        4 => format!("error=invalid&value={echo}&more=1"),
        5 => format!("upstream said: {echo}"),
        6 => format!(
            "{{\"message\": \"{}\", \"status\": 400",
            Escaping::GoJson.escape(echo)
        ),
        _ => format!("{echo}{echo}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn bodies_show_no_secret_in_any_encoding_when_cut_anywhere(
        secrets in secrets(),
        which in any::<proptest::sample::Index>(),
        outer in 0..ESCAPINGS.len(),
        inner in 0..ESCAPINGS.len(),
        kind in 0..8_usize,
        cut in any::<proptest::sample::Index>(),
        limit in any::<proptest::sample::Index>(),
    ) {
        let redactor = Redactor::new(secrets.iter().map(String::as_str));
        let secret = &secrets[which.index(secrets.len())];
        let echo = ESCAPINGS[outer].escape(&ESCAPINGS[inner].escape(secret));
        let body = body(kind, &echo);

        let shown = redactor.body(body.as_bytes(), usize::MAX);
        hides(&secrets, &String::from_utf8(shown.clone()).unwrap(), false)?;

        let limit = limit.index(shown.len() + 1);
        let kept = redactor.body(body.as_bytes(), limit);
        prop_assert!(kept.len() <= limit && shown.starts_with(&kept));
        hides(&secrets, &String::from_utf8(kept).unwrap(), true)?;

        let end = cut.index(body.len() + 1);
        let shown = redactor.body(&body.as_bytes()[..end], usize::MAX);
        hides(&secrets, &String::from_utf8(shown).unwrap(), true)?;
    }

    #[test]
    fn nothing_else_is_redacted(
        secrets in secrets(),
        texts in proptest::collection::vec("[a-j .,:{}\\[\\]\"\\\\%&+]{0,12}", 1..5),
        code in 0..ESCAPINGS.len(),
    ) {
        // `Q` begins each secret, so that no other string is a part of one.
        let redactor = Redactor::new(secrets.iter().map(String::as_str));
        let secret = &secrets[0];
        let plain = texts.concat();
        prop_assert_eq!(redactor.text(&plain), plain);
        let spaced = format!("{} | {} | {}", texts[0], ESCAPINGS[code].escape(secret), texts[0]);
        prop_assert_eq!(redactor.text(&spaced), format!("{} | [redacted] | {}", texts[0], texts[0]));
    }
}

#[test]
fn overlapping_nested_and_adjacent_secrets_are_redacted_completely() {
    let redactor = Redactor::new(["abcd", "cdefg", "abcdefghij", "fgh", ""]);
    for (text, redacted) in [
        ("abcd", "[redacted]"),
        ("xabcdefgx", "x[redacted]x"),
        ("xabcdefghijx", "x[redacted]x"),
        ("xabcdefghix", "x[redacted]hix"),
        ("abcdabcd-abcd", "[redacted][redacted]-[redacted]"),
        ("xfghx, fgh", "xfghx, [redacted]"),
        ("%3dfgh%41", "%3d[redacted]%41"),
        ("%41fgh", "%41fgh"),
        ("\\u0061bcd \\u0061\\u0062cd", "[redacted] [redacted]"),
        ("abc", "abc"),
        ("", ""),
    ] {
        assert_eq!(redactor.text(text), redacted, "{text}");
    }
    assert_eq!(Redactor::new(["aaab"]).text("aaaaaab"), "aaa[redacted]");
    assert_eq!(Redactor::new(["abab"]).text("xabababx"), "x[redacted]x");
    assert_eq!(Redactor::new([""]).text("a"), "a");
    assert_eq!(Redactor::new([]).text("a"), "a");
}

#[test]
fn secrets_are_found_in_every_kind_of_escape() {
    let redactor = Redactor::new(["a&\"<é😀 /z"]);
    for text in [
        "a&\"<é😀 /z",
        "a\\u0026\\\"\\u003c\\u00E9\\ud83d\\uDE00 \\/z",
        "a\\u0026\\\\\\\"\\\\u003c\\\\u00e9\\\\ud83d\\\\ude00 \\\\/z",
        "a%26%22%3c%C3%a9%f0%9F%98%80+%2fz",
        "a%2526%2522%253C%25C3%25A9%25F0%259F%2598%2580%2520%252Fz",
        "a&amp;&quot;&lt;&#233;&#x1F600; &#47;z",
        "a&amp;amp;&#38;quot;&amp;lt;&#xe9;&#128512;&nbsp;/z"
            .replace("&nbsp;", " ")
            .as_str(),
        "a\\u0026amp;\\u0026#34;\\u0026lt;é😀 /z",
        "a%26amp%3B%26%2334%3B%3C%C3%A9%F0%9F%98%80%20/z",
        "a\\x26\\x22\\x3cé😀%20/z",
    ] {
        assert_eq!(
            redactor.text(&format!("({text})")),
            "([redacted])",
            "{text}"
        );
    }
}

#[test]
fn decoded_secrets_are_redacted() {
    let redactor = Redactor::new([
        "p%40ss%2fword",
        r#"{"key": "line one\nline two", "type": "x"}"#,
    ]);
    assert_eq!(redactor.text("for p@ss/word"), "for [redacted]");
    assert_eq!(redactor.text("x: line one\\nline two"), "x: [redacted]");
    let mut echo = json!({"type": "x", "key": "line one\nline two"});
    redactor.json(&mut echo);
    assert_eq!(echo, json!({"type": "x", "key": "[redacted]"}));
}

#[test]
fn values_of_form_variables_are_redacted_and_keys_are_kept() {
    let redactor = Redactor::new(["canary"]);
    let mut value = json!({
        "name": "a canary",
        "canary": 1,
        "url": "https://example.com",
        "items": [{"config": {"a": 1, "b": [true, null, {"c": "d"}]}, "apiKey": 5, "url": {"canary": 1}}],
        "configValues": "text",
        "apiKey": "k",
        "message": "{\"serviceConfig\": {\"x\": \"y\"}}",
        "count": 12,
    });
    redactor.json(&mut value);
    let hidden = "[redacted]";
    assert_eq!(
        value,
        json!({
            "name": "a [redacted]",
            "[redacted]": 1,
            "url": hidden,
            "items": [{
                "config": {"a": hidden, "b": [hidden, hidden, {"c": hidden}]},
                "apiKey": hidden,
                "url": {"[redacted]": hidden},
            }],
            "configValues": hidden,
            "apiKey": hidden,
            "message": "{\"serviceConfig\":{\"x\":\"[redacted]\"}}",
            "count": 12,
        })
    );
    let mut harmless = json!({"url": "https://example.com", "apiKey": "k", "n": 1.5});
    let before = harmless.clone();
    redactor.json(&mut harmless);
    assert_eq!(harmless, before);
    let mut numbers = json!({"pin": 12345678, "other": 1234});
    Redactor::new(["12345678"]).json(&mut numbers);
    assert_eq!(numbers, json!({"pin": hidden, "other": 1234}));
}

#[test]
fn incomplete_json_shows_no_values_of_form_variables() {
    let redactor = Redactor::new(["canary"]);
    for (body, shown) in [
        (
            r#"{"id": "1", "configValues": {"a": "b"}, "#,
            r#"{"id": "1", "configValues":[redacted]"#,
        ),
        (
            r#"{"_id": "1", "config" : {"a"#,
            r#"{"_id": "1", "config" :[redacted]"#,
        ),
        (r#"{"apiKey":"ab"#, r#"{"apiKey":[redacted]"#),
        (r#"{"url":"https://x/y","config":{"#, r#"{"url":[redacted]"#),
        (
            r#"{"url":"https://x/y","con"#,
            r#"{"url":"https://x/y","con"#,
        ),
        (
            r#"{"m": "{\"serviceConfig\": {\"a\": \"b"#,
            r#"{"m": "{\"serviceConfig\":[redacted]"#,
        ),
        (
            "<pre>{&#34;config&#34;:{&#34;",
            "<pre>{&#34;config&#34;:[redacted]",
        ),
        (
            r#"{"kind": "config", "id": 1"#,
            r#"{"kind": "config", "id": 1"#,
        ),
        (
            r#"{"canary": 1, "config": "canary"#,
            r#"{"[redacted]": 1, "config":[redacted]"#,
        ),
    ] {
        let body = redactor.body(body.as_bytes(), usize::MAX);
        assert_eq!(String::from_utf8(body).unwrap(), shown);
    }
}

#[test]
fn bodies_are_cut_between_characters_and_may_be_binary() {
    let redactor = Redactor::new(["canaré-1", "12345678"]);
    let body = |body: &[u8], limit| String::from_utf8(redactor.body(body, limit)).unwrap();
    assert_eq!(body("éé".as_bytes(), 3), "é");
    assert_eq!(body(b"a\xffb", 9), "a\u{fffd}b");
    assert_eq!(body(b"\"a\"", 9), "\"a\"");
    assert_eq!(body(b"x canar\xc3", 99), "x [redacted]");
    assert_eq!(body(b"x can", 99), "x can");
    assert_eq!(body(b"x cana", 99), "x [redacted]");
    assert_eq!(body(b"x can\\u00", 99), "x [redacted]");
    assert_eq!(body(b"12345", 99), "[redacted]");
    assert_eq!(body(b"", 99), "");
    assert_eq!(body(b"12345678", 4), "[red");
}

#[test]
fn adversarial_bodies_take_linear_time() {
    let long = "a".repeat(400);
    let mut secrets = vec![format!("{long}b"), "\\\\\\\\".to_owned()];
    secrets.extend((0..9).map(|n| format!("{}{n}", "a".repeat(40))));
    let redactor = Redactor::new(secrets.iter().map(String::as_str));
    for unit in [
        "a", "\\", "%25", "&amp;", "\\u0061", "[\"a\",", "{", "aaaab",
    ] {
        let body = unit.repeat((1 << 17) / unit.len());
        let start = Instant::now();
        redactor.body(body.as_bytes(), 8192);
        let took = start.elapsed();
        // Quadratic time would be minutes. The limit allows for a busy machine.
        assert!(took < Duration::from_secs(40), "{unit}: {took:?}");
    }
}
