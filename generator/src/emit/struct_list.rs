//! `every_struct.rs`: a macro that lists the types of all structs, for the package's own tests. A test
//! can't derive the types from a manifest.

use std::fmt::Write as _;

use super::print::code_header;
use crate::model::Integration;

/// The file's name in the package's folder. It is outside of `src`, because users don't need it.
pub(super) const FILE: &str = "every_struct.rs";

pub(super) fn text(integrations: &[&Integration]) -> String {
    let mut text = code_header("manifests/");
    text.push_str(concat!(
        "\n/// Calls a macro with the integration key, module and name of every struct, except the\n",
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
            // Writing to a `String` can't fail.
            let _ = writeln!(text, "            {key:?}: {module}::{},", values.name);
        }
    }
    text.push_str("        }\n    };\n}\n");
    text
}
