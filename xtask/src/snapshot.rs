//! The snapshot that manifests/ should hold.

use std::collections::BTreeMap;

use generator::analysis::Analysis;
use generator::snapshot::{self, Pin};

use crate::comparison::{Ours, Target};
use crate::error::Failure;
use crate::input;
use crate::workspace::Workspace;

/// The snapshot of what was analysed, and its pin with the digest filled in.
pub(crate) fn target(workspace: &Workspace, analysis: &Analysis, origin: Pin) -> (Pin, Target) {
    let texts: BTreeMap<&str, String> = analysis
        .entries
        .iter()
        .map(|entry| {
            (
                entry.integration.key.as_str(),
                snapshot::to_json(&entry.manifest),
            )
        })
        .collect();
    let digest = snapshot::digest(texts.iter().map(|(key, text)| (*key, text.as_bytes())));
    let pin = Pin { digest, ..origin };
    let mut files: BTreeMap<String, String> = texts
        .into_iter()
        .map(|(key, text)| (snapshot::file_name(key), text))
        .collect();
    files.insert(snapshot::PIN_FILE.to_owned(), pin.to_json());
    (
        pin,
        Target {
            dir: workspace.manifests(),
            files,
            ours: Ours::Snapshot,
        },
    )
}

/// A pinned commit that was fetched again must give what was pinned.
pub(crate) fn verify_refetched(workspace: &Workspace, fetched: &Pin) -> Result<(), Failure> {
    match input::read_pin(&workspace.manifests())? {
        Some(pin) if pin.digest != fetched.digest => Err(Failure::Digest {
            dir: workspace.manifests(),
            revision: pin.revision,
            pinned: pin.digest,
            found: fetched.digest.clone(),
        }),
        _ => Ok(()),
    }
}
