//! Passwords in URLs. They are redacted even if the URL isn't secret.
//!
//! A user name without a password is treated as a token: `https://token@host`.
//!
//! Functions are `#[inline]`, so that only programs that call them compile them.

use std::borrow::Cow;
use std::ops::Range;

use super::redacted::REDACTED;
use super::uri;

/// The passwords in a string that is a URL or contains URLs.
#[cfg(feature = "client")]
pub(crate) fn passwords(text: &str) -> impl Iterator<Item = &str> {
    let ranges = ranges(text).into_iter().chain(range_in_invalid_url(text));
    ranges.filter_map(|range| text.get(range))
}

/// The string in which each password is replaced by `[redacted]`.
#[inline]
pub(crate) fn without_passwords(text: &str) -> Cow<'_, str> {
    match range_in_invalid_url(text) {
        Some(range) => replace(text, vec![range]),
        None => replace(text, ranges(text)),
    }
}

/// Like [`without_passwords`], but redacts everything that may be part of a password. For a string that should
/// be a URL and isn't valid: it may lack the scheme, or contain characters that must be escaped.
#[inline]
pub(crate) fn without_possible_passwords(text: &str) -> Cow<'_, str> {
    replace(text, possible_range(text).into_iter().collect())
}

#[inline]
fn replace(text: &str, ranges: Vec<Range<usize>>) -> Cow<'_, str> {
    let mut shown = Cow::Borrowed(text);
    // From the end, because a replacement moves the ranges after it.
    for range in ranges.into_iter().rev() {
        shown.to_mut().replace_range(range, REDACTED);
    }
    shown
}

const SCHEME_END: &str = "://";

#[inline]
fn ranges(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut next = text.find(SCHEME_END);
    while let Some(scheme) = next {
        let start = scheme + SCHEME_END.len();
        let rest = text.get(start..).unwrap_or_default();
        let ends_authority = |char: char| char.is_whitespace() || "/?#\"<>".contains(char);
        let end = rest.find(ends_authority).unwrap_or(rest.len());
        let authority = rest.get(..end).unwrap_or_default();
        ranges.extend(range_in_authority(authority, start));
        next = rest.find(SCHEME_END).map(|scheme| start + scheme);
    }
    ranges
}

/// The password in a string that looks like a URL and isn't a valid URI.
#[inline]
fn range_in_invalid_url(text: &str) -> Option<Range<usize>> {
    let is_scheme = |char: char| char.is_ascii_alphanumeric() || "+-.".contains(char);
    let (scheme, _) = text.trim_start().split_once(SCHEME_END)?;
    if !scheme.chars().all(is_scheme) || uri::check(text).is_ok() {
        return None;
    }
    possible_range(text)
}

/// The longest range that may be a password.
#[inline]
fn possible_range(text: &str) -> Option<Range<usize>> {
    let start = text
        .find(SCHEME_END)
        .map_or(0, |scheme| scheme + SCHEME_END.len());
    range_in_authority(text.get(start..)?, start)
}

/// The password before the last `@` or, if there is none, the user name. `start` is the position of the
/// authority.
#[inline]
fn range_in_authority(authority: &str, start: usize) -> Option<Range<usize>> {
    let (user_info, _) = authority.rsplit_once('@')?;
    let (user, password) = user_info.split_once(':').unwrap_or((user_info, ""));
    let range = if password.is_empty() {
        start..start + user.len()
    } else {
        start + user_info.len() - password.len()..start + user_info.len()
    };
    (!range.is_empty()).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_is_redacted() {
        for (text, shown) in [
            ("https://example.com", "https://example.com"),
            (
                "https://user:p%40ss@example.com:8443/a?b#c",
                "https://user:[redacted]@example.com:8443/a?b#c",
            ),
            (
                "https://user:pa:ss@[::1]/",
                "https://user:[redacted]@[::1]/",
            ),
            ("redis://:canary@host", "redis://:[redacted]@host"),
            ("https://token@host/a", "https://[redacted]@host/a"),
            ("https://token:@host/a", "https://[redacted]:@host/a"),
            ("https://@host", "https://@host"),
            ("https://:@host", "https://:@host"),
            ("https://host/a:b@c", "https://host/a:b@c"),
            ("https://host/?a:b@c", "https://host/?a:b@c"),
            ("https://host:80/#a:b@c", "https://host:80/#a:b@c"),
            // Nested URLs, and several URLs.
            (
                "https://host/?next=https://u:canary@h/x",
                "https://host/?next=https://u:[redacted]@h/x",
            ),
            (
                "https://a:canary@b,https://c:canary@d",
                "https://a:[redacted]@b,https://c:[redacted]@d",
            ),
            (
                "see https://u:canary@h/x or <ftp://c@h>",
                "see https://u:[redacted]@h/x or <ftp://[redacted]@h>",
            ),
            // Invalid URIs.
            (
                "https://user:ca nary@host/a",
                "https://user:[redacted]@host/a",
            ),
            (
                "https://user:canary/canary#@ho st",
                "https://user:[redacted]@ho st",
            ),
            (" https://user:c@nary@host", " https://user:[redacted]@host"),
            (
                "mongodb://u:canary@h1:1,h2:2/db",
                "mongodb://u:[redacted]@h1:1,h2:2/db",
            ),
            // Not URLs.
            ("me@example.com: hello", "me@example.com: hello"),
            ("a:b@c", "a:b@c"),
            ("", ""),
        ] {
            assert_eq!(without_passwords(text), shown, "{text}");
        }
    }

    #[cfg(feature = "client")]
    #[test]
    fn every_password_is_found() {
        let found: Vec<&str> = passwords("see x://a:1@b, y://c@d").collect();
        assert_eq!(found, ["1", "c"]);
        // The space makes it an invalid URI, so everything up to the last `@` may be one password.
        let found: Vec<&str> = passwords("x://a:1@b y://c:2@d").collect();
        assert_eq!(found, ["1", "2", "1@b y://c:2"]);
        assert_eq!(passwords("https://example.com").next(), None);
    }

    #[test]
    fn more_is_redacted_in_an_invalid_uri() {
        for (text, shown) in [
            ("user:canary@host", "user:[redacted]@host"),
            ("//user:canary@host", "//user:[redacted]@host"),
            ("https:/user:canary@host", "https:[redacted]@host"),
            ("canary@host", "[redacted]@host"),
            ("://u:can/ary@host", "://u:[redacted]@host"),
            ("example.com", "example.com"),
        ] {
            assert_eq!(without_possible_passwords(text), shown, "{text}");
        }
    }
}
