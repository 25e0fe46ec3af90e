//! `cargo xtask diff --all`: every commit that touched a manifest, what it changed for users, or why
//! it can't be generated from.
//!
//! Each manifest is read once, however many commits have it: most touch one or two of them.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::time::Instant;

use generator::analysis::{self, Reading};
use generator::diagnostic::Diagnostic;
use generator::diff::Diff;
use generator::emit;
use generator::model::Integration;
use generator::overrides::Overrides;
use generator::resolve;
use generator::source::Source;

use crate::cli::DiffFormat;
use crate::console::Console;
use crate::error::Failure;
use crate::git::{self, BlobId, Commit, History, Listed, Unreadable};
use crate::history_report::{self, Outcome, Step, Walk};
use crate::progress::{FetchProgress, WalkProgress};
use crate::report;
use crate::workspace::Workspace;

pub(crate) fn run(
    workspace: &Workspace,
    repository: &str,
    format: DiffFormat,
) -> Result<(), Failure> {
    let overrides = match super::read_overrides(&workspace.overrides())? {
        Ok(overrides) => overrides,
        Err(problems) => {
            workspace
                .console()
                .problems(&report::diagnostics(&problems, &[]));
            return Err(Failure::BadInput(problems.len()));
        }
    };
    let progress = FetchProgress::new(repository, workspace.console());
    let request = git::Request {
        repository,
        revision: None,
        cache: &workspace.cache(),
    };
    let walk = git::history(&request, &mut |step| progress.show(step), |history| {
        if let Some(newest) = history.commits.last() {
            progress.finish(&newest.revision, history.transfer);
        }
        walk(workspace.console(), history, &overrides)
    })?;
    crate::print(&match format {
        DiffFormat::Text => history_report::text(&walk),
        DiffFormat::Markdown => history_report::markdown(&walk),
        DiffFormat::Json => history_report::json(&walk),
    })?;
    match walk.failing() {
        0 => Ok(()),
        failing => Err(Failure::History {
            failing,
            walked: walk.steps.len(),
        }),
    }
}

fn walk(console: &Console, history: &History, overrides: &Overrides) -> Result<Walk, Failure> {
    let start = Instant::now();
    let progress = WalkProgress::new(console, history.commits.len());
    let mut reader = Reader {
        history,
        overrides,
        known: HashMap::new(),
    };
    let mut states: Vec<Rc<State>> = Vec::with_capacity(history.commits.len());
    let mut steps = Vec::new();
    for commit in &history.commits {
        progress.advance();
        let parents = commit.parents.iter();
        let mut same = parents.filter(|place| commit.has_manifests_of(&history.commits[**place]));
        let state = match same.next() {
            Some(place) => Rc::clone(&states[*place]),
            None => Rc::new(reader.state(commit)?),
        };
        if commit.touches_manifests(&history.commits) {
            let before = commit.parents.first().map(|place| &*states[*place]);
            steps.push(step(commit, before, &state));
        }
        states.push(state);
    }
    Ok(Walk {
        commits: history.commits.len(),
        manifests_read: reader.known.len(),
        steps,
        milliseconds: start.elapsed().as_millis(),
    })
}

fn step(commit: &Commit, before: Option<&State>, state: &State) -> Step {
    let outcome = match before {
        _ if !state.errors.is_empty() => {
            let known: HashSet<&String> = before.iter().flat_map(|state| &state.errors).collect();
            let new = state.errors.iter().filter(|error| !known.contains(error));
            Outcome::Fails {
                errors: state.errors.len(),
                new: new.cloned().collect(),
            }
        }
        Some(before) if before.errors.is_empty() => Outcome::changed(between(before, state)),
        Some(_) => Outcome::Mended,
        None => Outcome::First {
            integrations: state.read.len(),
        },
    };
    Step {
        revision: commit.revision.clone(),
        committed: commit.committed.clone(),
        subject: commit.subject.clone(),
        outcome,
    }
}

/// What the manifests of a commit amount to.
struct State {
    read: Vec<Rc<Read>>,
    /// What stands against generating, each in one line.
    errors: Vec<String>,
}

/// A manifest, read.
struct Read {
    reading: Reading,
    errors: Vec<String>,
}

impl State {
    fn integrations(&self) -> impl Iterator<Item = (*const Read, &Integration)> {
        self.read.iter().filter_map(|read| {
            let entry = read.reading.entry.as_ref()?;
            Some((Rc::as_ptr(read), &entry.integration))
        })
    }

    /// Its integrations, but for those that another state has from the same manifest.
    fn without(&self, other: &Self) -> Vec<&Integration> {
        let shared: HashSet<*const Read> = other.integrations().map(|(read, _)| read).collect();
        self.integrations()
            .filter(|(read, _)| !shared.contains(read))
            .map(|(_, integration)| integration)
            .collect()
    }
}

fn between(old: &State, new: &State) -> Diff {
    Diff::between(&old.without(new), &new.without(old))
}

/// Reads manifests, each once.
struct Reader<'a> {
    history: &'a History,
    overrides: &'a Overrides,
    /// By key and content: the key is a part of what is generated.
    known: HashMap<(String, Result<BlobId, Unreadable>), Rc<Read>>,
}

impl Reader<'_> {
    fn state(&mut self, commit: &Commit) -> Result<State, Failure> {
        let manifests = commit.manifests.iter();
        let read: Vec<Rc<Read>> = manifests
            .map(|listed| self.manifest(listed))
            .collect::<Result<_, _>>()?;
        let mut errors: Vec<String> = read.iter().flat_map(|read| read.errors.clone()).collect();
        let entries = read.iter().filter_map(|read| read.reading.entry.as_ref());
        let entries = entries.map(|entry| (&entry.integration, entry.origin.as_str()));
        errors.extend(one_lines(&resolve::module_collisions(entries)));
        Ok(State { read, errors })
    }

    fn manifest(&mut self, listed: &Listed) -> Result<Rc<Read>, Failure> {
        let key = (listed.key.clone(), listed.content);
        if let Some(known) = self.known.get(&key) {
            return Ok(Rc::clone(known));
        }
        let reading = self.reading(listed)?;
        let mut errors = one_lines(&reading.diagnostics);
        if let (true, Some(entry)) = (errors.is_empty(), &reading.entry) {
            let emitted = emit::files(&[&entry.integration], emit::Options::default());
            errors.extend(emitted.err().map(|error| error.to_string()));
        }
        let read = Rc::new(Read { reading, errors });
        self.known.insert(key, Rc::clone(&read));
        Ok(read)
    }

    fn reading(&self, listed: &Listed) -> Result<Reading, Failure> {
        let content = match listed.content {
            Ok(content) => content,
            Err(reason) => {
                let problem = analysis::unreadable(
                    Some(&listed.key),
                    &listed.path,
                    format!("the manifest {reason}"),
                );
                return Ok(Reading {
                    diagnostics: vec![problem],
                    ..Reading::default()
                });
            }
        };
        let source = Source {
            key: listed.key.clone(),
            origin: listed.path.clone(),
            bytes: self.history.read(content)?,
        };
        Ok(analysis::analyse_source(&source, self.overrides))
    }
}

/// The errors among them.
fn one_lines(diagnostics: &[Diagnostic]) -> Vec<String> {
    let errors = diagnostics.iter().filter(|problem| problem.is_error());
    errors.map(ToString::to_string).collect()
}
