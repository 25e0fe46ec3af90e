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
    ("regen --check", "check that the generated code is up to date"),
    ("diff", "show what an update would change, and its semver impact"),
    ("lint", "show all problems of the manifests"),
    ("list datadog", "show the fields of one integration"),
    ("ci", "run all checks"),
], "Exit status: 0 done, 1 drift or bad input, 2 wrong usage or environment."))]
pub(crate) struct Cli {
    /// Work on this workspace [default: the current one]
    #[arg(long, global = true, value_name = "DIR", hide = true)]
    pub(crate) root: Option<PathBuf>,

    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The end of a help text: example commands with their purpose, and a last line.
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
    /// Show all problems of the manifests, and write nothing
    Lint(Lint),
    /// Run all checks, as .ci/run does
    ///
    /// Runs that script with bash in the workspace's root. The output and the exit status are those of
    /// the script, which stops at the first step that fails.
    Ci,
}

/// Generate the types from the pinned manifests.
///
/// Reads manifests/, and writes generated/src/integrations and the lists CATALOG.md,
/// PUBLIC_NAMES.txt and every_struct.rs in generated/. This needs no network. With --update, it first
/// fetches upstream and rewrites manifests/. The last line is a summary: manifests, manifests with
/// fields, fields, enums, changed files, warnings, time.
#[derive(Debug, Args)]
#[command(after_long_help = examples(&[
    ("regen", "from the pinned snapshot"),
    ("regen --check", "check that the generated code is up to date"),
    ("regen --update", "move the pin to upstream's default branch"),
    ("regen --update --rev v2", "move it to a branch, a tag or a commit"),
    ("regen --update --repo ../clone", "fetch from a clone instead of the network"),
    ("regen --from DIR --out DIR", "read and write other folders"),
], ""))]
pub(crate) struct Regen {
    /// Fetch upstream, move the pin, rewrite manifests/, then generate
    #[arg(long, conflicts_with = "from")]
    pub(crate) update: bool,

    /// With --update: a branch, tag, commit or refs/pull/N/head, or an ancestor of one, such as main~3
    /// [default: the default branch]
    #[arg(long, value_name = "REV", requires = "update")]
    pub(crate) rev: Option<String>,

    /// With --update: fetch from this mirror or clone of upstream; the pin still names upstream
    /// [default: launchdarkly/integration-framework on GitHub]
    #[arg(long, value_name = "URL|PATH", requires = "update")]
    pub(crate) repo: Option<String>,

    /// With --repo: pin that repository instead of upstream
    #[arg(long, requires = "repo")]
    pub(crate) fork: bool,

    /// With --update: an integration whose new manifest has errors keeps its pinned manifest, and
    /// upstream.json lists it; everything else is updated
    #[arg(long, requires = "update")]
    pub(crate) hold_back: bool,

    /// Read DIR/integrations/*/manifest.json or DIR/*.json instead of manifests/
    #[arg(long, value_name = "DIR")]
    pub(crate) from: Option<PathBuf>,

    /// Write only the modules, to DIR instead of generated/src/integrations
    #[arg(long, value_name = "DIR", conflicts_with = "update")]
    pub(crate) out: Option<PathBuf>,

    /// Put upstream's descriptions into the docs; needs --update or --from, as the snapshot has none
    #[arg(long)]
    pub(crate) descriptions: bool,

    /// Treat warnings as errors
    #[arg(long)]
    pub(crate) strict: bool,

    /// Write nothing; list all changed, missing and extra files with their diff, and exit 1 if there are any
    #[arg(long)]
    pub(crate) check: bool,

    /// With --update: set the version that the changes require, and list them in CHANGELOG.md
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
/// Lists the integrations and fields that were added, removed or changed. Each change is breaking,
/// minor or patch, by Rust's semver rules for the generated code. The last line has the version that the
/// changes require. Writes nothing.
///
/// A revision is a branch, tag, commit or refs/pull/N/head, or an ancestor of one (main~3). A folder
/// takes precedence over a revision of the same name; refs/heads/NAME is always a revision.
#[derive(Debug, Args)]
#[command(after_long_help = examples(&[
    ("diff", "from the pin to upstream's default branch"),
    ("diff v1 v2", "from one tag to another"),
    ("diff manifests ../copy", "from one folder to another, without network"),
    ("diff --format markdown", "for a pull request"),
    ("diff --all", "all commits of upstream that changed a manifest"),
], ""))]
pub(crate) struct Diff {
    /// A revision, or a folder of manifests [default: manifests/, the pin]
    #[arg(value_name = "OLD")]
    pub(crate) old: Option<String>,

    /// A revision, or a folder of manifests [default: the remote's default branch]
    #[arg(value_name = "NEW")]
    pub(crate) new: Option<String>,

    /// Walk the whole history: show what each commit changed in the manifests, or its errors;
    /// exit 1 if a commit has errors
    #[arg(long, conflicts_with_all = ["old", "new"])]
    pub(crate) all: bool,

    /// The repository of the revisions [default: launchdarkly/integration-framework on GitHub]
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
/// Lists all integrations, or only those with the given keys. The table of a single integration shows
/// all about its fields.
#[derive(Debug, Args)]
#[command(after_long_help = examples(&[
    ("list", "all integrations with their fields"),
    ("list datadog", "one integration, with all about its fields"),
    ("list datadog splunk", "two integrations"),
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

/// Show all problems of the manifests, and write nothing.
///
/// Errors stop `regen`. Warnings stop only `regen --strict`.
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
