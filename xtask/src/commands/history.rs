//! `cargo xtask diff --all`: what each commit of the history changed in the manifests, or its errors.
//!
//! Most commits change one or two manifests. So each version of a manifest is read only once.

use std::collections::HashMap;
use std::rc::Rc;
use std::time::Instant;

use generator::{Diagnostic, Overrides, Source, diff::Diff, model::Integration};

use crate::cli::DiffFormat;
use crate::error::Error;
use crate::lock::{self, Access};
use crate::pipeline;
use crate::render::{self, Outcome, Walk, WalkStep};
use crate::ui::{self, FetchProgress, WalkProgress};
use crate::upstream::{self, BlobId, Commit, History, ListedManifest, ManifestReadError};
use crate::workspace::Workspace;

pub(crate) fn run(
    workspace: &Workspace,
    repository: &str,
    format: DiffFormat,
) -> Result<(), Error> {
    let _lock = lock::workspace(workspace, Access::Write)?;
    let overrides = match pipeline::read_overrides(workspace)? {
        Ok(overrides) => overrides,
        Err(problems) => {
            ui::eprint(render::diagnostics(&problems, &[]));
            return Err(Error::BadInput(problems.len()));
        }
    };
    let progress = FetchProgress::new(repository);
    let request = upstream::Request {
        repository,
        revision: None,
        cache: &workspace.cache(),
    };
    let walk = upstream::history(&request, &mut |step| progress.show(step), |history| {
        if let Some(newest) = history.commits.last() {
            progress.finish(&newest.revision, history.transfer);
        }
        walk(history, &overrides)
    })?;
    ui::print(&match format {
        DiffFormat::Text => render::history_text(&walk),
        DiffFormat::Markdown => render::history_markdown(&walk),
        DiffFormat::Json => render::history_json(&walk),
    })?;
    match walk.failing() {
        0 => Ok(()),
        failing => Err(Error::History {
            failing,
            walked: walk.steps.len(),
        }),
    }
}

fn walk(history: &History, overrides: &Overrides) -> Result<Walk, Error> {
    let start = Instant::now();
    let progress = WalkProgress::new(history.commits.len());
    let mut reader = ManifestCache {
        history,
        overrides,
        known: HashMap::new(),
    };
    let mut trees: Vec<AnalyzedCommit> = Vec::with_capacity(history.commits.len());
    let mut steps = Vec::new();
    for commit in &history.commits {
        progress.advance();
        let tree = reader.tree(commit)?;
        if commit.touches_manifests(&history.commits) {
            let before = commit.parents.first().map(|place| &trees[*place]);
            steps.push(WalkStep {
                revision: commit.revision.clone(),
                committed: commit.committed.clone(),
                subject: commit.subject.clone(),
                outcome: outcome(before, &tree),
            });
        }
        trees.push(tree);
    }
    Ok(Walk {
        commits: history.commits.len(),
        manifests_read: reader.known.len(),
        steps,
        milliseconds: start.elapsed().as_millis(),
    })
}

fn outcome(before: Option<&AnalyzedCommit>, tree: &AnalyzedCommit) -> Outcome {
    match before {
        _ if !tree.errors.is_empty() => {
            let known = before.map_or(&[][..], |before| &before.errors);
            let errors = tree.errors.iter();
            let new = errors.filter(|error| !known.contains(error)).cloned();
            Outcome::Fails {
                errors: tree.errors.len(),
                new: new.collect(),
            }
        }
        Some(before) if before.errors.is_empty() => {
            Outcome::changed(Diff::between(&before.without(tree), &tree.without(before)))
        }
        Some(_) => Outcome::Fixed,
        None => Outcome::First {
            integrations: tree.manifests.len(),
        },
    }
}

/// The analyzed manifests of a commit.
struct AnalyzedCommit {
    manifests: Vec<Rc<AnalyzedManifest>>,
    /// The errors, one line each.
    errors: Vec<String>,
}

/// One version of a manifest, analyzed.
struct AnalyzedManifest {
    integration: Option<Integration>,
    origin: String,
    errors: Vec<String>,
}

impl AnalyzedCommit {
    /// The integrations, without those that `other` has from the same version of the manifest.
    fn without(&self, other: &Self) -> Vec<&Integration> {
        let shared = |manifest: &&Rc<AnalyzedManifest>| {
            !other
                .manifests
                .iter()
                .any(|same| Rc::ptr_eq(manifest, same))
        };
        let manifests = self.manifests.iter().filter(shared);
        manifests
            .filter_map(|manifest| manifest.integration.as_ref())
            .collect()
    }
}

/// Reads manifests and caches the results.
struct ManifestCache<'a> {
    history: &'a History,
    overrides: &'a Overrides,
    /// The cache. The key includes the integration's key, because the model depends on it.
    known: HashMap<(String, Result<BlobId, ManifestReadError>), Rc<AnalyzedManifest>>,
}

impl ManifestCache<'_> {
    fn tree(&mut self, commit: &Commit) -> Result<AnalyzedCommit, Error> {
        let listed = commit.manifests.iter();
        let manifests: Vec<Rc<AnalyzedManifest>> = listed
            .map(|listed| self.manifest(listed))
            .collect::<Result<_, _>>()?;
        let mut errors: Vec<String> = manifests
            .iter()
            .flat_map(|manifest| manifest.errors.clone())
            .collect();
        let integrations = manifests.iter().filter_map(|manifest| {
            Some((manifest.integration.as_ref()?, manifest.origin.as_str()))
        });
        errors.extend(error_lines(&generator::module_collisions(integrations)));
        Ok(AnalyzedCommit { manifests, errors })
    }

    fn manifest(&mut self, listed: &ListedManifest) -> Result<Rc<AnalyzedManifest>, Error> {
        let id = (listed.key.clone(), listed.content);
        if let Some(known) = self.known.get(&id) {
            return Ok(Rc::clone(known));
        }
        let (integration, problems) = match listed.content {
            Ok(content) => {
                let source = Source {
                    key: listed.key.clone(),
                    origin: listed.path.clone(),
                    bytes: self.history.read(content)?,
                };
                let report = generator::analyze_source(&source, self.overrides);
                (
                    report.analyzed.map(|analyzed| analyzed.integration),
                    report.diagnostics,
                )
            }
            Err(reason) => {
                let message = format!("the manifest {reason}");
                let problem = generator::read_error(Some(&listed.key), &listed.path, message);
                (None, vec![problem])
            }
        };
        let mut errors = error_lines(&problems);
        if let (true, Some(integration)) = (errors.is_empty(), &integration) {
            let emitted = generator::emit(&[integration], generator::EmitOptions::default());
            errors.extend(emitted.err().map(|error| error.to_string()));
        }
        let manifest = Rc::new(AnalyzedManifest {
            integration,
            origin: listed.path.clone(),
            errors,
        });
        self.known.insert(id, Rc::clone(&manifest));
        Ok(manifest)
    }
}

/// The errors among the diagnostics.
fn error_lines(diagnostics: &[Diagnostic]) -> Vec<String> {
    let errors = diagnostics.iter().filter(|problem| problem.is_error());
    errors.map(ToString::to_string).collect()
}
