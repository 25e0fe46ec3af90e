//! `every_struct.rs`: a macro with the types of every struct, for the package's own tests. A type is
//! the one thing that no test can find in a manifest.

use std::fmt::Write as _;

use super::print::code_header;
use crate::model::Integration;

/// The file's name beside the package's `Cargo.toml`, since users need none of it.
pub(super) const FILE: &str = "every_struct.rs";

pub(super) fn text(integrations: &[&Integration]) -> String {
    let mut text = code_header("manifests/");
    text.push_str(concat!(
        "\n/// Calls a macro with the integration key, module and name of every struct, but for the\n",
        "/// `ConfigValues` that have no fields.\n",
        "macro_rules! every_struct {\n",
        "    ($callback:ident) => {\n",
        "        $callback! {\n",
    ));
    for integration in integrations {
        let blocks = integration.capability_configs.iter();
        let mut structs: Vec<_> = blocks.map(|block| &block.config).collect();
        if !integration.config.fields.is_empty() {
            structs.insert(0, &integration.config);
        }
        for values in structs {
            let (key, module) = (&integration.key, &integration.module);
            // Writing to a string can't fail.
            let _ = writeln!(text, "            {key:?}: {module}::{},", values.name);
        }
    }
    text.push_str("        }\n    };\n}\n");
    text
}
