//! Passwords in URLs, which nothing shows although the URL isn't secret.
//!
//! A user without a password is taken for a token: `https://token@host`.

use std::borrow::Cow;
use std::ops::Range;

use super::uri;

/// The passwords in the URLs of a string, which may be a URL or have some in it.
#[cfg(feature = "client")]
pub(crate) fn passwords(text: &str) -> impl Iterator<Item = &str> {
    let ranges = ranges(text).into_iter().chain(range_in_broken(text));
    ranges.filter_map(|range| text.get(range))
}

/// The string to show to people, with `[redacted]` for each password.
pub(crate) fn without_passwords(text: &str) -> Cow<'_, str> {
    match range_in_broken(text) {
        Some(range) => replace(text, vec![range]),
        None => replace(text, ranges(text)),
    }
}

/// As [`without_passwords`], for a string that should be a URL and isn't one, so that nobody knows
/// where its password begins and ends: it may have no scheme, or characters that would have to be
/// escaped.
pub(crate) fn without_passwords_in_no_uri(text: &str) -> Cow<'_, str> {
    replace(text, range_in_no_uri(text).into_iter().collect())
}

fn replace(text: &str, ranges: Vec<Range<usize>>) -> Cow<'_, str> {
    let mut shown = Cow::Borrowed(text);
    // From the end, so that those before stay where they are.
    for range in ranges.into_iter().rev() {
        shown.to_mut().replace_range(range, "[redacted]");
    }
    shown
}

const SCHEME_END: &str = "://";

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

/// Of a string that is meant to be a URL, and isn't a URI.
fn range_in_broken(text: &str) -> Option<Range<usize>> {
    let is_scheme = |char: char| char.is_ascii_alphanumeric() || "+-.".contains(char);
    let (scheme, _) = text.trim_start().split_once(SCHEME_END)?;
    if !scheme.chars().all(is_scheme) || uri::check(text).is_ok() {
        return None;
    }
    range_in_no_uri(text)
}

fn range_in_no_uri(text: &str) -> Option<Range<usize>> {
    let start = text
        .find(SCHEME_END)
        .map_or(0, |scheme| scheme + SCHEME_END.len());
    range_in_authority(text.get(start..)?, start)
}

/// What is secret before the last `@`: the password, or else the user. The authority begins at
/// `start`.
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
    fn only_the_password_is_hidden() {
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
            // In one another, and several.
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
            // No URIs, but meant to be.
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
            // No URLs.
            ("me@example.com: hello", "me@example.com: hello"),
            ("a:b@c", "a:b@c"),
            ("", ""),
        ] {
            assert_eq!(without_passwords(text), shown, "{text}");
        }
    }

    #[cfg(feature = "client")]
    #[test]
    fn every_password_is_known() {
        let found: Vec<&str> = passwords("see x://a:1@b, y://c@d").collect();
        assert_eq!(found, ["1", "c"]);
        // With the space it's no URI, and what is one password may be all up to the last `@`.
        let found: Vec<&str> = passwords("x://a:1@b y://c:2@d").collect();
        assert_eq!(found, ["1", "2", "1@b y://c:2"]);
        assert_eq!(passwords("https://example.com").next(), None);
    }

    #[test]
    fn what_should_be_a_uri_hides_more() {
        for (text, shown) in [
            ("user:canary@host", "user:[redacted]@host"),
            ("//user:canary@host", "//user:[redacted]@host"),
            ("https:/user:canary@host", "https:[redacted]@host"),
            ("canary@host", "[redacted]@host"),
            ("://u:can/ary@host", "://u:[redacted]@host"),
            ("example.com", "example.com"),
        ] {
            assert_eq!(without_passwords_in_no_uri(text), shown, "{text}");
        }
    }
}
