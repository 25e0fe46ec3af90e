//! The pinned snapshot: manifests reduced to facts, and the pin that names their commit.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::manifest::Manifest;
use crate::naming;

/// `manifests/upstream.json`: the commit that the snapshot comes from, and the snapshot's digest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// The repository's URL.
    pub repository: String,
    /// The commit's full id.
    pub revision: String,
    /// When it was committed, as RFC 3339.
    pub committed: String,
    /// [`digest`] of the snapshot's manifests.
    pub digest: String,
    /// The integrations that are held back, sorted by key.
    #[serde(default, rename = "heldBack", skip_serializing_if = "Vec::is_empty")]
    pub held_back: Vec<HeldBack>,
}

/// An integration whose manifest at the pinned commit has errors.
///
/// The snapshot keeps its last valid manifest, or has none if there never was one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeldBack {
    /// The integration key.
    pub key: String,
    /// The first day on which it was held back, as `YYYY-MM-DD` in UTC.
    pub since: String,
    /// The newest commit whose manifest was rejected.
    pub revision: String,
    /// The errors, one line each.
    pub reason: Vec<String>,
}

impl Pin {
    /// The content of the pin's file: canonical JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        canonical(self)
    }
}

/// The URL of a repository's page, if it is on GitHub.
pub(crate) fn github_pages(repository: &str) -> Option<&str> {
    let pages = repository.strip_suffix(".git").unwrap_or(repository);
    let pages = pages.trim_end_matches('/');
    pages.starts_with("https://github.com/").then_some(pages)
}

/// A manifest's snapshot: canonical JSON of its facts, without prose.
#[must_use]
pub fn to_json(manifest: &Manifest) -> String {
    canonical(manifest)
}

/// JSON in the layout that all our files use: indented by two spaces, with a final newline.
#[must_use]
pub fn canonical(value: &impl Serialize) -> String {
    // This can't fail: all keys are strings, and no `Serialize` implementation of ours returns an error.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

/// The file name of an integration's snapshot.
///
/// `upstream.json` is the pin's file, and some names are devices on Windows. For such a key, the file
/// name begins with an underscore; no key does.
#[must_use]
pub fn file_name(key: &str) -> String {
    if key == PIN_STEM || naming::is_device(key) {
        format!("_{key}.json")
    } else {
        format!("{key}.json")
    }
}

/// The integration key of a snapshot's file name; `None` if the name isn't one of a snapshot.
#[must_use]
pub fn key_of(file_name: &str) -> Option<&str> {
    match file_name.strip_suffix(".json")? {
        PIN_STEM => None,
        stem => Some(stem.strip_prefix('_').unwrap_or(stem)),
    }
}

/// The pin's file name.
pub const PIN_FILE: &str = "upstream.json";
const PIN_STEM: &str = "upstream";

/// The digest of a snapshot: SHA-256 over the length and bytes of each key and text, sorted by key.
#[must_use]
pub fn digest<'a>(snapshot: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> String {
    let mut entries: Vec<_> = snapshot.into_iter().collect();
    entries.sort_unstable();
    let mut hash = Sha256::new();
    for part in entries
        .into_iter()
        .flat_map(|(key, text)| [key.as_bytes(), text])
    {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize()
        .iter()
        .fold("sha256:".to_owned(), |mut hex, byte| {
            // Writing to a `String` doesn't fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reduced(text: &str) -> String {
        to_json(
            &crate::read::manifest(serde_json::from_str(text).unwrap())
                .manifest
                .unwrap(),
        )
    }

    #[test]
    fn prose_and_order_of_properties_do_not_matter() {
        let one = r#"{"formVariables": [{"description": "prose", "placeholder": "p", "type": "string",
            "isSecret": false, "name": "A", "key": "a"}], "overview": "prose", "name": "N", "version": "1.0.0"}"#;
        let other = r#"{"version": "1.0.0", "name": "N",
            "formVariables": [{"key": "a", "isSecret": false, "name": "A", "type": "string"}]}"#;
        assert_eq!(reduced(one), reduced(other));
        assert!(!reduced(one).contains("prose"));
        assert!(reduced(one).ends_with("}\n"));
    }

    #[test]
    fn a_snapshot_of_a_snapshot_is_the_same() {
        let text = r#"{"name": "N", "version": "1.0.0", "requiresOAuth": true, "otherCapabilities": ["sso"],
            "capabilities": {"z": {}, "a": {"formVariables": [{"key": "k", "type": "enum", "allowedValues": ["b", "a"],
            "defaultValue": 7, "dependsOn": [{"b": 1, "a": 2}]}]}}, "formVariables": []}"#;
        assert_eq!(reduced(&reduced(text)), reduced(text));
    }

    #[test]
    fn the_digest_notices_every_move() {
        let base = digest([("a", &b"1"[..]), ("b", b"2")]);
        assert_eq!(base, digest([("b", &b"2"[..]), ("a", b"1")]));
        for other in [
            digest([("a", &b"1"[..])]),
            digest([("a", &b"1b2"[..])]),
            digest([("a", &b"2"[..]), ("b", b"1")]),
        ] {
            assert_ne!(base, other);
        }
    }

    #[test]
    fn an_integration_called_upstream_does_not_replace_the_pin() {
        assert_eq!(file_name("upstream"), "_upstream.json");
        assert_eq!(key_of("_upstream.json"), Some("upstream"));
        assert_eq!(key_of("upstream.json"), None);
        assert_eq!(file_name("con"), "_con.json");
        assert_eq!(key_of("_con.json"), Some("con"));
        assert_eq!(key_of("datadog.json"), Some("datadog"));
        assert_eq!(key_of("overrides.toml"), None);
    }
}
