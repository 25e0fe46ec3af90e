//! Reading `overrides.toml`: every problem of it, each with its place.

use super::{Correction, Entry, Overrides, Place, Supplement, TOP_LEVEL, document};
use crate::diagnostic::{Diagnostic, JsonPath, bounded, nearest};
use crate::json::Node;
use crate::read::{Properties, Reader};
use crate::types::is_absolute_url;
use crate::{lint, naming};

/// What every entry has.
const COMMON: [&str; 2] = ["integration", "reason"];
const SECRET: [&str; 2] = ["block", "field"];
const RENAME: [&str; 4] = ["block", "field", "value", "to"];
/// What a supplement adds to a manifest.
const ADDED: [&str; 3] = ["evidence", "capabilities", "formVariables"];
/// What a supplement says of an integration that has no manifest.
const WHOLE: [&str; 8] = [
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
    problems.sort_by_key(|problem| problem.location.as_ref().map(|place| place.span.start));
    Err(problems)
}

#[derive(Default)]
struct File {
    reader: Reader,
    overrides: Overrides,
}

/// Reads what an entry of one kind has beside [`COMMON`].
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
        // What is missing was said, and the rest is read all the same.
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
        let place = Place {
            block,
            field,
            value: None,
        };
        self.add(integration, properties.path, place, Correction::Secret);
    }

    fn rename(&mut self, integration: &str, _: &str, mut properties: Properties<'_>) {
        self.only(&properties, &RENAME);
        let block = self.block(&mut properties);
        let reader = &mut self.reader;
        let place = Place {
            block,
            field: reader.optional(&mut properties, "field", Reader::string),
            value: reader.optional(&mut properties, "value", Reader::string),
        };
        if place.value.is_some() && place.field.is_none() {
            let path = properties.path.key("value");
            let problem = error("bad-override", path, "a `value` without a `field`");
            reader.report(problem.help("say which field lists the value"));
        }
        let Some(to) = reader.required(&mut properties, "to", Reader::string) else {
            return;
        };
        if let Some((message, expected)) = flaw_of_name(&to, &place) {
            let path = properties.path.key("to");
            let problem = error("bad-override", path, message);
            reader.report(problem.found(&to).expected(expected));
        }
        self.add(integration, properties.path, place, Correction::Name(to));
    }

    fn supplement(&mut self, integration: &str, reason: &str, mut properties: Properties<'_>) {
        let whole = properties.entries.iter().any(|(name, _)| name == "name");
        self.only(&properties, if whole { &WHOLE } else { &ADDED });
        let reader = &mut self.reader;
        let evidence = reader.required(&mut properties, "evidence", Reader::string);
        let is_link = |text: &str| text.starts_with("https://") && is_absolute_url(text);
        if let Some(evidence) = evidence.as_ref().filter(|evidence| !is_link(evidence)) {
            let path = properties.path.key("evidence");
            let problem = error("bad-override", path, "the evidence is no link");
            reader.report(problem.found(evidence).expected("a URL with https"));
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
            let message = "a supplement that adds nothing";
            let problem = error("bad-override", properties.path.clone(), message);
            reader.report(problem.help("add `capabilities` or `formVariables`"));
        }

        let entries = self.overrides.entries(integration);
        if entries.supplement.is_some() {
            let message = "a second supplement for one integration";
            let problem = error("repeated-override", properties.path, message);
            self.reader
                .report(problem.found(integration).help("join the two"));
            return;
        }
        entries.supplement = Some(Supplement {
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

    fn add(&mut self, integration: &str, path: JsonPath, place: Place, correction: Correction) {
        let entry = Entry {
            path,
            place,
            correction,
        };
        let entries = &mut self.overrides.entries(integration).corrections;
        if entries.iter().any(|other| other.is_for_the_same(&entry)) {
            let message = "a second entry for the same place";
            let problem = error("repeated-override", entry.path, message);
            self.reader.report(
                problem
                    .found(entry.place.shown(integration))
                    .help("remove one"),
            );
            return;
        }
        entries.push(entry);
    }

    /// An error for each property that has none of these names.
    fn only(&mut self, properties: &Properties<'_>, names: &[&str]) {
        let known: Vec<&str> = COMMON.iter().chain(names).copied().collect();
        for (name, _) in &properties.entries {
            // Those of all entries are read already.
            if !known.contains(&name.as_ref()) {
                self.unknown(properties.path.key(name), name, &known);
            }
        }
    }

    fn unknown(&mut self, path: JsonPath, name: &str, known: &[&str]) {
        let message = format!("nothing here is called {:?}", bounded(name));
        let mut problem = error("unknown-property", path, message);
        problem = problem.expected(known.join(", "));
        problem.help =
            nearest(name, known.iter().copied()).map(|near| format!("is `{near}` meant?"));
        self.reader.report(problem);
    }
}

/// What makes a name unfit, and what would do.
fn flaw_of_name(name: &str, place: &Place) -> Option<(&'static str, &'static str)> {
    if !naming::is_identifier(name) {
        return Some((
            "a rename to what is no Rust identifier",
            "ASCII letters, digits and `_`, no keyword",
        ));
    }
    // What Rust warns of doesn't get into generated code.
    let is_camel = name.starts_with(|c: char| c.is_ascii_uppercase()) && !name.contains('_');
    let is_snake = !name.contains(|c: char| c.is_ascii_uppercase());
    let (fits, expected) = if place.names_a_type() {
        (is_camel, "UpperCamelCase for a value or a block")
    } else {
        (is_snake, "snake_case for a field or a module")
    };
    (!fits).then_some(("a rename against Rust's conventions", expected))
}

fn error(code: &'static str, path: JsonPath, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(code, path, message)
}
