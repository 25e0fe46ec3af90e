//! `cargo xtask diff`: what changed between two revisions or folders, and its semver impact.

use std::path::Path;

use generator::diff::Side;

use crate::cli::{self, DiffFormat};
use crate::error::Error;
use crate::lock::{self, Access};
use crate::pipeline::{self, Compared, Input};
use crate::render;
use crate::ui;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, arguments: &cli::Diff) -> Result<(), Error> {
    let repository = arguments.repo.as_deref().unwrap_or(crate::UPSTREAM);
    if arguments.all {
        return super::history::run(workspace, repository, arguments.format);
    }
    let [old, new] = [&arguments.old, &arguments.new].map(Option::as_deref);
    let old = old.map(Named::parse).unwrap_or(Named::Pin);
    let new = new.map_or(Named::Revision(None), Named::parse);
    // A fetch writes to the cache.
    let fetches = [old, new]
        .iter()
        .any(|side| matches!(side, Named::Revision(_)));
    let access = if fetches { Access::Write } else { Access::Read };
    let _lock = lock::workspace(workspace, access)?;
    let old = old.compared(workspace, repository)?;
    let new = new.compared(workspace, repository)?;
    let report = old.report(workspace, &new, Vec::new())?;
    ui::print(&match arguments.format {
        DiffFormat::Text => render::update(&report),
        DiffFormat::Markdown => report.to_markdown(),
        DiffFormat::Json => report.to_json(),
    })
}

/// What the user named as one side.
#[derive(Clone, Copy, Debug)]
enum Named<'a> {
    /// manifests/
    Pin,
    Folder(&'a str),
    /// Of the repository; `None` is its default branch.
    Revision(Option<&'a str>),
}

impl<'a> Named<'a> {
    /// A folder takes precedence over a revision of the same name. No revision begins with a dot or
    /// a slash, so that a mistyped folder gets its own error.
    fn parse(given: &'a str) -> Self {
        if Path::new(given).is_dir() || given.starts_with(['.', '/', '\\']) {
            Self::Folder(given)
        } else {
            Self::Revision(Some(given))
        }
    }

    fn compared(self, workspace: &Workspace, repository: &str) -> Result<Compared, Error> {
        let input = match self {
            Self::Pin => pipeline::read(workspace, None)?,
            Self::Folder(folder) => {
                let input = pipeline::from_folder(Path::new(folder))?;
                let side = Side::Directory(folder.to_owned());
                return Compared::analyze(workspace, input, side);
            }
            Self::Revision(revision) => {
                let fetched = pipeline::fetch(workspace, repository, revision)?;
                pipeline::from_commit(fetched, repository)
            }
        };
        let side = side(&input, repository);
        Compared::analyze(workspace, input, side)
    }
}

fn side(input: &Input, repository: &str) -> Side {
    let pin = input.pin.as_ref();
    pin.map_or_else(|| Side::Directory(repository.to_owned()), Side::from)
}
