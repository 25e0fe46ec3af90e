//! A manifest, its supplement and its overrides as one, with the place of each form variable.

use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, JsonPath, bounded};
use crate::manifest::{FormVariable, Manifest};
use crate::model;
use crate::overrides::{Correction, Corrections, Entry, TOP_LEVEL};

/// What is known of an integration.
pub(crate) struct Merged<'a> {
    pub(crate) key: &'a str,
    /// What has the integration's own facts, such as its name.
    pub(crate) facts: &'a Manifest,
    /// Where that is.
    pub(crate) path: JsonPath,
    /// The module's name, if an override has it.
    pub(crate) rename: Option<&'a str>,
    /// The names of all capabilities.
    pub(crate) capabilities: Vec<&'a str>,
    /// The form variables of the integration itself, then those of its capabilities.
    pub(crate) blocks: Vec<Block<'a>>,
    /// What comes from the supplement.
    pub(crate) supplement: Option<model::Supplement>,
}

/// A list of form variables.
pub(crate) struct Block<'a> {
    /// The capability that it belongs to; empty for the integration itself.
    pub(crate) capability: &'a str,
    pub(crate) name: &'a str,
    pub(crate) path: JsonPath,
    /// What the names of its types begin with, if an override has it.
    pub(crate) rename: Option<&'a str>,
    pub(crate) variables: Vec<Variable<'a>>,
}

/// A form variable, its place, and what overrides have for it.
pub(crate) struct Variable<'a> {
    pub(crate) path: JsonPath,
    pub(crate) variable: &'a FormVariable,
    pub(crate) supplement: bool,
    /// Whether it is secret although upstream doesn't say so.
    pub(crate) secret: bool,
    pub(crate) rename: Option<&'a str>,
    /// The names of listed values.
    pub(crate) values: HashMap<&'a str, &'a str>,
}

/// What the manifest and the overrides say together, and the problems of the overrides: entries that
/// match nothing, and what of a supplement the manifest has by now, which then counts.
pub(crate) fn merge<'a>(
    key: &'a str,
    manifest: &'a Manifest,
    corrections: Corrections<'a>,
) -> (Merged<'a>, Vec<Diagnostic>) {
    let mut merged = Merged::new(key, manifest, JsonPath::root());
    let mut problems = Vec::new();
    merged.add(manifest, None, &mut problems);
    if let Some(supplement) = corrections.supplement() {
        if supplement.is_whole() {
            let path = supplement.path.key("integration");
            problems.push(superseded(path, "a manifest of the integration"));
        } else {
            let known = merged.capabilities.len();
            merged.add(&supplement.manifest, Some(&supplement.path), &mut problems);
            merged.supplement = Some(model::Supplement {
                whole: false,
                capabilities: owned(&merged.capabilities[known..]),
                reason: supplement.reason.clone(),
                evidence: supplement.evidence.clone(),
            });
        }
    }
    problems.extend(merged.correct(corrections.entries()));
    corrections.locate(&mut problems);
    (merged, problems)
}

/// The same for an integration that has no manifest; without anything but problems if no supplement
/// is for one.
pub(crate) fn whole<'a>(
    key: &'a str,
    corrections: Corrections<'a>,
) -> (Option<Merged<'a>>, Vec<Diagnostic>) {
    let mut problems = Vec::new();
    let supplement = corrections.supplement();
    let mut merged = None;
    match supplement {
        Some(supplement) if supplement.is_whole() => {
            let mut whole = Merged::new(key, &supplement.manifest, supplement.path.clone());
            whole.add(&supplement.manifest, Some(&supplement.path), &mut problems);
            whole.supplement = Some(model::Supplement {
                whole: true,
                capabilities: owned(&whole.capabilities),
                reason: supplement.reason.clone(),
                evidence: supplement.evidence.clone(),
            });
            problems.extend(whole.correct(corrections.entries()));
            merged = Some(whole);
        }
        Some(supplement) => problems.push(
            Diagnostic::error(
                "unmatched-override",
                supplement.path.clone(),
                "a supplement adds to a manifest that isn't there",
            )
            .found(key)
            .help("remove it, or give it a `name` if LaunchDarkly still has the integration"),
        ),
        None => {}
    }
    if merged.is_none() {
        problems.extend(
            corrections
                .entries()
                .iter()
                .map(|entry| entry.unmatched(key)),
        );
    }
    corrections.locate(&mut problems);
    (merged, problems)
}

fn superseded(path: JsonPath, what: &str) -> Diagnostic {
    Diagnostic::error(
        "superseded-supplement",
        path,
        format!("upstream has {what} by now"),
    )
    .help("remove it here: what upstream has takes precedence")
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

impl<'a> Merged<'a> {
    fn new(key: &'a str, facts: &'a Manifest, path: JsonPath) -> Self {
        let top = Block::new("", TOP_LEVEL, path.key(TOP_LEVEL));
        Self {
            key,
            facts,
            path,
            rename: None,
            capabilities: Vec::new(),
            blocks: vec![top],
            supplement: None,
        }
    }

    /// Adds a manifest, or what a supplement at this path has beside it.
    fn add(
        &mut self,
        manifest: &'a Manifest,
        supplement: Option<&JsonPath>,
        problems: &mut Vec<Diagnostic>,
    ) {
        let root = supplement.cloned().unwrap_or_default();
        let is_supplement = supplement.is_some();
        for capability in &manifest.capabilities {
            let path = root.key("capabilities").key(&capability.name);
            // A manifest has each name once.
            if !is_supplement || !self.capabilities.contains(&capability.name.as_str()) {
                self.capabilities.push(&capability.name);
            } else if capability.blocks.is_empty() {
                problems.push(superseded(path.clone(), "this capability"));
            }
            for block in &capability.blocks {
                let path = path.key(&block.name);
                let same = |known: &Block<'_>| {
                    (known.capability, known.name) == (&*capability.name, &*block.name)
                };
                let known = if is_supplement {
                    self.blocks.iter().position(same)
                } else {
                    None
                };
                let place = known.unwrap_or(self.blocks.len());
                if known.is_none() {
                    let new = Block::new(&capability.name, &block.name, path.clone());
                    self.blocks.push(new);
                }
                self.blocks[place].add(&path, &block.variables, is_supplement, problems);
            }
        }
        let path = root.key(TOP_LEVEL);
        self.blocks[0].add(&path, &manifest.form_variables, is_supplement, problems);
    }

    /// Gives each entry to what it is for. The problems are those that are for nothing.
    fn correct(&mut self, entries: &'a [Entry]) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        for entry in entries {
            if self.apply(entry).is_none() {
                problems.push(entry.unmatched(self.key));
            }
        }
        problems
    }

    fn apply(&mut self, entry: &'a Entry) -> Option<()> {
        let place = &entry.place;
        let block = self
            .blocks
            .iter_mut()
            .find(|block| block.is(&place.block))?;
        match (&entry.correction, &place.field, &place.value) {
            (Correction::Name(name), None, None) if block.capability.is_empty() => {
                self.rename = Some(name);
            }
            (Correction::Name(name), None, None) => block.rename = Some(name),
            (correction, Some(field), value) => {
                let mut variables = block.variables.iter_mut();
                let variable = variables.find(|known| known.variable.key == *field)?;
                match (correction, value) {
                    (Correction::Secret, _) => variable.secret = true,
                    (Correction::Name(name), None) => variable.rename = Some(name),
                    (Correction::Name(name), Some(value)) => variable.name_value(value, name)?,
                }
            }
            (_, None, _) => return None,
        }
        Some(())
    }
}

impl<'a> Block<'a> {
    fn new(capability: &'a str, name: &'a str, path: JsonPath) -> Self {
        Self {
            capability,
            name,
            path,
            rename: None,
            variables: Vec::new(),
        }
    }

    /// Whether overrides call it so.
    fn is(&self, name: &str) -> bool {
        if self.capability.is_empty() {
            return self.name == name;
        }
        let block = name.strip_prefix(self.capability);
        block.and_then(|block| block.strip_prefix('.')) == Some(self.name)
    }

    fn add(
        &mut self,
        path: &JsonPath,
        variables: &'a [FormVariable],
        supplement: bool,
        problems: &mut Vec<Diagnostic>,
    ) {
        let known = self.variables.len();
        for variable in variables {
            let path = path.index(variable.position);
            let same = |other: &Variable<'_>| other.variable.key == variable.key;
            if supplement && self.variables[..known].iter().any(same) {
                let what = format!("the form variable {:?}", bounded(&variable.key));
                problems.push(superseded(path, &what));
                continue;
            }
            self.variables.push(Variable {
                path,
                variable,
                supplement,
                secret: false,
                rename: None,
                values: HashMap::new(),
            });
        }
    }
}

impl<'a> Variable<'a> {
    fn name_value(&mut self, value: &'a str, name: &'a str) -> Option<()> {
        let row = self.variable.kind.row();
        let listed = (row.listing.as_ref()?.values)(self.variable);
        listed.iter().find(|(listed, _)| *listed == value)?;
        self.values.insert(value, name);
        Some(())
    }
}
