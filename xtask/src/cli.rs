//! The command line.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::StyledStr;
use clap::error::ErrorKind;
use clap::{ArgAction, Args, ColorChoice, CommandFactory as _, Parser, Subcommand, ValueEnum};

use crate::console::Verbosity;
use crate::style::{self, BOLD, BOLD_CYAN, styled};

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
    ("diff", "what would an update bring, and what does that weigh?"),
    ("lint", "every problem of the manifests"),
    ("list datadog", "what one integration takes"),
    ("ci", "everything that must hold"),
], "Exit status: 0 done, 1 drift or bad input, 2 wrong usage or environment."))]
pub(crate) struct Cli {
    /// The workspace to work on, instead of this one
    #[arg(long, global = true, value_name = "DIR", hide = true)]
    pub(crate) root: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) telling: Telling,

    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Cli {
    /// Reads this process's command line. What asks for help or is wrong ends the process here.
    pub(crate) fn read() -> Self {
        match Self::try_parse().and_then(Self::sensible) {
            Ok(cli) => {
                set_colors(cli.telling.color);
                cli
            }
            Err(answer) => {
                // Nothing was understood as a whole, but the answer should heed this much.
                set_colors(color_wanted(env::args_os()));
                answer.exit()
            }
        }
    }

    /// clap sees a conflict only between flags on the same side of the command's name.
    fn sensible(self) -> Result<Self, clap::Error> {
        if self.telling.verbose && self.telling.quiet {
            let message = "--verbose and --quiet can't be used together";
            return Err(Self::command().error(ErrorKind::ArgumentConflict, message));
        }
        Ok(self)
    }
}

/// How much is told, and how it looks.
#[derive(Debug, Args)]
pub(crate) struct Telling {
    /// Say where things come from and go, with timings
    #[arg(short, long, global = true, action = ArgAction::SetTrue, display_order = 100)]
    verbose: bool,

    /// Say nothing but results and errors
    #[arg(short, long, global = true, action = ArgAction::SetTrue, display_order = 101)]
    quiet: bool,

    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = ColorChoice::Auto, display_order = 102)]
    color: ColorChoice,
}

impl Telling {
    pub(crate) fn verbosity(&self) -> Verbosity {
        match self {
            Self { quiet: true, .. } => Verbosity::Quiet,
            Self { verbose: true, .. } => Verbosity::Verbose,
            _ => Verbosity::Normal,
        }
    }
}

/// The `--color` of a command line that couldn't be parsed.
fn color_wanted(arguments: impl Iterator<Item = OsString>) -> ColorChoice {
    let text = |argument: OsString| argument.to_string_lossy().into_owned();
    let joined = arguments.map(text).collect::<Vec<_>>().join("=");
    let value = joined.split("--color=").nth(1);
    let word = value.and_then(|rest| rest.split('=').next());
    word.and_then(|word| ColorChoice::from_str(word, false).ok())
        .unwrap_or_default()
}

/// For everything that this process writes. `auto` leaves it to the streams: none in a pipe or on a
/// dumb terminal, and as `NO_COLOR`, `CLICOLOR` and `CLICOLOR_FORCE` say.
fn set_colors(color: ColorChoice) {
    let choice = match color {
        ColorChoice::Auto => anstream::ColorChoice::Auto,
        ColorChoice::Always => anstream::ColorChoice::Always,
        ColorChoice::Never => anstream::ColorChoice::Never,
    };
    choice.write_global();
}

/// The end of a help text: commands, each with what it is for, and a last word.
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
    /// Show what changed between two revisions or folders, and what that weighs for users
    Diff(Diff),
    /// List what is generated
    List(List),
    /// Show every problem of the manifests, and write nothing
    Lint(Lint),
    /// Pin a checkout of upstream, where `regen --update` can't reach it
    Pin(Pin),
    /// Check everything that must hold, as .ci/run does
    Ci(Ci),
    /// Print a script that completes the command in a shell
    Completions(Completions),
}

/// Generate the types from the pinned manifests.
///
/// Reads manifests/ and writes generated/src/integrations, generated/CATALOG.md and
/// generated/PUBLIC_NAMES.txt, without network. When manifests/ has no snapshot yet, the pinned
/// commit is cloned first. The last line sums up: manifests, with fields, fields, enums, files
/// changed, warnings, time.
#[derive(Debug, Args)]
#[command(after_long_help = examples(&[
    ("regen", "from the pinned snapshot"),
    ("regen --check", "is the committed code up to date?"),
    ("regen --update", "move the pin to upstream's default branch"),
    ("regen --update --rev v2", "move it to a branch, tag or full commit id"),
    ("regen --from DIR --out DIR", "from any manifests to anywhere"),
], ""))]
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
/// A revision is a branch, a tag or a commit id, with steps back if need be (main~3). Of a folder and a
/// revision with the same name the folder is taken; refs/heads/NAME is always a revision.
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

    /// Walk the whole history, and say of each commit that touched a manifest what it changed, or why
    /// it can't be generated from; exit 1 if any can't
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

/// Pin a checkout of upstream: rewrite manifests/ from it, with the commit that you name.
///
/// For machines that can't reach upstream. It doesn't generate: run `cargo xtask regen` after it.
#[derive(Debug, Args)]
#[command(after_long_help = PIN_EXAMPLE)]
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

const PIN_EXAMPLE: &str = "\
Example:
  git -C DIR log -1 --format='--revision %H --committed %cI' |
    xargs cargo xtask pin DIR";

/// Check everything that must hold, as .ci/run does.
///
/// Runs that script with bash from the workspace's root and passes its output and its exit status on.
/// It stops at the first step that fails.
#[derive(Debug, Args)]
#[command(after_long_help = examples(&[
    ("ci", "run every step"),
    ("ci --list", "name the steps"),
], ""))]
pub(crate) struct Ci {
    /// Name the steps, and run none
    #[arg(long)]
    pub(crate) list: bool,
}

/// Print a script that completes the command in a shell.
///
/// Shells complete by a line's first word, and that of `cargo xtask` is cargo's. So give the command
/// a word of its own, as a function. Like `cargo xtask` it works in this workspace.
#[derive(Debug, Args)]
#[command(after_long_help = COMPLETIONS_EXAMPLES)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,

    /// The word to complete
    #[arg(long, value_name = "NAME", default_value = "xtask")]
    pub(crate) bin_name: String,
}

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  bash, with its package bash-completion
    echo 'xtask() { cargo xtask \"$@\"; }' >> ~/.bashrc
    cargo xtask completions bash \\
      > ~/.local/share/bash-completion/completions/xtask
  zsh, with ~/.zfunc in its fpath
    echo 'xtask() { cargo xtask \"$@\"; }' >> ~/.zshrc
    cargo xtask completions zsh > ~/.zfunc/_xtask
  fish
    echo 'function xtask; cargo xtask $argv; end' >> ~/.config/fish/config.fish
    cargo xtask completions fish > ~/.config/fish/completions/xtask.fish
  any other
    define such a function, and have the shell read the script when it starts";
