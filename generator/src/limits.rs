//! How much an input may hold, and what is said of more.
//!
//! What a manifest costs grows with what is in it, and its author is not one of us. Each limit is
//! at least ten times what any real manifest has, but for [`INTEGRATION_KEY_BYTES`], which file
//! systems set.

use crate::diagnostic::{Diagnostic, JsonPath};
use crate::source::Source;

/// One manifest's file, and with it everything that is in one. The largest real one has 8 kB.
pub const MANIFEST_BYTES: usize = 1 << 17;

/// All manifests together, which are in memory at the same time. The real ones have 230 kB.
pub const INPUT_BYTES: usize = 16 << 20;

/// The number of manifests: each becomes a file and a module that users' compilers read.
pub const MANIFESTS: usize = 10_000;

/// An integration key: with what is put before and behind it, it has to be a file's name, in a path
/// that Windows takes.
pub const INTEGRATION_KEY_BYTES: usize = 100;

/// Arrays and objects in one another: reading them takes stack. It is `serde_json`'s own limit.
pub const DEPTH: usize = 128;

/// The required form variables of a block. A builder has a type parameter for each of them, and a
/// setter that names them all: text and the compiler's time grow with the square.
pub const REQUIRED: usize = 100;

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
