//! `cargo xtask diff`: compares two revisions or folders.

use std::path::Path;

use generator::diff::Side;

use crate::cli::{self, DiffFormat};
use crate::error::Error;
use crate::lock::{self, Access};
use crate::pipeline::{self, ComparisonSide, Input};
use crate::render;
use crate::ui;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, arguments: &cli::Diff) -> Result<(), Error> {
    let repository = arguments.repo.as_deref().unwrap_or(crate::UPSTREAM);
    if arguments.all {
        return super::history::run(workspace, repository, arguments.format);
    }
    let [old, new] = [&arguments.old, &arguments.new].map(Option::as_deref);
    let old = old.map(SideArgument::parse).unwrap_or(SideArgument::Pin);
    let new = new.map_or(SideArgument::Revision(None), SideArgument::parse);
    // A fetch writes to the cache.
    let fetches = [old, new]
        .iter()
        .any(|side| matches!(side, SideArgument::Revision(_)));
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

/// One side of the comparison, as the user passed it.
#[derive(Clone, Copy, Debug)]
enum SideArgument<'a> {
    /// manifests/
    Pin,
    Folder(&'a str),
    /// A revision of the repository; `None` is its default branch.
    Revision(Option<&'a str>),
}

impl<'a> SideArgument<'a> {
    /// A folder takes precedence over a revision of the same name. Revisions don't begin with a dot or
    /// a slash, so such an argument is a folder even if it doesn't exist.
    fn parse(given: &'a str) -> Self {
        if Path::new(given).is_dir() || given.starts_with(['.', '/', '\\']) {
            Self::Folder(given)
        } else {
            Self::Revision(Some(given))
        }
    }

    fn compared(self, workspace: &Workspace, repository: &str) -> Result<ComparisonSide, Error> {
        let input = match self {
            Self::Pin => pipeline::read(workspace, None)?,
            Self::Folder(folder) => {
                let input = pipeline::from_folder(Path::new(folder))?;
                let side = Side::Directory(folder.to_owned());
                return ComparisonSide::analyze(workspace, input, side);
            }
            Self::Revision(revision) => {
                let fetched = pipeline::fetch(workspace, repository, revision)?;
                pipeline::from_commit(fetched, repository)
            }
        };
        let side = side(&input, repository);
        ComparisonSide::analyze(workspace, input, side)
    }
}

fn side(input: &Input, repository: &str) -> Side {
    let pin = input.pin.as_ref();
    pin.map_or_else(|| Side::Directory(repository.to_owned()), Side::from)
}
