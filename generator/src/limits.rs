//! Limits on the size of the input, and the errors for input that exceeds them.
//!
//! Manifests aren't trusted, and the cost of a run grows with their content. Each limit is at least ten
//! times what any real manifest needs, except [`INTEGRATION_KEY_BYTES`], which follows from file systems.

use crate::diagnostic::{Diagnostic, JsonPath};
use crate::source::Source;

/// The size of one manifest's file in bytes. The largest real manifest has 8 kB.
pub const MANIFEST_BYTES: usize = 1 << 17;

/// The total size of all manifests in bytes; all are in memory at once. The real ones have 230 kB.
pub const INPUT_BYTES: usize = 16 << 20;

/// The number of manifests. Each becomes a module that the users' compiler has to read.
pub const MANIFESTS: usize = 10_000;

/// The length of an integration key in bytes. The key becomes a part of a file name, and Windows limits
/// the length of paths.
pub const INTEGRATION_KEY_BYTES: usize = 100;

/// The nesting depth of arrays and objects. It equals the recursion limit of `serde_json`.
pub const DEPTH: usize = 128;

/// The number of required form variables in a block. The builder has a type parameter and a setter for
/// each, and each setter lists all parameters, so code size and compile time grow quadratically.
pub const REQUIRED: usize = 100;

/// The number of diagnostics for one manifest. More would be slow to show and wouldn't be read.
pub const PROBLEMS: usize = 5_000;

/// The total size of the generated modules in bytes. A small manifest with many required form variables
/// generates three hundred times its own size. The real manifests generate less than 1 MB.
pub const GENERATED_BYTES: usize = 256 << 20;

const HELP: &str = "this limit is far above all real manifests; if upstream needs more, raise it in generator/src/limits.rs";

/// Returns an error that says that `what` exceeds `limit` bytes.
#[must_use]
pub fn too_large(path: JsonPath, what: &str, limit: usize) -> Diagnostic {
    Diagnostic::error("too-large", path, format!("{what} is too large"))
        .expected(format!("at most {limit} bytes"))
        .help(HELP)
}

/// Returns an error that says that there are more than `limit` of `what`.
#[must_use]
pub fn too_many(path: JsonPath, what: &str, found: usize, limit: usize) -> Diagnostic {
    Diagnostic::error("too-many", path, format!("too many {what}"))
        .found(found)
        .expected(format!("at most {limit}"))
        .help(HELP)
}

/// Returns an error that says that arrays and objects are nested too deeply.
#[must_use]
pub(crate) fn too_deep() -> Diagnostic {
    Diagnostic::error(
        "too-deep",
        JsonPath::root(),
        "arrays and objects are nested too deeply",
    )
    .expected(format!("fewer than {DEPTH} levels"))
    .help("this limit is far above all real manifests")
}

/// Checks the number of sources and their total size. The error names the first source beyond the limit.
pub(crate) fn check_total(sources: &[&Source]) -> Option<Diagnostic> {
    let root = JsonPath::root;
    if let Some(first) = sources.get(MANIFESTS) {
        let problem = too_many(root(), "manifests", sources.len(), MANIFESTS);
        return Some(problem.origin(&first.origin));
    }
    let mut bytes = 0_usize;
    // A single manifest that is too large gets its own error.
    let mut read = sources
        .iter()
        .filter(|source| source.bytes.len() <= MANIFEST_BYTES);
    let first = read.find(|source| {
        bytes = bytes.saturating_add(source.bytes.len());
        bytes > INPUT_BYTES
    })?;
    let problem = too_large(
        root(),
        "the total of all manifests up to this one",
        INPUT_BYTES,
    );
    Some(problem.origin(&first.origin))
}
