//! The command line.

use std::path::PathBuf;

use clap::builder::StyledStr;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::ui::style::{self, BOLD, BOLD_CYAN, styled};

/// Turns LaunchDarkly's integration manifests into the types of `launchdarkly-integrations`.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    version,
    arg_required_else_help = true,
    styles = style::HELP
)]
#[command(after_help = examples(&[
    ("regen", "generate the types from manifests/"),
    ("regen --update", "move the pin to upstream's newest commit first"),
    ("regen --check", "is the committed code up to date?"),
    ("diff", "what would an update change, and what does it break?"),
    ("lint", "every problem of the manifests"),
    ("list datadog", "what one integration takes"),
    ("ci", "all checks"),
], "Exit status: 0 done, 1 drift or bad input, 2 wrong usage or environment."))]
pub(crate) struct Cli {
    /// The workspace to work on, instead of this one
    #[arg(long, global = true, value_name = "DIR", hide = true)]
    pub(crate) root: Option<PathBuf>,

    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The end of a help text: commands, each with its purpose, and a last line.
fn examples(examples: &[(&str, &str)], last: &str) -> StyledStr {
    let width = examples.iter().map(|(arguments, _)| arguments.len()).max();
    let mut text = styled("Examples:", BOLD);
    for (arguments, what_for) in examples {
        let padded = format!("{arguments:width$}", width = width.unwrap_or_default());
        let command = styled(format_args!("cargo xtask {padded}"), BOLD_CYAN);
        text.push_str(&format!("\n  {command}  {what_for}"));
    }
    if !last.is_empty() {
        text.push_str("\n\n");
        text.push_str(last);
    }
    StyledStr::from(text)
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Generate the types from the pinned manifests
    Regen(Regen),
    /// Show what changed between two revisions or folders, with its semver impact
    Diff(Diff),
    /// List what is generated
    List(List),
    /// Show every problem of the manifests, and write nothing
    Lint(Lint),
    /// Run all checks, as .ci/run does
    ///
    /// Runs that script with bash from the workspace's root and passes on its output and its exit
    /// status. It stops at the first step that fails.
    Ci,
}

/// Generate the types from the pinned manifests.
///
/// Reads manifests/ and writes generated/src/integrations, and in generated/ the lists CATALOG.md,
/// PUBLIC_NAMES.txt and every_struct.rs, without network. With --update, it fetches upstream and
/// rewrites manifests/ first. The last line sums up: manifests, with fields, fields, enums, files
/// changed, warnings, time.
#[derive(Debug, Args)]
#[command(after_long_help = examples(&[
    ("regen", "from the pinned snapshot"),
    ("regen --check", "is the committed code up to date?"),
    ("regen --update", "move the pin to upstream's default branch"),
    ("regen --update --rev v2", "move it to a branch, a tag or a commit"),
    ("regen --update --repo ../clone", "the same, from a clone instead of the network"),
    ("regen --from DIR --out DIR", "from any manifests to anywhere"),
], ""))]
pub(crate) struct Regen {
    /// Fetch upstream, move the pin, rewrite manifests/, then generate
    #[arg(long, conflicts_with = "from")]
    pub(crate) update: bool,

    /// With --update: branch, tag, commit, refs/pull/N/head, or steps back from one, such as main~3
    /// [default: the default branch]
    #[arg(long, value_name = "REV", requires = "update")]
    pub(crate) rev: Option<String>,

    /// With --update: fetch from this mirror or clone of upstream; the pin keeps naming upstream
    /// [default: launchdarkly/integration-framework on GitHub]
    #[arg(long, value_name = "URL|PATH", requires = "update")]
    pub(crate) repo: Option<String>,

    /// With --repo: it is another repository than upstream, and the pin names it
    #[arg(long, requires = "repo")]
    pub(crate) fork: bool,

    /// With --update: an integration that can't be taken keeps its pinned manifest, and
    /// upstream.json lists it; everything else is updated
    #[arg(long, requires = "update")]
    pub(crate) hold_back: bool,

    /// Read DIR/integrations/*/manifest.json or DIR/*.json instead of manifests/
    #[arg(long, value_name = "DIR")]
    pub(crate) from: Option<PathBuf>,

    /// Write the modules to DIR instead of generated/src/integrations, and nothing beside them
    #[arg(long, value_name = "DIR", conflicts_with = "update")]
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

    /// With --update: set the version that the changes ask for, and list them in CHANGELOG.md
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

/// Show what changed between two revisions or folders, with its semver impact.
///
/// Lists integrations and fields that were added, removed or changed; each change as breaking, minor
/// or patch by Rust's semver rules for the generated code; and the version that they ask for. Writes
/// nothing.
///
/// A revision is a branch, a tag, a commit or refs/pull/N/head, optionally with steps back (main~3). A
/// folder takes precedence over a revision of the same name; refs/heads/NAME is always a revision.
#[derive(Debug, Args)]
#[command(after_long_help = examples(&[
    ("diff", "from the pin to upstream's default branch"),
    ("diff v1 v2", "from one tag to another"),
    ("diff manifests ../copy", "from one folder to another, without network"),
    ("diff --format markdown", "for a pull request"),
    ("diff --all", "every commit of upstream that touched a manifest"),
], ""))]
pub(crate) struct Diff {
    /// A revision, or a folder of manifests [default: manifests/, the pin]
    #[arg(value_name = "OLD")]
    pub(crate) old: Option<String>,

    /// A revision, or a folder of manifests [default: the remote's default branch]
    #[arg(value_name = "NEW")]
    pub(crate) new: Option<String>,

    /// Walk the whole history: what each commit that touched a manifest changed, or why nothing can
    /// be generated from it; exit 1 if there is such a commit
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
///
/// All integrations, or only those that are named. A table of one integration alone shows its
/// fields in detail.
#[derive(Debug, Args)]
#[command(after_long_help = examples(&[
    ("list", "every integration with its fields"),
    ("list datadog", "one, with all about its fields"),
    ("list datadog splunk", "two of them"),
    ("list --format json", "for programs"),
], ""))]
pub(crate) struct List {
    /// Integration keys, such as `datadog` [default: all]
    #[arg(value_name = "KEY")]
    pub(crate) keys: Vec<String>,

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
///
/// Errors stop a regen; warnings don't, unless it is a strict one.
#[derive(Debug, Args)]
#[command(after_long_help = examples(&[
    ("lint", "the pinned snapshot"),
    ("lint --strict", "exit 1 if there is a warning"),
    ("lint --from DIR", "a checkout of upstream, or a folder of manifests"),
], ""))]
pub(crate) struct Lint {
    /// Read DIR/integrations/*/manifest.json or DIR/*.json instead of manifests/
    #[arg(long, value_name = "DIR")]
    pub(crate) from: Option<PathBuf>,

    /// Treat warnings as errors
    #[arg(long)]
    pub(crate) strict: bool,
}
