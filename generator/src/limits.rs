//! How much an input may hold, and what is said of more.
//!
//! What a manifest costs grows with what is in it, and its author is not one of us. Each limit is
//! at least ten times what any real manifest has, but for [`INTEGRATION_KEY_BYTES`], which file
//! systems set.

use crate::diagnostic::{Diagnostic, JsonPath, Segment, bounded};
use crate::source::Source;

/// One manifest's file. The largest real one has 8 kB; this keeps whoever reads files, and the JSON
/// parser, from taking memory without end.
pub const MANIFEST_BYTES: usize = 1 << 20;

/// All manifests together, which are in memory at the same time. The real ones have 230 kB.
pub const INPUT_BYTES: usize = 16 << 20;

/// The number of manifests: each becomes a file and a module that users' compilers read.
pub const MANIFESTS: usize = 10_000;

/// An integration key: with what is put before and behind it, it has to be a file's name, in a path
/// that Windows takes.
pub const INTEGRATION_KEY_BYTES: usize = 100;

/// Arrays and objects in one another: reading them takes stack. It is `serde_json`'s own limit.
pub const DEPTH: usize = 128;

/// The names of one object, all of which are looked through for each that is wanted.
pub const NAMES: usize = 1_000;

/// A manifest's capabilities, and likewise its other ones, which all stand on one line of its page.
pub const CAPABILITIES: usize = 500;

/// A manifest's blocks of form variables: each becomes a struct with a builder.
pub const BLOCKS: usize = 500;

/// A manifest's form variables, whatever their blocks: each becomes a field, a setter and, if it is
/// required, a trait.
pub const VARIABLES: usize = 1_000;

/// The required form variables of a block. A builder has a type parameter for each of them, and a
/// setter that names them all: text and the compiler's time grow with the square.
pub const REQUIRED: usize = 100;

/// A manifest's listed values, and likewise its listed defaults, whatever their form variables: each
/// value becomes a variant and the arm of a match.
pub const VALUES: usize = 2_000;

/// What names are made of: a form variable's key, a capability's name and a block's. Compilers and
/// documentation repeat these many times.
pub const KEY_BYTES: usize = 400;

/// A listed value: it becomes a variant's name.
pub const VALUE_BYTES: usize = 512;

/// What people see in one line: names of integrations, labels, versions and types.
pub const LABEL_BYTES: usize = 2_000;

/// A form variable's default. A chain of certificates has some thousand bytes.
pub const DEFAULT_BYTES: usize = 16 << 10;

/// What is said of one manifest: nobody reads more, and a terminal takes long to show it.
pub const PROBLEMS: usize = 5_000;

/// The modules' text, all of them together: a small manifest of many required form variables makes
/// three hundred times its own size. The real ones make 1 MB.
pub const GENERATED_BYTES: usize = 256 << 20;

const HELP: &str = "no real manifest comes near this: if upstream means it, raise the limit in generator/src/limits.rs";

/// An error: `what` is larger than it may be.
#[must_use]
pub fn too_large(path: JsonPath, what: &str, limit: usize) -> Diagnostic {
    Diagnostic::error(
        "too-large",
        path,
        format!("{what} is larger than is taken in"),
    )
    .expected(format!("{limit} bytes at the most"))
    .help(HELP)
}

/// An error: there are more of `what` than there may be.
#[must_use]
pub fn too_many(path: JsonPath, what: &str, found: usize, limit: usize) -> Diagnostic {
    Diagnostic::error("too-many", path, format!("too many {what}"))
        .found(found)
        .expected(format!("{limit} at the most"))
        .help(HELP)
}

/// An error: a text is longer than it may be.
#[must_use]
pub fn too_long(path: JsonPath, text: &str, limit: usize) -> Diagnostic {
    // What the path ends in can be the text itself, if it is an object's name.
    let what = match path.segments().last() {
        Some(Segment::Key(name)) if name != text => format!("`{}`", bounded(name)),
        _ => "this".to_owned(),
    };
    Diagnostic::error("too-long", path, format!("{what} is too long"))
        .found(format!("{} bytes, {:?}", text.len(), bounded(text)))
        .expected(format!("{limit} bytes at the most"))
        .help(HELP)
}

/// An error: too many arrays and objects in one another.
#[must_use]
pub(crate) fn too_deep() -> Diagnostic {
    Diagnostic::error(
        "too-deep",
        JsonPath::root(),
        "too many arrays and objects are nested in one another",
    )
    .expected(format!("fewer than {DEPTH}"))
    .help("no real manifest comes near this")
}

/// What stands against reading any of the sources, at the first one that is too much.
pub(crate) fn whole(sources: &[&Source]) -> Option<Diagnostic> {
    let root = JsonPath::root;
    if let Some(first) = sources.get(MANIFESTS) {
        let problem = too_many(root(), "manifests", sources.len(), MANIFESTS);
        return Some(problem.origin(&first.origin));
    }
    let mut bytes = 0_usize;
    // What is too large by itself is refused by itself.
    let mut read = sources
        .iter()
        .filter(|source| source.bytes.len() <= MANIFEST_BYTES);
    let first = read.find(|source| {
        bytes = bytes.saturating_add(source.bytes.len());
        bytes > INPUT_BYTES
    })?;
    let problem = too_large(root(), "the input, from this manifest on,", INPUT_BYTES);
    Some(problem.origin(&first.origin))
}
