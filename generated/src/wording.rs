//! The words that errors share: how a value is named, cut and escaped, and what is near a name.

use std::fmt::Write as _;

use serde_json::Value;

use crate::values::password::without_passwords;

/// `Debug` of an error says what `Display` says: it is what a `main` that returns the error prints.
macro_rules! debug_as_display {
    ($name:ident) => {
        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(self, f)
            }
        }
    };
}

pub(crate) use debug_as_display;

/// More of a refused text than this helps nobody and floods a log.
const LONGEST_EXCERPT: usize = 100;

/// The beginning of `text`, quoted and escaped, so that it can't break a line or a terminal.
/// Passwords in URLs are redacted: before it is cut, since half a URL isn't known for one.
pub(crate) fn excerpt(text: &str) -> String {
    let text = without_passwords(text);
    let (beginning, ellipsis) = cut(&text);
    format!("{beginning:?}{ellipsis}")
}

/// As [`excerpt`], without the quotes.
pub(crate) fn bare_excerpt(text: &str) -> String {
    let text = without_passwords(text);
    let (beginning, ellipsis) = cut(&text);
    format!("{}{ellipsis}", beginning.escape_debug())
}

/// `text` in one line that can't trick a terminal, cut after so many characters.
#[cfg(feature = "client")]
pub(crate) fn escaped(text: &str, most: usize) -> String {
    let end = text.char_indices().nth(most).map(|(end, _)| end);
    let (shown, ellipsis) = match end {
        Some(end) => (&text[..end], "…"),
        None => (text, ""),
    };
    let mut line = String::with_capacity(shown.len() + ellipsis.len());
    for character in shown.chars() {
        match character {
            // Harmless, and harder to read with a backslash.
            '"' | '\'' | '\\' => line.push(character),
            _ => line.extend(character.escape_debug()),
        }
    }
    line + ellipsis
}

fn cut(text: &str) -> (&str, &'static str) {
    match text.char_indices().nth(LONGEST_EXCERPT) {
        Some((end, _)) => (&text[..end], "…"),
        None => (text, ""),
    }
}

/// What `value` is, without a word of what it holds.
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

/// What `value` is and, where short, what it holds. Never for a secret.
pub(crate) fn describe(value: &Value) -> String {
    match value {
        Value::Bool(value) => format!("the boolean {value}"),
        Value::Number(value) => format!("the number {}", bare_excerpt(&value.to_string())),
        Value::String(value) => format!("the string {}", excerpt(value)),
        Value::Null | Value::Array(_) | Value::Object(_) => json_type(value).to_owned(),
    }
}

/// `"a"`, or `one of "a", "b"`, or that there is nothing to choose from.
pub(crate) fn one_of(texts: &[&str]) -> String {
    let mut words = String::from(match texts.len() {
        0 => "nothing, as no value is listed",
        1 => "",
        _ => "one of ",
    });
    for (position, text) in texts.iter().enumerate() {
        let comma = if position == 0 { "" } else { ", " };
        // Writing to a String can't fail.
        let _ = write!(words, "{comma}{text:?}");
    }
    words
}

/// The candidate that `word` was probably meant to be.
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

/// By how many letters the two differ. Other casings and separators of one name (`api_key`,
/// `apiKey`) count as the same.
pub(crate) fn distance(word: &str, candidate: &str) -> Option<usize> {
    // A near miss is short; comparing costs the product of both lengths.
    if word.len() > LONGEST_EXCERPT {
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
    fn near_misses_are_found_and_far_ones_are_not() {
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
    fn lists_read_well() {
        assert_eq!(one_of(&["a"]), r#""a""#);
        assert_eq!(one_of(&["a", "b"]), r#"one of "a", "b""#);
        assert_eq!(one_of(&[]), "nothing, as no value is listed");
    }
}
