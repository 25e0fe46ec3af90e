//! [`Redactor`]: cuts what was sent in secret out of what comes back.

mod matcher;
mod steps;
#[cfg(test)]
mod tests;

use std::ops::Range;

use secrecy::zeroize::Zeroizing;
use serde_json::{Map, Value};

use matcher::Needles;
use steps::Text;

use crate::SecretJson;

/// What stands where a secret was.
const REDACTED: &str = "[redacted]";

/// Members whose values are all redacted, whatever they hold.
const CONFIG: [&str; 3] = ["config", "configValues", "serviceConfig"];

/// Members beside these that hold such values, too, in old audit log subscriptions.
const BESIDE_CONFIG: [&str; 2] = ["apiKey", "url"];

/// In characters: a shorter secret is part of many words.
const SHORTEST: usize = 4;

/// In bytes, for a string in JSON that is a secret as a whole.
const SHORTEST_PART: usize = 8;

/// How many times a string may hold JSON that holds a string that holds JSON.
const NESTED_JSON: u32 = 3;

/// Cuts secrets out of the texts of a response.
///
/// A secret is found however a server writes it: raw, escaped as in JSON, URLs or HTML, in any
/// mix of these, also twice. What it knows of the secrets is zeroized on drop.
pub(crate) struct Redactor {
    secrets: Needles,
    /// Those that are redacted only where they stand alone.
    short: Needles,
}

impl Redactor {
    /// Redacts these secrets. One that is shorter than four characters is redacted only where it
    /// stands alone, and an empty one nowhere.
    pub(crate) fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let mut all = Vec::new();
        for secret in secrets {
            all.push(Zeroizing::new(secret.to_owned()));
            // A password in a URL comes back as it was meant, too.
            all.push(Zeroizing::new(Text::whole(secret).percent_decoded()));
            // A file of credentials comes back in parts.
            if may_be_json(secret) {
                let parsed = serde_json::from_str(secret).map(|json: Value| SecretJson::from(json));
                for json in parsed.iter().map(SecretJson::expose_secret) {
                    strings(json, &mut all);
                }
            }
        }
        all.sort_unstable_by(|one, other| one.as_str().cmp(other.as_str()));
        all.dedup();
        let (short, long): (Vec<_>, Vec<_>) = all
            .into_iter()
            .partition(|secret| secret.chars().count() < SHORTEST);
        Self {
            secrets: Needles::new(&long),
            short: Needles::new(&short),
        }
    }

    /// The string with every secret replaced by `[redacted]`.
    pub(crate) fn text(&self, text: &str) -> String {
        replace(text, self.find(&Text::whole(text)))
    }

    fn find(&self, text: &Text<'_>) -> Vec<Range<usize>> {
        let mut found = self.secrets.find(text);
        let short = self.short.find(text);
        found.extend(short.into_iter().filter(|range| text.is_alone(range)));
        found
    }

    /// Redacts all strings of some JSON, keys included, and every value below a member that holds
    /// values of form variables, whatever its content.
    pub(crate) fn json(&self, value: &mut Value) {
        self.nested_json(value, NESTED_JSON);
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
                let beside = members.keys().any(|key| CONFIG.contains(&key.as_str()));
                self.members(members, |key, member| {
                    if CONFIG.contains(&key) || (beside && BESIDE_CONFIG.contains(&key)) {
                        self.hide(member);
                    } else {
                        self.nested_json(member, depth);
                    }
                });
            }
        }
    }

    /// A string, which may hold JSON itself.
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

    /// Replaces everything but the structure and its keys.
    fn hide(&self, value: &mut Value) {
        match value {
            Value::Array(elements) => elements.iter_mut().for_each(|element| self.hide(element)),
            Value::Object(members) => self.members(members, |_, member| self.hide(member)),
            _ => *value = Value::from(REDACTED),
        }
    }

    fn members(&self, members: &mut Map<String, Value>, change: impl Fn(&str, &mut Value)) {
        for (key, mut member) in std::mem::take(members) {
            change(&key, &mut member);
            members.insert(self.text(&key), member);
        }
    }

    /// The part of a response's body that an error keeps: at most `limit` bytes of UTF-8.
    ///
    /// JSON is redacted parsed, and written again. All other bodies may have been cut, by the
    /// connection or at a limit: if one ends in the first part of a secret, that is redacted,
    /// too.
    pub(crate) fn body(&self, body: &[u8], limit: usize) -> Vec<u8> {
        let mut text = match serde_json::from_slice::<Value>(body) {
            // A number may be the first part of a longer one.
            Ok(mut value) if !value.is_number() => {
                self.json(&mut value);
                value.to_string()
            }
            _ => self.cut_text(&lossy(body)),
        };
        let mut end = text.len().min(limit);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text.into_bytes()
    }

    /// As [`text`](Self::text), for a text that may be cut, and may be broken JSON.
    fn cut_text(&self, text: &str) -> String {
        let mut ranges = self.find(&Text::cut(text));
        ranges.extend(config_start(text).map(|start| start..text.len()));
        replace(text, ranges)
    }
}

fn may_be_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

/// The strings of a secret that is JSON, but those that may be words of any message.
fn strings(json: &Value, found: &mut Vec<Zeroizing<String>>) {
    match json {
        Value::String(text) if text.len() >= SHORTEST_PART => {
            found.push(Zeroizing::new(text.clone()));
        }
        Value::Array(elements) => elements.iter().for_each(|element| strings(element, found)),
        Value::Object(members) => members.values().for_each(|member| strings(member, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Where the first member that holds values of form variables has its value. Only a parser would
/// know where that ends.
fn config_start(text: &str) -> Option<usize> {
    let start = |names: &[&str]| {
        let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
        Needles::new(&quoted).member_start(&Text::whole(text))
    };
    let [config, config_values, service_config] = CONFIG;
    let [api_key, url] = BESIDE_CONFIG;
    // By the alphabet the key comes before `config`, and the text may end between them.
    let first = start(&[config, config_values, service_config, api_key])?;
    Some(start(&[url]).map_or(first, |url| first.min(url)))
}

/// The text with each of these ranges replaced. Those that overlap become one.
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

/// The bytes as text, without a character at the end of which only the first bytes are there.
fn lossy(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let mut chunks = bytes.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        text.push_str(chunk.valid());
        let cut = chunks.peek().is_none()
            && std::str::from_utf8(chunk.invalid()).is_err_and(|error| error.error_len().is_none());
        if !chunk.invalid().is_empty() && !cut {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    text
}
