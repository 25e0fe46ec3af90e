//! Text for error messages: descriptions of values, excerpts, and suggestions.

use std::fmt::Write as _;

use serde_json::Value;

use crate::values::password::without_passwords;

/// Implements `Debug` of an error with `Display`, because a `main` that returns the error prints `Debug`.
macro_rules! debug_as_display {
    ($name:ident) => {
        impl ::std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(self, f)
            }
        }
    };
}

pub(crate) use debug_as_display;

/// The maximal number of characters in an excerpt.
const EXCERPT_CHARS: usize = 100;

/// The beginning of `text`, quoted and escaped for a log or a terminal.
///
/// Passwords in URLs are redacted first, because they may not be recognized in a part of a URL.
pub(crate) fn excerpt(text: &str) -> String {
    let text = without_passwords(text);
    let (beginning, ellipsis) = cut(&text, EXCERPT_CHARS);
    format!("{beginning:?}{ellipsis}")
}

/// Like [`excerpt`], but without the quotes.
pub(crate) fn bare_excerpt(text: &str) -> String {
    let text = without_passwords(text);
    let (beginning, ellipsis) = cut(&text, EXCERPT_CHARS);
    format!("{}{ellipsis}", beginning.escape_debug())
}

/// `text` on one line, escaped for a terminal and cut after `max_chars` characters.
#[cfg(feature = "client")]
pub(crate) fn escaped(text: &str, max_chars: usize) -> String {
    let (shown, ellipsis) = cut(text, max_chars);
    let mut line = String::with_capacity(shown.len() + ellipsis.len());
    for character in shown.chars() {
        match character {
            // These are harmless, and a backslash makes them harder to read.
            '"' | '\'' | '\\' => line.push(character),
            _ => line.extend(character.escape_debug()),
        }
    }
    line + ellipsis
}

/// The first `max_chars` characters, and an ellipsis if there are more.
fn cut(text: &str, max_chars: usize) -> (&str, &'static str) {
    match text.char_indices().nth(max_chars) {
        Some((end, _)) => (&text[..end], "…"),
        None => (text, ""),
    }
}

/// The JSON type of `value`, without its content.
pub(crate) fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// The JSON type of `value` and, for scalars, an excerpt. It must not be used for secrets.
pub(crate) fn describe(value: &Value) -> String {
    match value {
        Value::Bool(value) => format!("the boolean {value}"),
        Value::Number(value) => format!("the number {}", bare_excerpt(&value.to_string())),
        Value::String(value) => format!("the string {}", excerpt(value)),
        Value::Null | Value::Array(_) | Value::Object(_) => json_type(value).to_owned(),
    }
}

/// `"a"`, or `one of "a", "b"`. If there are no strings, it says that no value is listed.
pub(crate) fn one_of(strings: &[&str]) -> String {
    let mut words = String::from(match strings.len() {
        0 => "nothing, because no value is listed",
        1 => "",
        _ => "one of ",
    });
    for (position, text) in strings.iter().enumerate() {
        let comma = if position == 0 { "" } else { ", " };
        // Writing to a String can't fail.
        let _ = write!(words, "{comma}{text:?}");
    }
    words
}

/// The candidate that is most similar to `word`, if one is similar enough.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    candidates
        .into_iter()
        .filter_map(|candidate| Some((distance(word, candidate)?, candidate)))
        .filter(|(distance, candidate)| *distance <= candidate.len() / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The number of letters in which the two differ. Case and separators are ignored: `api_key` equals
/// `apiKey`. `None` if `word` is too long to compare.
pub(crate) fn distance(word: &str, candidate: &str) -> Option<usize> {
    // The time is the product of both lengths.
    if word.len() > EXCERPT_CHARS {
        return None;
    }
    let plain = |text: &str| -> String {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    Some(strsim::osa_distance(&plain(word), &plain(candidate)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_bounded_and_escaped() {
        assert_eq!(excerpt("a\"\n\u{1b}"), r#""a\"\n\u{1b}""#);
        assert_eq!(
            excerpt(&"é".repeat(100)),
            format!("\"{}\"", "é".repeat(100))
        );
        assert_eq!(
            excerpt(&"é".repeat(101)),
            format!("\"{}\"…", "é".repeat(100))
        );
    }

    #[test]
    fn an_excerpt_shows_no_part_of_a_password() {
        let long = "canary".repeat(100);
        let text = format!("https://user:{long}@host/a");
        assert_eq!(excerpt(&text), r#""https://user:[redacted]@host/a""#);
        assert_eq!(bare_excerpt(&text), "https://user:[redacted]@host/a");
        let described = describe(&Value::from(text));
        assert_eq!(described, r#"the string "https://user:[redacted]@host/a""#);
    }

    #[test]
    fn only_similar_words_are_suggested() {
        let keys = ["apiKey", "hostURL", "base-url"];
        assert_eq!(nearest("api_key", keys), Some("apiKey"));
        assert_eq!(nearest("hostUrl", keys), Some("hostURL"));
        assert_eq!(nearest("bose_url", keys), Some("base-url"));
        assert_eq!(nearest("colour", keys), None);
        assert_eq!(nearest("API_KEY", keys), Some("apiKey"));
        assert_eq!(nearest(&format!("api{}Key", "_".repeat(100)), keys), None);
        assert_eq!(nearest("", keys), None);
    }

    #[test]
    fn one_of_names_all_values() {
        assert_eq!(one_of(&["a"]), r#""a""#);
        assert_eq!(one_of(&["a", "b"]), r#"one of "a", "b""#);
        assert_eq!(one_of(&[]), "nothing, because no value is listed");
    }
}
