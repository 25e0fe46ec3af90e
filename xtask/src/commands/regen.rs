//! `cargo xtask regen`: manifests in, generated files out.

use std::collections::BTreeMap;
use std::time::Instant;

use generator::analysis::Analysis;
use generator::emit;
use generator::model::Integration;
use generator::snapshot::{self, Pin};

use crate::cli;
use crate::error::{Failure, counted};
use crate::input::{self, Input};
use crate::output::{self, Change, ChangeKind, Ours, Target};
use crate::report;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, arguments: &cli::Regen) -> Result<(), Failure> {
    let start = Instant::now();
    if arguments.descriptions && !arguments.update && arguments.from.is_none() {
        return Err(Failure::NoDescriptions);
    }
    let input = if arguments.update {
        let repository = arguments.repo.as_deref().unwrap_or(crate::UPSTREAM);
        input::from_commit(
            super::fetch(workspace, repository, arguments.rev.as_deref())?,
            repository,
        )
    } else {
        super::read_input(workspace, arguments.from.as_deref())?
    };
    let analysis = super::analyse_input(workspace, &input)?;
    if analysis.has_errors() || arguments.strict {
        anstream::eprint!(
            "{}",
            report::diagnostics(&analysis.diagnostics, &input.sources)
        );
    }
    super::accept(&analysis, arguments.strict)?;

    let changes = changes(workspace, arguments, &input, &analysis)?;
    if arguments.check {
        crate::print(&report::changes(&changes, workspace))?;
    } else {
        output::apply(&changes)?;
        warn_of_foreign(&changes, workspace);
    }
    let written = changes
        .iter()
        .filter(|change| arguments.check || change.kind != ChangeKind::Foreign)
        .count();
    crate::print(&format!(
        "{}, {} ms\n",
        summary(&analysis, written),
        start.elapsed().as_millis()
    ))?;
    if arguments.check && !changes.is_empty() {
        return Err(Failure::Drift(changes.len()));
    }
    Ok(())
}

/// Every difference between what the manifests give and what is on disk, the snapshot first.
fn changes(
    workspace: &Workspace,
    arguments: &cli::Regen,
    input: &Input,
    analysis: &Analysis,
) -> Result<Vec<Change>, Failure> {
    let mut pin = input.pin.clone();
    let mut targets = Vec::new();
    if let Some(origin) = &input.commit {
        let (new_pin, target) = snapshot(workspace, analysis, origin.clone());
        if !arguments.update {
            verify_refetched(workspace, &new_pin)?;
        }
        pin = Some(new_pin);
        targets.push(target);
    }
    let integrations: Vec<&Integration> = analysis
        .entries
        .iter()
        .map(|entry| &entry.integration)
        .collect();
    let options = emit::Options {
        pin: pin.as_ref(),
        descriptions: arguments.descriptions,
    };
    targets.push(Target {
        dir: arguments
            .out
            .clone()
            .unwrap_or_else(|| workspace.integrations()),
        files: emit::files(&integrations, options)?,
        ours: Ours::Marked,
    });
    let changes: Result<Vec<Vec<Change>>, Failure> = targets.iter().map(Target::changes).collect();
    Ok(changes?.into_iter().flatten().collect())
}

/// The snapshot of what was analysed, and its pin with the digest filled in.
pub(super) fn snapshot(workspace: &Workspace, analysis: &Analysis, origin: Pin) -> (Pin, Target) {
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
fn verify_refetched(workspace: &Workspace, fetched: &Pin) -> Result<(), Failure> {
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

fn warn_of_foreign(changes: &[Change], workspace: &Workspace) {
    for change in changes
        .iter()
        .filter(|change| change.kind == ChangeKind::Foreign)
    {
        anstream::eprintln!(
            "{} was not written by this command and is left alone",
            workspace.shown(&change.path)
        );
    }
}

fn summary(analysis: &Analysis, files_changed: usize) -> String {
    let integrations = || analysis.entries.iter().map(|entry| &entry.integration);
    let with_fields = integrations()
        .filter(|integration| !integration.config.fields.is_empty())
        .count();
    let fields: usize = integrations()
        .map(|integration| integration.config.fields.len())
        .sum();
    let enums = integrations()
        .flat_map(Integration::structs)
        .flat_map(|values| &values.fields)
        .filter(|field| field.enumeration().is_some())
        .count();
    format!(
        "{}, {with_fields} with fields, {}, {}, {} changed, {}",
        counted(analysis.entries.len(), "manifest"),
        counted(fields, "field"),
        counted(enums, "enum"),
        counted(files_changed, "file"),
        counted(analysis.warnings(), "warning"),
    )
}
