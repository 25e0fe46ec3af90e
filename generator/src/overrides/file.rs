//! Reads `overrides.toml`, and reports all its errors with line and column.

use super::{
    Correction, CorrectionEntry, CorrectionTarget, Overrides, SupplementEntry, TOP_LEVEL, document,
};
use crate::diagnostic::{Diagnostic, JsonPath, escape_and_truncate, most_similar};
use crate::json::Node;
use crate::read::{Properties, Reader};
use crate::types::is_absolute_url;
use crate::{lint, naming};

/// The properties that every entry has.
const COMMON: [&str; 2] = ["integration", "reason"];
const SECRET: [&str; 2] = ["block", "field"];
const RENAME: [&str; 4] = ["block", "field", "value", "to"];
/// The properties of a supplement that adds to a manifest.
const ADDITION: [&str; 3] = ["evidence", "capabilities", "formVariables"];
/// The properties of a supplement that defines an integration without a manifest.
const INTEGRATION: [&str; 8] = [
    "evidence",
    "name",
    "version",
    "requiresOAuth",
    "allowIntegrationConfigurations",
    "otherCapabilities",
    "capabilities",
    "formVariables",
];

pub(super) fn read(text: &str) -> Result<Overrides, Vec<Diagnostic>> {
    let document = document::parse(text)?;
    let mut file = File::default();
    file.tables(document);
    let File {
        reader,
        mut overrides,
    } = file;
    let mut problems = reader.diagnostics;
    if problems.is_empty() {
        text.clone_into(&mut overrides.text);
        return Ok(overrides);
    }
    document::locate(text, &mut problems);
    problems.sort_by_key(|problem| {
        problem
            .location
            .as_ref()
            .map(|location| location.span.start)
    });
    Err(problems)
}

#[derive(Default)]
struct File {
    reader: Reader,
    overrides: Overrides,
}

/// Reads the properties of one kind of entry, except those in [`COMMON`].
type ReadEntry = fn(&mut File, &str, &str, Properties<'_>);

impl File {
    fn tables(&mut self, document: Node<'_>) {
        let root = JsonPath::root();
        let tables = self.reader.object(root.clone(), document);
        for (name, node) in tables.into_iter().flat_map(|tables| tables.entries) {
            let path = root.key(&name);
            let read: ReadEntry = match name.as_ref() {
                "secret" => Self::secret,
                "rename" => Self::rename,
                "supplement" => Self::supplement,
                other => {
                    self.unknown(path, other, &["secret", "rename", "supplement"]);
                    continue;
                }
            };
            let Node::Array(entries) = node else {
                let expected = "an array of tables";
                let _: Option<()> = self.reader.wrong_type(path, &node, expected);
                continue;
            };
            for (position, entry) in entries.into_iter().enumerate() {
                self.entry(path.index(position), entry, read);
            }
        }
    }

    fn entry(&mut self, path: JsonPath, node: Node<'_>, read: ReadEntry) {
        let before = self.reader.diagnostics.len();
        let Some(mut properties) = self.reader.object(path, node) else {
            return;
        };
        let reader = &mut self.reader;
        let integration = reader.required(&mut properties, "integration", Reader::string);
        let reason = reader.required(&mut properties, "reason", Reader::string);
        if reason.as_ref().is_some_and(|text| text.trim().is_empty()) {
            let path = properties.path.key("reason");
            reader.report(error("bad-override", path, "the reason is empty"));
        }
        // A missing property was reported; the others are read nevertheless.
        let key = integration.as_deref().unwrap_or_default();
        read(self, key, &reason.unwrap_or_default(), properties);
        for problem in &mut self.reader.diagnostics[before..] {
            problem.integrations = integration.clone().into_iter().collect();
        }
    }

    fn secret(&mut self, integration: &str, _: &str, mut properties: Properties<'_>) {
        self.only(&properties, &SECRET);
        let block = self.block(&mut properties);
        let field = self
            .reader
            .required(&mut properties, "field", Reader::string);
        let target = CorrectionTarget {
            block,
            field,
            value: None,
        };
        self.add(integration, properties.path, target, Correction::Secret);
    }

    fn rename(&mut self, integration: &str, _: &str, mut properties: Properties<'_>) {
        self.only(&properties, &RENAME);
        let block = self.block(&mut properties);
        let reader = &mut self.reader;
        let target = CorrectionTarget {
            block,
            field: reader.optional(&mut properties, "field", Reader::string),
            value: reader.optional(&mut properties, "value", Reader::string),
        };
        if target.value.is_some() && target.field.is_none() {
            let path = properties.path.key("value");
            let problem = error("bad-override", path, "`value` needs `field`");
            reader.report(problem.help("add the `field` that lists the value"));
        }
        let Some(to) = reader.required(&mut properties, "to", Reader::string) else {
            return;
        };
        if let Some((message, expected)) = name_problem(&to, &target) {
            let path = properties.path.key("to");
            let problem = error("bad-override", path, message);
            reader.report(problem.found(&to).expected(expected));
        }
        self.add(integration, properties.path, target, Correction::Name(to));
    }

    fn supplement(&mut self, integration: &str, reason: &str, mut properties: Properties<'_>) {
        let whole = properties.entries.iter().any(|(name, _)| name == "name");
        self.only(&properties, if whole { &INTEGRATION } else { &ADDITION });
        let reader = &mut self.reader;
        let evidence = reader.required(&mut properties, "evidence", Reader::string);
        let is_link = |text: &str| text.starts_with("https://") && is_absolute_url(text);
        if let Some(evidence) = evidence.as_ref().filter(|evidence| !is_link(evidence)) {
            let path = properties.path.key("evidence");
            let problem = error("bad-override", path, "the evidence is not a link");
            reader.report(problem.found(evidence).expected("an https:// URL"));
        }

        let (before, errors) = (reader.diagnostics.len(), reader.errors);
        let manifest = reader.manifest(&mut properties);
        let could_be_read = reader.errors == errors;
        let mut warnings = reader.diagnostics.split_off(before);
        let errors = warnings.extract_if(.., |problem| problem.is_error());
        reader.diagnostics.extend(errors);
        warnings.extend(lint::manifest_at(&properties.path, &manifest));
        let is_empty = manifest.capabilities.is_empty() && manifest.form_variables.is_empty();
        if could_be_read && is_empty {
            let message = "the supplement adds nothing";
            let problem = error("bad-override", properties.path.clone(), message);
            reader.report(problem.help("add `capabilities` or `formVariables`"));
        }

        let entries = self.overrides.entries(integration);
        if entries.supplement.is_some() {
            let message = "the integration has two supplements";
            let problem = error("repeated-override", properties.path, message);
            self.reader
                .report(problem.found(integration).help("merge them into one"));
            return;
        }
        entries.supplement = Some(SupplementEntry {
            path: properties.path,
            manifest,
            reason: reason.to_owned(),
            evidence: evidence.unwrap_or_default(),
            warnings,
        });
    }

    fn block(&mut self, properties: &mut Properties<'_>) -> String {
        let block = self.reader.optional(properties, "block", Reader::string);
        block.unwrap_or_else(|| TOP_LEVEL.to_owned())
    }

    fn add(
        &mut self,
        integration: &str,
        path: JsonPath,
        target: CorrectionTarget,
        correction: Correction,
    ) {
        let entry = CorrectionEntry {
            path,
            target,
            correction,
        };
        let entries = &mut self.overrides.entries(integration).corrections;
        if entries.iter().any(|other| other.conflicts_with(&entry)) {
            let message = "two entries of one kind have the same target";
            let problem = error("repeated-override", entry.path, message);
            self.reader.report(
                problem
                    .found(entry.target.describe(integration))
                    .help("remove one"),
            );
            return;
        }
        entries.push(entry);
    }

    /// Reports an error for each property that isn't in `names` or [`COMMON`].
    fn only(&mut self, properties: &Properties<'_>, names: &[&str]) {
        let known: Vec<&str> = COMMON.iter().chain(names).copied().collect();
        for (name, _) in &properties.entries {
            // The common properties were removed when they were read.
            if !known.contains(&name.as_ref()) {
                self.unknown(properties.path.key(name), name, &known);
            }
        }
    }

    fn unknown(&mut self, path: JsonPath, name: &str, known: &[&str]) {
        let message = format!("unknown name {:?}", escape_and_truncate(name));
        let mut problem = error("unknown-property", path, message);
        problem = problem.expected(known.join(", "));
        problem.help =
            most_similar(name, known.iter().copied()).map(|near| format!("did you mean `{near}`?"));
        self.reader.report(problem);
    }
}

/// If the name can't be used: why, and which names are valid.
fn name_problem(name: &str, target: &CorrectionTarget) -> Option<(&'static str, &'static str)> {
    if !naming::is_identifier(name) {
        return Some((
            "the new name is not a Rust identifier",
            "ASCII letters, digits and `_`, not a keyword",
        ));
    }
    // rustc would warn about the generated code.
    let is_camel = name.starts_with(|c: char| c.is_ascii_uppercase()) && !name.contains('_');
    let is_snake = !name.contains(|c: char| c.is_ascii_uppercase());
    let (fits, expected) = if target.names_a_type() {
        (is_camel, "UpperCamelCase for a value or a block")
    } else {
        (is_snake, "snake_case for a field or a module")
    };
    (!fits).then_some(("the new name breaks Rust's naming conventions", expected))
}

fn error(code: &'static str, path: JsonPath, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(code, path, message)
}
