//! [`Redactor`]: redacts the secrets of a request in its response.

mod haystack;
mod needles;
#[cfg(test)]
mod tests;

use std::ops::Range;

use secrecy::zeroize::Zeroizing;
use serde_json::{Map, Value};

use haystack::Haystack;
use needles::Needles;

use crate::SecretJson;
use crate::values::{REDACTED, visit_strings};

/// Members with values of form variables. All their values are redacted.
const VALUES: [&str; 3] = ["config", "configValues", "serviceConfig"];

/// Members that are secret if one of [`VALUES`] is in the same object, as in legacy audit log subscriptions.
const BESIDE_VALUES: [&str; 2] = ["apiKey", "url"];

/// The minimum length in characters of a secret that is redacted everywhere. A shorter one is a part of many
/// words.
const MIN_LEN: usize = 4;

/// The minimum length in bytes of a string in a secret that is JSON.
const MIN_PART_LEN: usize = 8;

/// How deep JSON strings that contain JSON are parsed.
const MAX_JSON_DEPTH: u32 = 3;

/// Redacts secrets in a response.
///
/// It finds a secret that is unescaped, or escaped for JSON, URLs or HTML, even several times and in any
/// combination. Its copies of the secrets are zeroized on drop.
pub(crate) struct Redactor {
    secrets: Needles,
    /// Secrets that are redacted only as whole words.
    short: Needles,
}

impl Redactor {
    /// Creates a redactor for these secrets. A secret of less than four characters is redacted only as a
    /// whole word. An empty one is ignored.
    pub(crate) fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let mut all = Vec::new();
        for secret in secrets {
            all.push(Zeroizing::new(secret.to_owned()));
            // A server may decode a password in a URL.
            all.push(Zeroizing::new(Haystack::complete(secret).percent_decoded()));
            // A server may repeat a part of a credentials file.
            if may_be_json(secret) {
                let parsed = serde_json::from_str(secret).map(|json: Value| SecretJson::from(json));
                for json in parsed.iter().map(SecretJson::expose_secret) {
                    visit_strings(json, &mut |text| {
                        // A shorter one may be a word of any message.
                        if text.len() >= MIN_PART_LEN {
                            all.push(Zeroizing::new(text.to_owned()));
                        }
                    });
                }
            }
        }
        all.sort_unstable_by(|one, other| one.as_str().cmp(other.as_str()));
        all.dedup();
        let (short, long): (Vec<_>, Vec<_>) = all
            .into_iter()
            .partition(|secret| secret.chars().count() < MIN_LEN);
        Self {
            secrets: Needles::new(&long),
            short: Needles::new(&short),
        }
    }

    /// Replaces every secret with `[redacted]`.
    pub(crate) fn text(&self, text: &str) -> String {
        replace(text, self.find(&Haystack::complete(text)))
    }

    fn find(&self, haystack: &Haystack<'_>) -> Vec<Range<usize>> {
        let mut found = self.secrets.find(haystack);
        let short = self.short.find(haystack);
        found.extend(
            short
                .into_iter()
                .filter(|range| haystack.is_whole_word(range)),
        );
        found
    }

    /// Redacts secrets in all strings and keys, and all values of form variables.
    pub(crate) fn json(&self, value: &mut Value) {
        self.nested_json(value, MAX_JSON_DEPTH);
    }

    fn nested_json(&self, value: &mut Value, depth: u32) {
        match value {
            Value::Null | Value::Bool(_) => {}
            Value::Number(number) => {
                let text = number.to_string();
                let redacted = self.text(&text);
                if redacted != text {
                    *value = Value::String(redacted);
                }
            }
            Value::String(text) => *text = self.string(text, depth),
            Value::Array(elements) => {
                for element in elements {
                    self.nested_json(element, depth);
                }
            }
            Value::Object(members) => {
                let has_values = members.keys().any(|key| VALUES.contains(&key.as_str()));
                self.members(members, |key, member| {
                    if VALUES.contains(&key) || (has_values && BESIDE_VALUES.contains(&key)) {
                        self.redact_all(member);
                    } else {
                        self.nested_json(member, depth);
                    }
                });
            }
        }
    }

    /// Redacts a string that may contain JSON.
    fn string(&self, text: &str, depth: u32) -> String {
        let text = self.text(text);
        if depth == 0 || !may_be_json(&text) {
            return text;
        }
        match serde_json::from_str::<Value>(&text) {
            Ok(mut json) => {
                self.nested_json(&mut json, depth - 1);
                json.to_string()
            }
            Err(_) => text,
        }
    }

    /// Replaces all values. Keeps the structure and the keys.
    fn redact_all(&self, value: &mut Value) {
        match value {
            Value::Array(elements) => elements
                .iter_mut()
                .for_each(|element| self.redact_all(element)),
            Value::Object(members) => self.members(members, |_, member| self.redact_all(member)),
            _ => *value = Value::from(REDACTED),
        }
    }

    fn members(&self, members: &mut Map<String, Value>, change: impl Fn(&str, &mut Value)) {
        for (key, mut member) in std::mem::take(members) {
            change(&key, &mut member);
            members.insert(self.text(&key), member);
        }
    }

    /// The redacted body that an error keeps: at most `limit` bytes of UTF-8.
    ///
    /// JSON is parsed, redacted and serialized. Any other body may be truncated, so the beginning of a secret
    /// at its end is redacted, too.
    pub(crate) fn body(&self, body: &[u8], limit: usize) -> Vec<u8> {
        let mut text = match serde_json::from_slice::<Value>(body) {
            // A number may be truncated.
            Ok(mut value) if !value.is_number() => {
                self.json(&mut value);
                value.to_string()
            }
            _ => self.truncated_text(&lossy(body)),
        };
        let mut end = text.len().min(limit);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text.into_bytes()
    }

    /// Like [`text`](Self::text), for a string that may be truncated, and may be incomplete JSON.
    fn truncated_text(&self, text: &str) -> String {
        let mut ranges = self.find(&Haystack::truncated(text));
        ranges.extend(values_start(text).map(|start| start..text.len()));
        replace(text, ranges)
    }
}

fn may_be_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

/// The start of the first values of form variables in incomplete JSON. Only a parser could find their end.
fn values_start(text: &str) -> Option<usize> {
    let start = |names: &[&str]| {
        let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
        Needles::new(&quoted).member_start(&Haystack::complete(text))
    };
    let [config, config_values, service_config] = VALUES;
    let [api_key, url] = BESIDE_VALUES;
    // Keys are sorted, so a truncated object may end after `apiKey` and before `config`.
    let first = start(&[config, config_values, service_config, api_key])?;
    Some(start(&[url]).map_or(first, |url| first.min(url)))
}

/// Replaces these ranges. Overlapping ranges become one.
fn replace(text: &str, mut ranges: Vec<Range<usize>>) -> String {
    ranges.sort_unstable_by_key(|range| range.start);
    let mut replaced = String::with_capacity(text.len());
    let mut end = 0;
    for range in ranges {
        if range.start >= end {
            replaced.push_str(text.get(end..range.start).unwrap_or_default());
            replaced.push_str(REDACTED);
        }
        end = end.max(range.end);
    }
    replaced.push_str(text.get(end..).unwrap_or_default());
    replaced
}

/// Decodes UTF-8. Drops an incomplete character at the end.
fn lossy(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let mut chunks = bytes.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        text.push_str(chunk.valid());
        let is_truncated = chunks.peek().is_none()
            && std::str::from_utf8(chunk.invalid()).is_err_and(|error| error.error_len().is_none());
        if !chunk.invalid().is_empty() && !is_truncated {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    text
}
