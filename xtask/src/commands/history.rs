//! `cargo xtask diff --all`: what each commit that touched a manifest changed for users, or why
//! nothing can be generated from it.
//!
//! Each manifest is read once, however many commits have it: most commits touch one or two.

use std::collections::HashMap;
use std::rc::Rc;
use std::time::Instant;

use generator::{Diagnostic, Overrides, Source, diff::Diff, model::Integration};

use crate::cli::DiffFormat;
use crate::error::Error;
use crate::lock::{self, Access};
use crate::pipeline;
use crate::render::{self, Outcome, Step, Walk};
use crate::ui::{self, FetchProgress, WalkProgress};
use crate::upstream::{self, BlobId, Commit, History, Listed, Unreadable};
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
    let mut reader = Reader {
        history,
        overrides,
        known: HashMap::new(),
    };
    let mut trees: Vec<CommitManifests> = Vec::with_capacity(history.commits.len());
    let mut steps = Vec::new();
    for commit in &history.commits {
        progress.advance();
        let tree = reader.tree(commit)?;
        if commit.touches_manifests(&history.commits) {
            let before = commit.parents.first().map(|place| &trees[*place]);
            steps.push(Step {
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

fn outcome(before: Option<&CommitManifests>, tree: &CommitManifests) -> Outcome {
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
        Some(_) => Outcome::Mended,
        None => Outcome::First {
            integrations: tree.manifests.len(),
        },
    }
}

/// The manifests of a commit.
struct CommitManifests {
    manifests: Vec<Rc<ParsedManifest>>,
    /// Why nothing can be generated from them, each in one line.
    errors: Vec<String>,
}

/// A manifest that was read.
struct ParsedManifest {
    integration: Option<Integration>,
    origin: String,
    errors: Vec<String>,
}

impl CommitManifests {
    /// Its integrations, without those that another tree has from the very same manifest.
    fn without(&self, other: &Self) -> Vec<&Integration> {
        let shared = |manifest: &&Rc<ParsedManifest>| {
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

/// Reads manifests, each once.
struct Reader<'a> {
    history: &'a History,
    overrides: &'a Overrides,
    /// By key and content: what is generated depends on both.
    known: HashMap<(String, Result<BlobId, Unreadable>), Rc<ParsedManifest>>,
}

impl Reader<'_> {
    fn tree(&mut self, commit: &Commit) -> Result<CommitManifests, Error> {
        let listed = commit.manifests.iter();
        let manifests: Vec<Rc<ParsedManifest>> = listed
            .map(|listed| self.manifest(listed))
            .collect::<Result<_, _>>()?;
        let mut errors: Vec<String> = manifests
            .iter()
            .flat_map(|manifest| manifest.errors.clone())
            .collect();
        let integrations = manifests.iter().filter_map(|manifest| {
            Some((manifest.integration.as_ref()?, manifest.origin.as_str()))
        });
        errors.extend(one_lines(&generator::module_collisions(integrations)));
        Ok(CommitManifests { manifests, errors })
    }

    fn manifest(&mut self, listed: &Listed) -> Result<Rc<ParsedManifest>, Error> {
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
                let problem = generator::unreadable(Some(&listed.key), &listed.path, message);
                (None, vec![problem])
            }
        };
        let mut errors = one_lines(&problems);
        if let (true, Some(integration)) = (errors.is_empty(), &integration) {
            let emitted = generator::emit(&[integration], generator::Options::default());
            errors.extend(emitted.err().map(|error| error.to_string()));
        }
        let manifest = Rc::new(ParsedManifest {
            integration,
            origin: listed.path.clone(),
            errors,
        });
        self.known.insert(id, Rc::clone(&manifest));
        Ok(manifest)
    }
}

/// The errors among them.
fn one_lines(diagnostics: &[Diagnostic]) -> Vec<String> {
    let errors = diagnostics.iter().filter(|problem| problem.is_error());
    errors.map(ToString::to_string).collect()
}
