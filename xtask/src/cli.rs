//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Turns LaunchDarkly's integration manifests into the types of `launchdarkly-integrations`.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    version,
    arg_required_else_help = true
)]
#[command(after_help = "Exit status: 0 done, 1 drift or bad input, 2 wrong usage or environment.")]
pub(crate) struct Cli {
    /// The workspace to work on, instead of this one
    #[arg(long, global = true, value_name = "DIR", hide = true)]
    pub(crate) root: Option<PathBuf>,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Generate the types from the pinned manifests
    Regen(Regen),
    /// Show what changed between two revisions or folders, and what that weighs for users
    Diff(Diff),
    /// List what is generated
    List(List),
    /// Show every problem of the manifests, and write nothing
    Lint(Lint),
    /// Pin a checkout of upstream, where `regen --update` can't reach it
    Pin(Pin),
}

/// Generate the types from the pinned manifests.
///
/// Reads manifests/ and writes generated/src/integrations, generated/CATALOG.md and
/// generated/PUBLIC_NAMES.txt, without network. When manifests/ has no snapshot yet, the pinned
/// commit is cloned first.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo xtask regen                    from the pinned snapshot
  cargo xtask regen --check            is the committed code up to date?
  cargo xtask regen --update           move the pin to upstream's default branch
  cargo xtask regen --update --rev v2  move it to a branch, a tag or a full commit id

The last line sums up: manifests, with fields, fields, enums, files changed, warnings, time.")]
pub(crate) struct Regen {
    /// Fetch upstream, move the pin, rewrite manifests/, then generate
    #[arg(long, conflicts_with = "from")]
    pub(crate) update: bool,

    /// Branch, tag or full commit id [default: the remote's default branch]
    #[arg(long, value_name = "REV", requires = "update")]
    pub(crate) rev: Option<String>,

    /// Another repository [default: launchdarkly/integration-framework on GitHub]
    #[arg(long, value_name = "URL|PATH", requires = "update")]
    pub(crate) repo: Option<String>,

    /// Read DIR/integrations/*/manifest.json or DIR/*.json instead of manifests/
    #[arg(long, value_name = "DIR")]
    pub(crate) from: Option<PathBuf>,

    /// Write the modules to DIR instead of generated/src/integrations, and nothing beside them
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,

    /// Keep upstream's descriptions in the docs (with --update or --from: the snapshot has none)
    #[arg(long)]
    pub(crate) descriptions: bool,

    /// Treat warnings as errors
    #[arg(long)]
    pub(crate) strict: bool,

    /// Write nothing; name every changed, missing and extra file, show the diff, exit 1 if any
    #[arg(long)]
    pub(crate) check: bool,

    /// With --update: move the package's version as the changes ask, and tell of them in CHANGELOG.md
    #[arg(long, requires = "update")]
    pub(crate) bump: bool,

    /// With --update: write what changed to FILE, as Markdown for a pull request
    #[arg(
        long,
        value_name = "FILE",
        requires = "update",
        conflicts_with = "check"
    )]
    pub(crate) report: Option<PathBuf>,
}

/// Show what changed between two revisions or folders, and what that weighs for users.
///
/// Integrations and fields added, removed and changed; each change breaking, minor or patch by Rust's
/// semver rules for the code that is generated; and the version that all of them ask for. Nothing is
/// written.
///
/// A revision is a branch, a tag or a commit id; one that begins like a folder's name can be given as
/// a full ref, and a folder as ./FOLDER.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo xtask diff                     from the pin to upstream's default branch
  cargo xtask diff v1 v2               from one tag to another
  cargo xtask diff manifests ../copy   from one folder to another, without network
  cargo xtask diff --format markdown   for a pull request
  cargo xtask diff --all               every commit of upstream that touched a manifest")]
pub(crate) struct Diff {
    /// A revision, or a folder of manifests [default: manifests/, the pin]
    #[arg(value_name = "OLD")]
    pub(crate) old: Option<String>,

    /// A revision, or a folder of manifests [default: the remote's default branch]
    #[arg(value_name = "NEW")]
    pub(crate) new: Option<String>,

    /// Walk the whole history, and say of each commit that touched a manifest what it changed, or why
    /// it can't be generated from
    #[arg(long, conflicts_with_all = ["old", "new"])]
    pub(crate) all: bool,

    /// The repository of revisions [default: launchdarkly/integration-framework on GitHub]
    #[arg(long, value_name = "URL|PATH")]
    pub(crate) repo: Option<String>,

    /// Text for a terminal, Markdown for a pull request, or JSON for programs
    #[arg(long, value_enum, default_value_t = DiffFormat::Text)]
    pub(crate) format: DiffFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    Text,
    Markdown,
    Json,
}

/// List what is generated.
#[derive(Debug, Args)]
pub(crate) struct List {
    /// Read DIR/integrations/*/manifest.json or DIR/*.json instead of manifests/
    #[arg(long, value_name = "DIR")]
    pub(crate) from: Option<PathBuf>,

    /// A table for people, or JSON for programs
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Table,
    Json,
}

/// Show every problem of the manifests, and write nothing.
#[derive(Debug, Args)]
pub(crate) struct Lint {
    /// Read DIR/integrations/*/manifest.json or DIR/*.json instead of manifests/
    #[arg(long, value_name = "DIR")]
    pub(crate) from: Option<PathBuf>,

    /// Treat warnings as errors
    #[arg(long)]
    pub(crate) strict: bool,
}

/// Pin a checkout of upstream: rewrite manifests/ from it, with the commit that you name.
///
/// For machines that can't reach upstream. It doesn't generate: run `cargo xtask regen` after it.
#[derive(Debug, Args)]
pub(crate) struct Pin {
    /// The checkout, which has DIR/integrations/*/manifest.json
    #[arg(value_name = "DIR")]
    pub(crate) dir: PathBuf,

    /// The full id of the commit that is checked out
    #[arg(long, value_name = "ID")]
    pub(crate) revision: String,

    /// When it was committed, as RFC 3339
    #[arg(long, value_name = "DATE")]
    pub(crate) committed: String,

    /// The repository
    #[arg(long, value_name = "URL", default_value = crate::UPSTREAM)]
    pub(crate) repository: String,
}
